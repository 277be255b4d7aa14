/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an architecture must supply: arch_x86.c, arch_arm64.c. A fault that
 * the architecture refuses before handle_mm_fault() passes through a function
 * of its own; these files know which, and how to read its arguments.
 */
#ifndef PFT_ARCH_H
#define PFT_ARCH_H

#include <linux/kprobes.h>
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "fault.h"

#define PFT_ARCH_MAX_HOOKS	2

/**
 * struct pft_arch_hook - one place where faults are refused
 * @symbol: function to probe
 * @decode: reads the function's arguments into a fault: @address, @ip, @what
 *	and @more; false if this is no refused page fault of a process. *look is
 *	set if pft_neighbours() may be called. PFT_CAUSE_OTHER if only a look at
 *	the mappings tells the cause. Called as a kprobe handler: preemption off,
 *	must not sleep or fault.
 */
struct pft_arch_hook {
	const char *symbol;
	bool (*decode)(struct pt_regs *regs, struct pft_fault *fault, bool *look);
};

extern const struct pft_arch_hook pft_arch_hooks[PFT_ARCH_MAX_HOOKS];

/**
 * pft_arch_refuses_again - will a hook see a fault that failed in handle_mm_fault()?
 * @origin: PFT_USER or PFT_KERNEL
 * @result: its result, with at least one bit of VM_FAULT_ERROR
 *
 * Return: true if one of pft_arch_hooks is reached with the same address
 * next. Then that call is the same fault and must not be counted again.
 */
bool pft_arch_refuses_again(enum pft_origin origin, vm_fault_t result);

/**
 * pft_arch_decode_signal - the fault behind a SIGSEGV that is being sent
 * @fault: @address is what the signal says; filled: access, ip, and a better
 *	address if there is one
 *
 * Context: current is the thread that faulted, preemption off.
 * Return: true if current's last trap was a page fault.
 */
bool pft_arch_decode_signal(struct pft_fault *fault);

/**
 * pft_arch_vdso - where the vDSO of a process is
 * @mm: its memory
 *
 * Context: any.
 * Return: first address of its VMA, or 0.
 */
static inline unsigned long pft_arch_vdso(const struct mm_struct *mm)
{
	/* the same on x86 and arm64 */
	return (unsigned long)mm->context.vdso;
}

/**
 * pft_arch_counter_khz - frequency of get_cycles()
 *
 * Return: counts per ms if the counter is constant and the same on all CPUs,
 * else 0.
 */
unsigned int pft_arch_counter_khz(void);

#endif /* PFT_ARCH_H */
