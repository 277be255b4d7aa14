// SPDX-License-Identifier: GPL-2.0
/* The records of all rings, taken apart by `format`. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "faultcheck.h"

#define MAX_CPUS	64

static struct {
	const char *name;
	size_t offset, size;
} fields[NR_FIELDS] = {
	[F_POS] = { .name = "pos" },
	[F_TIME] = { .name = "time_ns" },
	[F_ADDRESS] = { .name = "address" },
	[F_IP] = { .name = "ip" },
	[F_START] = { .name = "vma_start" },
	[F_END] = { .name = "vma_end" },
	[F_PGOFF] = { .name = "vma_pgoff" },
	[F_LATENCY] = { .name = "latency_ns" },
	[F_PID] = { .name = "pid" },
	[F_TGID] = { .name = "tgid" },
	[F_CLASS] = { .name = "class" },
	[F_ACCESS] = { .name = "access" },
	[F_ORIGIN] = { .name = "origin" },
	[F_PERMS] = { .name = "perms" },
	[F_CPU] = { .name = "cpu" },
	[F_RETRIES] = { .name = "retries" },
	[F_RESULT] = { .name = "result" },
	[F_CAUSE] = { .name = "cause" },
	[F_LEVEL] = { .name = "level" },
	[F_ORDER] = { .name = "order" },
	[F_BELOW] = { .name = "below_perms" },
	[F_ABOVE] = { .name = "above_perms" },
	[F_SYSCALL] = { .name = "syscall" },
	[F_LIMIT] = { .name = "stack_limit" },
};

struct record *records;
size_t nr_records;

uint64_t keep_from, keep_to = UINT64_MAX;
static size_t record_size;

char causes[MAX_NAMES][32], levels[MAX_NAMES][32];

uint64_t number_of(char (*names)[32], const char *name)
{
	uint64_t i;

	for (i = 0; i < MAX_NAMES; i++)
		if (!strcmp(names[i], name))
			return i;
	differs("format has no \"%s\"", name);
	return MAX_NAMES;
}

const char *name_of(char (*names)[32], uint64_t value)
{
	return value < MAX_NAMES && names[value][0] ? names[value] : "?";
}

static void read_format(void)
{
	char (*names)[32] = NULL;
	FILE *f = open_file("format");
	char *line = NULL, name[32];
	size_t room = 0, offset, size, i;

	while (getline(&line, &room, f) > 0) {
		if (sscanf(line, "record_size %zu", &record_size) == 1)
			continue;
		if (line[0] == '#') {
			names = NULL;
			if (!strncmp(line, "#CAUSE", 6))
				names = causes;
			else if (!strncmp(line, "#LEVEL", 6))
				names = levels;
			continue;
		}
		if (names && sscanf(line, "%31s %zu", name, &offset) == 2 && offset < MAX_NAMES)
			strcpy(names[offset], name);
		if (sscanf(line, "%31s %zu %zu", name, &offset, &size) != 3)
			continue;
		for (i = 0; i < NR_FIELDS; i++)
			if (!strcmp(name, fields[i].name)) {
				fields[i].offset = offset;
				fields[i].size = size;
			}
	}
	for (i = 0; i < NR_FIELDS; i++)
		if (!fields[i].size || fields[i].offset + fields[i].size > record_size)
			differs("format does not describe %s", fields[i].name);
	free(line);
	fclose(f);
	if (differences)
		exit(1);
}

static void parse(const unsigned char *raw, struct record *record)
{
	size_t i, j;

	for (i = 0; i < NR_FIELDS; i++) {
		record->f[i] = 0;
		for (j = fields[i].size; j-- > 0;)	/* little-endian; zero if too long */
			record->f[i] = record->f[i] << 8 | raw[fields[i].offset + j];
	}
	record->taken = false;
}

/*
 * A process may jump to an address of the kernel. It is refused; and until its
 * signal handler runs, which is put on a stack first, that is where it is.
 */
static bool jumped_there(const struct record *r)
{
	static uint64_t who, where;

	if (r->f[F_CLASS] == 2 && r->f[F_ACCESS] == 2 && r->f[F_IP] == r->f[F_ADDRESS]) {
		who = r->f[F_PID];
		where = r->f[F_IP];
	}
	return r->f[F_PID] == who && r->f[F_IP] == where;
}

/* One CPU's ring from its oldest record on: order, sanity, losses. */
static bool read_ring(int cpu, bool keep, uint64_t *nr_read, uint64_t *nr_lost, uint64_t *next)
{
	uint64_t time = 0, pos = 0;
	unsigned char *raw = malloc(256 * record_size);
	bool first = true;
	char path[64];
	ssize_t n, i;
	int fd;

	snprintf(path, sizeof(path), ROOT "cpu/cpu%d", cpu);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENXIO)) {
		free(raw);
		return errno == ENXIO;
	}
	if (fd < 0)
		fail(path);
	while ((n = read(fd, raw, 256 * record_size)) > 0) {
		if (n % record_size)
			differs("cpu%d: read gave %zd bytes, not whole records", cpu, n);
		for (i = 0; i < n / (ssize_t)record_size; i++) {
			struct record record;

			parse(raw + i * record_size, &record);
			if (!first && record.f[F_POS] <= pos)
				differs("cpu%d: position %" PRIu64 " after %" PRIu64, cpu,
					record.f[F_POS], pos);
			*nr_lost += record.f[F_POS] - (first ? 0 : pos + 1);
			if (record.f[F_TIME] < time)
				differs("cpu%d: time goes back at %" PRIu64, cpu,
					record.f[F_POS]);
			if (record.f[F_CPU] != (uint64_t)cpu ||
			    record.f[F_CLASS] > 2 || record.f[F_ACCESS] > 2 ||
			    record.f[F_ORIGIN] > 2 || !record.f[F_PID] || !record.f[F_TGID])
				differs("cpu%d: position %" PRIu64 " makes no sense", cpu,
					record.f[F_POS]);
			if ((record.f[F_PERMS] & 0x80) && !(record.f[F_START] <= record.f[F_ADDRESS] &&
							   record.f[F_ADDRESS] < record.f[F_END]))
				differs("cpu%d: position %" PRIu64 ": address outside of its VMA",
					cpu, record.f[F_POS]);
			if (!(record.f[F_PERMS] & 0x80) && record.f[F_CLASS] != 2)
				differs("cpu%d: position %" PRIu64 ": served without a VMA", cpu,
					record.f[F_POS]);
			if (record.f[F_IP] >> 63 && !jumped_there(&record))
				differs("cpu%d: position %" PRIu64 ": ip of the kernel", cpu,
					record.f[F_POS]);
			first = false;
			pos = record.f[F_POS];
			time = record.f[F_TIME];
			++*nr_read;
			if (!keep || time < keep_from || time > keep_to)
				continue;
			/* room for a power of two */
			if (!(nr_records & (nr_records - 1)))
				records = grow(records, 2 * (nr_records + 1) * sizeof(*records));
			records[nr_records++] = record;
		}
	}
	if (n < 0 && errno != EAGAIN)
		fail(path);
	*next += first ? 0 : pos + 1;
	close(fd);
	free(raw);
	return true;
}

void read_rings(bool keep, uint64_t *nr_read, uint64_t *nr_lost, uint64_t *next)
{
	int cpu;

	read_format();
	for (cpu = 0; cpu < MAX_CPUS && read_ring(cpu, keep, nr_read, nr_lost, next); cpu++)
		;
	if (!cpu)
		differs("there is no cpu/cpu0");
}
