// SPDX-License-Identifier: GPL-2.0
/*
 *	fuzz [-s SEED] [-n OPERATIONS] [-w WORKERS] DIR
 *
 * Random system calls on every file below DIR, which is that of pftrace. Each
 * worker is a process of two threads that share a table of files; each thread has
 * mappings of its own. Now and then a worker is killed where it is, and another
 * one goes on in its place.
 *
 * The operation number I of thread T depends on SEED, T and I alone, so the same
 * SEED makes the same calls again. How the threads interleave is the kernel's.
 * SEED is the time if it is not given, and always printed.
 *
 * Prints how often each kind of operation was done and how often it succeeded.
 * Fails if a thread crashes where it should not, or if it could write to a
 * mapping.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#define PAGE		4096UL
#define NAMES_MAX	256
#define NAME_LEN	64
#define FDS		24
#define THREADS		2	/* of a worker */
#define WORKERS_MAX	8
#define AREAS		6	/* mappings of a thread */
#define AREA_SIZE	(8UL << 20)
#define BUFFER		(128UL << 10)
#define TICK_NS		2000000	/* a call that blocks is interrupted after that */

static char names[NAMES_MAX][NAME_LEN];
static unsigned int nr_names;
static const char *dir;
static uint64_t seed;

/* Of one thread; statically there, so that no call here maps memory. */
struct thread {
	unsigned int worker, index;
	uint64_t random;
	char *arena;
	char buffer[BUFFER];
	sigjmp_buf back;
	volatile bool may_crash;
};

static struct thread threads[THREADS];
static pthread_barrier_t ready;
static __thread struct thread *me;
static int fds[FDS];

/* Shared with the parent. */
static struct shared {
	struct {
		unsigned long todo, next;
	} thread[WORKERS_MAX][THREADS];
	unsigned long made[64], succeeded[64];
	bool wrote;
} *shared;

static uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15ULL;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
	return x ^ (x >> 31);
}

static uint64_t random64(void)
{
	return mix(me->random++);
}

