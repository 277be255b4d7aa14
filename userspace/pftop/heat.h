/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_HEAT_H
#define PFTOP_HEAT_H

#include "hashtab.h"
#include "libpftrace.h"

/**
 * struct heat_key - where and when
 * @pid: process
 * @time: time of the fault / bin_ns
 * @address: its address / bin_bytes
 */
struct heat_key {
	uint64_t pid;
	uint64_t time;
	uint64_t address;
};

/**
 * struct heat_cell - faults of a process in a stretch of time and of addresses
 * @key: which
 * @count: faults per class
 */
struct heat_cell {
	struct heat_key key;
	uint64_t count[PFT_NR_CLASSES];
};

/**
 * struct heat - faults by time and address
 * @bin_ns: a cell is this long; it doubles when there are too many cells
 * @bin_bytes: and this high; it doubles likewise
 * @cells: struct heat_cell
 * @dropped: faults for which there was no memory
 */
struct heat {
	uint64_t bin_ns;
	uint64_t bin_bytes;
	struct hashtab cells;
	uint64_t dropped;
};

void heat_init(struct heat *heat, unsigned int limit);
void heat_fini(struct heat *heat);
void heat_add(struct heat *heat, const struct pft_record *record);
const struct heat_cell *heat_cell(const struct heat *heat, unsigned int index);

#endif /* PFTOP_HEAT_H */
