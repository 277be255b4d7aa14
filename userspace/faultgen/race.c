// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that take two to make: which access of a thread faults depends on
 * what another thread, or the kernel, does at that moment. How many there were
 * the kernel tells; so they are given as scattered over a span.
 */
#include <errno.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "faultgen.h"

/* of Linux 5.12; a kernel without it refuses it */
#ifndef MPOL_F_NUMA_BALANCING
#define MPOL_F_NUMA_BALANCING	(1 << 13)
#endif

#define RW		(PROT_READ | PROT_WRITE)

/* The second thread comes later by 1 to 2^this steps, and it takes turns. */
#define DELAYS		14

/* How long to wait for NUMA balancing: 60 s. */
#define NUMA_WAIT_NS	60000000000u

#define NUMA		"/sys/kernel/debug/sched/numa_balancing/"

/* The reporter may leave it to us which CPU; two of them are needed. */
static void need_two(struct fg *fg)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) || CPU_COUNT(&cpus) < 2)
		skip(fg, "there is only one CPU for two threads");
}

/* Moves on when both have come. */
static struct {
	volatile unsigned long turn;
	volatile unsigned long there;
	volatile bool end;
	unsigned long start;
	unsigned long page;
	unsigned long n;
} race;

/* The second one: to each page a little later than the first. */
static void *second(void *arg)
{
	unsigned long i;
	volatile unsigned int d;
	unsigned int end;

	for (i = 0; i < race.n; i++) {
		race.there = i + 1;
		while (race.turn <= i)
			;
		/* Whatever a fault takes here: some will come at its end. */
		end = 1U << (i % DELAYS);
		end += end * (i / DELAYS % 8) / 8;
		for (d = 0; d < end; d++)
			;
		*(volatile char *)(race.start + i * race.page) = 2;
	}
	race.there = race.n + 1;
	while (!race.end)
		;
	return arg;
}

/**
 * race_first_work() - two threads write to the same untouched pages
 * @fg: the run
 *
 * If both fault, the later one may find the page there: that is spurious.
 */
void race_first_work(struct fg *fg)
{
	unsigned long size = fg->n * fg->page;
	unsigned long i, start = area_map(fg, size, fg->page, RW,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, start, 0, fg->n, 'w',
					      FG_MINOR, "zero");
	pthread_t thread;

	need_two(fg);
	race.start = start;
	race.page = fg->page;
	race.n = fg->n;
	report_level(range, "", "");
	report_also(range, "spurious", "the other thread came first");
	range->span = size;
	range->tid = 0;
	thread = worker_thread(fg, second, NULL);
	window_warm(fg);
	window_begin(fg->proc);
	for (i = 0; i < fg->n; i++) {
		while (race.there <= i)
			;
		race.turn = i + 1;
		*(volatile char *)(start + i * fg->page) = 1;
	}
	while (race.there <= fg->n)
		;
	window_end(fg->proc);
	race.end = true;
	pthread_join(thread, NULL);
	range->count = window_minor(fg->proc);
	report_made(fg, FG_MINOR, range->count);
}

/* Reads one byte for as long as it is its turn. */
static void *reader(void *arg)
{
	race.n = (unsigned long)syscall(SYS_gettid);
	race.there = 1;
	while (!race.end) {
		if (!race.turn) {
			race.there = 1;
			continue;
		}
		race.there = 2;
		(void)*(volatile char *)race.start;
	}
	return arg;
}

/* A thread that reads the byte at @start whenever it is its turn. */
static pthread_t start_reader(struct fg *fg, struct fg_range *range,
			      unsigned long start)
{
	pthread_t thread;

	race.start = start;
	thread = worker_thread(fg, reader, NULL);
	while (!race.there)
		;
	range->tid = (pid_t)race.n;
	return thread;
}

/* It reads when this returns. */
static void reader_on(void)
{
	race.turn = 1;
	while (race.there != 2)
		;
}

/* It has made its last fault when this returns. */
static void reader_off(void)
{
	race.turn = 0;
	while (race.there != 1)
		;
}

static void end_reader(pthread_t thread)
{
	race.end = true;
	pthread_join(thread, NULL);
}

/**
 * race_spurious_work() - read a page while another is moved to its place
 * @fg: the run
 *
 * mremap() takes the old page away and puts the new one there, with the
 * mappings locked for all of that. Who touches the place in between faults,
 * has to wait for the lock, and then finds the new page. Again and again until
 * there were N such faults.
 */
