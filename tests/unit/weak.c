// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weak.h"

#define CHOICES	256

static struct place {
	const char *at;
	unsigned int last;
	const struct place *like;
	uint64_t value[WEAK_STORES];
	uint8_t carries[WEAK_STORES][WEAK_PLACES];
} places[WEAK_PLACES];

static unsigned int nr_places;
static unsigned int left_out;
static bool other;
static uint8_t done[WEAK_PLACES], fenced[WEAK_PLACES];

static bool reading;
static struct weak_reader now;

/* The path: of the options at each choice the one taken. */
static unsigned int options[CHOICES], taken[CHOICES], depth, length;

static void limit(unsigned int n, unsigned int max, const char *what)
{
	if (n < max)
		return;
	fprintf(stderr, "weak memory: too many %s\n", what);
	abort();
}

/**
 * weak_begin - forget all, a new writer begins
 * @without: WEAK_*, which barriers have no effect
 */
void weak_begin(unsigned int without)
{
	memset(places, 0, sizeof(places));
	memset(done, 0, sizeof(done));
	memset(fenced, 0, sizeof(fenced));
	nr_places = 0;
	left_out = without;
	other = false;
	reading = false;
}

/**
 * weak_track - from now on all values are kept; other memory is ordinary
 * @from: words of 8 bytes, as they are now
 * @bytes: their size
 */
void weak_track(const void *from, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i += 8) {
		struct place *place = &places[nr_places++];

		limit(nr_places, WEAK_PLACES, "places");
		place->at = (const char *)from + i;
		memcpy(&place->value[0], place->at, 8);
	}
}

/**
 * weak_alike - the words of a record, but for the first and the last, are loaded
 * all like the second, to have fewer ways to go
 * @words: a record, tracked, each word of which is stored once per record
 * @n: number of words
 */
void weak_alike(const void *words, size_t n)
{
	unsigned int first;
	size_t i;

	for (first = 0; places[first].at != words; first++)
		;
	for (i = 2; i + 1 < n; i++)
		places[first + i].like = &places[first + 1];
}

/**
 * weak_other_thread - a thread that is neither writer nor reader stores now
 * @is: it begins, or it ends
 */
void weak_other_thread(bool is)
{
	other = is;
}

/**
 * weak_knows_all - the reader has waited for the writer's end
 * @reader: which
 */
void weak_knows_all(struct weak_reader *reader)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		reader->view[i] = reader->heard[i] = (uint8_t)places[i].last;
}

/**
 * weak_first_path - the reader's next call may go several ways: the first one
 */
void weak_first_path(void)
{
	length = 0;
}

/**
 * weak_start - the reader begins, on the present path
 * @reader: what it knows
 */
void weak_start(const struct weak_reader *reader)
{
	now = *reader;
	depth = 0;
	reading = true;
}

/**
 * weak_end - the reader is done
 * @reader: set to what it knows now
 */
void weak_end(struct weak_reader *reader)
{
	*reader = now;
	reading = false;
}

/**
 * weak_next_path - go another way
 *
 * Return: false if each way was gone.
 */
bool weak_next_path(void)
{
	length = depth;
	while (length && taken[length - 1] + 1 == options[length - 1])
		length--;
	if (!length)
		return false;
	taken[length - 1]++;
	return true;
}

static unsigned int choose(unsigned int n)
{
	if (depth == length) {
		limit(depth, CHOICES, "choices");
		options[depth] = n;
		taken[depth] = 0;
		length++;
	}
	return taken[depth++];
}

static struct place *place_of(const void *at, size_t size)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		if (places[i].at == at && size == 8)
			return &places[i];
	return NULL;
}

static void learn(uint8_t *known, const uint8_t *more)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		if (more[i] > known[i])
			known[i] = more[i];
}

uint64_t weak_load(const void *at, size_t size, bool acquire)
{
	struct place *place = place_of(at, size);
	unsigned int i, nr;
	uint64_t value = 0;

	if (!place || !reading) {
		memcpy(&value, at, size);
		return value;
	}
	i = (unsigned int)(place - places);
	if (!place->like)
		nr = now.view[i] + choose(place->last - now.view[i] + 1);
	else if (now.view[i] < now.view[place->like - places])
		nr = now.view[place->like - places];
	else
		nr = now.view[i];
	now.view[i] = (uint8_t)nr;
	learn(now.heard, place->carries[nr]);
	if (acquire && !(left_out & WEAK_ACQUIRE))
		learn(now.view, place->carries[nr]);
	return place->value[nr];
}

void weak_store(void *at, size_t size, uint64_t value, bool release)
{
	struct place *place = place_of(at, size);
	unsigned int i;

	memcpy(at, &value, size);
	if (!place)
		return;
	i = (unsigned int)(place - places);
	place->last++;
	limit(place->last, WEAK_STORES, "stores");
	place->value[place->last] = value;
	if (!other) {
		release = release && !(left_out & WEAK_PUBLISH);
		memcpy(place->carries[place->last], release ? done : fenced, sizeof(done));
		done[i] = (uint8_t)place->last;
	}
	place->carries[place->last][i] = (uint8_t)place->last;
}

void weak_write_barrier(void)
{
	if (!(left_out & WEAK_RESERVE))
		memcpy(fenced, done, sizeof(done));
}

void weak_read_barrier(void)
{
	if (reading && !(left_out & WEAK_CHECK))
		learn(now.view, now.heard);
}
