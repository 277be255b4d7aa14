/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_HINT_H
#define PFTOP_HINT_H

#include "column.h"
#include "paths.h"
#include "tally.h"

#define HINTS_MAX	8
#define HINT_MAX	1024

/**
 * struct hint - what could be done about faults
 * @kind: a word for programs
 * @text: a sentence for people; raw, any byte of a name may be in it
 */
struct hint {
	const char *kind;
	char text[HINT_MAX];
};

/**
 * struct hints - what the numbers justify; all zero is nothing
 * @hint: the hints
 * @count: of them
 */
struct hints {
	struct hint hint[HINTS_MAX];
	unsigned int count;
};

/* Columns of a struct hint. */
#define HINT_COLUMNS	2
extern const struct column hint_columns[HINT_COLUMNS];

void hints_make(struct hints *hints, const struct tally *tally, struct paths *paths,
		uint64_t wall_ns);
void hints_add(struct hints *hints, const char *kind, const char *text);

#endif /* PFTOP_HINT_H */
