/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_SPREAD_H
#define PFTOP_SPREAD_H

#include <stdint.h>

#define SPREAD_BUCKETS	496

/**
 * struct spread - how durations are spread; all zero has none
 * @count: of them
 * @max_ns: the longest
 * @bucket: eight for each power of two
 */
struct spread {
	uint64_t count;
	uint64_t max_ns;
	uint64_t bucket[SPREAD_BUCKETS];
};

uint64_t spread_from(unsigned int bucket);
void spread_add(struct spread *spread, uint64_t ns);
uint64_t spread_percentile(const struct spread *spread, unsigned int percent);

#endif /* PFTOP_SPREAD_H */
