// SPDX-License-Identifier: GPL-2.0
/*
 *	armfault user		faults of arm64 that end in a signal
 *	armfault kernel		faults of system calls that end in EFAULT
 *	armfault other		signals and errors that are no page faults
 *	armfault wait FILE	read the cold FILE in a system call, and wait for it
 *	armfault hugetlb SIZE	touch two huge pages of so many bytes
 *
 * Prints what the process knows of each fault that it made, as `trace` shows it:
 * CAUSE LEVEL ACC BY ADDRESS IP. The address and the instruction are those of the
 * signal, or of the system call. 77 on other architectures.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __aarch64__

int main(void)
{
	puts("this is not arm64");
	return 77;
}

#else

#include "caught.h"

#ifndef PR_SET_TAGGED_ADDR_CTRL
#define PR_SET_TAGGED_ADDR_CTRL	55
#define PR_TAGGED_ADDR_ENABLE	1
#endif

#define PAGE	4096UL
#define TABLE	(2UL << 20)
/* Ignored by the CPU: the top byte of a pointer. */
#define TAG	(0xa5UL << 56)

/* Pages of one page table, which is there because data is. */
static struct {
	unsigned long data, none, read, absent, hole;
} land;

static void __attribute__((noreturn)) bad(const char *what)
{
	printf("armfault: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void prepare(void)
{
	char *p = mmap(NULL, 2 * TABLE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || catch_signals())
		bad("preparing");
	land.data = ((unsigned long)p + TABLE - 1) & ~(TABLE - 1);
	land.none = land.data + PAGE;
	land.read = land.none + PAGE;
	land.absent = land.read + PAGE;
	land.hole = land.absent + PAGE;
	if (mprotect((void *)land.data, PAGE, PROT_READ | PROT_WRITE) ||
	    mprotect((void *)land.read, 2 * PAGE, PROT_READ) ||
	    munmap((void *)land.hole, PAGE))
		bad("preparing");
	*(volatile char *)land.data = 1;
	(void)*(volatile char *)land.read;
	/* not to fault behind this */
	setvbuf(stdout, NULL, _IONBF, 0);
}

static void tell(const char *what, const char *by, unsigned long address, unsigned long ip)
{
	printf("%s %s 0x%016lx 0x%016lx\n", what, by, address, ip);
}

static void load(unsigned long a) { asm volatile("ldrb w1, [%0]" :: "r" (a) : "x1", "memory"); }
static void store(unsigned long a) { asm volatile("strb wzr, [%0]" :: "r" (a) : "memory"); }
static void exclusive(unsigned long a) { asm volatile("ldxr x1, [%0]" :: "r" (a) : "x1", "memory"); }
static void zero(unsigned long a) { asm volatile("dc zva, %0" :: "r" (a) : "memory"); }
static void jump(unsigned long a) { ((void (*)(void))a)(); }

static void refused(const char *what, void (*access)(unsigned long), unsigned long address)
{
	if (!sigsetjmp(back, 0)) {
		access(address);
		bad("was not refused");
	}
	if (seen.signo != SIGSEGV || seen.address != (address & ~(0xffUL << 56)))
		bad("another signal, or another address");
	tell(what, "user", seen.address, seen.ip);
}

static void user(void)
{
	refused("unmapped pte r", load, land.hole + 8);
	refused("unmapped pte w", store, land.hole + 9);
	refused("unmapped pte r", exclusive, land.hole + 16);
	refused("unmapped pte w", zero, land.hole);
	refused("unmapped pte x", jump, land.hole + 64);
	refused("unmapped pte r", load, TAG | (land.hole + 24));
	refused("read-denied pte r", load, land.none + 8);
	refused("write-denied pte w", store, land.none + 9);
	refused("exec-denied pte x", jump, land.none + 64);
	refused("write-denied prot w", store, land.read + 1);
	refused("write-denied prot w", store, TAG | (land.read + 2));
	refused("write-denied pte w", store, land.absent + 3);
	refused("write-denied pte w", store, TAG | (land.absent + 4));
	refused("exec-denied prot x", jump, land.data + 64);
	refused("null p4d w", store, 0x10);
}

/* A single put_user(), which is never tried twice. */
static void put(const char *what, unsigned long address)
{
	unsigned long ip;

	if (call(SYS_getcpu, address, 0, 0, 0, &ip) != -EFAULT)
		bad("getcpu");
	if (what)
		tell(what, "kernel", address & ~(0xffUL << 56), ip);
}

static void kernel(void)
{
	unsigned long ip;

	put("uaccess pte w", land.hole + 8);
	put("uaccess pte w", land.none + 8);
	put("uaccess pte w", land.absent + 8);
	put("uaccess prot w", land.read + 8);
	put("uaccess p4d w", 0x10);
	if (call(SYS_ioctl, 1, FIONBIO, land.hole + 16, 0, &ip) != -EFAULT)
		bad("ioctl");
	tell("uaccess pte r", "kernel", land.hole + 16, ip);
	/*
	 * It first tries with page faults disabled, in which nobody asked for the
	 * page, and then again.
	 */
	if (call(SYS_futex, land.hole + 32, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, 0, &ip) != -EFAULT)
		bad("futex");
	tell("uaccess pte r", "kernel", land.hole + 32, ip);
	if (prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE, 0, 0, 0))
		bad("PR_SET_TAGGED_ADDR_CTRL");
	put("uaccess pte w", TAG | (land.hole + 40));
	put("uaccess prot w", TAG | (land.read + 40));
}

static void misaligned(void (*access)(unsigned long), unsigned long address)
{
	if (!sigsetjmp(back, 1)) {
		access(address);
		bad("was not refused");
	}
	if (seen.signo != SIGBUS || seen.code != BUS_ADRALN)
		bad("another signal");
}

static void other(void)
{
	/* Across the 16 bytes within which late CPUs need no alignment. */
	misaligned(exclusive, land.data + 13);
	misaligned(jump, (unsigned long)misaligned | 2);
	/* Refused before anything is accessed. */
	put(NULL, 0xffff000000000000UL);
	put(NULL, TAG | land.hole);
}

/* Until somebody kills it. */
static void wait_for_file(const char *name)
{
	int fd = open(name, O_RDONLY), ends[2];
	void *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	if (fd < 0 || p == MAP_FAILED || pipe(ends))
		bad(name);
	if (write(ends[1], p, 1) != 1)
		bad("write");
}

static void hugetlb(unsigned long size)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (__builtin_ctzl(size) << 26);
	char *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, flags, -1, 0);
	unsigned long i;

	if (p == MAP_FAILED)
		bad("mmap");
	/* Whatever else is touched there is there already. */
	for (i = 0; i < 2 * size; i += PAGE)
		p[i] = 1;
	printf("0x%016lx\n0x%016lx\n", (unsigned long)p, (unsigned long)p + size);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	prepare();
	if (!strcmp(what, "user"))
		user();
	else if (!strcmp(what, "kernel"))
		kernel();
	else if (!strcmp(what, "other"))
		other();
	else if (!strcmp(what, "wait") && argc == 3)
		wait_for_file(argv[2]);
	else if (!strcmp(what, "hugetlb") && argc == 3)
		hugetlb(strtoul(argv[2], NULL, 0));
	else
		return 2;
	return 0;
}

#endif
