// SPDX-License-Identifier: GPL-2.0
/*
 *	hostile WHAT ROUNDS [SEED]
 *
 * Does to the kernel's memory management what a tracer of faults must survive,
 * ROUNDS times, and checks that memory still has what was written to it. WHAT:
 *
 *	gup	memory of another process, by ptrace(2), /proc/PID/mem and
 *		process_vm_readv(2) and -writev(2)
 *	move	pages to another node under those who use them, and compaction
 *	ksm	equal pages to be merged, and divided again
 *	forks	processes until fork(2) fails with EAGAIN, then away with them
 *	execs	a process that executes itself again and again
 *	oom	children that allocate until they are killed for it
 *	swap	more memory than the control group allows, again and again
 *
 * Which control group it is in, and what that allows, is the caller's business.
 * Prints one line; exits 0 if all went well, 1 if something was not as it must
 * be, 2 if something could not be done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE		4096UL
#define MAX_CHILDREN	4096

static const char *what;
static unsigned long rounds;
static uint64_t seed;
static char **arguments;

static void __attribute__((noreturn)) fail(const char *call)
{
	fprintf(stderr, "hostile %s: %s: %s\n", what, call, strerror(errno));
	exit(2);
}

static void __attribute__((noreturn, format(printf, 1, 2))) wrong(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "hostile %s: ", what);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* xorshift64*: the same numbers for the same seed, on every machine. */
static uint64_t next(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 0x2545f4914f6cdd1dULL) >> 16;
}

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fail("mmap");
	return p;
}

static void pause_ms(unsigned int ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000L };

	nanosleep(&t, NULL);
}

/* A child of ours ends with its parent, whatever ends that. */
static pid_t fork_bound(void)
{
	pid_t pid = fork();

	if (!pid)
		syscall(SYS_prctl, 1 /* PR_SET_PDEATHSIG */, SIGKILL, 0, 0, 0);
	return pid;
}

/* Its wait status, when a child has done that. */
static int status_of(void (*child)(void))
{
	pid_t pid = fork_bound();
	int status;

	if (pid < 0)
		fail("fork");
	if (!pid) {
		child();
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	return status;
}

#define GUP_PAGES	256UL

static void gup(void)
{
	/* The child has it at the same address. Nothing of it is there yet. */
	uint64_t *area = map(GUP_PAGES * PAGE), wanted[GUP_PAGES] = {};
	unsigned long i, calls = 0;
	char path[64];
	int status, fd;
	pid_t pid;

	pid = fork_bound();
	if (pid < 0)
		fail("fork");
	if (!pid)
		for (;;)
			pause();
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR);
	if (fd < 0)
		fail(path);
	for (i = 0; i < rounds; i++) {
		unsigned long page = next() % GUP_PAGES;
		uint64_t *at = area + page * (PAGE / 8), value = next(), got = 0;
		struct iovec local = { &value, 8 }, remote = { at, 8 };

		switch (next() % 4) {
		case 0:
			if (pwrite(fd, &value, 8, (off_t)(uintptr_t)at) != 8)
				fail("pwrite");
			break;
		case 1:
			if (process_vm_writev(pid, &local, 1, &remote, 1, 0) != 8)
				fail("process_vm_writev");
			break;
		case 2:
			if (ptrace(PTRACE_ATTACH, pid, 0, 0) || waitpid(pid, &status, 0) != pid ||
			    ptrace(PTRACE_POKEDATA, pid, at, value) ||
			    ptrace(PTRACE_DETACH, pid, 0, 0))
				fail("ptrace");
			break;
		default:
			value = wanted[page];
			break;
		}
		wanted[page] = value;
		if (next() % 2) {
			if (pread(fd, &got, 8, (off_t)(uintptr_t)at) != 8)
				fail("pread");
		} else {
			local.iov_base = &got;
			if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != 8)
				fail("process_vm_readv");
		}
		if (got != value)
			wrong("page %lu has %" PRIx64 " and not %" PRIx64, page, got, value);
		/* Where nothing is mapped the kernel must say so. */
		if (!(i % 16) && pread(fd, &got, 8, 8) != -1)
			wrong("read from address 8");
		calls += 2;
	}
	close(fd);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("hostile gup: %lu accesses\n", calls);
}

