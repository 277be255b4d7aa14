/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of an ELF file, by address. */
#ifndef PFT_FUNCTIONS_H
#define PFT_FUNCTIONS_H

#include <elfutils/libdwfl.h>

#include "libpftrace.h"

/**
 * struct function - one function
 * @start: its first byte, as an address of the file
 * @end: behind its last byte
 * @reach: the largest @end of it and all before it
 * @name: in the symbol table
 * @rank: of several names for one address, the one with the smallest
 */
struct function {
	uint64_t start;
	uint64_t end;
	uint64_t reach;
	const char *name;
	unsigned int rank;
};

/**
 * struct functions - all of a file; all zero is none
 * @count: of them
 * @function: the functions, by address
 */
struct functions {
	size_t count;
	struct function *function;
};

void functions_read(struct functions *all, Dwfl_Module *module);
const struct function *functions_find(const struct functions *all, uint64_t address);
void functions_free(struct functions *all);

#endif /* PFT_FUNCTIONS_H */
