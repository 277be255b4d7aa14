// SPDX-License-Identifier: GPL-2.0
/*
 * Holds what pftrace shows against what faultgen says it made.
 *
 *	faultcheck counts FILE	a process's line in `exited` or `pids`
 *	faultcheck records FILE	the records of all rings; "# N CLASS CAUSE, ..." is
 *				what was found
 *	faultcheck both FILE	both; exits with the sum of 1 if counts differ
 *				and 2 if records do
 *	faultcheck causes	how many records have which cause
 *	faultcheck drain	nothing but the sanity of all rings: prints
 *				"READ LOST NEXT", NEXT being the sum of the
 *				positions behind the last ones read
 *
 * FILE is faultgen's output; its last line counts. Fields of records are found
 * by `format`, as a reader that does not know pftrace's header would. Says on
 * standard output what differs, and exits 1 if anything does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT		"/sys/kernel/debug/pftrace/"
#define MAX_CPUS	64
#define CLOCK_ERROR_NS	100000

static int differences;

static void __attribute__((format(printf, 1, 2))) differs(const char *format, ...)
{
	va_list args;

	if (++differences > 20)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void __attribute__((noreturn)) fail(const char *what)
{
	perror(what);
	exit(1);
}

static FILE *open_file(const char *name)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), ROOT "%s", name);
	f = fopen(path, "r");
	if (!f)
		fail(path);
	return f;
}

static json_t *last_line(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL, *last = NULL;
	size_t room = 0;
	json_error_t error;
	json_t *json;

	if (!f)
		fail(path);
	while (getline(&line, &room, f) > 0)
		if (line[0] == '{') {
			free(last);
			last = strdup(line);
		}
	fclose(f);
	free(line);
	json = last ? json_loads(last, 0, &error) : NULL;
	if (!json) {
		printf("%s: not a line of faultgen\n", path);
		exit(1);
	}
	free(last);
	return json;
}

static long long number(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (!json_is_integer(value)) {
		printf("faultgen's output has no number \"%s\"\n", key);
		exit(1);
	}
	return json_integer_value(value);
}

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static uint64_t address(const json_t *object, const char *key)
{
	const char *value = text(object, key);

	return value ? strtoull(value, NULL, 16) : 0;
}

/* Lines of `exited` and `pids` */

struct line {
	long long pid, minor, major, invalid;
	bool taken;
};

static struct line *lines;
static size_t nr_lines;

static void *grow(void *from, size_t bytes)
{
	from = realloc(from, bytes);
	if (!from)
		fail("realloc");
	return from;
}

static void read_lines(const char *name)
{
	FILE *f = open_file(name);
	char *line = NULL;
	size_t room = 0;

	if (getline(&line, &room, f) <= 0 || !strstr(line, "PID      MINOR    MAJOR INVALID"))
		differs("%s: unknown header: %s", name, line ? line : "");
	while (getline(&line, &room, f) > 0) {
		struct line new = {};

		if (sscanf(line, "%lld %lld %lld %lld", &new.pid, &new.minor, &new.major,
			   &new.invalid) != 4)
			differs("%s: cannot be read: %s", name, line);
		lines = grow(lines, (nr_lines + 1) * sizeof(*lines));
		lines[nr_lines++] = new;
	}
	free(line);
	fclose(f);
}

/*
 * The line of a process. `exited` is newest first, so the last k users of a
 * process id have the first k lines with it. Among these the order is that in
 * which the kernel freed them, which may differ from that of their ends: one
 * with the right counts is taken if there is one, else the first that is left.
 */
static struct line *find_line(const struct line *want, size_t k)
{
	struct line *left = NULL;
	size_t j;

	for (j = 0; j < nr_lines && k; j++) {
		if (lines[j].pid != want->pid)
			continue;
		k--;
		if (lines[j].taken)
			continue;
		if (lines[j].minor == want->minor && lines[j].major == want->major &&
		    lines[j].invalid == want->invalid)
			return &lines[j];
		if (!left)
			left = &lines[j];
	}
	return left;
}

