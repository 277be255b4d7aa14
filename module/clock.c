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
 * switched on.
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

/* Neither a step of the fast clock nor a new anchor may turn time back. */
static u64 not_back(struct pft_clock *clock, u64 ns)
{
	clock->last = max(ns, clock->last);
	return clock->last;
}

/**
 * pft_clock_anchor - ask the kernel's clock
 * @clock: of this CPU
 * @raw: pft_clock_raw(), read just before
 *
 * Context: preemption off; lock-free. ktime_get_mono_fast_ns() may step back
 * by a few ns against an interrupted update (kernel/time/timekeeping.c).
 *
 * The kernel may give up its trust in the counter while probes are on (the
 * clocksource watchdog). From then on no anchor is used, so the records keep
 * the right time; durations are as good as the counter until the probes are
 * next switched on.
 *
 * Return: CLOCK_MONOTONIC at @raw, in ns.
 */
u64 pft_clock_anchor(struct pft_clock *clock, u64 raw)
{
	u64 window = READ_ONCE(pft_clock_scale.window);
	u64 before, after, ns;
	int tries = 3;

	if (!static_branch_likely(&pft_clock_counter))
		return not_back(clock, raw);
	if (!window || !pft_arch_counter_khz()) {
		WRITE_ONCE(pft_clock_scale.window, 0);
		return not_back(clock, ktime_get_mono_fast_ns());
	}
	/* A virtual CPU may lose its turn between two reads: 10 us will do. */
	do {
		before = get_cycles();
		ns = ktime_get_mono_fast_ns();
		after = get_cycles();
	} while (after - before > window / 100 && --tries);
	clock->raw = before + (after - before) / 2;
	clock->ns = ns;
	return not_back(clock, ns - pft_clock_since(raw, clock->raw));
}
