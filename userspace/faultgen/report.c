// SPDX-License-Identifier: GPL-2.0
/*
 * What was made: kept in shared memory by workers, printed as JSON by the
 * reporter.
 */
#include <errno.h>
#include <jansson.h>
#include <linux/memfd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faultgen.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL	0x0008U
#endif

static const char *const class_names[FG_NR_CLASSES] = {
	[FG_MINOR] = "minor",
	[FG_MAJOR] = "major",
	[FG_INVALID] = "invalid",
};

static struct fg_report *shared;

/* Only the reporter removes the file: workers share the path, not the task. */
static pid_t reporter;

/**
 * report_tidy() - the file of the case goes, changed settings come back
 *
 * May be called in a signal handler.
 */
void report_tidy(void)
{
	if (!shared || getpid() != reporter)
		return;
	if (shared->path[0])
		unlink(shared->path);
	shared->path[0] = '\0';
	setting_restore(shared);
}

static void on_end(int sig)
{
	report_tidy();
	signal(sig, SIG_DFL);
	raise(sig);
}

/**
 * fail() - say what went wrong and end this process with status 1
 * @fmt: printf format, without newline
 */
void fail(const char *fmt, ...)
{
	va_list args;

	fputs("faultgen: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	report_tidy();
	_exit(EXIT_FAILURE);
}

/**
 * skip() - the case cannot run here: end this process with status 77
 * @fg: the run
 * @fmt: why; printf format, without newline
 */
void skip(struct fg *fg, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(fg->report->skip, sizeof(fg->report->skip), fmt, args);
	va_end(args);
	if (fg->proc)
		_exit(FG_EXIT_SKIP);
	report_skip(fg);
}

static size_t report_size(unsigned int procs, unsigned int ranges)
{
	return sizeof(struct fg_report) + procs * sizeof(struct fg_proc) +
	       ranges * sizeof(struct fg_range);
}

static struct fg_report *map_report(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		fail("cannot map the report: %s", strerror(errno));
	return p;
}

/**
 * report_memfd() - a memfd that nobody will execute
 * @name: its name
 *
 * Kernels before 6.3 do not know the flag that says so, later ones log its
 * lack.
 *
 * Return: a descriptor, which survives exec, or -1 with errno set.
 */
int report_memfd(const char *name)
{
	long fd = syscall(SYS_memfd_create, name, MFD_NOEXEC_SEAL);

	return (int)(fd < 0 ? syscall(SYS_memfd_create, name, 0) : fd);
}

/**
 * report_create() - make the shared memory of a run
 * @fg: the run; report and report_fd are set
 * @procs: most processes
 * @ranges: most ranges
 */
void report_create(struct fg *fg, unsigned int procs, unsigned int ranges)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGTERM };
	size_t size = report_size(procs, ranges);
	size_t i;

	fg->report_fd = report_memfd("faultgen");
	if (fg->report_fd < 0 || ftruncate(fg->report_fd, (off_t)size))
		fail("cannot make a memfd of %zu bytes: %s", size,
		     strerror(errno));
	fg->report = map_report(fg->report_fd, size);
	fg->report->max_procs = procs;
	fg->report->max_ranges = ranges;
	shared = fg->report;
	reporter = getpid();
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], on_end);
}

/**
 * report_attach() - map the shared memory again after an exec
 * @fg: the run
 * @fd: descriptor of the report
 */
void report_attach(struct fg *fg, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		fail("no report at descriptor %d: %s", fd, strerror(errno));
	fg->report_fd = fd;
	fg->report = map_report(fd, (size_t)st.st_size);
	shared = fg->report;
}

/**
 * report_ranges() - the ranges, which follow the processes
 * @report: the report
 *
 * Return: the first one.
 */
struct fg_range *report_ranges(struct fg_report *report)
{
	return (struct fg_range *)(report->procs + report->max_procs);
}

/**
 * report_range() - note faults that are about to be made
 * @fg: the run
 * @start: address of the first
 * @stride: bytes from one to the next
 * @count: how many
 * @access: 'r', 'w' or 'x'
 * @class: what they will be
 * @cause: why they will be
 *
 * That the first one in each page table has to make it is taken for granted in
 * fresh areas; and that each fault that is served maps one page, but for those
 * on files, of which the kernel may have larger pieces. Call it before
 * window_warm(): it reads the mappings of the process.
 *
 * Return: the range, for what differs from the usual.
 */
struct fg_range *report_range(struct fg *fg, unsigned long start,
			      unsigned long stride, unsigned long count,
			      char access, enum fg_class class,
			      const char *cause)
{
	struct fg_report *report = fg->report;
	unsigned int i = __atomic_fetch_add(&report->nranges, 1,
					    __ATOMIC_RELAXED);
	struct fg_range *range = report_ranges(report) + i;

	if (i >= report->max_ranges)
		fail("no room for another range");
	memset(range, 0, sizeof(*range));
	range->start = start;
	range->stride = stride;
	range->count = count;
	range->page_size = fg->page;
	range->class = (int)class;
	range->access = access;
	strcpy(range->by, "user");
	strcpy(range->cause, cause);
	if (area_fresh(start, start + (count - 1) * stride + 1))
		report_level(range, "pte", "pmd");
	if (class != FG_INVALID && strcmp(cause, "file") != 0 &&
	    strcmp(cause, "mkwrite") != 0)
		range->mapped = fg->page;
	if (fg->proc) {
		range->pid = fg->proc->pid;
		range->tid = fg->proc->pid;
		range->mm_pid = fg->proc->pid;
	}
	if (!maps_find(start, &range->map)) {
		memset(&range->map, 0, sizeof(range->map));
		maps_around(start, range);
	}
	return range;
}

