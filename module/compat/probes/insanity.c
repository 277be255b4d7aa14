// SPDX-License-Identifier: GPL-2.0
/* If this compiles, no other probe's answer means anything. */
#include <linux/mm.h>

unsigned long probe(const struct vm_area_struct *vma)
{
	return pft_is_in_no_kernel(vma);
}
