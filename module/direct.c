// SPDX-License-Identifier: GPL-2.0
/*
 * The fast hook of handle_mm_fault(): an ftrace direct call, as BPF's fentry
 * and fexit use it. It costs a seventh of a kretprobe. What a kretprobe does for
 * its users is done here:
 *
 * - A thread may sleep within handle_mm_fault() for as long as its I/O takes,
 *   with a return address of this module on its stack. Each call is counted
 *   when it begins and when it ends, per CPU; pft_direct_wait() lets the module
 *   go only when there are none. Before the first and behind the last of these
 *   two a thread may be preempted while it executes our text: that is what
 *   synchronize_rcu_tasks() waits for.
 * - A call that was under way when the hook was taken off is not counted. Each
 *   remembers for which period of tracing it began.
 *
 * Preemption is not off in a direct call; the handlers want it off.
 *
 * A function can have one direct call. BPF programs at the entry or exit of
 * handle_mm_fault() get EBUSY while this is on, and this while they are; then
 * probe.c takes a kretprobe.
 */
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "attempt.h"
#include "compat/direct.h"
#include "direct.h"
#include "handler.h"

/**
 * struct pft_direct_frame - one call under way, on the stack of its thread
 * @fault: the fault
 * @period: value of `period` when it began
 */
struct pft_direct_frame {
	struct pft_fault fault;
	u32 period;
};

static_assert(sizeof(struct pft_direct_frame) <= PFT_DIRECT_FRAME);

/* Number of the period of tracing, or 0 while the hook is off. */
static u32 period __read_mostly;
static u32 last_period;

static struct ftrace_ops ops;
static bool filter_set;

/* Called by pft_direct_call() with the arguments of handle_mm_fault(). */
asmlinkage void pft_direct_begins(struct vm_area_struct *vma, unsigned long address,
				  unsigned int flags, struct pt_regs *regs,
				  struct pft_direct_frame *frame)
{
	preempt_disable_notrace();
	pft_handler_begins();
	__this_cpu_inc(pft_cpu.under_way);
	frame->period = READ_ONCE(period);
	if (likely(frame->period))
		pft_attempt_begins(&frame->fault, vma, address, flags, regs);
	pft_handler_ends();
	preempt_enable_notrace();
}

/* Called by pft_direct_call() with what handle_mm_fault() returned. */
asmlinkage vm_fault_t pft_direct_ends(struct pft_direct_frame *frame, vm_fault_t result)
{
	preempt_disable_notrace();
	pft_handler_begins();
	if (likely(frame->period && frame->period == READ_ONCE(period)))
		pft_attempt_ends(&frame->fault, result);
	/* maybe not on the CPU on which it was counted: the sum is what matters */
	__this_cpu_dec(pft_cpu.under_way);
	pft_handler_ends();
	preempt_enable_notrace();
	return result;
}

/* Is the call of __fentry__() where direct_x86.S has it? */
static bool can_be_called(void)
{
	static const u8 nop5[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	const u8 *fentry = (const u8 *)handle_mm_fault + PFT_FENTRY_END - sizeof(nop5);

	/* or a call, if it is traced by somebody just now */
	return fentry[0] == 0xe8 || !memcmp(fentry, nop5, sizeof(nop5));
}

/* The filter stays from the first time on: each switching on can use it. */
static int set_filter(void)
{
	int err;

	if (filter_set)
		return 0;
	/* or `sysctl kernel.ftrace_enabled=0` would end it in silence */
	ops = (struct ftrace_ops) { .flags = FTRACE_OPS_FL_PERMANENT };
	err = ftrace_set_filter_ip(&ops, (unsigned long)handle_mm_fault, 0, 1);
	filter_set = !err;
	return err;
}

/*
 * Behind this the ops must be made afresh: before 6.16 ftrace_free_filter()
 * leaves the pointers to what it has freed, for the next to use.
 */
static void free_filter(void)
{
	if (filter_set)
		ftrace_free_filter(&ops);
	filter_set = false;
}

static void notrace trace_nothing(unsigned long ip, unsigned long parent, struct ftrace_ops *op,
				  struct ftrace_regs *regs)
{
}

/**
 * pft_direct_on - hook handle_mm_fault()
 *
 * Context: may sleep; serialized with the other functions here by control.c.
 * Return: 0; -EBUSY if it has a direct call already, or ftrace is switched off;
 * -EOPNOTSUPP or another negative errno if this kernel cannot.
 */
int pft_direct_on(void)
{
	int err;

	if (!can_be_called())
		return -EOPNOTSUPP;
	err = pft_ftrace_is_on(pft_direct_off, trace_nothing);
	if (!err)
		err = set_filter();
	if (err)
		return err;
	last_period = last_period + 1 ?: 1;
	WRITE_ONCE(period, last_period);
	err = pft_register_direct(&ops, (unsigned long)pft_direct_call);
	if (err) {
		WRITE_ONCE(period, 0);
		free_filter();
	}
	return err;
}

/**
 * pft_direct_off - unhook it; faults under way are not counted any more
 *
 * Context: may sleep. No handler runs when it returns.
 */
void pft_direct_off(void)
{
	WRITE_ONCE(period, 0);
	pft_unregister_direct(&ops, (unsigned long)pft_direct_call);
	synchronize_rcu();	/* those that have seen the period */
}

/**
 * pft_direct_wait - until no thread will execute our text again
 *
 * Context: the hook is off; may sleep, as long as a fault takes.
 */
void pft_direct_wait(void)
{
	unsigned int cpu, ms = 0;
	long sum;

	free_filter();
	if (!last_period)	/* it was never on */
		return;
	synchronize_rcu_tasks();	/* on the way to pft_direct_begins() */
	for (;;) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu(pft_cpu, cpu).under_way);
		if (!sum)	/* from now on it only falls */
			break;
		if (ms == 5000)
			pr_info("unloading waits for %ld page faults that are under way\n", sum);
		msleep(20);
		ms += 20;
	}
	synchronize_rcu_tasks();	/* on the way back from pft_direct_ends() */
}
