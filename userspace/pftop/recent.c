// SPDX-License-Identifier: GPL-2.0
/*
 * How long the newest faults of each process took. The module has histograms of
 * the whole machine only, so this comes from the records that are in the rings
 * at each update. Where more were written in between, it is the newest of them
 * that count: a sample, and the work for it is bounded.
 *
 * The rings are opened each time: who has one open keeps the module from being
 * unloaded, and who has one mapped keeps it from being resized.
 */

#include <stdlib.h>
#include <string.h>

#include "recent.h"

#define RECENT_MAX	(1U << 20)

/* One part of the time, in so many, may go into this. */
#define RECENT_SHARE	10

/**
 * recent_init - nothing known yet
 * @recent: to be filled
 * @root: where the rings are; must stay open
 */
void recent_init(struct recent *recent, const struct pft_root *root)
{
	memset(recent, 0, sizeof(*recent));
	recent->root = root;
}

static bool make_room(struct recent *recent)
{
	unsigned int room = recent->room ? recent->room * 2 : 1024;
	struct recent_fault *fault;

	if (recent->count < recent->room)
		return true;
	if (recent->count == RECENT_MAX)
		return false;
	fault = realloc(recent->fault, room * sizeof(*fault));
	if (!fault)
		return false;
	recent->fault = fault;
	recent->room = room;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct recent_fault *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

static void take(struct recent *recent, struct pft_stream *stream, bool threads)
{
	uint64_t lost, newest = recent->newest_ns;
	struct pft_record record;
	struct pft_error error;

	while (pft_stream_next(stream, &record, &lost, &error) > 0) {
		if (record.time_ns <= recent->newest_ns)
			continue;
		newest = record.time_ns;
		/* What was refused has no duration. */
		if (!record.latency_ns)
			continue;
		if (!make_room(recent))
			break;
		recent->fault[recent->count].id = threads ? record.pid : record.tgid;
		recent->fault[recent->count++].ns = record.latency_ns;
	}
	recent->newest_ns = newest;
}

/**
 * recent_update - the faults since the last call
 * @recent: from recent_init(); else it does nothing
 * @threads: of threads, not of processes
 *
 * There are none where the rings cannot be read, and where reading them took so
 * long that it is too early to do it again. A recording has its own time.
 */
void recent_update(struct recent *recent, bool threads)
{
	uint64_t start = pft_now_ns();
	struct pft_stream *stream;
	struct pft_error error;

	recent->count = 0;
	if (!recent->root ||
	    (start < recent->again_ns && !pft_root_is_recording(recent->root)))
		return;
	stream = pft_stream_open(recent->root,
				 PFT_READ_OLDEST | PFT_READ_DUMP | PFT_READ_NO_MAP, &error);
	if (stream)
		take(recent, stream, threads);
	pft_stream_close(stream);
	if (recent->count)
		qsort(recent->fault, recent->count, sizeof(*recent->fault), compare);
	recent->again_ns = pft_now_ns() + (pft_now_ns() - start) * (RECENT_SHARE - 1);
}

/* The first one of @id or above. */
static unsigned int first_of(const struct recent *recent, uint32_t id)
{
	unsigned int low = 0, high = recent->count, at;

	while (low < high) {
		at = low + (high - low) / 2;
		if (recent->fault[at].id < id)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

/**
 * recent_percentile - how long did most of its faults take, at most?
 * @recent: after recent_update()
 * @id: process or thread
 * @percent: how many of them, above 0
 * @ns: where to put it
 *
 * Return: false where it had none.
 */
bool recent_percentile(const struct recent *recent, uint32_t id, unsigned int percent,
		       uint64_t *ns)
{
	unsigned int first = first_of(recent, id);
	uint64_t count = first_of(recent, id + 1) - first;

	if (!count)
		return false;
	*ns = recent->fault[first + (count * percent + 99) / 100 - 1].ns;
	return true;
}

/**
 * recent_fini - give its memory back
 * @recent: any
 */
void recent_fini(struct recent *recent)
{
	free(recent->fault);
	memset(recent, 0, sizeof(*recent));
}
