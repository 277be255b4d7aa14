// SPDX-License-Identifier: GPL-2.0
/*
 * The module's ring, module/ring.c, run in user space: a writer against
 * readers that check each record they get, and each that they do not get.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ring.h"

#define WORDS	(sizeof(struct pft_record) / sizeof(u64))

/* Each word of a record follows from its position, so a torn one shows. */
static u64 word_of(u64 pos, size_t i)
{
	return (pos + 1) * 0x9E3779B97F4A7C15ULL + i;
}

static void write_one(struct pft_ring *ring)
{
	struct pft_buf *buf;
	struct pft_record *rec = pft_ring_reserve(ring, &buf);
	u64 *words = (u64 *)rec;
	u64 pos = ring->pos - 1;
	size_t i;

	for (i = 1; rec && i < WORDS; i++)
		WRITE_ONCE(words[i], word_of(pos, i));
	if (rec)
		pft_ring_publish(ring, buf);
}

static size_t bad_words(const struct pft_record *rec)
{
	const u64 *words = (const u64 *)rec;
	size_t i, bad = 0;

	for (i = 1; i < WORDS; i++)
		bad += words[i] != word_of(rec->pos, i);
	return bad;
}

static struct pft_buf *new_buf(struct pft_ring *ring, u64 slots)
{
	struct pft_buf *buf = pft_buf_alloc(3, slots);

	assert_non_null(buf);
	pft_buf_start_at(buf, ring->pos);
	ring->buf = buf;
	return buf;
}

static void test_header(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *buf = new_buf(&ring, 64);
	const struct pft_ring_header *h = buf->header;

	(void)state;
	assert_true(h->magic == PFT_RING_MAGIC);
	assert_int_equal(h->abi_major, PFT_ABI_MAJOR);
	assert_int_equal(h->abi_minor, PFT_ABI_MINOR);
	assert_int_equal(h->record_size, 128);
	assert_int_equal(h->cpu, 3);
	assert_int_equal(h->slots, 64);
	assert_int_equal(h->data_offset, PAGE_SIZE);
	assert_true(h->size >= h->data_offset + 64 * 128);
	pft_buf_put(buf);
}

static void test_empty(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *buf = new_buf(&ring, 32);
	struct pft_record rec;
	u64 pos = 0;

	(void)state;
	assert_false(pft_buf_read(buf, &pos, &rec));
	assert_true(pos == 0);
	pft_buf_put(buf);
}

/* For any number of records: what is read and what is lost add up to it. */
static void test_read_and_lost_add_up(void **state)
{
	static const u64 bursts[] = { 1, 31, 32, 33, 63, 64, 65, 1000 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bursts) / sizeof(*bursts); i++) {
		struct pft_ring ring = {};
		struct pft_buf *buf = new_buf(&ring, 32);
		u64 pos = 0, wanted = 0, read = 0, lost = 0, n;
		struct pft_record rec;

		for (n = 0; n < bursts[i]; n++)
			write_one(&ring);
		while (pft_buf_read(buf, &pos, &rec)) {
			assert_int_equal(bad_words(&rec), 0);
			lost += rec.pos - wanted;
			read++;
			wanted = rec.pos + 1;
		}
		assert_true(read + lost == bursts[i]);
		assert_true(read == (bursts[i] < 32 ? bursts[i] : 32));
		assert_true(pft_buf_head(buf) == bursts[i]);
		pft_buf_put(buf);
	}
}

/* A record that is being written is not given out, nor the one it replaces. */
static void test_reserved_is_gone(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *buf = new_buf(&ring, 32), *where;
	struct pft_record rec;
	u64 pos = 0;
	int n;

	(void)state;
	for (n = 0; n < 32; n++)
		write_one(&ring);
	assert_non_null(pft_ring_reserve(&ring, &where));
	assert_true(pft_buf_oldest(buf) == 1);
	assert_true(pft_buf_read(buf, &pos, &rec));
	assert_true(rec.pos == 1);
	for (n = 2; n < 32; n++)
		assert_true(pft_buf_read(buf, &pos, &rec));
	assert_false(pft_buf_read(buf, &pos, &rec));
	pft_buf_put(buf);
}

static void test_nested_gives_up(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *buf = new_buf(&ring, 32), *where = NULL, *inner;
	struct pft_record rec;
	u64 pos = 0;

	(void)state;
	assert_non_null(pft_ring_reserve(&ring, &where));
	assert_null(pft_ring_reserve(&ring, &inner));
	assert_true(ring.busy);
	assert_false(pft_buf_read(buf, &pos, &rec));
	pft_ring_publish(&ring, where);
	assert_false(ring.busy);
	assert_true(pft_buf_read(buf, &pos, &rec));
	assert_true(rec.pos == 0);
	pft_buf_put(buf);
}

