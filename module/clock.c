// SPDX-License-Identifier: GPL-2.0
/* Time in the handlers: the slow parts. See clock.h. */
#include <linux/clocksource.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "arch.h"
#include "clock.h"

/* Longest difference that clocks_calc_mult_shift() must keep exact. */
#define SCALE_SECONDS	1

struct pft_clock_scale pft_clock_scale __read_mostly;
DEFINE_PER_CPU(struct pft_clock, pft_clock);

/**
 * pft_clock_init - choose the source of raw time
 *
 * Context: no handler runs. Called each time before probes are switched on,
 * so a counter that the kernel has given up since is no longer used. Should
 * that happen while probes are on, records keep the right time (the anchors
 * are the kernel's), and durations across CPUs are as wrong as the counter.
 */
void pft_clock_init(void)
{
	struct pft_clock_scale scale = { .mult = 1 };
	unsigned int khz = pft_arch_counter_khz();
	unsigned int cpu;

	if (khz) {
		scale.counter = true;
		scale.window = khz;	/* counts in 1 ms */
		clocks_calc_mult_shift(&scale.mult, &scale.shift, khz, NSEC_PER_MSEC,
				       SCALE_SECONDS);
	}
	pft_clock_scale = scale;
	for_each_possible_cpu(cpu)
		per_cpu_ptr(&pft_clock, cpu)->raw = 0;
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
	u64 ns = pft_clock_scale.counter ? ktime_get_mono_fast_ns() : raw;

	clock->last = max(ns, clock->last);
	clock->ns = clock->last;
	clock->raw = raw;
	return clock->last;
}
