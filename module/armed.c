// SPDX-License-Identifier: GPL-2.0
/*
 * Do kprobes have an effect? All of them can be disarmed by writing 0 to
 * kprobes/enabled in debugfs, and those at the entry of a function, where ftrace
 * is what calls them, by `sysctl kernel.ftrace_enabled=0`. Registering one works
 * all the same, and nothing says that it is never hit: faults would go by
 * unseen. So there is one at a function of our own, which is called to see.
 */
#include <linux/compiler.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#include "armed.h"

static unsigned int users;
static bool stuck;	/* see pft_armed_off() */
/* No bool: with -fsanitize=bool gcc 14 leaves out the read of one, volatile or not. */
static unsigned int seen;

/* Traced like any function: its kprobe is of the kind that faults are seen by. */
static noinline void be_seen(void)
{
	barrier();
}

static int see(struct kprobe *probe, struct pt_regs *regs)
{
	WRITE_ONCE(seen, 1);
	return 0;
}

static struct kprobe probe;

static bool armed(void)
{
	WRITE_ONCE(seen, 0);
	be_seen();
	return READ_ONCE(seen);
}

/**
 * pft_armed_get - before kprobes are used: have it looked whether they work
 *
 * Context: may sleep; serialized with the other functions here by control.c.
 * Return: 0; -EAGAIN if they have no effect; -EBUSY if one could not be taken off;
 * another negative errno if none can be had. Only after 0, pft_armed_put() must
 * follow.
 */
int pft_armed_get(void)
{
	int err;

	if (stuck)
		return -EBUSY;
	if (!users) {
		/* register_kprobe() wants it as if fresh */
		probe = (struct kprobe) {
			.addr = (kprobe_opcode_t *)be_seen,
			.pre_handler = see,
		};
		err = register_kprobe(&probe);
		if (err)
			return err;
	}
	users++;
	if (armed())
		return 0;
	pft_armed_put();
	return -EAGAIN;
}

/**
 * pft_armed_put - the kprobes are not used any more
 *
 * Context: may sleep.
 */
void pft_armed_put(void)
{
	if (--users)
		return;
	unregister_kprobe(&probe);
	pft_armed_off(&probe);
}

/**
 * pft_armed_off - look whether a kprobe was really taken off
 * @gone: behind unregister_kprobe() or unregister_kretprobe()
 *
 * At the entry of a function that takes memory, and where there is none the kernel
 * keeps the probe for ever; all it says is that the address is NULL
 * (__disarm_kprobe_ftrace(), unregister_kprobes() in kernel/kprobes.c). Then its
 * struct, which is in the kernel's table, must not be set up again, and the module
 * must not go.
 *
 * Context: may sleep.
 */
void pft_armed_off(const struct kprobe *gone)
{
	if (gone->addr || stuck)
		return;
	stuck = true;
	if (try_module_get(THIS_MODULE))
		pr_err("no memory to take a kprobe off: no more of them, and the module stays\n");
	else
		pr_emerg("no memory to take a kprobe off while unloading: the next one may crash\n");
}

/**
 * pft_armed_name - how it is now
 *
 * Context: may sleep, not in a handler.
 * Return: "armed", "disarmed", or "none" if no kprobe is used.
 */
const char *pft_armed_name(void)
{
	if (!users)
		return "none";
	return armed() ? "armed" : "disarmed";
}
