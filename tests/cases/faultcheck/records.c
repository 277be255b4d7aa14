// SPDX-License-Identifier: GPL-2.0
/* Records against the faults that faultgen made. */
#include <string.h>

#include "faultcheck.h"

#define CLOCK_ERROR_NS	100000

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

const char *const classes[] = { "minor", "major", "invalid", NULL };

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

void check_records(const json_t *json)
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
