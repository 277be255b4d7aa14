// SPDX-License-Identifier: GPL-2.0
/*
 *	secure write		try all ways to write to a mapping of a ring
 *	secure bytes [ADDRESS]	look at every byte of the rings: is there one of the
 *				kernel's addresses, or one that nobody set? ADDRESS
 *				is allowed: a process wanted to go there.
 *	secure others FD	try all files below the open directory FD, as who
 *				must not have them
 *	secure hold FILE...	open all these, say how many are open, hold them until
 *				the input ends
 *	secure wait FILE HOW	wait for input there: read, poll or epoll
 *	secure dirty MB		fill that much memory, and the caches of small
 *				objects, with 0xa5, and give it back
 *	secure rename IN OUT	copy a module pftrace as one that calls itself pftracX
 *
 * Prints what it found, and a line with how much it tried; 1 if it found
 * something.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <uapi/pftrace.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

#define ROOT	"/sys/kernel/debug/pftrace/"
#define MAP	ROOT "cpu/cpu0.map"
#define PAGE	4096UL
#define MARK	0x5a

static unsigned int tried, found;

static void wrong(const char *what)
{
	printf("%s\n", what);
	found++;
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static struct pft_ring_header *map_ring(int fd)
{
	struct pft_ring_header *h = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	size_t size;

	if (h == MAP_FAILED)
		err(2, "mmap");
	size = h->size;
	munmap(h, PAGE);
	h = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (h == MAP_FAILED)
		err(2, "mmap");
	return h;
}

/* write */

/* A byte of the header's page that nobody uses. What is there is told by another mapping. */
#define SPARE	3000

static const volatile char *witness;

/* @done: whether the kernel said that it did it */
static void attempt(const char *what, bool done)
{
	tried++;
	if (done)
		wrong(what);
	if (witness[SPARE])
		errx(1, "%s: the ring was written to", what);
}

static sigjmp_buf back;

static void on_signal(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static bool store(volatile char *at)
{
	if (sigsetjmp(back, 1))
		return false;
	*at = MARK;
	return true;
}

/* All that can be tried on a mapping, whatever way it came about. */
static void on_mapping(const char *how, char *map)
{
	char mark[8], what[200], *spare = map + SPARE;
	struct iovec mine = { mark, 8 }, there = { spare, 8 };
	int fd, fds[2];

	memset(mark, MARK, sizeof(mark));
#define TRY(name, done) do { \
		snprintf(what, sizeof(what), "%s: %s", how, name); \
		attempt(what, done); \
	} while (0)
	TRY("store", store(spare));
	TRY("mprotect rw", !mprotect(map, PAGE, PROT_READ | PROT_WRITE));
	TRY("store then", store(spare));
	TRY("mprotect w", !mprotect(map, PAGE, PROT_WRITE));
	TRY("mprotect rx", !mprotect(map, PAGE, PROT_READ | PROT_EXEC));
	TRY("pkey_mprotect rw",
	    !syscall(SYS_pkey_mprotect, map, PAGE, PROT_READ | PROT_WRITE, -1));
	fd = open_file("/dev/zero", O_RDONLY);
	TRY("read into it", read(fd, spare, 8) > 0);
	close(fd);
	/* Who has changed user may not even open it. */
	fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	TRY("/proc/self/mem", pwrite(fd, mark, 8, (off_t)(uintptr_t)spare) > 0);
	close(fd);
	TRY("process_vm_writev", process_vm_writev(getpid(), &mine, 1, &there, 1, 0) > 0);
	if (!socketpair(AF_UNIX, SOCK_STREAM, 0, fds)) {
		if (write(fds[0], mark, 8) != 8)
			err(2, "socket");
		TRY("recv into it", recv(fds[1], spare, 8, MSG_DONTWAIT) > 0);
		close(fds[0]);
		close(fds[1]);
	}
	TRY("getrandom", syscall(SYS_getrandom, spare, 8, 0) > 0);
	TRY("MADV_POPULATE_WRITE", !madvise(map, PAGE, MADV_POPULATE_WRITE));
	TRY("madvise, store", (madvise(map, PAGE, MADV_DONTNEED), store(spare)));
	TRY("mprotect back", (mprotect(map, PAGE, PROT_READ), store(spare)));
#undef TRY
}

