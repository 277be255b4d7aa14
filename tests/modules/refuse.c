// SPDX-License-Identifier: GPL-2.0
/*
 * A driver whose mappings refuse each fault with VM_FAULT_SIGSEGV, as a few
 * real ones do (BPF arenas, for one). For tests/cases/20-once.sh.
 */
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static vm_fault_t refuse_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGSEGV;
}

static const struct vm_operations_struct refuse_vm_ops = {
	.fault = refuse_fault,
};

static int refuse_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &refuse_vm_ops;
	return 0;
}

static const struct file_operations refuse_fops = {
	.owner = THIS_MODULE,
	.mmap = refuse_mmap,
};

static struct miscdevice refuse_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pftrace-refuse",
	.fops = &refuse_fops,
};

module_misc_device(refuse_device);

MODULE_DESCRIPTION("Mappings that refuse every fault");
MODULE_LICENSE("GPL");
