/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_BREAKDOWN_H
#define PFTOP_BREAKDOWN_H

#include "family.h"
#include "paths.h"
#include "tally.h"

/**
 * struct breakdown_cause - faults of one class and cause
 * @class: enum pft_class, or PFT_NR_CLASSES where that is not known
 * @cause: enum pft_cause
 * @count: faults, by the counters
 * @exact: it is, and so is the class; else both are an estimate
 * @read: how many of them were read as records: what is below rests on these
 * @timed: time is known
 * @ns: their time; an estimate where not all of them were read
 * @p99_ns: 99 % of them took at most this
 * @where: name of the place that took the most, raw; "" where not known
 * @place: that place, or NULL
 * @places: how many there are
 */
struct breakdown_cause {
	unsigned int class;
	unsigned int cause;
	uint64_t count;
	bool exact;
	uint64_t read;
	bool timed;
	uint64_t ns;
	uint64_t p99_ns;
	char *where;
	const struct tally_place *place;
	unsigned int places;
};

/**
 * struct breakdown_file - faults on one file, or one kind of memory
 * @name: its path, or its kind in brackets, raw
 * @count: faults per class
 * @ns: their time
 */
struct breakdown_file {
	char *name;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns;
};

/**
 * struct breakdown - where faults were, and why
 * @faults: how many, by the counters
 * @records: how many of them were read; what is not a count rests on these
 * @complete: these are all
 * @cause: by cause, the most time first
 * @nr_causes: of them
 * @file: by file, the most time first
 * @nr_files: of them
 */
struct breakdown {
	uint64_t faults;
	uint64_t records;
	bool complete;
	struct breakdown_cause *cause;
	unsigned int nr_causes;
	struct breakdown_file *file;
	unsigned int nr_files;
};

bool breakdown_make(struct breakdown *breakdown, const struct family *family,
		    const struct tally *tally, struct paths *paths);
void breakdown_fini(struct breakdown *breakdown);

#endif /* PFTOP_BREAKDOWN_H */
