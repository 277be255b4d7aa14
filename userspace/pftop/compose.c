// SPDX-License-Identifier: GPL-2.0
/*
 * The lines that people see, as text. The screen only puts them on the terminal
 * and batch only writes them, so both can be tested without one.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "compose.h"
#include "output.h"
#include "safe.h"
#include "append.h"
#include "units.h"

/* The right part of the header: a name, a rate and a curve. */
#define RIGHT_MIN	30

/* What the last column, the command, needs at least. */
#define COMMAND_MIN	12

static unsigned int width_of(const struct compose *compose)
{
	unsigned int i, sum = 0;

	for (i = 0; i < compose->count; i++)
		sum += compose->columns[i]->width + 1U;
	return sum;
}

/* Drops the first column that may go; false where there is none. */
static bool drop_wide(struct compose *compose)
{
	unsigned int i;

	for (i = 0; i < compose->count; i++)
		if (compose->columns[i]->show & SHOW_WIDE)
			break;
	if (i == compose->count)
		return false;
	compose->count--;
	memmove(&compose->columns[i], &compose->columns[i + 1],
		(compose->count - i) * sizeof(*compose->columns));
	return true;
}

/**
 * compose_init - choose columns
 * @compose: to be filled
 * @width: columns of the terminal, 0 for no limit
 * @utf8: the terminal takes UTF-8
 * @totals: totals, not rates
 * @threads: of threads
 */
void compose_init(struct compose *compose, unsigned int width, bool utf8, bool totals,
		  bool threads)
{
	compose->width = width;
	compose->utf8 = utf8;
	compose->count = column_select(totals ? SHOW_TOTALS : SHOW_RATES, threads,
				       compose->columns);
	/* On a narrow terminal the command needs the room more. */
	while (width && width_of(compose) + COMMAND_MIN > width && drop_wide(compose))
		;
}

/**
 * compose_choose - show these columns instead
 * @compose: from compose_init()
 * @names: as column_parse() takes them
 */
void compose_choose(struct compose *compose, const char *names)
{
	char bad[64];

	compose->count = column_parse(names, compose->columns, bad, sizeof(bad));
}

static void add_rate(struct append *line, double rate)
{
	static const struct column plain = { .decimals = 1 };
	struct cell cell = cell_size(rate);
	char text[32];

	text_value(text, sizeof(text), &plain, &cell, 0, false);
	append(line, "%7s/s ", text);
}

/* The newest @room rates; the highest of them is as high as it goes. */
static void add_curve(struct append *line, const double *history, unsigned int count,
		      unsigned int room, bool utf8)
{
	static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const signs[] = { "_", ".", ":", "-", "=", "+", "*", "#" };
	unsigned int i, level, from = count > room ? count - room : 0;
	double top = 0;

	for (i = from; i < count; i++)
		if (history[i] > top)
			top = history[i];
	for (i = from; i < count; i++) {
		level = top > 0 ? (unsigned int)(history[i] / top * 7 + 0.5) : 0;
		/* Little is more than nothing. */
		if (!level && history[i] > 0)
			level = 1;
		append(line, "%s", utf8 ? blocks[level] : signs[level]);
	}
}

static uint64_t total(const struct model *model, const char *name)
{
	return pft_totals_value(&model->totals, name);
}

static const char *total_text(const struct model *model, const char *name)
{
	const struct pft_total *found = pft_totals_find(&model->totals, name);

	return found ? found->text : "unknown";
}

static bool is_off(const struct model *model)
{
	const struct pft_total *enabled = pft_totals_find(&model->totals, "enabled");

	return enabled && !enabled->value;
}

static void add_p99(struct append *line, const struct model_p99 *p99)
{
	char half[32], most[32];
	unsigned int i;

	for (i = 0; i < 2; i++)
		append(line, "%s%s p50 %s p99 %s", i ? "   " : "", pft_class_name(i), p99->known[i] ?
		       units_time_short(half, sizeof(half), p99->p50_ns[i]) : "-", p99->known[i] ?
		       units_time_short(most, sizeof(most), p99->ns[i]) : "-");
	/* Said where it is not of the interval, as all else up there is. */
	if ((p99->known[0] || p99->known[1]) && p99->since_load)
		append(line, " (since load)");
}

