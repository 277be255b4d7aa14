/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A memory of weak order, in one thread, for code that is written with
 * READ_ONCE(), WRITE_ONCE() and barriers. The writer runs first, to its end; then
 * a reader, again and again, whose loads return each value that they could have
 * returned at any time. tests/model/ring.pml has the same memory and says why
 * that is all that can happen.
 */
#ifndef WEAK_H
#define WEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEAK_PLACES	80	/* words */
#define WEAK_STORES	10	/* of each */

/**
 * enum weak_barrier - what can be left out
 * @WEAK_RESERVE: the write barrier
 * @WEAK_PUBLISH: the order of a store-release
 * @WEAK_ACQUIRE: that of a load-acquire
 * @WEAK_CHECK: the read barrier
 */
enum weak_barrier {
	WEAK_RESERVE = 1,
	WEAK_PUBLISH = 2,
	WEAK_ACQUIRE = 4,
	WEAK_CHECK = 8,
};

/**
 * struct weak_reader - what a reader knows
 * @view: of each place the number of the oldest value that it can still get
 * @heard: what @view becomes at a read barrier
 */
struct weak_reader {
	uint8_t view[WEAK_PLACES];
	uint8_t heard[WEAK_PLACES];
};

void weak_begin(unsigned int without);
void weak_track(const void *from, size_t bytes);
void weak_alike(const void *words, size_t n);
void weak_other_thread(bool is);
void weak_knows_all(struct weak_reader *reader);

void weak_first_path(void);
void weak_start(const struct weak_reader *reader);
void weak_end(struct weak_reader *reader);
bool weak_next_path(void);

uint64_t weak_load(const void *at, size_t size, bool acquire);
void weak_store(void *at, size_t size, uint64_t value, bool release);
void weak_write_barrier(void);
void weak_read_barrier(void);

#endif /* WEAK_H */