static void try_uffd(char *map, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .range = { (uintptr_t)map, size } };
	struct uffdio_copy copy = { .dst = (uintptr_t)map, .src = (uintptr_t)malloc(PAGE),
				    .len = PAGE };
	unsigned int mode;
	int fd;

	for (mode = 1; mode < 8; mode++) {
		fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
		if (fd < 0 || ioctl(fd, UFFDIO_API, &api)) {
			close(fd);
			return;
		}
		reg.mode = mode;
		attempt("userfaultfd", !ioctl(fd, UFFDIO_REGISTER, &reg));
		attempt("UFFDIO_COPY", !ioctl(fd, UFFDIO_COPY, &copy));
		close(fd);
	}
}

/* Registered buffers are pinned for writing. */
static void try_io_uring(char *map)
{
	char params[120] = "";
	struct iovec vec = { map, PAGE };
	int fd = (int)syscall(SYS_io_uring_setup, 4, params);

	if (fd < 0)
		return;
	attempt("io_uring buffer", !syscall(SYS_io_uring_register, fd, 0, &vec, 1));
	close(fd);
}

static int reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
	return status;
}

/* By a parent that traces it, which may write to what the child itself may not. */
static void try_ptrace(char *map)
{
	pid_t pid = fork();
	char path[40], mark[8];
	int fd;

	memset(mark, MARK, sizeof(mark));
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	reap(pid);
	attempt("PTRACE_POKEDATA", !ptrace(PTRACE_POKEDATA, pid, map + SPARE, MARK));
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open_file(path, O_RDWR);
	attempt("/proc/PID/mem", pwrite(fd, mark, 8, (off_t)(uintptr_t)(map + SPARE)) > 0);
	close(fd);
	kill(pid, SIGKILL);
	reap(pid);
}

/* In a child, which inherits the mapping, as root and as nobody. */
static void try_child(const char *how, char *map, bool nobody)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		found = tried = 0;
		if (nobody && (setgid(65534) || setuid(65534)))
			_exit(255);
		on_mapping(how, map);
		fflush(stdout);
		_exit(found || tried < 10);
	}
	status = reap(pid);
	tried += 10;
	if (status)
		wrong(how);
}

