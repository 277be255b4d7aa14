/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_TALLY_H
#define PFTOP_TALLY_H

#include "hashtab.h"
#include "libpftrace.h"
#include "spread.h"

/**
 * struct tally_place_key - a class and cause, on one file or on one kind of memory
 *	that has no file
 * @class: enum pft_class
 * @cause: enum pft_cause
 * @area: enum pft_area
 * @file: pft_record.file, 0 where there is none
 */
struct tally_place_key {
	uint32_t class;
	uint32_t cause;
	uint32_t area;
	uint32_t file;
};

/**
 * struct tally_place - faults of one place
 * @key: which
 * @count: faults
 * @ns: their time
 * @has_offset: the two below are known
 * @from: lowest page touched, in bytes from the start of the file
 * @to: end of the highest
 * @forward: how many were behind the one before them
 * @backward: how many were before it
 *
 * The rest is private to tally.c.
 */
struct tally_place {
	struct tally_place_key key;
	uint64_t count;
	uint64_t ns;
	bool has_offset;
	uint64_t from;
	uint64_t to;
	uint64_t forward;
	uint64_t backward;

	/* private: */
	uint64_t last;
};

/**
 * struct tally_map_key - which mapping
 * @start: its first address
 * @ino: inode of its file
 * @dev: device of its file
 * @pid: whose
 * @area: enum pft_area
 * @unused: zero
 */
struct tally_map_key {
	uint64_t start;
	uint64_t ino;
	uint32_t dev;
	uint32_t pid;
	uint32_t area;
	uint32_t unused;
};

/**
 * struct tally_touch - pages of a mapping that had to be brought, without waiting
 * @count: faults
 * @pages: that they brought
 * @ns: their time
 */
struct tally_touch {
	uint64_t count;
	uint64_t pages;
	uint64_t ns;
};

/**
 * struct tally_map - minor faults on one mapping
 * @key: which
 * @end: behind its highest last address: it may have grown
 * @file: id of its name, 0 where there is none
 * @comm: of the thread that was there last
 * @zero: first touches of memory that begins as zeroes
 * @cached: pages of its file that were in memory
 * @small: of @zero, pages of their own where a 2 MiB page has room
 * @small_ns: their time
 * @small_regions: how many times another 2 MiB of memory began with one
 *
 * The rest is private to tally.c.
 */
struct tally_map {
	struct tally_map_key key;
	uint64_t end;
	uint32_t file;
	char comm[PFT_COMM_LEN];
	struct tally_touch zero;
	struct tally_touch cached;
	uint64_t small;
	uint64_t small_ns;
	uint64_t small_regions;

	/* private: */
	uint64_t last_region;
};

/* Mappings that are told apart; faults on others are in the sums only. */
#define TALLY_MAPS_MAX	32768

/**
 * struct tally - records added up; all zero is empty
 * @records: of them
 * @ns: their time
 * @spread: how long they took, per class and cause; NULL where there was none
 * @places: struct tally_place, where they were, in no order
 * @maps: struct tally_map
 */
struct tally {
	uint64_t records;
	uint64_t ns;
	struct spread *spread[PFT_NR_CLASSES][PFT_NR_CAUSES];
	struct hashtab places;
	struct hashtab maps;
};

bool tally_add(struct tally *tally, const struct pft_record *record);
void tally_fini(struct tally *tally);

#endif /* PFTOP_TALLY_H */
