// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on mapped files. Each case makes a file of its own, in --dir.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "faultgen.h"

#if defined(__x86_64__)
static const unsigned char code_return[] = { 0xc3 };
#elif defined(__aarch64__)
static const unsigned char code_return[] = { 0xc0, 0x03, 0x5f, 0xd6 };
#else
#error "the instruction that returns from a function is not known here"
#endif

/*
 * Bytes from one touched page to the next. Executable mappings are read ahead
 * even where MADV_RANDOM forbids it, so it is more than the device's readahead.
 */
static unsigned long far_stride(int fd)
{
	unsigned long stride = FG_FAR;
	unsigned long kb = 0;
	char name[64];
	struct stat st;
	FILE *f;

	if (fstat(fd, &st))
		return stride;
	snprintf(name, sizeof(name), "/sys/class/bdi/%u:%u/read_ahead_kb",
		 major(st.st_dev), minor(st.st_dev));
	f = fopen(name, "re");
	if (f) {
		if (fscanf(f, "%lu", &kb) != 1)
			kb = 0;
		fclose(f);
	}
	while (stride < kb * 4096)
		stride *= 2;
	return stride;
}

static int file_make(struct fg *fg)
{
	char *path = fg->report->path;
	int fd;

	if ((size_t)snprintf(path, sizeof(fg->report->path),
			     "%s/faultgen.XXXXXX", fg->dir) >=
	    sizeof(fg->report->path)) {
		path[0] = '\0';
		fail("--dir %s is too long", fg->dir);
	}
	fd = mkstemp(path);
	if (fd < 0) {
		path[0] = '\0';
		fail("cannot make a file in %s: %s", fg->dir, strerror(errno));
	}
	return fd;
}

/* A page of code that only returns, at every stride, on the device. */
static void file_fill(struct fg *fg, int fd, unsigned long stride,
		      unsigned long n)
{
	static unsigned char page[65536];
	unsigned long i;

	for (i = 0; i < fg->page; i++)
		page[i] = code_return[i % sizeof(code_return)];
	for (i = 0; i < n; i++)
		if (pwrite(fd, page, fg->page, (off_t)(i * stride)) !=
		    (ssize_t)fg->page)
			fail("cannot write to %s: %s", fg->report->path,
			     strerror(errno));
	if (ftruncate(fd, (off_t)(n * stride)) || fsync(fd))
		fail("cannot write to %s: %s", fg->report->path,
		     strerror(errno));
}

static unsigned long cached(struct fg *fg, unsigned long start,
			    unsigned long stride, unsigned long n)
{
	unsigned long i, sum = 0;
	unsigned char in;

	for (i = 0; i < n; i++) {
		if (mincore((void *)(start + i * stride), fg->page, &in))
			fail("mincore: %s", strerror(errno));
		sum += in & 1;
	}
	return sum;
}

