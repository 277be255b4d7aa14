/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WEAK_READER_H
#define WEAK_READER_H

#include "uapi/pftrace.h"

/**
 * struct weak_position - a reader between two calls
 * @next: position wanted next
 * @read: how many it got
 * @lost: how many it did not get
 * @end: stop there, 0 for never
 */
struct weak_position {
	uint64_t next, read, lost, end;
};

int weak_reader_next(const struct pft_ring_header *header, struct weak_position *at,
		     struct pft_record *record);

#endif /* WEAK_READER_H */
