// SPDX-License-Identifier: GPL-2.0
/*
 * One ring, mapped or read: read + lost is what was written, no torn record
 * comes out, and a broken header is refused, never followed.
 */

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"

static void test_oldest_and_loss(void **state)
{
	struct fake_ring ring;
	struct pft_reader *reader;
	struct pft_record record;
	uint64_t i;

	(void)state;
	fake_ring_make(&ring, 3, 8);
	for (i = 0; i < 20; i++)
		fake_ring_add(&ring, i + 1);
	fake_ring_write(&ring, fake_root_dir);
	reader = pft_reader_open(fake_root, 3, PFT_READ_OLDEST, &fake_error);
	assert_non_null(reader);
	assert_true(pft_reader_is_mapped(reader));
	for (i = 12; i < 20; i++) {
		assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
		assert_int_equal(record.pos, i);
	}
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 0);
	assert_int_equal(pft_reader_read(reader), 8);
	assert_int_equal(pft_reader_lost(reader), 0);
	/* 11 more on 8 slots: 3 are lost to this reader. */
	for (i = 20; i < 31; i++)
		fake_ring_add(&ring, i + 1);
	fake_ring_write(&ring, fake_root_dir);
	for (i = 23; i < 31; i++) {
		assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
		assert_int_equal(record.pos, i);
	}
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 0);
	assert_int_equal(pft_reader_lost(reader), 3);
	assert_int_equal(pft_reader_read(reader) + pft_reader_lost(reader), 31 - 12);
	pft_reader_close(reader);
	fake_ring_free(&ring);
}

static void test_begin_at_the_end(void **state)
{
	struct fake_ring ring;
	struct pft_reader *reader;
	struct pft_record record;

	(void)state;
	fake_ring_make(&ring, 0, 8);
	fake_ring_add(&ring, 1);
	fake_ring_add(&ring, 2);
	fake_ring_write(&ring, fake_root_dir);
	reader = pft_reader_open(fake_root, 0, 0, &fake_error);
	assert_non_null(reader);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 0);
	fake_ring_add(&ring, 3);
	fake_ring_write(&ring, fake_root_dir);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
	assert_int_equal(record.pos, 2);
	pft_reader_close(reader);
	fake_ring_free(&ring);
}

/* The writer has reserved a slot and not yet published it. */
static void test_slot_being_written(void **state)
{
	struct fake_ring ring;
	struct pft_reader *reader;
	struct pft_record record;
	int i;

	(void)state;
	fake_ring_make(&ring, 0, 4);
	for (i = 0; i < 4; i++)
		fake_ring_add(&ring, (uint64_t)i);
	ring.header.reserve = 5;	/* slot of position 0 is being written */
	fake_ring_write(&ring, fake_root_dir);
	reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
	assert_non_null(reader);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
	assert_int_equal(record.pos, 1);
	pft_reader_close(reader);
	fake_ring_free(&ring);
}

static void test_first_and_cleared(void **state)
{
	struct fake_ring ring;
	struct pft_reader *reader;
	struct pft_record record;
	int i;

	(void)state;
	fake_ring_make(&ring, 0, 16);
	for (i = 0; i < 10; i++)
		fake_ring_add(&ring, (uint64_t)i);
	ring.header.first = 4;
	fake_ring_write(&ring, fake_root_dir);
	reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
	assert_non_null(reader);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
	assert_int_equal(record.pos, 4);
	ring.header.cleared = 8;
	fake_ring_write(&ring, fake_root_dir);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
	assert_int_equal(record.pos, 8);
	assert_int_equal(pft_reader_lost(reader), 3);
	pft_reader_close(reader);
	fake_ring_free(&ring);
}

struct breakage {
	const char *name;
	size_t offset;
	size_t size;
	uint64_t value;
	enum pft_code code;
};

#define BREAK(f, v, c) { #f, offsetof(struct pft_ring_header, f), \
	sizeof(((struct pft_ring_header *)0)->f), v, c }

