// SPDX-License-Identifier: GPL-2.0
/* The module's histogram, module/hist.c, run in user space. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hist.h"

static void test_buckets(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(pft_hist_bucket(0), 0);
	assert_int_equal(pft_hist_bucket(1), 1);
	assert_int_equal(pft_hist_bucket(1000), 10);
	for (i = 1; i < PFT_HIST_BUCKETS; i++) {
		assert_int_equal(pft_hist_bucket(pft_hist_from(i)), i);
		assert_int_equal(pft_hist_bucket(pft_hist_to(i)), i);
		assert_true(pft_hist_from(i) == pft_hist_to(i - 1) + 1);
	}
	/* 100 s are far from the end */
	assert_in_range(pft_hist_bucket(100000000000ULL), 30, PFT_HIST_BUCKETS - 10);
}

static void test_sums(void **state)
{
	struct pft_hist hist = {}, more = {}, sum = {};

	(void)state;
	assert_int_equal(pft_hist_count(&hist), 0);
	pft_hist_add(&hist, 0);
	pft_hist_add(&hist, 0);
	assert_int_equal(pft_hist_count(&hist), 2);
	assert_int_equal(pft_hist_timed(&hist), 0);
	pft_hist_add(&hist, 700);
	pft_hist_add(&hist, 5);
	pft_hist_add(&more, 701);
	pft_hist_add(&more, 0);
	assert_int_equal(pft_hist_count(&hist), 4);
	assert_int_equal(pft_hist_timed(&hist), 2);
	assert_int_equal(hist.ns, 705);
	assert_int_equal(hist.max, 700);

	pft_hist_merge(&sum, &hist);
	pft_hist_merge(&sum, &more);
	assert_int_equal(pft_hist_count(&sum), 6);
	assert_int_equal(pft_hist_timed(&sum), 3);
	assert_int_equal(sum.ns, 1406);
	assert_int_equal(sum.max, 701);
	assert_int_equal(sum.bucket[0], 3);
	assert_int_equal(sum.bucket[3], 1);
	assert_int_equal(sum.bucket[10], 2);
}

static void assert_percentile(const struct pft_hist *hist, unsigned int percent, u64 ns, u64 from,
			      u64 to)
{
	struct pft_percentile p;

	pft_hist_percentile(hist, percent, &p);
	assert_int_equal(p.from, from);
	assert_int_equal(p.to, to);
	assert_int_equal(p.ns, ns);
}

static void test_by_hand(void **state)
{
	struct pft_hist hist = {};
	int i;

	(void)state;
	assert_percentile(&hist, 50, 0, 0, 0);
	/* what had no duration does not count */
	for (i = 0; i < 1000; i++)
		pft_hist_add(&hist, 0);
	assert_percentile(&hist, 99, 0, 0, 0);
	/* the only one is known exactly */
	pft_hist_add(&hist, 1500);
	assert_percentile(&hist, 1, 1500, 1024, 2047);
	assert_percentile(&hist, 100, 1500, 1024, 2047);
	/* 98 below, so that number 99 of 100 is the first of two in 1024..2047 */
	for (i = 0; i < 98; i++)
		pft_hist_add(&hist, 100);
	pft_hist_add(&hist, 2000);
	assert_percentile(&hist, 98, 127, 64, 127);
	assert_percentile(&hist, 99, 1024 + (2000 - 1024) / 2, 1024, 2047);
	assert_percentile(&hist, 100, 2000, 1024, 2047);
	/* number 49 of 98 is half way through */
	assert_percentile(&hist, 49, 64 + 63 * 49 / 98, 64, 127);
	/* number 50 is the percentile 50 of 100, and of 99, but not of 101 */
	memset(&hist, 0, sizeof(hist));
	for (i = 0; i < 50; i++)
		pft_hist_add(&hist, 4);
	for (i = 0; i < 49; i++)
		pft_hist_add(&hist, 1023);
	assert_percentile(&hist, 50, 7, 4, 7);
	pft_hist_add(&hist, 1023);
	assert_percentile(&hist, 50, 7, 4, 7);
	pft_hist_add(&hist, 1023);
	assert_percentile(&hist, 50, 512 + 511 / 51, 512, 1023);
}

/* A reader may see a fault in its bucket that is not in max yet. */
static void test_max_behind(void **state)
{
	struct pft_hist hist = { .ns = 100, .max = 100 };

	(void)state;
	hist.bucket[7] = 1;
	hist.bucket[10] = 1;
	assert_percentile(&hist, 100, 1023, 512, 1023);
}

static void test_counts_beyond_32_bits(void **state)
{
	struct pft_hist hist = { .ns = 1, .max = ~0ULL };
	struct pft_percentile p;
	unsigned int percent, i;
	long double want;

	(void)state;
	for (i = 1; i < PFT_HIST_BUCKETS; i++) {
		memset(hist.bucket, 0, sizeof(hist.bucket));
		hist.bucket[i] = (1ULL << 50) + 12345;
		for (percent = 1; percent <= 100; percent++) {
			pft_hist_percentile(&hist, percent, &p);
			want = (long double)p.from + (long double)(p.to - p.from) * percent / 100;
			assert_true(p.ns >= p.from && p.ns <= p.to);
			assert_true((long double)p.ns >= want * (1 - 1e-6L) - 2 &&
				    (long double)p.ns <= want * (1 + 1e-6L) + 2);
		}
	}
}

static int smaller(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Against the sorted durations: the bucket is right, the estimate in order. */
static void test_against_sorted(void **state)
{
	static u64 v[5000];
	struct pft_percentile p;
	unsigned int percent, round, seed = 1;
	size_t n, i;
	u64 before;

	(void)state;
	for (round = 0; round < 200; round++) {
		struct pft_hist hist = {};

		n = 1 + (size_t)rand_r(&seed) % (round % 2 ? 5000 : 20);
		for (i = 0; i < n; i++) {
			v[i] = 1 + (((u64)rand_r(&seed) << 20) >> (rand_r(&seed) % 50));
			pft_hist_add(&hist, v[i]);
		}
		qsort(v, n, sizeof(v[0]), smaller);
		assert_int_equal(hist.max, v[n - 1]);
		before = 0;
		for (percent = 1; percent <= 100; percent++) {
			u64 exact = v[(n * percent + 99) / 100 - 1];

			pft_hist_percentile(&hist, percent, &p);
			assert_true(p.from <= exact && exact <= p.to);
			assert_true(p.from <= p.ns && p.ns <= p.to);
			assert_true(before <= p.ns && p.ns <= hist.max);
			before = p.ns;
		}
		assert_true(before == v[n - 1]);
	}
}

/* Evenly spread durations are estimated to within a few per cent. */
static void test_even(void **state)
{
	struct pft_hist hist = {};
	struct pft_percentile p;
	unsigned int percent;
	u64 ns;

	(void)state;
	for (ns = 1; ns <= 1000000; ns++)
		pft_hist_add(&hist, ns);
	for (percent = 1; percent <= 100; percent++) {
		pft_hist_percentile(&hist, percent, &p);
		assert_in_range(p.ns, percent * 9900, percent * 10100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buckets),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_max_behind),
		cmocka_unit_test(test_counts_beyond_32_bits),
		cmocka_unit_test(test_against_sorted),
		cmocka_unit_test(test_even),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
