// SPDX-License-Identifier: GPL-2.0
/* The table of processes or threads. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "safe.h"
#include "screen.h"

#define TABLE_TOP	(COMPOSE_HEADER + 1)

struct list {
	struct scroll scroll;
	struct compose compose;
};

static unsigned int table_lines(void)
{
	return LINES > TABLE_TOP + 1 ? (unsigned int)(LINES - TABLE_TOP - 1) : 1;
}

/* Command lines are what one knows a program by; names are what the kernel does. */
static void swap_command(struct compose *compose)
{
	const struct column *command = column_find("command"), *comm = column_find("comm");
	unsigned int i;

	for (i = 0; i < compose->count; i++)
		if (compose->columns[i] == command)
			compose->columns[i] = comm;
}

static void set_columns(const struct screen *screen, struct compose *compose)
{
	const struct view *view = screen->view;

	compose_init(compose, COLS > 0 ? (unsigned int)COLS : 80, screen->utf8,
		     view->rows.totals, view->options->threads);
	if (view->options->columns)
		compose_choose(compose, view->options->columns);
	if (screen->comm)
		swap_command(compose);
}

static void *list_init(struct screen *screen)
{
	struct list *list = calloc(1, sizeof(*list));

	if (list)
		set_columns(screen, &list->compose);
	return list;
}

static bool list_update(struct screen *screen, void *private)
{
	(void)private;
	return rows_select(&screen->view->rows, screen->view->model);
}

static void show_row(struct screen *screen, struct list *list, unsigned int index)
{
	struct model_row *row = screen->view->rows.list[index];
	int y = TABLE_TOP + (int)(index - list->scroll.top);
	char line[COMPOSE_LINE];
	attr_t attributes;

	model_name(screen->view->model, row);
	compose_row(&list->compose, row, line);
	attributes = row->exited ? A_DIM : A_NORMAL;
	if (row->row.count[PFT_INVALID])
		attributes |= screen_class_color(screen, PFT_INVALID);
	else if (row->delta[PFT_MAJOR])
		attributes |= screen_class_color(screen, PFT_MAJOR);
	screen_put(y, line, attributes);
	if (index == list->scroll.selected)
		(void)mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
}

static void list_show(struct screen *screen, void *private)
{
	char lines[COMPOSE_HEADER][COMPOSE_LINE];
	struct list *list = private;
	const struct rows *rows = &screen->view->rows;
	unsigned int i;

	set_columns(screen, &list->compose);
	compose_header(&list->compose, screen->view->model, lines);
	for (i = 0; i < COMPOSE_HEADER; i++)
		screen_put((int)i, lines[i], A_BOLD);
	screen_put_titles(&list->compose, COMPOSE_HEADER, rows_sort(rows));
	scroll_to(&list->scroll, rows->count, table_lines());
	for (i = list->scroll.top; i < rows->count && i < list->scroll.top + table_lines(); i++)
		show_row(screen, list, i);
}

static void search(struct screen *screen, void *private, const char *text)
{
	struct view *view = screen->view;
	unsigned int i, at, count = view->rows.count;
	struct list *list = private;
	struct model_row *row;

	for (i = 1; i <= count && *text; i++) {
		at = (list->scroll.selected + i) % count;
		row = view->rows.list[at];
		model_name(view->model, row);
		if (strstr(row->row.comm, text) || (row->command && strstr(row->command, text))) {
			list->scroll.selected = at;
			return;
		}
	}
	if (*text)
		(void)snprintf(screen->note, sizeof(screen->note), "not found: %s", text);
}

static void set_text(struct screen *screen, void *private, const char *text)
{
	struct rows *rows = &screen->view->rows;

	(void)private;
	(void)snprintf(rows->text, sizeof(rows->text), "%s", text);
}

static void set_user(struct screen *screen, void *private, const char *text)
{
	struct rows *rows = &screen->view->rows;

	(void)private;
	(void)snprintf(rows->user, sizeof(rows->user), "%.31s", text);
}

static enum pane_next look_into(struct screen *screen, const struct list *list)
{
	const struct rows *rows = &screen->view->rows;

	if (list->scroll.selected < rows->count) {
		screen->pid = rows->list[list->scroll.selected]->row.pid;
		screen_open(screen, &process_pane);
	}
	return PANE_DONE;
}

/* A recording need not have all files of the directory. */
static enum pane_next turn_threads(struct screen *screen)
{
	struct view *view = screen->view;
	struct pft_table table = { 0 };
	struct pft_error error;
	bool ok;

	ok = view->options->threads ||
	     pft_table_read(view->root, PFT_THREADS, &table, &error);
	pft_table_free(&table);
	if (!ok && pft_error_is_missing(&error)) {
		(void)snprintf(screen->note, sizeof(screen->note), "there is no table of threads");
		return PANE_DONE;
	}
	view->options->threads = !view->options->threads;
	view->model->threads = view->options->threads;
	return PANE_UPDATE;
}

static enum pane_next list_key(struct screen *screen, void *private, int key)
{
	struct view *view = screen->view;
	struct list *list = private;

	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		return look_into(screen, list);
	case 't':
		view->rows.totals = !view->rows.totals;
		break;
	case 'H':
		return turn_threads(screen);
	case 'c':
		screen->comm = !screen->comm;
		break;
	case '<':
		view->rows.sort = screen_next_sort(&list->compose, rows_sort(&view->rows), -1);
		break;
	case '>':
	case KEY_F(6):
		view->rows.sort = screen_next_sort(&list->compose, rows_sort(&view->rows), 1);
		break;
	case 'r':
	case 'R':
		view->rows.reverse = !view->rows.reverse;
		break;
	case '/':
		screen_ask(screen, "search: ", search);
		break;
	case '\\':
		screen_ask(screen, "only commands with (empty for all): ", set_text);
		break;
	case 'u':
		screen_ask(screen, "only of user (empty for all): ", set_user);
		break;
	default:
		return scroll_key(&list->scroll, key, view->rows.count, table_lines()) ?
		       PANE_DONE : PANE_UNKNOWN;
	}
	return PANE_DONE;
}

const struct pane list_pane = {
	.footer = "F1 help  F6 sort  t totals  H threads  / search  Enter into  e refused  q quit",
	.init = list_init,
	.update = list_update,
	.show = list_show,
	.key = list_key,
	.fini = free,
};
