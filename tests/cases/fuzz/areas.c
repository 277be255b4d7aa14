// SPDX-License-Identifier: GPL-2.0
/* Calls on mappings, and what is done to them by others. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fuzz.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

/* Nothing of the map files may be written anywhere; what is in the arena is theirs. */
char *some_area(void)
{
	return me->arena + below(AREAS) * AREA_SIZE;
}

size_t some_length(void)
{
	switch (below(6)) {
	case 0:
	case 1:
		return PAGE;
	case 2:
	case 3:
		return (1 + below(16)) * PAGE;
	case 4:
		return 1 + below(1 << 20);
	default:
		return one_in(4) ? AREA_SIZE : (1 + below(300)) * PAGE - below(4096);
	}
}

static int some_protection(void)
{
	static const int protections[] = {
		PROT_READ, PROT_READ, PROT_READ, PROT_READ, PROT_READ, PROT_READ, PROT_NONE,
		PROT_WRITE, PROT_READ | PROT_WRITE,
		PROT_EXEC, PROT_READ | PROT_EXEC, PROT_READ | PROT_GROWSDOWN, 0x7fffffff,
	};

	return protections[below(sizeof(protections) / sizeof(*protections))];
}

/* A file to map more often than not. */
static int map_fd(void)
{
	char path[512];

	if (one_in(3))
		return some_fd();
	snprintf(path, sizeof(path), "%s/cpu/cpu%u.map", dir, below(2));
	return open(path, one_in(8) ? O_RDWR | O_CLOEXEC : O_RDONLY | O_CLOEXEC);
}

bool do_mmap(void)
{
	static const int kinds[] = {
		MAP_SHARED, MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, MAP_SHARED | MAP_POPULATE,
		MAP_SHARED | MAP_LOCKED, MAP_PRIVATE | MAP_NORESERVE, MAP_SHARED | MAP_GROWSDOWN,
	};
	off_t offset = one_in(2) ? 0 : (off_t)below(one_in(2) ? 4 : 80) * (off_t)PAGE;
	size_t length = some_length();
	int fd = map_fd();
	void *at;

	if (one_in(10))
		offset = odd_number();
	at = mmap(some_area() + below(2) * PAGE, length, some_protection(),
		  kinds[below(sizeof(kinds) / sizeof(*kinds))] | MAP_FIXED, fd, offset);
	if (fd > 2 && !one_in(3))
		close(fd);	/* it may be in the table, too: then that is stale */
	else
		keep(fd);
	return at != MAP_FAILED;
}

bool do_munmap(void)
{
	return !munmap(some_area() + below(20) * PAGE, some_length() % (AREA_SIZE / 2));
}

bool do_mprotect(void)
{
	return !mprotect(some_area() + below(4) * PAGE, some_length() % (AREA_SIZE / 2),
			 some_protection());
}

bool do_mremap(void)
{
	static const int flags[] = {
		0, MREMAP_MAYMOVE, MREMAP_MAYMOVE | MREMAP_FIXED,
		MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, 0xff,
	};
	int flag = flags[below(sizeof(flags) / sizeof(*flags))];
	char *from = some_area() + below(4) * PAGE, *to = some_area() + below(8) * PAGE;
	size_t old = one_in(8) ? 0 : some_length() % (AREA_SIZE / 4), new;

	new = one_in(3) ? old : some_length() % (AREA_SIZE / 4);
	/* Without a place of its own it could go where the test has its memory. */
	if (flag == MREMAP_MAYMOVE)
		flag |= MREMAP_FIXED;
	return mremap(from, old, new, flag, to) != MAP_FAILED;
}

bool do_madvise(void)
{
	static const int advice[] = {
		MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE,
		MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_MERGEABLE, MADV_HUGEPAGE, MADV_COLD,
		MADV_PAGEOUT, 22, 23, 24, 25, 102, 103, MADV_WIPEONFORK, MADV_DONTDUMP, 999,
	};

	return !madvise(some_area() + below(4) * PAGE, some_length() % (AREA_SIZE / 2),
			advice[below(sizeof(advice) / sizeof(*advice))]);
}

void on_crash(int sig, siginfo_t *info, void *context)
{
	char text[128];

	(void)context;
	if (me && me->may_crash) {
		me->may_crash = false;
		siglongjmp(me->back, 1);
	}
	if (me)
		snprintf(text, sizeof(text), "crash at %p; the arena is at %p, operation %lu\n",
			 info->si_addr, (void *)me->arena,
			 shared->thread[me->worker][me->index].next - 1);
	if (!me || write(STDERR_FILENO, text, strlen(text)) < 0)
		abort();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Reads, or tries to write: that no mapping may allow. */
bool do_touch(void)
{
	volatile char *at = some_area() + below(one_in(2) ? 3 : 100) * PAGE + below(4096);
	bool write = one_in(4);

	if (sigsetjmp(me->back, 1))
		return false;
	me->may_crash = true;
	if (write) {
		*at = (char)random64();
		shared->wrote = true;
	} else {
		(void)*at;
	}
	me->may_crash = false;
	return true;
}

/* Through the kernel: other ways to read and to write what is mapped. */
bool do_remote(void)
{
	size_t size = 1 + below(9000);
	struct iovec mine = { me->buffer, size }, there = { some_area() + below(5000), size };
	bool ok, write = one_in(3);
	int pipes[2];
	int fd;

	switch (below(4)) {
	case 0:
		if (!write)
			return process_vm_readv(getpid(), &mine, 1, &there, 1, 0) > 0;
		ok = process_vm_writev(getpid(), &mine, 1, &there, 1, 0) > 0;
		break;
	case 1:
		fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
		if (!write) {
			ok = pread(fd, me->buffer, size, (off_t)(uintptr_t)there.iov_base) > 0;
			close(fd);
			return ok;
		}
		ok = pwrite(fd, me->buffer, size, (off_t)(uintptr_t)there.iov_base) > 0;
		close(fd);
		break;
	case 2:
		/*
		 * What read(2) does, but of no file: the other thread could map
		 * that. Not by the vDSO, which would crash.
		 */
		ok = syscall(SYS_getrandom, there.iov_base, size, GRND_NONBLOCK) > 0;
		write = true;
		break;
	default:
		if (pipe2(pipes, O_NONBLOCK | O_CLOEXEC))
			return false;
		ok = vmsplice(pipes[1], &there, 1, 0) > 0;
		close(pipes[0]);
		close(pipes[1]);
		return ok;
	}
	if (write && ok)
		shared->wrote = true;
	return ok;
}

/* So that there is something to read. */
bool do_fault(void)
{
	size_t size = (1 + below(8)) * PAGE, i;
	char *at = mmap(me->arena + (AREAS + 1) * AREA_SIZE, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (at == MAP_FAILED)
		return false;
	for (i = 0; i < size; i += PAGE)
		at[i] = 1;
	return !munmap(at, size);
}
