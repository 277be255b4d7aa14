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

/* On a narrow terminal the last column needs the room more. */
static void fit(struct compose *compose)
{
	while (compose->width && width_of(compose) + COMMAND_MIN > compose->width &&
	       drop_wide(compose))
		;
}

/**
 * compose_table - any table
 * @compose: to be filled
 * @width: columns of the terminal, 0 for no limit
 * @utf8: the terminal takes UTF-8
 * @columns: its columns
 * @count: of them, COLUMNS_MAX at most
 */
void compose_table(struct compose *compose, unsigned int width, bool utf8,
		   const struct column *const *columns, unsigned int count)
{
	compose->width = width;
	compose->utf8 = utf8;
	compose->count = count;
	memcpy(compose->columns, columns, count * sizeof(*columns));
	fit(compose);
}

/**
 * compose_init - choose columns of the table of processes
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
	fit(compose);
}

/**
 * compose_room - what is left for the last column
 * @compose: a table whose last column has no width of its own
 *
 * Return: columns of the terminal.
 */
unsigned int compose_room(const struct compose *compose)
{
	unsigned int taken = width_of(compose) - 1;

	return compose->width > taken ? compose->width - taken : 0;
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

/* The highest of the rates @from to @to. */
static double highest(const double *history, unsigned int from, unsigned int to)
{
	double top = 0;

	for (; from < to; from++)
		if (history[from] > top)
			top = history[from];
	return top;
}

/*
 * All that is remembered of a rate, in @room columns. Where there is more, a
 * column has the highest of several; which ones stays as it is when the next
 * one comes, or the curve would flicker.
 */
static void add_curve(struct append *line, const struct model *model, unsigned int class,
		      unsigned int room, bool utf8)
{
	static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const signs[] = { "_", ".", ":", "-", "=", "+", "*", "#" };
	unsigned int count = model->nr_history, from, to, each, level;
	const double *history = model->history[class];
	double top = highest(history, 0, count), value;

	if (!room || !count)
		return;
	each = (count + room - 1) / room;
	/* The oldest group may be cut, and then there is no room for it. */
	from = (unsigned int)(model->history_from % each);
	from = from && (count + from + each - 1) / each > room ? each - from : 0;
	for (; from < count; from = to) {
		to = from + each - (unsigned int)((model->history_from + from) % each);
		to = to < count ? to : count;
		value = highest(history, from, to);
		level = top > 0 ? (unsigned int)(value / top * 7 + 0.5) : 0;
		/* Little is more than nothing. */
		if (!level && value > 0)
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

/* One class of them; refused faults mostly have no duration: only where they have. */
static void add_durations(struct append *line, const struct model_p99 *p99, unsigned int class,
			  bool brief)
{
	char half[32] = "-", most[32] = "-";

	if (class == PFT_INVALID && !p99->known[class])
		return;
	if (p99->known[class]) {
		(void)units_time_short(half, sizeof(half), p99->p50_ns[class]);
		(void)units_time_short(most, sizeof(most), p99->ns[class]);
	}
	append(line, brief ? "%s%s %s %s" : "%s%s p50 %s p99 %s",
	       !class ? "" : brief ? "  " : "   ", pft_class_name(class), half, most);
}

static void add_p99(struct append *line, const struct model_p99 *p99, unsigned int width)
{
	bool brief = false, any = false;
	unsigned int i;

	for (i = 0; i < PFT_NR_CLASSES; i++) {
		add_durations(line, p99, i, false);
		any |= p99->known[i];
	}
	if (line->used > width) {
		brief = true;
		line->used = 0;
		append(line, "p50 p99: ");
		for (i = 0; i < PFT_NR_CLASSES; i++)
			add_durations(line, p99, i, true);
	}
	/* Said where it is not of the interval, as all else up there is. */
	if (any && p99->since_load)
		append(line, brief ? " (load)" : " (since load)");
}

static void add_clock(struct append *line, uint64_t ns)
{
	uint64_t seconds = ns / 1000000000;

	append(line, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600, seconds / 60 % 60,
	       seconds % 60);
}

static void left_part(const struct model *model, unsigned int which, unsigned int width,
		      struct append *line)
{
	const struct moment *moment = &model->moment;
	uint64_t cpus = total(model, "cpus");
	char hook[32];

	switch (which) {
	case 0:
		(void)safe_text(hook, sizeof(hook), total_text(model, "hook"), false);
		append(line, "pftop - ");
		if (moment->recorded) {
			add_clock(line, moment->since_ns);
			append(line, moment->last ? ", end of recording" : " of ");
			if (!moment->last)
				add_clock(line, moment->length_ns);
			append(line, moment->last ? "" : " recorded");
		} else {
			add_clock(line, total(model, "traced_ns"));
			append(line, is_off(model) ? " traced, now off" : " tracing");
		}
		append(line, ", %" PRIu64 " CPU%s, hook %s", cpus, units_s(cpus), hook);
		break;
	case 1:
		append(line, "lost %" PRIu64 "   missed %" PRIu64 "   audited %" PRIu64 ", %" PRIu64
		       " mismatch%s",
		       total(model, "missed_no_ring") + total(model, "missed_table_full"),
		       total(model, "missed_no_instance") + total(model, "missed_reentry"),
		       total(model, "audited_threads"), total(model, "audit_mismatches"),
		       units_es(total(model, "audit_mismatches")));
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
		add_p99(line, &model->p99, width);
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
		left_part(model, i, width, &line);
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
			add_curve(&line, model, i, room, compose->utf8);
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
 * compose_line - the line of a row of any table
 * @compose: from compose_init() or compose_table()
 * @row: the row
 * @keep: columns of the terminal that the last column is to leave
 * @line: where to write, COMPOSE_LINE bytes
 */
void compose_line(const struct compose *compose, const void *row, unsigned int keep, char *line)
{
	struct append out = { .size = COMPOSE_LINE };
	unsigned int i, taken = 0, room, limit;
	char text[COMPOSE_LINE];

	out.to = line;
	limit = compose->width ? compose->width : COMPOSE_LINE / 2;
	for (i = 0; i < compose->count; i++) {
		const struct column *column = compose->columns[i];

		taken += i ? 1 : 0;
		room = limit > taken ? limit - taken : 0;
		if (!column->width)
			room = room > keep ? room - keep : 0;
		text_cell(text, sizeof(text), column, row, room, compose->utf8);
		append(&out, "%s%s", i ? " " : "", text);
		taken += column->width;
	}
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
	size_t used;

	compose_line(compose, row, row->exited ? sizeof(mark) - 1 : 0, line);
	if (!row->exited)
		return;
	used = strlen(line);
	while (compose->width && used + sizeof(mark) - 1 > compose->width && line[used - 1] == ' ')
		used--;
	(void)snprintf(line + used, COMPOSE_LINE - used, "%s", mark);
}
