/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_GATHER_H
#define PFTOP_GATHER_H

#include "family.h"
#include "tally.h"

/**
 * struct gather - takes the records of a family out of the rings
 * @tally: what they add up to
 * @lost: records of any process that were overwritten before we came to them
 * @failed: why there are none any more; its code is PFT_OK where there are
 *
 * The rest is private to gather.c.
 */
struct gather {
	struct tally tally;
	uint64_t lost;
	struct pft_error failed;

	/* private: */
	struct pft_stream *stream;
	struct pft_record *pending;
	unsigned int count;
};

void gather_open(struct gather *gather, const struct pft_root *root);
unsigned int gather_drain(struct gather *gather);
bool gather_is_full(const struct gather *gather);
void gather_sort(struct gather *gather, const struct family *family);
void gather_fini(struct gather *gather);

#endif /* PFTOP_GATHER_H */
