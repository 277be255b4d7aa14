// SPDX-License-Identifier: GPL-2.0
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/vmalloc.h>
#endif

#include "table.h"

static size_t slots_of(const struct pft_table *table)
{
	return ((size_t)1 << table->bits) + PFT_TABLE_WINDOW;
}

/**
 * pft_table_init - allocate a table
 * @table: filled
 * @entries: how many keys it is to hold; it gets twice as many slots
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pft_table_init(struct pft_table *table, unsigned int entries)
{
	table->bits = ilog2(roundup_pow_of_two(entries)) + 1;
	table->slots = vzalloc(slots_of(table) * sizeof(*table->slots));
	return table->slots ? 0 : -ENOMEM;
}

/**
 * pft_table_free - free it
 * @table: nobody uses it any more
 *
 * Context: may sleep.
 */
void pft_table_free(struct pft_table *table)
{
	vfree(table->slots);
	table->slots = NULL;
}

/**
 * pft_table_bytes - memory that the table holds
 * @table: which
 *
 * Return: bytes.
 */
size_t pft_table_bytes(const struct pft_table *table)
{
	return slots_of(table) * sizeof(*table->slots);
}

/**
 * pft_table_insert - add a key
 * @table: where
 * @key: not NULL, not in the table, its owner does not run yet
 * @value: what pft_table_find() returns for it
 *
 * Context: any; the caller serializes insert and remove.
 * Return: 0, or -ENOSPC if no slot of the key's window is free.
 */
int pft_table_insert(struct pft_table *table, const void *key, void *value)
{
	struct pft_slot *slot = &table->slots[hash_ptr((void *)key, table->bits)];
	struct pft_slot *end = slot + PFT_TABLE_WINDOW;

	for (; slot < end; slot++) {
		if (slot->key)
			continue;
		slot->value = value;
		/*
		 * The owner may run already when the table is filled at load.
		 * It sees the key only with its value: its load of the value
		 * depends on the comparison, so a read barrier would be
		 * needed on arm64; pft_task_lock and the later switching on
		 * of the probes give that order.
		 */
		WRITE_ONCE(slot->key, key);
		return 0;
	}
	return -ENOSPC;
}

/**
 * pft_table_remove - take a key out
 * @table: where
 * @key: its owner runs no more
 *
 * Context: any; the caller serializes insert and remove.
 * Return: the value it had, or NULL if the key was not there.
 */
void *pft_table_remove(struct pft_table *table, const void *key)
{
	struct pft_slot *slot = &table->slots[hash_ptr((void *)key, table->bits)];
	struct pft_slot *end = slot + PFT_TABLE_WINDOW;

	for (; slot < end; slot++) {
		if (slot->key != key)
			continue;
		WRITE_ONCE(slot->key, NULL);
		return slot->value;
	}
	return NULL;
}