static void test_broken_headers(void **state)
{
	static const struct breakage all[] = {
		BREAK(magic, 0, PFT_ERR_FORMAT),
		BREAK(abi_major, PFT_ABI_MAJOR + 1, PFT_ERR_ABI),
		BREAK(record_size, 0, PFT_ERR_FORMAT),
		BREAK(record_size, 64, PFT_ERR_FORMAT),
		BREAK(record_size, UINT32_MAX, PFT_ERR_FORMAT),
		BREAK(cpu, 1, PFT_ERR_FORMAT),
		BREAK(data_offset, 0, PFT_ERR_FORMAT),
		BREAK(data_offset, 4100, PFT_ERR_FORMAT),
		BREAK(data_offset, UINT64_MAX - 7, PFT_ERR_FORMAT),
		BREAK(data_offset, 1ULL << 40, PFT_ERR_FORMAT),
		BREAK(slots, 0, PFT_ERR_FORMAT),
		BREAK(slots, 33, PFT_ERR_FORMAT),
		BREAK(slots, 64, PFT_ERR_FORMAT),
		BREAK(slots, 1ULL << 63, PFT_ERR_FORMAT),
		BREAK(slots, 1ULL << 57, PFT_ERR_FORMAT),
		BREAK(size, 0, PFT_ERR_FORMAT),
		BREAK(size, 8191, PFT_ERR_FORMAT),
		BREAK(size, 4096, PFT_ERR_FORMAT),
		BREAK(size, 1ULL << 31, PFT_ERR_FORMAT),
		BREAK(size, 1ULL << 62, PFT_ERR_FORMAT),
	};
	struct pft_reader *reader;
	struct fake_ring ring;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		fake_ring_make(&ring, 0, 32);
		memcpy((char *)&ring.header + all[i].offset, &all[i].value, all[i].size);
		fake_ring_write(&ring, fake_root_dir);
		reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
		if (reader)
			fail_msg("%s = %llu was taken", all[i].name,
				 (unsigned long long)all[i].value);
		assert_int_equal(fake_error.code, all[i].code);
		pft_error_message(&fake_error, text, sizeof(text));
		assert_true(strlen(text) > 20);
		fake_ring_free(&ring);
	}
}

