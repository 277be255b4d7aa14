// SPDX-License-Identifier: GPL-2.0
/* The columns of the process table: one table of data for all its outputs. */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "column.h"
#include "model.h"

#define GETTER(name)	static struct cell get_##name(const void *item)
#define ROW		(*(const struct model_row *)item)

GETTER(time) { return cell_real(ROW.model->moment.wall_s); }
GETTER(interval) { return cell_real(ROW.model->interval_s); }
GETTER(pid) { return cell_uint(ROW.row.pid); }
GETTER(tid) { return ROW.row.tid ? cell_uint(ROW.row.tid) : cell_none(); }
GETTER(ppid) { return ROW.row.tid ? cell_none() : cell_uint(ROW.row.ppid); }
GETTER(user) { return ROW.user ? cell_text(ROW.user) : cell_none(); }
GETTER(minor) { return cell_uint(ROW.row.count[PFT_MINOR]); }
GETTER(major) { return cell_uint(ROW.row.count[PFT_MAJOR]); }
GETTER(invalid) { return cell_uint(ROW.row.count[PFT_INVALID]); }
GETTER(retries) { return cell_uint(ROW.row.retries); }
GETTER(minor_ns) { return cell_uint(ROW.row.ns[PFT_MINOR]); }
GETTER(major_ns) { return cell_uint(ROW.row.ns[PFT_MAJOR]); }
GETTER(last_addr) { return cell_hex(ROW.row.last_addr); }
GETTER(state) { return cell_text(ROW.exited ? "exited" : "alive"); }
GETTER(comm) { return cell_text(ROW.row.comm); }
GETTER(command) { return cell_text(ROW.command ? ROW.command : ROW.row.comm); }

static struct cell rate(const struct model_row *row, enum pft_class class)
{
	return row->has_rate ? cell_size(row->rate[class]) : cell_none();
}

GETTER(minor_rate) { return rate(&ROW, PFT_MINOR); }
GETTER(major_rate) { return rate(&ROW, PFT_MAJOR); }
GETTER(invalid_rate) { return rate(&ROW, PFT_INVALID); }

static struct cell top_text(const struct model_top *top)
{
	return top->percent > 0 ? cell_text(top->text) : cell_none();
}

GETTER(top) { return top_text(&ROW.top); }
GETTER(top_total) { return top_text(&ROW.top_total); }

GETTER(top_name)
{
	return ROW.top.percent > 0 ? cell_text(pft_cause_name(ROW.top.cause)) : cell_none();
}

GETTER(top_percent)
{
	return ROW.top.percent > 0 ? cell_real(ROW.top.percent) : cell_none();
}

#define X(id, name, meaning) \
	static struct cell get_##id(const void *item) \
	{ \
		return ROW.has_causes ? cell_uint(ROW.row.cause[id]) : cell_none(); \
	}
PFT_CAUSES(X)
#undef X

GETTER(percent) { return ROW.has_rate ? cell_real(ROW.fault_percent) : cell_none(); }
GETTER(p99) { return ROW.has_p99 ? cell_time(ROW.p99_ns) : cell_none(); }
GETTER(p99_ns) { return ROW.has_p99 ? cell_uint(ROW.p99_ns) : cell_none(); }
GETTER(seconds) { return cell_real((double)(ROW.row.ns[0] + ROW.row.ns[1]) / 1e9); }

#define PEOPLE	(SHOW_RATES | SHOW_TOTALS)

const struct column process_columns[] = {
	{ "time", "", 0, false, 3, SHOW_FRAME, get_time },
	{ "interval_s", "", 0, false, 3, SHOW_FRAME, get_interval },
	{ "pid", "PID", 7, false, 0, PEOPLE | SHOW_DATA, get_pid },
	{ "tid", "TID", 7, false, 0, PEOPLE | SHOW_DATA | SHOW_THREADS, get_tid },
	{ "ppid", "PPID", 7, false, 0, SHOW_DATA, get_ppid },
	{ "user", "USER", 8, true, 0, PEOPLE | SHOW_DATA, get_user },
	{ "minor_per_s", "MIN/s", 6, false, 1, SHOW_RATES | SHOW_DATA, get_minor_rate },
	{ "major_per_s", "MAJ/s", 6, false, 1, SHOW_RATES | SHOW_DATA, get_major_rate },
	{ "invalid_per_s", "INV/s", 6, false, 1, SHOW_DATA, get_invalid_rate },
	{ "minor", "MINOR", 10, false, 0, SHOW_TOTALS | SHOW_DATA, get_minor },
	{ "major", "MAJOR", 8, false, 0, SHOW_TOTALS | SHOW_DATA, get_major },
	{ "invalid", "INV", 5, false, 0, PEOPLE | SHOW_DATA, get_invalid },
	{ "retries", "RETRY", 7, false, 0, SHOW_TOTALS | SHOW_DATA, get_retries },
	{ "fault_percent", "FAULT%", 6, false, 1, SHOW_RATES | SHOW_DATA, get_percent },
	{ "fault_s", "TIME", 9, false, 3, SHOW_TOTALS, get_seconds },
	{ "minor_ns", "MINOR_NS", 12, false, 0, SHOW_DATA, get_minor_ns },
	{ "major_ns", "MAJOR_NS", 12, false, 0, SHOW_DATA, get_major_ns },
	{ "p99", "P99", 7, false, 0, SHOW_RATES | SHOW_WIDE, get_p99 },
	{ "p99_ns", "", 0, false, 0, SHOW_DATA, get_p99_ns },
	{ "top", "TOP CAUSE", 14, true, 0, SHOW_RATES | SHOW_WIDE, get_top },
	{ "top_total", "TOP CAUSE", 14, true, 0, SHOW_TOTALS | SHOW_WIDE, get_top_total },
	{ "top_cause", "", 0, true, 0, SHOW_DATA, get_top_name },
	{ "top_cause_percent", "", 0, false, 0, SHOW_DATA, get_top_percent },
	{ "last_addr", "LAST_ADDR", 18, false, 0, SHOW_DATA, get_last_addr },
#define X(id, name, meaning) { "cause_" name, name, 10, false, 0, SHOW_DATA, get_##id },
	PFT_CAUSES(X)
#undef X
	{ "state", "STATE", 6, true, 0, SHOW_DATA, get_state },
	{ "comm", "COMM", 15, true, 0, SHOW_DATA, get_comm },
	{ "command", "COMMAND", 0, true, 0, PEOPLE | SHOW_DATA, get_command },
};

