// SPDX-License-Identifier: GPL-2.0
/*
 * Faults by time and address, in a bounded number of cells. When there are too
 * many, cells get twice as long or twice as high and each takes a neighbour in,
 * so no fault is forgotten, only its place gets less exact.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heat.h"

#define BIN_NS_MIN	(1ULL << 20)	/* about a millisecond */
#define BIN_NS_MAX	(1ULL << 62)
#define BIN_BYTES_MAX	(1ULL << 62)

/**
 * heat_init - no faults yet
 * @heat: to be filled
 * @limit: of cells
 */
void heat_init(struct heat *heat, unsigned int limit)
{
	memset(heat, 0, sizeof(*heat));
	heat->bin_ns = BIN_NS_MIN;
	heat->bin_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	hashtab_init(&heat->cells, sizeof(struct heat_cell), sizeof(struct heat_key), limit);
}

/**
 * heat_fini - give its memory back
 * @heat: from heat_init()
 */
void heat_fini(struct heat *heat)
{
	hashtab_fini(&heat->cells);
}

/**
 * heat_cell - one of the cells
 * @heat: from heat_init()
 * @index: below the count of its cells
 *
 * Return: the cell.
 */
const struct heat_cell *heat_cell(const struct heat *heat, unsigned int index)
{
	return hashtab_row(&heat->cells, index);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* How many different values are there? */
static unsigned int distinct(uint64_t *values, unsigned int count)
{
	unsigned int i, found = count > 0;

	qsort(values, count, sizeof(*values), compare);
	for (i = 1; i < count; i++)
		found += values[i] != values[i - 1];
	return found;
}

/* Which way there are more bins: that is where the next doubling hurts least. */
static bool longer_than_high(const struct heat *heat, bool *longer)
{
	unsigned int count = heat->cells.count, i, times, addresses;
	uint64_t *values = malloc(count * sizeof(*values) + 1);

	if (!values)
		return false;
	for (i = 0; i < count; i++)
		values[i] = heat_cell(heat, i)->key.time;
	times = distinct(values, count);
	for (i = 0; i < count; i++)
		values[i] = heat_cell(heat, i)->key.address;
	addresses = distinct(values, count);
	free(values);
	*longer = times >= addresses;
	return true;
}

/* Makes cells twice as long, or twice as high. */
static bool coarsen(struct heat *heat)
{
	struct hashtab old = heat->cells;
	const struct heat_cell *from;
	struct heat_cell *to;
	struct heat_key key;
	unsigned int i, j;
	bool longer;

	if (heat->bin_ns >= BIN_NS_MAX && heat->bin_bytes >= BIN_BYTES_MAX)
		return false;
	if (!longer_than_high(heat, &longer))
		return false;
	longer = (longer && heat->bin_ns < BIN_NS_MAX) || heat->bin_bytes >= BIN_BYTES_MAX;
	hashtab_init(&heat->cells, sizeof(*to), sizeof(key), old.limit);
	for (i = 0; i < old.count; i++) {
		from = hashtab_row(&old, i);
		key = from->key;
		key.time >>= longer ? 1 : 0;
		key.address >>= longer ? 0 : 1;
		to = hashtab_get(&heat->cells, &key);
		if (!to) {
			hashtab_fini(&heat->cells);
			heat->cells = old;
			return false;
		}
		for (j = 0; j < PFT_NR_CLASSES; j++)
			to->count[j] += from->count[j];
	}
	if (longer)
		heat->bin_ns *= 2;
	else
		heat->bin_bytes *= 2;
	hashtab_fini(&old);
	return true;
}

/**
 * heat_add - one more fault
 * @heat: from heat_init()
 * @record: of a known class
 */
void heat_add(struct heat *heat, const struct pft_record *record)
{
	struct heat_cell *cell;
	struct heat_key key;

	for (;;) {
		key.pid = record->tgid;
		key.time = record->time_ns / heat->bin_ns;
		key.address = record->address / heat->bin_bytes;
		cell = hashtab_get(&heat->cells, &key);
		if (cell)
			break;
		/* Not full, and yet no room: there is no memory. */
		if (heat->cells.count < heat->cells.limit || !coarsen(heat)) {
			heat->dropped++;
			return;
		}
	}
	cell->count[record->class]++;
}