/**
 * report_level() - where translation will stop
 * @range: what report_range() returned
 * @level: level of most faults
 * @first: level of the first one in each page table
 */
void report_level(struct fg_range *range, const char *level, const char *first)
{
	strcpy(range->level, level);
	strcpy(range->first, first);
}

/**
 * report_also() - that some of the faults will have another cause
 * @range: what report_range() returned
 * @cause: which
 * @why: how that comes
 */
void report_also(struct fg_range *range, const char *cause, const char *why)
{
	strcpy(range->also, cause);
	strcpy(range->also_why, why);
}

/**
 * report_made() - add to what this process made on purpose
 * @fg: the run
 * @class: of which class
 * @count: how many
 */
void report_made(struct fg *fg, enum fg_class class, unsigned long count)
{
	fg->proc->made[class] += count;
}

static json_t *pack(json_t *json)
{
	if (!json)
		fail("out of memory for the JSON");
	return json;
}

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, pack(value)))
		fail("out of memory for the JSON");
}

static void set_number(json_t *object, const char *key, uint64_t value)
{
	set(object, key, json_integer((json_int_t)value));
}

static void set_address(json_t *object, const char *key, unsigned long value)
{
	set(object, key, json_sprintf("0x%lx", value));
}

/* An empty text is one that is not known. */
static void set_text(json_t *object, const char *key, const char *value)
{
	set(object, key, *value ? json_string(value) : json_null());
}

/* As a record's SIZE: 4K, 64K, 2M, 1G. */
static void set_size(json_t *object, const char *key, unsigned long value)
{
	static const char units[] = "KMG";
	unsigned int unit = 0;

	for (value >>= 10; value >= 1024 && units[unit + 1]; value >>= 10)
		unit++;
	set(object, key, value ? json_sprintf("%lu%c", value, units[unit]) :
				 json_null());
}

/* The mapping, or else what is next to the hole. */
static void set_mapping(json_t *json, const struct fg_range *range)
{
	const struct fg_map *map = &range->map;
	bool mapped = map->end != 0;

	set(json, "vma_start", mapped ? json_sprintf("0x%lx", map->start) :
					json_null());
	set(json, "vma_end", mapped ? json_sprintf("0x%lx", map->end) :
				      json_null());
	set_text(json, "perms", map->perms);
	set(json, "pgoff", mapped ? json_integer((json_int_t)
			(map->offset / (unsigned long)sysconf(_SC_PAGESIZE))) :
			json_null());
	set(json, "inode", mapped ? json_integer((json_int_t)map->inode) :
				    json_null());
	/* The kernel's names for what is no file begin with [ or are empty. */
	set_text(json, "file", map->path[0] == '/' ? map->path : "");
	if (mapped)
		return;
	set_address(json, "below_end", range->below_end);
	set_text(json, "below_perms", range->below_perms);
	set_address(json, "above_start", range->above_start);
	set_text(json, "above_perms", range->above_perms);
}

static json_t *counts_json(const uint64_t *counts)
{
	json_t *json = pack(json_object());
	int i;

	for (i = 0; i < FG_NR_CLASSES; i++)
		set_number(json, class_names[i], counts[i]);
	return json;
}

static json_t *window_json(const uint64_t *window)
{
	json_t *json = pack(json_object());

	set_number(json, "minflt", window[FG_MINOR]);
	set_number(json, "majflt", window[FG_MAJOR]);
	return json;
}

static json_t *range_json(const struct fg_range *range)
{
	unsigned long last = range->start + (range->span ? range->span - 1 :
				     (range->count - 1) * range->stride);
	const char access[2] = { range->access, '\0' };
	json_t *json = pack(json_object());

	set_number(json, "pid", (uint64_t)range->pid);
	set_number(json, "tid", (uint64_t)range->tid);
	set_number(json, "mm_pid", (uint64_t)range->mm_pid);
	set(json, "class", json_string(class_names[range->class]));
	set(json, "access", json_string(access));
	set(json, "by", json_string(range->by));
	set_address(json, "start", range->start);
	set_address(json, "end",
		    (last & ~(range->page_size - 1)) + range->page_size);
	set_number(json, "stride", range->stride);
	set_number(json, "count", range->count);
	set_number(json, "page_size", range->page_size);
	set_text(json, "cause", range->cause);
	set_text(json, "also", range->also);
	set_text(json, "also_why", range->also_why);
	set_text(json, "level", range->level);
	set_text(json, "level_first", range->first);
	set_size(json, "size", range->mapped);
	set(json, "scattered", json_boolean(range->span));
	set(json, "grows", json_boolean(range->grows));
	set_mapping(json, range);
	return json;
}

