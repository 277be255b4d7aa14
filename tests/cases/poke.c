// SPDX-License-Identifier: GPL-2.0
/*
 *	poke WHAT [FILE]	make one fault that is refused
 *	poke list		what there is
 *
 * Prints a line as faultgen does, with what the process knows of its fault
 * from its own mappings and from the signal: address, instruction, and the
 * mapping or the neighbours of the hole. 77 if this kernel or CPU cannot do it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "caught.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

#ifndef UFFDIO_POISON
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON		_IOWR(UFFDIO, 0x08, struct uffdio_poison)
#define UFFD_FEATURE_POISON	(1 << 14)
#endif

#define PAGE	4096UL

enum how { READ, WRITE, EXEC, GETCPU, TIME, FIONBIO_IN, RECURSE, DEEP };

static const char *file;

static void __attribute__((noreturn)) cannot(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(77);
}

static void __attribute__((noreturn)) bad(const char *what)
{
	printf("poke: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static __attribute__((noinline)) int recurse(int depth)
{
	volatile char frame[1500];

	frame[0] = depth;
	return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

/* Write there when the stack pointer is 40 KiB above, at most. */
static __attribute__((noinline)) int deep(unsigned long address)
{
	volatile char frame[1500];

	frame[0] = 1;
	if ((unsigned long)frame > address + (40 << 10))
		return deep(address) + frame[0];
	*(volatile char *)address = 1;
	return frame[0];
}

static void do_it(enum how how, unsigned long address)
{
	unsigned long ip = 0;
	long nr = 0, result = 0;

	switch (how) {
	case READ:
		(void)*(volatile char *)address;
		break;
	case WRITE:
		*(volatile char *)address = 1;
		break;
	case EXEC:
		((void (*)(void))address)();
		break;
	case RECURSE:
		recurse(0);
		break;
	case DEEP:
		deep(address);
		break;
	case GETCPU:
		nr = SYS_getcpu;
		result = call(nr, address, 0, 0, 0, &ip);
		break;
	case TIME:
#ifdef SYS_time
		nr = SYS_time;
		result = call(nr, address, 0, 0, 0, &ip);
#else
		errno = ENOSYS;
		cannot("time");
#endif
		break;
	case FIONBIO_IN:
		nr = SYS_ioctl;
		result = call(nr, 1, FIONBIO, address, 0, &ip);
		break;
	}
	if (!nr || result != -EFAULT)
		bad("it was not refused");
	seen.address = address;
	seen.ip = ip;
}

/*
 * Regions of two pages, holes of 3 and 5 pages between them, all in one page
 * table, which is there because a page of data is.
 */
static struct {
	unsigned long read, hole3, code, hole5, data, none, end;
} land;

static void make_land(void)
{
	unsigned long size = 8UL << 20;
	char *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned long at = ((unsigned long)p + (4UL << 20)) & ~((2UL << 20) - 1);

	if (p == MAP_FAILED)
		bad("mmap");
	land.read = at;
	land.hole3 = land.read + 2 * PAGE;
	land.code = land.hole3 + 3 * PAGE;
	land.hole5 = land.code + 2 * PAGE;
	land.data = land.hole5 + 5 * PAGE;
	land.none = land.data + 2 * PAGE;
	land.end = (unsigned long)p + size;
	if (mprotect((void *)land.read, 2 * PAGE, PROT_READ) ||
	    mprotect((void *)land.code, 2 * PAGE, PROT_READ | PROT_EXEC) ||
	    mprotect((void *)land.data, 2 * PAGE, PROT_READ | PROT_WRITE) ||
	    munmap((void *)land.hole3, 3 * PAGE) || munmap((void *)land.hole5, 5 * PAGE))
		bad("mprotect");
	*(volatile char *)land.data = 1;
}