static void check_counts(const json_t *json)
{
	json_t *processes = json_object_get(json, "processes");
	size_t i, j, k, n = json_array_size(processes);

	read_lines("exited");
	read_lines("pids");
	if (!n)
		differs("faultgen names no process");
	for (i = n; i-- > 0;) {
		const json_t *p = json_array_get(processes, i);
		struct line want = {
			.pid = number(p, "pid"),
			.minor = number(p, "minor"),
			.major = number(p, "major"),
			.invalid = number(p, "invalid"),
		};

		struct line *line;

		for (j = 0, k = 0; j < n; j++)
			k += number(json_array_get(processes, j), "pid") == want.pid;
		line = find_line(&want, k);
		if (!line) {
			if (want.minor + want.major + want.invalid)
				differs("process %lld is not listed", want.pid);
			continue;
		}
		line->taken = true;
		if (line->minor != want.minor || line->major != want.major ||
		    line->invalid != want.invalid)
			differs("process %lld: pftrace %lld/%lld/%lld, kernel %lld/%lld/%lld (minor/major/invalid)",
				want.pid, line->minor, line->major, line->invalid,
				want.minor, want.major, want.invalid);
	}
}

/* Records */

enum field {
	F_POS, F_TIME, F_ADDRESS, F_IP, F_START, F_END, F_PGOFF, F_LATENCY, F_PID, F_TGID,
	F_CLASS, F_ACCESS, F_ORIGIN, F_PERMS, F_CPU, F_RETRIES, F_RESULT, F_CAUSE, F_LEVEL,
	F_ORDER, F_BELOW, F_ABOVE, F_SYSCALL, F_LIMIT,
	NR_FIELDS
};

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

struct record {
	uint64_t f[NR_FIELDS];
	bool taken;
};

static struct record *records;
static size_t nr_records;

/* Only these are kept: when they ended. */
static uint64_t keep_from, keep_to = UINT64_MAX;
static size_t record_size;

/* Names of causes and levels, as `format` numbers them. */
#define MAX_NAMES	64

static char causes[MAX_NAMES][32], levels[MAX_NAMES][32];

static uint64_t number_of(char (*names)[32], const char *name)
{
	uint64_t i;

	for (i = 0; i < MAX_NAMES; i++)
		if (!strcmp(names[i], name))
			return i;
	differs("format has no \"%s\"", name);
	return MAX_NAMES;
}

static const char *name_of(char (*names)[32], uint64_t value)
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

static void read_rings(bool keep, uint64_t *nr_read, uint64_t *nr_lost, uint64_t *next)
{
	int cpu;

	read_format();
	for (cpu = 0; cpu < MAX_CPUS && read_ring(cpu, keep, nr_read, nr_lost, next); cpu++)
		;
	if (!cpu)
		differs("there is no cpu/cpu0");
}

static size_t index_of(const char *value, const char *const *names)
{
	size_t i;

	for (i = 0; value && names[i]; i++)
		if (!strcmp(value, names[i]))
			return i;
	return 99;
}

static uint64_t perms_of(const char *perms)
{
	return (perms[0] == 'r') | (perms[1] == 'w') << 1 | (perms[2] == 'x') << 2 |
	       (perms[3] == 's') << 3 | 0x80;
}

/* `totals` say that refused faults are seen by their signals: they tell less. */
static bool by_signal(void)
{
	static int answer = -1;
	char line[128];
	FILE *f;

	if (answer >= 0)
		return answer;
	answer = 0;
	f = open_file("totals");
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "reject_hook", 11) && strstr(line, "signal"))
			answer = 1;
	fclose(f);
	return answer;
}

/* What is next to a hole; NULL if all is right. */
static const char *wrong_hole(const struct record *r, const json_t *where)
{
	const char *below = text(where, "below_perms"), *above = text(where, "above_perms");

	if (!json_object_get(where, "below_end"))
		return r->f[F_PERMS] || r->f[F_START] || r->f[F_END] ?
		       "neighbours of an address of the kernel" : NULL;
	if (r->f[F_PERMS] != 0x40)
		return "no neighbours";
	if (r->f[F_START] != address(where, "below_end"))
		return "end of the VMA below";
	if (r->f[F_END] != address(where, "above_start"))
		return "start of the VMA above";
	if (r->f[F_BELOW] != (below && *below ? perms_of(below) : 0))
		return "permissions of the VMA below";
	if (r->f[F_ABOVE] != (above && *above ? perms_of(above) : 0))
		return "permissions of the VMA above";
	if (json_object_get(where, "stack_limit") &&
	    r->f[F_LIMIT] != (uint64_t)number(where, "stack_limit"))
		return "limit of the stack";
	return NULL;
}

