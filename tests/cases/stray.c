// SPDX-License-Identifier: GPL-2.0
/*
 *	stray heap | code | null | read | stack
 *
 * Makes one access that is refused, at a place chosen by its own
 * /proc/self/maps, and prints its process id and, in words, what that place is.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static sigjmp_buf back;

static void caught(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

struct mapping {
	unsigned long start;
	unsigned long end;
	char perms[8];
	char path[256];
};

/* The mapping called @name, or the one that holds @address. */
static struct mapping find(const char *name, unsigned long address)
{
	struct mapping m;
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "re");

	while (maps && fgets(line, sizeof(line), maps)) {
		*m.path = '\0';
		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &m.start, &m.end, m.perms,
			   m.path) < 3)
			continue;
		if (name ? !strcmp(m.path, name) : address >= m.start && address < m.end) {
			fclose(maps);
			return m;
		}
	}
	errx(1, "no such mapping");
}

static void touch(unsigned long address)
{
	if (!sigsetjmp(back, 1))
		*(volatile char *)address = 1;
	else
		return;
	errx(1, "nobody minded");
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	struct rlimit limit;
	void *volatile bad = (void *)16;
	struct mapping m;
	int fd;

	signal(SIGSEGV, caught);
	printf("%d ", getpid());
	if (!strcmp(what, "heap")) {
		free(malloc(100));
		m = find("[heap]", 0);
		touch(m.end + 24);
		printf("24 bytes past the end of [heap]\n");
	} else if (!strcmp(what, "code")) {
		m = find(NULL, (unsigned long)&qsort);
		touch((unsigned long)&qsort);
		printf("write to %.3s of %s\n", m.perms, strrchr(m.path, '/') + 1);
	} else if (!strcmp(what, "null")) {
		touch(16);
		printf("NULL + 0x10\n");
	} else if (!strcmp(what, "read")) {
		fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
		if (read(fd, bad, 1) != -1 || errno != EFAULT)
			errx(1, "read");
		printf("bad pointer to read(2) (EFAULT): NULL + 0x10\n");
	} else if (!strcmp(what, "stack")) {
		m = find("[stack]", 0);
		getrlimit(RLIMIT_STACK, &limit);
		limit.rlim_cur = m.end - m.start;
		if (setrlimit(RLIMIT_STACK, &limit))
			err(1, "setrlimit");
		touch(m.start - 8192);
		printf("8 KiB below [stack], rlimit %lu KiB\n", (m.end - m.start) / 1024);
	} else {
		errx(2, "usage: stray heap | code | null | read | stack");
	}
	return 0;
}