const unsigned int nr_process_columns = sizeof(process_columns) / sizeof(process_columns[0]);

_Static_assert(sizeof(process_columns) / sizeof(process_columns[0]) <= COLUMNS_MAX,
	       "COLUMNS_MAX holds all columns");

/**
 * column_find - look a column of the process table up
 * @name: its key or its title, in any case of letters
 *
 * Return: the column, or NULL.
 */
const struct column *column_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_process_columns; i++) {
		const struct column *column = &process_columns[i];

		if (column->show & SHOW_FRAME)
			continue;
		if (!strcasecmp(column->key, name) ||
		    (*column->title && !strcasecmp(column->title, name)))
			return column;
	}
	return NULL;
}

/**
 * column_show - choose columns of any table
 * @table: its columns
 * @count: of them
 * @show: SHOW_*; a column is taken that has one of these bits
 * @list: where to put them, COLUMNS_MAX
 *
 * Return: how many.
 */
unsigned int column_show(const struct column *table, unsigned int count, unsigned int show,
			 const struct column **list)
{
	unsigned int i, chosen = 0;

	for (i = 0; i < count; i++)
		if (table[i].show & show)
			list[chosen++] = &table[i];
	return chosen;
}

/**
 * column_select - choose the columns of one table
 * @show: SHOW_*; a column is taken that has one of these bits
 * @threads: it is a table of threads
 * @list: where to put them, COLUMNS_MAX
 *
 * Return: how many.
 */
unsigned int column_select(unsigned int show, bool threads, const struct column **list)
{
	unsigned int i, count = 0;

	for (i = 0; i < nr_process_columns; i++) {
		if (!(process_columns[i].show & show))
			continue;
		if (process_columns[i].show & SHOW_THREADS && !threads)
			continue;
		list[count++] = &process_columns[i];
	}
	return count;
}

/**
 * column_parse - read a list of columns
 * @names: keys or titles, with commas between
 * @list: where to put them, COLUMNS_MAX
 * @bad: where to put the one that is not known, or has no title
 * @size: bytes there
 *
 * Return: how many, 0 where one is not known.
 */
unsigned int column_parse(const char *names, const struct column **list, char *bad, size_t size)
{
	unsigned int count = 0;
	size_t length;

	for (;;) {
		length = strcspn(names, ",");
		(void)snprintf(bad, size, "%.*s", (int)length, names);
		if (length >= size || count == COLUMNS_MAX)
			return 0;
		list[count] = column_find(bad);
		if (!list[count] || !*list[count]->title)
			return 0;
		count++;
		if (!names[length])
			return count;
		names += length + 1;
	}
}

static double number(const struct cell *cell)
{
	if (cell->type == CELL_NONE)
		return -1;
	return cell->type == CELL_REAL || cell->type == CELL_SIZE ? cell->real :
								    (double)cell->number;
}

/**
 * column_compare - order of two rows
 * @column: by this column
 * @a: a row
 * @b: another row
 *
 * Return: as strcmp(): names rise, numbers fall.
 */
int column_compare(const struct column *column, const void *a, const void *b)
{
	struct cell x = column->get(a), y = column->get(b);
	double m, n;

	if (x.type == CELL_TEXT || y.type == CELL_TEXT)
		return strcmp(x.type == CELL_TEXT ? x.text : "", y.type == CELL_TEXT ? y.text : "");
	if (x.type == y.type && (x.type == CELL_UINT || x.type == CELL_HEX || x.type == CELL_TIME))
		return (y.number > x.number) - (y.number < x.number);
	m = number(&x);
	n = number(&y);
	return (n > m) - (n < m);
}

/**
 * column_is_text - does it hold names?
 * @column: a column
 *
 * Return: true for names.
 */
bool column_is_text(const struct column *column)
{
	return column->left;
}
