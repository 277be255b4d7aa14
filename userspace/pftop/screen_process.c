// SPDX-License-Identifier: GPL-2.0
/* Inside a process: its VMAs, its code, its pages, and a heatmap. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "feed.h"
#include "profile_rows.h"
#include "safe.h"
#include "screen.h"
#include "units.h"

#define TABLE_TOP	3
#define TAB_HEATMAP	PROFILE_KINDS
#define NR_TABS		(PROFILE_KINDS + 1)

static const char *const tab_names[NR_TABS] = {
	[PROFILE_VMAS] = "VMAs",
	[PROFILE_CODE] = "code",
	[PROFILE_PAGES] = "pages",
	[TAB_HEATMAP] = "heatmap",
};

/**
 * struct process - the pane
 * @pid: the process
 * @name: its name, as it was when it was seen last
 * @feed: its records
 * @tab: which of the tables is seen, or TAB_HEATMAP
 * @rows: that table
 * @scroll: where we are in it
 * @sort: what each table is sorted by, NULL for the usual column
 * @compose: its columns
 * @text: of the row that is being written
 */
struct process {
	uint32_t pid;
	char name[24];
	struct feed feed;
	unsigned int tab;
	struct profile_rows rows;
	struct scroll scroll;
	const struct column *sort[PROFILE_KINDS];
	struct compose compose;
	struct profile_text text;
};

static void process_fini(void *private)
{
	struct process *process = private;

	profile_rows_fini(&process->rows);
	feed_fini(&process->feed);
	free(process);
}

static void *process_init(struct screen *screen)
{
	struct profile_options options = { .pid = screen->pid };
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		return NULL;
	process->pid = screen->pid;
	if (!feed_open(&process->feed, screen->view->model->root, &options)) {
		process_fini(process);
		return NULL;
	}
	return process;
}

static bool select_rows(struct process *process)
{
	if (process->tab == TAB_HEATMAP)
		return true;
	process->rows.kind = process->tab;
	process->rows.sort = process->sort[process->tab];
	return profile_rows_select(&process->rows, &process->feed.profile);
}

static bool process_update(struct screen *screen, void *private)
{
	struct process *process = private;

	feed_update(&process->feed, screen_budget_ns(screen));
	return select_rows(process);
}

static unsigned int table_lines(void)
{
	return LINES > TABLE_TOP + 1 ? (unsigned int)(LINES - TABLE_TOP - 1) : 1;
}

static struct model_row *find_row(const struct model *model, uint32_t pid)
{
	unsigned int i;

	for (i = 0; i < model->nr_rows; i++)
		if (model->rows[i].row.pid == pid)
			return &model->rows[i];
	return NULL;
}

/* Its name, as it was when it was seen last; where it has ended long ago, in a record. */
static void update_name(struct process *process, const struct model_row *row)
{
	const struct hashtab *code = &process->feed.profile.code;
	const struct profile_code *any;

	if (row) {
		(void)snprintf(process->name, sizeof(process->name), "%s", row->row.comm);
	} else if (!*process->name && code->count) {
		any = hashtab_row(code, 0);
		(void)snprintf(process->name, sizeof(process->name), "%s", any->comm);
	}
}

/* Who it is, and what the counters say of it since load. */
static void show_who(struct screen *screen, struct process *process)
{
	struct model_row *row = find_row(screen->view->model, process->pid);
	char text[COMPOSE_LINE] = "", name[128];
	struct append line = { text, sizeof(text), 0 };

	update_name(process, row);
	(void)safe_text(name, sizeof(name), process->name, screen->utf8);
	append(&line, "%s[%u]", name, process->pid);
	if (!row)
		append(&line, " is gone");
	else if (row->exited)
		append(&line, " (exited)");
	if (row && !row->row.tid)
		append(&line, "   minor %" PRIu64 "  major %" PRIu64 "  invalid %" PRIu64,
		       row->row.count[PFT_MINOR], row->row.count[PFT_MAJOR],
		       row->row.count[PFT_INVALID]);
	if (row && row->has_rate && !row->exited)
		append(&line, "   %.1f%% of one CPU in faults", row->fault_percent);
	screen_put(0, text, A_BOLD);
}

static void add_dropped(struct append *line, const struct process *process)
{
	const struct profile *profile = &process->feed.profile;
	const uint64_t dropped[NR_TABS] = {
		profile->dropped_vmas, profile->dropped_code, profile->dropped_pages,
		profile->heat.dropped,
	};

	if (dropped[process->tab])
		append(line, ", %" PRIu64 " not shown: no room", dropped[process->tab]);
	if (profile->dropped_unknown)
		append(line, ", %" PRIu64 " of a later ABI", profile->dropped_unknown);
}

