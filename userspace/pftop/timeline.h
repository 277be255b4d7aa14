/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_TIMELINE_H
#define PFTOP_TIMELINE_H

#include "libpftrace.h"

#define TIMELINE_BINS	600

/**
 * struct timeline_bin - what happened in a while
 * @count: faults per class
 * @lost: records lost
 */
struct timeline_bin {
	uint64_t count[PFT_NR_CLASSES];
	uint64_t lost;
};

/**
 * struct timeline - faults over time, in at most TIMELINE_BINS parts
 * @start_ns: where the first part begins
 * @bin_ns: how long each is
 * @count: of parts, up to the last that is not empty
 * @bin: the parts
 */
struct timeline {
	uint64_t start_ns;
	uint64_t bin_ns;
	unsigned int count;
	struct timeline_bin bin[TIMELINE_BINS];
};

void timeline_init(struct timeline *timeline, uint64_t start_ns);
void timeline_add(struct timeline *timeline, const struct pft_record *record);
void timeline_lost(struct timeline *timeline, uint64_t time_ns, uint64_t lost);

#endif /* PFTOP_TIMELINE_H */
