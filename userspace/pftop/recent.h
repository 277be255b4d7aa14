/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_RECENT_H
#define PFTOP_RECENT_H

#include "libpftrace.h"

/**
 * struct recent_fault - what is kept of a record
 * @id: process or thread
 * @ns: how long it took
 */
struct recent_fault {
	uint32_t id;
	uint64_t ns;
};

/**
 * struct recent - the faults between two updates, as far as the rings held them
 * @fault: by process or thread, the shortest first
 * @count: of them
 *
 * The rest is private to recent.c. All zero has none, and never will.
 */
struct recent {
	struct recent_fault *fault;
	unsigned int count;

	/* private: */
	const struct pft_root *root;
	uint64_t newest_ns;
	uint64_t again_ns;
	unsigned int room;
};

void recent_init(struct recent *recent, const struct pft_root *root);
void recent_update(struct recent *recent, bool threads);
bool recent_percentile(const struct recent *recent, uint32_t id, unsigned int percent,
		       uint64_t *ns);
void recent_fini(struct recent *recent);

#endif /* PFTOP_RECENT_H */
