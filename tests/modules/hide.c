// SPDX-License-Identifier: GPL-2.0
/*
 * While this is loaded no kprobe can be set on one function: register_kprobe()
 * does not find it, as on a kernel in which the compiler has inlined it. For
 * tests/cases/52-arm64.sh.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/string.h>

static char *symbol = "";
module_param(symbol, charp, 0400);
MODULE_PARM_DESC(symbol, "the function");

static int registering(struct kprobe *probe, struct pt_regs *regs)
{
	struct kprobe *other = (void *)regs_get_kernel_argument(regs, 0);

	if (other->symbol_name && !strcmp(other->symbol_name, symbol))
		other->symbol_name = "hidden_from_kprobes";
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "register_kprobe",
	.pre_handler = registering,
};

static int __init hide_init(void)
{
	return register_kprobe(&probe);
}

static void __exit hide_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(hide_init);
module_exit(hide_exit);

MODULE_DESCRIPTION("Hides a function from kprobes");
MODULE_LICENSE("GPL");
