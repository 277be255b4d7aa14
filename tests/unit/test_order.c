// SPDX-License-Identifier: GPL-2.0
/*
 * The code of the ring, module/ring.[hc], and of the mapped reader,
 * userspace/lib/reader.c and barrier.h, in a memory of weak order (weak.h): all
 * that a reader could get is gone through. Then again, with one barrier that has
 * no effect: what it is there for must happen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ring.h"
#include "weak_reader.h"

#define WORDS		(sizeof(struct pft_record) / sizeof(u64))
#define RECORDS_MAX	8
#define STATES_MAX	(1 << 16)

enum fate { NOT_YET, READ, LOST };

/* A reader between two calls. */
struct state {
	struct weak_position at;
	struct weak_reader knows;
	uint8_t fate[RECORDS_MAX];
	bool joined;	/* the writer is known to have ended */
};

struct found {
	unsigned int torn, twice, uncounted, broken;
	unsigned int ended, lossy;
	size_t states;
};

typedef int (*next_fn)(const struct pft_buf *buf, struct weak_position *at,
		       struct pft_record *rec);

static struct state states[STATES_MAX];
static u32 table[4 * STATES_MAX];

static u64 word_of(u64 pos, size_t i)
{
	return pos * 100 + i;
}

static void write_one(struct pft_ring *ring)
{
	struct pft_buf *buf = NULL;
	struct pft_record *rec = pft_ring_reserve(ring, &buf);
	u64 *words = (u64 *)rec;
	u64 pos = ring->pos - 1;
	size_t i;

	assert_non_null(rec);
	for (i = 1; i < WORDS; i++)
		WRITE_ONCE(words[i], word_of(pos, i));
	pft_ring_publish(ring, buf);
}

static void track(struct pft_buf *buf)
{
	size_t i;

	weak_track(&buf->header->reserve, 8);
	weak_track(&buf->header->head, 8);
	weak_track(&buf->header->first, 8);
	weak_track(&buf->header->cleared, 8);
	weak_track(buf->slots, (buf->mask + 1) * sizeof(*buf->slots));
	for (i = 0; i <= buf->mask; i++)
		weak_alike(&buf->slots[i], WORDS);
}

static int kernel_next(const struct pft_buf *buf, struct weak_position *at,
		       struct pft_record *rec)
{
	u64 wanted = at->next;
	u64 pos = wanted;
	bool got = pft_buf_read(buf, &pos, rec);

	at->next = pos;
	at->read += got;
	at->lost += at->next - wanted - got;
	return got;
}

static int mapped_next(const struct pft_buf *buf, struct weak_position *at,
		       struct pft_record *rec)
{
	return weak_reader_next(buf->header, at, rec);
}

/* Adds a state that was not there yet. */
static void add(struct found *found, const struct state *state)
{
	const uint8_t *bytes = (const uint8_t *)state;
	u32 hash = 2166136261U;
	size_t i;

	for (i = 0; i < sizeof(*state); i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	for (i = hash % (4 * STATES_MAX); table[i]; i = (i + 1) % (4 * STATES_MAX))
		if (!memcmp(&states[table[i] - 1], state, sizeof(*state)))
			return;
	assert_true(found->states < STATES_MAX);
	states[found->states++] = *state;
	table[i] = found->states;
}

static bool is_torn(const struct pft_record *rec)
{
	const u64 *words = (const u64 *)rec;
	size_t i;

	/* Word 11 ends with the last byte of comm, which the library makes 0. */
	for (i = 1; i < WORDS; i++)
		if (i != 11 && words[i] != word_of(rec->pos, i))
			return true;
	return false;
}

/* One call, on one of its paths. */
static void call(struct found *found, next_fn next, const struct pft_buf *buf, u64 written,
		 const struct state *from)
{
	struct state state = *from;
	struct pft_record rec = {};
	u64 pos, got;
	int ret;

	weak_start(&state.knows);
	ret = next(buf, &state.at, &rec);
	weak_end(&state.knows);
	/* Nothing that comes later needs what was heard before. */
	memcpy(state.knows.heard, state.knows.view, sizeof(state.knows.heard));
	if (ret < 0) {
		found->broken++;
		return;
	}
	got = ret > 0 ? rec.pos : RECORDS_MAX;
	for (pos = from->at.next; pos + (ret > 0) < state.at.next; pos++)
		state.fate[pos] = LOST;
	if (ret > 0) {
		if (is_torn(&rec)) {
			found->torn++;
			return;
		}
		if (got >= written || state.fate[got] != NOT_YET || got + 1 != state.at.next) {
			found->twice++;
			return;
		}
		state.fate[got] = READ;
	}
	if (!ret && from->joined) {
		found->ended++;
		found->lossy += state.at.read && state.at.lost;
		if (state.at.next != written || state.at.read + state.at.lost != written)
			found->uncounted++;
		for (pos = 0; pos < written; pos++)
			found->uncounted += state.fate[pos] == NOT_YET;
		return;
	}
	add(found, &state);
}

/* All that can become of a reader that begins at position 0. */
static struct found explore(next_fn next, const struct pft_buf *buf, u64 written)
{
	struct state state = {};
	struct found found = {};
	size_t i;

	memset(table, 0, sizeof(table));
	add(&found, &state);
	for (i = 0; i < found.states; i++) {
		weak_first_path();
		do
			call(&found, next, buf, written, &states[i]);
		while (weak_next_path());
		if (!states[i].joined) {
			state = states[i];
			state.joined = true;
			weak_knows_all(&state.knows);
			add(&found, &state);
		}
	}
	return found;
}

static struct found plain(next_fn next, unsigned int without, u64 slots, u64 records)
{
	struct pft_buf *buf = pft_buf_alloc(0, slots);
	struct pft_ring ring = { .buf = buf };
	struct found found;

	assert_non_null(buf);
	weak_begin(without);
	track(buf);
	while (ring.pos < records)
		write_one(&ring);
	found = explore(next, buf, records);
	pft_buf_put(buf);
	return found;
}

static void assert_sound(const struct found *found)
{
	assert_int_equal(found->torn, 0);
	assert_int_equal(found->twice, 0);
	assert_int_equal(found->uncounted, 0);
	assert_int_equal(found->broken, 0);
	assert_true(found->ended > 0);
}

static const next_fn readers[] = { kernel_next, mapped_next };

static void test_sound(void **state)
{
	struct found found;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		found = plain(readers[i], 0, 2, 5);
		assert_sound(&found);
		/* There were overtaken readers, or it shows nothing. */
		assert_true(found.lossy > 5);
		found = plain(readers[i], 0, 4, 5);
		assert_sound(&found);
		assert_true(found.lossy > 0);
	}
}

