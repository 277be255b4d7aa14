// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that the architecture refuses before handle_mm_fault(): no VMA, or
 * one that forbids the access. The functions they pass through are static, so
 * a build of the kernel may lack them; then the signal that follows is hooked
 * instead, which misses those that end in EFAULT.
 *
 * A fault that failed inside handle_mm_fault() was counted there, and some of
 * these pass here too. The thread's entry knows (PFT_REFUSING).
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <asm/syscall.h>
#include <trace/events/signal.h>

#include "arch.h"
#include "armed.h"
#include "fault.h"
#include "handler.h"
#include "hooks.h"
#include "neighbours.h"
#include "reject.h"

/* Below this nothing is mapped: DEFAULT_MMAP_MIN_ADDR of the distributions. */
#define NULL_END	65536

static char *reject = "auto";
module_param(reject, charp, 0400);
MODULE_PARM_DESC(reject, "how refused faults are seen: auto, or signal to use the fall-back (auto)");

static struct kprobe probes[PFT_ARCH_MAX_HOOKS];
static unsigned int nr_probes;
static u64 past_nested;

/**
 * pft_reject_cause - why the architecture refused a fault
 * @fault: @address and @what are set
 * @si_code: of the SIGSEGV that follows or, for the kernel, would
 *
 * An overflow of a stack is found out later, see neighbours.c.
 *
 * Context: any.
 * Return: the cause.
 */
enum pft_cause pft_reject_cause(const struct pft_fault *fault, int si_code)
{
	static const enum pft_cause denied[] = {
		[PFT_READ] = PFT_CAUSE_READ_DENIED,
		[PFT_WRITE] = PFT_CAUSE_WRITE_DENIED,
		[PFT_EXEC] = PFT_CAUSE_EXEC_DENIED,
	};

	if (pft_fault_origin(fault) == PFT_KERNEL)
		return PFT_CAUSE_UACCESS;
	if (fault->address >= TASK_SIZE_MAX)
		return PFT_CAUSE_KERNEL;
	if (si_code == SEGV_PKUERR)
		return PFT_CAUSE_PKEY;
	if (si_code == SEGV_ACCERR)
		return denied[(fault->what >> PFT_ACCESS_SHIFT) & 0xff];
	return fault->address < NULL_END ? PFT_CAUSE_NULL : PFT_CAUSE_UNMAPPED;
}

/*
 * @look: the mappings around the address may be looked at, see neighbours.c.
 * Context: as pft_fault_end().
 */
static void refused(struct pft_fault *fault, bool look)
{
	struct pft_thread *thread = pft_thread_self();
	enum pft_thread_state state;

	fault->thread = thread;
	fault->start = pft_clock_raw();
	if (likely(thread)) {
		bool same = thread->pending_page == (fault->address & PAGE_MASK);

		if (thread->epoch != READ_ONCE(pft_epoch))
			pft_thread_renew(thread);
		state = thread->state;
		pft_thread_set_state(thread, PFT_SETTLED);
		if (state == PFT_REFUSING && same)
			return;
		/* A retry found its VMA gone: the attempts belong to this fault. */
		if (state == PFT_RETRYING && same)
			fault->what |= (u64)thread->pending_retries << PFT_RETRIES_SHIFT;
	}
	fault->more |= (u64)PFT_ORDER_NONE << PFT_ORDER_SHIFT;
	if (look)
		pft_neighbours(fault);
	/* The mappings were locked: nobody knows whether there is one. */
	if (unlikely(pft_fault_cause(fault) == PFT_CAUSE_OTHER))
		pft_fault_set_cause(fault, pft_reject_cause(fault, SEGV_MAPERR));
	if (pft_fault_cause(fault) == PFT_CAUSE_UACCESS)
		fault->flags = syscall_get_nr(current, task_pt_regs(current));
	pft_fault_end(fault, PFT_INVALID, 0, fault->start);
}

static int probe_hit(struct kprobe *probe, struct pt_regs *regs)
{
	struct pft_fault fault = {};
	bool look = false;

	pft_handler_begins();
	if (pft_arch_hooks[probe - probes].decode(regs, &fault, &look))
		refused(&fault, look);
	pft_handler_ends();
	return 0;
}

/*
 * signal:signal_generate, with siglock held. A bad memory access is sent by
 * the thread to itself with a positive si_code. SIGBUS always comes from
 * handle_mm_fault(), which counted it.
 */
static void signal_sent(void *data, int sig, struct kernel_siginfo *info,
			struct task_struct *task, int group, int result)
{
	struct pft_fault fault = {};

