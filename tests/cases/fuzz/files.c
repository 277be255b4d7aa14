// SPDX-License-Identifier: GPL-2.0
/* Calls on open files. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fuzz.h"

int fds[FDS];

int some_fd(void)
{
	return __atomic_load_n(&fds[below(FDS)], __ATOMIC_RELAXED);
}

/* Puts it into the table; what was there is closed. */
bool keep(int fd)
{
	int old;

	if (fd < 0)
		return false;
	/* 0 to 2 are of the test. */
	old = __atomic_exchange_n(&fds[below(FDS)], fd, __ATOMIC_RELAXED);
	if (old > 2)
		close(old);
	return true;
}

static bool path_of(char *path, size_t size)
{
	unsigned int n = below(nr_names);

	/* What patches the kernel's text takes long; the rest should get its turn. */
	while (!strcmp(names[n], "enable") && !one_in(3))
		n = below(nr_names);
	return (size_t)snprintf(path, size, "%s/%s", dir, names[n]) < size;
}

static int some_flags(void)
{
	static const int modes[] = { O_RDONLY, O_RDONLY, O_RDONLY, O_WRONLY, O_RDWR, O_ACCMODE };
	static const int more[] = {
		O_NONBLOCK, O_NONBLOCK, O_APPEND, O_TRUNC, O_CREAT, O_EXCL | O_CREAT, O_PATH,
		O_DIRECT, O_SYNC, O_ASYNC, O_NOFOLLOW, O_DIRECTORY, O_TMPFILE, O_NOATIME,
	};
	int flags = modes[below(sizeof(modes) / sizeof(*modes))] | O_CLOEXEC;

	if (one_in(2))
		flags |= O_NONBLOCK;
	if (one_in(6))
		flags |= more[below(sizeof(more) / sizeof(*more))];
	return flags;
}

bool do_open(void)
{
	char path[512];

	return path_of(path, sizeof(path)) && keep(open(path, some_flags(), 0600));
}

bool do_close(void)
{
	int fd = __atomic_exchange_n(&fds[below(FDS)], -1, __ATOMIC_RELAXED);

	return fd > 2 && !close(fd);
}

bool do_read(void)
{
	size_t size = odd_size();

	return read(some_fd(), somewhere(size), size) >= 0;
}

bool do_pread(void)
{
	size_t size = odd_size();

	return pread(some_fd(), somewhere(size), size, odd_number()) >= 0;
}

static int some_vector(struct iovec *vec, int max)
{
	int i, n = (int)below((unsigned int)max + 1);

	for (i = 0; i < n; i++) {
		vec[i].iov_len = odd_size() / 4;
		vec[i].iov_base = somewhere(vec[i].iov_len);
	}
	return n;
}

bool do_readv(void)
{
	struct iovec vec[8];
	int n = some_vector(vec, 8);

	if (one_in(2))
		return readv(some_fd(), vec, n) >= 0;
	return preadv2(some_fd(), vec, n, odd_number(), (int)below(64)) >= 0;
}

/* Text that one of the files takes, or nearly so. Returns its length. */
static size_t some_text(char *to, size_t room)
{
	static const char *const words[] = {
		"0", "1", "1", "0\n", "4", "16", "64", "256", "3", "1048576", "4294967295", "-1",
		"", "\n", " ", "1 2 3", "1,2", "minor", "major", "invalid", "minor major\n",
		"zero", "cow", "zero cow file", "null", "bogus", "sh", "fuzz*", "*", "[a-z]*",
		"\\040", "\\", "[", "/", "/fuzz", "/no/such/group", "0x10", "99999999999999999999",
		"1000000", "\t", "a b", "\x80\xff", "%s%n", "\\000", "?????????????????????????????",
	};
	size_t n = 0, words_max = one_in(8) ? 3000 : 3, i;

	switch (below(8)) {
	case 0:		/* anything */
		n = odd_size() < room ? odd_size() % room : room;
		for (i = 0; i < n; i++)
			to[i] = (char)random64();
		return n;
	case 1:		/* many process ids */
		for (i = below(1200); i-- && n + 8 < room;)
			n += (size_t)sprintf(to + n, "%u ", below(99999));
		return n;
	case 2:
		for (i = 1 + below((unsigned int)words_max); i-- && n + 40 < room;)
			n += (size_t)sprintf(to + n, "%s%s",
					     words[below(sizeof(words) / sizeof(*words))],
					     one_in(2) ? "\n" : " ");
		return n;
	default:
		return (size_t)sprintf(to, "%s", words[below(sizeof(words) / sizeof(*words))]);
	}
}

bool do_write(void)
{
	size_t n = some_text(me->buffer, BUFFER);
	int fd = some_fd();

	if (one_in(40))
		return write(fd, (void *)odd_number(), n) >= 0;
	if (one_in(4))
		return pwrite(fd, me->buffer, n, odd_number()) >= 0;
	return write(fd, me->buffer, n) >= 0;
}

/* Opens what can be written, writes what is likely to be good there, and closes. */
bool do_set(void)
{
	static const struct {
		const char *name;
		const char *good[4];
	} settings[] = {
		{ "enable", { "0", "1", "1", "1\n" } },
		{ "clear", { "1", "1", "1\n", "1" } },
		{ "buffer_kb", { "4", "64", "256", "512\n" } },
		{ "filter/pid", { "", "1 2 3", "\n", "" } },
		{ "filter/comm", { "fuzz", "*", "[a-f]*\n", "" } },
		{ "filter/class", { "minor", "invalid", "minor major", "" } },
		{ "filter/cause", { "zero", "cow file", "\n", "" } },
		{ "filter/cgroup", { "/", "1", "\n", "" } },
		{ "filter/min_latency_us", { "0", "1000000", "10", "" } },
	};
	unsigned int which = below(sizeof(settings) / sizeof(*settings));
	char path[512];
	size_t n;
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, settings[which].name);
	fd = open(path, (one_in(2) ? O_WRONLY : O_RDWR) | O_CLOEXEC);
	if (one_in(3))
		n = some_text(me->buffer, BUFFER);
	else
		n = (size_t)sprintf(me->buffer, "%s", settings[which].good[below(4)]);
	ok = write(fd, me->buffer, n) >= 0;
	if (one_in(4) && fd >= 0)
		return keep(fd) && ok;
	close(fd);
	return ok;
}