#define MOVE_PAGES	256
#define MOVERS		2

static struct {
	char *area;
	atomic_bool stop;
	uint64_t touched[MOVERS];
} moving;

static void *touching(void *arg)
{
	unsigned long me = (unsigned long)arg, n = 0;

	while (!atomic_load(&moving.stop)) {
		uint64_t *p = (uint64_t *)(moving.area + n++ % MOVE_PAGES * PAGE) + me;

		__atomic_store_n(p, *p + 1, __ATOMIC_RELAXED);
		moving.touched[me]++;
	}
	return NULL;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

static void move(void)
{
	void *pages[MOVE_PAGES];
	int nodes[MOVE_PAGES], status[MOVE_PAGES];
	unsigned long i, moved = 0, compacted = 0;
	pthread_t threads[MOVERS];
	int n, two = !access("/sys/devices/system/node/node1", F_OK);

	moving.area = map(MOVE_PAGES * PAGE);
	for (n = 0; n < MOVE_PAGES; n++) {
		pages[n] = moving.area + n * PAGE;
		*(volatile char *)pages[n] = 0;
	}
	for (i = 0; i < MOVERS; i++)
		if (pthread_create(&threads[i], NULL, touching, (void *)i))
			fail("pthread_create");
	for (i = 0; i < rounds; i++) {
		if (two) {
			for (n = 0; n < MOVE_PAGES; n++)
				nodes[n] = (i + n / 16) & 1;
			if (syscall(SYS_move_pages, 0, MOVE_PAGES, pages, nodes, status,
				    2 /* MPOL_MF_MOVE */) < 0)
				fail("move_pages");
			for (n = 0; n < MOVE_PAGES; n++)
				moved += status[n] == nodes[n];
			if (!(i % 8)) {
				unsigned long from = 1 + i / 8 % 2, to = 3 - from;

				syscall(SYS_migrate_pages, 0, 3, &from, &to);
			}
		}
		if (!(i % 16))
			compacted += write_file("/proc/sys/vm/compact_memory", "1");
		pause_ms(2);
	}
	atomic_store(&moving.stop, true);
	for (i = 0; i < MOVERS; i++) {
		uint64_t sum = 0;

		pthread_join(threads[i], NULL);
		for (n = 0; n < MOVE_PAGES; n++)
			sum += ((uint64_t *)(moving.area + n * PAGE))[i];
		if (sum != moving.touched[i])
			wrong("%" PRIu64 " stores, %" PRIu64 " of them there", moving.touched[i], sum);
	}
	if (two && !moved)
		wrong("no page moved");
	printf("hostile move: %lu pages moved, compacted %lu times\n", moved, compacted);
}

#define KSM_PAGES	256

static long merging(void)
{
	FILE *f = fopen("/proc/self/ksm_merging_pages", "r");
	long n = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%ld", &n) != 1)
		n = -1;
	fclose(f);
	return n;
}

static void ksm(void)
{
	char *area = map(KSM_PAGES * PAGE);
	unsigned long i, merged = 0;
	int n, poll;

	if (madvise(area, KSM_PAGES * PAGE, MADV_MERGEABLE))
		fail("MADV_MERGEABLE");
	for (i = 0; i < rounds; i++) {
		for (n = 0; n < KSM_PAGES; n++)
			memset(area + n * PAGE, 'a' + i % 16, PAGE);
		/* Not known on kernels before 6.1: then it is given some time. */
		for (poll = 0; poll < 100 && merging() <= KSM_PAGES / 2; poll++)
			pause_ms(10);
		if (merging() > 0)
			merged += merging();
		for (n = 0; n < KSM_PAGES; n++) {
			char *p = area + n * PAGE;

			if (p[0] != (char)('a' + i % 16) || memcmp(p, p + 1, PAGE - 1))
				wrong("page %d is not what was written", n);
			*(volatile int *)p = n;
		}
		for (n = 0; n < KSM_PAGES; n++)
			if (*(volatile int *)(area + n * PAGE) != n)
				wrong("page %d was not divided", n);
	}
	printf("hostile ksm: %lu pages merged\n", merged);
}

static void reap(pid_t *pids, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < nr; i++)
		if (waitpid(pids[i], NULL, 0) != pids[i])
			fail("waitpid");
}

