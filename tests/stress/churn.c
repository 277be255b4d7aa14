// SPDX-License-Identifier: GPL-2.0
/*
 *	churn [-s] OPERATIONS [SEED]
 *
 * Uses pftrace's files in every way that is allowed, in an order that SEED
 * decides: whole and in part, held open for a while, mapped; rings are resized,
 * filters written, tracing is switched off and on, counts are cleared. Each call
 * must succeed or fail with an error that the documentation names. -s (still): no
 * writes but those to buffer_kb. It does not switch or clear, so no kernel text
 * is patched.
 *
 * Ends with tracing on and no filter. What `clear` took away is summed up first, and
 * told: "cleared MINOR MAJOR INVALID AUDITED MISMATCHES MISSING SURPLUS".
 *
 * Exits 1 if something was not as it must be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uapi/pftrace.h>

#define ROOT	"/sys/kernel/debug/pftrace/"
#define SIZE(a)	(sizeof(a) / sizeof(*(a)))

static uint64_t seed;
static int bad;

enum { READ, PART, HOLD, MAP, RESIZE, SWITCH, FILTER, CLEAR, NR_OPS };
static const char * const op_names[NR_OPS] = {
	"read", "part", "hold", "map", "resize", "switch", "filter", "clear",
};
/* Of 64 operations. Those that write to the kernel's text take longest. */
static const unsigned int weights[NR_OPS] = { 14, 16, 14, 8, 4, 2, 5, 1 };

static const char * const readable[] = {
	"README", "enable", "totals", "pids", "threads", "exited", "causes", "latency", "files",
	"trace", "format", "buffer_kb", "filter/pid", "filter/comm", "filter/class",
	"filter/cause", "filter/min_latency_us", "filter/cgroup",
};
/* These wait for more at their end. */
static const char * const endless[] = { "trace_pipe", "cpu/cpu0", "cpu/cpu1" };

static const char * const kept[] = { "minor", "major", "invalid", "audited_threads",
	"audit_mismatches", "audit_missing", "audit_surplus" };
static uint64_t cleared[SIZE(kept)];

/* xorshift64*: the same numbers for the same seed, on every machine. */
static uint64_t next(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * 0x2545f4914f6cdd1dULL) >> 16;
}

static void unexpected(const char *call, const char *file)
{
	printf("churn: %s %s: %s\n", call, file, strerror(errno));
	bad = 1;
}

static int open_file(const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), ROOT "%s", name);
	fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);
	/* A CPU that was never there has no files. */
	if (fd < 0 && !(!strncmp(name, "cpu/", 4) && (errno == ENOENT || errno == ENXIO)))
		unexpected("open", name);
	return fd;
}

static void read_some(int fd, const char *name, size_t most)
{
	static char buf[1 << 16];
	size_t sum = 0;
	ssize_t n;

	while (sum < most) {
		size_t want = 1 + next() % sizeof(buf);

		/* No less than a record; what is not one is refused. */
		if (!strncmp(name, "cpu/", 4))
			want = (1 + next() % 64) * sizeof(struct pft_record);
		n = read(fd, buf, want);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			unexpected("read", name);
			return;
		}
		if (!n)
			return;
		sum += n;
	}
}

static void read_whole(const char *name)
{
	int fd = open_file(name, O_RDONLY);

	if (fd < 0)
		return;
	read_some(fd, name, 4 << 20);
	close(fd);
}

static const char *any_file(void)
{
	unsigned int i = next() % (SIZE(readable) + 2 * SIZE(endless));

	return i < SIZE(readable) ? readable[i] : endless[(i - SIZE(readable)) / 2];
}

static void read_part(void)
{
	const char *name = any_file();
	int fd = open_file(name, O_RDONLY);

	if (fd < 0)
		return;
	if (next() % 8)
		read_some(fd, name, next() % 16384);
	if (next() % 2 && name != endless[0] && strncmp(name, "cpu/", 4) &&
	    lseek(fd, 0, SEEK_SET) != 0)
		unexpected("lseek", name);
	if (next() % 2)
		read_some(fd, name, next() % 4096);
	close(fd);
}

