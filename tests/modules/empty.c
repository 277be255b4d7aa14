// SPDX-License-Identifier: GPL-2.0
/*
 * The yardstick of Documentation/performance.md, a kretprobe on
 * handle_mm_fault() with an entry handler, both empty.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int empty_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

static struct kretprobe probe = {
	.kp.symbol_name = "handle_mm_fault",
	.entry_handler = empty_handler,
	.handler = empty_handler,
	.maxactive = 64,
};

static int __init empty_init(void)
{
	return register_kretprobe(&probe);
}

static void __exit empty_exit(void)
{
	unregister_kretprobe(&probe);
}

module_init(empty_init);
module_exit(empty_exit);

MODULE_DESCRIPTION("Empty kretprobe, to measure against");
MODULE_LICENSE("GPL");