	if (sig != SIGSEGV || task != current || info == SEND_SIG_NOINFO ||
	    info == SEND_SIG_PRIV)
		return;
	if (info->si_code != SEGV_MAPERR && info->si_code != SEGV_ACCERR &&
	    info->si_code != SEGV_PKUERR)
		return;
	/* 5.10 sends a second signal for a protection key, already pending */
	if (result == TRACE_SIGNAL_ALREADY_PENDING)
		return;
	fault.address = (unsigned long)info->si_addr;
	if (!pft_arch_decode_signal(&fault))
		return;
	fault.more = pft_fault_more(pft_reject_cause(&fault, info->si_code),
				    PFT_LEVEL_NONE, PFT_AREA_NONE);
	preempt_disable();	/* late kernels and RT call tracepoints without */
	pft_handler_begins();
	/* The caller holds siglock: nothing may be woken. */
	refused(&fault, false);
	pft_handler_ends();
	preempt_enable();
}

static struct pft_tracepoint signals = {
	.name = "signal_generate",
	.probe = signal_sent,
};

/* After pft_armed_get(). */
static void probes_off(void)
{
	while (nr_probes) {
		unregister_kprobe(&probes[--nr_probes]);
		pft_armed_off(&probes[nr_probes]);
		past_nested += probes[nr_probes].nmissed;
	}
	pft_armed_put();
}

static int probes_on(void)
{
	unsigned int i;
	int err;

	err = pft_armed_get();
	if (err == -EAGAIN)
		pr_info("kprobes have no effect: " PFT_DISARMED "\n");
	else if (err)
		pr_info("kprobes cannot be had (%d)\n", err);
	if (err)
		return err;
	for (i = 0; i < PFT_ARCH_MAX_HOOKS && pft_arch_hooks[i].symbol; i++) {
		probes[i] = (struct kprobe) {
			.symbol_name = pft_arch_hooks[i].symbol,
			.pre_handler = probe_hit,
		};
		err = register_kprobe(&probes[i]);
		if (err) {
			pr_info("%s: cannot probe it (%d)\n", pft_arch_hooks[i].symbol, err);
			probes_off();
			return err;
		}
		nr_probes = i + 1;
	}
	return 0;
}

/**
 * pft_reject_check - is the module's parameter good?
 *
 * Return: 0, or -EINVAL (logged).
 */
int pft_reject_check(void)
{
	if (!strcmp(reject, "auto") || !strcmp(reject, "signal"))
		return 0;
	pr_err("reject=%s: neither auto nor signal\n", reject);
	return -EINVAL;
}

/**
 * pft_reject_on - hook refused faults
 *
 * Context: may sleep; serialized with the other functions here by control.c.
 * Return: 0, or a negative errno (logged) if even the fall-back failed.
 */
int pft_reject_on(void)
{
	if (!strcmp(reject, "auto")) {
		if (!probes_on())
			return 0;
		pr_info("refused faults are seen by their signals; those that end in EFAULT are not\n");
	}
	return pft_tracepoint_hook(&signals);
}

/**
 * pft_reject_off - unhook them
 *
 * Context: may sleep. No handler runs when it returns.
 */
void pft_reject_off(void)
{
	if (nr_probes)
		probes_off();
	if (signals.tp) {
		pft_tracepoint_unhook(&signals);
		pft_tracepoint_sync();
	}
}

/**
 * pft_reject_follows - will a fault that failed in handle_mm_fault() come here?
 * @origin: enum pft_origin of the fault
 * @result: of handle_mm_fault(), with a bit of VM_FAULT_ERROR
 *
 * Context: any.
 * Return: true if it will, and is not to be counted again.
 */
bool pft_reject_follows(enum pft_origin origin, vm_fault_t result)
{
	if (origin == PFT_GUP)
		return false;
	if (READ_ONCE(signals.tp))
		return origin == PFT_USER && (result & VM_FAULT_SIGSEGV);
	return pft_arch_refuses_again(origin, result);
}

/**
 * pft_reject_name - what is hooked
 *
 * Return: a function's name, "signal" or "none".
 */
const char *pft_reject_name(void)
{
	if (signals.tp)
		return "signal";
	return nr_probes ? pft_arch_hooks[0].symbol : "none";
}

/**
 * pft_reject_nested - refused faults that came within a kprobe's handler
 *
 * None of them was missed. A handler can only be left by an interrupt, and what
 * faults in either is the kernel, trying with faults disabled: perf and BPF read
 * the process's stack like that. The probe would have left them out.
 *
 * Return: number since load or clear.
 */
u64 pft_reject_nested(void)
{
	u64 sum = past_nested;
	unsigned int i;

	for (i = 0; i < nr_probes; i++)
		sum += READ_ONCE(probes[i].nmissed);
	return sum;
}

/**
 * pft_reject_clear - forget past misses
 *
 * Context: the probes are off.
 */
void pft_reject_clear(void)
{
	past_nested = 0;
}