static void test_short_files(void **state)
{
	struct fake_ring ring;

	(void)state;
	fake_file(fake_root_dir, "cpu/cpu0.map", "");
	assert_null(pft_reader_open(fake_root, 0, 0, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	fake_file(fake_root_dir, "cpu/cpu0.map", "1pftring");
	assert_null(pft_reader_open(fake_root, 0, 0, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	fake_ring_make(&ring, 0, 32);
	ring.bytes -= 1;
	fake_ring_write(&ring, fake_root_dir);
	assert_null(pft_reader_open(fake_root, 0, 0, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	fake_ring_free(&ring);
}

/* Positions that cannot be must not make the reader run wild. */
static void test_wild_positions(void **state)
{
	static const uint64_t values[] = { 0, 1, 31, 32, 33, 1000, 1ULL << 63, UINT64_MAX };
	struct pft_ring_header *header;
	struct pft_reader *reader;
	struct pft_record record;
	struct fake_ring ring;
	size_t a, b, c;
	int i, ret;

	(void)state;
	fake_ring_make(&ring, 0, 32);
	header = &ring.header;
	for (a = 0; a < 8; a++) {
		for (b = 0; b < 8; b++) {
			for (c = 0; c < 8; c++) {
				header->head = values[a];
				header->reserve = values[b];
				header->first = values[c];
				fake_ring_write(&ring, fake_root_dir);
				reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
				assert_non_null(reader);
				for (i = 0, ret = 1; ret == 1 && i < 100; i++)
					ret = pft_reader_next(reader, &record, &fake_error);
				assert_true(i < 100);
				pft_reader_close(reader);
			}
		}
	}
	fake_ring_free(&ring);
}

static void test_wrong_record(void **state)
{
	struct pft_reader *reader;
	struct pft_record record;
	struct fake_ring ring;

	(void)state;
	fake_ring_make(&ring, 0, 32);
	fake_ring_add(&ring, 1)->pos = 7;
	fake_ring_write(&ring, fake_root_dir);
	reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
	assert_non_null(reader);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), -1);
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	pft_reader_close(reader);
	fake_ring_free(&ring);
}

static void test_larger_records(void **state)
{
	struct pft_ring_header header = { 0 };
	char image[4096 + 4096];
	struct pft_record record = { 0 };
	struct pft_reader *reader;
	struct pft_error wrong;
	struct pft_root *larger;
	FILE *file;
	char path[128];
	uint64_t i;

	(void)state;
	fake_file(fake_root_dir, "format", "abi 2.9\nrecord_size 256\n");
	larger = pft_root_open(fake_root_dir, &wrong);
	assert_non_null(larger);
	assert_int_equal(pft_root_abi_minor(larger), 9);
	memset(image, 0xee, sizeof(image));
	header = (struct pft_ring_header){
		.magic = PFT_RING_MAGIC, .abi_major = PFT_ABI_MAJOR, .abi_minor = 9, .record_size = 256,
		.data_offset = 4096, .slots = 16, .size = 8192, .reserve = 3, .head = 3,
	};
	memcpy(image, &header, sizeof(header));
	for (i = 0; i < 3; i++) {
		record.pos = i;
		memcpy(image + 4096 + i * 256, &record, sizeof(record));
	}
	fake_file(fake_root_dir, "cpu/x", "");
	snprintf(path, sizeof(path), "%s/cpu/cpu0.map", fake_root_dir);
	file = fopen(path, "w");
	assert_int_equal(fwrite(image, sizeof(image), 1, file), 1);
	fclose(file);
	reader = pft_reader_open(larger, 0, PFT_READ_OLDEST, &wrong);
	assert_non_null(reader);
	for (i = 0; i < 3; i++) {
		assert_int_equal(pft_reader_next(reader, &record, &wrong), 1);
		assert_int_equal(record.pos, i);
	}
	pft_reader_close(reader);
	pft_root_close(larger);
	fake_format(fake_root_dir);
}

static void write_records(const uint64_t *pos, size_t count, size_t extra)
{
	struct pft_record record;
	char path[128];
	FILE *file;
	size_t i;

	fake_file(fake_root_dir, "cpu/x", "");
	snprintf(path, sizeof(path), "%s/cpu/cpu5", fake_root_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	for (i = 0; i < count; i++) {
		memset(&record, 0, sizeof(record));
		record.pos = pos[i];
		record.time_ns = i + 1;
		memset(record.comm, 'x', sizeof(record.comm));
		assert_int_equal(fwrite(&record, sizeof(record), 1, file), 1);
	}
	assert_int_equal(fwrite(&record, 1, extra, file), extra);
	fclose(file);
}

static void test_read_gaps(void **state)
{
	static const uint64_t pos[] = { 100, 101, 105, 106, 1000 };
	struct pft_reader *reader;
	struct pft_record record;
	size_t i;

	(void)state;
	write_records(pos, 5, 0);
	reader = pft_reader_open(fake_root, 5, PFT_READ_OLDEST | PFT_READ_NO_MAP, &fake_error);
	assert_non_null(reader);
	assert_false(pft_reader_is_mapped(reader));
	for (i = 0; i < 5; i++) {
		assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
		assert_int_equal(record.pos, pos[i]);
		assert_int_equal(strlen(record.comm), 15);
	}
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 0);
	assert_int_equal(pft_reader_read(reader), 5);
	assert_int_equal(pft_reader_lost(reader), 3 + 893);
	assert_int_equal(pft_reader_read(reader) + pft_reader_lost(reader), 1001 - 100);
	pft_reader_close(reader);
}

static void test_read_broken(void **state)
{
	static const uint64_t back[] = { 100, 99 };
	struct pft_reader *reader;
	struct pft_record record;

	(void)state;
	write_records(back, 2, 0);
	reader = pft_reader_open(fake_root, 5, PFT_READ_OLDEST | PFT_READ_NO_MAP, &fake_error);
	assert_non_null(reader);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 1);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), -1);
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	pft_reader_close(reader);
	write_records(back, 1, 13);
	assert_null(pft_reader_open(fake_root, 5, PFT_READ_OLDEST | PFT_READ_NO_MAP, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
}

/* A writer in another thread, as fast as it can, through another mapping. */
#define RACE_SLOTS	16
#define RACE_RECORDS	400000ULL

struct race {
	struct pft_ring_header *header;
	char *slots;
};

static void race_write(struct race *race, uint64_t pos)
{
	uint64_t *slot = (uint64_t *)(race->slots + (pos % RACE_SLOTS) * 128);
	uint64_t i;

	__atomic_store_n(&race->header->reserve, pos + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	for (i = 0; i < 8; i++)	/* pos, and seven words that follow from it */
		__atomic_store_n(&slot[i], pos + i * 1000000007, __ATOMIC_RELAXED);
	__atomic_store_n(&race->header->head, pos + 1, __ATOMIC_RELEASE);
}

static void *race_main(void *arg)
{
	uint64_t pos;

	for (pos = 0; pos < RACE_RECORDS; pos++)
		race_write(arg, pos);
	return NULL;
}

static void test_race(void **state)
{
	struct pft_reader *reader;
	struct pft_record record;
	struct fake_ring ring;
	struct race race;
	pthread_t thread;
	uint64_t next = 0, lost_before = 0;
	char path[128];
	void *map;
	int fd, ret;

	(void)state;
	fake_ring_make(&ring, 0, RACE_SLOTS);
	fake_ring_write(&ring, fake_root_dir);
	snprintf(path, sizeof(path), "%s/cpu/cpu0.map", fake_root_dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	map = mmap(NULL, ring.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(map, MAP_FAILED);
	race.header = map;
	race.slots = (char *)map + ring.header.data_offset;
	reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
	assert_non_null(reader);
	assert_int_equal(pthread_create(&thread, NULL, race_main, &race), 0);
	while (pft_reader_read(reader) + pft_reader_lost(reader) < RACE_RECORDS) {
		ret = pft_reader_next(reader, &record, &fake_error);
		assert_true(ret >= 0);
		if (!ret)
			continue;
		/* In order, each gap accounted, each word of the same position. */
		assert_int_equal(record.pos, next + pft_reader_lost(reader) - lost_before);
		assert_int_equal(record.time_ns, record.pos + 1 * 1000000007ULL);
		assert_int_equal(record.latency_ns, record.pos + 7 * 1000000007ULL);
		next = record.pos + 1;
		lost_before = pft_reader_lost(reader);
	}
	pthread_join(thread, NULL);
	assert_int_equal(pft_reader_next(reader, &record, &fake_error), 0);
	assert_int_equal(pft_reader_read(reader) + pft_reader_lost(reader), RACE_RECORDS);
	assert_true(pft_reader_read(reader) > 0);
	pft_reader_close(reader);
	munmap(map, ring.bytes);
	close(fd);
	fake_ring_free(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oldest_and_loss),
		cmocka_unit_test(test_begin_at_the_end),
		cmocka_unit_test(test_slot_being_written),
		cmocka_unit_test(test_first_and_cleared),
		cmocka_unit_test(test_broken_headers),
		cmocka_unit_test(test_short_files),
		cmocka_unit_test(test_wild_positions),
		cmocka_unit_test(test_wrong_record),
		cmocka_unit_test(test_larger_records),
		cmocka_unit_test(test_read_gaps),
		cmocka_unit_test(test_read_broken),
		cmocka_unit_test(test_race),
	};

	return cmocka_run_group_tests_name("reader", tests, fake_root_setup, fake_root_teardown);
}
