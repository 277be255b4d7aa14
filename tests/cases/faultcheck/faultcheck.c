// SPDX-License-Identifier: GPL-2.0
/*
 * Holds what pftrace shows against what faultgen says it made.
 *
 *	faultcheck counts FILE	a process's line in `exited` or `pids`
 *	faultcheck records FILE	the records of all rings; "# N CLASS CAUSE, ..." is
 *				what was found
 *	faultcheck both FILE	both; exits with the sum of 1 if counts differ
 *				and 2 if records do
 *	faultcheck causes	how many records have which cause
 *	faultcheck drain	nothing but the sanity of all rings: prints
 *				"READ LOST NEXT", NEXT being the sum of the
 *				positions behind the last ones read
 *
 * FILE is faultgen's output; its last line counts. Fields of records are found
 * by `format`, as a reader that does not know pftrace's header would. Says on
 * standard output what differs, and exits 1 if anything does.
 */
#include <string.h>

#include "faultcheck.h"

/* "CAUSE NUMBER" a line; then "lost NUMBER"; what is `other`, as # lines. */
static void print_causes(uint64_t nr_lost)
{
	uint64_t counts[MAX_NAMES] = {}, other = number_of(causes, "other");
	size_t i;

	for (i = 0; i < nr_records; i++) {
		const struct record *r = &records[i];

		if (r->f[F_CAUSE] >= MAX_NAMES || !causes[r->f[F_CAUSE]][0]) {
			differs("cause %" PRIu64 " has no name", r->f[F_CAUSE]);
			continue;
		}
		counts[r->f[F_CAUSE]]++;
		if (r->f[F_CAUSE] == other)
			printf("# other: %s pid %" PRIu64 " address 0x%" PRIx64 " access %" PRIu64
			       " origin %" PRIu64 " level %s result 0x%" PRIx64 "\n",
			       classes[r->f[F_CLASS]], r->f[F_PID], r->f[F_ADDRESS],
			       r->f[F_ACCESS], r->f[F_ORIGIN], name_of(levels, r->f[F_LEVEL]),
			       r->f[F_RESULT]);
	}
	for (i = 0; i < MAX_NAMES && causes[i][0]; i++)
		printf("%s %" PRIu64 "\n", causes[i], counts[i]);
	printf("lost %" PRIu64 "\n", nr_lost);
}

int main(int argc, char **argv)
{
	uint64_t nr_read = 0, nr_lost = 0, next = 0;
	bool both = argc == 3 && !strcmp(argv[1], "both");
	int counts_differ = 0;

	if (both) {
		json_t *json = last_line(argv[2]);

		check_counts(json);
		counts_differ = differences > 0;
		differences = 0;
		check_records(json);
	} else if (argc == 2 && !strcmp(argv[1], "drain")) {
		read_rings(false, &nr_read, &nr_lost, &next);
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", nr_read, nr_lost, next);
	} else if (argc == 3 && !strcmp(argv[1], "counts")) {
		check_counts(last_line(argv[2]));
	} else if (argc == 3 && !strcmp(argv[1], "records")) {
		check_records(last_line(argv[2]));
	} else if (argc == 2 && !strcmp(argv[1], "causes")) {
		read_rings(true, &nr_read, &nr_lost, &next);
		print_causes(nr_lost);
	} else {
		fprintf(stderr, "usage: faultcheck counts|records|both FILE, faultcheck drain|causes\n");
		return 2;
	}
	if (differences > 20)
		printf("... and %d more\n", differences - 20);
	return both ? counts_differ + 2 * (differences > 0) : differences > 0;
}
