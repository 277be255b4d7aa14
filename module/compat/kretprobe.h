/* SPDX-License-Identifier: GPL-2.0 */
/* What a kprobe's count of misses has besides misses. */
#ifndef PFT_COMPAT_KRETPROBE_H
#define PFT_COMPAT_KRETPROBE_H

#include <linux/kprobes.h>
#include <linux/percpu.h>

/*
 * Before 5.14 a page fault within a handler counts as a miss of that handler's
 * probe, and then the probe's fault_handler is called. Such faults are the
 * kernel's, with faults disabled: perf, in the tracepoint, reads the stack of
 * the process. They are counted here, to be taken off.
 */
#ifdef PFT_HAVE_KPROBE_FAULT_HANDLER

static DEFINE_PER_CPU(unsigned long, pft_faults_within);

static int pft_fault_within(struct kprobe *kp, struct pt_regs *regs, int trap)
{
	this_cpu_inc(pft_faults_within);
	return 0;
}

/* register_kretprobe() clears it. */
static inline void pft_kretprobe_registered(struct kretprobe *rp)
{
	WRITE_ONCE(rp->kp.fault_handler, pft_fault_within);
}

/* How many since the module was loaded; both counts move on meanwhile. */
static inline unsigned long pft_kretprobe_false_misses(void)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(&pft_faults_within, cpu));
	return sum;
}

#else

static inline void pft_kretprobe_registered(struct kretprobe *rp)
{
}

static inline unsigned long pft_kretprobe_false_misses(void)
{
	return 0;
}

#endif

#endif /* PFT_COMPAT_KRETPROBE_H */
