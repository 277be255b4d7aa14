// SPDX-License-Identifier: GPL-2.0
/* Which records `pftop events` shows, beside those of -p and -C. */

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

_Static_assert(PFT_NR_CAUSES <= 64 && PFT_NR_LEVELS <= 64, "a bit for each");

/**
 * filter_list - read names with commas between
 * @text: the names
 * @find: gives the number of a name, or -1
 * @bits: a bit is set for each of them
 * @bad: where to put the one that is not known
 * @size: bytes there
 *
 * Return: false where one is not known; then @bits is as it was.
 */
bool filter_list(const char *text, int (*find)(const char *name), uint64_t *bits, char *bad,
		 size_t size)
{
	uint64_t sum = 0;
	size_t length;
	int number;

	for (;;) {
		length = strcspn(text, ",");
		(void)snprintf(bad, size, "%.*s", (int)length, text);
		number = length < size ? find(bad) : -1;
		if (number < 0)
			return false;
		sum |= 1ULL << number;
		if (!text[length])
			break;
		text += length + 1;
	}
	*bits |= sum;
	return true;
}

/**
 * filter_latency - read microseconds
 * @text: a number, which may have a fraction
 * @ns: where to put them
 *
 * Return: false where it is none, or more than 10^9.
 */
bool filter_latency(const char *text, uint64_t *ns)
{
	double value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	value = strtod(text, &end);
	if (*end || !isfinite(value) || value > 1e9)
		return false;
	*ns = (uint64_t)llround(value * 1e3);
	return true;
}

/**
 * filter_cgroup - read the id of a cgroup
 * @text: a number above 0
 * @cgroup: where to put it
 *
 * Return: false where it is none.
 */
bool filter_cgroup(const char *text, uint64_t *cgroup)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*cgroup = strtoull(text, &end, 10);
	return !errno && !*end && *cgroup;
}

static bool has(uint64_t bits, unsigned int number)
{
	return !bits || (number < 64 && bits >> number & 1);
}

/**
 * filter_wants - does a record come through, whatever its file?
 * @filter: the filter
 * @record: the record
 *
 * Return: true where it does.
 */
bool filter_wants(const struct filter *filter, const struct pft_record *record)
{
	return has(filter->classes, record->class) && has(filter->causes, record->cause) &&
	       has(filter->levels, record->level) && has(filter->accesses, record->access) &&
	       record->latency_ns >= filter->min_latency_ns &&
	       (!filter->cgroup || filter->cgroup == record->cgroup);
}

/**
 * filter_wants_name - does the name of its mapping come through?
 * @filter: the filter
 * @name: a path, or [heap] and the like; "" where there is none
 *
 * A pattern without a slash is for the last part of a path. What is written as
 * the name itself fits, too, so that [heap] need not be quoted for fnmatch(3).
 *
 * Return: true where it does.
 */
bool filter_wants_name(const struct filter *filter, const char *name)
{
	const char *last;

	if (!filter->file)
		return true;
	if (!*name)
		return false;
	if (!strcmp(filter->file, name) || !fnmatch(filter->file, name, 0))
		return true;
	last = strrchr(name, '/');
	return last && !strchr(filter->file, '/') &&
	       (!strcmp(filter->file, last + 1) || !fnmatch(filter->file, last + 1, 0));
}
