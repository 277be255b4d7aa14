/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One call of handle_mm_fault(), which is one attempt to serve a fault. What
 * the kernel counts is decided by mm_account_fault() in mm/memory.c: nothing
 * for a result with VM_FAULT_RETRY or VM_FAULT_ERROR; else major if
 * VM_FAULT_MAJOR is in the result or FAULT_FLAG_TRIED in the flags; else minor.
 * The same rule is applied here to the same two values, so the counts are the
 * same.
 *
 * This runs with preemption off, in the faulting thread, also when it is
 * reclaiming memory or exiting; it uses nothing that could matter there.
 */
#ifndef PFT_ATTEMPT_H
#define PFT_ATTEMPT_H

#include <linux/mm.h>
#include <linux/ptrace.h>

#include "cause.h"
#include "fault.h"

void pft_attempt_settle(struct pft_thread *thread, struct pft_fault *fault);
void pft_attempt_retry(const struct pft_fault *fault);
void pft_attempt_failed(struct pft_fault *fault, vm_fault_t result);

static_assert((int)FAULT_FLAG_WRITE == PFT_WRITE && (int)FAULT_FLAG_INSTRUCTION >> 7 == PFT_EXEC);

static __always_inline enum pft_access pft_attempt_access(u32 flags)
{
	/* an instruction fetch does not write */
	return (flags & FAULT_FLAG_WRITE) | ((flags & FAULT_FLAG_INSTRUCTION) >> 7);
}

/**
 * pft_attempt_begins - handle_mm_fault() has been called
 * @fault: filled; to be kept until it returns
 * @vma: its first argument, as are the following
 * @address: see there
 * @flags: see there
 * @regs: see there
 *
 * Context: preemption off, in the faulting thread. Takes no lock, cannot sleep
 * or fault.
 */
static __always_inline void pft_attempt_begins(struct pft_fault *fault, struct vm_area_struct *vma,
					       unsigned long address, u32 flags,
					       struct pt_regs *regs)
{
	struct pft_thread *thread = pft_thread_self();
	enum pft_origin origin = PFT_USER;

	fault->start = pft_clock_raw();
	fault->thread = thread;
	fault->address = address;
	fault->vma_start = vma->vm_start;
	fault->vma_end = vma->vm_end;
	fault->vma_pgoff = vma->vm_pgoff;
	fault->flags = flags;
	if (likely(regs && user_mode(regs))) {
		fault->ip = instruction_pointer(regs);
	} else {
		fault->ip = regs ? pft_fault_ip(regs) : 0;
		origin = regs ? PFT_KERNEL : PFT_GUP;
	}
	fault->what = pft_fault_what(pft_attempt_access(flags), origin,
				     (vma->vm_flags & PFT_VM_PERMS) | PFT_PERM_VMA);
	pft_cause_begin(fault, vma);
	if (likely(thread) && unlikely(!pft_thread_ready(thread)))
		pft_attempt_settle(thread, fault);
}

/**
 * pft_attempt_ends - handle_mm_fault() returns
 * @fault: what pft_attempt_begins() noted
 * @result: its result
 *
 * Context: as pft_attempt_begins().
 */
static __always_inline void pft_attempt_ends(struct pft_fault *fault, vm_fault_t result)
{
	enum pft_class class = PFT_MINOR;
	u64 now = pft_clock_raw();

	if (unlikely(result & (VM_FAULT_RETRY | VM_FAULT_ERROR))) {
		if (result & VM_FAULT_RETRY) {
			pft_attempt_retry(fault);
			return;
		}
		pft_attempt_failed(fault, result);
		class = PFT_INVALID;
	} else {
		fault->more |= (u64)pft_cause_order(fault, result) << PFT_ORDER_SHIFT;
		if ((result & VM_FAULT_MAJOR) || (fault->flags & FAULT_FLAG_TRIED))
			class = PFT_MAJOR;
	}
	pft_fault_end(fault, class, result, now);
}

#endif /* PFT_ATTEMPT_H */
