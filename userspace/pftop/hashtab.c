// SPDX-License-Identifier: GPL-2.0
/* Rows found by their key, with a limit to their number. */

#include <stdlib.h>
#include <string.h>

#include "hashtab.h"

#define ROOM_MIN	32

/**
 * hashtab_init - an empty table
 * @table: to be filled
 * @row_size: bytes of a row
 * @key_size: bytes of its key, see struct hashtab
 * @limit: never more rows than this
 */
void hashtab_init(struct hashtab *table, size_t row_size, size_t key_size, unsigned int limit)
{
	memset(table, 0, sizeof(*table));
	table->row_size = row_size;
	table->key_size = key_size;
	table->limit = limit;
}

/**
 * hashtab_fini - give its memory back
 * @table: from hashtab_init(); it is empty afterwards, and may be used again
 */
void hashtab_fini(struct hashtab *table)
{
	free(table->rows);
	free(table->slots);
	hashtab_init(table, table->row_size, table->key_size, table->limit);
}

static uint32_t hash(const void *key, size_t size)
{
	uint64_t sum = 0, word;
	size_t i;

	for (i = 0; i < size; i += sizeof(word)) {
		memcpy(&word, (const char *)key + i, sizeof(word));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
		sum ^= sum >> 32;
	}
	return (uint32_t)sum;
}

/* Where @key is, or where it belongs. */
static uint32_t *find_slot(const struct hashtab *table, const void *key)
{
	uint32_t at = hash(key, table->key_size) & (table->size - 1);

	while (table->slots[at] && memcmp(hashtab_row(table, table->slots[at] - 1), key,
					  table->key_size) != 0)
		at = (at + 1) & (table->size - 1);
	return &table->slots[at];
}

/* Into slots that are all empty. */
static void enter_all(struct hashtab *table)
{
	unsigned int i;

	for (i = 0; i < table->count; i++)
		*find_slot(table, hashtab_row(table, i)) = i + 1;
}

static bool grow(struct hashtab *table)
{
	unsigned int room = table->room ? table->room * 2 : ROOM_MIN;
	uint32_t *slots;
	char *rows;

	rows = realloc(table->rows, room * table->row_size);
	if (!rows)
		return false;
	table->rows = rows;
	slots = calloc(room * 2UL, sizeof(*slots));
	if (!slots)
		return false;
	free(table->slots);
	table->slots = slots;
	table->size = room * 2;
	table->room = room;
	enter_all(table);
	return true;
}

/**
 * hashtab_get - the row of a key, which is made where there is none
 * @table: from hashtab_init()
 * @key: the key
 *
 * Return: valid until the next call; a new one has zeroes behind its key. NULL
 * where there is no room for another row.
 */
void *hashtab_get(struct hashtab *table, const void *key)
{
	uint32_t *slot = table->size ? find_slot(table, key) : NULL;
	char *row;

	if (slot && *slot)
		return hashtab_row(table, *slot - 1);
	if (table->count >= table->limit)
		return NULL;
	if (table->count == table->room && !grow(table))
		return NULL;
	slot = find_slot(table, key);
	*slot = ++table->count;
	row = hashtab_row(table, table->count - 1);
	memset(row, 0, table->row_size);
	memcpy(row, key, table->key_size);
	return row;
}

/**
 * hashtab_find - the row of a key
 * @table: from hashtab_init()
 * @key: the key
 *
 * Return: the row, or NULL where there is none.
 */
void *hashtab_find(const struct hashtab *table, const void *key)
{
	uint32_t *slot = table->size ? find_slot(table, key) : NULL;

	return slot && *slot ? hashtab_row(table, *slot - 1) : NULL;
}

/**
 * hashtab_sort - put the rows into another order
 * @table: from hashtab_init()
 * @compare: two rows, as for qsort(3)
 */
void hashtab_sort(struct hashtab *table, int (*compare)(const void *a, const void *b))
{
	if (!table->count)
		return;
	qsort(table->rows, table->count, table->row_size, compare);
	memset(table->slots, 0, table->size * sizeof(*table->slots));
	enter_all(table);
}

/**
 * hashtab_row - one of the rows, in the order in which they came, or were sorted
 * @table: from hashtab_init()
 * @index: below its count
 *
 * Return: the row.
 */
void *hashtab_row(const struct hashtab *table, unsigned int index)
{
	return table->rows + index * table->row_size;
}
