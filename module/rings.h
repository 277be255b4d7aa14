/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_RINGS_H
#define PFT_RINGS_H

#include <linux/types.h>

#include "ring.h"

int pft_rings_init(void);
void pft_rings_exit(void);
unsigned int pft_rings_kb(void);
int pft_rings_resize(unsigned int kb);
void pft_rings_clear(void);

struct pft_buf *pft_rings_get(unsigned int cpu);
struct pft_buf *pft_rings_map(unsigned int cpu);
void pft_rings_map_again(struct pft_buf *buf);
void pft_rings_unmap(struct pft_buf *buf);

/**
 * struct pft_rings_stats - sums over all rings
 * @records: positions used since load or clear
 * @overwritten: of these, how many the rings no longer hold
 * @bytes: memory held
 * @cpus: CPUs that have a ring
 */
struct pft_rings_stats {
	u64 records;
	u64 overwritten;
	u64 bytes;
	unsigned int cpus;
};

void pft_rings_stats(struct pft_rings_stats *stats);
u64 pft_rings_head(unsigned int cpu);

#endif /* PFT_RINGS_H */
