/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_PROFILE_H
#define PFTOP_PROFILE_H

#include "codename.h"
#include "hashtab.h"
#include "heat.h"
#include "libpftrace.h"
#include "spread.h"

/**
 * struct profile_options - what to add up
 * @pid: only this process; 0 for all
 * @vmas: at most so many VMAs; 0 for the usual number, as for the others
 * @code: instructions
 * @pages: pages
 * @cells: cells of the heatmap; where there are more they get coarser
 * @refused: the newest refused faults, as they are
 * @only_refused: nothing else
 */
struct profile_options {
	uint32_t pid;
	bool only_refused;
	unsigned int vmas;
	unsigned int code;
	unsigned int pages;
	unsigned int cells;
	unsigned int refused;
};

/**
 * struct profile_vma_key - which VMA
 * @anchor: its first address; for a stack, which grows down, behind its last
 * @ino: inode of its file
 * @dev: device of its file
 * @pid: whose
 * @area: enum pft_area; PFT_AREA_NONE and no address for faults without a VMA
 * @unused: zero
 */
struct profile_vma_key {
	uint64_t anchor;
	uint64_t ino;
	uint32_t dev;
	uint32_t pid;
	uint32_t area;
	uint32_t unused;
};

/**
 * struct profile_vma - faults on one VMA
 * @key: which
 * @start: its lowest first address
 * @end: behind its highest last address: it may have grown
 * @file: id of its name, 0 where there is none
 * @perms: PFT_PERM_*, of the newest fault
 * @count: faults per class
 * @ns: their time
 * @cause: faults per cause
 * @spread: how long those with a duration took
 */
struct profile_vma {
	struct profile_vma_key key;
	uint64_t start;
	uint64_t end;
	uint32_t file;
	uint8_t perms;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns;
	uint64_t cause[PFT_NR_CAUSES];
	struct spread spread;
};

/**
 * struct profile_place_key - an address of a process
 * @address: the address
 * @pid: the process
 */
struct profile_place_key {
	uint64_t address;
	uint64_t pid;
};

/**
 * struct profile_code - faults of one instruction
 * @key: which; address 0 for the kernel's own
 * @comm: name of the thread that came there last
 * @at: what is known of the process when it was there: where its code, or else
 *	a file, was mapped, as of its newest fault there
 * @proof: how good that is, see profile.c
 * @count: faults per class
 * @ns: their time
 * @cause: faults per cause
 */
struct profile_code {
	struct profile_place_key key;
	char comm[PFT_COMM_LEN];
	struct codename_at at;
	unsigned int proof;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns;
	uint64_t cause[PFT_NR_CAUSES];
};

/**
 * struct profile_page - faults on one page
 * @key: its first address
 * @count: faults per class
 * @ns: their time
 * @file: id of its VMA's name, 0 where there is none
 * @area: enum pft_area of its VMA
 * @cause: enum pft_cause of the newest
 */
struct profile_page {
	struct profile_place_key key;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns;
	uint32_t file;
	uint8_t area;
	uint8_t cause;
};

/**
 * struct profile - what records add up to, in bounded memory
 * @options: what to add up
 * @records: how many were taken in
 * @count: of them, per class
 * @ns: their time
 * @first_ns: the earliest of them
 * @last_ns: the latest of them
 * @vmas: struct profile_vma
 * @code: struct profile_code
 * @pages: struct profile_page
 * @heat: by time and address
 * @dropped_vmas: faults on VMAs for which there was no room
 * @dropped_code: by instructions for which there was none
 * @dropped_pages: on pages for which there was none
 * @dropped_refused: refused faults that newer ones took the place of
 * @dropped_unknown: faults of a class or cause of a later ABI
 * @nr_refused: refused faults that are kept
 *
 * The rest is private to profile.c.
 */
struct profile {
	struct profile_options options;
	uint64_t records;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns;
	uint64_t first_ns;
	uint64_t last_ns;
	struct hashtab vmas;
	struct hashtab code;
	struct hashtab pages;
	struct heat heat;
	uint64_t dropped_vmas;
	uint64_t dropped_code;
	uint64_t dropped_pages;
	uint64_t dropped_refused;
	uint64_t dropped_unknown;
	unsigned int nr_refused;

	/* private: */
	struct pft_record *refused;
	unsigned int next_refused;
	uint64_t page_mask;
};

bool profile_init(struct profile *profile, const struct profile_options *options);
void profile_fini(struct profile *profile);
void profile_add(struct profile *profile, const struct pft_record *record);
const struct pft_record *profile_refused(const struct profile *profile, unsigned int index);

#endif /* PFTOP_PROFILE_H */