static void make_cold(struct fg *fg, int fd, unsigned long start,
		      unsigned long stride)
{
	const struct timespec pause = { 0, 1000000 };
	unsigned int tries;

	madvise((void *)start, fg->n * stride, MADV_RANDOM);
	/* Pages that someone holds for a moment stay: ask again. */
	for (tries = 0; tries < 1000; tries++) {
		if (tries)
			nanosleep(&pause, NULL);
		if (posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
			break;
		if (!cached(fg, start, stride, fg->n))
			return;
	}
	skip(fg, "the file system of %s keeps its files in memory", fg->dir);
}

static void make_warm(struct fg *fg, int fd, unsigned long start,
		      unsigned long stride, unsigned long n)
{
	unsigned long i;
	char c;

	for (i = 0; i < n; i++)
		if (pread(fd, &c, 1, (off_t)(i * stride)) != 1)
			fail("cannot read %s: %s", fg->report->path,
			     strerror(errno));
	if (cached(fg, start, stride, n) != n)
		fail("pages of %s do not stay in memory", fg->report->path);
}

/* n pages of a new file, *stride apart; 0 asks for the stride to be chosen. */
static unsigned long file_map(struct fg *fg, unsigned long *stride,
			      unsigned long n, int *fd, int prot, int flags)
{
	*fd = file_make(fg);
	if (!*stride)
		*stride = far_stride(*fd);
	file_fill(fg, *fd, *stride, n);
	return area_map(fg, n * *stride, fg->page, prot, flags, *fd);
}

/* Why a missing page of the file faults; tmpfs has no page cache behind it. */
static const char *missing(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && (unsigned long)fs.f_type == TMPFS_MAGIC ?
	       "shmem" : "file";
}

/* Faults on pages of a file that are in the page cache. */
static void warm(struct fg *fg, unsigned long stride, int prot, int flags,
		 char access, const char *cause)
{
	unsigned long start;
	int fd;

	start = file_map(fg, &stride, fg->n, &fd, prot, flags);
	make_warm(fg, fd, start, stride, fg->n);
	window_touch(fg, report_range(fg, start, stride, fg->n, access, FG_MINOR,
				      cause ? cause : missing(fd)));
}

/* Faults on pages of a file that are on its device only. */
static void cold(struct fg *fg, int prot, int flags, char access)
{
	unsigned long stride = 0, start;
	struct fg_range *range;
	int fd;

	start = file_map(fg, &stride, fg->n, &fd, prot, flags);
	range = report_range(fg, start, stride, fg->n, access, FG_MAJOR,
			     "file");
	window_warm(fg);
	make_cold(fg, fd, start, stride);
	window_prime(fg->proc);
	window_make(fg, range);
}

/**
 * file_warm_work() - read pages of a file that are in the page cache
 * @fg: the run
 */
void file_warm_work(struct fg *fg)
{
	warm(fg, 0, PROT_READ, MAP_SHARED, 'r', NULL);
}

/**
 * file_cold_work() - read pages of a file that are on its device only
 * @fg: the run
 */
void file_cold_work(struct fg *fg)
{
	cold(fg, PROT_READ, MAP_SHARED, 'r');
}

/**
 * file_exec_work() - call code in pages of a file that are on its device only
 * @fg: the run
 */
void file_exec_work(struct fg *fg)
{
	cold(fg, PROT_READ | PROT_EXEC, MAP_PRIVATE, 'x');
}

/**
 * file_cow_work() - write to untouched pages of a private file mapping
 * @fg: the run
 *
 * A copy is made of one page at a time: pages may be neighbours here.
 */
void file_cow_work(struct fg *fg)
{
	warm(fg, fg->page, PROT_READ | PROT_WRITE, MAP_PRIVATE, 'w',
	     "file-cow");
}

/* One page more than asked for, which tells the class of a write. */
static unsigned long map_writable(struct fg *fg, unsigned long *stride, int *fd)
{
	unsigned long start = file_map(fg, stride, fg->n + 1, fd,
				       PROT_READ | PROT_WRITE, MAP_SHARED);

	make_warm(fg, *fd, start, *stride, fg->n + 1);
	return start;
}

/**
 * file_shared_work() - write to untouched pages of a shared file mapping
 * @fg: the run
 */
void file_shared_work(struct fg *fg)
{
	unsigned long stride = 0, start;
	int fd;

	start = map_writable(fg, &stride, &fd);
	window_touch_probed(fg, report_range(fg, start, stride, fg->n, 'w',
					     FG_MINOR, missing(fd)),
			    start + fg->n * stride);
}

/**
 * file_mkwrite_work() - write to clean pages that have been read
 * @fg: the run
 */
void file_mkwrite_work(struct fg *fg)
{
	unsigned long stride = 0, start;
	struct fg_range *range;
	int fd;

	start = map_writable(fg, &stride, &fd);
	if (strcmp(missing(fd), "file") != 0)
		skip(fg, "tmpfs (%s) does not want to know of first writes",
		     fg->dir);
	area_read(start, stride, fg->n + 1);
	range = report_range(fg, start, stride, fg->n, 'w', FG_MINOR,
			     "mkwrite");
	report_level(range, "prot", "prot");
	window_touch_probed(fg, range, start + fg->n * stride);
}

/**
 * file_map_short() - map more than a file has
 * @fg: the run
 * @size: bytes behind the end of the file, which has one page
 *
 * Return: address of the first page behind the end.
 */
unsigned long file_map_short(struct fg *fg, size_t size)
{
	int fd = file_make(fg);

	if (ftruncate(fd, (off_t)fg->page))
		fail("cannot write to %s: %s", fg->report->path,
		     strerror(errno));
	return area_map(fg, size + fg->page, fg->page, PROT_READ, MAP_SHARED,
			fd) + fg->page;
}
