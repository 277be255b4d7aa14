// SPDX-License-Identifier: GPL-2.0
/* The refused faults, the newest first, each as a small crash report. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "crash.h"
#include "feed.h"
#include "screen.h"
#include "units.h"

#define TOP		1
#define LINES_EACH	(CRASH_LINES + 1)

/**
 * struct refused - the pane
 * @feed: the records
 * @scroll: which of the reports is selected
 * @list: those that the filters let through: their numbers
 * @count: of them
 * @crash: the one that is being written
 */
struct refused {
	struct feed feed;
	struct scroll scroll;
	unsigned int *list;
	unsigned int count;
	struct crash crash;
};

static void refused_fini(void *private)
{
	struct refused *refused = private;

	feed_fini(&refused->feed);
	free(refused->list);
	free(refused);
}

static void *refused_init(struct screen *screen)
{
	const struct profile_options options = { .only_refused = true };
	struct refused *refused = calloc(1, sizeof(*refused));

	if (!refused)
		return NULL;
	if (feed_open(&refused->feed, screen->view->model->root, &options))
		refused->list = calloc(refused->feed.profile.options.refused,
				       sizeof(*refused->list));
	if (!refused->list) {
		refused_fini(refused);
		return NULL;
	}
	return refused;
}

static void select_reports(const struct screen *screen, struct refused *refused)
{
	const struct profile *profile = &refused->feed.profile;
	const struct pft_record *record;
	unsigned int i;

	refused->count = 0;
	for (i = 0; i < profile->nr_refused; i++) {
		record = profile_refused(profile, i);
		if (options_wants(screen->view->options, record->tgid, record->comm))
			refused->list[refused->count++] = i;
	}
}

static bool refused_update(struct screen *screen, void *private)
{
	struct refused *refused = private;

	feed_update(&refused->feed, screen_budget_ns(screen));
	return true;
}

static unsigned int reports_seen(void)
{
	int lines = LINES - TOP - 1;

	return lines > LINES_EACH ? (unsigned int)(lines / LINES_EACH) : 1;
}

static void show_head(const struct refused *refused)
{
	const struct feed *feed = &refused->feed;
	char text[COMPOSE_LINE] = "", error[512];
	struct append line = { text, sizeof(text), 0 };

	append(&line, "refused faults, newest first: %u", refused->count);
	if (feed->error.code) {
		pft_error_message(&feed->error, error, sizeof(error));
		append(&line, "   %s", error);
	} else {
		append(&line, "   %" PRIu64 " fault%s read%s", feed->profile.records,
		       units_s(feed->profile.records), feed->behind ? ", more to come" : "");
		if (feed->lost)
			append(&line, ", %" PRIu64 " record%s lost", feed->lost, units_s(feed->lost));
		if (feed->profile.dropped_refused)
			append(&line, ", %" PRIu64 " older ones forgotten",
			       feed->profile.dropped_refused);
	}
	screen_put(0, text, A_BOLD);
}

static void refused_show(struct screen *screen, void *private)
{
	struct refused *refused = private;
	const struct profile *profile = &refused->feed.profile;
	unsigned int i, j;
	int y = TOP;

	select_reports(screen, refused);
	show_head(refused);
	scroll_to(&refused->scroll, refused->count, reports_seen());
	for (i = refused->scroll.top;
	     i < refused->count && i < refused->scroll.top + reports_seen(); i++) {
		crash_compose(&refused->crash, profile_refused(profile, refused->list[i]),
			      &screen->paths, &screen->names, screen->utf8);
		for (j = 0; j < CRASH_LINES && y < LINES - 1; j++, y++)
			screen_put(y, refused->crash.line[j], j ? A_NORMAL :
				   A_BOLD | screen_class_color(screen, PFT_INVALID));
		if (i == refused->scroll.selected)
			(void)mvchgat(y - (int)j, 0, -1, A_REVERSE, 0, NULL);
		y++;
	}
	if (!refused->count)
		screen_put(TOP + 1, "None that the rings still hold.", A_NORMAL);
}

static enum pane_next refused_key(struct screen *screen, void *private, int key)
{
	struct refused *refused = private;
	const struct profile *profile = &refused->feed.profile;

	switch (key) {
	case 'e':
		return PANE_LEAVE;
	case '\r':
	case '\n':
	case KEY_ENTER:
		if (refused->scroll.selected < refused->count) {
			screen->pid = profile_refused(profile,
				refused->list[refused->scroll.selected])->tgid;
			screen_open(screen, &process_pane);
		}
		return PANE_DONE;
	default:
		return scroll_key(&refused->scroll, key, refused->count, reports_seen()) ?
		       PANE_DONE : PANE_UNKNOWN;
	}
}

const struct pane refused_pane = {
	.footer = "arrows PgUp PgDn  p pids  Enter into the process  Esc back  F1 help  q quit",
	.init = refused_init,
	.update = refused_update,
	.show = refused_show,
	.key = refused_key,
	.fini = refused_fini,
};
