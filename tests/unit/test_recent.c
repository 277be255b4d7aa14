// SPDX-License-Identifier: GPL-2.0
/* How long the newest faults of each process took, from the rings. */

#include <stdio.h>

#include "fake.h"
#include "recent.h"

static FILE *file;

/* A ring as read(2) gives it. */
static void add(uint32_t pid, uint32_t tid, uint64_t ns)
{
	static uint64_t pos;
	struct pft_record record = {
		.pos = pos, .time_ns = 1000 + pos, .tgid = pid, .pid = tid, .latency_ns = ns,
	};

	pos++;
	assert_int_equal(fwrite(&record, sizeof(record), 1, file), 1);
	assert_int_equal(fflush(file), 0);
}

static void test_recent(void **state)
{
	struct recent recent;
	uint64_t ns;
	unsigned int i;
	char path[128];

	(void)state;
	fake_file(fake_root_dir, "cpu/cpu0", "");
	snprintf(path, sizeof(path), "%s/cpu/cpu0", fake_root_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	for (i = 100; i > 0; i--) {
		add(20, 20 + i % 2, i * 10);
		add(10, 10, 7);
		add(10, 10, 0);
	}
	add(30, 30, 0);
	/* Enough to grow. */
	for (i = 0; i < 2000; i++)
		add(40, 40, i + 1);
	recent_init(&recent, fake_root);
	recent_update(&recent, false);
	assert_true(recent_percentile(&recent, 20, 99, &ns));
	assert_int_equal(ns, 990);
	assert_true(recent_percentile(&recent, 20, 50, &ns));
	assert_int_equal(ns, 500);
	/* One of no duration is none. */
	assert_true(recent_percentile(&recent, 10, 1, &ns));
	assert_int_equal(ns, 7);
	assert_false(recent_percentile(&recent, 30, 99, &ns));
	assert_true(recent_percentile(&recent, 40, 99, &ns));
	assert_int_equal(ns, 1980);
	assert_false(recent_percentile(&recent, 19, 99, &ns));
	assert_false(recent_percentile(&recent, 41, 99, &ns));
	/* Nothing since then, however often it is read. */
	recent.again_ns = 0;
	recent_update(&recent, false);
	assert_false(recent_percentile(&recent, 20, 99, &ns));
	assert_false(recent_percentile(&recent, 40, 99, &ns));
	/* Only what is new. */
	add(20, 20, 77);
	recent.again_ns = UINT64_MAX;
	recent_update(&recent, false);
	assert_false(recent_percentile(&recent, 20, 99, &ns));
	recent.again_ns = 0;
	recent_update(&recent, false);
	assert_true(recent_percentile(&recent, 20, 50, &ns));
	assert_int_equal(ns, 77);
	recent_fini(&recent);

	recent_init(&recent, fake_root);
	recent_update(&recent, true);
	assert_true(recent_percentile(&recent, 21, 100, &ns));
	assert_int_equal(ns, 990);
	assert_true(recent_percentile(&recent, 20, 100, &ns));
	assert_int_equal(ns, 1000);
	recent_fini(&recent);
	fclose(file);
}

/* No rings, no percentiles, no error. */
static void test_none(void **state)
{
	struct recent recent;
	uint64_t ns;

	(void)state;
	recent_init(&recent, fake_root);
	recent_update(&recent, false);
	assert_false(recent_percentile(&recent, 20, 99, &ns));
	recent_fini(&recent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_recent, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_none, fake_root_setup, fake_root_teardown),
	};

	return cmocka_run_group_tests_name("recent", tests, NULL, NULL);
}
