// SPDX-License-Identifier: GPL-2.0
/* The processes that records are about. */

#include <stdlib.h>
#include <string.h>

#include "roster.h"

#define ROSTER_MAX	(1U << 18)

/**
 * roster_add - count a fault
 * @roster: any
 * @record: the fault
 */
void roster_add(struct roster *roster, const struct pft_record *record)
{
	const uint64_t pid = record->tgid;
	struct roster_row *row;

	if (!roster->rows.limit)
		hashtab_init(&roster->rows, sizeof(*row), sizeof(pid), ROSTER_MAX);
	row = hashtab_get(&roster->rows, &pid);
	if (!row) {
		roster->dropped++;
		return;
	}
	if (record->pid == record->tgid || !*row->comm)
		memcpy(row->comm, record->comm, sizeof(row->comm));
	if (record->class < PFT_NR_CLASSES) {
		row->count[record->class]++;
		row->ns[record->class] += record->latency_ns;
	}
	if (record->cause < PFT_NR_CAUSES)
		row->cause[record->cause]++;
}

/**
 * roster_ns - time in its faults
 * @row: a process
 *
 * Return: the sum, ns.
 */
uint64_t roster_ns(const struct roster_row *row)
{
	return row->ns[PFT_MINOR] + row->ns[PFT_MAJOR] + row->ns[PFT_INVALID];
}

/**
 * roster_top_cause - why most of its faults were
 * @row: a process
 *
 * Return: enum pft_cause.
 */
unsigned int roster_top_cause(const struct roster_row *row)
{
	unsigned int cause, best = 0;

	for (cause = 1; cause < PFT_NR_CAUSES; cause++)
		if (row->cause[cause] > row->cause[best])
			best = cause;
	return best;
}

static bool add_table(struct roster *roster, const struct pft_root *root,
		      enum pft_table_kind kind, struct pft_error *error)
{
	struct pft_table table = { 0 };
	struct roster_row *row;
	unsigned int i;
	uint64_t pid;

	if (!pft_table_read(root, kind, &table, error)) {
		pft_table_free(&table);
		return false;
	}
	for (i = 0; i < table.count; i++) {
		pid = table.row[i].pid;
		row = hashtab_find(&roster->rows, &pid);
		/* Numbers are used again: the living one is the later one. */
		if (!row || row->ppid)
			continue;
		row->ppid = table.row[i].ppid;
		row->exited = kind == PFT_EXITED;
	}
	pft_table_free(&table);
	return true;
}

/**
 * roster_complete - add what other files than the rings tell
 * @roster: after the last roster_add()
 * @root: where the records came from
 * @error: why not
 *
 * Return: false on an error.
 */
bool roster_complete(struct roster *roster, const struct pft_root *root, struct pft_error *error)
{
	struct roster_row *row;
	unsigned int i;

	for (i = 0; i < roster->rows.count; i++) {
		row = hashtab_row(&roster->rows, i);
		row->command = pft_command_read(root, (uint32_t)row->pid);
	}
	return add_table(roster, root, PFT_PIDS, error) &&
	       add_table(roster, root, PFT_EXITED, error);
}

static int compare(const void *a, const void *b)
{
	const struct roster_row *x = a, *y = b;
	uint64_t m = roster_ns(x), n = roster_ns(y);

	if (m != n)
		return m < n ? 1 : -1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

/**
 * roster_sort - the most time in faults first
 * @roster: any
 */
void roster_sort(struct roster *roster)
{
	hashtab_sort(&roster->rows, compare);
}

/**
 * roster_fini - give the memory back
 * @roster: any
 */
void roster_fini(struct roster *roster)
{
	struct roster_row *row;
	unsigned int i;

	for (i = 0; i < roster->rows.count; i++) {
		row = hashtab_row(&roster->rows, i);
		free(row->command);
	}
	hashtab_fini(&roster->rows);
	memset(roster, 0, sizeof(*roster));
}