/* 0 to n - 1 */
static unsigned int below(unsigned int n)
{
	return (unsigned int)(random64() % n);
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

/* A number that is likely to be at some edge. */
static int64_t odd_number(void)
{
	static const int64_t edges[] = {
		0, 1, -1, 7, 127, 128, 129, 255, 4095, 4096, 4097, 8191, 65536, INT32_MAX,
		INT32_MIN, 1LL << 32, INT64_MAX, INT64_MIN, INT64_MAX - 4095, 1 << 20,
	};

	switch (below(4)) {
	case 0:
		return edges[below(sizeof(edges) / sizeof(*edges))];
	case 1:
		return (int64_t)random64();
	default:
		return below(20000);
	}
}

static size_t odd_size(void)
{
	if (one_in(3))
		return below(300);
	return below(one_in(3) ? BUFFER : 5000);
}

/* Somewhere in the buffer, such that @size fits; now and then nowhere at all. */
static void *somewhere(size_t size)
{
	if (one_in(60))
		return (void *)odd_number();
	return me->buffer + below((unsigned int)(BUFFER - size) + 1);
}

static int some_fd(void)
{
	return __atomic_load_n(&fds[below(FDS)], __ATOMIC_RELAXED);
}

/* Puts it into the table; what was there is closed. */
static bool keep(int fd)
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

/* Nothing of the map files may be written anywhere; what is in the arena is theirs. */
static char *some_area(void)
{
	return me->arena + below(AREAS) * AREA_SIZE;
}

static size_t some_length(void)
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

static bool do_open(void)
{
	char path[512];

	return path_of(path, sizeof(path)) && keep(open(path, some_flags(), 0600));
}

static bool do_close(void)
{
	int fd = __atomic_exchange_n(&fds[below(FDS)], -1, __ATOMIC_RELAXED);

	return fd > 2 && !close(fd);
}

static bool do_read(void)
{
	size_t size = odd_size();

	return read(some_fd(), somewhere(size), size) >= 0;
}

static bool do_pread(void)
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

static bool do_readv(void)
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

static bool do_write(void)
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
static bool do_set(void)
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

static bool do_seek(void)
{
	return lseek(some_fd(), odd_number(), (int)below(6)) >= 0;
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

static bool do_mmap(void)
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

static bool do_munmap(void)
{
	return !munmap(some_area() + below(20) * PAGE, some_length() % (AREA_SIZE / 2));
}

static bool do_mprotect(void)
{
	return !mprotect(some_area() + below(4) * PAGE, some_length() % (AREA_SIZE / 2),
			 some_protection());
}

static bool do_mremap(void)
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

static bool do_madvise(void)
{
	static const int advice[] = {
		MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE,
		MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_MERGEABLE, MADV_HUGEPAGE, MADV_COLD,
		MADV_PAGEOUT, 22, 23, 24, 25, 102, 103, MADV_WIPEONFORK, MADV_DONTDUMP, 999,
	};

	return !madvise(some_area() + below(4) * PAGE, some_length() % (AREA_SIZE / 2),
			advice[below(sizeof(advice) / sizeof(*advice))]);
}

static void on_crash(int sig, siginfo_t *info, void *context)
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
static bool do_touch(void)
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
static bool do_remote(void)
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

/* Waits for the child, whatever else happens. */
static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* A child that does not outlive its thread, which may be killed at any time. */
static pid_t fork_child(void)
{
	pid_t parent = getpid(), pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (!pid && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent))
		_exit(0);
	return pid;
}

/* fork(2) with all that is open and mapped. The child only makes system calls. */
static bool do_fork(void)
{
	pid_t pid = fork_child();

	if (!pid) {
		munmap(some_area(), PAGE * below(5));
		mprotect(some_area(), PAGE, PROT_READ | PROT_WRITE);
		do_touch();
		do_remote();
		_exit(0);
	}
	return pid > 0 && !reap(pid);
}

/* Blocks where there is nothing to be had, and is killed there. */
static bool do_kill(void)
{
	static const int signals[] = { SIGKILL, SIGKILL, SIGTERM, SIGINT, SIGUSR1 };
	static const char *const waiting[] = { "trace_pipe", "cpu/cpu0", "cpu/cpu1", "cpu/cpu0.map" };
	const char *name = waiting[below(4)];
	unsigned int how = below(3), delay = below(4);
	int signal = signals[below(5)];
	char path[512];
	pid_t pid = fork_child();

	if (!pid) {
		struct pollfd wait = { .events = POLLIN };
		int fd;

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		wait.fd = fd;
		while (fd >= 0) {
			if (how && read(fd, me->buffer, 4096) < 0 && errno != EINTR)
				how = 0;
			else if (!how)
				poll(&wait, 1, -1);
		}
		_exit(0);
	}
	while (delay--)
		usleep(below(1500));
	return pid > 0 && !kill(pid, signal) && WIFSIGNALED(reap(pid));
}

static bool do_poll(void)
{
	struct pollfd wait[8];
	unsigned int i, n = 1 + below(8);

	for (i = 0; i < n; i++) {
		wait[i].fd = some_fd();
		wait[i].events = (short)random64();
	}
	return poll(wait, n, (int)below(3)) >= 0;
}

static bool do_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN | (one_in(2) ? EPOLLET : 0) };
	int fd = some_fd();

	if (one_in(4))
		return keep(epoll_create1(EPOLL_CLOEXEC));
	if (one_in(2))
		return !epoll_ctl(fd, 1 + (int)below(3), some_fd(), &event);
	return epoll_wait(fd, &event, 1, (int)below(3)) >= 0;
}

static bool do_splice(void)
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

static bool do_ioctl(void)
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
static bool do_change(void)
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

static bool do_fcntl(void)
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
static bool do_send(void)
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

static bool do_look(void)
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

/* So that there is something to read. */
static bool do_fault(void)
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

