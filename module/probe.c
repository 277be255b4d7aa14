// SPDX-License-Identifier: GPL-2.0
/*
 * The hook of handle_mm_fault(): a direct call (direct.c) or a kretprobe. Both
 * give pft_attempt_begins() and pft_attempt_ends() the same.
 *
 * The direct call costs a seventh of the kretprobe. It excludes BPF programs at
 * the entry or exit of that function, and the module cannot be unloaded before
 * the last fault that is under way has ended.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/string.h>

#include "armed.h"
#include "attempt.h"
#include "compat/kretprobe.h"
#include "direct.h"
#include "handler.h"
#include "probe.h"

#define MAX_MAXACTIVE	1048576U

/*
 * A thread holds an instance as long as its fault lasts, so as many are
 * needed as threads can wait for I/O in a fault at a time. 4096 of them take
 * about 500 KiB.
 */
static unsigned int maxactive = 4096;
module_param(maxactive, uint, 0400);
MODULE_PARM_DESC(maxactive, "kretprobe: faults that can be under way at a time, 1 to 1048576 (4096)");

static char *hook = "auto";
module_param(hook, charp, 0400);
MODULE_PARM_DESC(hook, "how faults are seen: direct, kretprobe, or auto for the first that works (auto)");

static struct kretprobe fault_probe;
static enum {
	HOOK_NONE,
	HOOK_DIRECT,
	HOOK_KRETPROBE
} hooked;

/* Misses of probes that have been taken off since. */
static u64 past_no_instance, past_nested;

/* What was no miss before the last clear. */
static u64 past_false;

static int fault_begins(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pft_handler_begins();
	pft_attempt_begins((struct pft_fault *)ri->data,
			   (void *)regs_get_kernel_argument(regs, 0),
			   regs_get_kernel_argument(regs, 1), regs_get_kernel_argument(regs, 2),
			   (void *)regs_get_kernel_argument(regs, 3));
	pft_handler_ends();
	return 0;
}

static int fault_ends(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pft_handler_begins();
	pft_attempt_ends((struct pft_fault *)ri->data,
			 (__force vm_fault_t)(u32)regs_return_value(regs));
	pft_handler_ends();
	return 0;
}

/**
 * pft_probe_check - are the module's parameters good?
 *
 * Return: 0, -ERANGE or -EINVAL (logged).
 */
int pft_probe_check(void)
{
	if (maxactive < 1 || maxactive > MAX_MAXACTIVE) {
		pr_err("maxactive=%u: not in 1..%u\n", maxactive, MAX_MAXACTIVE);
		return -ERANGE;
	}
	if (strcmp(hook, "auto") && strcmp(hook, "direct") && strcmp(hook, "kretprobe")) {
		pr_err("hook=%s: neither auto nor direct nor kretprobe\n", hook);
		return -EINVAL;
	}
	return 0;
}

static int kretprobe_on(void)
{
	int err;

	err = pft_armed_get();
	if (err == -EAGAIN) {
		pr_err("handle_mm_fault: a kretprobe has no effect: " PFT_DISARMED "\n");
		return err;
	}
	if (err)
		goto out;
	/* register_kretprobe() wants it as if fresh */
	fault_probe = (struct kretprobe) {
		.kp.symbol_name = "handle_mm_fault",
		.entry_handler = fault_begins,
		.handler = fault_ends,
		.data_size = sizeof(struct pft_fault),
		.maxactive = maxactive,
	};
	err = register_kretprobe(&fault_probe);
	if (!err) {
		hooked = HOOK_KRETPROBE;
		pft_kretprobe_registered(&fault_probe);
		return 0;
	}
	pft_armed_put();
out:
	pr_err("handle_mm_fault: cannot set a kretprobe (%d)\n", err);
	return err;
}

/* Behind the error of pft_direct_on(), in the log. */
static const char *why_direct(int err)
{
	if (err == -EBUSY)
		return ": a BPF program has it, or sysctl kernel.ftrace_enabled is 0";
	return "";
}

/**
 * pft_probe_on - hook handle_mm_fault()
 *
 * Context: may sleep; serialized with the other functions here by control.c.
 * Return: 0 or a negative errno (logged).
 */
int pft_probe_on(void)
{
	int err;

	if (strcmp(hook, "kretprobe")) {
		err = pft_direct_on();
		if (!err) {
			hooked = HOOK_DIRECT;
			return 0;
		}
		if (!strcmp(hook, "direct")) {
			pr_err("handle_mm_fault: cannot set a direct call (%d)%s\n", err,
			       why_direct(err));
			return err;
		}
		/* Where there are none, there is nothing to tell. */
		if (err != -EOPNOTSUPP)
			pr_info("handle_mm_fault: cannot set a direct call (%d)%s; taking a kretprobe\n",
				err, why_direct(err));
	}
	return kretprobe_on();
}

/**
 * pft_probe_off - unhook it; faults under way are not counted any more
 *
 * Context: may sleep. No handler runs when it returns.
 */
void pft_probe_off(void)
{
	if (hooked == HOOK_DIRECT) {
		pft_direct_off();
	} else if (hooked == HOOK_KRETPROBE) {
		unregister_kretprobe(&fault_probe);
		pft_armed_off(&fault_probe.kp);
		past_no_instance += fault_probe.nmissed;
		past_nested += fault_probe.kp.nmissed;
		pft_armed_put();
	}
	hooked = HOOK_NONE;
}

/**
 * pft_probe_exit - until the hook's code is not used any more
 *
 * Context: the hook is off; may sleep, with a direct call as long as a fault
 * takes.
 */
void pft_probe_exit(void)
{
	pft_direct_wait();
}

/**
 * pft_probe_name - what is hooked
 *
 * Return: "direct", "kretprobe" or "none".
 */
const char *pft_probe_name(void)
{
	static const char *const names[] = {
		[HOOK_NONE] = "none",
		[HOOK_DIRECT] = "direct",
		[HOOK_KRETPROBE] = "kretprobe",
	};

	return names[hooked];
}

/**
 * pft_probe_no_instance - attempts not seen because no instance was free
 *
 * Return: number since load or clear.
 */
u64 pft_probe_no_instance(void)
{
	return past_no_instance + (hooked == HOOK_KRETPROBE ? READ_ONCE(fault_probe.nmissed) : 0);
}

/**
 * pft_probe_nested - attempts not seen because they came within a kprobe
 *
 * Return: number since load or clear.
 */
u64 pft_probe_nested(void)
{
	u64 not_missed = pft_kretprobe_false_misses() - past_false;
	u64 nested = past_nested;

	if (hooked == HOOK_KRETPROBE)
		nested += READ_ONCE(fault_probe.kp.nmissed);
	return nested - min(nested, not_missed);
}

/**
 * pft_probe_clear - forget past misses
 *
 * Context: the probe is off.
 */
void pft_probe_clear(void)
{
	past_no_instance = 0;
	past_nested = 0;
	past_false = pft_kretprobe_false_misses();
}
