// SPDX-License-Identifier: GPL-2.0
/*
 *	mapper VERB ARGUMENT...
 *
 * Does what the verbs say, one after the other, and ends. Prints its process
 * id, then a line for each page touched: address, offset of the mapping in the
 * file (in pages), device and inode number as /proc/self/maps shows them. Where
 * there is no file: page number of the mapping's start, and "-".
 *
 *	open PATH	make a file of 16 pages, or open it if it is there
 *	memfd NAME	the same, without path
 *	map PAGE N	map N pages of it from PAGE on, in a shared mapping
 *	shared N	map N pages of shared anonymous memory
 *	sysv N		the same, of System V
 *	huge N		the same, of N huge pages
 *	named NAME N	map N pages of anonymous memory called NAME
 *	call NAME	give that name to what is mapped
 *	touch PAGE	write to a page of the mapping
 *	peek PAGE	have the kernel read a page of the mapping, by /proc/self/mem
 *	deny		forbid all access to the mapping
 *	gap A B		map a page of A and, one page above, one of B; touch what
 *			is in between
 *	settle		wait until the names met up to now are kept
 *	rename A B
 *	unlink A
 *	many DIR N	N times: make a file in DIR, touch it, unlink it; the
 *			lines have the path, too
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <unistd.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

#define PAGE	4096UL
#define PAGES	16
#define HUGE	512	/* pages */

static sigjmp_buf back;

static void caught(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static void touch(volatile char *at)
{
	if (!sigsetjmp(back, 1))
		*at = 1;
}

static void peek(const char *at)
{
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char c;

	if (fd < 0 || pread(fd, &c, 1, (off_t)(uintptr_t)at) != 1)
		err(1, "/proc/self/mem");
	close(fd);
}

/* The line for @at. @path: what else is to be in it, or NULL. */
static void tell(const char *at, const char *path)
{
	unsigned long from, to, offset, inode, address = (unsigned long)at;
	unsigned int major, minor;
	char line[8192];
	FILE *maps = fopen("/proc/self/maps", "re");

	if (!maps)
		err(1, "maps");
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*s %lx %x:%x %lu", &from, &to, &offset, &major, &minor,
			   &inode) == 6 && from <= address && address < to) {
			/* Without file: where it was made, which is where it still is. */
			if (!major && !minor && !inode)
				printf("0x%016lx 0x%lx -", address, from / PAGE);
			else
				printf("0x%016lx 0x%lx %02x:%02x:%lu", address, offset / PAGE, major,
				       minor, inode);
			break;
		}
	fclose(maps);
	if (address >= to || address < from)
		printf("0x%016lx - -", address);
	printf("%s%s\n", path ? " " : "", path ?: "");
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, PAGES * PAGE))
		err(1, "%s", path);
	return fd;
}

static char *map(void *at, unsigned long n, int flags, int fd, unsigned long page)
{
	char *p = mmap(at, n * PAGE, PROT_READ | PROT_WRITE, flags, fd, page * PAGE);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static char *sysv(unsigned long n)
{
	int id = shmget(IPC_PRIVATE, n * PAGE, IPC_CREAT | 0600);
	char *p;

	if (id < 0)
		err(1, "shmget");
	p = shmat(id, NULL, 0);
	if (p == (void *)-1 || shmctl(id, IPC_RMID, NULL))
		err(1, "shmat");
	return p;
}

static void call(char *mapping, unsigned long n, const char *name)
{
	if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, mapping, n * PAGE, name))
		err(77, "PR_SET_VMA_ANON_NAME");
}

static char *gap(const char *below, const char *above)
{
	char *p = map(NULL, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	map(p, 1, MAP_SHARED | MAP_FIXED, open_file(below), 0);
	map(p + 2 * PAGE, 1, MAP_SHARED | MAP_FIXED, open_file(above), 0);
	if (munmap(p + PAGE, PAGE))
		err(1, "munmap");
	return p + PAGE;
}

static void many(const char *dir, int n)
{
	char path[256];
	char *p;
	int i, fd;

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%d-%d", dir, getpid(), i);
		fd = open_file(path);
		p = map(NULL, 1, MAP_SHARED, fd, 0);
		touch(p);
		tell(p, path);
		/* The address must not be used again. */
		map(p, 1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		close(fd);
		if (unlink(path))
			err(1, "%s", path);
	}
}

/* Whoever reads the list is told of all that was met before. */
static void settle(void)
{
	int fd = open("/sys/kernel/debug/pftrace/files", O_RDONLY | O_CLOEXEC);
	char c;

	if (fd < 0 || read(fd, &c, 1) != 1)
		err(1, "files");
	close(fd);
}

static char *next(char ***argv)
{
	if (!**argv)
		errx(2, "an argument is missing");
	return *(*argv)++;
}

int main(int argc, char **argv)
{
	const char *verb, *a = NULL;
	char *mapping = NULL;
	int fd = -1, n = 0;

	signal(SIGSEGV, caught);
	signal(SIGBUS, caught);
	printf("%d\n", getpid());
	(void)argc;
	for (argv++; *argv;) {
		verb = next(&argv);
		if (strcmp(verb, "deny") && strcmp(verb, "settle"))
			a = next(&argv);
		if (!strcmp(verb, "open")) {
			fd = open_file(a);
		} else if (!strcmp(verb, "memfd")) {
			fd = memfd_create(a, MFD_CLOEXEC);
			if (fd < 0 || ftruncate(fd, PAGES * PAGE))
				err(1, "memfd");
		} else if (!strcmp(verb, "map")) {
			n = atoi(next(&argv));
			mapping = map(NULL, n, MAP_SHARED, fd, atoi(a));
		} else if (!strcmp(verb, "shared")) {
			n = atoi(a);
			mapping = map(NULL, n, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		} else if (!strcmp(verb, "sysv")) {
			mapping = sysv(atoi(a));
		} else if (!strcmp(verb, "huge")) {
			mapping = map(NULL, atoi(a) * HUGE,
				      MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
		} else if (!strcmp(verb, "named")) {
			n = atoi(next(&argv));
			mapping = map(NULL, n, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			call(mapping, n, a);
		} else if (!strcmp(verb, "call")) {
			call(mapping, n, a);
		} else if (!strcmp(verb, "touch")) {
			touch(mapping + atoi(a) * PAGE);
			tell(mapping + atoi(a) * PAGE, NULL);
		} else if (!strcmp(verb, "peek")) {
			peek(mapping + atoi(a) * PAGE);
		} else if (!strcmp(verb, "deny")) {
			if (mprotect(mapping, PAGE, PROT_NONE))
				err(1, "mprotect");
		} else if (!strcmp(verb, "settle")) {
			settle();
		} else if (!strcmp(verb, "gap")) {
			mapping = gap(a, next(&argv));
			touch(mapping);
			tell(mapping, NULL);
		} else if (!strcmp(verb, "rename")) {
			if (rename(a, next(&argv)))
				err(1, "rename");
		} else if (!strcmp(verb, "unlink")) {
			if (unlink(a))
				err(1, "unlink");
		} else if (!strcmp(verb, "many")) {
			many(a, atoi(next(&argv)));
		} else {
			errx(2, "unknown: %s", verb);
		}
	}
	return 0;
}
