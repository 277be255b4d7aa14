/* SPDX-License-Identifier: GPL-2.0 */
/* What each CPU needs before it runs. */
#ifndef PFT_COMPAT_HOTPLUG_H
#define PFT_COMPAT_HOTPLUG_H

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>

/*
 * Call @prepare for each CPU that is online, and for others before they are. For
 * one CPU it may be called more than once: cpuhp_setup_state() of 5.10 forgets
 * those that are online, but only for CPUHP_BP_PREPARE_DYN. Context: may sleep.
 * Return: what cpuhp_remove_state() wants, or an error.
 */
static inline int pft_hotplug_setup(const char *name, int (*prepare)(unsigned int cpu))
{
	int state = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, name, prepare, NULL);
	unsigned int cpu;
	int err = 0;

	if (state < 0)
		return state;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		err = prepare(cpu);
		if (err)
			break;
	}
	cpus_read_unlock();
	if (!err)
		return state;
	cpuhp_remove_state(state);
	return err;
}

#endif /* PFT_COMPAT_HOTPLUG_H */
