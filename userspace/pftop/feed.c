// SPDX-License-Identifier: GPL-2.0
/*
 * Records of the rings into a profile, some at each update. The rings are read,
 * not mapped: who has one mapped keeps it from being resized. They stay open as
 * long as the view that shows the profile does.
 */

#include <string.h>

#include "feed.h"

/* Looking at the clock costs as much as some records do. */
#define AT_ONCE		256

/**
 * feed_open - begin with the oldest record held
 * @feed: to be filled
 * @root: where the rings are; must stay open
 * @options: what to add up
 *
 * Return: false where memory ran out; feed_fini() is needed in any case. That
 * the rings cannot be read is in its @error.
 */
bool feed_open(struct feed *feed, const struct pft_root *root,
	       const struct profile_options *options)
{
	memset(feed, 0, sizeof(*feed));
	if (!profile_init(&feed->profile, options))
		return false;
	feed->stream = pft_stream_open(root, PFT_READ_OLDEST | PFT_READ_WHOLE | PFT_READ_NO_MAP,
				       &feed->error);
	return true;
}

/**
 * feed_update - take the records that have come
 * @feed: from feed_open()
 * @budget_ns: the time that it may take
 */
void feed_update(struct feed *feed, uint64_t budget_ns)
{
	uint64_t end = pft_now_ns() + budget_ns, lost;
	struct pft_record record;
	unsigned int i;
	int ret = 1;

	feed->behind = false;
	if (!feed->stream)
		return;
	do {
		for (i = 0; i < AT_ONCE; i++) {
			ret = pft_stream_next(feed->stream, &record, &lost, &feed->error);
			if (ret <= 0)
				break;
			profile_add(&feed->profile, &record);
		}
	} while (ret > 0 && pft_now_ns() < end);
	feed->behind = ret > 0;
	feed->lost = pft_stream_lost(feed->stream);
	if (ret >= 0)
		return;
	pft_stream_close(feed->stream);
	feed->stream = NULL;
}

/**
 * feed_fini - give its memory back
 * @feed: from feed_open()
 */
void feed_fini(struct feed *feed)
{
	pft_stream_close(feed->stream);
	profile_fini(&feed->profile);
	memset(feed, 0, sizeof(*feed));
}
