// SPDX-License-Identifier: GPL-2.0
/*
 * Memory in which faults are made. An area lies between two inaccessible
 * pages, so its mapping is never merged with a neighbour and begins and ends
 * where we say.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "faultgen.h"

#define MAX_AREAS	1024

static struct {
	unsigned long start, end;
} areas[MAX_AREAS];
static unsigned int nareas;

/**
 * area_map() - map memory that window_warm() leaves alone
 * @fg: the run
 * @size: bytes
 * @align: alignment of the start, a power of two, at least a page
 * @prot: as for mmap()
 * @flags: as for mmap(), MAP_FIXED is added
 * @fd: file, mapped from offset 0, or -1
 *
 * Return: the start. Does not return where there is no memory; skips the
 * case where the file may not be mapped so.
 */
unsigned long area_map(struct fg *fg, size_t size, unsigned long align,
		       int prot, int flags, int fd)
{
	size_t all;
	unsigned long start;
	void *p;

	size = (size + fg->page - 1) & ~(fg->page - 1);
	all = size + align + 2 * fg->page;
	p = mmap(NULL, all, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		fail("cannot reserve %zu bytes of address space: %s", all,
		     strerror(errno));
	start = ((unsigned long)p + fg->page + align - 1) & ~(align - 1);
	p = mmap((void *)start, size, prot, flags | MAP_FIXED, fd, 0);
	if (p == MAP_FAILED && errno == EPERM)
		skip(fg, "%s may not be mapped executable (noexec?)", fg->dir);
	if (p == MAP_FAILED)
		fail("cannot map %zu bytes: %s", size, strerror(errno));
	/* A huge page would swallow many faults; the case thp undoes this. */
	madvise(p, size, MADV_NOHUGEPAGE);

	if (nareas < MAX_AREAS) {
		areas[nareas].start = start;
		areas[nareas].end = start + size;
		nareas++;
	}
	return start;
}

/**
 * area_owns() - is this mapping one that must not be touched early?
 * @start: first address of the mapping
 * @end: first address behind it
 */
bool area_owns(unsigned long start, unsigned long end)
{
	unsigned int i;

	for (i = 0; i < nareas; i++)
		if (start < areas[i].end && end > areas[i].start)
			return true;
	return false;
}

/**
 * area_write() - write one byte at start + i * stride
 * @start: first address
 * @stride: bytes between two writes
 * @n: number of writes
 */
void area_write(unsigned long start, unsigned long stride, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		*(volatile char *)(start + i * stride) = 1;
}

/**
 * area_read() - read one byte at start + i * stride
 * @start: first address
 * @stride: bytes between two reads
 * @n: number of reads
 */
void area_read(unsigned long start, unsigned long stride, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		(void)*(volatile char *)(start + i * stride);
}

/**
 * area_call() - call the function at start + i * stride
 * @start: first address
 * @stride: bytes between two functions
 * @n: number of calls
 */
void area_call(unsigned long start, unsigned long stride, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		((void (*)(void))(start + i * stride))();
}
