/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_EXPLAIN_H
#define PFTOP_EXPLAIN_H

#include "libpftrace.h"

#define EXPLAIN_MAX	(2 * 4200 + 256)

/**
 * struct explain_names - what the mappings of a record are called
 * @own: path of the mapping at the address, or its kind in brackets
 * @below: for PFT_PERM_HOLE the same of the mapping below
 * @above: the same of the mapping above
 *
 * They may hold any byte, and so may the sentence.
 */
struct explain_names {
	const char *own;
	const char *below;
	const char *above;
};

bool explain(char *to, size_t size, const struct pft_record *record,
	     const struct explain_names *names);

#endif /* PFTOP_EXPLAIN_H */