static unsigned long hole_begin(void) { return land.hole3 + 24; }
static unsigned long hole_middle(void) { return land.hole3 + PAGE + 1000; }
static unsigned long hole_end(void) { return land.code - 1; }
static unsigned long hole_first(void) { return land.hole5; }
static unsigned long on_read(void) { return land.read + PAGE + 8; }
static unsigned long on_code(void) { return land.code + 16; }
static unsigned long on_data(void) { return land.data + 32; }
static unsigned long on_none(void) { return land.none + 7; }
static unsigned long null_16(void) { return 0x10; }
static unsigned long null_last(void) { return 65535; }
static unsigned long null_next(void) { return 65536; }
static unsigned long of_kernel(void) { return 0xffffffff81000000UL; }
static unsigned long nowhere(void) { return 0; }

/* Above all that is mapped, which takes five levels of page tables. */
static unsigned long above_all(void)
{
	char *p = mmap((void *)(1UL << 48), PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, PAGE);
	if (p != (char *)(1UL << 48)) {
		errno = EFAULT;
		cannot("there are no addresses beyond 47 bits");
	}
	return 1UL << 50;
}

static unsigned long on_key(void)
{
	int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);

	if (key < 0)
		cannot("pkey_alloc");
	if (pkey_mprotect((void *)land.data, PAGE, PROT_READ | PROT_WRITE, key))
		bad("pkey_mprotect");
	return on_data();
}

static unsigned long on_guard(void)
{
	if (madvise((void *)land.data, PAGE, MADV_GUARD_INSTALL))
		cannot("MADV_GUARD_INSTALL");
	return on_data();
}

static int open_uffd(unsigned long features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { .start = land.data, .len = 2 * PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		cannot("userfaultfd");
	if (madvise((void *)land.data, 2 * PAGE, MADV_DONTNEED) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg))
		bad("userfaultfd");
	return fd;
}

static unsigned long on_uffd(void)
{
	open_uffd(UFFD_FEATURE_SIGBUS);
	return on_data();
}

static unsigned long on_poison(void)
{
	struct uffdio_poison poison = { .range = { .start = land.data, .len = PAGE } };
	int fd = open_uffd(UFFD_FEATURE_POISON);

	if (ioctl(fd, UFFDIO_POISON, &poison))
		bad("UFFDIO_POISON");
	return on_data();
}

/* FILE at its page 3, wherever its end is. */
static unsigned long on_file(void)
{
	int fd = open(file ? file : "", O_RDONLY);
	char *p;

	if (fd < 0)
		bad(file ? file : "no FILE");
	p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		bad("mmap");
	return (unsigned long)p + 3 * PAGE + 5;
}

static unsigned long short_file(void)
{
	if (!file || truncate(file, 2 * PAGE + 1))
		bad(file ? file : "no FILE");
	return on_file();
}

/* Of 256 KiB, most of which are there already: what is left is a few pages. */
static unsigned long small_stack(void)
{
	struct rlimit limit = { 256 << 10, RLIM_INFINITY };

	if (setrlimit(RLIMIT_STACK, &limit))
		bad("setrlimit");
	return 0;
}

/* 8 KiB below a stack that is all there and may not grow. */
static unsigned long below_stack(void)
{
	unsigned long start, end = 0, at, top = (unsigned long)&start;
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && top >= start && top < end)
			break;
	if (!f || top >= end)
		bad("/proc/self/maps");
	fclose(f);
	small_stack();
	for (at = start; at > end - (256 << 10); at -= PAGE)
		*(volatile char *)(at - PAGE) = 1;
	return end - (256 << 10) - 2 * PAGE;
}

struct poke {
	const char *name;
	unsigned long (*where)(void);
	enum how how;
	const char *cause, *level;	/* level "": not known */
	int signo, code;	/* code 0: any */
};

