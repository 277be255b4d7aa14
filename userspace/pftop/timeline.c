// SPDX-License-Identifier: GPL-2.0
/* Faults over time. How long it will be is not known: parts are joined when there are too many. */

#include <string.h>

#include "timeline.h"

#define BIN_NS_MIN	10000000ULL

/**
 * timeline_init - nothing yet
 * @timeline: to be filled
 * @start_ns: where it begins
 */
void timeline_init(struct timeline *timeline, uint64_t start_ns)
{
	memset(timeline, 0, sizeof(*timeline));
	timeline->start_ns = start_ns;
	timeline->bin_ns = BIN_NS_MIN;
}

static void join(struct timeline_bin *to, const struct timeline_bin *from)
{
	unsigned int class;

	for (class = 0; class < PFT_NR_CLASSES; class++)
		to->count[class] += from->count[class];
	to->lost += from->lost;
}

/* Two parts become one. */
static void halve(struct timeline *timeline)
{
	static const struct timeline_bin empty;
	unsigned int i;

	for (i = 0; i < TIMELINE_BINS; i++) {
		struct timeline_bin old = timeline->bin[i];

		timeline->bin[i] = empty;
		join(&timeline->bin[i / 2], &old);
	}
	timeline->bin_ns *= 2;
	timeline->count = (timeline->count + 1) / 2;
}

static struct timeline_bin *bin_at(struct timeline *timeline, uint64_t time_ns)
{
	uint64_t since, at;

	/* What began before the recording did belongs to its beginning. */
	since = time_ns > timeline->start_ns ? time_ns - timeline->start_ns : 0;
	while ((at = since / timeline->bin_ns) >= TIMELINE_BINS)
		halve(timeline);
	if (at >= timeline->count)
		timeline->count = (unsigned int)at + 1;
	return &timeline->bin[at];
}

/**
 * timeline_add - count a fault
 * @timeline: from timeline_init()
 * @record: the fault
 */
void timeline_add(struct timeline *timeline, const struct pft_record *record)
{
	if (record->class < PFT_NR_CLASSES)
		bin_at(timeline, record->time_ns)->count[record->class]++;
}

/**
 * timeline_lost - count what was lost
 * @timeline: from timeline_init()
 * @time_ns: of the next record of its CPU
 * @lost: how many; 0 changes nothing
 */
void timeline_lost(struct timeline *timeline, uint64_t time_ns, uint64_t lost)
{
	if (lost)
		bin_at(timeline, time_ns)->lost += lost;
}
