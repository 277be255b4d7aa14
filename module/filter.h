/* SPDX-License-Identifier: GPL-2.0 */
/* Which faults are recorded. What is counted does not ask here. */
#ifndef PFT_FILTER_H
#define PFT_FILTER_H

#include <linux/jump_label.h>
#include <linux/seq_file.h>
#include <linux/types.h>

#include "uapi/pftrace.h"

struct pft_fault;
struct pft_filter_change;

/* enumerator, name of the file in filter/; "filter_" and it is the parameter */
#define PFT_FILTERS(X) \
	X(PFT_FILTER_PID,	pid) \
	X(PFT_FILTER_COMM,	comm) \
	X(PFT_FILTER_CLASS,	class) \
	X(PFT_FILTER_CAUSE,	cause) \
	X(PFT_FILTER_LATENCY,	min_latency_us) \
	X(PFT_FILTER_CGROUP,	cgroup)

/** enum pft_filter_id - what is looked at, see PFT_FILTERS */
enum pft_filter_id {
#define X(id, name) id,
	PFT_FILTERS(X)
#undef X
	PFT_NR_FILTERS
};

/* Most bytes of a filter's text. */
#define PFT_FILTER_TEXT	16384

extern const char *const pft_filter_names[PFT_NR_FILTERS];

int pft_filter_init(void);
void pft_filter_exit(void);
struct pft_filter_change *pft_filter_parse(enum pft_filter_id id, const char *text, size_t size);
void pft_filter_commit(struct pft_filter_change *change);
void pft_filter_drop(struct pft_filter_change *change);
void pft_filter_show(struct seq_file *m, enum pft_filter_id id);

/* On while any filter is set. */
DECLARE_STATIC_KEY_FALSE(pft_filter_key);

bool pft_filter_match(const struct pft_fault *fault, enum pft_class class, u64 latency_ns);

/**
 * pft_filter_wants - is this fault to be recorded?
 * @fault: at its end
 * @class: how it ended
 * @latency_ns: its duration
 *
 * While no filter is set this is an instruction that does nothing.
 *
 * Context: as pft_fault_end().
 * Return: true if no filter keeps it out.
 */
static __always_inline bool pft_filter_wants(const struct pft_fault *fault, enum pft_class class,
					     u64 latency_ns)
{
	return !static_branch_unlikely(&pft_filter_key) ||
	       pft_filter_match(fault, class, latency_ns);
}

#endif /* PFT_FILTER_H */
