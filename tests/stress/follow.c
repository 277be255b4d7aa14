// SPDX-License-Identifier: GPL-2.0
/*
 *	follow read|map
 *
 * Follows the ring of each CPU, by read(2) of cpu/cpuN or by mapping cpu/cpuN.map,
 * and counts for itself. Prints "ready", and when it gets SIGUSR1, which should
 * come when tracing is off: "cpu N BEGAN READ LOST WRITTEN", WRITTEN being where
 * the writer is by the ring's header. What is lost it learns from the position of
 * the next record, so the last thing that happens must be a record. Of a slot, it
 * believes only the position in it; each record must make sense by itself.
 *
 * Exits 1 if BEGAN + READ + LOST is not WRITTEN, or a record made no sense.
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
#include <unistd.h>

#include <uapi/pftrace.h>

#define ROOT		"/sys/kernel/debug/pftrace/"
#define MAX_CPUS	64

struct cpu {
	int fd;
	const struct pft_ring_header *h;
	uint64_t began, want, read, lost, time;
};

static struct cpu cpus[MAX_CPUS];
static volatile sig_atomic_t finish;
static int bad;

static void finishing(int sig)
{
	(void)sig;
	finish = 1;
}

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "follow: %s: %s\n", what, strerror(errno));
	exit(2);
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

/* Only the header, for what size the ring is now is of no interest here. */
static uint64_t written(int cpu)
{
	int fd = open_cpu(cpu, ".map");
	const struct pft_ring_header *h;
	uint64_t head;

	if (fd < 0)
		fail("cpuN.map");
	h = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (h == MAP_FAILED)
		fail("mmap");
	head = __atomic_load_n(&h->head, __ATOMIC_ACQUIRE);
	munmap((void *)h, 4096);
	close(fd);
	return head;
}

static void nonsense(const struct cpu *cpu, const struct pft_record *rec)
{
	if (bad++ < 5)
		fprintf(stderr, "follow: wanted position %" PRIu64 ", got %" PRIu64 ": class %u cause %u pid %u address %#" PRIx64 "\n",
			cpu->want, (uint64_t)rec->pos, (unsigned int)rec->class, (unsigned int)rec->cause,
			(unsigned int)rec->pid, (uint64_t)rec->address);
}

static void take(struct cpu *cpu, const struct pft_record *rec)
{
	if (rec->pos < cpu->want || rec->time_ns < cpu->time || rec->class > PFT_INVALID ||
	    rec->access > PFT_EXEC || rec->origin > PFT_GUP || !rec->pid ||
	    rec->cause >= PFT_NR_CAUSES || rec->level >= PFT_NR_LEVELS ||
	    rec->comm[PFT_COMM_LEN - 1] ||
	    ((rec->perms & PFT_PERM_VMA) &&
	     (rec->address < rec->vma_start || rec->address >= rec->vma_end)))
		nonsense(cpu, rec);
	cpu->lost += rec->pos - cpu->want;
	cpu->read++;
	cpu->want = rec->pos + 1;
	cpu->time = rec->time_ns;
}

static bool drain_read(struct cpu *cpu)
{
	static struct pft_record batch[256];
	bool some = false;
	ssize_t n, i;

	while ((n = read(cpu->fd, batch, sizeof(batch))) > 0) {
		for (i = 0; i < n / (ssize_t)sizeof(*batch); i++)
			take(cpu, &batch[i]);
		some = true;
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
		uint64_t head, reserve, oldest;
		union {
			struct pft_record rec;
			uint64_t words[sizeof(struct pft_record) / 8];
		} copy;
		const uint64_t *from;
		size_t i;

		head = __atomic_load_n(&h->head, __ATOMIC_ACQUIRE);
		if (cpu->want >= head)
			return some;
		reserve = __atomic_load_n(&h->reserve, __ATOMIC_RELAXED);
		oldest = reserve > h->slots ? reserve - h->slots : 0;
		oldest = larger(oldest, __atomic_load_n(&h->first, __ATOMIC_RELAXED));
		oldest = larger(oldest, __atomic_load_n(&h->cleared, __ATOMIC_RELAXED));
		if (oldest > cpu->want) {
			cpu->lost += oldest - cpu->want;
			cpu->want = oldest;
			continue;
		}
		from = (const uint64_t *)(slots + (cpu->want & (h->slots - 1)) * sizeof(copy));
		for (i = 0; i < sizeof(copy) / 8; i++)
			copy.words[i] = __atomic_load_n(from + i, __ATOMIC_RELAXED);
		atomic_thread_fence(memory_order_acquire);
		if (__atomic_load_n(&h->reserve, __ATOMIC_RELAXED) > cpu->want + h->slots)
			continue;
		if (copy.rec.pos != cpu->want)
			nonsense(cpu, &copy.rec);
		take(cpu, &copy.rec);
		some = true;
	}
}

int main(int argc, char **argv)
{
	struct pollfd fds[MAX_CPUS];
	bool mapped = argc == 2 && !strcmp(argv[1], "map");
	int n, i;

	if (argc != 2 || (!mapped && strcmp(argv[1], "read"))) {
		fprintf(stderr, "usage: follow read|map\n");
		return 2;
	}
	signal(SIGUSR1, finishing);
	for (n = 0; n < MAX_CPUS; n++) {
		cpus[n].fd = open_cpu(n, mapped ? ".map" : "");
		if (cpus[n].fd < 0)
			break;
		if (mapped) {
			const struct pft_ring_header *h;
			size_t size;

			h = mmap(NULL, 4096, PROT_READ, MAP_SHARED, cpus[n].fd, 0);
			if (h == MAP_FAILED)
				fail("mmap");
			size = h->size;
			munmap((void *)h, 4096);
			cpus[n].h = mmap(NULL, size, PROT_READ, MAP_SHARED, cpus[n].fd, 0);
			if (cpus[n].h == MAP_FAILED)
				fail("mmap");
			cpus[n].want = __atomic_load_n(&cpus[n].h->head, __ATOMIC_ACQUIRE);
		} else {
			/* It gets the oldest first: up to here it only looks. */
			drain_read(&cpus[n]);
		}
		cpus[n].began = cpus[n].want;
		cpus[n].read = 0;
		cpus[n].lost = 0;
		fds[n] = (struct pollfd) { cpus[n].fd, POLLIN, 0 };
	}
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		bool last = finish, some = false;

		for (i = 0; i < n; i++)
			some |= mapped ? drain_map(&cpus[i]) : drain_read(&cpus[i]);
		if (last && !some)
			break;
		if (!some)
			poll(fds, n, 100);
	}
	for (i = 0; i < n; i++) {
		struct cpu *c = &cpus[i];
		uint64_t end = written(i);

		printf("cpu %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", i, c->began,
		       c->read, c->lost, end);
		if (c->began + c->read + c->lost != end)
			bad++;
	}
	return bad || !n;
}
