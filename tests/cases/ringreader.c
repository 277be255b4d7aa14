// SPDX-License-Identifier: GPL-2.0
/*
 *	ringreader [--slow|--busy] text|read|map
 *	ringreader writable
 *
 * Follows all rings from where they are now, by trace_pipe, by read(2) of
 * cpu/cpuN, or by mapping cpu/cpuN.map. Prints "ready", and on SIGUSR1, when
 * it has caught up: "sum BEFORE READ LOST", BEFORE being the positions that
 * had been used when it began. Exits 1 if a record made no sense.
 *
 * A slow reader sleeps between records; a busy one never does, so it is always
 * at the heels of the writer.
 *
 * "writable" tries all ways to get a writable mapping; 0 if one works.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <uapi/pftrace.h>

#define ROOT		"/sys/kernel/debug/pftrace/"
#define MAX_CPUS	64

static volatile sig_atomic_t finish;
static bool slow, busy;
static int bad;
static uint64_t before, nr_read, nr_lost;

static void finishing(int sig)
{
	(void)sig;
	finish = 1;
}

static void __attribute__((noreturn)) fail(const char *what)
{
	perror(what);
	exit(1);
}

static void dawdle(void)
{
	struct timespec t = { .tv_nsec = 20000000 };

	if (slow && !finish)
		nanosleep(&t, NULL);
}

static int open_cpu(int cpu, const char *suffix)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), ROOT "cpu/cpu%d%s", cpu, suffix);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 && errno != ENOENT && errno != ENXIO)
		fail(path);
	return fd;
}

static struct pft_ring_header *map_cpu(int fd)
{
	struct pft_ring_header *h = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	size_t size;

	if (h == MAP_FAILED)
		fail("mmap");
	if (h->magic != PFT_RING_MAGIC || h->abi_major != PFT_ABI_MAJOR ||
	    h->record_size != sizeof(struct pft_record))
		bad = 1;
	size = h->size;
	munmap(h, 4096);
	h = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (h == MAP_FAILED)
		fail("mmap");
	return h;
}

static uint64_t head_of(const struct pft_ring_header *h)
{
	return __atomic_load_n(&h->head, __ATOMIC_ACQUIRE);
}

static void take(const struct pft_record *rec, uint64_t *wanted, uint64_t *time)
{
	if (rec->pos < *wanted || rec->time_ns < *time || rec->class > PFT_INVALID ||
	    rec->access > PFT_EXEC || rec->origin > PFT_GUP || !rec->pid ||
	    rec->cause >= PFT_NR_CAUSES || rec->level >= PFT_NR_LEVELS ||
	    rec->area >= PFT_NR_AREAS || rec->comm[PFT_COMM_LEN - 1] ||
	    ((rec->perms & PFT_PERM_VMA) &&
	     (rec->address < rec->vma_start || rec->address >= rec->vma_end)))
		bad = 1;
	nr_lost += rec->pos - *wanted;
	nr_read++;
	*wanted = rec->pos + 1;
	*time = rec->time_ns;
}

struct cpu {
	int fd;
	struct pft_ring_header *h;
	uint64_t wanted, time;
};

static bool drain_read(struct cpu *cpu)
{
	struct pft_record batch[64];
	bool some = false;
	ssize_t n, i;

	while ((n = read(cpu->fd, batch, sizeof(batch))) > 0) {
		for (i = 0; i < n / (ssize_t)sizeof(*batch); i++)
			take(&batch[i], &cpu->wanted, &cpu->time);
		some = true;
		dawdle();
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail("read");
	return some;
}

static bool drain_map(struct cpu *cpu)
{
	const struct pft_ring_header *h = cpu->h;
	const struct pft_record *slots = (const void *)((const char *)h + h->data_offset);
	bool some = false;

	for (;;) {
		uint64_t pos = cpu->wanted, head = head_of(h), reserve;
		struct pft_record rec;

		reserve = __atomic_load_n(&h->reserve, __ATOMIC_ACQUIRE);
		if (reserve > h->slots && pos < reserve - h->slots)
			pos = reserve - h->slots;
		if (pos >= head)
			return some;
		memcpy(&rec, &slots[pos & (h->slots - 1)], sizeof(rec));
		atomic_thread_fence(memory_order_acquire);
		if (__atomic_load_n(&h->reserve, __ATOMIC_RELAXED) > pos + h->slots)
			continue;
		if (rec.pos != pos)
			bad = 1;
		take(&rec, &cpu->wanted, &cpu->time);
		some = true;
		if (!(pos & 31))
			dawdle();
	}
}

static int follow_cpus(bool mapped)
{
	struct cpu cpus[MAX_CPUS] = {};
	struct pollfd fds[MAX_CPUS];
	int n, i;

	for (n = 0; n < MAX_CPUS; n++) {
		int map = open_cpu(n, ".map");

		if (map < 0)
			break;
		cpus[n].h = map_cpu(map);
		cpus[n].fd = mapped ? map : open_cpu(n, "");
		if (cpus[n].fd < 0)
			fail("open");
		fds[n] = (struct pollfd) { .fd = cpus[n].fd, .events = POLLIN };
	}
	/* The reader by read(2) gets the oldest first: throw that away. */
	for (i = 0; i < n; i++) {
		if (!mapped)
			drain_read(&cpus[i]);
		else
			cpus[i].wanted = head_of(cpus[i].h);
		before += cpus[i].wanted;
		if (!mapped)
			munmap(cpus[i].h, cpus[i].h->size);
	}
	nr_read = 0;
	nr_lost = 0;
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		bool last = finish, some = false;

		for (i = 0; i < n; i++)
			some |= mapped ? drain_map(&cpus[i]) : drain_read(&cpus[i]);
		if (last && !some)
			return n;
		if (!some && !busy)
			poll(fds, n, 100);
	}
}

