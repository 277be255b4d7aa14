// SPDX-License-Identifier: GPL-2.0
/*
 * A process and its descendants, found by the PPID of living and ended ones.
 * Who is in is decided by the parent, not by the number alone: numbers are used
 * again.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "family.h"
#include "proc.h"

static uint32_t *find_slot(const struct family_set *set, uint32_t pid)
{
	uint32_t at = pid * 2654435769U & (set->size - 1);

	while (set->slots[at] && set->slots[at] != pid)
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static bool set_has(const struct family_set *set, uint32_t pid)
{
	return pid && set->size && *find_slot(set, pid);
}

static bool set_grow(struct family_set *set)
{
	struct family_set more = { .size = set->size ? set->size * 2 : 64, .used = set->used };
	uint32_t i;

	more.slots = calloc(more.size, sizeof(*more.slots));
	if (!more.slots)
		return false;
	for (i = 0; i < set->size; i++)
		if (set->slots[i])
			*find_slot(&more, set->slots[i]) = set->slots[i];
	free(set->slots);
	*set = more;
	return true;
}

static bool set_add(struct family_set *set, uint32_t pid)
{
	uint32_t *slot;

	if (set->used * 2 >= set->size && !set_grow(set))
		return false;
	slot = find_slot(set, pid);
	set->used += !*slot;
	*slot = pid;
	return true;
}

static bool no_memory(struct pft_error *error)
{
	memset(error, 0, sizeof(*error));
	error->code = PFT_ERR_SYSTEM;
	error->err = ENOMEM;
	return false;
}

/**
 * family_init - note what has ended before
 * @family: to be filled
 * @root: where to look; must stay open
 * @error: why not
 *
 * To be called before the process is made. family_fini() is needed in any case.
 *
 * Return: false on an error.
 */
bool family_init(struct family *family, const struct pft_root *root, struct pft_error *error)
{
	memset(family, 0, sizeof(*family));
	family->root = root;
	if (!pft_totals_read(root, &family->totals, error) ||
	    !pft_table_read(root, PFT_EXITED, &family->exited, error))
		return false;
	family->nr_exited = pft_totals_value(&family->totals, "exited");
	return pft_fresh_take(&family->known, &family->exited, &family->fresh) ||
	       no_memory(error);
}

/**
 * family_start - the process was made
 * @family: from family_init()
 * @pid: its id
 *
 * Return: false where memory ran out.
 */
bool family_start(struct family *family, uint32_t pid)
{
	family->pid = pid;
	return set_add(&family->members, pid);
}

static bool is_member(const struct family *family, const struct pft_row *row)
{
	if (row->pid == family->pid && !family->leader_ended)
		return true;
	return set_has(&family->members, row->ppid);
}

/* Marks the family among @count rows; true where one was new. */
static int mark_rows(struct family *family, const struct pft_row *rows, unsigned int count,
		     bool *mark)
{
	unsigned int i;
	int found = 0;

	for (i = 0; i < count; i++) {
		if (mark[i] || !is_member(family, &rows[i]))
			continue;
		mark[i] = true;
		found = 1;
		if (!set_add(&family->members, rows[i].pid))
			return -1;
	}
	return found;
}

static void add_to(struct family_sum *sum, const struct pft_row *row)
{
	unsigned int i;

	sum->processes++;
	for (i = 0; i < PFT_NR_CLASSES; i++)
		sum->count[i] += row->count[i];
	sum->ns[0] += row->ns[0];
	sum->ns[1] += row->ns[1];
	for (i = 0; i < PFT_NR_CAUSES; i++)
		sum->cause[i] += row->cause[i];
}

static bool ended_too(const struct family *family, unsigned int fresh, const bool *mark,
		      uint32_t pid)
{
	unsigned int i;

	for (i = 0; i < fresh; i++)
		if (mark[i] && family->exited.row[i].pid == pid)
			return true;
	return false;
}

