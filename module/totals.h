/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of the whole machine, one set per CPU, written by that CPU's
 * handlers only. The names shown in debugfs come from this table alone.
 */
#ifndef PFT_TOTALS_H
#define PFT_TOTALS_H

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * Enumerator, name in `totals`. Faults by class are not among them: latency.c
 * has them.
 */
#define PFT_TOTALS(X) \
	X(PFT_TOTAL_RETRIES,	"retries") \
	X(PFT_TOTAL_FILTERED,	"filtered") \
	X(PFT_TOTAL_NESTED,	"missed_reentry") \
	X(PFT_TOTAL_UNLISTED,	"missed_table_full") \
	X(PFT_TOTAL_NO_RING,	"missed_no_ring") \
	X(PFT_TOTAL_NO_NEIGHBOURS, "no_neighbours") \
	X(PFT_TOTAL_FILES_DROPPED, "files_dropped")

enum pft_total {
#define X(id, name) id,
	PFT_TOTALS(X)
#undef X
	PFT_NR_TOTALS
};

/**
 * struct pft_totals - the counters
 * @nr: indexed by enum pft_total
 */
struct pft_totals {
	u64 nr[PFT_NR_TOTALS];
};

/* One more on this CPU. */
static __always_inline void pft_totals_inc(struct pft_totals *totals, enum pft_total which)
{
	/*
	 * data_race: plain, so that it is one instruction. Nobody else writes, and
	 * pft_totals_sum() is content with either value.
	 */
	data_race(totals->nr[which]++);
}

extern const char *const pft_total_names[PFT_NR_TOTALS];

void pft_totals_sum(struct pft_totals *sum);
void pft_totals_clear(void);

#endif /* PFT_TOTALS_H */
