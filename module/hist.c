// SPDX-License-Identifier: GPL-2.0
#include "hist.h"

/**
 * pft_hist_count - all that was counted
 * @hist: may be being written
 *
 * Context: any.
 * Return: number of durations, those that were none included.
 */
u64 pft_hist_count(const struct pft_hist *hist)
{
	return pft_hist_timed(hist) + READ_ONCE(hist->bucket[0]);
}

/**
 * pft_hist_timed - what had a duration
 * @hist: may be being written
 *
 * Context: any.
 * Return: number of durations.
 */
u64 pft_hist_timed(const struct pft_hist *hist)
{
	unsigned int i;
	u64 sum = 0;

	/* No sum, no durations: most rows of a CPU need no more than this line. */
	if (!READ_ONCE(hist->ns))
		return 0;
	for (i = 1; i < PFT_HIST_BUCKETS; i++)
		sum += READ_ONCE(hist->bucket[i]);
	return sum;
}

/**
 * pft_hist_merge - add one histogram to another
 * @to: nobody else uses it
 * @from: may be being written
 *
 * Context: any.
 */
void pft_hist_merge(struct pft_hist *to, const struct pft_hist *from)
{
	u64 ns = READ_ONCE(from->ns), max = READ_ONCE(from->max);
	unsigned int i;

	to->bucket[0] += READ_ONCE(from->bucket[0]);
	if (!ns)
		return;
	to->ns += ns;
	if (to->max < max)
		to->max = max;
	for (i = 1; i < PFT_HIST_BUCKETS; i++)
		to->bucket[i] += READ_ONCE(from->bucket[i]);
}

/* @width * @k / @n without overflow, for 0 < @k <= @n. */
static u64 share_of(u64 width, u64 k, u64 n)
{
	/* The remainder of a division by n, times k, must fit. */
	while (n >> 32) {
		n >>= 1;
		k >>= 1;
	}
	return width / n * k + width % n * k / n;
}

/**
 * pft_hist_percentile - the duration that a share of all did not exceed
 * @hist: does not change meanwhile
 * @percent: the share, 1 to 100
 * @to: filled; all 0 if nothing had a duration
 *
 * Of n durations in order it is number ceil(n * @percent / 100). Its bucket is
 * exact. Within the bucket the durations are taken to be spread evenly, up to
 * the longest of all if that is in the same bucket.
 *
 * Context: any.
 */
void pft_hist_percentile(const struct pft_hist *hist, unsigned int percent,
			 struct pft_percentile *to)
{
	u64 n = pft_hist_timed(hist), before = 0, last;
	u64 rank = n / 100 * percent + (n % 100 * percent + 99) / 100;
	unsigned int i;

	*to = (struct pft_percentile) {};
	if (!n)
		return;
	for (i = 1; i < PFT_HIST_BUCKETS - 1 && before + hist->bucket[i] < rank; i++)
		before += hist->bucket[i];
	to->from = pft_hist_from(i);
	to->to = pft_hist_to(i);
	/* A fault that just ended may be in its bucket but not yet in max. */
	last = to->to;
	if (hist->max >= to->from && hist->max < last)
		last = hist->max;
	to->ns = to->from + share_of(last - to->from, rank - before, hist->bucket[i]);
}
