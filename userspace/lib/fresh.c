// SPDX-License-Identifier: GPL-2.0
/*
 * What is new in `exited` since it was read last.
 *
 * The file has no numbers to go by, and its order is not strict: processes that
 * were reaped a moment ago stand first, in any order, until the kernel has
 * freed them. So each row is remembered by all it says, as a hash of 64 bits;
 * what an ended process says does not change any more.
 */

#include <stdlib.h>
#include <string.h>

#include "libpftrace.h"

static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * 0x9e3779b97f4a7c15ULL;
	return sum ^ sum >> 29;
}

static uint64_t row_key(const struct pft_row *row)
{
	uint64_t sum = mix(row->pid, row->ppid);
	unsigned int i;

	for (i = 0; i < PFT_NR_CLASSES; i++)
		sum = mix(sum, row->count[i]);
	sum = mix(sum, row->retries);
	sum = mix(sum, row->ns[0]);
	sum = mix(sum, row->ns[1]);
	return sum ? sum : 1;
}

static uint64_t *find(uint64_t *slots, uint32_t size, uint64_t key)
{
	uint32_t at = (uint32_t)key & (size - 1);

	while (slots[at] && slots[at] != key)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

/**
 * pft_fresh_take - find what is new
 * @fresh: what was there before; all zero at first
 * @exited: as read now; the new rows are moved to its front, in their order
 * @count: where to put how many are new
 *
 * Return: false where memory ran out; then @exited is as it was.
 */
bool pft_fresh_take(struct pft_fresh *fresh, struct pft_table *exited, unsigned int *count)
{
	uint32_t size = 64, i, used = 0;
	struct pft_row row;
	uint64_t *slots, *slot;
	uint64_t key;

	while (size < exited->count * 2)
		size *= 2;
	slots = calloc(size, sizeof(*slots));
	if (!slots)
		return false;
	fresh->overlap = !fresh->slots;
	for (i = 0; i < exited->count; i++) {
		key = row_key(&exited->row[i]);
		slot = find(slots, size, key);
		if (*slot)
			continue;	/* said twice */
		*slot = key;
		if (fresh->slots && *find(fresh->slots, fresh->size, key)) {
			fresh->overlap = true;
			continue;
		}
		row = exited->row[i];
		exited->row[i] = exited->row[used];
		exited->row[used++] = row;
	}
	free(fresh->slots);
	fresh->slots = slots;
	fresh->size = size;
	*count = used;
	return true;
}

/**
 * pft_fresh_free - forget all
 * @fresh: any; it is all zero afterwards
 */
void pft_fresh_free(struct pft_fresh *fresh)
{
	free(fresh->slots);
	memset(fresh, 0, sizeof(*fresh));
}
