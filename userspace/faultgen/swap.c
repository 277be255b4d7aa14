// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on memory that is swapped out.
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

/* Pages from one page that is touched to the next: more than the kernel reads
 * ahead from swap at once (32).
 */
#define SWAP_STRIDE	64

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
 * swap_work() - touch pages that are in swap only
 * @fg: the run
 */
void swap_work(struct fg *fg)
{
	const struct timespec pause = { 0, 1000000 };
	unsigned long stride = SWAP_STRIDE * fg->page;
	unsigned long size = fg->n * stride;
	unsigned long start, i, here = fg->n;
	struct fg_range *range;
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
	start = area_map(fg, size, fg->page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1);
	/* Not all the same: pages of one value need no room in swap. */
	for (i = 0; i < size; i += sizeof(i))
		*(volatile unsigned long *)(start + i) = i * 2654435761u;
	range = report_range(fg, start, stride, fg->n, 'r', FG_MAJOR, "swap");
	report_level(range, "pte", "pte");
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
	window_make(fg, range);
}
