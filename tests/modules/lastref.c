// SPDX-License-Identifier: GPL-2.0
/*
 * Hold a module where rmmod passes by in some instructions: its last reference is
 * taken, but it is not yet marked as going (kernel/module/main.c, try_stop_module()).
 * For tests/cases/40-unload.sh. Unloaded, all is as it was.
 *
 *	insmod lastref.ko file=/sys/kernel/debug/pftrace/cpu/cpu0.map
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/module.h>

static char *file = "";
module_param(file, charp, 0400);
MODULE_PARM_DESC(file, "a file of that module");

static struct module *owner;

static int __init lastref_init(void)
{
	struct file *open = filp_open(file, O_RDONLY, 0);

	if (IS_ERR(open))
		return PTR_ERR(open);
	owner = open->f_op->owner;
	if (!owner) {
		filp_close(open, NULL);
		return -EINVAL;
	}
	/* The reference of the open file goes when insmod returns to user space. */
	atomic_dec(&owner->refcnt);
	filp_close(open, NULL);
	return 0;
}

static void __exit lastref_exit(void)
{
	atomic_inc(&owner->refcnt);
}

module_init(lastref_init);
module_exit(lastref_exit);

MODULE_DESCRIPTION("Take the last reference of a module, for tests");
MODULE_LICENSE("GPL");