static void add_up(struct family *family, unsigned int fresh, const bool *alive_mark,
		   const bool *ended_mark)
{
	unsigned int i;

	for (i = 0; i < fresh; i++) {
		if (!ended_mark[i])
			continue;
		add_to(&family->ended, &family->exited.row[i]);
		if (family->exited.row[i].pid == family->pid)
			family->leader_ended = true;
	}
	memset(&family->alive, 0, sizeof(family->alive));
	for (i = 0; i < family->pids.count; i++) {
		/* It ended between the reading of the two files. */
		if (alive_mark[i] &&
		    !ended_too(family, fresh, ended_mark, family->pids.row[i].pid))
			add_to(&family->alive, &family->pids.row[i]);
	}
}

static bool make_marks(struct family *family)
{
	unsigned int need = family->pids.count + family->exited.count;
	bool *mark;

	if (need > family->room) {
		mark = realloc(family->mark, need * sizeof(*mark));
		if (!mark)
			return false;
		family->mark = mark;
		family->room = need;
	}
	if (need)
		memset(family->mark, 0, need * sizeof(*family->mark));
	return true;
}

/**
 * family_look - look who is there and who has ended
 * @family: after family_start()
 * @error: why not
 *
 * Return: false on an error.
 */
bool family_look(struct family *family, struct pft_error *error)
{
	bool *alive_mark, *ended_mark;
	uint64_t grown;
	int a, b;

	/* In this order nobody is missed: who ends meanwhile is in both. */
	if (!pft_table_read(family->root, PFT_PIDS, &family->pids, error) ||
	    !pft_totals_read(family->root, &family->totals, error) ||
	    !pft_table_read(family->root, PFT_EXITED, &family->exited, error))
		return false;
	if (!pft_fresh_take(&family->known, &family->exited, &family->fresh))
		return no_memory(error);
	family->has_causes = family->pids.has_causes && family->exited.has_causes;
	grown = pft_totals_value(&family->totals, "exited") - family->nr_exited;
	family->nr_exited += grown;
	if (!family->known.overlap && grown > family->fresh)
		family->unseen += grown - family->fresh;
	if (!make_marks(family))
		return no_memory(error);
	alive_mark = family->mark;
	ended_mark = family->mark + family->pids.count;
	do {	/* a child may come before its parent: until nobody is new */
		a = mark_rows(family, family->pids.row, family->pids.count, alive_mark);
		b = mark_rows(family, family->exited.row, family->fresh, ended_mark);
		if (a < 0 || b < 0)
			return no_memory(error);
	} while (a || b);
	add_up(family, family->fresh, alive_mark, ended_mark);
	return true;
}

/**
 * family_has - is a process of the family?
 * @family: after family_look()
 * @pid: its id
 *
 * Who has the number now, or had it until a moment ago, decides; else whether
 * one of the family ever had it.
 *
 * Return: true where it is.
 */
bool family_has(const struct family *family, uint32_t pid)
{
	const bool *ended_mark = family->mark + family->pids.count;
	bool listed = false;
	unsigned int i;

	for (i = 0; i < family->pids.count; i++) {
		if (family->pids.row[i].pid != pid)
			continue;
		if (family->mark[i])
			return true;
		listed = true;
	}
	for (i = 0; i < family->fresh; i++) {
		if (family->exited.row[i].pid != pid)
			continue;
		if (ended_mark[i])
			return true;
		listed = true;
	}
	return !listed && set_has(&family->members, pid);
}

/**
 * family_settled - has all that ended arrived in `exited`?
 * @family: after family_look()
 *
 * The kernel frees a process a grace period behind the wait4() that reaped it.
 * Until then it is still in `pids`, but has no number any more.
 *
 * Return: true where the leader has ended and nobody is on the way.
 */
bool family_settled(const struct family *family)
{
	unsigned int i;

	if (!family->leader_ended)
		return false;
	for (i = 0; i < family->pids.count; i++)
		if (family->mark[i] && !proc_exists(family->pids.row[i].pid))
			return false;
	return true;
}

/**
 * family_fini - give its memory back
 * @family: from family_init()
 */
void family_fini(struct family *family)
{
	pft_table_free(&family->pids);
	pft_table_free(&family->exited);
	pft_fresh_free(&family->known);
	free(family->members.slots);
	free(family->mark);
	memset(family, 0, sizeof(*family));
}