static int try_write(void)
{
	static const int kinds[] = { MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE };
	static const int opens[] = { O_RDONLY };
	char *map, *other;
	size_t i, j, size;
	int fd;

	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	fd = open_file(MAP, O_RDONLY);
	witness = (const char *)map_ring(fd);
	size = ((const struct pft_ring_header *)witness)->size;
	close(fd);
	for (i = 0; i < 1; i++) {
		fd = open_file(MAP, opens[i]);
		attempt("write(2)", write(fd, "x", 1) > 0);
		attempt("pwrite(2)", pwrite(fd, "x", 1, SPARE) > 0);
		/* It says yes and does nothing: there is no size. */
		attempt("ftruncate", ftruncate(fd, 0) && false);
		for (j = 0; j < 3; j++) {
			attempt("mmap rw", mmap(NULL, PAGE, PROT_READ | PROT_WRITE, kinds[j], fd,
						0) != MAP_FAILED);
			attempt("mmap w", mmap(NULL, PAGE, PROT_WRITE, kinds[j], fd, 0) !=
				MAP_FAILED);
			attempt("mmap rx", mmap(NULL, PAGE, PROT_READ | PROT_EXEC, kinds[j], fd,
						0) != MAP_FAILED);
			map = mmap(NULL, PAGE, PROT_READ, kinds[j], fd, 0);
			if (map == MAP_FAILED && opens[i] != O_RDONLY) {
				printf("# open for writing it cannot be mapped: %s\n",
				       strerror(errno));
				continue;
			}
			if (map == MAP_FAILED)
				err(2, "mmap");
			on_mapping(kinds[j] == MAP_PRIVATE ? "private" : "shared", map);
			try_ptrace(map);
			try_uffd(map, PAGE);
			try_io_uring(map);
			try_child("child", map, false);
			try_child("nobody's child", map, true);
			other = mremap(map, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
				       mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
			if (other != MAP_FAILED) {
				on_mapping("moved", other);
				map = other;
			}
			/* None but the first page of a ring: 0 is not for this. */
			attempt("mremap to more", mremap(map, PAGE, 2 * size, MREMAP_MAYMOVE) !=
				MAP_FAILED);
			munmap(map, PAGE);
			map = mmap(NULL, size, PROT_READ, kinds[j], fd, 0);
			if (map == MAP_FAILED)
				err(2, "mmap");
			syscall(SYS_remap_file_pages, map, PAGE, 0, 1, 0);
			on_mapping("remap_file_pages", map);
			munmap(map, size);
		}
		attempt("mmap of more", mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0) !=
			MAP_FAILED);
		attempt("mmap behind", mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
					    (off_t)size) != MAP_FAILED);
		attempt("mmap far behind", mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
						(off_t)1 << 50) != MAP_FAILED);
		close(fd);
	}
	printf("# %u attempts, %u succeeded\n", tried, found);
	return found || tried < 150;
}

/* bytes */

static uint64_t allowed;
static unsigned long looked_at, records;

/* The kernel's half of the addresses, at any place where a pointer could be. */
static void look_for_addresses(const char *what, const void *from, size_t bytes)
{
	uint64_t word;
	size_t i;

	for (i = 0; i + 8 <= bytes; i += 8) {
		memcpy(&word, (const char *)from + i, 8);
		if (word >> 48 == 0xffff && word != allowed) {
			printf("%s: byte %zu has the address 0x%llx\n", what, i,
			       (unsigned long long)word);
			found++;
		}
	}
	looked_at += bytes;
}

static void all_zero(const char *what, const char *from, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		if (from[i]) {
			printf("%s: byte %zu of %zu is 0x%02x\n", what, i, bytes, from[i] & 255U);
			found++;
			break;
		}
	looked_at += bytes;
}

/* Before 5.17 the kernel leaves an earlier name of the thread behind a shorter one. */
static bool names_are_padded(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	return uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2 ||
	       major > 5 || (major == 5 && minor >= 17);
}

static void look_at_record(const struct pft_record *rec)
{
	size_t len = strnlen(rec->comm, PFT_COMM_LEN);

	records++;
	look_for_addresses("record", rec, sizeof(*rec));
	if (len == PFT_COMM_LEN)
		wrong("a comm has no end");
	else if (names_are_padded())
		all_zero("behind comm", rec->comm + len, PFT_COMM_LEN - len);
	if (rec->class >= PFT_NR_CLASSES || rec->access >= PFT_NR_ACCESSES ||
	    rec->origin >= PFT_NR_ORIGINS)
		wrong("a record with a class, access or origin that is none");
}

static void look_at_map(int cpu)
{
	const struct pft_ring_header *h;
	char path[64];
	const char *from;
	uint64_t head, newest, i;
	int fd;

	snprintf(path, sizeof(path), ROOT "cpu/cpu%d.map", cpu);
	fd = open_file(path, O_RDONLY);
	h = map_ring(fd);
	from = (const char *)h;
	look_for_addresses("header", h, sizeof(*h));
	all_zero("behind the header", from + sizeof(*h), h->data_offset - sizeof(*h));
	head = h->head;
	for (i = 0; i < h->slots; i++) {
		const char *slot = from + h->data_offset + i * h->record_size;

		/* The newest position that is in this slot, if it was in this memory. */
		newest = head > i ? (head - 1 - i) / h->slots * h->slots + i : 0;
		if (head > i && newest >= h->first)
			look_at_record((const struct pft_record *)slot);
		else
			all_zero("a slot never written", slot, h->record_size);
	}
	i = h->data_offset + h->slots * h->record_size;
	all_zero("behind the slots", from + i, h->size - i);
	munmap((void *)h, h->size);
	close(fd);
}