/* The mapped reader looks at the position in the record: broken is its "torn". */
static void test_each_barrier_is_needed(void **state)
{
	static const unsigned int barriers[] = {
		WEAK_RESERVE, WEAK_PUBLISH, WEAK_ACQUIRE, WEAK_CHECK,
	};
	struct found found;
	size_t i, j;

	(void)state;
	for (i = 0; i < 2; i++) {
		for (j = 0; j < sizeof(barriers) / sizeof(*barriers); j++) {
			found = plain(readers[i], barriers[j], 2, 4);
			assert_true(found.torn > 0);
			assert_int_equal(found.uncounted, 0);
		}
	}
}

/* A record still goes to the old memory when the new one has its beginning. */
static void test_new_memory(void **state)
{
	struct found found;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct pft_buf *old = pft_buf_alloc(0, 2), *fresh = pft_buf_alloc(0, 2);
		struct pft_ring ring = { .buf = old };

		assert_non_null(old);
		assert_non_null(fresh);
		weak_begin(0);
		write_one(&ring);
		pft_buf_start_at(fresh, ring.pos);
		track(fresh);
		write_one(&ring);
		ring.buf = fresh;
		while (ring.pos < 5)
			write_one(&ring);
		found = explore(readers[i], fresh, 5);
		assert_sound(&found);
		pft_buf_put(old);
		pft_buf_put(fresh);
	}
}

/* Another thread forgets some, at any time. */
static void test_cleared(void **state)
{
	struct found found;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct pft_buf *buf = pft_buf_alloc(0, 2);
		struct pft_ring ring = { .buf = buf };

		assert_non_null(buf);
		weak_begin(0);
		track(buf);
		while (ring.pos < 3)
			write_one(&ring);
		weak_other_thread(true);
		WRITE_ONCE(buf->header->cleared, 3);
		weak_other_thread(false);
		while (ring.pos < 5)
			write_one(&ring);
		found = explore(readers[i], buf, 5);
		assert_sound(&found);
		pft_buf_put(buf);
	}
}

/* A dump ends at a position of its own; what is behind it is neither read nor lost. */
static void test_dump(void **state)
{
	struct pft_buf *buf = pft_buf_alloc(0, 2);
	struct pft_ring ring = { .buf = buf };
	struct weak_position at = { .end = 3 };
	struct weak_reader knows = {};
	struct pft_record rec;

	(void)state;
	assert_non_null(buf);
	weak_begin(0);
	track(buf);
	while (ring.pos < 6)
		write_one(&ring);
	weak_first_path();
	do {
		at = (struct weak_position){ .end = 3 };
		memset(&knows, 0, sizeof(knows));
		weak_start(&knows);
		while (mapped_next(buf, &at, &rec) > 0) {
			assert_false(is_torn(&rec));
			assert_true(rec.pos < 3);
		}
		weak_end(&knows);
		assert_true(at.next <= 3);
		assert_true(at.read + at.lost == at.next);
	} while (weak_next_path());
	pft_buf_put(buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_each_barrier_is_needed),
		cmocka_unit_test(test_new_memory),
		cmocka_unit_test(test_cleared),
		cmocka_unit_test(test_dump),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