/* Where VMA, permissions and offset are wrong for one fault; NULL if all is right. */
static const char *wrong_vma(const struct record *r, const json_t *where)
{
	const char *perms = text(where, "perms");
	uint64_t start = address(where, "vma_start");

	if (r->f[F_CLASS] == 2 && !r->f[F_RESULT] && by_signal())
		return r->f[F_PERMS] || r->f[F_START] || r->f[F_END] ?
		       "a VMA, where it cannot be known" : NULL;
	if (!perms)
		return wrong_hole(r, where);
	if (json_is_true(json_object_get(where, "grows")))
		start = r->f[F_ADDRESS] & ~4095ULL;
	if (r->f[F_PERMS] != perms_of(perms))
		return "permissions";
	if (r->f[F_START] != start)
		return "start of the VMA";
	if (r->f[F_END] != address(where, "vma_end"))
		return "end of the VMA";
	if (text(where, "file") && r->f[F_PGOFF] != (uint64_t)number(where, "pgoff"))
		return "offset";
	return NULL;
}

/* log2 of the pages in "4K", "64K", "2M". */
static uint64_t order_of(const char *size)
{
	char *unit;
	uint64_t pages = strtoull(size, &unit, 10), order = 0;

	pages = pages * (*unit == 'M' ? 1 << 20 : *unit == 'G' ? 1 << 30 : 1 << 10) / 4096;
	while (pages >> (order + 1))
		order++;
	return order;
}

/* @first: of its range in its page table. */
static void check_why(const struct record *r, const json_t *where, const char *cause, bool first)
{
	const char *level = text(where, first ? "level_first" : "level");
	const char *size = text(where, "size");

	/* The neighbours are looked at to tell that one. */
	if (r->f[F_CLASS] == 2 && by_signal() && !strcmp(cause, "stack-overflow"))
		cause = text(where, "perms") ? "write-denied" : "unmapped";
	if (r->f[F_CAUSE] != number_of(causes, cause))
		differs("0x%" PRIx64 ": cause %s, not %s", r->f[F_ADDRESS],
			name_of(causes, r->f[F_CAUSE]), cause);
	if (r->f[F_CLASS] == 2 && !r->f[F_RESULT] && by_signal())
		level = "-";
	if (level && r->f[F_LEVEL] != number_of(levels, level))
		differs("0x%" PRIx64 ": level %s, not %s", r->f[F_ADDRESS],
			name_of(levels, r->f[F_LEVEL]), level);
	if (size && r->f[F_ORDER] != order_of(size))
		differs("0x%" PRIx64 ": order %" PRIu64 ", not %s", r->f[F_ADDRESS],
			r->f[F_ORDER], size);
	if (r->f[F_CLASS] == 2 && r->f[F_ORDER] != 255)
		differs("0x%" PRIx64 ": refused, with a size", r->f[F_ADDRESS]);
}

static const char *const classes[] = { "minor", "major", "invalid", NULL };

/* What was found of the faults made, and why some differ, if they may. */
static uint64_t found[3][MAX_NAMES];
static const char *why_other;

static void print_found(void)
{
	size_t class, cause;
	int n = 0;

	for (class = 0; class < 3; class++)
		for (cause = 0; cause < MAX_NAMES; cause++)
			if (found[class][cause])
				printf("%s%" PRIu64 " %s %s", n++ ? ", " : "# ", found[class][cause],
				       classes[class], causes[cause]);
	if (why_other)
		printf(" (%s)", why_other);
	if (n)
		putchar('\n');
}