static void left_part(const struct model *model, unsigned int which, struct append *line)
{
	uint64_t seconds = total(model, "traced_ns") / 1000000000, cpus = total(model, "cpus");
	char hook[32];

	switch (which) {
	case 0:
		(void)safe_text(hook, sizeof(hook), total_text(model, "hook"), false);
		append(line, "pftop - %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " %s, %" PRIu64
		       " CPU%s, hook %s", seconds / 3600, seconds / 60 % 60, seconds % 60,
		       is_off(model) ? "traced, now off" : "tracing", cpus,
		       cpus == 1 ? "" : "s", hook);
		break;
	case 1:
		append(line, "lost %" PRIu64 "   missed %" PRIu64 "   audited %" PRIu64 ", %" PRIu64
		       " mismatches",
		       total(model, "missed_no_ring") + total(model, "missed_table_full"),
		       total(model, "missed_no_instance") + total(model, "missed_reentry"),
		       total(model, "audited_threads"), total(model, "audit_mismatches"));
		break;
	case 2:
		if (model->has_rate)
			append(line, "time in faults %.1f%% of CPU", model->fault_percent);
		else
			append(line, "time in faults unknown");
		if (model->exited_unseen)
			append(line, ", %" PRIu64 " ended unseen", model->exited_unseen);
		break;
	default:
		add_p99(line, &model->p99);
		break;
	}
}

/**
 * compose_header - the lines above the table
 * @compose: from compose_init()
 * @model: with a snapshot
 * @lines: where to write
 */
void compose_header(const struct compose *compose, const struct model *model,
		    char lines[COMPOSE_HEADER][COMPOSE_LINE])
{
	unsigned int i, at, room, width = compose->width ? compose->width : 100;
	struct append line;

	at = width > 2 * RIGHT_MIN ? width - RIGHT_MIN : RIGHT_MIN;
	if (at > 64)
		at = 64;
	for (i = 0; i < COMPOSE_HEADER; i++) {
		line.to = lines[i];
		line.size = COMPOSE_LINE;
		line.used = 0;
		left_part(model, i, &line);
		if (i >= PFT_NR_CLASSES)
			continue;
		/* Too long for its place: shift the right part, do not hide it. */
		append(&line, "%*s", line.used < at ? (int)(at - line.used) : 2, "");
		append(&line, "%-7s ", pft_class_name(i));
		if (!model->has_rate) {
			append(&line, "%9s", "-");
			continue;
		}
		add_rate(&line, model->rate[i]);
		room = width > line.used ? width - (unsigned int)line.used : 0;
		if (model->since_load)
			append(&line, "%.*s", (int)room, "on average");
		else
			add_curve(&line, model->history[i], model->nr_history, room, compose->utf8);
	}
}

/**
 * compose_titles - the line of titles
 * @compose: from compose_init()
 * @line: where to write, COMPOSE_LINE bytes
 */
void compose_titles(const struct compose *compose, char *line)
{
	struct append out = { .size = COMPOSE_LINE };
	char text[64];
	unsigned int i;

	out.to = line;
	for (i = 0; i < compose->count; i++) {
		text_title(text, sizeof(text), compose->columns[i]);
		append(&out, "%s%s", i ? " " : "", text);
	}
}

/**
 * compose_title_at - where a column is
 * @compose: from compose_init()
 * @column: the column
 * @at: where to put its first column of the terminal
 * @width: where to put its width
 *
 * Return: false where it is not shown.
 */
bool compose_title_at(const struct compose *compose, const struct column *column,
		      unsigned int *at, unsigned int *width)
{
	unsigned int i;

	*at = 0;
	for (i = 0; i < compose->count; i++) {
		*width = compose->columns[i]->width;
		if (!*width)
			*width = (unsigned int)strlen(compose->columns[i]->title);
		if (compose->columns[i] == column)
			return true;
		*at += *width + 1;
	}
	return false;
}

/**
 * compose_row - the line of a process
 * @compose: from compose_init()
 * @row: the process
 * @line: where to write, COMPOSE_LINE bytes
 */
void compose_row(const struct compose *compose, const struct model_row *row, char *line)
{
	static const char mark[] = " (exited)";
	unsigned int i, taken = 0, room, limit;
	struct append out = { .size = COMPOSE_LINE };
	char text[COMPOSE_LINE];

	out.to = line;
	limit = compose->width ? compose->width : COMPOSE_LINE / 2;
	for (i = 0; i < compose->count; i++) {
		const struct column *column = compose->columns[i];

		taken += i ? 1 : 0;
		room = limit > taken ? limit - taken : 0;
		if (row->exited && !column->width)
			room = room > sizeof(mark) ? room - (unsigned int)sizeof(mark) + 1 : 0;
		text_cell(text, sizeof(text), column, row, room, compose->utf8);
		append(&out, "%s%s", i ? " " : "", text);
		taken += column->width;
	}
	if (row->exited)
		append(&out, "%s", mark);
}
