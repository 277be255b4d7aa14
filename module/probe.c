// SPDX-License-Identifier: GPL-2.0
/*
 * A fault begins, a fault ends: the kretprobe on handle_mm_fault().
 *
 * handle_mm_fault() is called once per attempt. What the kernel counts is
 * decided by mm_account_fault() in mm/memory.c: nothing for a result with
 * VM_FAULT_RETRY or VM_FAULT_ERROR; else major if VM_FAULT_MAJOR is in the
 * result or FAULT_FLAG_TRIED in the flags; else minor. The same rule is
 * applied here to the same two values, so the counts are the same.
 *
 * The handlers run with preemption off, in the faulting thread, also when it
 * is reclaiming memory or exiting; they use nothing that could matter there.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/ptrace.h>

#include "fault.h"
#include "probe.h"
#include "reject.h"

#define MAX_MAXACTIVE	1048576U

/* They have the same places in vm_flags as in pft_record.perms. */
#define VM_PERMS	(VM_READ | VM_WRITE | VM_EXEC | VM_SHARED)
static_assert(VM_READ == PFT_PERM_READ && VM_WRITE == PFT_PERM_WRITE &&
	      VM_EXEC == PFT_PERM_EXEC && VM_SHARED == PFT_PERM_SHARED);

/*
 * A thread holds an instance as long as its fault lasts, so as many are
 * needed as threads can wait for I/O in a fault at a time. 4096 of them take
 * about 500 KiB.
 */
static unsigned int maxactive = 4096;
module_param(maxactive, uint, 0400);
MODULE_PARM_DESC(maxactive, "faults that can be under way at a time, 1 to 1048576 (4096)");

static struct kretprobe fault_probe;
static bool probe_on;

/* Misses of probes that have been taken off since. */
static u64 past_no_instance, past_nested;

/*
 * Is this attempt the next of the fault whose last attempt ended in RETRY?
 * The architecture repeats at once, with FAULT_FLAG_TRIED, or, if the attempt
 * was one under the VMA lock, without that flag (do_user_addr_fault()). If the
 * repetition never came (a fatal signal, the VMA is gone) the next fault of
 * the thread is another one.
 */
static bool is_next_attempt(const struct pft_thread *thread, const struct pft_fault *fault)
{
	if (thread->pending_page != (fault->address & PAGE_MASK))
		return false;
	if (fault->flags & FAULT_FLAG_TRIED)
		return true;
	return (thread->pending_flags & FAULT_FLAG_VMA_LOCK) &&
	       !(fault->flags & FAULT_FLAG_VMA_LOCK);
}

static noinline void settle(struct pft_thread *thread, struct pft_fault *fault)
{
	if (thread->epoch != READ_ONCE(pft_epoch)) {
		pft_thread_renew(thread);
		return;
	}
	if (thread->state == PFT_RETRYING && is_next_attempt(thread, fault)) {
		fault->start = thread->pending_start;
		fault->what |= (u64)thread->pending_retries << PFT_RETRIES_SHIFT;
	}
	pft_thread_set_state(thread, PFT_SETTLED);
}

static int fault_begins(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct pft_fault *fault = (struct pft_fault *)ri->data;
	const struct vm_area_struct *vma = (void *)regs_get_kernel_argument(regs, 0);
	struct pt_regs *fault_regs = (void *)regs_get_kernel_argument(regs, 3);
	struct pft_thread *thread = pft_thread_self();
	u32 flags = regs_get_kernel_argument(regs, 2);
	enum pft_origin origin = PFT_GUP;
	enum pft_access access;

	fault->start = pft_clock_raw();
	fault->thread = thread;
	fault->address = regs_get_kernel_argument(regs, 1);
	fault->vma_start = vma->vm_start;
	fault->vma_end = vma->vm_end;
	fault->vma_pgoff = vma->vm_pgoff;
	fault->flags = flags;
	if (flags & FAULT_FLAG_INSTRUCTION)
		access = PFT_EXEC;
	else
		access = flags & FAULT_FLAG_WRITE ? PFT_WRITE : PFT_READ;
	fault->ip = 0;
	if (likely(fault_regs)) {
		fault->ip = pft_fault_ip(fault_regs);
		origin = user_mode(fault_regs) ? PFT_USER : PFT_KERNEL;
	}
	fault->what = pft_fault_what(access, origin, (vma->vm_flags & VM_PERMS) | PFT_PERM_VMA);
	if (likely(thread) && unlikely(!pft_thread_ready(thread)))
		settle(thread, fault);
	return 0;
}

