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
	bool fresh;
} areas[MAX_AREAS];
static unsigned int nareas;

/*
 * Areas are taken from 1 GiB whose upper page tables are there already, and no
 * two of them are in the same 2 MiB, nor is anything else. So the first fault
 * in each 2 MiB of an area finds no page table, and the others find one.
 */
static struct {
	unsigned long next, end;
	bool settled;
} arena;

static unsigned long reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		fail("cannot reserve %zu bytes of address space: %s", size,
		     strerror(errno));
	return (unsigned long)p;
}

static void arena_make(void)
{
	unsigned long p = reserve(2 * FG_PMD_TABLE);
	unsigned long start = (p + FG_PMD_TABLE - 1) & ~(FG_PMD_TABLE - 1);

	if (start > p)
		munmap((void *)p, start - p);
	munmap((void *)(start + FG_PMD_TABLE), p + FG_PMD_TABLE - start);
	if (mprotect((void *)start, 1, PROT_READ | PROT_WRITE))
		fail("cannot use reserved memory: %s", strerror(errno));
	area_write(start, 0, 1);
	arena.next = start + FG_PTE_TABLE;
	arena.end = start + FG_PMD_TABLE;
}

/* Room between inaccessible pages. */
static unsigned long take(struct fg *fg, size_t size, unsigned long align,
			  bool *fresh)
{
	size_t all = (size + fg->page + FG_PTE_TABLE - 1) & ~(FG_PTE_TABLE - 1);
	unsigned long start = (arena.next + align - 1) & ~(align - 1);

	*fresh = align + all < FG_PMD_TABLE;
	if (*fresh && (!arena.end || start + all > arena.end)) {
		if (arena.settled) {
			*fresh = false;
		} else {
			arena_make();
			start = (arena.next + align - 1) & ~(align - 1);
		}
	}
	if (!*fresh)
		return (reserve(all + 2 * align) + 2 * align - 1) & ~(align - 1);
	arena.next = start + all;
	return start;
}

/**
 * area_settle() - area_map() must fault no more
 */
void area_settle(void)
{
	arena.settled = true;
}

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
	unsigned long start;
	bool fresh;
	void *p;

	size = (size + fg->page - 1) & ~(fg->page - 1);
	start = take(fg, size, align < FG_PTE_TABLE ? FG_PTE_TABLE : align,
		     &fresh);
	p = mmap((void *)start, size, prot, flags | MAP_FIXED, fd, 0);
	if (p == MAP_FAILED && errno == EPERM && fd >= 0)
		skip(fg, "%s may not be mapped executable (noexec?)", fg->dir);
	if (p == MAP_FAILED)
		skip(fg, "cannot map %zu bytes: %s", size, strerror(errno));
	/* A huge page would swallow many faults; the case thp undoes this. */
	madvise(p, size, MADV_NOHUGEPAGE);

	area_add(start, size, fresh);
	return start;
}

/**
 * area_add() - memory that window_warm() leaves alone, mapped by the caller
 * @start: first address
 * @size: bytes
 * @fresh: see area_fresh()
 */
void area_add(unsigned long start, size_t size, bool fresh)
{
	if (nareas >= MAX_AREAS)
		return;
	areas[nareas].start = start;
	areas[nareas].end = start + size;
	areas[nareas].fresh = fresh;
	nareas++;
}

/**
 * area_fresh() - will the first fault in each 2 MiB make a page table?
 * @start: first address
 * @end: first address behind
 *
 * Return: true if it is known to, as long as nothing has been touched there.
 */
bool area_fresh(unsigned long start, unsigned long end)
{
	unsigned int i;

	for (i = 0; i < nareas; i++)
		if (start >= areas[i].start && end <= areas[i].end)
			return areas[i].fresh;
	return false;
}

/**
 * area_owns() - is this mapping one that must not be touched early?
 * @start: first address of the mapping
 * @end: first address behind it
 *
 * Return: true if it is.
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
