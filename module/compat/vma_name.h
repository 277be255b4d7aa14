/* SPDX-License-Identifier: GPL-2.0 */
/* Names that a process gives to its anonymous memory. */
#ifndef PFT_COMPAT_VMA_NAME_H
#define PFT_COMPAT_VMA_NAME_H

#include <linux/mm_types.h>

#ifdef CONFIG_ANON_VMA_NAME
/* The NUL included; ANON_VMA_NAME_MAX_LEN, which is not in a header. */
#define PFT_VMA_NAME_LEN	80
#else
#define PFT_VMA_NAME_LEN	1
#endif

/*
 * The name given by prctl(PR_SET_VMA_ANON_NAME), or NULL. Before 6.2 shared
 * memory cannot have one, and the field holds something else there. Context:
 * a lock on the VMA is held; a name changes under the mmap lock and, where
 * that exists, the VMA's lock.
 */
static __always_inline const char *pft_vma_name(const struct vm_area_struct *vma)
{
#ifdef CONFIG_ANON_VMA_NAME
#ifndef PFT_HAVE_ANON_SHMEM_NAME
	if (vma->vm_file)
		return NULL;
#endif
	if (unlikely(vma->anon_name))
		return vma->anon_name->name;
#endif
	return NULL;
}

#endif /* PFT_COMPAT_VMA_NAME_H */