static json_t *signal_json(const struct fg_proc *proc, bool dies, uint64_t sum)
{
	json_t *json;

	if (!proc->signo)
		return pack(json_null());
	json = pack(json_object());
	set_number(json, "signo", (uint64_t)proc->signo);
	set(json, "name", json_string(proc->signo == SIGBUS ? "SIGBUS" :
				      "SIGSEGV"));
	/* wait4() does not tell the code of a signal that kills. */
	if (dies)
		set(json, "si_code", json_null());
	else
		set_number(json, "si_code", (uint64_t)proc->si_code);
	set(json, "killed", json_boolean(dies));
	set_number(json, "count", sum);
	return json;
}

static json_t *proc_json(const struct fg_proc *proc)
{
	json_t *json = counts_json(proc->life);

	set_number(json, "pid", (uint64_t)proc->pid);
	set(json, "made", counts_json(proc->made));
	set(json, "window", window_json(proc->window));
	/* A killed process did not see the end of its window. */
	if (proc->t1_ns && !proc->dies)
		set(json, "now", counts_json(proc->now));
	return json;
}

static json_t *report_json(const struct fg *fg, bool living)
{
	struct fg_report *report = fg->report;
	const struct fg_proc *first = &report->procs[0];
	struct fg_proc sum = { .t0_ns = first->t0_ns };
	json_t *json = pack(json_object());
	json_t *procs = pack(json_array());
	json_t *where = pack(json_array());
	unsigned int i;
	int c;

	for (i = 0; i < report->nprocs; i++) {
		const struct fg_proc *proc = &report->procs[i];

		for (c = 0; c < FG_NR_CLASSES; c++) {
			sum.made[c] += proc->made[c];
			sum.window[c] += proc->window[c];
		}
		sum.signals += proc->signals;
		if (proc->t0_ns && proc->t0_ns < sum.t0_ns)
			sum.t0_ns = proc->t0_ns;
		if (proc->t1_ns > sum.t1_ns)
			sum.t1_ns = proc->t1_ns;
		json_array_append_new(procs, proc_json(proc));
	}
	for (i = 0; i < report->nranges; i++)
		json_array_append_new(where,
				      range_json(report_ranges(report) + i));

	set(json, "case", json_string(fg->c->name));
	set_number(json, "n", fg->n);
	set_number(json, "pid", (uint64_t)first->pid);
	set(json, "exact", json_true());
	set(json, "made", counts_json(sum.made));
	set(json, "window", window_json(sum.window));
	if (!living)
		set(json, "life", counts_json(first->life));
	set_number(json, "t0_ns", sum.t0_ns);
	set_number(json, "t1_ns", sum.t1_ns);
	set(json, "signal", signal_json(first, first->dies, sum.signals));
	set(json, "where", where);
	if (living)
		json_decref(procs);
	else
		set(json, "processes", procs);
	return json;
}

static void print(json_t *json)
{
	if (json_dumpf(json, stdout, JSON_COMPACT) || putchar('\n') == EOF ||
	    fflush(stdout))
		fail("cannot write to standard output");
	json_decref(json);
}

/**
 * report_print() - print the run as one line of JSON
 * @fg: the run, whose processes have all been waited for
 */
void report_print(const struct fg *fg)
{
	print(report_json(fg, false));
}

/**
 * report_print_step() - the same for a process that lives on
 * @fg: the run
 * @step: number of the step, from 0
 *
 * Instead of "life" there is "now": the kernel's counts at this moment.
 */
void report_print_step(const struct fg *fg, unsigned long step)
{
	json_t *json = report_json(fg, true);

	set_number(json, "step", step);
	set(json, "now", counts_json(fg->report->procs[0].now));
	print(json);
}

/**
 * report_skip() - in the reporter: say why the case cannot run here, and end
 * @fg: the run, whose report says why
 */
void report_skip(const struct fg *fg)
{
	json_t *json = pack(json_object());

	set(json, "case", json_string(fg->c->name));
	set(json, "skip", json_string(fg->report->skip));
	print(json);
	fprintf(stderr, "faultgen: %s: skipped: %s\n", fg->c->name,
		fg->report->skip);
	report_tidy();
	exit(FG_EXIT_SKIP);
}

/**
 * report_check() - is what the kernel counted what was made?
 * @fg: the run
 *
 * Return: 0, or 1 after printing what differed.
 */
int report_check(const struct fg *fg)
{
	unsigned int i;
	int c, bad = 0;

	for (i = 0; i < fg->report->nprocs; i++) {
		const struct fg_proc *proc = &fg->report->procs[i];

		for (c = FG_MINOR; c <= FG_MAJOR; c++) {
			if (proc->made[c] == proc->window[c])
				continue;
			fprintf(stderr,
				"faultgen: %s: pid %d: made %llu %s faults, but the kernel counted %llu in the window\n",
				fg->c->name, proc->pid,
				(unsigned long long)proc->made[c],
				class_names[c],
				(unsigned long long)proc->window[c]);
			bad = 1;
		}
	}
	return bad;
}
