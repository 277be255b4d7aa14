/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a fault happened, on what, and what got mapped. What most faults need,
 * the first touch of anonymous memory, is inlined into the handlers.
 */
#ifndef PFT_CAUSE_H
#define PFT_CAUSE_H

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "compat/vma_name.h"
#include "fault.h"
#include "walk.h"

void pft_cause_begin_slow(struct pft_fault *fault, const struct vm_area_struct *vma);
unsigned int pft_cause_order_slow(const struct pft_fault *fault, vm_fault_t result);
void pft_cause_failed(struct pft_fault *fault, vm_fault_t result);
/*
 * PFT_PERM_* as /proc/PID/maps shows them. Of the mapping of a file that is open for
 * reading only, VM_SHARED is taken away again, VM_MAYSHARE is not.
 */
static __always_inline u8 pft_cause_perms(const struct vm_area_struct *vma)
{
	u8 perms = (vma->vm_flags & PFT_VM_PERMS) | PFT_PERM_VMA;

	return vma->vm_flags & VM_MAYSHARE ? perms | PFT_PERM_SHARED : perms;
}

void pft_cause_identity(struct pft_fault *fault, const struct vm_area_struct *vma,
			enum pft_area area);
enum pft_area pft_cause_mapping(const struct vm_area_struct *vma);
enum pft_level pft_cause_level(struct mm_struct *mm, unsigned long address);

/**
 * pft_cause_area - what kind of mapping
 * @vma: with its mm's lock, or its own lock, held by the caller
 *
 * The heap and the stack of the main thread are told as /proc/PID/maps does
 * (fs/proc/task_mmu.c).
 *
 * Context: any; reads only.
 * Return: not PFT_AREA_NONE.
 */
static __always_inline enum pft_area pft_cause_area(const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;

	/* also of a private mapping of /dev/zero */
	if (unlikely(vma->vm_ops))
		return pft_cause_mapping(vma);
	if (vma->vm_start < mm->brk && vma->vm_end > mm->start_brk)
		return PFT_AREA_HEAP;
	if (unlikely(vma->vm_flags & VM_GROWSDOWN) && vma->vm_start <= mm->start_stack &&
	    vma->vm_end >= mm->start_stack)
		return PFT_AREA_STACK;
	return PFT_AREA_ANON;
}

/**
 * pft_cause_begin - cause, level and kind of mapping of a fault
 * @fault: @flags and @address are set; @more, @dev, @ino, @mm, @vma and @walk
 *	are filled
 * @vma: argument of handle_mm_fault(), which holds a lock on it
 *
 * Context: as pft_fault_end().
 */
static __always_inline void pft_cause_begin(struct pft_fault *fault,
					    const struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long irq_flags;

	local_irq_save(irq_flags);
	pft_walk(mm, fault->address, &fault->walk);
	local_irq_restore(irq_flags);

	fault->vma = vma;
	fault->mm = mm;
	fault->ino = 0;
	fault->dev = 0;
	if (likely(!vma->vm_ops && !vma->vm_file && !pft_vma_name(vma) &&
		   pte_none(fault->walk.entry) &&
		   !(vma->vm_flags & (VM_UFFD_MISSING | VM_UFFD_MINOR)))) {
		enum pft_cause cause = fault->flags & FAULT_FLAG_WRITE ? PFT_CAUSE_ZERO :
									  PFT_CAUSE_ZERO_READ;

		fault->more = pft_fault_more(cause, fault->walk.level, pft_cause_area(vma));
		return;
	}
	pft_cause_begin_slow(fault, vma);
}

/*
 * log2 of the pages in the folio that @entry maps a page of; @entry is present
 * and at the lowest level. Nobody has a reference on the page: it may already
 * be another's, then this is the order of that. Context: interrupts off.
 */
static __always_inline unsigned int pft_cause_order_of(pte_t entry)
{
	unsigned int order;

	/* the page of zeroes, and memory without struct page */
	if (pte_special(entry))
		return 0;
	order = compound_order(compound_head(pte_page(entry)));
	return likely(order <= PUD_SHIFT - PAGE_SHIFT) ? order : 0;
}

/**
 * pft_cause_order - what got mapped by a fault that was served
 * @fault: the fault
 * @result: of handle_mm_fault()
 *
 * The size is that of the folio, of which the kernel maps as much as it can.
 *
 * Context: as pft_fault_end(), when handle_mm_fault() returns.
 * Return: log2 of a number of pages, or PFT_ORDER_NONE.
 */
static __always_inline unsigned int pft_cause_order(const struct pft_fault *fault,
						    vm_fault_t result)
{
#ifdef CONFIG_X86_64
	unsigned long irq_flags;
	unsigned int order;
	u64 entry;

	/* The lock on the VMA is held still, so the PMD table is there still. */
	if (unlikely(!fault->walk.pmd || (result & VM_FAULT_COMPLETED)))
		return pft_cause_order_slow(fault, result);
	local_irq_save(irq_flags);
	entry = READ_ONCE(*(u64 *)fault->walk.pmd);
	if (unlikely(!PFT_IS_TABLE(entry)))
		goto slow;
	entry = READ_ONCE(pft_table_of(entry)[(fault->address >> PAGE_SHIFT) &
					      (PTRS_PER_PTE - 1)]);
	if (unlikely(!(entry & _PAGE_PRESENT)))
		goto slow;
	order = 0;
	if (likely(!(entry & _PAGE_SPECIAL))) {
		struct page *page = pfn_to_page((entry & pft_tables.mask) >> PAGE_SHIFT);

		order = compound_order(compound_head(page));
		if (unlikely(order > PUD_SHIFT - PAGE_SHIFT))	/* see pft_cause_order_of() */
			order = 0;
	}
	local_irq_restore(irq_flags);
	return order;
slow:
	local_irq_restore(irq_flags);
#endif
	return pft_cause_order_slow(fault, result);
}

#endif /* PFT_CAUSE_H */
