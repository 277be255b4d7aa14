// SPDX-License-Identifier: GPL-2.0
/*
 * Why a fault happened: the VMA, the access and the page-table entry that the
 * CPU met decide; and, if it failed, the result. The kernel looks again under
 * its lock; if it then finds the page mapped by another thread, the cause told
 * here is still the one that the CPU met.
 */
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/log2.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/userfaultfd_k.h>

#include "arch.h"
#include "cause.h"
#include "compat/swap.h"
#include "file.h"

/* The walk met an entry that is neither present nor empty. */
static noinline enum pft_cause cause_of_swap_entry(enum pft_level level, pte_t entry)
{
	/* A PMD or PUD without a table below is being migrated, or about to be. */
	if (level != PFT_LEVEL_PTE)
		return PFT_CAUSE_MIGRATE;
	switch (pft_swap_entry_kind(entry)) {
	case PFT_SWAP_SWAP:
		return PFT_CAUSE_SWAP;
	case PFT_SWAP_MIGRATION:
		return PFT_CAUSE_MIGRATE;
	case PFT_SWAP_DEVICE:
		return PFT_CAUSE_DEVICE;
	case PFT_SWAP_POISON:
		return PFT_CAUSE_POISON;
	case PFT_SWAP_GUARD:
		return PFT_CAUSE_GUARD;
	case PFT_SWAP_UFFD:
		return PFT_CAUSE_UFFD;
	default:
		return PFT_CAUSE_OTHER;
	}
}

/* There is no page yet, in a VMA that is not anonymous. */
static enum pft_cause cause_of_missing(enum pft_area area, bool write, unsigned long vm_flags)
{
	if (area == PFT_AREA_DEVICE || area == PFT_AREA_VDSO || area == PFT_AREA_SPECIAL)
		return PFT_CAUSE_DEVICE;
	if (write && !(vm_flags & VM_SHARED))
		return PFT_CAUSE_FILE_COW;
	return area == PFT_AREA_SHMEM ? PFT_CAUSE_SHMEM : PFT_CAUSE_FILE;
}

/* There is a page. */
static noinline enum pft_cause cause_of_present(const struct vm_area_struct *vma,
						unsigned long vm_flags, enum pft_area area,
						bool write, pte_t entry)
{
	if (pte_protnone(entry))
		return PFT_CAUSE_NUMA;
	if (!write || pte_write(entry))
		return PFT_CAUSE_SPURIOUS;
	if (userfaultfd_pte_wp((struct vm_area_struct *)vma, entry))
		return PFT_CAUSE_UFFD;
	if (area == PFT_AREA_DEVICE || area == PFT_AREA_SPECIAL)
		return PFT_CAUSE_DEVICE;
	if (!(vm_flags & VM_SHARED))
		return PFT_CAUSE_COW;
	return area == PFT_AREA_SHMEM ? PFT_CAUSE_SHMEM : PFT_CAUSE_MKWRITE;
}

/**
 * pft_cause_mapping - what kind of mapping, if it is not plain anonymous
 * @vma: as for pft_cause_area()
 *
 * Context: any; reads only.
 * Return: not PFT_AREA_NONE.
 */
noinline enum pft_area pft_cause_mapping(const struct vm_area_struct *vma)
{
	const struct inode *inode;

	if (vma->vm_flags & VM_HUGETLB)
		return PFT_AREA_HUGETLB;
	if (!vma->vm_file) {
		if (vma->vm_mm && vma->vm_start == pft_arch_vdso(vma->vm_mm))
			return PFT_AREA_VDSO;
		return PFT_AREA_SPECIAL;
	}
	inode = file_inode(vma->vm_file);
	if ((vma->vm_flags & (VM_PFNMAP | VM_IO)) || !S_ISREG(inode->i_mode))
		return PFT_AREA_DEVICE;
	return inode->i_sb->s_magic == TMPFS_MAGIC ? PFT_AREA_SHMEM : PFT_AREA_FILE;
}

/**
 * pft_cause_identity - whose memory: permissions, and which file or name
 * @fault: permissions are set as /proc/PID/maps shows them, @dev and @ino too if
 *	there is a file; the id of the name is added to @more
 * @vma: as for pft_cause_area()
 * @area: pft_cause_area()
 *
 * Context: as pft_file_id().
 */
void pft_cause_identity(struct pft_fault *fault, const struct vm_area_struct *vma,
			enum pft_area area)
{
	const struct inode *inode;

	fault->more |= (u64)pft_file_id(vma, area) << PFT_FILE_SHIFT;
	fault->what |= (u64)pft_cause_perms(vma) << PFT_PERMS_SHIFT;
	if (!vma->vm_file)
		return;
	inode = file_user_inode(vma->vm_file);
	fault->ino = inode->i_ino;
	fault->dev = new_encode_dev(inode->i_sb->s_dev);
}

/**
 * pft_cause_begin_slow - pft_cause_begin() for all but the most common fault
 * @fault: as there
 * @vma: as there
 *
 * Context: as there.
 */
