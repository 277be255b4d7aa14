// SPDX-License-Identifier: GPL-2.0
/*
 * Make a function of the kernel fail for one program, so that a test sees what
 * comes of it: the function is not run, and returns what the test wants. For
 * tests/cases/80-refuse.sh.
 *
 *	insmod fail.ko symbol=register_kretprobe value=-22 comm=insmod
 *
 * Or, on a kernel with CONFIG_FAULT_INJECTION, /proc/PID/fail-nth is written from a
 * certain function on: parameter memory, for tests/cases/81-memory.sh.
 *
 * Only where a kprobe at a function's entry can change where it goes on.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "fail.h"

static char *symbol;
module_param(symbol, charp, 0400);
MODULE_PARM_DESC(symbol, "function that fails");

static long value = -ENOMEM;
module_param(value, long, 0400);
MODULE_PARM_DESC(value, "what it returns");

static char *comm = "insmod";
module_param(comm, charp, 0400);
MODULE_PARM_DESC(comm, "name of the program for which it fails");

static char *name;
module_param(name, charp, 0400);
MODULE_PARM_DESC(name, "fail only if the first argument is this text");

static int nth = 1;
module_param(nth, int, 0400);
MODULE_PARM_DESC(nth, "which call fails, of those that could; 0: all of them, -1: none");

static unsigned int memory;
module_param(memory, uint, 0600);
MODULE_PARM_DESC(memory, "the next call works, but from there on the n-th allocation fails");

static unsigned int busy_ms;
module_param(busy_ms, uint, 0400);
MODULE_PARM_DESC(busy_ms, "time it takes to fail, for others to see what is half done");

static atomic_t calls;
/* How many calls failed, for the test to see that there was one. */
static int failed;
module_param(failed, int, 0400);

#ifdef CONFIG_X86_64
#ifdef CONFIG_X86_KERNEL_IBT
#define ENDBR_IF_WANTED	"endbr64\n"
#else
#define ENDBR_IF_WANTED
#endif

asm(".pushsection .text, \"ax\"\n"
	".type fail_return, @function\n"
	"fail_return:\n"
	ENDBR_IF_WANTED
	ASM_RET
	".size fail_return, . - fail_return\n"
	".popsection\n");

static void leave(struct pt_regs *regs)
{
	instruction_pointer_set(regs, (unsigned long)fail_return);
}
#else
static void leave(struct pt_regs *regs)
{
	instruction_pointer_set(regs, procedure_link_pointer(regs));
}
#endif

static int hit(struct kprobe *probe, struct pt_regs *regs)
{
	if (strcmp(current->comm, comm))
		return 0;
#ifdef CONFIG_FAULT_INJECTION
	if (memory) {
		current->fail_nth = memory;
		memory = 0;
		return 0;
	}
#endif
	if (name && strcmp((const char *)regs_get_kernel_argument(regs, 0), name))
		return 0;
	if (nth < 0 || (nth && atomic_inc_return(&calls) != nth))
		return 0;
	failed++;
	mdelay(busy_ms);
	regs_set_return_value(regs, value);
	leave(regs);
	return 1;
}

/* A probe that has one is not optimized to a jump, behind which nothing can be changed. */
static void passed(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probe = {
	.pre_handler = hit,
	.post_handler = passed,
};

static int __init fail_init(void)
{
	if (!symbol)
		return -EINVAL;
	probe.symbol_name = symbol;
	return register_kprobe(&probe);
}

static void __exit fail_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(fail_init);
module_exit(fail_exit);

MODULE_DESCRIPTION("A function that fails, for tests");
MODULE_LICENSE("GPL");
