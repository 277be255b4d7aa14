/* SPDX-License-Identifier: GPL-2.0 */
/* All that the handlers write besides the thread's own entry. */
#ifndef PFT_PERCPU_H
#define PFT_PERCPU_H

#include <linux/percpu.h>

#include "clock.h"
#include "latency.h"
#include "ring.h"
#include "totals.h"

/**
 * struct pft_cpu - what one CPU's handlers write, and nobody else
 * @ring: its ring (rings.c)
 * @clock: anchor of its clock (clock.c)
 * @totals: its counters (totals.c)
 * @under_way: direct calls begun less those ended; only the sum over all CPUs
 *	means something (direct.c)
 * @latency: its histograms (latency.c); set before a handler runs
 */
struct pft_cpu {
	struct pft_ring ring;
	struct pft_clock clock;
	struct pft_totals totals;
	long under_way;
	struct pft_latency *latency;
};

/* On cache lines of its own, found with one addition. */
DECLARE_PER_CPU_ALIGNED(struct pft_cpu, pft_cpu);

#endif /* PFT_PERCPU_H */
