// SPDX-License-Identifier: GPL-2.0
/*
 *	ringreader [--slow|--busy] text|read|map
 *	ringreader writable
 *
 * Follows all rings from where they are now, by trace_pipe, by read(2) of
 * cpu/cpuN, or by mapping cpu/cpuN.map. Prints "ready", and on SIGUSR1, when
 * it has caught up: "sum BEFORE READ LOST", BEFORE being the positions that
 * had been used when it began. What is lost it learns from the position of the
 * next record, or from trace_pipe. The others also print, for each ring, "cpu N
 * BEFORE READ LOST WRITTEN", WRITTEN being where the writer is by the ring's
 * header. Of a slot they believe only the position in it; each record must make
 * sense by itself. Exits 1 if one did not.
 *
 * A slow reader sleeps between records; a busy one never does, so it is always
 * at the heels of the writer.
 *
 * "writable" tries all ways to get a writable mapping; 0 if one works.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

/*
 * One ring. @wanted is the next position; the rest is counted since it had been
 * @before.
 */
struct cpu {
	int fd;
	const struct pft_ring_header *h;
	uint64_t before, wanted, read, lost, time;
};

static volatile sig_atomic_t finish;
static struct cpu cpus[MAX_CPUS];
static bool slow, busy;
static int bad;

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
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
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

/* Where the writer of a CPU is. Fails at the first CPU that is not there. */
static bool written(int cpu, uint64_t *head)
{
	int fd = open_cpu(cpu, ".map");
	struct pft_ring_header *h;

	if (fd < 0)
		return false;
	h = map_cpu(fd);
	*head = head_of(h);
	munmap(h, h->size);
	close(fd);
	return true;
}

static void nonsense(const struct cpu *cpu, const struct pft_record *rec)
{
	if (bad++ < 5)
		fprintf(stderr, "wanted position %" PRIu64 ", got %" PRIu64 ": class %u cause %u pid %u address %#" PRIx64 "\n",
			cpu->wanted, (uint64_t)rec->pos, (unsigned int)rec->class,
			(unsigned int)rec->cause, (unsigned int)rec->pid, (uint64_t)rec->address);
}

static void take(struct cpu *cpu, const struct pft_record *rec)
{
	if (rec->pos < cpu->wanted || rec->time_ns < cpu->time || rec->class > PFT_INVALID ||
	    rec->access > PFT_EXEC || rec->origin > PFT_GUP || !rec->pid ||
	    rec->cause >= PFT_NR_CAUSES || rec->level >= PFT_NR_LEVELS ||
	    rec->area >= PFT_NR_AREAS || rec->comm[PFT_COMM_LEN - 1] ||
	    ((rec->perms & PFT_PERM_VMA) &&
	     (rec->address < rec->vma_start || rec->address >= rec->vma_end)))
		nonsense(cpu, rec);
	cpu->lost += rec->pos - cpu->wanted;
	cpu->read++;
	cpu->wanted = rec->pos + 1;
	cpu->time = rec->time_ns;
}

