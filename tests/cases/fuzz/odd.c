// SPDX-License-Identifier: GPL-2.0
/* Numbers, sizes and places that are likely to be at some edge. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "fuzz.h"

uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15ULL;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
	return x ^ (x >> 31);
}

uint64_t random64(void)
{
	return mix(me->random++);
}

/* 0 to n - 1 */
unsigned int below(unsigned int n)
{
	return (unsigned int)(random64() % n);
}

bool one_in(unsigned int n)
{
	return !below(n);
}

/* A number that is likely to be at some edge. */
int64_t odd_number(void)
{
	static const int64_t edges[] = {
		0, 1, -1, 7, 127, 128, 129, 255, 4095, 4096, 4097, 8191, 65536, INT32_MAX,
		INT32_MIN, 1LL << 32, INT64_MAX, INT64_MIN, INT64_MAX - 4095, 1 << 20,
	};

	switch (below(4)) {
	case 0:
		return edges[below(sizeof(edges) / sizeof(*edges))];
	case 1:
		return (int64_t)random64();
	default:
		return below(20000);
	}
}

size_t odd_size(void)
{
	if (one_in(3))
		return below(300);
	return below(one_in(3) ? BUFFER : 5000);
}

/* Somewhere in the buffer, such that @size fits; now and then nowhere at all. */
void *somewhere(size_t size)
{
	if (one_in(60))
		return (void *)odd_number();
	return me->buffer + below((unsigned int)(BUFFER - size) + 1);
}
