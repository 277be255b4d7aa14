// SPDX-License-Identifier: GPL-2.0
/*
 *	faultmill [-q] PROCESSES THREADS ROUNDS [SEED]
 *
 * Makes very many faults and holds what pftrace counted against what the kernel
 * did, process by process: PROCESSES one after the other, each of THREADS
 * threads, each of which faults in a region of its own ROUNDS times. Which kinds of
 * faults a round has depends on SEED.
 *
 * For each process, ru_minflt and ru_majflt that wait4(2) reports are compared with
 * its line in `exited`. Prints the sums; exits 1 if any process differed or had
 * no line. -q leaves that out: for a time when pftrace comes and goes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXITED		"/sys/kernel/debug/pftrace/exited"
#define PAGE		4096UL
/* Within one page table: what the kernel does beside the fault is little. */
#define REGION_PAGES	512UL
#define MAX_THREADS	64

static unsigned long rounds;

struct mill {
	pthread_t thread;
	uint64_t seed;
};

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "faultmill: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* xorshift64*: the same numbers for the same seed, on every machine. */
static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1dULL;
}

static void touch(char *p, bool write)
{
	unsigned long i;

	for (i = 0; i < REGION_PAGES; i++) {
		if (write)
			*(volatile char *)(p + i * PAGE) = 1;
		else
			(void)*(volatile char *)(p + i * PAGE);
	}
}

static void *mill(void *arg)
{
	struct mill *m = arg;
	char *anon, *shared;
	unsigned long i;
	int fd;

	anon = mmap(NULL, REGION_PAGES * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fd = memfd_create("faultmill", MFD_CLOEXEC);
	if (anon == MAP_FAILED || fd < 0 || ftruncate(fd, REGION_PAGES * PAGE))
		fail("memory");
	shared = mmap(NULL, REGION_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (shared == MAP_FAILED)
		fail("mmap");
	madvise(anon, REGION_PAGES * PAGE, MADV_NOHUGEPAGE);
	madvise(shared, REGION_PAGES * PAGE, MADV_RANDOM);
	for (i = 0; i < rounds; i++) {
		uint64_t kind = next(&m->seed) >> 32;
		char *p = anon;

		if (kind % 16 == 2)
			p = shared;
		/* The zero page first, which is the cheapest fault; then a copy of it. */
		touch(p, kind % 16 == 1);
		if (kind % 64 == 0)
			touch(p, true);
		if (madvise(p, REGION_PAGES * PAGE, MADV_DONTNEED))
			fail("madvise");
	}
	return NULL;
}

static void __attribute__((noreturn)) child(unsigned int threads, uint64_t seed)
{
	struct mill mills[MAX_THREADS];
	unsigned int i;

	for (i = 0; i < threads; i++) {
		mills[i].seed = next(&seed) | 1;
		if (pthread_create(&mills[i].thread, NULL, mill, &mills[i]))
			fail("pthread_create");
	}
	for (i = 0; i < threads; i++)
		pthread_join(mills[i].thread, NULL);
	_exit(0);
}

/* What `exited` has of a process, which is near its beginning. */
static bool exited(pid_t pid, uint64_t *minor, uint64_t *major)
{
	FILE *f = fopen(EXITED, "r");
	char line[4096];
	bool found = false;
	int got;

	if (!f)
		fail(EXITED);
	while (!found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%d %" SCNu64 " %" SCNu64, &got, minor, major) == 3 &&
			got == pid;
	fclose(f);
	return found;
}

int main(int argc, char **argv)
{
	uint64_t seed, sum = 0, traced = 0, bad = 0;
	unsigned int processes, threads, i;
	bool quick = false;

	if (argc > 1 && !strcmp(argv[1], "-q")) {
		quick = true;
		argv++;
		argc--;
	}
	if (argc < 4) {
		fprintf(stderr, "usage: faultmill [-q] PROCESSES THREADS ROUNDS [SEED]\n");
		return 2;
	}
	processes = strtoul(argv[1], NULL, 10);
	threads = strtoul(argv[2], NULL, 10);
	rounds = strtoul(argv[3], NULL, 10);
	seed = (argc > 4 ? strtoull(argv[4], NULL, 10) : 1) | 1;
	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	for (i = 0; i < processes; i++) {
		uint64_t minor = 0, major = 0, one = next(&seed);
		struct rusage ru;
		pid_t pid;
		int status;

		pid = fork();
		if (pid < 0)
			fail("fork");
		if (!pid)
			child(threads, one);
		if (wait4(pid, &status, 0, &ru) != pid || status) {
			fprintf(stderr, "faultmill: %d ended with status %#x\n", pid, status);
			return 2;
		}
		sum += ru.ru_minflt + ru.ru_majflt;
		if (quick)
			continue;
		if (!exited(pid, &minor, &major) || minor != (uint64_t)ru.ru_minflt ||
		    major != (uint64_t)ru.ru_majflt) {
			printf("process %d: the kernel counted %ld minor %ld major, pftrace %" PRIu64 " %" PRIu64 "\n",
			       pid, ru.ru_minflt, ru.ru_majflt, minor, major);
			bad++;
		}
		traced += minor + major;
	}
	printf("%u processes: the kernel counted %" PRIu64 " faults", processes, sum);
	if (!quick)
		printf(", pftrace %" PRIu64 "; %" PRIu64 " processes differ", traced, bad);
	printf("\n");
	return bad ? 1 : 0;
}
