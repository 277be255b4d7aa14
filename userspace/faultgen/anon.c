// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on memory without a file: anonymous, shared, huge, swapped out.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "faultgen.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

#define RW	(PROT_READ | PROT_WRITE)

/* Pages from one page that the case swap touches to the next: more than the
 * kernel reads ahead from swap at once (32).
 */
#define SWAP_STRIDE	64

static void write_range(struct fg *fg, unsigned long start)
{
	report_range(fg, start, fg->page, fg->n, 'w', FG_MINOR);
	window_warm(fg);
	window_begin(fg->proc);
	area_write(start, fg->page, fg->n);
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);
}

/**
 * anon_work() - first touch of anonymous memory, by a write
 * @fg: the run
 */
void anon_work(struct fg *fg)
{
	write_range(fg, area_map(fg, fg->n * fg->page, fg->page, RW,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1));
}

/**
 * anon_read_work() - first touch of anonymous memory, by a read
 * @fg: the run
 */
void anon_read_work(struct fg *fg)
{
	unsigned long start = area_map(fg, fg->n * fg->page, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);

	report_range(fg, start, fg->page, fg->n, 'r', FG_MINOR);
	window_warm(fg);
	window_begin(fg->proc);
	area_read(start, fg->page, fg->n);
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);
}

/**
 * anon_cow_before() - memory that the worker will share with the reporter
 * @fg: the run
 */
void anon_cow_before(struct fg *fg)
{
	fg->start = area_map(fg, fg->n * fg->page, fg->page, RW,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1);
	area_write(fg->start, fg->page, fg->n);
}

/**
 * anon_cow_work() - write to pages shared since fork: each is copied
 * @fg: the run
 */
void anon_cow_work(struct fg *fg)
{
	write_range(fg, fg->start);
}

/**
 * anon_shmem_work() - first touch of shared anonymous memory
 * @fg: the run
 *
 * The last page tells as what this kernel counts such a fault.
 */
void anon_shmem_work(struct fg *fg)
{
	unsigned long start = area_map(fg, (fg->n + 1) * fg->page, fg->page, RW,
				       MAP_SHARED | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, start, fg->page, fg->n, 'w',
					      FG_MINOR);
	enum fg_class class;

	window_warm(fg);
	class = window_probe(fg->proc, start + fg->n * fg->page);
	range->class = (int)class;
	window_begin(fg->proc);
	area_write(start, fg->page, fg->n);
	window_end(fg->proc);
	report_made(fg, class, fg->n);
}

/**
 * anon_mlock_work() - mlock() of untouched memory faults it in
 * @fg: the run
 *
 * The faults are charged to the caller, although no instruction made them.
 */
void anon_mlock_work(struct fg *fg)
{
	unsigned long start = area_map(fg, fg->n * fg->page, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, start, fg->page, fg->n, 'w',
					      FG_MINOR);

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

static unsigned long huge_size(struct fg *fg)
{
	static const char size_file[] =
		"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";
	static const char enabled_file[] =
		"/sys/kernel/mm/transparent_hugepage/enabled";
	char text[64] = "";
	unsigned long size = 0;
	FILE *f;

	f = fopen(enabled_file, "re");
	if (!f || !fgets(text, sizeof(text), f))
		skip(fg, "no transparent huge pages: %s cannot be read",
		     enabled_file);
	fclose(f);
	if (strstr(text, "[never]"))
		skip(fg, "transparent huge pages are off (%s)", enabled_file);
	f = fopen(size_file, "re");
	if (f && fscanf(f, "%lu", &size) != 1)
		size = 0;
	if (f)
		fclose(f);
	return size ? size : FG_FAR;
}

static unsigned long huge_bytes(unsigned long start)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long from, to, kb, bytes = 0;
	bool inside = false;
	char line[512];

	if (!f)
		fail("cannot read /proc/self/smaps: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = start >= from && start < to;
		else if (inside &&
			 sscanf(line, "AnonHugePages: %lu kB", &kb) == 1)
			bytes = kb * 1024;
	}
	fclose(f);
	return bytes;
}

/**
 * anon_thp_work() - first touch of memory that may come as huge pages
 * @fg: the run
 */
