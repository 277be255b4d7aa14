// SPDX-License-Identifier: GPL-2.0
/*
 * The measured window: what getrusage() says grows in it must be what the
 * case makes on purpose. So everything else that the window needs is faulted
 * in before it: code, data, stack, the report.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "faultgen.h"

/* Mappings above this size are no part of this program (a sanitizer's). */
#define WARM_LIMIT	(256UL << 20)

static struct rusage usage;

/**
 * window_now_ns() - CLOCK_MONOTONIC in ns
 *
 * A real system call: the vDSO has pages that fault in by themselves.
 *
 * Return: the time.
 */
uint64_t window_now_ns(void)
{
	struct timespec ts;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void count(uint64_t *to)
{
	getrusage(RUSAGE_SELF, &usage);
	to[FG_MINOR] = (uint64_t)usage.ru_minflt;
	to[FG_MAJOR] = (uint64_t)usage.ru_majflt;
}

/**
 * window_begin() - from here on, faults are made on purpose
 * @proc: this process
 *
 * A process may have several windows, one after another: they add up.
 */
void window_begin(struct fg_proc *proc)
{
	if (!proc->t0_ns)
		proc->t0_ns = window_now_ns();
	count(proc->before);
}

/**
 * window_end() - up to here
 * @proc: this process
 */
void window_end(struct fg_proc *proc)
{
	count(proc->now);
	proc->t1_ns = window_now_ns();
	proc->now[FG_INVALID] = proc->made[FG_INVALID];
	proc->window[FG_MINOR] += proc->now[FG_MINOR] - proc->before[FG_MINOR];
	proc->window[FG_MAJOR] += proc->now[FG_MAJOR] - proc->before[FG_MAJOR];
}

/**
 * window_prime() - fault in what the functions above need
 * @proc: this process, whose windows are kept as they were
 *
 * Enough on its own where the window holds nothing but area_*() calls.
 */
void window_prime(struct fg_proc *proc)
{
	uint64_t window[2] = { proc->window[FG_MINOR], proc->window[FG_MAJOR] };
	uint64_t t0_ns = proc->t0_ns;
	unsigned int tries;

	area_write(0, 0, 0);
	area_read(0, 0, 0);
	area_call(0, 0, 0);
	for (tries = 0; tries < 16; tries++) {
		window_begin(proc);
		window_end(proc);
		if (proc->now[FG_MINOR] == proc->before[FG_MINOR] &&
		    proc->now[FG_MAJOR] == proc->before[FG_MAJOR])
			break;
	}
	proc->window[FG_MINOR] = window[FG_MINOR];
	proc->window[FG_MAJOR] = window[FG_MAJOR];
	proc->t0_ns = t0_ns;
}

/*
 * A write that changes nothing, but is a write to the MMU: after fork() a
 * private page must be copied now, not in the window. Atomic because other
 * threads and processes may use the page.
 */
static void touch(unsigned long address, bool write)
{
	long *p = (long *)address;
	long old = *(volatile long *)p;

	if (write)
		__atomic_compare_exchange_n(p, &old, old, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/**
 * window_warm() - fault in all memory of this process, save for areas
 * @fg: the run
 *
 * Call it last before the window: what is mapped later stays cold.
 */
void window_warm(struct fg *fg)
{
	static struct fg_map map;
	unsigned long a;

	if (maps_open())
		fail("cannot read /proc/self/maps (is /proc mounted?)");
	while (maps_next(&map)) {
		bool write = map.perms[1] == 'w';

		if (map.perms[0] != 'r' || area_owns(map.start, map.end) ||
		    map.end - map.start > WARM_LIMIT)
			continue;
		/* Pages of the kernel's own: clocks, and the old vsyscall. */
		if (!strncmp(map.path, "[vvar", 5) ||
		    !strcmp(map.path, "[vsyscall]"))
			continue;
		/* Locked, it cannot be reclaimed again. Where that is not
		 * allowed we do without. A locked stack may not grow.
		 */
		if (strcmp(map.path, "[stack]"))
			mlock((void *)map.start, map.end - map.start);
		for (a = map.start; a < map.end; a += fg->page)
			touch(a, write);
	}
	maps_close();
	window_prime(fg->proc);
}

static void touch_range(const struct fg_range *range)
{
	if (range->access == 'w')
		area_write(range->start, range->stride, range->count);
	else if (range->access == 'x')
		area_call(range->start, range->stride, range->count);
	else
		area_read(range->start, range->stride, range->count);
}

/**
 * window_make() - a window in which the faults of a range are made
 * @fg: the run, whose process is ready for the window
 * @range: which faults; each is made by touching one byte
 */
void window_make(struct fg *fg, const struct fg_range *range)
{
	window_begin(fg->proc);
	touch_range(range);
	window_end(fg->proc);
	report_made(fg, (enum fg_class)range->class, range->count);
}

/**
 * window_touch() - get ready, and make the faults of a range
 * @fg: the run
 * @range: as for window_make()
 */
void window_touch(struct fg *fg, const struct fg_range *range)
{
	window_warm(fg);
	window_make(fg, range);
}

/*
 * Write to a page, and see as what the kernel counts that. Which it is depends
 * on the kernel where a fault is tried again: because writers are throttled
 * first (before 6.0), or because userfaultfd is asked.
 */
static enum fg_class probe(struct fg_proc *proc, unsigned long address)
{
	uint64_t minor, major;

	count(proc->before);
	area_write(address, 0, 1);
	count(proc->now);
	minor = proc->now[FG_MINOR] - proc->before[FG_MINOR];
	major = proc->now[FG_MAJOR] - proc->before[FG_MAJOR];
	if (minor + major != 1)
		fail("a write to 0x%lx made %llu minor and %llu major faults, not one",
		     address, (unsigned long long)minor,
		     (unsigned long long)major);
	return minor ? FG_MINOR : FG_MAJOR;
}

/**
 * window_touch_probed() - the same, where the kernel decides on the class
 * @fg: the run
 * @range: as for window_make(); its class is set
 * @address: a page like those of the range, which is touched before them
 */
void window_touch_probed(struct fg *fg, struct fg_range *range,
			 unsigned long address)
{
	window_warm(fg);
	range->class = (int)probe(fg->proc, address);
	window_make(fg, range);
}

/**
 * window_minor() - minor faults of the last window
 * @proc: this process
 *
 * Return: their number.
 */
uint64_t window_minor(const struct fg_proc *proc)
{
	return proc->now[FG_MINOR] - proc->before[FG_MINOR];
}