static void check_fault(const struct record *r, const json_t *where, const char *cause, bool first)
{
	static const char *const accesses[] = { "r", "w", "x", NULL };
	static const char *const origins[] = { "user", "kernel", "gup", NULL };
	uint64_t access = index_of(text(where, "access"), accesses);
	uint64_t origin = index_of(text(where, "by"), origins);
	const char *wrong = wrong_vma(r, where);

	if (r->f[F_TGID] != (uint64_t)number(where, "pid"))
		differs("0x%" PRIx64 ": process %" PRIu64 ", not %lld", r->f[F_ADDRESS],
			r->f[F_TGID], number(where, "pid"));
	if (r->f[F_ACCESS] != access || r->f[F_ORIGIN] != origin)
		differs("0x%" PRIx64 ": access %" PRIu64 " origin %" PRIu64
			", not %" PRIu64 " %" PRIu64, r->f[F_ADDRESS],
			r->f[F_ACCESS], r->f[F_ORIGIN], access, origin);
	if (wrong)
		differs("0x%" PRIx64 ": %s: record has %" PRIx64 "-%" PRIx64 " perms %" PRIx64
			" pgoff %" PRIx64, r->f[F_ADDRESS], wrong, r->f[F_START],
			r->f[F_END], r->f[F_PERMS], r->f[F_PGOFF]);
	/* refused by the architecture: that has no duration */
	if (!r->f[F_LATENCY] != (r->f[F_CLASS] == 2 && !r->f[F_RESULT]))
		differs("0x%" PRIx64 ": latency %" PRIu64, r->f[F_ADDRESS], r->f[F_LATENCY]);
	if (origin == 2 ? r->f[F_IP] : !r->f[F_IP] && access != 2)
		differs("0x%" PRIx64 ": ip 0x%" PRIx64, r->f[F_ADDRESS], r->f[F_IP]);
	if (text(where, "ip") && access != 2 && r->f[F_IP] != address(where, "ip"))
		differs("0x%" PRIx64 ": ip 0x%" PRIx64 ", not %s", r->f[F_ADDRESS], r->f[F_IP],
			text(where, "ip"));
	if (json_object_get(where, "syscall") &&
	    r->f[F_SYSCALL] != (uint64_t)number(where, "syscall"))
		differs("0x%" PRIx64 ": system call %" PRIu64 ", not %lld", r->f[F_ADDRESS],
			r->f[F_SYSCALL], number(where, "syscall"));
	if (r->f[F_CLASS] < 3 && r->f[F_CAUSE] < MAX_NAMES)
		found[r->f[F_CLASS]][r->f[F_CAUSE]]++;
	check_why(r, where, cause, first);
}

/*
 * How many there are is known, and between which addresses, but not at which.
 * One at least is what the case is about; the others may be what it says, too.
 */
static void check_scattered(json_t *where)
{
	uint64_t start = address(where, "start"), end = address(where, "end");
	uint64_t class = index_of(text(where, "class"), classes);
	uint64_t tid = number(where, "tid"), tgid = number(where, "pid");
	const char *cause = text(where, "cause"), *also = text(where, "also");
	long long count = 0, other = 0;
	size_t i;

	for (i = 0; i < nr_records; i++) {
		struct record *r = &records[i];

		if (r->taken || r->f[F_TGID] != tgid || (tid && r->f[F_PID] != tid) ||
		    r->f[F_ADDRESS] < start || r->f[F_ADDRESS] >= end ||
		    r->f[F_CLASS] != class)
			continue;
		r->taken = true;
		count++;
		if (also && r->f[F_CAUSE] == number_of(causes, also)) {
			other++;
			check_fault(r, where, also, false);
		} else {
			check_fault(r, where, cause, false);
		}
	}
	if (count != number(where, "count"))
		differs("%lld records, of %lld faults", count, number(where, "count"));
	if (other >= count)
		differs("none of %lld has cause %s", count, cause);
	if (other)
		why_other = text(where, "also_why");
}

static void check_where(json_t *where)
{
	uint64_t start = address(where, "start");
	long long stride = number(where, "stride"), count = number(where, "count");
	uint64_t tid = number(where, "tid");
	uint64_t class = index_of(text(where, "class"), classes);
	const char *cause = text(where, "cause");
	uint64_t table = UINT64_MAX;
	long long i;
	size_t j;

	if (!cause) {
		differs("faultgen's output has no cause");
		return;
	}
	if (json_is_true(json_object_get(where, "scattered"))) {
		check_scattered(where);
		return;
	}
	for (i = 0; i < count; i++) {
		uint64_t page = (start + i * stride) / 4096;
		struct record *r = NULL;

		for (j = 0; j < nr_records && !r; j++)
			if (!records[j].taken && records[j].f[F_PID] == tid &&
			    records[j].f[F_ADDRESS] / 4096 == page &&
			    records[j].f[F_CLASS] == class)
				r = &records[j];
		if (!r) {
			differs("no record of the %s fault of %" PRIu64 " at 0x%" PRIx64,
				classes[class], tid, (uint64_t)(start + i * stride));
			continue;
		}
		r->taken = true;
		check_fault(r, where, cause, page / 512 != table);
		table = page / 512;
	}
}