noinline void pft_cause_begin_slow(struct pft_fault *fault, const struct vm_area_struct *vma)
{
	const struct pft_walk *w = &fault->walk;
	unsigned long vm_flags = vma->vm_flags;
	bool write = fault->flags & FAULT_FLAG_WRITE;
	enum pft_area area = pft_cause_area(vma);
	enum pft_cause cause;

	if (area == PFT_AREA_HUGETLB)
		cause = PFT_CAUSE_HUGETLB;
	else if (w->level == PFT_LEVEL_PROT)
		cause = cause_of_present(vma, vm_flags, area, write, w->entry);
	else if (!pte_none(w->entry))
		cause = cause_of_swap_entry(w->level, w->entry);
	else if (vm_flags & (VM_UFFD_MISSING | VM_UFFD_MINOR))
		cause = PFT_CAUSE_UFFD;
	else if (vma->vm_ops)
		cause = cause_of_missing(area, write, vm_flags);
	else
		cause = write ? PFT_CAUSE_ZERO : PFT_CAUSE_ZERO_READ;
	fault->more = pft_fault_more(cause, w->level, area);
	pft_cause_identity(fault, vma, area);
}

/**
 * pft_cause_order_slow - pft_cause_order() for all but the most common fault
 * @fault: as there
 * @result: as there
 *
 * Context: as there.
 * Return: as there.
 */
noinline unsigned int pft_cause_order_slow(const struct pft_fault *fault, vm_fault_t result)
{
	unsigned int order = PFT_ORDER_NONE;
	unsigned long irq_flags;
	struct pft_walk w;

	/*
	 * The lock on the VMA is still held unless the result says otherwise.
	 * Without it only tables are safe that cannot go as a whole, because
	 * they are this process's own.
	 */
	if ((result & VM_FAULT_COMPLETED) && fault->mm != current->mm)
		return order;
	local_irq_save(irq_flags);
	pft_walk_any(fault->mm, fault->address, &w);
	if (w.level != PFT_LEVEL_PROT)
		;
	else if (!w.pmd)
		order = PUD_SHIFT - PAGE_SHIFT;
	else if (pmd_leaf(READ_ONCE(*w.pmd)) || pmd_trans_huge(READ_ONCE(*w.pmd)))
		order = ilog2(pmd_leaf_size(READ_ONCE(*w.pmd))) - PAGE_SHIFT;
	else
		order = pft_cause_order_of(w.entry);
	local_irq_restore(irq_flags);
	return order;
}

/**
 * pft_cause_failed - cause of a fault that handle_mm_fault() did not serve
 * @fault: the cause in @more is replaced by a better one
 * @result: with a bit of VM_FAULT_ERROR
 *
 * Context: as pft_fault_end(), when handle_mm_fault() returns: the VMA is
 * still locked, for nobody lets go of the lock who fails.
 */
void pft_cause_failed(struct pft_fault *fault, vm_fault_t result)
{
	enum pft_cause cause = pft_fault_cause(fault);
	enum pft_area area = (fault->more >> PFT_AREA_SHIFT) & 0xff;
	const struct vm_area_struct *vma = fault->vma;
	u64 page = fault->vma_pgoff + ((fault->address - fault->vma_start) >> PAGE_SHIFT);

	if (result & VM_FAULT_OOM) {
		cause = PFT_CAUSE_OOM;
	} else if (result & (VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE)) {
		cause = PFT_CAUSE_POISON;
	} else if (cause == PFT_CAUSE_UFFD || cause == PFT_CAUSE_POISON ||
		   cause == PFT_CAUSE_GUARD) {
		/* as found in the page table */
	} else if ((result & VM_FAULT_SIGBUS) && vma->vm_file &&
		   (area == PFT_AREA_FILE || area == PFT_AREA_SHMEM ||
		    area == PFT_AREA_HUGETLB)) {
		cause = PFT_CAUSE_IO_ERROR;
		if (page >= DIV_ROUND_UP((u64)i_size_read(file_inode(vma->vm_file)), PAGE_SIZE))
			cause = PFT_CAUSE_PAST_EOF;
	} else if (area == PFT_AREA_DEVICE) {
		cause = PFT_CAUSE_DEVICE;	/* its driver would not */
	} else if (result & VM_FAULT_SIGBUS) {
		cause = PFT_CAUSE_OOM;		/* no more huge pages, of an anonymous mapping */
	} else {
		cause = PFT_CAUSE_OTHER;
	}
	pft_fault_set_cause(fault, cause);
	fault->more |= (u64)PFT_ORDER_NONE << PFT_ORDER_SHIFT;
}

/**
 * pft_cause_level - where the translation of an address stops
 * @mm: of current
 * @address: of user space
 *
 * Context: any, in the thread that faulted.
 * Return: PFT_LEVEL_PROT if it does not.
 */
enum pft_level pft_cause_level(struct mm_struct *mm, unsigned long address)
{
	unsigned long irq_flags;
	struct pft_walk w;

	if (!mm)
		return PFT_LEVEL_NONE;
	local_irq_save(irq_flags);
	pft_walk_any(mm, address, &w);
	local_irq_restore(irq_flags);
	return w.level;
}
