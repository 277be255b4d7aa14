// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/string.h>

#include "percpu.h"
#include "totals.h"

const char *const pft_total_names[PFT_NR_TOTALS] = {
#define X(id, name) \
	[id] = name,
	PFT_TOTALS(X)
#undef X
};

/**
 * pft_totals_sum - add up all CPUs
 * @sum: filled; each counter is exact for what had ended before the call
 *
 * Context: any.
 */
void pft_totals_sum(struct pft_totals *sum)
{
	unsigned int cpu, i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu)
		for (i = 0; i < PFT_NR_TOTALS; i++)
			sum->nr[i] += READ_ONCE(per_cpu(pft_cpu, cpu).totals.nr[i]);
}

/**
 * pft_totals_clear - start from 0
 *
 * Context: no handler runs.
 */
void pft_totals_clear(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		/* data_race: who reads them meanwhile sees some that are 0 */
		data_race(memset(&per_cpu(pft_cpu, cpu).totals, 0, sizeof(struct pft_totals)));
}
