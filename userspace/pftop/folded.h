/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_FOLDED_H
#define PFTOP_FOLDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct folded_row - faults of one process, cause and place
 * @process: name of the process
 * @cause: why
 * @where: symbol or file; NULL or "" where it is not known, as for all names
 * @count: what the width of its frame stands for: faults, or ns
 *
 * Names may hold any byte.
 */
struct folded_row {
	const char *process;
	const char *cause;
	const char *where;
	uint64_t count;
};

bool folded_write(FILE *to, const struct folded_row *rows, size_t count);

#endif /* PFTOP_FOLDED_H */