static const struct poke pokes[] = {
	{ "hole-begin", hole_begin, READ, "unmapped", "pte", SIGSEGV, SEGV_MAPERR },
	{ "hole-middle", hole_middle, WRITE, "unmapped", "pte", SIGSEGV, SEGV_MAPERR },
	{ "hole-end", hole_end, READ, "unmapped", "pte", SIGSEGV, SEGV_MAPERR },
	{ "hole-exec", hole_first, EXEC, "unmapped", "pte", SIGSEGV, SEGV_MAPERR },
	{ "above-all", above_all, WRITE, "unmapped", "pgd", SIGSEGV, SEGV_MAPERR },
	{ "null-16", null_16, READ, "null", "p4d", SIGSEGV, SEGV_MAPERR },
	{ "null-exec", nowhere, EXEC, "null", "p4d", SIGSEGV, SEGV_MAPERR },
	{ "null-last", null_last, WRITE, "null", "p4d", SIGSEGV, SEGV_MAPERR },
	{ "null-next", null_next, WRITE, "unmapped", "p4d", SIGSEGV, SEGV_MAPERR },
	{ "write-read", on_read, WRITE, "write-denied", "pte", SIGSEGV, SEGV_ACCERR },
	{ "write-code", on_code, WRITE, "write-denied", "pte", SIGSEGV, SEGV_ACCERR },
	{ "write-none", on_none, WRITE, "write-denied", "pte", SIGSEGV, SEGV_ACCERR },
	{ "read-none", on_none, READ, "read-denied", "pte", SIGSEGV, SEGV_ACCERR },
	{ "exec-data", on_data, EXEC, "exec-denied", "prot", SIGSEGV, SEGV_ACCERR },
	{ "exec-none", on_none, EXEC, "exec-denied", "pte", SIGSEGV, SEGV_ACCERR },
	{ "kernel-read", of_kernel, READ, "kernel-address", "-", SIGSEGV, SEGV_MAPERR },
	{ "kernel-write", of_kernel, WRITE, "kernel-address", "-", SIGSEGV, SEGV_MAPERR },
	{ "kernel-exec", of_kernel, EXEC, "kernel-address", "-", SIGSEGV, SEGV_MAPERR },
	{ "getcpu", hole_middle, GETCPU, "uaccess", "pte", 0, 0 },
	{ "getcpu-denied", on_read, GETCPU, "uaccess", "pte", 0, 0 },
	{ "time", hole_end, TIME, "uaccess", "pte", 0, 0 },
	{ "ioctl", null_16, FIONBIO_IN, "uaccess", "p4d", 0, 0 },
	{ "pkey-read", on_key, READ, "pkey", "prot", SIGSEGV, SEGV_PKUERR },
	{ "pkey-write", on_key, WRITE, "pkey", "prot", SIGSEGV, SEGV_PKUERR },
	{ "guard", on_guard, READ, "guard", "pte", SIGSEGV, SEGV_MAPERR },
	{ "uffd", on_uffd, READ, "uffd", "pte", SIGBUS, BUS_ADRERR },
	{ "poison", on_poison, READ, "poison", "pte", SIGBUS, 0 },
	{ "past-eof", short_file, READ, "past-eof", "", SIGBUS, BUS_ADRERR },
	{ "io-error", on_file, READ, "io-error", "", SIGBUS, BUS_ADRERR },
	{ "stack", small_stack, RECURSE, "stack-overflow", "", SIGSEGV, SEGV_MAPERR },
	{ "stack-frame", below_stack, DEEP, "stack-overflow", "", SIGSEGV, SEGV_MAPERR },
	{ "below-stack", below_stack, WRITE, "unmapped", "", SIGSEGV, SEGV_MAPERR },
	{ "thread-stack", nowhere, RECURSE, "stack-overflow", "", SIGSEGV, SEGV_ACCERR },
};