static void forks(void)
{
	static pid_t pids[MAX_CHILDREN];
	unsigned long i, made = 0, limits = 0;
	char *area = map(16 * PAGE);

	memset(area, 1, 16 * PAGE);
	for (i = 0; i < rounds; i++) {
		int nr, n;

		for (nr = 0; nr < MAX_CHILDREN; nr++) {
			pids[nr] = fork_bound();
			if (pids[nr] < 0)
				break;
			if (pids[nr])
				continue;
			for (n = 0; n < 16; n++)
				area[n * PAGE] = n;
			for (;;)
				pause();
		}
		if (nr < MAX_CHILDREN && errno != EAGAIN)
			fail("fork");
		limits += nr < MAX_CHILDREN;
		made += nr;
		reap(pids, nr);
	}
	if (!limits)
		wrong("%lu forks and no limit met", made);
	printf("hostile forks: %lu processes, limit met %lu times\n", made, limits);
}

#define CHAIN	20

static void begin_chain(void)
{
	execl("/proc/self/exe", arguments[0], "chain", "20", NULL);
}

static void execs(void)
{
	unsigned long i;

	for (i = 0; i < rounds; i++) {
		int status = status_of(begin_chain);

		if (status != 42 << 8)
			wrong("a chain of programs ended with status %#x", status);
	}
	printf("hostile execs: %lu programs\n", rounds * CHAIN);
}

static int chain(unsigned long left)
{
	char number[24];

	if (!left)
		return 42;
	snprintf(number, sizeof(number), "%lu", left - 1);
	execl("/proc/self/exe", arguments[0], "chain", number, NULL);
	return 127;
}

static void take_all_memory(void)
{
	write_file("/proc/self/oom_score_adj", "1000");
	for (;;) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		int n;

		for (n = 0; n < 256 && p != MAP_FAILED; n++)
			p[n * PAGE] = n;
	}
}

static void oom(void)
{
	unsigned long i;

	for (i = 0; i < rounds; i++) {
		int status = status_of(take_all_memory);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
			wrong("status %#x and not killed", status);
	}
	printf("hostile oom: %lu processes killed\n", rounds);
}

#define SWAP_PAGES	12288UL

static void swap(void)
{
	char *area = map(SWAP_PAGES * PAGE);
	unsigned long i, n;

	madvise(area, SWAP_PAGES * PAGE, MADV_NOHUGEPAGE);
	for (n = 0; n < SWAP_PAGES; n++)
		*(unsigned long *)(area + n * PAGE) = n;
	for (i = 0; i < rounds; i++)
		for (n = 0; n < SWAP_PAGES; n++) {
			unsigned long page = i & 1 ? n : next() % SWAP_PAGES;
			unsigned long *p = (unsigned long *)(area + page * PAGE);

			if (*p % SWAP_PAGES != page)
				wrong("page %lu has %lu", page, *p);
			if (n & 1)
				*p += SWAP_PAGES;
		}
	printf("hostile swap: %lu MiB touched\n", (rounds + 1) * SWAP_PAGES * PAGE >> 20);
}

static const struct {
	const char *name;
	void (*run)(void);
} all[] = {
	{ "gup", gup }, { "move", move }, { "ksm", ksm }, { "forks", forks },
	{ "execs", execs }, { "oom", oom }, { "swap", swap },
};

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 3) {
		fprintf(stderr, "usage: hostile WHAT ROUNDS [SEED]\n");
		return 2;
	}
	what = argv[1];
	rounds = strtoul(argv[2], NULL, 10);
	seed = (argc > 3 ? strtoull(argv[3], NULL, 10) : 1) | 1;
	arguments = argv;
	if (!strcmp(what, "chain"))
		return chain(rounds);
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(what, all[i].name)) {
			all[i].run();
			return 0;
		}
	fprintf(stderr, "hostile: %s: not known\n", what);
	return 2;
}
