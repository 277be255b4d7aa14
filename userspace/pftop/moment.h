/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_MOMENT_H
#define PFTOP_MOMENT_H

#include "libpftrace.h"

/**
 * struct moment - when a snapshot was taken: just now or, of a recording, then
 * @time_ns: CLOCK_MONOTONIC
 * @wall_s: the same in seconds since 1970
 * @recorded: it is of a recording
 * @since_ns: time since its first snapshot
 * @length_ns: from its first snapshot to its last one
 * @last: this is the last one
 *
 * The rest is private to moment.c.
 */
struct moment {
	uint64_t time_ns;
	double wall_s;
	bool recorded;
	uint64_t since_ns;
	uint64_t length_ns;
	bool last;

	/* private: */
	struct pft_host host;
	bool has_host;
};

void moment_take(struct moment *moment, const struct pft_root *root);

#endif /* PFTOP_MOMENT_H */
