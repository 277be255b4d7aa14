// SPDX-License-Identifier: GPL-2.0
/*
 * The file `latency`: how many faults of each class took how long, by powers of
 * two. Two readings have a difference, so unlike what `causes` estimates, this
 * also tells of the time between them.
 */

#include <string.h>

#include "private.h"

#define WORDS_MAX	16

enum column {
	COL_CLASS,
	COL_CAUSE,
	COL_FROM,
	COL_COUNT,
	NR_COLS
};

static const char *const col_names[NR_COLS] = { "CLASS", "CAUSE", "FROM_NS", "COUNT" };

static bool read_row(struct pft_latency *latency, char *line, const unsigned int *at)
{
	char *words[WORDS_MAX];
	unsigned int i, count, bucket;
	uint64_t from, faults;
	int class;

	count = line_split(line, words, WORDS_MAX);
	for (i = 0; i < NR_COLS; i++)
		if (at[i] >= count)
			return false;
	if (!line_number(words[at[COL_FROM]], &from) ||
	    !line_number(words[at[COL_COUNT]], &faults))
		return false;
	class = pft_class_find(words[at[COL_CLASS]]);
	/* The causes are added up, so "all" would count twice. */
	if (class < 0 || pft_cause_find(words[at[COL_CAUSE]]) < 0)
		return true;
	bucket = from ? 64 - (unsigned int)__builtin_clzll(from) : 0;
	if (bucket >= PFT_LATENCY_BUCKETS)
		return false;
	latency->bucket[class][bucket] += faults;
	return true;
}

static bool read_rows(struct line_file *file, struct pft_latency *latency, struct pft_error *error)
{
	unsigned int at[NR_COLS], row = 0;
	char *line;

	if (!line_header(file, col_names, NR_COLS, at, error))
		return false;
	while ((line = line_next(file, error))) {
		row++;
		if (read_row(latency, line, at))
			continue;
		error_format(error, file->root, file->path, "row %u does not fit its header", row);
		return false;
	}
	return error->code == PFT_OK;
}

/**
 * pft_latency_read - read the file `latency`
 * @root: from pft_root_open()
 * @latency: to be filled anew
 * @error: why not; see pft_error_is_missing()
 *
 * Return: true where it was read.
 */
bool pft_latency_read(const struct pft_root *root, struct pft_latency *latency,
		      struct pft_error *error)
{
	struct line_file *file;
	bool ok = false;

	memset(latency, 0, sizeof(*latency));
	file = line_open(root, "latency", error);
	if (file) {
		ok = read_rows(file, latency, error);
		line_close(file);
	}
	return ok;
}

/**
 * pft_latency_percentile - how long did most of the faults take, at most?
 * @now: a reading
 * @then: one before it, or NULL for all of @now
 * @class: enum pft_class
 * @percent: how many of them, above 0
 * @ns: where to put it; between the bounds of its bucket it is estimated as if
 *	the faults there were evenly spread
 *
 * Return: false where there was no fault with a duration.
 */
bool pft_latency_percentile(const struct pft_latency *now, const struct pft_latency *then,
			    unsigned int class, unsigned int percent, uint64_t *ns)
{
	uint64_t count[PFT_LATENCY_BUCKETS], sum = 0, rank, from;
	unsigned int i;

	/* Bucket 0 has those without a duration. */
	for (i = 1; i < PFT_LATENCY_BUCKETS; i++) {
		count[i] = now->bucket[class][i];
		/* Counts never fall, but a file is not one moment. */
		if (then && then->bucket[class][i] < count[i])
			count[i] -= then->bucket[class][i];
		else if (then)
			count[i] = 0;
		sum += count[i];
	}
	if (!sum)
		return false;
	rank = sum / 100 * percent + (sum % 100 * percent + 99) / 100;
	for (i = 1; i < PFT_LATENCY_BUCKETS - 1 && count[i] < rank; i++)
		rank -= count[i];
	from = 1ULL << (i - 1);
	*ns = from + (uint64_t)((double)(from - 1) * (double)rank / (double)count[i]);
	return true;
}
