/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_FILTER_H
#define PFTOP_FILTER_H

#include "libpftrace.h"

/**
 * struct filter - which records are shown; all zero lets all through
 * @classes: a bit per enum pft_class, 0 for all
 * @causes: a bit per enum pft_cause, 0 for all
 * @levels: a bit per enum pft_level, 0 for all
 * @min_latency_ns: only those that took at least this
 * @file: pattern for the name of the mapping, or NULL
 * @cgroup: only of this cgroup, or 0
 * @accesses: a bit per enum pft_access, 0 for all
 */
struct filter {
	uint64_t classes;
	uint64_t causes;
	uint64_t levels;
	uint64_t min_latency_ns;
	const char *file;
	uint64_t cgroup;
	uint64_t accesses;
};

bool filter_list(const char *text, int (*find)(const char *name), uint64_t *bits, char *bad,
		 size_t size);
bool filter_latency(const char *text, uint64_t *ns);
bool filter_cgroup(const char *text, uint64_t *cgroup);
bool filter_wants(const struct filter *filter, const struct pft_record *record);
bool filter_wants_name(const struct filter *filter, const char *name);

#endif /* PFTOP_FILTER_H */
