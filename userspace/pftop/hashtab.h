/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_HASHTAB_H
#define PFTOP_HASHTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct hashtab - rows of one size, found by their key
 * @count: rows
 * @limit: never more than this many
 * @row_size: bytes of a row
 * @key_size: bytes of its key, which a row begins with: a multiple of eight,
 *	without padding
 *
 * The rest is private to hashtab.c.
 */
struct hashtab {
	unsigned int count;
	unsigned int limit;
	size_t row_size;
	size_t key_size;

	/* private: */
	unsigned int room;
	char *rows;
	uint32_t *slots;
	uint32_t size;
};

void hashtab_init(struct hashtab *table, size_t row_size, size_t key_size, unsigned int limit);
void hashtab_fini(struct hashtab *table);
void *hashtab_get(struct hashtab *table, const void *key);
void *hashtab_find(const struct hashtab *table, const void *key);
void hashtab_sort(struct hashtab *table, int (*compare)(const void *a, const void *b));
void *hashtab_row(const struct hashtab *table, unsigned int index);

#endif /* PFTOP_HASHTAB_H */
