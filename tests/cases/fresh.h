/* SPDX-License-Identifier: GPL-2.0 */
/* First touches of anonymous memory, and what they took. For one source file of a program. */
#ifndef PFT_TEST_FRESH_H
#define PFT_TEST_FRESH_H

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Both as passed from the first touch to the last. */
struct fresh {
	long long ns;
	long faults;	/* minor, as the kernel counts this process's */
};

static struct fresh fresh_now(clockid_t clock)
{
	struct rusage usage;
	struct timespec t;

	getrusage(RUSAGE_SELF, &usage);
	clock_gettime(clock, &t);
	return (struct fresh){ t.tv_sec * 1000000000LL + t.tv_nsec, usage.ru_minflt };
}

/* Touches so many pages; false, and errno, without memory. */
static bool fresh_touch(long pages, clockid_t clock, struct fresh *took)
{
	long page = sysconf(_SC_PAGESIZE), i;
	char *area = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fresh from, to;

	if (area == MAP_FAILED)
		return false;
	/* An error where there are no huge pages (PREEMPT_RT). */
	(void)madvise(area, pages * page, MADV_NOHUGEPAGE);
	from = fresh_now(clock);
	for (i = 0; i < pages; i++)
		((volatile char *)area)[i * page] = 1;
	to = fresh_now(clock);
	munmap(area, pages * page);
	*took = (struct fresh){ to.ns - from.ns, to.faults - from.faults };
	return true;
}

#endif /* PFT_TEST_FRESH_H */
