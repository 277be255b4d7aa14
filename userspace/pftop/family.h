/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_FAMILY_H
#define PFTOP_FAMILY_H

#include "libpftrace.h"

/**
 * struct family_sum - faults of some processes
 * @processes: how many
 * @count: faults per class
 * @ns: time in them, minor and major
 * @cause: faults per cause
 */
struct family_sum {
	uint64_t processes;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns[2];
	uint64_t cause[PFT_NR_CAUSES];
};

/**
 * struct family_set - process ids
 * @slots: 0 for empty
 * @size: a power of two, or 0
 * @used: slots that are not empty
 */
struct family_set {
	uint32_t *slots;
	uint32_t size;
	uint32_t used;
};

/**
 * struct family - a process and its descendants
 * @root: where to look
 * @pid: the process
 * @ended: those that have ended and were reaped
 * @alive: those that have not, at the last look
 * @leader_ended: @pid is among @ended
 * @unseen: processes, of the family or not, that came and went unseen between
 *	two looks because more ended than the module lists
 * @fresh: processes that ended between the last two looks
 * @has_causes: faults per cause are known
 *
 * The rest is private to family.c.
 */
struct family {
	const struct pft_root *root;
	uint32_t pid;
	struct family_sum ended;
	struct family_sum alive;
	bool leader_ended;
	uint64_t unseen;
	unsigned int fresh;
	bool has_causes;

	/* private: */
	struct family_set members;
	uint64_t nr_exited;
	struct pft_fresh known;
	struct pft_totals totals;
	struct pft_table pids;
	struct pft_table exited;
	bool *mark;
	unsigned int room;
};

bool family_init(struct family *family, const struct pft_root *root, struct pft_error *error);
bool family_start(struct family *family, uint32_t pid);
bool family_look(struct family *family, struct pft_error *error);
bool family_has(const struct family *family, uint32_t pid);
bool family_settled(const struct family *family);
void family_fini(struct family *family);

#endif /* PFTOP_FAMILY_H */