/* The tabs, and on how many records the tables rest. */
static void show_tabs(struct process *process)
{
	const struct feed *feed = &process->feed;
	struct append line = { .size = COMPOSE_LINE };
	unsigned int i, from[NR_TABS + 1];
	char text[COMPOSE_LINE] = "", error[512];

	line.to = text;
	for (i = 0; i < NR_TABS; i++) {
		from[i] = (unsigned int)line.used;
		append(&line, " %u %s ", i + 1, tab_names[i]);
	}
	from[i] = (unsigned int)line.used;
	if (feed->error.code) {
		pft_error_message(&feed->error, error, sizeof(error));
		append(&line, "  %s", error);
	} else {
		append(&line, "  %" PRIu64 " fault%s read%s", feed->profile.records,
		       units_s(feed->profile.records), feed->behind ? ", more to come" : "");
		if (feed->lost)
			append(&line, ", %" PRIu64 " record%s lost", feed->lost, units_s(feed->lost));
		add_dropped(&line, process);
	}
	screen_put(1, text, A_NORMAL);
	if (LINES > 1 && (unsigned int)COLS > from[process->tab])
		(void)mvchgat(1, (int)from[process->tab],
			      (int)(from[process->tab + 1] - from[process->tab]),
			      A_REVERSE | A_BOLD, 0, NULL);
}

static void set_columns(const struct screen *screen, struct process *process)
{
	const struct column *list[COLUMNS_MAX];
	unsigned int count;

	count = profile_rows_columns(process->tab, SHOW_RATES, list);
	compose_table(&process->compose, COLS > 0 ? (unsigned int)COLS : 80, screen->utf8, list,
		      count);
}

static attr_t row_color(const struct screen *screen, const struct profile_row *row)
{
	const uint64_t *count;

	if (row->kind == PROFILE_VMAS)
		count = row->vma->count;
	else
		count = row->kind == PROFILE_CODE ? row->code->count : row->page->count;
	if (count[PFT_INVALID])
		return screen_class_color(screen, PFT_INVALID);
	return screen_class_color(screen, count[PFT_MAJOR] ? PFT_MAJOR : PFT_MINOR);
}

/* Of a path that has no room, the end tells more than the beginning. */
static void shorten_name(struct process *process)
{
	char *name = process->text.name, *last = strrchr(name, '/');

	if (process->tab != PROFILE_CODE && last && last[1] &&
	    strlen(name) > compose_room(&process->compose))
		memmove(name, last + 1, strlen(last + 1) + 1);
}

static void show_table(struct screen *screen, struct process *process)
{
	struct profile_rows *rows = &process->rows;
	struct scroll *scroll = &process->scroll;
	unsigned int i, lines = table_lines();
	struct profile_row *row;
	char line[COMPOSE_LINE];
	int y;

	set_columns(screen, process);
	screen_put_titles(&process->compose, TABLE_TOP - 1, profile_rows_sort(rows));
	scroll_to(scroll, rows->count, lines);
	screen->names.profile = &process->feed.profile;
	for (i = scroll->top; i < rows->count && i < scroll->top + lines; i++) {
		y = TABLE_TOP + (int)(i - scroll->top);
		row = &rows->row[i];
		profile_row_fill(row, &process->text, &screen->paths, &screen->names);
		shorten_name(process);
		compose_line(&process->compose, row, 0, line);
		row->text = NULL;
		screen_put(y, line, row_color(screen, row));
		if (i == scroll->selected)
			(void)mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
	}
	screen->names.profile = NULL;
}

static void process_show(struct screen *screen, void *private)
{
	struct process *process = private;

	show_who(screen, process);
	show_tabs(process);
	if (process->tab == TAB_HEATMAP)
		screen_heat_show(screen, &process->feed.profile, TABLE_TOP - 1);
	else
		show_table(screen, process);
}

static enum pane_next go_to(struct screen *screen, struct process *process, unsigned int tab)
{
	process->tab = tab;
	process->scroll = (struct scroll){ 0 };
	if (!select_rows(process))
		screen->failed = true;
	return PANE_DONE;
}

static enum pane_next sort_by(struct screen *screen, struct process *process, int step)
{
	if (process->tab != TAB_HEATMAP) {
		process->sort[process->tab] =
			screen_next_sort(&process->compose, profile_rows_sort(&process->rows),
					 step);
		if (!select_rows(process))
			screen->failed = true;
	}
	return PANE_DONE;
}

static enum pane_next process_key(struct screen *screen, void *private, int key)
{
	struct process *process = private;

	switch (key) {
	case '\t':
		return go_to(screen, process, (process->tab + 1) % NR_TABS);
	case KEY_BTAB:
		return go_to(screen, process, (process->tab + NR_TABS - 1) % NR_TABS);
	case '1':
	case '2':
	case '3':
	case '4':
		return go_to(screen, process, (unsigned int)key - '1');
	case '<':
		return sort_by(screen, process, -1);
	case '>':
	case KEY_F(6):
		return sort_by(screen, process, 1);
	case 'r':
	case 'R':
		process->rows.reverse = !process->rows.reverse;
		return sort_by(screen, process, 0);
	default:
		break;
	}
	if (process->tab == TAB_HEATMAP)
		return PANE_UNKNOWN;
	return scroll_key(&process->scroll, key, process->rows.count, table_lines()) ?
	       PANE_DONE : PANE_UNKNOWN;
}

const struct pane process_pane = {
	.footer = "Tab 1-4 tables  F6 sort  R reverse  e refused  Esc back  F1 help  q quit",
	.init = process_init,
	.update = process_update,
	.show = process_show,
	.key = process_key,
	.fini = process_fini,
};