static void test_no_memory_is_a_gap(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *buf;
	struct pft_record rec;
	u64 pos = 0;

	(void)state;
	write_one(&ring);
	write_one(&ring);
	buf = new_buf(&ring, 32);
	write_one(&ring);
	assert_true(pft_buf_read(buf, &pos, &rec));
	assert_true(rec.pos == 2);
	pft_buf_put(buf);
}

/* New memory whose start was guessed before the writer's last old record. */
static void test_new_memory_skips(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *old = new_buf(&ring, 32), *fresh = pft_buf_alloc(0, 64);
	struct pft_record rec;
	u64 pos = 0;

	(void)state;
	assert_non_null(fresh);
	write_one(&ring);
	pft_buf_start_at(fresh, ring.pos);
	write_one(&ring);
	ring.buf = fresh;
	assert_false(pft_buf_read(fresh, &pos, &rec));
	write_one(&ring);
	pos = 0;
	assert_true(pft_buf_read(fresh, &pos, &rec));
	assert_true(rec.pos == 2);
	assert_int_equal(bad_words(&rec), 0);
	pft_buf_put(old);
	pft_buf_put(fresh);
}

static void test_cleared(void **state)
{
	struct pft_ring ring = {};
	struct pft_buf *buf = new_buf(&ring, 32);
	struct pft_record rec;
	u64 pos = 0;
	int n;

	(void)state;
	for (n = 0; n < 10; n++)
		write_one(&ring);
	WRITE_ONCE(buf->header->cleared, 7);
	assert_true(pft_buf_read(buf, &pos, &rec));
	assert_true(rec.pos == 7);
	pft_buf_put(buf);
}

#define RUN_RECORDS	400000
#define RUN_READERS	3
#define RUN_RINGS	2

struct run {
	struct pft_ring ring;
	struct pft_buf *buf;
	int finished;
	struct reader {
		struct run *run;
		u64 read, lost, bad, disorder;
	} readers[RUN_READERS];
};

static void *run_writer(void *arg)
{
	struct run *run = arg;
	u64 n;

	for (n = 0; n < RUN_RECORDS; n++)
		write_one(&run->ring);
	__atomic_store_n(&run->finished, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void *run_reader(void *arg)
{
	struct reader *reader = arg;
	struct run *run = reader->run;
	u64 pos = 0, wanted = 0;
	struct pft_record rec;
	int finished;

	do {
		finished = __atomic_load_n(&run->finished, __ATOMIC_ACQUIRE);
		while (pft_buf_read(run->buf, &pos, &rec)) {
			reader->bad += bad_words(&rec);
			reader->disorder += rec.pos < wanted || pos != rec.pos + 1;
			reader->lost += rec.pos - wanted;
			reader->read++;
			wanted = rec.pos + 1;
		}
	} while (!finished);
	return NULL;
}

/*
 * One writer per ring, as one per CPU, and readers that are overtaken all the
 * time: the rings are the smallest there are.
 */
static void test_overtaken_readers(void **state)
{
	static struct run runs[RUN_RINGS];
	pthread_t writers[RUN_RINGS], readers[RUN_RINGS][RUN_READERS];
	int i, j;

	(void)state;
	for (i = 0; i < RUN_RINGS; i++) {
		runs[i].buf = new_buf(&runs[i].ring, PFT_RING_MIN_SLOTS);
		for (j = 0; j < RUN_READERS; j++) {
			runs[i].readers[j].run = &runs[i];
			assert_int_equal(pthread_create(&readers[i][j], NULL, run_reader,
							&runs[i].readers[j]), 0);
		}
		assert_int_equal(pthread_create(&writers[i], NULL, run_writer, &runs[i]), 0);
	}
	for (i = 0; i < RUN_RINGS; i++) {
		pthread_join(writers[i], NULL);
		for (j = 0; j < RUN_READERS; j++) {
			struct reader *reader = &runs[i].readers[j];

			pthread_join(readers[i][j], NULL);
			assert_true(reader->bad == 0);
			assert_true(reader->disorder == 0);
			assert_true(reader->read + reader->lost == RUN_RECORDS);
			assert_true(reader->read >= PFT_RING_MIN_SLOTS);
		}
		pft_buf_put(runs[i].buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_read_and_lost_add_up),
		cmocka_unit_test(test_reserved_is_gone),
		cmocka_unit_test(test_nested_gives_up),
		cmocka_unit_test(test_no_memory_is_a_gap),
		cmocka_unit_test(test_new_memory_skips),
		cmocka_unit_test(test_cleared),
		cmocka_unit_test(test_overtaken_readers),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