static const struct {
	const char *name;
	bool (*run)(void);
	unsigned int weight;
} operations[] = {
	{ "open", do_open, 160 },
	{ "close", do_close, 25 },
	{ "read", do_read, 150 },
	{ "pread", do_pread, 50 },
	{ "readv", do_readv, 60 },
	{ "write", do_write, 60 },
	{ "set", do_set, 12 },
	{ "seek", do_seek, 50 },
	{ "mmap", do_mmap, 100 },
	{ "munmap", do_munmap, 15 },
	{ "mprotect", do_mprotect, 40 },
	{ "mremap", do_mremap, 40 },
	{ "madvise", do_madvise, 40 },
	{ "touch", do_touch, 80 },
	{ "remote", do_remote, 40 },
	{ "fork", do_fork, 3 },
	{ "kill", do_kill, 2 },
	{ "poll", do_poll, 20 },
	{ "epoll", do_epoll, 30 },
	{ "splice", do_splice, 30 },
	{ "ioctl", do_ioctl, 30 },
	{ "change", do_change, 30 },
	{ "fcntl", do_fcntl, 30 },
	{ "send", do_send, 10 },
	{ "look", do_look, 20 },
	{ "fault", do_fault, 60 },
};

#define OPERATIONS	(sizeof(operations) / sizeof(*operations))

static void operate(unsigned long number)
{
	unsigned int i, at, sum = 0;

	me->random = mix(seed ^ mix(number ^ (uint64_t)(me->worker * THREADS + me->index) << 48));
	for (i = 0; i < OPERATIONS; i++)
		sum += operations[i].weight;
	at = below(sum);
	for (i = 0; at >= operations[i].weight; i++)
		at -= operations[i].weight;
	__atomic_fetch_add(&shared->made[i], 1, __ATOMIC_RELAXED);
	if (operations[i].run())
		__atomic_fetch_add(&shared->succeeded[i], 1, __ATOMIC_RELAXED);
}

static void on_tick(int sig)
{
	(void)sig;
}

static void *run_thread(void *arg)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };
	struct itimerspec tick = { { 0, TICK_NS }, { 0, TICK_NS } };
	unsigned long *next;
	timer_t timer;

	me = arg;
	pthread_barrier_wait(&ready);
	next = &shared->thread[me->worker][me->index].next;
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &tick, NULL))
		err(1, "timer");
	while (*next < shared->thread[me->worker][me->index].todo)
		operate((*next)++);
	return NULL;
}

/* A process with its threads, which go on where those before it stopped. */
static void run_worker(unsigned int worker)
{
	struct sigaction tick = { .sa_handler = on_tick };	/* and no SA_RESTART */
	struct sigaction crash = { .sa_sigaction = on_crash, .sa_flags = SA_NODEFER | SA_SIGINFO };
	struct rlimit files = { 128, 128 };
	pthread_t other;
	unsigned int i;

	if (!mallopt(M_ARENA_MAX, 1) || !mallopt(M_MMAP_MAX, 0))
		errx(1, "mallopt");
	for (i = 0; i < FDS; i++)
		fds[i] = -1;
	for (i = 0; i < THREADS; i++) {
		size_t size = (AREAS + 2) * AREA_SIZE;

		threads[i].worker = worker;
		threads[i].index = i;
		threads[i].arena = mmap(NULL, size, PROT_NONE,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (threads[i].arena == MAP_FAILED)
			err(1, "mmap");
	}
	if (setrlimit(RLIMIT_NOFILE, &files) || sigaction(SIGALRM, &tick, NULL) ||
	    sigaction(SIGSEGV, &crash, NULL) || sigaction(SIGBUS, &crash, NULL))
		err(1, "worker");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);
	if (pthread_barrier_init(&ready, NULL, THREADS) ||
	    pthread_create(&other, NULL, run_thread, &threads[1]))
		errx(1, "no thread");
	/*
	 * What is mapped from now on has its address from us: malloc() must not
	 * find room for a heap where calls map and unmap at random. No thread has
	 * begun yet.
	 */
	for (i = 0; i < THREADS; i++)
		munmap(threads[i].arena, (AREAS + 2) * AREA_SIZE);
	run_thread(&threads[0]);
	pthread_join(other, NULL);
	_exit(0);
}

