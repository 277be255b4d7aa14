/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_SIGHTS_H
#define PFTOP_SIGHTS_H

#include "libpftrace.h"

struct sight;

/**
 * struct sights - processes met in a recording; all zero has none
 * @late: looks at a process that had ended already, or could not be read
 * @put_off: looks not taken because they would have cost too much time
 *
 * The rest is private to sights.c.
 */
struct sights {
	uint64_t late;
	uint64_t put_off;

	/* private: */
	struct sight *slot;
	uint64_t began_ns;
	uint64_t spent_ns;
	char *text;
	struct pft_build_ids *ids;
};

bool sights_init(struct sights *sights);
bool sights_take(struct sights *sights, const struct pft_record *record,
		 struct pft_recorder *recorder, struct pft_error *error);
void sights_fini(struct sights *sights);

#endif /* PFTOP_SIGHTS_H */
