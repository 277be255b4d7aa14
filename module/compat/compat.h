/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before every file of the module (Kbuild). Core code is written
 * for the newest kernel; what older ones lack is made up here. PFT_HAVE_*
 * come from compat/probes/, compiled against the kernel at hand.
 */
#ifndef PFT_COMPAT_H
#define PFT_COMPAT_H

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>

#ifndef PFT_HAVE_VM_FLAGS_CLEAR
static inline void vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#ifndef PFT_HAVE_FAULT_FLAG_VMA_LOCK
/* No attempt is made under the VMA lock alone. */
#define FAULT_FLAG_VMA_LOCK	0
#endif

#endif /* PFT_COMPAT_H */
