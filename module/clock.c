// SPDX-License-Identifier: GPL-2.0
/* Time in the handlers: the slow parts. See clock.h. */
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "arch.h"
#include "clock.h"
#include "percpu.h"

struct pft_clock_scale pft_clock_scale __read_mostly;
DEFINE_STATIC_KEY_TRUE(pft_clock_counter);

/**
 * pft_clock_init - choose the source of raw time
 *
 * Context: may sleep; no handler runs. Called each time before probes are
 * switched on, so a counter that the kernel has given up since is no longer
 * used. Should that happen while probes are on, records keep the right time
 * (the anchors are the kernel's), and durations across CPUs are as wrong as
 * the counter.
 */
void pft_clock_init(void)
{
	unsigned int khz = pft_arch_counter_khz();
	unsigned int cpu;

	if (khz) {
		pft_clock_scale.mult = div_u64((u64)NSEC_PER_MSEC << PFT_CLOCK_SHIFT, khz);
		pft_clock_scale.window = khz;	/* counts in 1 ms */
		static_branch_enable(&pft_clock_counter);
	} else {
		pft_clock_scale.mult = 1ULL << PFT_CLOCK_SHIFT;
		pft_clock_scale.window = 0;
		static_branch_disable(&pft_clock_counter);
	}
	for_each_possible_cpu(cpu)
		per_cpu(pft_cpu, cpu).clock.raw = 0;
}

/**
 * pft_clock_anchor - ask the kernel's clock
 * @clock: of this CPU
 * @raw: pft_clock_raw(), read just before
 *
 * Context: preemption off; lock-free. ktime_get_mono_fast_ns() may step back
 * by a few ns against an interrupted update (kernel/time/timekeeping.c), and
 * an anchor may be behind what the old one and the multiplier gave: neither
 * may turn time back.
 *
 * Return: CLOCK_MONOTONIC in ns.
 */
u64 pft_clock_anchor(struct pft_clock *clock, u64 raw)
{
	u64 ns = pft_clock_scale.window ? ktime_get_mono_fast_ns() : raw;

	clock->last = max(ns, clock->last);
	clock->ns = clock->last;
	clock->raw = raw;
	return clock->last;
}