static void look_at_file(int cpu)
{
	struct pft_record rec[20];
	char path[64];
	ssize_t n, i;
	int fd;

	snprintf(path, sizeof(path), ROOT "cpu/cpu%d", cpu);
	fd = open_file(path, O_RDONLY | O_NONBLOCK);
	while ((n = read(fd, rec, sizeof(rec))) > 0)
		for (i = 0; i < n / (ssize_t)sizeof(rec[0]); i++)
			look_at_record(&rec[i]);
	close(fd);
}

static int try_bytes(const char *address)
{
	int cpu;

	allowed = address ? strtoull(address, NULL, 0) : 0;
	for (cpu = 0; cpu < 2; cpu++) {
		look_at_map(cpu);
		look_at_file(cpu);
	}
	printf("# %lu bytes, %lu records\n", looked_at, records);
	return found || records < 100;
}

/* others */

static void forbidden(const char *name, const char *what, bool done)
{
	tried++;
	if (done) {
		printf("%s: %s\n", name, what);
		found++;
	}
}

static bool reopened(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags) >= 0;
}

static void try_file(int dir, const char *name)
{
	char path[512];
	int fd;

	forbidden(name, "read", openat(dir, name, O_RDONLY | O_NONBLOCK) >= 0);
	forbidden(name, "write", openat(dir, name, O_WRONLY | O_NONBLOCK) >= 0);
	forbidden(name, "read and write", openat(dir, name, O_RDWR | O_NONBLOCK) >= 0);
	forbidden(name, "truncate", openat(dir, name, O_WRONLY | O_TRUNC | O_NONBLOCK) >= 0);
	fd = openat(dir, name, O_PATH);
	if (fd >= 0) {
		forbidden(name, "reopen for reading", reopened(fd, O_RDONLY | O_NONBLOCK));
		forbidden(name, "reopen for writing", reopened(fd, O_WRONLY | O_NONBLOCK));
		forbidden(name, "fchmod", !fchmod(fd, 0666));
		close(fd);
	}
	forbidden(name, "access", !faccessat(dir, name, R_OK, 0));
	forbidden(name, "chmod", !fchmodat(dir, name, 0666, 0));
	forbidden(name, "chown", !fchownat(dir, name, getuid(), getgid(), 0));
	forbidden(name, "unlink", !unlinkat(dir, name, 0));
	forbidden(name, "rmdir", !unlinkat(dir, name, AT_REMOVEDIR));
	forbidden(name, "rename", !renameat(dir, name, dir, "other"));
	forbidden(name, "link", !linkat(dir, name, AT_FDCWD, "link", 0));
	snprintf(path, sizeof(path), ROOT "%s", name);
	forbidden(name, "by its path", open(path, O_RDONLY | O_NONBLOCK) >= 0);
	forbidden(name, "xattr", !setxattr(path, "user.x", "1", 1, 0));
}

static int try_others(int dir, char **names)
{
	int copy;

	forbidden(".", "list", (copy = openat(dir, ".", O_RDONLY | O_DIRECTORY)) >= 0);
	forbidden(".", "mkdir", !mkdirat(dir, "new", 0777));
	forbidden(".", "create", openat(dir, "new", O_CREAT | O_RDWR, 0666) >= 0);
	forbidden(".", "symlink", !symlinkat("x", dir, "new"));
	forbidden(".", "change to it", !fchdir(dir));
	for (; *names; names++)
		try_file(dir, *names);
	printf("# %u attempts, %u succeeded\n", tried, found);
	return found || tried < 200;
}