/*
 * Text: what is lost stands in comments. The positions used before are not
 * told, so they are taken from the rings' headers, before and after opening:
 * nothing may be written in between, or it is tried again.
 */
static int follow_text(void)
{
	static char buf[1 << 16];
	uint64_t now;
	size_t len = 0;
	int fd = -1, cpu, map;

	do {
		if (fd >= 0)
			close(fd);
		before = 0;
		now = 0;
		for (cpu = 0; (map = open_cpu(cpu, ".map")) >= 0; cpu++, close(map)) {
			struct pft_ring_header *h = map_cpu(map);

			before += head_of(h);
			munmap(h, h->size);
		}
		fd = open(ROOT "trace_pipe", O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			fail("trace_pipe");
		for (cpu = 0; (map = open_cpu(cpu, ".map")) >= 0; cpu++, close(map)) {
			struct pft_ring_header *h = map_cpu(map);

			now += head_of(h);
			munmap(h, h->size);
		}
	} while (now != before);
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		bool last = finish;
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		ssize_t n = read(fd, buf + len, sizeof(buf) - len);
		char *line = buf, *end;

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			fail("trace_pipe");
		if (n <= 0) {
			if (last && !len)
				return cpu;
			poll(&pfd, 1, 100);
			continue;
		}
		len += n;
		while ((end = memchr(line, '\n', buf + len - line))) {
			uint64_t lost;

			*end = '\0';
			if (sscanf(line, "# lost %lu records", &lost) == 1)
				nr_lost += lost;
			else if (line[0] != '#')
				nr_read++;
			line = end + 1;
		}
		len -= line - buf;
		memmove(buf, line, len);
		dawdle();
	}
}

static int try_writable(void)
{
	int fd = open_cpu(0, ".map"), rw = open(ROOT "cpu/cpu0.map", O_RDWR);
	struct pft_ring_header *h;

	if (fd < 0)
		fail("cpu0.map");
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED ||
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) != MAP_FAILED ||
	    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0) != MAP_FAILED)
		return 0;
	/* root may open it for writing, which helps nothing */
	if (rw >= 0 && mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, rw, 0) != MAP_FAILED)
		return 0;
	h = map_cpu(fd);
	if (!mprotect(h, 4096, PROT_READ | PROT_WRITE) || !mprotect(h, 4096, PROT_READ | PROT_EXEC))
		return 0;
	/* neither more than there is */
	if (mmap(NULL, h->size + 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED ||
	    mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, h->size) != MAP_FAILED)
		return 0;
	return 1;
}

int main(int argc, char **argv)
{
	int cpus;

	if (argc > 1 && (!strcmp(argv[1], "--slow") || !strcmp(argv[1], "--busy"))) {
		slow = argv[1][2] == 's';
		busy = !slow;
		argv++;
		argc--;
	}
	if (argc != 2)
		return 2;
	signal(SIGUSR1, finishing);
	if (!strcmp(argv[1], "writable"))
		return try_writable();
	if (!strcmp(argv[1], "text"))
		cpus = follow_text();
	else
		cpus = follow_cpus(!strcmp(argv[1], "map"));
	printf("sum %lu %lu %lu\n", before, nr_read, nr_lost);
	return bad || !cpus;
}
