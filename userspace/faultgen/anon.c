// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on memory without a file: anonymous, shared, the stack.
 */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faultgen.h"

#define RW	(PROT_READ | PROT_WRITE)

static unsigned long map_private(struct fg *fg)
{
	return area_map(fg, fg->n * fg->page, fg->page, RW,
			MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/**
 * anon_work() - first touch of anonymous memory, by a write
 * @fg: the run
 */
void anon_work(struct fg *fg)
{
	window_touch(fg, report_range(fg, map_private(fg), fg->page, fg->n, 'w',
				      FG_MINOR, "zero"));
}

/**
 * anon_heap_work() - first touch of memory from malloc()
 * @fg: the run
 */
void anon_heap_work(struct fg *fg)
{
	size_t size = fg->n * fg->page;
	unsigned long start;
	struct fg_range *range;
	char *p;

	/* Else a large piece is a mapping of its own. */
	mallopt(M_MMAP_THRESHOLD, INT_MAX);
	p = malloc(size + fg->page);
	if (!p)
		fail("out of memory");
	/* The page that the piece begins in is not touched: it has been. */
	start = ((unsigned long)p + fg->page) & ~(fg->page - 1);
	area_add(start, size, false);
	range = report_range(fg, start, fg->page, fg->n, 'w', FG_MINOR, "zero");
	/* Just below is the beginning of the piece, which malloc() has set. */
	if (start / FG_PTE_TABLE == (start - fg->page) / FG_PTE_TABLE)
		report_level(range, "pte",
			     start / FG_PTE_TABLE == (start + size) / FG_PTE_TABLE ?
			     "pte" : "");
	window_touch(fg, range);
}

/**
 * anon_read_work() - first touch of anonymous memory, by a read
 * @fg: the run
 */
void anon_read_work(struct fg *fg)
{
	window_touch(fg, report_range(fg, map_private(fg), fg->page, fg->n, 'r',
				      FG_MINOR, "zero-read"));
}

/**
 * anon_cow_before() - memory that the worker will share with the reporter
 * @fg: the run
 */
void anon_cow_before(struct fg *fg)
{
	fg->start = map_private(fg);
	area_write(fg->start, fg->page, fg->n);
}

/**
 * anon_cow_work() - write to pages shared since fork: each is copied
 * @fg: the run
 */
void anon_cow_work(struct fg *fg)
{
	struct fg_range *range = report_range(fg, fg->start, fg->page, fg->n,
					      'w', FG_MINOR, "cow");

	report_level(range, "prot", "prot");
	window_touch(fg, range);
}

/* The page that tells the class has a page table of its own. */
static void write_shared(struct fg *fg, int flags, int fd)
{
	unsigned long last = (fg->n * fg->page + FG_PTE_TABLE - 1) &
			     ~(FG_PTE_TABLE - 1);
	unsigned long start;

	if (fd >= 0 && ftruncate(fd, (off_t)(last + fg->page)))
		fail("cannot make a memfd of %lu bytes: %s", last + fg->page,
		     strerror(errno));
	start = area_map(fg, last + fg->page, fg->page, RW, flags, fd);
	window_touch_probed(fg, report_range(fg, start, fg->page, fg->n, 'w',
					     FG_MINOR, "shmem"), start + last);
}

/**
 * anon_shmem_work() - first touch of shared anonymous memory
 * @fg: the run
 */
void anon_shmem_work(struct fg *fg)
{
	write_shared(fg, MAP_SHARED | MAP_ANONYMOUS, -1);
}

/**
 * anon_memfd_work() - first touch of a memfd
 * @fg: the run
 */
void anon_memfd_work(struct fg *fg)
{
	int fd = report_memfd("faultgen-case");

	if (fd < 0)
		skip(fg, "memfd_create: %s", strerror(errno));
	write_shared(fg, MAP_SHARED, fd);
}

/**
 * anon_mlock_work() - mlock() of untouched memory faults it in
 * @fg: the run
 *
 * The faults are charged to the caller, although no instruction made them.
 */
void anon_mlock_work(struct fg *fg)
{
	unsigned long start = map_private(fg);
	struct fg_range *range = report_range(fg, start, fg->page, fg->n, 'w',
					      FG_MINOR, "zero");

	strcpy(range->by, "gup");
	window_warm(fg);
	/* What window_warm() locked counts against the limit as well. */
	munlockall();
	window_begin(fg->proc);
	if (mlock((void *)start, fg->n * fg->page))
		skip(fg, "mlock of %lu pages: %s (ulimit -l)", fg->n,
		     strerror(errno));
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);
}

/**
 * anon_stack_work() - let the stack of the main thread grow, page by page
 * @fg: the run
 */
void anon_stack_work(struct fg *fg)
{
	unsigned long top, bottom, i;
	struct fg_range *range;
	struct rlimit limit;
	struct fg_map map;

	if (!maps_find((unsigned long)&limit, &map) ||
	    getrlimit(RLIMIT_STACK, &limit))
		fail("cannot find the stack");
	top = map.start;
	bottom = top - fg->n * fg->page;
	if (limit.rlim_cur != RLIM_INFINITY && map.end - bottom > limit.rlim_cur)
		skip(fg, "the stack may not grow by %lu pages (ulimit -s)",
		     fg->n);
	range = report_range(fg, bottom, fg->page, fg->n, 'w', FG_MINOR, "zero");
	range->map = map;
	range->grows = true;
	/* What is there already has a page in the lowest page table. */
	if (bottom / FG_PTE_TABLE == top / FG_PTE_TABLE)
		report_level(range, "pte", "pte");
	window_warm(fg);
	window_begin(fg->proc);
	for (i = 1; i <= fg->n; i++)
		area_write(top - i * fg->page, 0, 1);
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);
}
