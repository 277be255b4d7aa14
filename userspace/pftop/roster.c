// SPDX-License-Identifier: GPL-2.0
/* The processes that records are about. */

#include <stdlib.h>
#include <string.h>

#include "roster.h"

#define ROSTER_MAX	(1U << 18)

static uint32_t *slot_of(const struct roster *roster, uint32_t pid)
{
	uint32_t at = pid * 2654435761U & (roster->size - 1);

	while (roster->slots[at] && roster->row[roster->slots[at] - 1].pid != pid)
		at = (at + 1) & (roster->size - 1);
	return &roster->slots[at];
}

static bool make_room(struct roster *roster)
{
	const unsigned int room = roster->room ? roster->room * 2 : 256, size = room * 2;
	struct roster_row *row;
	uint32_t *slots;

	if (roster->count < roster->room)
		return true;
	if (room > ROSTER_MAX)
		return false;
	row = reallocarray(roster->row, room, sizeof(*row));
	if (!row)
		return false;
	roster->row = row;
	slots = calloc(size, sizeof(*slots));
	if (!slots)
		return false;
	free(roster->slots);
	roster->slots = slots;
	roster->size = size;
	roster->room = room;
	for (unsigned int i = 0; i < roster->count; i++)
		*slot_of(roster, roster->row[i].pid) = i + 1;
	return true;
}

/**
 * roster_add - count a fault
 * @roster: any
 * @record: the fault
 */
void roster_add(struct roster *roster, const struct pft_record *record)
{
	struct roster_row *row;
	uint32_t *slot;

	if (!make_room(roster) && !roster_find(roster, record->tgid)) {
		roster->dropped++;
		return;
	}
	slot = slot_of(roster, record->tgid);
	if (!*slot) {
		memset(&roster->row[roster->count], 0, sizeof(*row));
		roster->row[roster->count].pid = record->tgid;
		*slot = ++roster->count;
	}
	row = &roster->row[*slot - 1];
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
 * roster_find - a process by its id
 * @roster: any
 * @pid: its id
 *
 * Return: the process, or NULL.
 */
const struct roster_row *roster_find(const struct roster *roster, uint32_t pid)
{
	uint32_t slot = roster->size ? *slot_of(roster, pid) : 0;

	return slot ? &roster->row[slot - 1] : NULL;
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

	if (!pft_table_read(root, kind, &table, error)) {
		pft_table_free(&table);
		return false;
	}
	for (i = 0; i < table.count; i++) {
		row = (struct roster_row *)roster_find(roster, table.row[i].pid);
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
	unsigned int i;

	for (i = 0; i < roster->count; i++)
		roster->row[i].command = pft_command_read(root, roster->row[i].pid);
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
 * @roster: any; nothing can be added or found in it any more
 */
void roster_sort(struct roster *roster)
{
	if (roster->count)
		qsort(roster->row, roster->count, sizeof(*roster->row), compare);
	roster->size = 0;
}

/**
 * roster_fini - give the memory back
 * @roster: any
 */
void roster_fini(struct roster *roster)
{
	unsigned int i;

	for (i = 0; i < roster->count; i++)
		free(roster->row[i].command);
	free(roster->row);
	free(roster->slots);
	memset(roster, 0, sizeof(*roster));
}
