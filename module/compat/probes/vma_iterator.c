// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

struct vm_area_struct *probe(struct mm_struct *mm)
{
	VMA_ITERATOR(vmi, mm, 0);

	return vma_prev(&vmi);
}