static noinline void retry(const struct pft_fault *fault)
{
	struct pft_thread *thread = fault->thread;

	u64 retries = fault->what >> PFT_RETRIES_SHIFT;

	__this_cpu_inc(pft_cpu.totals.nr[PFT_TOTAL_RETRIES]);
	if (!thread)
		return;
	/* One word: needs no thread->seq to be read whole. */
	WRITE_ONCE(thread->counts.retries, thread->counts.retries + 1);
	thread->pending_page = fault->address & PAGE_MASK;
	thread->pending_start = fault->start;
	thread->pending_flags = fault->flags;
	thread->pending_retries = min_t(u64, retries + 1, U16_MAX);
	pft_thread_set_state(thread, PFT_RETRYING);
}

static noinline void failed(const struct pft_fault *fault, vm_fault_t result)
{
	struct pft_thread *thread = fault->thread;

	if (thread && pft_reject_follows(pft_fault_origin(fault), result)) {
		thread->pending_page = fault->address & PAGE_MASK;
		pft_thread_set_state(thread, PFT_REFUSING);
	}
}

static int fault_ends(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct pft_fault *fault = (const struct pft_fault *)ri->data;
	vm_fault_t result = (__force vm_fault_t)(u32)regs_return_value(regs);
	u64 now = pft_clock_raw();
	enum pft_class class;

	if (unlikely(result & (VM_FAULT_RETRY | VM_FAULT_ERROR))) {
		if (result & VM_FAULT_RETRY) {
			retry(fault);
			return 0;
		}
		failed(fault, result);
		class = PFT_INVALID;
	} else if ((result & VM_FAULT_MAJOR) || (fault->flags & FAULT_FLAG_TRIED)) {
		class = PFT_MAJOR;
	} else {
		class = PFT_MINOR;
	}
	pft_fault_end(fault, class, result, now);
	return 0;
}

/**
 * pft_probe_check - are the module's parameters good?
 *
 * Return: 0, or -ERANGE (logged).
 */
int pft_probe_check(void)
{
	if (maxactive >= 1 && maxactive <= MAX_MAXACTIVE)
		return 0;
	pr_err("maxactive=%u: not in 1..%u\n", maxactive, MAX_MAXACTIVE);
	return -ERANGE;
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

	/* register_kretprobe() wants it as if fresh */
	fault_probe = (struct kretprobe) {
		.kp.symbol_name = "handle_mm_fault",
		.entry_handler = fault_begins,
		.handler = fault_ends,
		.data_size = sizeof(struct pft_fault),
		.maxactive = maxactive,
	};
	err = register_kretprobe(&fault_probe);
	if (err)
		pr_err("handle_mm_fault: cannot set a kretprobe (%d)\n", err);
	probe_on = !err;
	return err;
}

/**
 * pft_probe_off - unhook it; faults under way are not counted any more
 *
 * Context: may sleep. No handler runs when it returns.
 */
void pft_probe_off(void)
{
	if (!probe_on)
		return;
	unregister_kretprobe(&fault_probe);
	probe_on = false;
	past_no_instance += fault_probe.nmissed;
	past_nested += fault_probe.kp.nmissed;
}

/**
 * pft_probe_no_instance - attempts not seen because no instance was free
 *
 * Return: number since load or clear.
 */
u64 pft_probe_no_instance(void)
{
	return past_no_instance + (probe_on ? READ_ONCE(fault_probe.nmissed) : 0);
}

/**
 * pft_probe_nested - attempts not seen because they came within a kprobe
 *
 * Return: number since load or clear.
 */
u64 pft_probe_nested(void)
{
	return past_nested + (probe_on ? READ_ONCE(fault_probe.kp.nmissed) : 0);
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
}
