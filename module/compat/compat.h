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

#ifndef PFT_HAVE_VM_FAULT_COMPLETED
/* Before 6.0 no fault that was served lets go of the lock: it is retried. */
#define VM_FAULT_COMPLETED	((__force vm_fault_t)0)
#endif

#ifndef VM_UFFD_MINOR
/* Before 5.13 a page that is in the page cache is not left to userfaultfd. */
#define VM_UFFD_MINOR	VM_NONE
#endif

#ifndef PFT_HAVE_FILE_USER_INODE
/* Before 6.8 /proc/PID/maps shows the inode of the VMA's file itself. */
#define file_user_inode(file)	file_inode(file)
#endif

#ifndef PFT_HAVE_FILE_USER_PATH
/* Nor does a file of overlayfs have another path. */
#define file_user_path(file)	(&(file)->f_path)
#endif

#ifndef pmd_leaf_size
/* Before 5.11 several entries that are one (arm64) are told apart nowhere. */
#define pmd_leaf_size(pmd)	((void)(pmd), PMD_SIZE)
#endif

#ifndef IS_ANON_FILE
/* Before 6.16 the inodes of anonymous files are not of type S_IFREG. */
#define IS_ANON_FILE(inode)	0
#endif

#if defined(CONFIG_CGROUPS) && !defined(PFT_HAVE_CGROUP_GET_FROM_ID)
#include <linux/cgroup.h>
#include <linux/rcupdate.h>

/* Before 5.14 no function finds it; like the first that did, NULL for none. */
static inline struct cgroup *cgroup_get_from_id(u64 id)
{
	struct cgroup_subsys_state *css;
	struct cgroup *found = NULL;

	rcu_read_lock();
	css_for_each_descendant_pre(css, &cgrp_dfl_root.cgrp.self) {
		struct cgroup *group = container_of(css, struct cgroup, self);

		if (cgroup_id(group) == id && css_tryget(css)) {
			found = group;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}
#endif

#endif /* PFT_COMPAT_H */