bool do_seek(void)
{
	return lseek(some_fd(), odd_number(), (int)below(6)) >= 0;
}

bool do_poll(void)
{
	struct pollfd wait[8];
	unsigned int i, n = 1 + below(8);

	for (i = 0; i < n; i++) {
		wait[i].fd = some_fd();
		wait[i].events = (short)random64();
	}
	return poll(wait, n, (int)below(3)) >= 0;
}

bool do_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN | (one_in(2) ? EPOLLET : 0) };
	int fd = some_fd();

	if (one_in(4))
		return keep(epoll_create1(EPOLL_CLOEXEC));
	if (one_in(2))
		return !epoll_ctl(fd, 1 + (int)below(3), some_fd(), &event);
	return epoll_wait(fd, &event, 1, (int)below(3)) >= 0;
}

bool do_splice(void)
{
	off_t offset = odd_number();
	int pipes[2];
	bool ok;

	if (pipe2(pipes, O_NONBLOCK | O_CLOEXEC))
		return false;
	switch (below(4)) {
	case 0:
		ok = splice(some_fd(), NULL, pipes[1], NULL, odd_size(), SPLICE_F_NONBLOCK) >= 0;
		break;
	case 1:
		ok = splice(some_fd(), &offset, pipes[1], NULL, odd_size(), SPLICE_F_NONBLOCK) >= 0;
		break;
	case 2:
		ok = sendfile(pipes[1], some_fd(), one_in(2) ? &offset : NULL, odd_size()) >= 0;
		break;
	default:
		ok = write(pipes[1], "1\n", 2) == 2 &&
		     splice(pipes[0], NULL, some_fd(), NULL, 2, SPLICE_F_NONBLOCK) >= 0;
		break;
	}
	close(pipes[0]);
	close(pipes[1]);
	return ok;
}

bool do_ioctl(void)
{
	static const unsigned long requests[] = {
		FIONREAD, FIONBIO, FIOASYNC, FIOCLEX, FIOQSIZE, 0x80086601UL, 0x40086602UL, 1, 2,
		0x5401, 0xc0045877UL, 0xc0045878UL, 0x660bUL,
	};
	long words[16] = { (long)below(2) };
	unsigned long request = requests[below(sizeof(requests) / sizeof(*requests))];

	if (one_in(4))
		request = random64();
	return !ioctl(some_fd(), request, one_in(8) ? (void *)odd_number() : words);
}

/* What changes a file, or would. No modes or owners: those are not ours to lose. */
bool do_change(void)
{
	switch (below(6)) {
	case 0:
		return !ftruncate(some_fd(), odd_number());
	case 1:
		return !fallocate(some_fd(), (int)below(128), odd_number(), odd_number());
	case 2:
		return !fsync(some_fd());
	case 3:
		return copy_file_range(some_fd(), NULL, some_fd(), NULL, odd_size(), 0) >= 0;
	case 4:
		return !posix_fadvise(some_fd(), odd_number(), odd_number(), (int)below(7));
	default:
		return !sync_file_range(some_fd(), odd_number(), odd_number(), below(8));
	}
}

bool do_fcntl(void)
{
	struct flock lock = { .l_type = (short)below(3), .l_len = below(100) };

	switch (below(8)) {
	case 0:
		return !fcntl(some_fd(), F_SETFL, O_NONBLOCK);
	case 1:
		return !fcntl(some_fd(), F_SETFL, (one_in(2) ? O_APPEND : O_ASYNC) | O_NONBLOCK);
	case 2:
		return !fcntl(some_fd(), F_SETLK, &lock);
	case 3:
		return !flock(some_fd(), (int)(1U << below(4)) | LOCK_NB);
	case 4:
		return !fcntl(some_fd(), F_SETLEASE, (int)below(3));
	case 5:
		return keep(fcntl(some_fd(), F_DUPFD_CLOEXEC, 3));
	case 6:
		return fcntl(some_fd(), (int)below(1100), random64()) >= 0;
	default:
		return keep(dup(some_fd()));
	}
}

/* A file sent to oneself and never taken, closed with the socket. */
bool do_send(void)
{
	char control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec one = { me->buffer, 1 };
	struct msghdr message = {
		.msg_iov = &one, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pair[2], fd = some_fd();
	bool ok;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return false;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	ok = sendmsg(pair[0], &message, MSG_DONTWAIT) == 1;
	close(pair[0]);
	close(pair[1]);
	return ok;
}

bool do_look(void)
{
	struct stat st;
	char path[512];

	switch (below(5)) {
	case 0:
		return !fstat(some_fd(), &st);
	case 1:
		return !mincore(some_area(), PAGE * 8, (void *)me->buffer);
	case 2:
		return !msync(some_area(), some_length(), 1 << below(3));
	case 3:
		return path_of(path, sizeof(path)) && !truncate(path, odd_number());
	default:
		return one_in(2) ? !mlock(some_area(), PAGE * below(9)) : !munlockall();
	}
}
