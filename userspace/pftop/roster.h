/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_ROSTER_H
#define PFTOP_ROSTER_H

#include "hashtab.h"
#include "libpftrace.h"

/**
 * struct roster_row - a process that has records
 * @pid: its id; the key
 * @ppid: process that created it, 0 where that is not known
 * @exited: it had ended when the recording did
 * @comm: its name; that of the main thread, if this has a record
 * @command: its command line with blanks between, raw, or NULL
 * @count: faults per class
 * @ns: their time
 * @cause: faults per cause
 */
struct roster_row {
	uint64_t pid;
	uint32_t ppid;
	bool exited;
	char comm[PFT_COMM_LEN];
	char *command;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns[PFT_NR_CLASSES];
	uint64_t cause[PFT_NR_CAUSES];
};

/**
 * struct roster - processes; all zero has none
 * @rows: struct roster_row
 * @dropped: records of more processes than there is memory for
 */
struct roster {
	struct hashtab rows;
	uint64_t dropped;
};

void roster_add(struct roster *roster, const struct pft_record *record);
bool roster_complete(struct roster *roster, const struct pft_root *root, struct pft_error *error);
uint64_t roster_ns(const struct roster_row *row);
unsigned int roster_top_cause(const struct roster_row *row);
void roster_sort(struct roster *roster);
void roster_fini(struct roster *roster);

#endif /* PFTOP_ROSTER_H */
