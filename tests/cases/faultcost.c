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

#include "fresh.h"

int main(int argc, char **argv)
{
	long pages = argc > 1 ? atol(argv[1]) : 5000;
	struct fresh took;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		if (!fresh_touch(pages, CLOCK_MONOTONIC, &took)) {
			perror("faultcost");
			return 1;
		}
	}
	if (took.faults != pages) {
		fprintf(stderr, "faultcost: %ld faults for %ld pages\n", took.faults, pages);
		return 1;
	}
	printf("%.1f\n", (double)took.ns / pages);
	return 0;
}
