/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A histogram of durations with a bucket per power of two. Also builds in user
 * space.
 */
#ifndef PFT_HIST_H
#define PFT_HIST_H

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#else
#include "ring_shim.h"
#endif

#define PFT_HIST_BUCKETS	62

/**
 * struct pft_hist - the histogram
 * @bucket: bucket 0 counts what had no duration, bucket i durations of i bits:
 *	2^(i-1) to 2^i - 1 ns
 * @ns: sum of all durations, ns
 * @max: longest, ns
 *
 * Its size is a power of two, so that one of many is found by a shift. The last
 * bucket ends at 73 years, so nobody looks whether a duration is longer; if one
 * were it would spoil @ns or @max here, and nothing else.
 */
struct pft_hist {
	u64 bucket[PFT_HIST_BUCKETS];
	u64 ns;
	u64 max;
};

static_assert(sizeof(struct pft_hist) == 512);

/**
 * struct pft_percentile - what pft_hist_percentile() knows
 * @ns: estimate
 * @from: least that it can be
 * @to: most that it can be
 */
struct pft_percentile {
	u64 ns;
	u64 from;
	u64 to;
};

/**
 * pft_hist_bucket - where a duration is counted
 * @ns: below 2^63
 *
 * The index is fls64(@ns), found without asking whether @ns is 0.
 *
 * Return: index of the bucket.
 */
static __always_inline unsigned long pft_hist_bucket(u64 ns)
{
	return __fls(ns * 2 + 1);
}

/**
 * pft_hist_add - count a duration
 * @hist: nobody else writes to it; who reads meanwhile may miss it in a part
 * @ns: the duration, below 2^61
 *
 * Context: any.
 */
static __always_inline void pft_hist_add(struct pft_hist *hist, u64 ns)
{
	/*
	 * Not hist->bucket[]: kernels built to check indices check it each time.
	 * data_race: plain, so that each is one instruction. Nobody else writes, and
	 * readers are content with any of the values that a word has had.
	 */
	data_race(++*(hist->bucket + pft_hist_bucket(ns)));
	data_race(hist->ns += ns);	/* the same */
	if (unlikely(ns > hist->max))
		WRITE_ONCE(hist->max, ns);
}

/* Least and most that bucket @i > 0 counts, ns. */
static inline u64 pft_hist_from(unsigned int i)
{
	return 1ULL << (i - 1);
}

static inline u64 pft_hist_to(unsigned int i)
{
	return (1ULL << i) - 1;
}

u64 pft_hist_count(const struct pft_hist *hist);
u64 pft_hist_timed(const struct pft_hist *hist);
void pft_hist_merge(struct pft_hist *to, const struct pft_hist *from);
void pft_hist_percentile(const struct pft_hist *hist, unsigned int percent,
			 struct pft_percentile *to);

#endif /* PFT_HIST_H */
