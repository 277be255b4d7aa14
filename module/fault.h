/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_FAULT_H
#define PFT_FAULT_H

#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>

#include "uapi/pftrace.h"

struct pft_thread;

/**
 * struct pft_fault - a fault under way
 * @thread: entry of current, or NULL if it is not listed
 * @start: pft_clock_raw() when its first attempt began
 * @address: faulting address
 * @ip: instruction, 0 if there is none
 * @vma_start: see struct pft_record
 * @vma_end: see struct pft_record
 * @vma_pgoff: see struct pft_record
 * @flags: FAULT_FLAG_* of this attempt
 * @retries: attempts before this one
 * @access: enum pft_access
 * @origin: enum pft_origin
 * @perms: PFT_PERM_*
 *
 * It lives in a kretprobe instance, or on the stack for a refused fault. The
 * VMA's fields are copied because the VMA may be gone when the fault ends.
 */
struct pft_fault {
	struct pft_thread *thread;
	u64 start;
	u64 address;
	u64 ip;
	u64 vma_start;
	u64 vma_end;
	u64 vma_pgoff;
	u32 flags;
	u16 retries;
	u8 access;
	u8 origin;
	u8 perms;
};

/*
 * The instruction of the process behind a fault: the one that faulted, or the
 * one that entered the kernel, if the kernel faulted on its behalf. The
 * kernel's own addresses are not to be told.
 */
static __always_inline u64 pft_fault_ip(struct pt_regs *regs)
{
	if (unlikely(!user_mode(regs))) {
		regs = task_pt_regs(current);
		if (!user_mode(regs))	/* a kernel thread */
			return 0;
	}
	return instruction_pointer(regs);
}

void pft_fault_end(const struct pft_fault *fault, enum pft_class class, vm_fault_t result,
		   u64 now);

#endif /* PFT_FAULT_H */
