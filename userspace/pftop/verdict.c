// SPDX-License-Identifier: GPL-2.0
/* What dominated, in words. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "append.h"
#include "units.h"
#include "verdict.h"

/* Below this share of the wall time, in percent, faults are not the trouble. */
#define LITTLE		1.0

#define UNIT		32

/**
 * verdict_base - the last part of a path
 * @path: a path, or a name in brackets
 *
 * Return: a part of it; words for a fault that was on no mapping.
 */
const char *verdict_base(const char *path)
{
	const char *last = *path == '/' ? strrchr(path, '/') + 1 : path;

	if (!strcmp(path, "-"))
		return "no mapping";
	return *last ? last : path;
}

/**
 * verdict_order - in which order a file was read
 * @place: faults on it
 *
 * Return: words with a comma before, or "" where there were too few to tell.
 */
const char *verdict_order(const struct tally_place *place)
{
	uint64_t steps = place->count - 1;

	if (steps < 8)
		return "";
	if (place->forward * 10 >= steps * 8)
		return ", mostly forward";
	if (place->backward * 10 >= steps * 8)
		return ", mostly backward";
	return ", scattered";
}

/**
 * verdict_where - where faults of one cause were
 * @to: where to write; raw, any byte of a name may be in it
 * @size: bytes there
 * @row: the cause
 */
void verdict_where(char *to, size_t size, const struct breakdown_cause *row)
{
	struct append text = { to, size, 0 };
	char from[UNIT], end[UNIT];

	*to = '\0';
	if (!row->place)
		return;
	append(&text, "%s", verdict_base(row->where));
	if (row->place->has_offset)
		append(&text, " (%s to %s%s)",
		       row->place->from ? units_bytes(from, sizeof(from), row->place->from) : "0",
		       units_bytes(end, sizeof(end), row->place->to), verdict_order(row->place));
	if (row->places > 1)
		append(&text, " and %u other%s", row->places - 1, row->places > 2 ? "s" : "");
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole * 100 : 0;
}

static void say_file(struct append *text, const struct breakdown_cause *row, uint64_t total)
{
	const struct tally_place *place = row->place;
	char count[UNIT];

	if (place && place->ns * 2 >= row->ns && percent(place->ns, total) >= 50) {
		append(text, "One file explains %.0f %% of the time in faults: %s was read through the mapping, in %s wait%s.",
		       percent(place->ns, total), verdict_base(row->where),
		       units_grouped(count, sizeof(count), place->count),
		       units_s(place->count));
		return;
	}
	append(text, "Waiting for mapped files to be read explains %.0f %% of the time in faults: %s waits on %u files.",
	       percent(row->ns, total), units_grouped(count, sizeof(count), row->count), row->places);
}

static void say_main(struct append *text, const struct breakdown_cause *row, uint64_t total)
{
	const char *s = units_s(row->count);
	double share = percent(row->ns, total);
	char count[UNIT];

	units_grouped(count, sizeof(count), row->count);
	if (row->class == PFT_MAJOR && row->cause == PFT_CAUSE_FILE) {
		say_file(text, row, total);
		return;
	}
	switch (row->cause) {
	case PFT_CAUSE_ZERO:
		append(text, "First touch of anonymous memory explains %.0f %% of the time in faults: %s fault%s that brought zeroed pages.",
		       share, count, s);
		break;
	case PFT_CAUSE_COW:
		append(text, "Copy on write explains %.0f %% of the time in faults: %s write%s to pages of private memory that were shared, as after fork(2).",
		       share, count, s);
		break;
	case PFT_CAUSE_FILE:
		append(text, "Mapping what the page cache held already explains %.0f %% of the time in faults: %s fault%s, no waiting for a device.",
		       share, count, s);
		break;
	case PFT_CAUSE_SWAP:
		append(text, "Pages that came back from swap explain %.0f %% of the time in faults: %s fault%s. Memory was short.",
		       share, count, s);
		break;
	case PFT_CAUSE_SHMEM:
		append(text, "Pages of tmpfs, memfd or shared anonymous memory explain %.0f %% of the time in faults: %s fault%s.",
		       share, count, s);
		break;
	default:
		append(text, "The cause %s (%s) explains %.0f %% of the time in faults: %s fault%s.",
		       pft_cause_name(row->cause), pft_cause_meaning(row->cause), share, count, s);
		break;
	}
}

static void say_refused(struct append *text, const struct breakdown *breakdown)
{
	const struct breakdown_cause *row, *most = NULL;
	uint64_t sum = 0;
	char count[UNIT];
	unsigned int i;

	for (i = 0; i < breakdown->nr_causes; i++) {
		row = &breakdown->cause[i];
		if (row->class != PFT_INVALID)
			continue;
		sum += row->count;
		if (!most || row->count > most->count)
			most = row;
	}
	if (!most)
		return;
	units_grouped(count, sizeof(count), sum);
	append(text, "%s%s fault%s refused: %s%s (%s).", text->used ? " " : "", count,
	       sum == 1 ? " was" : "s were", most->count == sum ? "" : "mostly ",
	       pft_cause_name(most->cause), pft_cause_meaning(most->cause));
}

/**
 * verdict - say what dominated
 * @to: where to write; raw, any byte of a name may be in it
 * @size: bytes there
 * @breakdown: of a run
 * @wall_ns: how long the run took
 */
void verdict(char *to, size_t size, const struct breakdown *breakdown, uint64_t wall_ns)
{
	struct append text = { to, size, 0 };
	uint64_t total = 0;
	unsigned int i;

	*to = '\0';
	for (i = 0; i < breakdown->nr_causes; i++)
		total += breakdown->cause[i].ns;
	if (total) {
		const struct breakdown_cause *first = &breakdown->cause[0];

		if (percent(total, wall_ns) < LITTLE)
			append(&text, "Faults took %.1f %% of the wall time: little. ",
			       percent(total, wall_ns));
		if (percent(first->ns, total) >= 50)
			say_main(&text, first, total);
		else
			append(&text, "No cause dominates: the largest is %s %s with %.0f %% of the time in faults.",
			       first->class < PFT_NR_CLASSES ? pft_class_name(first->class) : "",
			       pft_cause_name(first->cause), percent(first->ns, total));
	}
	say_refused(&text, breakdown);
}
