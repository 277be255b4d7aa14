// SPDX-License-Identifier: GPL-2.0
/* When the next update is due. */

#include "libpftrace.h"
#include "pace.h"

/**
 * pace_begin - when to do again what is done now, and at regular times from now on
 * @delay: seconds from one time to the next
 *
 * Return: as pft_now_ns().
 */
uint64_t pace_begin(double delay)
{
	uint64_t now = pft_now_ns();

	return pace_next(now, delay, now);
}

/**
 * pace_next - when to do again what is done at regular times
 * @due_ns: when it was due
 * @delay: seconds from one time to the next
 * @now_ns: when it is done, @due_ns or later
 *
 * Due times, not pauses: what it takes does not add up. Nor is caught up what was
 * missed: after a stop there would be two at once, and the second one's rates
 * would be of a moment.
 *
 * Return: later than @now_ns, by @delay at most.
 */
uint64_t pace_next(uint64_t due_ns, double delay, uint64_t now_ns)
{
	uint64_t delay_ns = (uint64_t)(delay * 1e9);

	return (due_ns + delay_ns > now_ns ? due_ns : now_ns) + delay_ns;
}
