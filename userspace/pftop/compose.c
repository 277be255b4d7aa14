// SPDX-License-Identifier: GPL-2.0
/*
 * The lines that people see, as text. The screen only puts them on the terminal
 * and batch only writes them, so both can be tested without one.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compose.h"
#include "output.h"
#include "safe.h"

/* The right part of the header: a name, a rate and a curve. */
#define RIGHT_MIN	30

struct line {
	char *text;
	size_t used;
};

static void add(struct line *line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *fmt, ...)
{
	size_t room = COMPOSE_LINE - line->used;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(line->text + line->used, room, fmt, args);
	va_end(args);
	if (length > 0)
		line->used += (size_t)length < room ? (size_t)length : room - 1;
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
}

static void add_rate(struct line *line, double rate)
{
	static const struct column plain = { .decimals = 1 };
	struct cell cell = cell_size(rate);
	char text[32];

	text_value(text, sizeof(text), &plain, &cell, 0, false);
	add(line, "%7s/s ", text);
}

/* The newest @room rates; the highest of them is as high as it goes. */
static void add_curve(struct line *line, const double *history, unsigned int count,
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
		add(line, "%s", utf8 ? blocks[level] : signs[level]);
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

static void left_part(const struct model *model, unsigned int which, struct line *line)
{
	uint64_t seconds = total(model, "traced_ns") / 1000000000, cpus = total(model, "cpus");
	char hook[32];

	switch (which) {
	case 0:
		(void)safe_text(hook, sizeof(hook), total_text(model, "hook"), false);
		add(line, "pftop - %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " %s, %" PRIu64
		    " CPU%s, hook %s", seconds / 3600, seconds / 60 % 60, seconds % 60,
		    is_off(model) ? "traced, now off" : "tracing", cpus,
		    cpus == 1 ? "" : "s", hook);
		break;
	case 1:
		add(line, "lost %" PRIu64 "   missed %" PRIu64 "   audited %" PRIu64 ", %" PRIu64
		    " mismatches",
		    total(model, "missed_no_ring") + total(model, "missed_table_full"),
		    total(model, "missed_no_instance") + total(model, "missed_reentry"),
		    total(model, "audited_threads"), total(model, "audit_mismatches"));
		break;
	default:
		if (model->has_rate)
			add(line, "time in faults %.1f%% of CPU", model->fault_percent);
		else
			add(line, "time in faults unknown");
		if (model->exited_unseen)
			add(line, ", %" PRIu64 " ended unseen", model->exited_unseen);
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
	static const char *const names[] = { "minor", "major", "invalid" };
	unsigned int i, at, room, width = compose->width ? compose->width : 100;
	struct line line;

	at = width > 2 * RIGHT_MIN ? width - RIGHT_MIN : RIGHT_MIN;
	if (at > 64)
		at = 64;
	for (i = 0; i < COMPOSE_HEADER; i++) {
		line.text = lines[i];
		line.used = 0;
		left_part(model, i, &line);
		/* Too long for its place: shift the right part, do not hide it. */
		add(&line, "%*s", line.used < at ? (int)(at - line.used) : 2, "");
		add(&line, "%-7s ", names[i]);
		if (!model->has_rate) {
			add(&line, "%9s", "-");
			continue;
		}
		add_rate(&line, model->rate[i]);
		room = width > line.used ? width - (unsigned int)line.used : 0;
		if (model->since_load)
			add(&line, "%.*s", (int)room, "on average");
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
	struct line out = { 0 };
	char text[64];
	unsigned int i;

	out.text = line;
	for (i = 0; i < compose->count; i++) {
		text_title(text, sizeof(text), compose->columns[i]);
		add(&out, "%s%s", i ? " " : "", text);
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
	struct line out = { 0 };
	char text[COMPOSE_LINE];

	out.text = line;
	limit = compose->width ? compose->width : COMPOSE_LINE / 2;
	for (i = 0; i < compose->count; i++) {
		const struct column *column = compose->columns[i];

		taken += i ? 1 : 0;
		room = limit > taken ? limit - taken : 0;
		if (row->exited && !column->width)
			room = room > sizeof(mark) ? room - (unsigned int)sizeof(mark) + 1 : 0;
		text_cell(text, sizeof(text), column, row, room, compose->utf8);
		add(&out, "%s%s", i ? " " : "", text);
		taken += column->width;
	}
	if (row->exited)
		add(&out, "%s", mark);
}