static pid_t start(unsigned int worker)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		run_worker(worker);
	return pid;
}

static void find_names(const char *under)
{
	char path[512];
	struct dirent *entry;
	DIR *list;

	snprintf(path, sizeof(path), "%s/%s", dir, under);
	list = opendir(path);
	if (!list)
		err(1, "%s", path);
	while ((entry = readdir(list))) {
		char name[300];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s%s%s", under, *under ? "/" : "", entry->d_name);
		if (strlen(name) >= NAME_LEN || nr_names == NAMES_MAX)
			errx(1, "too many names");
		strcpy(names[nr_names++], name);
		if (entry->d_type == DT_DIR)
			find_names(name);
	}
	closedir(list);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static unsigned long done(unsigned int workers)
{
	unsigned long sum = 0;
	unsigned int i, j;

	for (i = 0; i < workers; i++)
		for (j = 0; j < THREADS; j++)
			sum += __atomic_load_n(&shared->thread[i][j].next, __ATOMIC_RELAXED);
	return sum;
}

int main(int argc, char **argv)
{
	unsigned int workers = 2, i, j, killed = 0, kills = 12, alive, tenths = 1;
	unsigned long total = 20000;
	struct timespec pause = { 0, 20000000 };
	pid_t pids[WORKERS_MAX] = {};
	int opt, status = 0;
	bool crashed = false;
	pid_t pid;

	seed = (uint64_t)time(NULL) * 1000003 + (uint64_t)getpid();
	while ((opt = getopt(argc, argv, "s:n:w:")) != -1) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (opt == 'n')
			total = strtoul(optarg, NULL, 0);
		else if (opt == 'w')
			workers = (unsigned int)strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (optind + 1 != argc || !workers || workers > WORKERS_MAX)
		errx(2, "usage: fuzz [-s SEED] [-n OPERATIONS] [-w WORKERS] DIR");
	dir = argv[optind];
	find_names("");
	qsort(names, nr_names, NAME_LEN, compare);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	printf("seed %llu: %lu operations, %u workers, %u files\n", (unsigned long long)seed,
	       total, workers, nr_names);
	fflush(stdout);
	for (i = 0; i < workers; i++) {
		for (j = 0; j < THREADS; j++)
			shared->thread[i][j].todo = total / (workers * THREADS);
		pids[i] = start(i);
	}
	for (alive = workers; alive;) {
		pid = waitpid(-1, &status, WNOHANG);
		for (i = 0; pid > 0 && i < workers; i++)
			if (pids[i] == pid) {
				pids[i] = 0;
				alive--;
				if (!WIFEXITED(status) || WEXITSTATUS(status)) {
					printf("worker %u: status 0x%x at operations %lu and %lu\n",
					       i, status, shared->thread[i][0].next,
					       shared->thread[i][1].next);
					crashed = true;
				}
			}
		if (pid > 0)
			continue;
		if (done(workers) > tenths * (total / 10)) {
			printf("%u0 %%\n", tenths++);
			fflush(stdout);
		}
		/* One is killed where it is, and goes on as another process. */
		if (killed < kills && done(workers) > (killed + 1) * (total / (kills + 1))) {
			i = killed % workers;
			if (pids[i] && !kill(pids[i], SIGKILL)) {
				waitpid(pids[i], &status, 0);
				pids[i] = start(i);
			}
			killed++;
		}
		nanosleep(&pause, NULL);
	}
	for (i = 0; i < OPERATIONS; i++)
		printf("%-9s %8lu of %8lu succeeded\n", operations[i].name, shared->succeeded[i],
		       shared->made[i]);
	if (shared->wrote)
		puts("a mapping was written to");
	printf("seed %llu: %lu operations, %u workers killed\n", (unsigned long long)seed,
	       done(workers), killed);
	return crashed || shared->wrote;
}
