/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_DIGEST_H
#define PFTOP_DIGEST_H

#include "breakdown.h"
#include "codename.h"
#include "hint.h"
#include "options.h"
#include "output.h"
#include "paths.h"
#include "profile.h"
#include "profile_rows.h"
#include "roster.h"
#include "tally.h"
#include "timeline.h"

/**
 * struct digest - what a recording says
 * @root: the recording
 * @options: which of its records are wanted
 * @host: where and how it was made
 * @before: totals when it began
 * @after: totals when it ended
 * @end_ns: when the last of it was written, or happened
 * @records: records that were wanted
 * @others: records that were not
 * @lost: records lost, of any process
 * @count: faults of @records per class
 * @ns: their time, of refused ones as far as they have one
 * @breakdown: by cause, and by file
 * @hints: what dominated, and what could be done about it
 * @spread: how long they took, per class
 * @roster: by process
 * @timeline: over time
 * @profile: by VMA, code, page, and time and address; refused ones
 * @rows: tables of the profile
 * @paths: names of files
 * @names: names of code
 *
 * The rest is private to digest.c.
 */
struct digest {
	struct pft_root *root;
	const struct options *options;
	struct pft_host host;
	struct pft_totals before;
	struct pft_totals after;
	uint64_t end_ns;
	uint64_t records;
	uint64_t others;
	uint64_t lost;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t ns[PFT_NR_CLASSES];
	struct breakdown breakdown;
	struct hints hints;
	struct spread spread[PFT_NR_CLASSES];
	struct roster roster;
	struct timeline timeline;
	struct profile profile;
	struct profile_rows rows[PROFILE_KINDS];
	struct paths paths;
	struct codenames names;

	/* private: */
	struct tally tally;
	struct profile_text *text;
};

/* The kind of the hint that says what dominated. */
#define DIGEST_VERDICT	"verdict"

/**
 * struct digest_table - a table of a digest
 * @name: in JSON, and for --table
 * @title: for people
 * @columns: puts its columns into a list, COLUMNS_MAX; gives their number
 * @count: of rows
 * @row: one of them, valid until the next call
 * @dropped: faults for which it had no room; NULL where it takes all
 */
struct digest_table {
	const char *name;
	const char *title;
	unsigned int (*columns)(unsigned int show, const struct column **list);
	unsigned int (*count)(const struct digest *digest);
	const void *(*row)(struct digest *digest, unsigned int index);
	uint64_t (*dropped)(const struct digest *digest);
};

extern const struct digest_table digest_tables[];
extern const unsigned int nr_digest_tables;

bool digest_read(struct digest *digest, struct pft_root *root, const struct options *options,
		 struct pft_error *error);
void digest_fini(struct digest *digest);
uint64_t digest_ns(const struct digest *digest);
uint64_t digest_grown(const struct digest *digest, const char *name);
const struct digest_table *digest_table_find(const char *name);

#endif /* PFTOP_DIGEST_H */
