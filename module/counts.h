/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_COUNTS_H
#define PFT_COUNTS_H

#include <linux/types.h>

#include "uapi/pftrace.h"

/**
 * struct pft_counts - what a thread's or process's faults amount to
 * @nr: faults per class
 * @ns: time spent in them per class, ns
 * @last_addr: address of the newest fault of a thread; of a process, of one
 *	of its threads
 * @retries: attempts that were not faults of their own
 * @cause: faults per cause; the same faults as in @nr
 */
struct pft_counts {
	u64 nr[PFT_NR_CLASSES];
	u64 ns[PFT_NR_CLASSES];
	u64 last_addr;
	u64 retries;
	u64 cause[PFT_NR_CAUSES];
};

static inline u64 pft_counts_faults(const struct pft_counts *c)
{
	return c->nr[PFT_MINOR] + c->nr[PFT_MAJOR] + c->nr[PFT_INVALID];
}

#endif /* PFT_COUNTS_H */