void race_spurious_work(struct fg *fg)
{
	unsigned long to = area_map(fg, fg->page, fg->page, RW,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned long from = area_map(fg, fg->page, fg->page, RW,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, to, 0, fg->n, 'r', FG_MINOR,
					      "spurious");
	unsigned long tries, made = 0;
	pthread_t thread;

	need_two(fg);
	report_level(range, "prot", "prot");
	range->span = fg->page;
	area_write(to, 0, 1);
	thread = start_reader(fg, range, to);
	window_warm(fg);
	for (tries = 0; made < fg->n && tries < 1000 + 100 * fg->n; tries++) {
		if (mmap((void *)from, fg->page, RW, MAP_PRIVATE |
			 MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			fail("cannot map a page: %s", strerror(errno));
		area_write(from, 0, 1);
		window_begin(fg->proc);
		reader_on();
		if (mremap((void *)from, fg->page, fg->page, MREMAP_MAYMOVE |
			   MREMAP_FIXED, to) == MAP_FAILED)
			fail("cannot move a page: %s", strerror(errno));
		reader_off();
		window_end(fg->proc);
		made += window_minor(fg->proc);
	}
	end_reader(thread);
	if (made < fg->n)
		skip(fg, "only %lu reads met a move in %lu tries", made, tries);
	range->count = made;
	report_made(fg, FG_MINOR, made);
}

/* The NUMA nodes, a bit each, if there are two. */
static unsigned long two_nodes(struct fg *fg)
{
	unsigned long mask = 0, from, to;
	FILE *f = fopen("/sys/devices/system/node/online", "re");
	int c = ',';

	while (f && c == ',' && fscanf(f, "%lu", &from) == 1) {
		to = from;
		c = getc(f);
		if (c == '-' && fscanf(f, "%lu", &to) == 1)
			c = getc(f);
		for (; from <= to && from < 64; from++)
			mask |= 1UL << from;
	}
	if (f)
		fclose(f);
	if (!(mask & (mask - 1)))
		skip(fg, "there is only one NUMA node");
	return mask;
}

/**
 * race_migrate_work() - read a huge page while it moves to another node
 * @fg: the run
 *
 * It is unmapped, copied and mapped again. Meanwhile its entry is not present, or
 * says that it is under migration, and who touches it waits for the end of that.
 * There and back until there were N such faults.
 */
void race_migrate_work(struct fg *fg)
{
	unsigned long size = huge_size(fg);
	unsigned long start = area_map(fg, size, size, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, start, 0, 1, 'r', FG_MINOR,
					      "migrate");
	unsigned long mask = two_nodes(fg), tries, made = 0;
	const int node[2] = {
		__builtin_ctzl(mask), __builtin_ctzl(mask & (mask - 1)),
	};
	void *page = (void *)start;
	pthread_t thread;
	int status = 0;

	need_two(fg);
	if (madvise(page, size, MADV_HUGEPAGE))
		skip(fg, "madvise(MADV_HUGEPAGE): %s", strerror(errno));
	report_level(range, "", "");
	report_also(range, "spurious", "the move had ended when it was looked at");
	/* Waiting maps nothing. */
	range->mapped = 0;
	range->span = fg->page;
	area_write(start, 0, 1);
	thread = start_reader(fg, range, start);
	window_warm(fg);
	for (tries = 0; made < fg->n && tries < 20 * fg->n; tries++) {
		window_begin(fg->proc);
		reader_on();
		if (syscall(SYS_move_pages, 0, 1, &page, &node[tries % 2],
			    &status, MPOL_MF_MOVE) || status < 0)
			skip(fg, "move_pages: %s",
			     strerror(status < 0 ? -status : errno));
		reader_off();
		window_end(fg->proc);
		made += window_minor(fg->proc);
	}
	end_reader(thread);
	if (made < fg->n)
		skip(fg, "only %lu reads met a migration in %lu tries", made,
		     tries);
	range->count = made;
	report_made(fg, FG_MINOR, made);
}

/**
 * race_numa_before() - switch NUMA balancing on, and make it quick
 * @fg: the run
 */
void race_numa_before(struct fg *fg)
{
	two_nodes(fg);
	if (setting_change(fg, "/proc/sys/kernel/numa_balancing", "1"))
		skip(fg, "/proc/sys/kernel/numa_balancing: %s",
		     strerror(errno));
	/* Else it begins when the process has run for a second. */
	if (setting_change(fg, NUMA "scan_delay_ms", "10") ||
	    setting_change(fg, NUMA "scan_period_min_ms", "100"))
		skip(fg, NUMA "scan_delay_ms: %s", strerror(errno));
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/**
 * race_numa_work() - read memory that NUMA balancing looks after
 * @fg: the run
 *
 * Now and then the kernel takes the permissions of some pages away to see who
 * uses them. The policy of the process forbids that, the one of the area asks
 * for it: so nothing else faults. Pages that are on the node where their
 * process runs are left alone, but not if it has more than one thread
 * (change_pte_range()). Goes on until there were N faults.
 */
void race_numa_work(struct fg *fg)
{
	unsigned long size = fg->n * fg->page;
	unsigned long start = area_map(fg, size, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, start, 0, fg->n, 'r',
					      FG_MINOR, "numa");
	unsigned long mask = two_nodes(fg);
	uint64_t end;

	report_level(range, "prot", "prot");
	range->span = size;
	if (syscall(SYS_mbind, start, size, MPOL_BIND | MPOL_F_NUMA_BALANCING,
		    &mask, 8 * sizeof(mask), 0))
		skip(fg, "mbind(MPOL_F_NUMA_BALANCING): %s", strerror(errno));
	area_write(start, fg->page, fg->n);
	worker_thread(fg, sleeper, NULL);
	window_warm(fg);
	end = window_now_ns() + NUMA_WAIT_NS;
	range->count = 0;
	do {
		window_begin(fg->proc);
		area_read(start, fg->page, fg->n);
		window_end(fg->proc);
		range->count += window_minor(fg->proc);
	} while (range->count < fg->n && fg->proc->t1_ns < end);
	if (range->count < fg->n)
		skip(fg, "NUMA balancing made only %lu faults", range->count);
	report_made(fg, FG_MINOR, range->count);
}
