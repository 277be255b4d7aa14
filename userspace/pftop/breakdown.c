// SPDX-License-Identifier: GPL-2.0
/*
 * Faults by cause and by file. How many there were of a cause is what the
 * counters say, whether their records were read or not. Counters do not have
 * the class, the time and the place of a cause: those come from the records.
 */

#include <stdlib.h>
#include <string.h>

#include "breakdown.h"

static char *name_of(const struct tally_place *place, struct paths *paths)
{
	char name[PATHS_MAX];

	paths_name(paths, place->key.file, place->key.area, name, sizeof(name));
	return strdup(name);
}

/* Its places together, and the one of most time, or most faults where time is not known. */
static bool set_where(struct breakdown_cause *row, const struct tally *tally, struct paths *paths)
{
	const struct tally_place *place, *best = NULL;
	unsigned int i;

	for (i = 0; i < tally->places.count; i++) {
		place = hashtab_row(&tally->places, i);
		if (place->key.class != row->class || place->key.cause != row->cause)
			continue;
		row->places++;
		row->ns += place->ns;
		if (!best || place->ns > best->ns ||
		    (place->ns == best->ns && place->count > best->count))
			best = place;
	}
	row->place = best;
	row->where = best ? name_of(best, paths) : strdup("");
	return row->where;
}

static bool add_cause(struct breakdown *breakdown, unsigned int class, unsigned int cause,
		      uint64_t count, bool exact, const struct tally *tally, struct paths *paths)
{
	const struct spread *spread = class < PFT_NR_CLASSES ? tally->spread[class][cause] : NULL;
	struct breakdown_cause *row = &breakdown->cause[breakdown->nr_causes];

	memset(row, 0, sizeof(*row));
	row->class = class;
	row->cause = cause;
	row->count = count;
	row->exact = exact;
	row->read = spread ? spread->count : 0;
	/* Faults that the architecture refused have no duration. */
	row->timed = spread && spread->max_ns;
	row->p99_ns = row->timed ? spread_percentile(spread, 99) : 0;
	breakdown->nr_causes++;
	if (!set_where(row, tally, paths))
		return false;
	if (row->timed && row->read < count)
		row->ns = (uint64_t)((double)row->ns / (double)row->read * (double)count);
	return true;
}

/* The class of a fault whose record was not read, as far as it must be so. */
static unsigned int class_of(unsigned int cause, const uint64_t *classes)
{
	if (cause >= PFT_CAUSE_NULL)
		return PFT_INVALID;
	if (!classes[PFT_MAJOR] && !classes[PFT_INVALID])
		return PFT_MINOR;
	return PFT_NR_CLASSES;
}

static bool split_cause(struct breakdown *breakdown, const uint64_t *classes, unsigned int cause,
			uint64_t count, const struct tally *tally, struct paths *paths)
{
	uint64_t read[PFT_NR_CLASSES], sum = 0, left = count, part;
	unsigned int i, last = PFT_NR_CLASSES;
	bool exact;

	for (i = 0; i < PFT_NR_CLASSES; i++) {
		read[i] = tally->spread[i][cause] ? tally->spread[i][cause]->count : 0;
		sum += read[i];
		last = read[i] ? i : last;
	}
	/* Without counters of causes, records are all there is. */
	if (sum > count)
		left = count = sum;
	if (!sum) {
		i = class_of(cause, classes);
		return !count || add_cause(breakdown, i, cause, count, i < PFT_NR_CLASSES, tally,
					   paths);
	}
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		if (!read[i])
			continue;
		part = (uint64_t)((double)count * (double)read[i] / (double)sum + 0.5);
		part = i == last || part > left ? left : part;
		left -= part;
		exact = sum == count || class_of(cause, classes) == i;
		if (!add_cause(breakdown, i, cause, part, exact, tally, paths))
			return false;
	}
	return true;
}

static int compare_causes(const void *a, const void *b)
{
	const struct breakdown_cause *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? 1 : -1;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->cause > y->cause) - (x->cause < y->cause);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct breakdown_file *)a)->name,
		      ((const struct breakdown_file *)b)->name);
}

static int compare_files(const void *a, const void *b)
{
	const struct breakdown_file *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? 1 : -1;
	return compare_names(a, b);
}

/* A file may have several ids, and has a place for each class and cause. */
static void join_files(struct breakdown *breakdown)
{
	struct breakdown_file *file = breakdown->file, *to;
	unsigned int i, j, kept = 0;

	qsort(file, breakdown->nr_files, sizeof(*file), compare_names);
	for (i = 0; i < breakdown->nr_files; i++) {
		if (!kept || strcmp(file[kept - 1].name, file[i].name) != 0) {
			file[kept++] = file[i];
			continue;
		}
		to = &file[kept - 1];
		for (j = 0; j < PFT_NR_CLASSES; j++)
			to->count[j] += file[i].count[j];
		to->ns += file[i].ns;
		free(file[i].name);
	}
	breakdown->nr_files = kept;
	qsort(file, kept, sizeof(*file), compare_files);
}

static bool make_files(struct breakdown *breakdown, const struct tally *tally,
		       struct paths *paths)
{
	const struct tally_place *place;
	struct breakdown_file *row;
	unsigned int i;

	breakdown->file = calloc(tally->places.count + 1UL, sizeof(*breakdown->file));
	if (!breakdown->file)
		return false;
	for (i = 0; i < tally->places.count; i++) {
		place = hashtab_row(&tally->places, i);
		row = &breakdown->file[breakdown->nr_files];
		row->name = name_of(place, paths);
		if (!row->name)
			return false;
		row->count[place->key.class] = place->count;
		row->ns = place->ns;
		breakdown->nr_files++;
	}
	if (breakdown->nr_files)
		join_files(breakdown);
	return true;
}

/**
 * breakdown_make - work it out
 * @breakdown: to be filled
 * @family: whose faults, after its last look
 * @tally: their records
 * @paths: where the names of files are
 *
 * Return: false where memory ran out; breakdown_fini() is needed in any case.
 */
bool breakdown_make(struct breakdown *breakdown, const struct family *family,
		    const struct tally *tally, struct paths *paths)
{
	uint64_t classes[PFT_NR_CLASSES], count;
	unsigned int i;

	memset(breakdown, 0, sizeof(*breakdown));
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		classes[i] = family->ended.count[i] + family->alive.count[i];
		breakdown->faults += classes[i];
	}
	breakdown->records = tally->records;
	breakdown->complete = breakdown->records == breakdown->faults;
	breakdown->cause = calloc((size_t)PFT_NR_CLASSES * PFT_NR_CAUSES,
				  sizeof(*breakdown->cause));
	if (!breakdown->cause)
		return false;
	for (i = 0; i < PFT_NR_CAUSES; i++) {
		count = family->ended.cause[i] + family->alive.cause[i];
		if (!split_cause(breakdown, classes, i, count, tally, paths))
			return false;
	}
	if (breakdown->nr_causes)
		qsort(breakdown->cause, breakdown->nr_causes, sizeof(*breakdown->cause),
		      compare_causes);
	return make_files(breakdown, tally, paths);
}

/**
 * breakdown_fini - give its memory back
 * @breakdown: from breakdown_make(), or all zero
 */
void breakdown_fini(struct breakdown *breakdown)
{
	unsigned int i;

	for (i = 0; i < breakdown->nr_causes; i++)
		free(breakdown->cause[i].where);
	for (i = 0; i < breakdown->nr_files; i++)
		free(breakdown->file[i].name);
	free(breakdown->cause);
	free(breakdown->file);
	memset(breakdown, 0, sizeof(*breakdown));
}
