// SPDX-License-Identifier: GPL-2.0
/* What the columns and the keys are. */

#include "screen.h"

static const char *const lines[] = {
	"pftop shows which processes have page faults, and what these cost them.",
	"",
	"MIN/s MAJ/s  minor and major faults/s   INV      refused: a signal, or EFAULT",
	"FAULT%       time in faults, in percent of one CPU (of wall time)",
	"TOP CAUSE    why most of them were      p50 p99  half, 99 % took at most this",
	"lost         counted, but not recorded or not listed",
	"missed       not taken by the hook      audited  ended threads whose counts",
	"                                                 were held against the kernel's",
	"",
	"F1 h ?       this help                  q        quit",
	"Enter        look into the process      Esc      back",
	"Tab 1 2 3 4  there: VMAs, code, pages, heatmap",
	"e            refused faults             Space    pause",
	"t            totals or rates            H        threads or processes",
	"< > F6       sort by column             R r      the other way round",
	"/            search                     \\        only these commands",
	"u            only this user             p        only these process ids",
	"c            command line or name       d        seconds between updates",
	"arrows, PgUp, PgDn, Home, End           move",
	"",
	"Press any key.",
};

#define NR_LINES	((int)(sizeof(lines) / sizeof(lines[0])))

static void *help_init(struct screen *screen)
{
	return screen;
}

static void help_show(struct screen *screen, void *private)
{
	int i;

	(void)screen;
	(void)private;
	for (i = 0; i < NR_LINES; i++)
		screen_put(i + 1, lines[i], A_NORMAL);
}

static enum pane_next help_key(struct screen *screen, void *private, int key)
{
	(void)screen;
	(void)private;
	return key == KEY_RESIZE ? PANE_DONE : PANE_LEAVE;
}

const struct pane help_pane = {
	.footer = "",
	.init = help_init,
	.show = help_show,
	.key = help_key,
};
