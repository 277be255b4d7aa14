/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fixed hash table from a key (a task's address) to a value, made so that
 * the owner of a key finds it without lock, barrier or store: a thread only
 * ever looks up itself, and its key is inserted before it first runs and
 * removed when it runs no more. Also builds in user space.
 */
#ifndef PFT_TABLE_H
#define PFT_TABLE_H

#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/types.h>
#else
#include "ring_shim.h"
#endif

/*
 * A key is in one of the PFT_TABLE_WINDOW slots that begin at its hash. With
 * half of the slots in use, a full window is far below one in 10^9.
 */
#define PFT_TABLE_WINDOW	64

/**
 * struct pft_slot - one place of the table
 * @key: NULL if the place is free
 * @value: belongs to @key; set before it
 */
struct pft_slot {
	const void *key;
	void *value;
};

/**
 * struct pft_table - the table
 * @slots: 2^@bits + PFT_TABLE_WINDOW of them, so that no window wraps
 * @bits: log2 of the number of hash values
 */
struct pft_table {
	struct pft_slot *slots;
	unsigned int bits;
};

int pft_table_init(struct pft_table *table, unsigned int entries);
void pft_table_free(struct pft_table *table);
size_t pft_table_bytes(const struct pft_table *table);
int pft_table_insert(struct pft_table *table, const void *key, void *value);
void *pft_table_remove(struct pft_table *table, const void *key);

/**
 * pft_table_find - value of a key
 * @table: where
 * @key: not NULL
 *
 * Context: any. The caller is the key's owner, or holds the lock under which
 * keys are inserted and removed.
 * Return: the value, or NULL.
 */
static __always_inline void *pft_table_find(const struct pft_table *table, const void *key)
{
	const struct pft_slot *slot = &table->slots[hash_ptr((void *)key, table->bits)];
	const struct pft_slot *end = slot + PFT_TABLE_WINDOW;

	do {
		if (likely(READ_ONCE(slot->key) == key))
			return slot->value;
	} while (++slot < end);
	return NULL;
}

#endif /* PFT_TABLE_H */