void anon_thp_work(struct fg *fg)
{
	unsigned long size = huge_size(fg);
	unsigned long start = area_map(fg, fg->n * size, size, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned long came;

	if (madvise((void *)start, fg->n * size, MADV_HUGEPAGE))
		skip(fg, "madvise(MADV_HUGEPAGE): %s", strerror(errno));
	report_range(fg, start, size, fg->n, 'w', FG_MINOR)->page_size = size;
	window_warm(fg);
	window_begin(fg->proc);
	area_write(start, size, fg->n);
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);

	came = huge_bytes(start);
	if (came != fg->n * size)
		skip(fg, "only %lu of %lu pages of %lu bytes came huge",
		     came / size, fg->n, size);
}

static void need_swap(struct fg *fg)
{
	FILE *f = fopen("/proc/swaps", "re");
	char line[512];
	int lines = 0;

	while (f && fgets(line, sizeof(line), f))
		lines++;
	if (f)
		fclose(f);
	if (lines < 2)
		skip(fg, "there is no swap");
}

/*
 * Has this page left memory? Its entry must say swap (bit 62 of pagemap), and
 * it must not be in the swap cache any more, where it would come back from
 * without I/O: that is what mincore() tells of a swapped page.
 */
static bool in_cache(unsigned long address, unsigned long page)
{
	unsigned char present = 1;

	return mincore((void *)address, page, &present) || (present & 1);
}

static bool swapped(int pagemap, unsigned long address, unsigned long page)
{
	uint64_t entry;

	if (pread(pagemap, &entry, sizeof(entry),
		  (off_t)(address / page * sizeof(entry))) != sizeof(entry))
		fail("cannot read /proc/self/pagemap: %s", strerror(errno));
	return (entry >> 62) & 1;
}

static unsigned long still_here(struct fg *fg, int pagemap,
				unsigned long start, unsigned long stride)
{
	unsigned long i, here = 0;

	for (i = 0; i < fg->n; i++) {
		unsigned long a = start + i * stride;
		bool out = swapped(pagemap, a, fg->page);

		if (out && !in_cache(a, fg->page))
			continue;
		here++;
		/* Written, but kept in the swap cache, where MADV_PAGEOUT does
		 * not look: map it again, clean, so that it can be dropped.
		 */
		if (out)
			area_read(a, 0, 1);
	}
	return here;
}

/**
 * anon_swap_work() - touch pages that are in swap only
 * @fg: the run
 */
void anon_swap_work(struct fg *fg)
{
	const struct timespec pause = { 0, 1000000 };
	unsigned long stride = SWAP_STRIDE * fg->page;
	unsigned long size = fg->n * stride;
	unsigned long start, i, here = fg->n;
	unsigned int tries;
	cpu_set_t cpus;
	int cpu, pagemap;

	need_swap(fg);
	/* MADV_PAGEOUT empties this CPU's list of new pages only. */
	cpu = sched_getcpu();
	if (cpu >= 0) {
		CPU_ZERO(&cpus);
		CPU_SET(cpu, &cpus);
		sched_setaffinity(0, sizeof(cpus), &cpus);
	}
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		skip(fg, "/proc/self/pagemap: %s", strerror(errno));
	start = area_map(fg, size, fg->page, RW, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1);
	/* Not all the same: pages of one value need no room in swap. */
	for (i = 0; i < size; i += sizeof(i))
		*(volatile unsigned long *)(start + i) = i * 2654435761u;
	report_range(fg, start, stride, fg->n, 'r', FG_MAJOR);
	window_warm(fg);

	for (tries = 0; here && tries < 5000; tries++) {
		if (tries)
			nanosleep(&pause, NULL);
		if (madvise((void *)start, size, MADV_PAGEOUT))
			skip(fg, "madvise(MADV_PAGEOUT): %s", strerror(errno));
		here = still_here(fg, pagemap, start, stride);
	}
	if (here)
		skip(fg, "%lu of %lu pages do not leave memory (swap full?)",
		     here, fg->n);
	window_prime(fg->proc);
	window_begin(fg->proc);
	area_read(start, stride, fg->n);
	window_end(fg->proc);
	report_made(fg, FG_MAJOR, fg->n);
}