static void check_records(const json_t *json)
{
	json_t *where = json_object_get(json, "where"), *processes;
	uint64_t nr_read = 0, nr_lost = 0, next = 0, first = UINT64_MAX, last = 0;
	uint64_t id = number(json, "pid");
	enum field who = F_TGID;
	const json_t *alone;
	size_t i;

	/* a record's time may be off by what an anchor of the clock may be */
	keep_from = number(json, "t0_ns") - CLOCK_ERROR_NS;
	keep_to = number(json, "t1_ns") + CLOCK_ERROR_NS;
	read_rings(true, &nr_read, &nr_lost, &next);
	if (!json_array_size(where))
		differs("faultgen names no place");
	for (i = 0; i < json_array_size(where); i++)
		check_where(json_array_get(where, i));
	print_found();

	/*
	 * Nothing else happened between the faults of a process that is alone,
	 * and does not execute a program in between; nor of a thread that is
	 * said to be the one, while another does what it takes.
	 */
	processes = json_object_get(json, "processes");
	if (json_array_size(processes) != 1 || !json_is_true(json_object_get(json, "exact")) ||
	    !strcmp(text(json, "case"), "exec") || !strcmp(text(json, "case"), "thread-exec"))
		return;
	alone = json_array_get(where, 0);
	if (json_is_true(json_object_get(alone, "scattered")) && number(alone, "tid")) {
		who = F_PID;
		id = number(alone, "tid");
	}
	for (i = 0; i < nr_records; i++)
		if (records[i].taken) {
			first = records[i].f[F_TIME] < first ? records[i].f[F_TIME] : first;
			last = records[i].f[F_TIME] > last ? records[i].f[F_TIME] : last;
		}
	for (i = 0; i < nr_records; i++)
		if (!records[i].taken && records[i].f[F_TIME] > first &&
		    records[i].f[F_TIME] < last && records[i].f[who] == id)
			differs("a record of a fault that was not made: address 0x%" PRIx64
				" class %" PRIu64, records[i].f[F_ADDRESS], records[i].f[F_CLASS]);
}

/* "CAUSE NUMBER" a line; then "lost NUMBER"; what is `other`, as # lines. */
static void print_causes(uint64_t nr_lost)
{
	uint64_t counts[MAX_NAMES] = {}, other = number_of(causes, "other");
	size_t i;

	for (i = 0; i < nr_records; i++) {
		const struct record *r = &records[i];

		if (r->f[F_CAUSE] >= MAX_NAMES || !causes[r->f[F_CAUSE]][0]) {
			differs("cause %" PRIu64 " has no name", r->f[F_CAUSE]);
			continue;
		}
		counts[r->f[F_CAUSE]]++;
		if (r->f[F_CAUSE] == other)
			printf("# other: %s pid %" PRIu64 " address 0x%" PRIx64 " access %" PRIu64
			       " origin %" PRIu64 " level %s result 0x%" PRIx64 "\n",
			       classes[r->f[F_CLASS]], r->f[F_PID], r->f[F_ADDRESS],
			       r->f[F_ACCESS], r->f[F_ORIGIN], name_of(levels, r->f[F_LEVEL]),
			       r->f[F_RESULT]);
	}
	for (i = 0; i < MAX_NAMES && causes[i][0]; i++)
		printf("%s %" PRIu64 "\n", causes[i], counts[i]);
	printf("lost %" PRIu64 "\n", nr_lost);
}

int main(int argc, char **argv)
{
	uint64_t nr_read = 0, nr_lost = 0, next = 0;
	bool both = argc == 3 && !strcmp(argv[1], "both");
	int counts_differ = 0;

	if (both) {
		json_t *json = last_line(argv[2]);

		check_counts(json);
		counts_differ = differences > 0;
		differences = 0;
		check_records(json);
	} else if (argc == 2 && !strcmp(argv[1], "drain")) {
		read_rings(false, &nr_read, &nr_lost, &next);
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", nr_read, nr_lost, next);
	} else if (argc == 3 && !strcmp(argv[1], "counts")) {
		check_counts(last_line(argv[2]));
	} else if (argc == 3 && !strcmp(argv[1], "records")) {
		check_records(last_line(argv[2]));
	} else if (argc == 2 && !strcmp(argv[1], "causes")) {
		read_rings(true, &nr_read, &nr_lost, &next);
		print_causes(nr_lost);
	} else {
		fprintf(stderr, "usage: faultcheck counts|records|both FILE, faultcheck drain|causes\n");
		return 2;
	}
	if (differences > 20)
		printf("... and %d more\n", differences - 20);
	return both ? counts_differ + 2 * (differences > 0) : differences > 0;
}