/* Some are held open for long, and used again. */
static struct {
	const char *name;
	int fd;
} held[8];

static void hold(void)
{
	unsigned int i = next() % SIZE(held);

	if (!held[i].name) {
		held[i].name = any_file();
		held[i].fd = open_file(held[i].name, O_RDONLY);
		if (held[i].fd < 0)
			held[i].name = NULL;
	} else if (next() % 4) {
		struct pollfd p = { held[i].fd, POLLIN, 0 };

		if (poll(&p, 1, next() % 20) < 0)
			unexpected("poll", held[i].name);
		read_some(held[i].fd, held[i].name, next() % 65536);
	} else {
		close(held[i].fd);
		held[i].name = NULL;
	}
}

/* Return: 0, what write(2) failed with, or -1 if there is no such file. */
static int try_write(const char *name, const char *text)
{
	int fd = open_file(name, O_WRONLY), error;

	if (fd < 0)
		return -1;
	error = write(fd, text, strlen(text)) < 0 ? errno : 0;
	if (close(fd))
		unexpected("close", name);
	return error;
}

/* errors: what may come of it besides success; a list that ends with 0, or NULL. */
static void write_file(const char *name, const char *text, const int *errors)
{
	int error = try_write(name, text), i;

	if (error <= 0)
		return;
	for (i = 0; errors && errors[i]; i++)
		if (error == errors[i])
			return;
	errno = error;
	unexpected(text, name);
}

/* Must fail, and in this way. */
static void refused(const char *name, const char *text, int wanted)
{
	int error = try_write(name, text);

	if (error < 0 || error == wanted)
		return;
	printf("churn: %s > %s: %s, wanted %s\n", text, name, strerror(error),
	       strerror(wanted));
	bad = 1;
}

static void map_ring(void)
{
	const char *name = next() % 2 ? "cpu/cpu0.map" : "cpu/cpu1.map";
	int fd = open_file(name, O_RDONLY), i;
	const volatile struct pft_ring_header *h;
	uint64_t size, sum = 0, head;

	if (fd < 0)
		return;
	h = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (h == MAP_FAILED) {
		unexpected("mmap", name);
		close(fd);
		return;
	}
	if (h->magic != PFT_RING_MAGIC || h->record_size != sizeof(struct pft_record)) {
		printf("churn: %s: not a ring's header\n", name);
		bad = 1;
	}
	size = h->size;
	munmap((void *)h, 4096);
	/* A resize may come in between, then there may be less to map. */
	h = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (h == MAP_FAILED) {
		if (errno != EINVAL && errno != ENXIO)
			unexpected("mmap of all", name);
		close(fd);
		return;
	}
	/* Nobody gives the ring new memory as long as this one is mapped. */
	refused("buffer_kb", "64", EBUSY);
	head = h->head;
	for (i = 0; i < 64; i++)
		sum += ((const volatile char *)h)[next() % h->size];
	if (h->head < head || h->reserve < h->head) {
		printf("churn: %s: positions go back\n", name);
		bad = 1;
	}
	munmap((void *)h, size);
	close(fd);
	(void)sum;
}

static void resize(void)
{
	static const int errors[] = { EBUSY, ENOMEM, 0 };
	char text[16];

	snprintf(text, sizeof(text), "%u", 4U << next() % 9);
	write_file("buffer_kb", text, errors);
}

static void filter(void)
{
	static const struct {
		const char *name, *value;
	} values[] = {
		{ "filter/pid", "1 2 3" }, { "filter/pid", "\n" }, { "filter/pid", "\n" },
		{ "filter/comm", "stress* hostile" }, { "filter/comm", "\n" },
		{ "filter/comm", "\n" }, { "filter/class", "major invalid" },
		{ "filter/class", "minor" }, { "filter/class", "\n" },
		{ "filter/cause", "zero cow" }, { "filter/cause", "\n" },
		{ "filter/min_latency_us", "50" }, { "filter/min_latency_us", "0" },
		{ "filter/cgroup", "/" }, { "filter/cgroup", "\n" },
		{ "filter/cgroup", "/no/such/group" }, { "filter/pid", "-1" },
		{ "filter/class", "none" }, { "filter/comm", "[" },
	};
	static const int errors[] = { EINVAL, ERANGE, ENOENT, 0 };
	unsigned int i = next() % SIZE(values);

	/* Only the last ones may fail. */
	write_file(values[i].name, values[i].value, i >= 15 ? errors : NULL);
}

