// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that supplies the pages of its mappings one at a time, when they
 * are touched: as pages of its own, or (in the second device) as bare page
 * frame numbers, as drivers of hardware do. For tests/cases/70-cause.sh.
 */
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static struct page *page;

static vm_fault_t page_fault(struct vm_fault *vmf)
{
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct page_vm_ops = {
	.fault = page_fault,
};

static int page_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &page_vm_ops;
	return 0;
}

static vm_fault_t pfn_fault(struct vm_fault *vmf)
{
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
}

static const struct vm_operations_struct pfn_vm_ops = {
	.fault = pfn_fault,
};

static int pfn_mmap(struct file *file, struct vm_area_struct *vma)
{
	const unsigned long flags = VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP;

#ifdef HAVE_VM_FLAGS_SET
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
	vma->vm_ops = &pfn_vm_ops;
	return 0;
}

static const struct file_operations page_fops = {
	.owner = THIS_MODULE,
	.mmap = page_mmap,
};

static const struct file_operations pfn_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_mmap,
};

static struct miscdevice devices[] = {
	{ .minor = MISC_DYNAMIC_MINOR, .name = "pftrace-page", .fops = &page_fops },
	{ .minor = MISC_DYNAMIC_MINOR, .name = "pftrace-pfn", .fops = &pfn_fops },
};

static int __init lazy_init(void)
{
	int err;

	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	err = misc_register(&devices[0]);
	if (err)
		goto free;
	err = misc_register(&devices[1]);
	if (err)
		goto first;
	return 0;
first:
	misc_deregister(&devices[0]);
free:
	__free_page(page);
	return err;
}

static void __exit lazy_exit(void)
{
	misc_deregister(&devices[1]);
	misc_deregister(&devices[0]);
	__free_page(page);
}

module_init(lazy_init);
module_exit(lazy_exit);

MODULE_DESCRIPTION("Mappings that are filled page by page");
MODULE_LICENSE("GPL");