/* The mapping of an address, or those around it, as /proc/self/maps has them. */
static void print_place(unsigned long address)
{
	unsigned long start = 0, end, pgoff, below = 0;
	char line[512], perms[5], below_perms[5] = "";
	FILE *f = fopen("/proc/self/maps", "r");

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx %4s %lx", &start, &end, perms, &pgoff) != 4)
			bad("/proc/self/maps");
		if (strstr(line, "[vsyscall]")) {	/* no VMA, and of the kernel's half */
			start = 0;
			break;
		}
		if (address >= start && address < end) {
			printf("\"perms\":\"%s\",\"vma_start\":\"0x%lx\",\"vma_end\":\"0x%lx\",\"file\":%s,\"pgoff\":%lu",
			       perms, start, end, strchr(line, '/') ? "\"there\"" : "null",
			       pgoff / PAGE);
			fclose(f);
			return;
		}
		if (start > address)
			break;
		below = end;
		strcpy(below_perms, perms);
		start = 0;
	}
	if (start <= address)
		start = 0;
	printf("\"perms\":null,\"below_end\":\"0x%lx\",\"below_perms\":\"%s\",\"above_start\":\"0x%lx\",\"above_perms\":\"%s\"",
	       below, below_perms, start, start ? perms : "");
	if (f)
		fclose(f);
}

static const struct poke *poke;
static unsigned long address;
static uint64_t t0, t1;
static pid_t tid;

static void *attempt(void *arg)
{
	tid = syscall(SYS_gettid);
	if (catch_signals())
		bad("sigaction");
	t0 = now_ns();
	if (!sigsetjmp(back, 0))
		do_it(poke->how, address);
	t1 = now_ns();
	return arg;
}

static void print(void)
{
	static const char access[] = {
		[READ] = 'r', [WRITE] = 'w', [EXEC] = 'x', [GETCPU] = 'w', [TIME] = 'w',
		[FIONBIO_IN] = 'r', [RECURSE] = 'w', [DEEP] = 'w',
	};
	struct rlimit limit;
	long nr = -1;

	if (poke->how == GETCPU)
		nr = SYS_getcpu;
#ifdef SYS_time
	if (poke->how == TIME)
		nr = SYS_time;
#endif
	if (poke->how == FIONBIO_IN)
		nr = SYS_ioctl;
	getrlimit(RLIMIT_STACK, &limit);
	printf("{\"case\":\"%s\",\"exact\":true,\"pid\":%d,\"t0_ns\":%" PRIu64 ",\"t1_ns\":%" PRIu64
	       ",\"processes\":[{\"pid\":%d}],\"where\":[{\"pid\":%d,\"tid\":%d,\"class\":\"invalid\",\"access\":\"%c\",\"by\":\"%s\",",
	       poke->name, getpid(), t0, t1, getpid(), getpid(), tid, access[poke->how],
	       poke->signo ? "user" : "kernel");
	printf("\"start\":\"0x%lx\",\"stride\":0,\"count\":1,\"cause\":\"%s\",\"ip\":\"0x%lx\",\"stack_limit\":%" PRIu64 ",",
	       seen.address, poke->cause, seen.ip, (uint64_t)limit.rlim_cur);
	if (*poke->level)
		printf("\"level\":\"%s\",\"level_first\":\"%s\",", poke->level, poke->level);
	if (nr >= 0)
		printf("\"syscall\":%ld,", nr);
	if (!strcmp(poke->cause, "kernel-address"))
		printf("\"perms\":null");
	else
		print_place(seen.address);
	puts("}]}");
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 2 && !strcmp(argv[1], "list") && i < sizeof(pokes) / sizeof(*pokes); i++)
		puts(pokes[i].name);
	if (i)
		return 0;
	for (i = 0; argc >= 2 && i < sizeof(pokes) / sizeof(*pokes); i++)
		if (!strcmp(argv[1], pokes[i].name))
			poke = &pokes[i];
	if (!poke) {
		fprintf(stderr, "usage: poke WHAT [FILE]; poke list\n");
		return 2;
	}
	file = argv[2];
	make_land();
	address = poke->where();
	if (!strcmp(poke->name, "thread-stack")) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, attempt, NULL) || pthread_join(thread, NULL))
			bad("pthread_create");
	} else {
		attempt(NULL);
	}
	if (seen.signo != poke->signo || (poke->code && seen.code != poke->code)) {
		printf("poke: signal %d code %d, not %d %d\n", seen.signo, seen.code, poke->signo,
		       poke->code);
		return 1;
	}
	print();
	return 0;
}
