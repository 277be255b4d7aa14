// SPDX-License-Identifier: GPL-2.0
/*
 * The histograms of all CPUs. Also the only counters of the machine's faults by
 * class: what `totals` tells is the sum of what `causes` tells, and a fault
 * takes one counter less.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "latency.h"
#include "percpu.h"

static const struct pft_hist *row_of(unsigned int cpu, unsigned int cause, unsigned int class)
{
	return &per_cpu(pft_cpu, cpu).latency->row[cause][class];
}

/**
 * pft_latency_init - allocate the histograms
 *
 * For each possible CPU, on its node: the handlers need not ask whether their
 * CPU has them.
 *
 * Context: may sleep; before any handler runs.
 * Return: 0 or -ENOMEM (logged).
 */
int pft_latency_init(void)
{
	struct pft_latency *latency;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		latency = vzalloc_node(sizeof(*latency), cpu_to_node(cpu));
		if (!latency) {
			pft_latency_exit();
			pr_err("histograms: no memory (%d)\n", -ENOMEM);
			return -ENOMEM;
		}
		per_cpu(pft_cpu, cpu).latency = latency;
	}
	return 0;
}

/**
 * pft_latency_exit - free them
 *
 * Context: may sleep; no handler runs any more.
 */
void pft_latency_exit(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		vfree(per_cpu(pft_cpu, cpu).latency);
}

/**
 * pft_latency_clear - start from 0
 *
 * Context: no handler runs.
 */
void pft_latency_clear(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		/* data_race: who reads them meanwhile sees some that are 0 */
		data_race(memset(per_cpu(pft_cpu, cpu).latency, 0, sizeof(struct pft_latency)));
}

/**
 * pft_latency_bytes - memory that they hold
 *
 * Return: bytes.
 */
size_t pft_latency_bytes(void)
{
	return PAGE_ALIGN(sizeof(struct pft_latency)) * num_possible_cpus();
}

/**
 * pft_latency_classes - faults of each class
 * @nr: filled; exact for what had ended before the call
 *
 * Context: any.
 */
void pft_latency_classes(u64 nr[PFT_NR_CLASSES])
{
	unsigned int cpu, cause, class;

	memset(nr, 0, PFT_NR_CLASSES * sizeof(nr[0]));
	for_each_possible_cpu(cpu)
		for (cause = 0; cause < PFT_NR_CAUSES; cause++)
			for (class = 0; class < PFT_NR_CLASSES; class++)
				nr[class] += pft_hist_count(row_of(cpu, cause, class));
}

/**
 * pft_latency_read - add up all CPUs
 *
 * Each counter is exact for what had ended before the call.
 *
 * Context: may sleep.
 * Return: the sum, to be freed with kvfree(), or NULL if there is no memory.
 */
struct pft_latency *pft_latency_read(void)
{
	struct pft_latency *sum = kvzalloc(sizeof(*sum), GFP_KERNEL);
	unsigned int cpu, cause, class;

	if (!sum)
		return NULL;
	for_each_possible_cpu(cpu)
		for (cause = 0; cause < PFT_NR_CAUSES; cause++)
			for (class = 0; class < PFT_NR_CLASSES; class++)
				pft_hist_merge(&sum->row[cause][class],
					       row_of(cpu, cause, class));
	return sum;
}
