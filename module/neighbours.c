// SPDX-License-Identifier: GPL-2.0
/*
 * What is at, below and above the address of a refused fault. The
 * architecture has let go of the mmap lock when it refuses, so it is taken
 * once more; it is only tried, never waited for. If it cannot be had, by a
 * thread that is changing the mappings, the record says nothing of them, and
 * no_neighbours counts it.
 *
 * This is no part of a fault that is served. To let go of the lock may wake a
 * writer that waits for it, which takes the locks of the scheduler. That is
 * safe here: an instruction of user space holds no lock, and the kernel, when
 * it accesses user memory with page faults allowed and interrupts on, can hold
 * none of those (they are taken with interrupts off). The caller sees to that.
 */
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>

#include "cause.h"
#include "compat/vma.h"
#include "file.h"
#include "neighbours.h"
#include "reject.h"

/*
 * So far below the stack pointer an access may be meant for the stack: a large
 * frame, and the red zone. Kernels before 5.0 grew a stack by as much.
 */
#define STACK_REACH	(65536 + 256)

static bool near_stack_pointer(u64 address)
{
	u64 sp = user_stack_pointer(task_pt_regs(current));

	return address + STACK_REACH >= sp && address <= sp + STACK_REACH;
}

static void inside(struct pft_fault *fault, const struct vm_area_struct *vma)
{
	enum pft_cause cause = pft_fault_cause(fault);
	enum pft_area area = pft_cause_area(vma);

	fault->vma_start = vma->vm_start;
	fault->vma_end = vma->vm_end;
	fault->vma_pgoff = vma->vm_pgoff;
	fault->more |= (u64)area << PFT_AREA_SHIFT;
	pft_cause_identity(fault, vma, area);
	if (cause == PFT_CAUSE_OTHER) {
		cause = pft_reject_cause(fault, SEGV_ACCERR);
		pft_fault_set_cause(fault, cause);
	}
	/* The guard below the stack of a thread. */
	if ((cause == PFT_CAUSE_READ_DENIED || cause == PFT_CAUSE_WRITE_DENIED) &&
	    !(vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC)) &&
	    near_stack_pointer(fault->address))
		pft_fault_set_cause(fault, PFT_CAUSE_STACK);
}

static void between(struct pft_fault *fault, const struct vm_area_struct *below,
		    const struct vm_area_struct *above)
{
	enum pft_area area;

	if (pft_fault_cause(fault) == PFT_CAUSE_OTHER)
		pft_fault_set_cause(fault, pft_reject_cause(fault, SEGV_MAPERR));
	fault->what |= (u64)PFT_PERM_HOLE << PFT_PERMS_SHIFT;
	fault->vma_start = below ? below->vm_end : 0;
	fault->vma_end = above ? above->vm_start : 0;
	fault->vma_pgoff = 0;
	if (below) {
		area = pft_cause_area(below);
		fault->vma_pgoff |= ((u64)pft_cause_perms(below) << 32) | ((u64)area << 48);
		fault->more |= (u64)pft_file_id(below, area) << PFT_FILE_SHIFT;
	}
	if (above) {
		area = pft_cause_area(above);
		fault->vma_pgoff |= ((u64)pft_cause_perms(above) << 40) | ((u64)area << 56) |
				    pft_file_id(above, area);
	}
	fault->ino = rlimit(RLIMIT_STACK);
	if (pft_fault_cause(fault) == PFT_CAUSE_UNMAPPED && above &&
	    (above->vm_flags & VM_GROWSDOWN) && near_stack_pointer(fault->address))
		pft_fault_set_cause(fault, PFT_CAUSE_STACK);
}

/**
 * pft_neighbours - complete a refused fault by what is around its address
 * @fault: @address, @what and @more are set
 *
 * Fills the VMA's fields, or those of a hole, and what the record says of
 * files; finds out stack overflows.
 *
 * Context: as pft_fault_end(); the thread holds no lock that a wake-up takes.
 */
void pft_neighbours(struct pft_fault *fault)
{
	struct mm_struct *mm = current->mm;
	const struct vm_area_struct *vma;

	if (!mm || !mmap_read_trylock(mm)) {
		__this_cpu_inc(pft_cpu.totals.nr[PFT_TOTAL_NO_NEIGHBOURS]);
		return;
	}
	vma = find_vma(mm, fault->address);
	if (vma && vma->vm_start <= fault->address)
		inside(fault, vma);
	else
		between(fault, pft_vma_below(mm, fault->address, vma), vma);
	mmap_read_unlock(mm);
}
