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

#include <linux/fs.h>
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

#ifndef PFT_HAVE_FILE_USER_INODE
/* Before 6.8 /proc/PID/maps shows the inode of the VMA's file itself. */
#define file_user_inode(file)	file_inode(file)
#endif

#ifndef PFT_HAVE_FILE_USER_PATH
/* Nor does a file of overlayfs have another path. */
#define file_user_path(file)	(&(file)->f_path)
#endif

#ifndef IS_ANON_FILE
/* Before 6.16 the inodes of anonymous files are not of type S_IFREG. */
#define IS_ANON_FILE(inode)	0
#endif

#if defined(CONFIG_CGROUPS) && !defined(PFT_HAVE_CGROUP_GET_FROM_ID)
#include <linux/cgroup.h>
#include <linux/err.h>

/* Before 5.14 no function finds it. */
static inline struct cgroup *cgroup_get_from_id(u64 id)
{
	return ERR_PTR(-EOPNOTSUPP);
}
#endif

#endif /* PFT_COMPAT_H */
