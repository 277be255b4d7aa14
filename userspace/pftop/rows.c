// SPDX-License-Identifier: GPL-2.0
/* Which rows of the model are shown, and in which order. */

#include <stdlib.h>
#include <string.h>

#include "rows.h"

/**
 * rows_init - nothing selected yet
 * @rows: to be filled
 * @options: filters and order from the command line; must stay
 */
void rows_init(struct rows *rows, const struct options *options)
{
	memset(rows, 0, sizeof(*rows));
	rows->options = options;
	rows->sort = options->sort ? column_find(options->sort) : NULL;
	rows->totals = options->totals;
	rows->reverse = options->reverse;
}

/**
 * rows_fini - give its memory back
 * @rows: from rows_init()
 */
void rows_fini(struct rows *rows)
{
	free(rows->list);
	rows->list = NULL;
}

/**
 * rows_sort - the column that rows are sorted by
 * @rows: from rows_init()
 *
 * Return: what the user chose, else time in faults.
 */
const struct column *rows_sort(const struct rows *rows)
{
	if (rows->sort)
		return rows->sort;
	return column_find(rows->totals ? "fault_s" : "fault_percent");
}

static bool wanted(const struct rows *rows, const struct model_row *row)
{
	if (!options_wants(rows->options, row->row.pid, row->row.comm))
		return false;
	if (*rows->user && (!row->user || strcmp(row->user, rows->user) != 0))
		return false;
	return !*rows->text || strstr(row->row.comm, rows->text) ||
	       (row->command && strstr(row->command, rows->text));
}

/**
 * struct order - how to sort
 * @column: by this one; looking it up by name for each comparison would cost
 *	more than all else of an update
 * @reverse: the other way round
 */
struct order {
	const struct column *column;
	bool reverse;
};

static int compare(const void *a, const void *b, void *arg)
{
	const struct model_row *x = *(struct model_row *const *)a;
	const struct model_row *y = *(struct model_row *const *)b;
	const struct order *order = arg;
	int result;

	result = column_compare(order->column, x, y);
	if (order->reverse)
		result = -result;
	if (result)
		return result;
	/* An order that does not depend on the kernel's: rows must not jump. */
	if (x->row.count[PFT_MINOR] != y->row.count[PFT_MINOR])
		return x->row.count[PFT_MINOR] < y->row.count[PFT_MINOR] ? 1 : -1;
	if (x->row.pid != y->row.pid)
		return x->row.pid < y->row.pid ? -1 : 1;
	return (x->row.tid > y->row.tid) - (x->row.tid < y->row.tid);
}

/**
 * rows_select - choose and sort
 * @rows: from rows_init()
 * @model: with a snapshot; the list points into it until the next one
 *
 * Return: false where memory ran out.
 */
bool rows_select(struct rows *rows, struct model *model)
{
	struct order order = { rows_sort(rows), rows->reverse };
	struct model_row **list, *row;
	bool names;
	unsigned int i;

	if (rows->room < model->nr_rows) {
		list = realloc(rows->list, model->nr_rows * sizeof(*list));
		if (!list)
			return false;
		rows->list = list;
		rows->room = model->nr_rows;
	}
	/* Names cost system calls: ask for all only where they decide. */
	names = *rows->user || *rows->text || !strcmp(order.column->key, "user") ||
		!strcmp(order.column->key, "command");
	rows->count = 0;
	for (i = 0; i < model->nr_rows; i++) {
		row = &model->rows[i];
		if (names)
			model_name(model, row);
		if (wanted(rows, row))
			rows->list[rows->count++] = row;
	}
	if (rows->count)
		qsort_r(rows->list, rows->count, sizeof(*rows->list), compare, &order);
	return true;
}
