// SPDX-License-Identifier: GPL-2.0
/* Which time it is: a recording has its own. */

#include <time.h>

#include "moment.h"

static double wall_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Where it does not say when it was made, it was made at boot. */
static double wall_then(struct moment *moment, const struct pft_root *root)
{
	const struct pft_host *host = &moment->host;
	struct pft_error error;

	if (!moment->has_host)
		moment->has_host = pft_host_read(root, &moment->host, &error);
	if (!moment->has_host)
		return (double)moment->time_ns / 1e9;
	return (double)host->start_wall_ns / 1e9 +
	       ((double)moment->time_ns - (double)host->start_ns) / 1e9;
}

/**
 * moment_take - look at the clock
 * @moment: all zero before the first time
 * @root: where the snapshots are; a recording after pft_root_rewind()
 */
void moment_take(struct moment *moment, const struct pft_root *root)
{
	uint64_t first_ns, last_ns;

	moment->time_ns = pft_root_now_ns(root);
	moment->recorded = pft_root_span(root, &first_ns, &last_ns);
	if (!moment->recorded) {
		moment->wall_s = wall_now();
		return;
	}
	moment->wall_s = wall_then(moment, root);
	moment->since_ns = moment->time_ns - first_ns;
	moment->length_ns = last_ns - first_ns;
	moment->last = moment->time_ns >= last_ns;
}
