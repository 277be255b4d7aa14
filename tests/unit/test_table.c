// SPDX-License-Identifier: GPL-2.0
/* The module's hash table, module/table.c, run in user space. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "table.h"

#define ENTRIES	1024

/* Addresses as a slab hands them out: equal distances, few varying bits. */
static const void *key_of(size_t i)
{
	return (const void *)(0xffff888000000000ULL + i * 9792);
}

static void test_find_what_was_inserted(void **state)
{
	static int values[ENTRIES];
	struct pft_table table;
	size_t i;

	(void)state;
	assert_int_equal(pft_table_init(&table, ENTRIES), 0);
	for (i = 0; i < ENTRIES; i++) {
		assert_null(pft_table_find(&table, key_of(i)));
		assert_int_equal(pft_table_insert(&table, key_of(i), &values[i]), 0);
	}
	for (i = 0; i < ENTRIES; i++)
		assert_ptr_equal(pft_table_find(&table, key_of(i)), &values[i]);
	for (i = 0; i < ENTRIES; i += 2)
		assert_ptr_equal(pft_table_remove(&table, key_of(i)), &values[i]);
	/* holes must not hide what was inserted behind them */
	for (i = 0; i < ENTRIES; i++)
		assert_ptr_equal(pft_table_find(&table, key_of(i)), i & 1 ? &values[i] : NULL);
	assert_null(pft_table_remove(&table, key_of(0)));
	pft_table_free(&table);
}

/* All keys in one window: it takes PFT_TABLE_WINDOW of them and says no. */
static void test_full_window(void **state)
{
	const void *keys[PFT_TABLE_WINDOW + 1];
	struct pft_table table;
	size_t i, n = 0;
	int value;

	(void)state;
	assert_int_equal(pft_table_init(&table, ENTRIES), 0);
	for (i = 0; n < PFT_TABLE_WINDOW + 1; i++)
		if (hash_ptr(key_of(i), table.bits) == (1U << table.bits) - 1)
			keys[n++] = key_of(i);
	for (i = 0; i < PFT_TABLE_WINDOW; i++)
		assert_int_equal(pft_table_insert(&table, keys[i], &value), 0);
	assert_int_equal(pft_table_insert(&table, keys[i], &value), -ENOSPC);
	assert_null(pft_table_find(&table, keys[i]));
	assert_ptr_equal(pft_table_remove(&table, keys[5]), &value);
	assert_int_equal(pft_table_insert(&table, keys[i], &value), 0);
	assert_ptr_equal(pft_table_find(&table, keys[i]), &value);
	pft_table_free(&table);
}

#define THREADS	4
#define ROUNDS	20000

static struct pft_table shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct owner {
	size_t id;
	u64 wrong;
};

/* Inserts and removes are serialized; look-ups of one's own key are not. */
static void *churn(void *arg)
{
	struct owner *owner = arg;
	size_t round;

	for (round = 0; round < ROUNDS; round++) {
		const void *key = key_of(owner->id * ROUNDS + round);

		pthread_mutex_lock(&lock);
		owner->wrong += pft_table_insert(&shared, key, owner) != 0;
		pthread_mutex_unlock(&lock);
		owner->wrong += pft_table_find(&shared, key) != owner;
		owner->wrong += pft_table_find(&shared, key) != owner;
		pthread_mutex_lock(&lock);
		owner->wrong += pft_table_remove(&shared, key) != owner;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void test_lookups_without_lock(void **state)
{
	struct owner owners[THREADS];
	pthread_t threads[THREADS];
	size_t i;

	(void)state;
	assert_int_equal(pft_table_init(&shared, 64), 0);
	for (i = 0; i < THREADS; i++) {
		owners[i] = (struct owner) { .id = i };
		assert_int_equal(pthread_create(&threads[i], NULL, churn, &owners[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(owners[i].wrong == 0);
	}
	pft_table_free(&shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_what_was_inserted),
		cmocka_unit_test(test_full_window),
		cmocka_unit_test(test_lookups_without_lock),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
