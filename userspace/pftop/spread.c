// SPDX-License-Identifier: GPL-2.0
/* Percentiles of durations, to an eighth of their power of two. */

#include "spread.h"

static unsigned int bucket_of(uint64_t ns)
{
	unsigned int top;

	if (ns < 8)
		return (unsigned int)ns;
	top = 63 - (unsigned int)__builtin_clzll(ns);
	return (top - 2) * 8 + (unsigned int)(ns >> (top - 3) & 7);
}

static uint64_t last_of(unsigned int bucket)
{
	if (bucket < 8)
		return bucket;
	return ((8ULL + bucket % 8 + 1) << (bucket / 8 - 1)) - 1;
}

/**
 * spread_from - where a bucket begins
 * @bucket: up to SPREAD_BUCKETS
 *
 * Return: ns.
 */
uint64_t spread_from(unsigned int bucket)
{
	return bucket ? last_of(bucket - 1) + 1 : 0;
}

/**
 * spread_add - one more
 * @spread: where to
 * @ns: its duration
 */
void spread_add(struct spread *spread, uint64_t ns)
{
	spread->count++;
	spread->bucket[bucket_of(ns)]++;
	if (ns > spread->max_ns)
		spread->max_ns = ns;
}

/**
 * spread_percentile - how long did most of them take, at most?
 * @spread: with at least one
 * @percent: how many of them, above 0
 *
 * Return: ns, too high by an eighth at most.
 */
uint64_t spread_percentile(const struct spread *spread, unsigned int percent)
{
	uint64_t rank = spread->count / 100 * percent + (spread->count % 100 * percent + 99) / 100;
	unsigned int i;

	for (i = 0; i < SPREAD_BUCKETS - 1 && spread->bucket[i] < rank; i++)
		rank -= spread->bucket[i];
	return last_of(i) < spread->max_ns ? last_of(i) : spread->max_ns;
}
