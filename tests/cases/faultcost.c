// SPDX-License-Identifier: GPL-2.0
/*
 * What a minor fault costs: ns per first touch of an anonymous page. Where
 * the machine's clock counts instructions (qemu -icount), instructions.
 *
 *	faultcost [PAGES]
 *
 * Two passes, of which the second is told: the first has warmed what there is
 * to warm.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

int main(int argc, char **argv)
{
	long pages = argc > 1 ? atol(argv[1]) : 5000, faults = 0, i;
	long page = sysconf(_SC_PAGESIZE);
	long long ns = 0;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		char *area = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (area == MAP_FAILED || madvise(area, pages * page, MADV_NOHUGEPAGE)) {
			perror("faultcost");
			return 1;
		}
		faults = -minor_faults();
		ns = -now_ns();
		for (i = 0; i < pages; i++)
			((volatile char *)area)[i * page] = 1;
		ns += now_ns();
		faults += minor_faults();
		munmap(area, pages * page);
	}
	if (faults != pages) {
		fprintf(stderr, "faultcost: %ld faults for %ld pages\n", faults, pages);
		return 1;
	}
	printf("%.1f\n", (double)ns / pages);
	return 0;
}
