// SPDX-License-Identifier: GPL-2.0
/* The rings of all CPUs as one stream: in order of time, losses in place. */

#include <string.h>
#include <time.h>

#include "fake.h"

/* CPU c has every third time, from c on; CPU 10 sorts behind CPU 2. */
static void make_rings(void)
{
	static const uint32_t cpus[] = { 2, 0, 10 };
	struct fake_ring ring;
	uint64_t i, c;

	for (c = 0; c < 3; c++) {
		fake_ring_make(&ring, cpus[c], 64);
		for (i = 0; i < 50; i++)
			fake_ring_add(&ring, 1 + i * 3 + c);
		fake_ring_write(&ring, fake_root_dir);
		fake_ring_free(&ring);
	}
	fake_file(fake_root_dir, "cpu/cpu", "");
	fake_file(fake_root_dir, "cpu/cpuX", "");
	fake_file(fake_root_dir, "cpu/cpu1.mapped", "");
	fake_file(fake_root_dir, "cpu/other", "");
}

static void test_order(void **state)
{
	struct pft_stream *stream;
	struct pft_record record;
	uint64_t time, lost;

	(void)state;
	make_rings();
	stream = pft_stream_open(fake_root, PFT_READ_OLDEST | PFT_READ_DUMP, &fake_error);
	assert_non_null(stream);
	assert_int_equal(pft_stream_cpus(stream), 3);
	assert_int_equal(pft_reader_cpu(pft_stream_reader(stream, 0)), 0);
	assert_int_equal(pft_reader_cpu(pft_stream_reader(stream, 2)), 10);
	for (time = 1; time <= 150; time++) {
		assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 1);
		assert_int_equal(record.time_ns, time);
		assert_int_equal(lost, 0);
	}
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 0);
	assert_int_equal(pft_stream_read(stream), 150);
	assert_int_equal(pft_stream_lost(stream), 0);
	pft_stream_close(stream);
}

/* What comes while a dump is on its way is not part of it. */
static void test_dump_ends(void **state)
{
	struct pft_stream *stream;
	struct pft_record record;
	struct fake_ring ring;
	uint64_t lost;
	int i;

	(void)state;
	fake_ring_make(&ring, 0, 4);
	for (i = 0; i < 4; i++)
		fake_ring_add(&ring, (uint64_t)i + 1);
	fake_ring_write(&ring, fake_root_dir);
	stream = pft_stream_open(fake_root, PFT_READ_OLDEST | PFT_READ_DUMP, &fake_error);
	assert_non_null(stream);
	for (i = 0; i < 3; i++)
		fake_ring_add(&ring, (uint64_t)i + 5);
	fake_ring_write(&ring, fake_root_dir);
	/* Three of the four were overwritten; of the new ones none comes. */
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 1);
	assert_int_equal(record.pos, 3);
	assert_int_equal(lost, 3);
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 0);
	pft_stream_close(stream);
	stream = pft_stream_open(fake_root, PFT_READ_OLDEST | PFT_READ_DUMP, &fake_error);
	for (i = 0; i < 9; i++)
		fake_ring_add(&ring, (uint64_t)i + 8);
	fake_ring_write(&ring, fake_root_dir);
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 0);
	assert_int_equal(pft_stream_untold(stream, 0), 4);
	assert_int_equal(pft_stream_lost(stream), 4);
	pft_stream_close(stream);
	fake_ring_free(&ring);
}

/* A record of this moment is held back until no CPU can bring an older one. */
static void test_held_back(void **state)
{
	struct fake_ring old, young;
	struct pft_stream *stream;
	struct pft_record record;
	struct timespec ts;
	uint64_t now, lost;
	int ret;

	(void)state;
	fake_ring_make(&old, 0, 4);
	fake_ring_make(&young, 1, 4);
	fake_ring_write(&old, fake_root_dir);
	fake_ring_write(&young, fake_root_dir);
	stream = pft_stream_open(fake_root, 0, &fake_error);
	assert_non_null(stream);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
	/* An hour ahead: it cannot be due, however slow this machine is. */
	fake_ring_add(&young, now + 3600000000000ULL);
	fake_ring_write(&young, fake_root_dir);
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 0);
	assert_int_equal(pft_stream_read(stream), 0);
	fake_ring_add(&old, 5);
	fake_ring_write(&old, fake_root_dir);
	ret = pft_stream_next(stream, &record, &lost, &fake_error);
	assert_int_equal(ret, 1);
	assert_int_equal(record.time_ns, 5);
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 0);
	assert_int_equal(pft_stream_wait(stream, 0, &fake_error), 0);
	pft_stream_close(stream);
	fake_ring_free(&old);
	fake_ring_free(&young);
}

static void test_no_rings(void **state)
{
	(void)state;
	assert_null(pft_stream_open(fake_root, 0, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_SYSTEM);
	fake_file(fake_root_dir, "cpu/other", "");
	assert_null(pft_stream_open(fake_root, 0, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_dump_ends, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_held_back, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_no_rings, fake_root_setup, fake_root_teardown),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
