// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "hooks.h"

static void match(struct tracepoint *tp, void *data)
{
	struct pft_tracepoint *hook = data;

	if (!strcmp(tp->name, hook->name))
		hook->tp = tp;
}

/**
 * pft_tracepoint_hook - have a probe called
 * @hook: name and probe
 *
 * Context: may sleep.
 * Return: 0, or -ENOENT (logged) if the kernel has no such tracepoint.
 */
int pft_tracepoint_hook(struct pft_tracepoint *hook)
{
	int err;

	hook->tp = NULL;
	for_each_kernel_tracepoint(match, hook);
	err = hook->tp ? tracepoint_probe_register(hook->tp, hook->probe, hook) : -ENOENT;
	if (err) {
		pr_err("tracepoint %s: cannot hook it (%d)\n", hook->name, err);
		hook->tp = NULL;
	}
	return err;
}

/**
 * pft_tracepoint_unhook - the reverse; calls may go on until pft_tracepoint_sync()
 * @hook: hooked or not
 *
 * Context: may sleep.
 */
void pft_tracepoint_unhook(struct pft_tracepoint *hook)
{
	if (hook->tp)
		tracepoint_probe_unregister(hook->tp, hook->probe, hook);
	hook->tp = NULL;
}

/**
 * pft_tracepoint_sync - wait until no unhooked probe runs any more
 *
 * Late kernels call probes under SRCU and the first call no longer implies
 * the second (include/linux/tracepoint.h).
 *
 * Context: may sleep.
 */
void pft_tracepoint_sync(void)
{
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}
