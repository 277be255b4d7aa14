// SPDX-License-Identifier: GPL-2.0
/* The file `causes`: what faults cost, per class and cause. */

#include <string.h>

#include "private.h"

#define WORDS_MAX	64

enum column {
	COL_CLASS,
	COL_CAUSE,
	COL_COUNT,
	COL_TOTAL,
	COL_MEAN,
	COL_MAX,
	COL_P50,
	COL_P90,
	COL_P99,
	NR_COLS
};

static const char *const col_names[NR_COLS] = {
	"CLASS", "CAUSE", "COUNT", "TOTAL_NS", "MEAN_NS", "MAX_NS", "P50_NS", "P90_NS", "P99_NS",
};

/* A class or cause that we do not know is from a later module: skipped. */
static bool read_stat(struct pft_cause_stat *stat, char *line, const unsigned int *at, bool *known)
{
	uint64_t *const numbers[] = { &stat->count, &stat->total_ns, &stat->mean_ns, &stat->max_ns,
				      &stat->p50_ns, &stat->p90_ns, &stat->p99_ns };
	unsigned int i, count;
	char *words[WORDS_MAX];
	int class, cause;

	memset(stat, 0, sizeof(*stat));
	count = line_split(line, words, WORDS_MAX);
	for (i = 0; i < NR_COLS; i++)
		if (at[i] >= count)
			return false;
	class = pft_class_find(words[at[COL_CLASS]]);
	cause = pft_cause_find(words[at[COL_CAUSE]]);
	if (!strcmp(words[at[COL_CAUSE]], "all"))
		cause = PFT_CAUSE_ALL;
	*known = class >= 0 && cause >= 0;
	if (!*known)
		return true;
	stat->class = (unsigned int)class;
	stat->cause = (unsigned int)cause;
	stat->timed = strcmp(words[at[COL_TOTAL]], "-") != 0;
	for (i = COL_COUNT; i < NR_COLS; i++) {
		char *word = words[at[i]];

		if (i > COL_COUNT && !strcmp(word, "-"))
			continue;
		if (!line_number(word, numbers[i - COL_COUNT]))
			return false;
	}
	return true;
}

static bool read_stats(struct line_file *file, struct pft_causes *causes, struct pft_error *error)
{
	struct pft_cause_stat *stat;
	unsigned int at[NR_COLS], row = 0;
	char *line;
	bool known;

	if (!line_header(file, col_names, NR_COLS, at, error))
		return false;
	while ((line = line_next(file, error))) {
		row++;
		if (causes->count == PFT_CAUSE_STATS_MAX) {
			error_format(error, file->root, file->path, "it has more than %d lines",
				     PFT_CAUSE_STATS_MAX);
			return false;
		}
		stat = &causes->stat[causes->count];
		if (!read_stat(stat, line, at, &known)) {
			error_format(error, file->root, file->path,
				     "row %u does not fit its header", row);
			return false;
		}
		causes->count += known;
	}
	return error->code == PFT_OK;
}

/**
 * pft_causes_read - read the file `causes`
 * @root: from pft_root_open()
 * @causes: to be filled anew
 * @error: why not; see pft_error_is_missing()
 *
 * Return: true where it was read.
 */
bool pft_causes_read(const struct pft_root *root, struct pft_causes *causes,
		     struct pft_error *error)
{
	struct line_file *file;
	bool ok = false;

	causes->count = 0;
	file = line_open(root, "causes", error);
	if (file) {
		ok = read_stats(file, causes, error);
		line_close(file);
	}
	return ok;
}

/**
 * pft_causes_find - look a line up
 * @causes: from pft_causes_read()
 * @class: enum pft_class
 * @cause: enum pft_cause, or PFT_CAUSE_ALL for the whole class
 *
 * Return: the line, or NULL where that did not occur.
 */
const struct pft_cause_stat *pft_causes_find(const struct pft_causes *causes, unsigned int class,
					     unsigned int cause)
{
	unsigned int i;

	for (i = 0; i < causes->count; i++)
		if (causes->stat[i].class == class && causes->stat[i].cause == cause)
			return &causes->stat[i];
	return NULL;
}
