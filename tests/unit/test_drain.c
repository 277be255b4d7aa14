// SPDX-License-Identifier: GPL-2.0
/*
 * How quickly a mapped ring is emptied, next to memcpy() of the same bytes: at
 * least half as quickly. Both in turns, and the best of each, so that what else
 * the machine does counts for neither.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fake.h"

#define SLOTS		131072ULL	/* 16 MiB: more than a second-level cache has */
#define BYTES		(SLOTS * sizeof(struct pft_record))
#define ROUNDS		15

static struct pft_ring_header *header;
static struct pft_record *slots;
static char *copy;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* The writer: fills the whole ring anew. */
static void fill(void)
{
	uint64_t pos = header->head, end = pos + SLOTS;
	struct pft_record *record;

	for (; pos < end; pos++) {
		record = &slots[pos & (SLOTS - 1)];
		record->pos = pos;
		record->time_ns = pos + 1;
		record->latency_ns = pos;
	}
	header->reserve = end;
	header->head = end;
}

static void map_file(void)
{
	char path[128];
	void *map;
	int fd;

	snprintf(path, sizeof(path), "%s/cpu/cpu0.map", fake_root_dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	map = mmap(NULL, header->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	assert_ptr_not_equal(map, MAP_FAILED);
	close(fd);
	slots = (struct pft_record *)((char *)map + header->data_offset);
	header = map;
}

static uint64_t copy_all(void)
{
	uint64_t start = now_ns();

	memcpy(copy, slots, BYTES);
	/* It must be done, and by now. */
	__asm__ volatile("" ::"r"(copy) : "memory");
	return now_ns() - start;
}

static uint64_t read_all(struct pft_reader *reader)
{
	struct pft_record record;
	uint64_t sum = 0, ns, start;
	unsigned int count = 0;

	start = now_ns();
	while (pft_reader_next(reader, &record, &fake_error) > 0) {
		sum += record.latency_ns;
		count++;
	}
	ns = now_ns() - start;
	assert_int_equal(count, SLOTS);
	assert_int_equal(sum, SLOTS * (header->head - SLOTS) + SLOTS * (SLOTS - 1) / 2);
	return ns;
}

static uint64_t stream_all(struct pft_stream *stream)
{
	struct pft_record record;
	unsigned int count = 0;
	uint64_t lost, start = now_ns();

	while (pft_stream_next(stream, &record, &lost, &fake_error) > 0)
		count++;
	start = now_ns() - start;
	assert_int_equal(count, SLOTS);
	return start;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void test_rate(void **state)
{
	uint64_t memcpy_ns = UINT64_MAX, reader_ns = UINT64_MAX, stream_ns = UINT64_MAX;
	struct pft_reader *reader;
	struct pft_stream *stream;
	struct fake_ring ring;
	double percent;
	int i;

	(void)state;
	fake_ring_make(&ring, 0, SLOTS);
	fake_ring_write(&ring, fake_root_dir);
	header = &ring.header;
	map_file();
	fake_ring_free(&ring);
	reader = pft_reader_open(fake_root, 0, PFT_READ_OLDEST, &fake_error);
	stream = pft_stream_open(fake_root, PFT_READ_OLDEST, &fake_error);
	assert_true(reader && stream);
	assert_true(pft_reader_is_mapped(reader));
	copy = malloc(BYTES);
	assert_non_null(copy);
	memset(copy, 1, BYTES);
	for (i = 0; i < ROUNDS; i++) {
		fill();
		memcpy_ns = least(memcpy_ns, copy_all());
		reader_ns = least(reader_ns, read_all(reader));
		stream_ns = least(stream_ns, stream_all(stream));
	}
	percent = 100.0 * (double)memcpy_ns / (double)reader_ns;
	print_message("# memcpy %.2f GB/s, reader %.2f GB/s (%.0f %%), stream %.2f GB/s (%.0f %%)\n",
		      BYTES / (double)memcpy_ns, BYTES / (double)reader_ns, percent,
		      BYTES / (double)stream_ns, 100.0 * (double)memcpy_ns / (double)stream_ns);
	assert_true(percent >= 50);
	free(copy);
	pft_stream_close(stream);
	pft_reader_close(reader);
	munmap(header, header->size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rate, fake_root_setup, fake_root_teardown),
	};

	return cmocka_run_group_tests_name("drain", tests, NULL, NULL);
}
