/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_FEED_H
#define PFTOP_FEED_H

#include "profile.h"

/**
 * struct feed - a profile that grows with what the rings get
 * @profile: of the records since it was opened, and of those held then
 * @lost: records of any process that were overwritten before we came to them
 * @behind: the time was over before all records were taken
 * @error: why there are no more; its code is PFT_OK where there are
 *
 * The rest is private to feed.c.
 */
struct feed {
	struct profile profile;
	uint64_t lost;
	bool behind;
	struct pft_error error;

	/* private: */
	struct pft_stream *stream;
};

bool feed_open(struct feed *feed, const struct pft_root *root,
	       const struct profile_options *options);
void feed_update(struct feed *feed, uint64_t budget_ns);
void feed_fini(struct feed *feed);

#endif /* PFTOP_FEED_H */