/* hold, wait, dirty */

static int hold(char **names)
{
	struct rlimit limit = { 65536, 65536 };
	unsigned int n = 0;
	char c;

	setrlimit(RLIMIT_NOFILE, &limit);
	for (; *names; names++)
		n += open(*names, O_RDONLY | O_NONBLOCK) >= 0;
	printf("%u\n", n);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	return 0;
}

static void __attribute__((noreturn)) wait_for_input(const char *path, const char *how)
{
	struct pollfd wait = { .fd = open_file(path, O_RDONLY | O_NONBLOCK), .events = POLLIN };
	struct epoll_event event = { .events = EPOLLIN };
	char buf[65536];
	int fd = epoll_create1(0);

	/* What is there already would not let it wait. */
	while (read(wait.fd, buf, sizeof(buf)) > 0)
		;
	fcntl(wait.fd, F_SETFL, 0);
	epoll_ctl(fd, EPOLL_CTL_ADD, wait.fd, &event);
	for (;;) {
		if (!strcmp(how, "read"))
			(void)!read(wait.fd, buf, sizeof(buf));
		else if (!strcmp(how, "poll"))
			poll(&wait, 1, -1);
		else
			epoll_wait(fd, &event, 1, -1);
	}
}

static int dirty(size_t mb)
{
	static char some[4096];
	int fds[2], i;
	char *p;

	memset(some, 0xa5, sizeof(some));
	p = mmap(NULL, mb << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		err(2, "mmap");
	memset(p, 0xa5, mb << 20);
	/* Messages of all sizes are kept in memory from kmalloc(). */
	for (i = 16; i <= 4096; i *= 2) {
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds))
			err(2, "socketpair");
		while (send(fds[0], some, (size_t)i, MSG_DONTWAIT) > 0)
			;
		close(fds[0]);
		close(fds[1]);
	}
	return 0;
}

/* Where struct module is, which the file has a section of its own for. */
static char *struct_module(char *file, size_t *size)
{
	const Elf64_Ehdr *head = (const Elf64_Ehdr *)file;
	const Elf64_Shdr *section = (const Elf64_Shdr *)(file + head->e_shoff);
	const char *names = file + section[head->e_shstrndx].sh_offset;
	unsigned int i;

	for (i = 0; i < head->e_shnum; i++) {
		if (strcmp(names + section[i].sh_name, ".gnu.linkonce.this_module") != 0)
			continue;
		*size = section[i].sh_size;
		return file + section[i].sh_offset;
	}
	errx(2, "no struct module");
}

/* Its name is in there, in a field of 56 bytes; elsewhere the same text means other things. */
static int rename_module(const char *from, const char *to)
{
	static const char name[48] = "pftrace";
	int in = open_file(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stat st;
	char *p, *module, *at;
	size_t size;

	if (out < 0 || fstat(in, &st))
		err(2, "%s", to);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, in, 0);
	if (p == MAP_FAILED)
		err(2, "mmap");
	module = struct_module(p, &size);
	at = memmem(module, size, name, sizeof(name));
	if (!at)
		errx(2, "%s: no name", from);
	at[6] = 'X';
	if (write(out, p, (size_t)st.st_size) != st.st_size)
		err(2, "%s", to);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "write"))
		return try_write();
	if (!strcmp(what, "bytes"))
		return try_bytes(argv[2]);
	if (!strcmp(what, "others") && argc > 3)
		return try_others(atoi(argv[2]), argv + 3);
	if (!strcmp(what, "hold"))
		return hold(argv + 2);
	if (!strcmp(what, "wait") && argc == 4)
		wait_for_input(argv[2], argv[3]);
	if (!strcmp(what, "rename") && argc == 4)
		return rename_module(argv[2], argv[3]);
	if (!strcmp(what, "dirty") && argc == 3)
		return dirty(strtoul(argv[2], NULL, 0));
	errx(2, "write, bytes, others, hold, wait, dirty or rename?");
}