static bool drain_read(struct cpu *cpu)
{
	static struct pft_record batch[64];
	bool some = false;
	ssize_t n, i;

	while ((n = read(cpu->fd, batch, sizeof(batch))) > 0) {
		for (i = 0; i < n / (ssize_t)sizeof(*batch); i++)
			take(cpu, &batch[i]);
		some = true;
		dawdle();
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail("read");
	return some;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* As Documentation/ring.md tells. */
static bool drain_map(struct cpu *cpu)
{
	const struct pft_ring_header *h = cpu->h;
	const char *slots = (const char *)h + h->data_offset;
	bool some = false;

	for (;;) {
		uint64_t head = head_of(h), reserve, pos;
		union {
			struct pft_record rec;
			uint64_t words[sizeof(struct pft_record) / 8];
		} copy;
		const uint64_t *from;
		size_t i;

		reserve = __atomic_load_n(&h->reserve, __ATOMIC_RELAXED);
		pos = larger(cpu->wanted, reserve > h->slots ? reserve - h->slots : 0);
		pos = larger(pos, __atomic_load_n(&h->first, __ATOMIC_RELAXED));
		pos = larger(pos, __atomic_load_n(&h->cleared, __ATOMIC_RELAXED));
		if (pos >= head)
			return some;
		from = (const uint64_t *)(slots + (pos & (h->slots - 1)) * sizeof(copy));
		for (i = 0; i < sizeof(copy) / 8; i++)
			copy.words[i] = __atomic_load_n(from + i, __ATOMIC_RELAXED);
		atomic_thread_fence(memory_order_acquire);
		if (__atomic_load_n(&h->reserve, __ATOMIC_RELAXED) > pos + h->slots)
			continue;
		if (copy.rec.pos != pos)
			nonsense(cpu, &copy.rec);
		take(cpu, &copy.rec);
		some = true;
		if (!(pos & 31))
			dawdle();
	}
}

/* Of rings as they are now; the reader by read(2) gets the oldest first. */
static int open_cpus(bool mapped)
{
	struct cpu *cpu;
	int n;

	for (n = 0; n < MAX_CPUS; n++) {
		cpu = &cpus[n];
		cpu->fd = open_cpu(n, mapped ? ".map" : "");
		if (cpu->fd < 0)
			break;
		if (mapped) {
			cpu->h = map_cpu(cpu->fd);
			cpu->wanted = head_of(cpu->h);
		} else {
			drain_read(cpu);
		}
		cpu->before = cpu->wanted;
		cpu->read = 0;
		cpu->lost = 0;
	}
	return n;
}

static void follow_cpus(bool mapped)
{
	uint64_t before = 0, nr_read = 0, nr_lost = 0, end;
	struct pollfd fds[MAX_CPUS];
	int n = open_cpus(mapped), i;
	struct cpu *cpu;

	bad += !n;
	for (i = 0; i < n; i++)
		fds[i] = (struct pollfd) { .fd = cpus[i].fd, .events = POLLIN };
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		bool last = finish, some = false;

		for (i = 0; i < n; i++)
			some |= mapped ? drain_map(&cpus[i]) : drain_read(&cpus[i]);
		if (last && !some)
			break;
		if (!some && !busy)
			poll(fds, n, 100);
	}
	for (i = 0; i < n; i++) {
		cpu = &cpus[i];
		if (!written(i, &end))
			fail("cpuN.map");
		printf("cpu %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", i, cpu->before,
		       cpu->read, cpu->lost, end);
		before += cpu->before;
		nr_read += cpu->read;
		nr_lost += cpu->lost;
	}
	printf("sum %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", before, nr_read, nr_lost);
}

/* Of all CPUs, added up. */
static uint64_t all_written(void)
{
	uint64_t sum = 0, head;
	int cpu;

	for (cpu = 0; written(cpu, &head); cpu++)
		sum += head;
	bad += !cpu;
	return sum;
}

/*
 * Text: what is lost stands in comments. The positions used before are not
 * told, so they are taken from the rings' headers, before and after opening:
 * nothing may be written in between, or it is tried again.
 */
static void follow_text(void)
{
	uint64_t before, nr_read = 0, nr_lost = 0;
	static char buf[1 << 16];
	size_t len = 0;
	int fd = -1;

	do {
		if (fd >= 0)
			close(fd);
		before = all_written();
		fd = open(ROOT "trace_pipe", O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			fail("trace_pipe");
	} while (all_written() != before);
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
				break;
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
	printf("sum %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", before, nr_read, nr_lost);
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
	if (argc > 1 && (!strcmp(argv[1], "--slow") || !strcmp(argv[1], "--busy"))) {
		slow = argv[1][2] == 's';
		busy = !slow;
		argv++;
		argc--;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: ringreader [--slow|--busy] text|read|map|writable\n");
		return 2;
	}
	signal(SIGUSR1, finishing);
	if (!strcmp(argv[1], "writable"))
		return try_writable();
	if (!strcmp(argv[1], "text"))
		follow_text();
	else
		follow_cpus(!strcmp(argv[1], "map"));
	return bad != 0;
}
