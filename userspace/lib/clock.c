// SPDX-License-Identifier: GPL-2.0
/* The time. */

#include <time.h>

#include "libpftrace.h"

/**
 * pft_now_ns - the time as in pft_record.time_ns
 *
 * Return: CLOCK_MONOTONIC, ns.
 */
uint64_t pft_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}
