/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time in the handlers. Durations are differences of pft_clock_raw(); a
 * record's CLOCK_MONOTONIC comes from pft_clock_ns(). Where the CPU's counter
 * can be trusted a read of it and a multiplication do, and the kernel's clock
 * is asked once per millisecond and CPU; elsewhere it is asked each time.
 */
#ifndef PFT_CLOCK_H
#define PFT_CLOCK_H

#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <linux/types.h>

#define PFT_CLOCK_SHIFT	32

/**
 * struct pft_clock_scale - how raw time becomes ns
 * @mult: ns = raw * @mult >> PFT_CLOCK_SHIFT; fixed while probes are on
 * @window: raw time for which a per-CPU anchor is used: 1 ms, or 0 to ask the
 *	kernel's clock each time
 */
struct pft_clock_scale {
	u64 mult;
	u64 window;
};

/**
 * struct pft_clock - anchor of one CPU; only its handlers touch it
 * @raw: pft_clock_raw() at the anchor
 * @ns: CLOCK_MONOTONIC at the anchor
 * @last: newest time handed out
 */
struct pft_clock {
	u64 raw;
	u64 ns;
	u64 last;
};

extern struct pft_clock_scale pft_clock_scale;
DECLARE_STATIC_KEY_TRUE(pft_clock_counter);

void pft_clock_init(void);
u64 pft_clock_anchor(struct pft_clock *clock, u64 raw);

/* Raw time now. Context: any, also NMI. */
static __always_inline u64 pft_clock_raw(void)
{
	if (static_branch_likely(&pft_clock_counter))
		return get_cycles();
	return ktime_get_mono_fast_ns();
}

/* ns between two raw times, 0 if they are in the wrong order. */
static __always_inline u64 pft_clock_since(u64 from, u64 to)
{
	if (unlikely((s64)(to - from) < 0))	/* counters of two CPUs, a few cycles apart */
		return 0;
	return mul_u64_u64_shr(to - from, pft_clock_scale.mult, PFT_CLOCK_SHIFT);
}

/*
 * CLOCK_MONOTONIC, in ns, at raw time @raw, which was read just now on the
 * CPU whose anchor @clock is. Never decreases on one CPU. Context: preemption
 * off.
 */
static __always_inline u64 pft_clock_ns(struct pft_clock *clock, u64 raw)
{
	u64 delta = raw - clock->raw;
	u64 ns;

	if (unlikely(delta >= pft_clock_scale.window))
		return pft_clock_anchor(clock, raw);
	/* 1 ms of a counter at any speed: the product is below 2^52 */
	ns = clock->ns + ((delta * pft_clock_scale.mult) >> PFT_CLOCK_SHIFT);
	if (unlikely(ns < clock->last))		/* the anchor before was ahead */
		return clock->last;
	clock->last = ns;
	return ns;
}

#endif /* PFT_CLOCK_H */