/* Adds those of `totals` to sums. */
static void add_totals(uint64_t sums[SIZE(kept)])
{
	FILE *f = fopen(ROOT "totals", "r");
	char line[128], name[64];
	uint64_t value;
	size_t i, found = 0;

	if (!f) {
		unexpected("open", "totals");
		return;
	}
	while (fgets(line, sizeof(line), f))
		for (i = 0; i < SIZE(kept); i++)
			if (sscanf(line, "%63s %" SCNu64, name, &value) == 2 &&
			    !strcmp(name, kept[i])) {
				sums[i] += value;
				found++;
			}
	if (found != SIZE(kept)) {
		printf("churn: totals has %zu of %zu\n", found, SIZE(kept));
		bad = 1;
	}
	fclose(f);
}

/* A list of nothing, the line with its columns apart. */
static void no_rows(const char *name)
{
	int fd = open_file(name, O_RDONLY);
	char text[4096], *end;
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		unexpected("read", name);
	text[n > 0 ? n : 0] = 0;
	end = strchr(text, '\n');
	if (!end || end[1]) {
		printf("churn: %s is not empty behind clear:\n%s", name, text);
		bad = 1;
	}
	close(fd);
}

/* Off first, so that nothing is cleared that was not summed up. */
static void clear(void)
{
	uint64_t left[SIZE(kept)] = {};
	size_t i;

	write_file("enable", "0", NULL);
	add_totals(cleared);
	write_file("clear", "1", NULL);
	add_totals(left);
	for (i = 0; i < SIZE(kept); i++)
		if (left[i]) {
			printf("churn: %s is %" PRIu64 " behind clear\n", kept[i], left[i]);
			bad = 1;
		}
	no_rows("pids");
	no_rows("threads");
	no_rows("exited");
	write_file("enable", "1", NULL);
}

int main(int argc, char **argv)
{
	unsigned long operations, i, done[NR_OPS] = {};
	unsigned int op, sum = 0, n;
	bool still = false;

	if (argc > 1 && !strcmp(argv[1], "-s")) {
		still = true;
		argv++;
		argc--;
	}
	if (argc < 2) {
		fprintf(stderr, "usage: churn [-s] OPERATIONS [SEED]\n");
		return 2;
	}
	operations = strtoul(argv[1], NULL, 10);
	seed = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) | 1;
	for (op = 0; op < (still ? SWITCH : NR_OPS); op++)
		sum += weights[op];
	for (i = 0; i < operations; i++) {
		n = next() % sum;
		for (op = 0; n >= weights[op]; op++)
			n -= weights[op];
		done[op]++;
		switch (op) {
		case READ:
			read_whole(readable[next() % SIZE(readable)]);
			break;
		case PART:
			read_part();
			break;
		case HOLD:
			hold();
			break;
		case MAP:
			map_ring();
			break;
		case RESIZE:
			resize();
			break;
		case SWITCH:
			write_file("enable", next() % 2 ? "0" : "1", NULL);
			break;
		case FILTER:
			filter();
			break;
		case CLEAR:
			clear();
			break;
		}
	}
	if (!still) {
		write_file("filter/pid", "\n", NULL);
		write_file("filter/comm", "\n", NULL);
		write_file("filter/class", "\n", NULL);
		write_file("filter/cause", "\n", NULL);
		write_file("filter/min_latency_us", "0", NULL);
		write_file("filter/cgroup", "\n", NULL);
		write_file("enable", "1", NULL);
	}
	printf("churn:");
	for (op = 0; op < NR_OPS; op++)
		printf(" %lu %s", done[op], op_names[op]);
	printf("\ncleared");
	for (op = 0; op < SIZE(cleared); op++)
		printf(" %" PRIu64, cleared[op]);
	printf("\n");
	return bad;
}
