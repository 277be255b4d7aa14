/* SPDX-License-Identifier: GPL-2.0 */
/* The VMA below a hole. */
#ifndef PFT_COMPAT_VMA_H
#define PFT_COMPAT_VMA_H

#include <linux/mm.h>

/*
 * The last VMA that ends at or below @address, or NULL; @above is the first
 * one that begins above it, or NULL. Context: the mmap lock is held.
 */
static inline struct vm_area_struct *pft_vma_below(struct mm_struct *mm, unsigned long address,
						   const struct vm_area_struct *above)
{
#ifdef PFT_HAVE_VMA_ITERATOR
	VMA_ITERATOR(vmi, mm, address);

	return vma_prev(&vmi);
#else
	struct rb_node *last;

	if (above)
		return above->vm_prev;
	last = rb_last(&mm->mm_rb);
	return last ? rb_entry(last, struct vm_area_struct, vm_rb) : NULL;
#endif
}

#endif /* PFT_COMPAT_VMA_H */
