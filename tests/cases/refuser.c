// SPDX-License-Identifier: GPL-2.0
/*
 *	refuser DEVICE N
 *
 * Touches a mapping of DEVICE, which refuses, N times. Prints how many
 * SIGSEGV came. Alternates with touching good memory, so that a refused fault
 * is followed by other faults as well as by another refused one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;

static void caught(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

int main(int argc, char **argv)
{
	volatile int i, signals = 0;
	volatile char *bad, *good;
	int fd, n;

	if (argc != 3)
		return 2;
	fd = open(argv[1], O_RDWR);
	n = atoi(argv[2]);
	bad = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	good = mmap(NULL, n * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || bad == MAP_FAILED || good == MAP_FAILED) {
		perror(argv[1]);
		return 1;
	}
	signal(SIGSEGV, caught);
	for (i = 0; i < n; i++) {
		if (i % 3 == 0)
			good[i * 4096] = 1;
		if (sigsetjmp(back, 1))
			signals++;
		else
			bad[0] = 1;
	}
	printf("%d SIGSEGV\n", signals);
	return 0;
}
