// SPDX-License-Identifier: GPL-2.0
/*
 * faultgen on the kernel that runs this test: what it says it made must be
 * what was asked for, what getrusage() counted, and whole in all its parts.
 *
 * The program is found through $FAULTGEN, else where `make` leaves it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define N		6
#define TMPFS_MAGIC	0x01021994
#define EXIT_SKIP	77

struct expect {
	const char *name;
	const char *class;
	const char *access;
	const char *by;
	const char *perms;	/* NULL: nothing is mapped there */
	int ranges;		/* 0: more than one */
	int signo;
	int si_code;
	const char *cause;
	const char *level;	/* of all but the first; NULL: may be unknown */
	bool scattered;
};

static const struct expect expects[] = {
	{ "anon", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", "pte", false },
	{ "heap", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", NULL, false },
	{ "anon-read", "minor", "r", "user", "rw-p", 1, 0, 0,
	  "zero-read", "pte", false },
	{ "cow", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "cow", "prot", false },
	{ "shmem", "minor", "w", "user", "rw-s", 1, 0, 0,
	  "shmem", "pte", false },
	{ "memfd", "minor", "w", "user", "rw-s", 1, 0, 0,
	  "shmem", "pte", false },
	{ "stack", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", NULL, false },
	{ "mlock", "minor", "w", "gup", "rw-p", 1, 0, 0,
	  "zero", "pte", false },
	{ "thp", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", "pte", false },
	{ "mthp", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", "pte", false },
	{ "hugetlb", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "hugetlb", "pte", false },
	{ "swap", "major", "r", "user", "rw-p", 1, 0, 0,
	  "swap", "pte", false },
	{ "file-warm", "minor", "r", "user", "r--s", 1, 0, 0,
	  "file", NULL, false },
	{ "file-cold", "major", "r", "user", "r--s", 1, 0, 0,
	  "file", NULL, false },
	{ "file-cow", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "file-cow", "pte", false },
	{ "shared-write", "minor", "w", "user", "rw-s", 1, 0, 0,
	  "file", NULL, false },
	{ "mkwrite", "minor", "w", "user", "rw-s", 1, 0, 0,
	  "mkwrite", "prot", false },
	{ "exec-cold", "major", "x", "user", "r-xp", 1, 0, 0,
	  "file", NULL, false },
	{ "device", "minor", "r", "user", "r-xp", 1, 0, 0,
	  "device", "pte", false },
	{ "uffd-missing", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "uffd", "pte", false },
	{ "uffd-wp", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "uffd", "prot", false },
	{ "race", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", NULL, true },
	{ "spurious", "minor", "r", "user", "rw-p", 1, 0, 0,
	  "spurious", "prot", true },
	{ "migrate", "minor", "r", "user", "rw-p", 1, 0, 0,
	  "migrate", NULL, true },
	{ "numa", "minor", "r", "user", "rw-p", 1, 0, 0,
	  "numa", "prot", true },
	{ "level", "minor", "w", "user", "rw-p", 0, 0, 0,
	  "zero", NULL, false },
	{ "null", "invalid", "w", "user", NULL, 1, SIGSEGV, SEGV_MAPERR,
	  "null", NULL, false },
	{ "wild", "invalid", "w", "user", NULL, 1, SIGSEGV, SEGV_MAPERR,
	  "unmapped", "pmd", false },
	{ "write-text", "invalid", "w", "user", "r-xp", 1, SIGSEGV, SEGV_ACCERR,
	  "write-denied", "prot", false },
	{ "exec-heap", "invalid", "x", "user", "rw-p", 1, SIGSEGV, SEGV_ACCERR,
	  "exec-denied", "prot", false },
	{ "prot-none", "invalid", "r", "user", "---p", 1, SIGSEGV, SEGV_ACCERR,
	  "read-denied", "pmd", false },
	{ "pkey", "invalid", "w", "user", "rw-p", 1, SIGSEGV, SEGV_PKUERR,
	  "pkey", "prot", false },
	{ "guard", "invalid", "w", "user", "rw-p", 1, SIGSEGV, SEGV_MAPERR,
	  "guard", "pte", false },
	{ "past-eof", "invalid", "r", "user", "r--s", 1, SIGBUS, BUS_ADRERR,
	  "past-eof", "pmd", false },
	{ "efault", "invalid", "w", "kernel", NULL, 1, 0, 0,
	  "uaccess", "pmd", false },
	{ "stack-overflow", "invalid", "w", "user", NULL, 1, SIGSEGV, SEGV_MAPERR,
	  "stack-overflow", NULL, false },
	{ "threads", "minor", "w", "user", "rw-p", N, 0, 0,
	  "zero", "pte", false },
	{ "forks", "minor", "w", "user", "rw-p", N, 0, 0,
	  "zero", "pte", false },
	{ "pid-reuse", "minor", "w", "user", "rw-p", N, 0, 0,
	  "zero", "pte", false },
	{ "gup", "minor", "r", "gup", "rw-p", 1, 0, 0,
	  "zero-read", "pte", false },
	{ "exec", "minor", "w", "user", "rw-p", 2, 0, 0,
	  "zero", "pte", false },
	{ "thread-exec", "minor", "w", "user", "rw-p", 2, 0, 0,
	  "zero", "pte", false },
	{ "hold", "minor", "w", "user", "rw-p", 1, 0, 0,
	  "zero", "pte", false },
};

#define NEXPECTS	(sizeof(expects) / sizeof(expects[0]))

static const char *const classes[] = { "minor", "major", "invalid" };

struct run {
	pid_t pid;
	int in;		/* its stdin */
	FILE *out;	/* its stdout */
};

static const char *program(void)
{
	const char *path = getenv("FAULTGEN");

	return path ? path : "../../userspace/faultgen/faultgen";
}

static struct run start(const char *const *args)
{
	const char *argv[8] = { "faultgen" };
	int in[2], out[2], i;
	struct run run;

	for (i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	run.pid = fork();
	assert_true(run.pid >= 0);
	if (!run.pid) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execv(program(), (char *const *)argv);
		perror(program());
		_exit(126);
	}
	close(in[0]);
	close(out[1]);
	run.in = in[1];
	run.out = fdopen(out[0], "r");
	assert_non_null(run.out);
	return run;
}

/* The next line of output as JSON, NULL at the end. */
static json_t *next(struct run *run)
{
	json_error_t error;
	char *line = NULL;
	size_t size = 0;
	json_t *json;

	if (getline(&line, &size, run->out) < 0) {
		free(line);
		return NULL;
	}
	json = json_loads(line, 0, &error);
	if (!json)
		fail_msg("no JSON: %s: %s", error.text, line);
	free(line);
	return json;
}

static int finish(struct run *run)
{
	int status;

	fclose(run->out);
	assert_int_equal(waitpid(run->pid, &status, 0), run->pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Run to the end, with nothing to read: the one line that it prints. */
static json_t *run_all(const char *const *args, int *status)
{
	struct run run = start(args);
	bool steps = args[0] && !strcmp(args[0], "hold");
	json_t *json, *last = NULL;
	int lines = 0;

	close(run.in);
	while ((json = next(&run))) {
		json_decref(last);
		last = json;
		lines++;
	}
	*status = finish(&run);
	assert_true(lines <= 1 || steps);
	return last;
}

static json_t *get(json_t *json, const char *key)
{
	json_t *value = json_object_get(json, key);

	if (!value)
		fail_msg("no \"%s\" in the JSON", key);
	return value;
}

static long long number(json_t *json, const char *key)
{
	json_t *value = get(json, key);

	if (!json_is_integer(value))
		fail_msg("\"%s\" is not a number", key);
	return json_integer_value(value);
}

static unsigned long address(json_t *json, const char *key)
{
	const char *text = json_string_value(get(json, key));
	unsigned long value;
	char *end;

	assert_non_null(text);
	assert_int_equal(strncmp(text, "0x", 2), 0);
	value = strtoul(text, &end, 16);
	assert_int_equal(*end, '\0');
	return value;
}

static void check_string(json_t *json, const char *key, const char *want)
{
	const char *text = json_string_value(get(json, key));

	if (!text != !want || (text && strcmp(text, want)))
		fail_msg("\"%s\" is %s, not %s", key, text ? text : "null",
			 want ? want : "null");
}

/* Files on tmpfs fault as what they are; files are made in $TMPDIR or /tmp. */
static const char *tmpfs_cause(const struct expect *e)
{
	const char *dir = getenv("TMPDIR");
	struct statfs fs;

	if (strcmp(e->cause, "file") != 0 ||
	    statfs(dir && *dir ? dir : "/tmp", &fs) ||
	    (unsigned long)fs.f_type != TMPFS_MAGIC)
		return e->cause;
	return "shmem";
}

/*
 * The first fault in a page table may stop higher up than the others. Where a
 * level is not known, neither is that of the first.
 */
static void check_levels(const struct expect *e, json_t *range)
{
	const char *level = json_string_value(get(range, "level"));
	const char *first = json_string_value(get(range, "level_first"));
	const char *size = json_string_value(get(range, "size"));

	if (e->level)
		check_string(range, "level", e->level);
	if (!level)
		assert_null(first);
	if (level && strcmp(level, "pte") != 0 && first)
		assert_string_equal(level, first);
	if (level && first && strcmp(e->class, "invalid") != 0 &&
	    !strcmp(level, "pte") && strcmp(first, "pte") != 0)
		assert_string_equal(first, "pmd");
	if (!strcmp(e->class, "invalid"))
		assert_null(size);
	if (size && number(range, "page_size") > 65536)
		assert_string_equal(size, "2M");
}

/* The nearest mappings of a hole: below and above its address. */
static void check_hole(json_t *range)
{
	unsigned long start = address(range, "start");
	unsigned long above = address(range, "above_start");

	assert_true(address(range, "below_end") <= start);
	assert_true(!above || above > start);
	check_string(range, "vma_start", NULL);
}

static void check_range(const struct expect *e, json_t *range)
{
	unsigned long first = address(range, "start");
	unsigned long end = address(range, "end");
	unsigned long page = (unsigned long)number(range, "page_size");
	unsigned long last = first + (unsigned long)(number(range, "stride") *
						     (number(range, "count") - 1));

	check_string(range, "class", e->class);
	check_string(range, "access", e->access);
	check_string(range, "by", e->by);
	check_string(range, "perms", e->perms);
	check_string(range, "cause", tmpfs_cause(e));
	assert_int_equal(json_is_true(get(range, "scattered")), e->scattered);
	check_levels(e, range);
	assert_true(last >= first && last < end);
	if (e->scattered)
		assert_int_equal(end & (page - 1), 0);
	else
		assert_int_equal(end, (last & ~(page - 1)) + page);
	if (!e->perms) {
		check_hole(range);
		return;
	}
	/* The stack is not there yet. */
	if (json_is_true(get(range, "grows")))
		return;
	assert_true(first >= address(range, "vma_start"));
	assert_true(end <= address(range, "vma_end"));
}

static void check_signal(const struct expect *e, json_t *json, bool killed)
{
	json_t *signal = get(json, "signal");

	if (!e->signo) {
		assert_true(json_is_null(signal));
		return;
	}
	assert_int_equal(number(signal, "signo"), e->signo);
	assert_int_equal(number(signal, "count"), N);
	assert_int_equal(json_is_true(get(signal, "killed")), killed);
	if (killed)
		assert_true(json_is_null(get(signal, "si_code")));
	else
		assert_int_equal(number(signal, "si_code"), e->si_code);
}

/* Process: made == window, and its life has at least what was made. */
static void check_proc(json_t *proc)
{
	json_t *made = get(proc, "made");
	json_t *window = get(proc, "window");

	assert_true(number(proc, "pid") > 0);
	assert_int_equal(number(made, "minor"), number(window, "minflt"));
	assert_int_equal(number(made, "major"), number(window, "majflt"));
	assert_true(number(proc, "minor") >= number(made, "minor"));
	assert_int_equal(number(proc, "major") >= number(made, "major"), 1);
	assert_int_equal(number(proc, "invalid"), number(made, "invalid"));
}

/* All that holds for every case. */
static void check(const struct expect *e, json_t *json, long long want,
		  bool killed)
{
	json_t *made = get(json, "made");
	json_t *window = get(json, "window");
	json_t *value;
	long long in_ranges = 0, in_procs = 0;
	size_t i;

	check_string(json, "case", e->name);
	assert_int_equal(number(json, "n"), N);
	assert_true(json_is_true(get(json, "exact")));
	for (i = 0; i < 3; i++)
		assert_int_equal(number(made, classes[i]),
				 strcmp(classes[i], e->class) ? 0 : want);
	assert_int_equal(number(window, "minflt"), number(made, "minor"));
	assert_int_equal(number(window, "majflt"), number(made, "major"));
	assert_true(number(json, "t0_ns") > 0);
	assert_true(number(json, "t1_ns") > number(json, "t0_ns"));
	check_signal(e, json, killed);

	json_array_foreach(get(json, "where"), i, value) {
		check_range(e, value);
		in_ranges += number(value, "count");
	}
	assert_int_equal(in_ranges, want);
	json_array_foreach(get(json, "processes"), i, value) {
		check_proc(value);
		in_procs += number(get(value, "made"), e->class);
	}
	assert_int_equal(in_procs, want);
	value = json_array_get(get(json, "processes"), 0);
	assert_int_equal(number(json, "pid"), number(value, "pid"));
	assert_int_equal(number(get(json, "life"), "minor"),
			 number(value, "minor"));
	assert_int_equal(number(get(json, "life"), "major"),
			 number(value, "major"));
}

/* Ends this test as skipped where the case cannot run. */
static json_t *run_case(const struct expect *e)
{
	const char *args[] = { e->name, "6", NULL };
	json_t *json;
	int status;

	json = run_all(args, &status);
	assert_non_null(json);
	if (status == EXIT_SKIP) {
		check_string(json, "case", e->name);
		print_message("# %s: %s\n", e->name,
			      json_string_value(get(json, "skip")));
		json_decref(json);
		skip();
	}
	assert_int_equal(status, 0);
	return json;
}

static const struct expect *expect_of(const char *name)
{
	size_t i;

	for (i = 0; i < NEXPECTS; i++)
		if (!strcmp(expects[i].name, name))
			return &expects[i];
	fail_msg("no case %s", name);
	return NULL;
}

static bool asked_twice(const char *name)
{
	static const char *const names[] = {
		"shmem", "memfd", "shared-write", "mkwrite", "uffd-missing",
		"uffd-wp",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void test_case(void **state)
{
	const struct expect *e = *state;
	json_t *json = run_case(e);
	struct expect dirty = *e;
	long long want = N;

	/* Some kernels count these as major: see the manual. */
	if (asked_twice(e->name)) {
		dirty.class = json_string_value(get(json_array_get(
				get(json, "where"), 0), "class"));
		assert_non_null(dirty.class);
		assert_string_not_equal(dirty.class, "invalid");
		e = &dirty;
	}
	if (!strcmp(e->name, "forks"))
		want = N * 4;
	if (!strcmp(e->name, "pid-reuse"))
		want = N * 4 + N * (N - 1) / 2;
	/* How many it took is the kernel's word. */
	if (e->scattered) {
		want = number(get(json, "made"), "minor");
		assert_true(want >= N);
	}
	check(e, json, want, false);
	if (e->ranges && strcmp(e->name, "hold") != 0)
		assert_int_equal(json_array_size(get(json, "where")),
				 e->ranges);
	json_decref(json);
}

static void test_kill(void **state)
{
	static const char *const names[] = {
		"null", "wild", "write-text", "exec-heap", "prot-none",
		"past-eof", "stack-overflow", "guard",
	};
	json_t *json, *proc;
	size_t i, p;
	int status;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *args[] = { "--kill", names[i], "6", NULL };

		json = run_all(args, &status);
		if (status == EXIT_SKIP) {
			json_decref(json);
			continue;
		}
		assert_int_equal(status, 0);
		check(expect_of(names[i]), json, N, true);
		assert_int_equal(json_array_size(get(json, "processes")), N);
		json_array_foreach(get(json, "processes"), p, proc)
			assert_int_equal(number(proc, "invalid"), 1);
		json_decref(json);
	}
}

static void test_default_n(void **state)
{
	const char *args[] = { "anon", NULL };
	json_t *json;
	int status;

	(void)state;
	json = run_all(args, &status);
	assert_int_equal(status, 0);
	assert_int_equal(number(json, "n"), 64);
	assert_int_equal(number(get(json, "made"), "minor"), 64);
	json_decref(json);
}

/* Each address must lie in the mapping of one thread, and no two share one. */
static void test_threads(void **state)
{
	const char *args[] = { "--threads", "4", "threads", "6", NULL };
	static const int counts[] = { 2, 2, 1, 1 };
	json_t *json, *range, *other;
	size_t i, j;
	int status;

	(void)state;
	json = run_all(args, &status);
	assert_int_equal(status, 0);
	check(expect_of("threads"), json, N, false);
	assert_int_equal(json_array_size(get(json, "where")), 4);
	json_array_foreach(get(json, "where"), i, range) {
		assert_int_equal(number(range, "count"), counts[i]);
		assert_int_equal(number(range, "pid"), number(json, "pid"));
		json_array_foreach(get(json, "where"), j, other)
			if (i != j) {
				assert_true(number(range, "tid") !=
					    number(other, "tid"));
				assert_true(address(range, "start") !=
					    address(other, "start"));
			}
	}
	json_decref(json);
}

static void test_pid_reuse(void **state)
{
	json_t *json, *proc;
	size_t i;

	(void)state;
	json = run_case(expect_of("pid-reuse"));
	json_array_foreach(get(json, "processes"), i, proc) {
		assert_int_equal(number(proc, "pid"), number(json, "pid"));
		assert_int_equal(number(get(proc, "made"), "minor"), 4 + i);
	}
	assert_int_equal(i, N);
	json_decref(json);
}

static void test_thread_exec(void **state)
{
	json_t *json, *where;

	(void)state;
	json = run_case(expect_of("thread-exec"));
	where = get(json, "where");
	assert_int_equal(json_array_size(get(json, "processes")), 1);
	assert_true(number(json_array_get(where, 0), "tid") !=
		    number(json, "pid"));
	assert_int_equal(number(json_array_get(where, 1), "tid"),
			 number(json, "pid"));
	json_decref(json);
}

static void test_gup(void **state)
{
	json_t *json, *range, *child, *now;

	(void)state;
	json = run_case(expect_of("gup"));
	range = json_array_get(get(json, "where"), 0);
	child = json_array_get(get(json, "processes"), 1);
	assert_non_null(child);
	assert_int_equal(number(range, "pid"), number(json, "pid"));
	assert_int_equal(number(range, "mm_pid"), number(child, "pid"));
	assert_int_equal(number(get(child, "made"), "minor"), 0);
	/* wait4() adds a child's faults to those of its parent. */
	now = get(json_array_get(get(json, "processes"), 0), "now");
	assert_true(number(get(json, "life"), "minor") - number(now, "minor") <
		    number(child, "minor"));
	json_decref(json);
}

/* Files are named while they are mapped, and gone at the end. */
static void test_file_is_removed(void **state)
{
	const char *args[] = { "--dir", "/tmp", "file-warm", "6", NULL };
	const char *file;
	json_t *json;
	int status;

	(void)state;
	json = run_all(args, &status);
	assert_int_equal(status, 0);
	file = json_string_value(get(json_array_get(get(json, "where"), 0),
				     "file"));
	assert_non_null(file);
	assert_int_equal(strncmp(file, "/tmp/faultgen.", 14), 0);
	assert_int_not_equal(access(file, F_OK), 0);
	json_decref(json);
}

/* On tmpfs no file ever leaves memory. */
static void test_skip(void **state)
{
	const char *args[] = { "--dir", "/dev/shm", "file-cold", NULL };
	struct statfs fs;
	json_t *json;
	int status;

	(void)state;
	if (statfs("/dev/shm", &fs) || fs.f_type != TMPFS_MAGIC)
		skip();
	json = run_all(args, &status);
	assert_int_equal(status, EXIT_SKIP);
	check_string(json, "case", "file-cold");
	assert_non_null(json_string_value(get(json, "skip")));
	assert_null(json_object_get(json, "made"));
	json_decref(json);
}

/* min_flt and maj_flt of a living process, as /proc has them. */
static void proc_stat(long long pid, long long *minor, long long *major)
{
	char path[64], line[1024], *p;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%lld/stat", pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	p = strrchr(line, ')');
	assert_non_null(p);
	assert_int_equal(sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %lld %*u %lld",
				minor, major), 2);
}

static void test_hold(void **state)
{
	const char *args[] = { "hold", "6", NULL };
	struct run run = start(args);
	long long minor, major, before = 0;
	json_t *json, *now;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		if (i)
			assert_int_equal(write(run.in, "\n", 1), 1);
		json = next(&run);
		assert_non_null(json);
		now = get(json, "now");
		proc_stat(number(json, "pid"), &minor, &major);
		assert_int_equal(number(json, "step"), i);
		assert_int_equal(number(get(json, "made"), "minor"), N);
		assert_int_equal(number(get(json, "window"), "minflt"), N);
		assert_int_equal(number(now, "minor"), minor);
		assert_int_equal(number(now, "major"), major);
		if (i)
			assert_int_equal(minor, before + N);
		before = minor;
		json_decref(json);
	}
	close(run.in);
	json = next(&run);
	assert_non_null(json);
	assert_int_equal(number(get(json, "made"), "minor"), 3 * N);
	assert_int_equal(number(get(json, "window"), "minflt"), 3 * N);
	assert_true(number(get(json, "life"), "minor") >= before);
	json_decref(json);
	assert_null(next(&run));
	assert_int_equal(finish(&run), 0);
}

/* Each level, as computed from addresses; what VmPTE says faultgen checks. */
static void test_level(void **state)
{
	static const char *const levels[] = { "pte", "pmd", "pud", "p4d", "pgd" };
	static const unsigned int shifts[] = { 12, 21, 30, 39, 48 };
	json_t *json, *range;
	size_t i;

	(void)state;
	json = run_case(expect_of("level"));
	json_array_foreach(get(json, "where"), i, range) {
		assert_true(i < 5);
		check_string(range, "level", levels[i]);
		check_string(range, "level_first", levels[i]);
		assert_int_equal(number(range, "stride"), 1ULL << shifts[i]);
	}
	assert_true(i >= 4);
	json_decref(json);
}

/* The manual has a row for each case, and for no other. */
static void test_manual(void **state)
{
	FILE *f = fopen("../../Documentation/faultgen.md", "r");
	bool table = false, found[NEXPECTS] = { false };
	char line[1024], name[32];
	size_t i, n = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "| case | class |", 16))
			table = true;
		else if (table && line[0] != '|')
			table = false;
		if (!table || sscanf(line, "| %31[a-z-] | ", name) != 1 ||
		    !strncmp(name, "case", 4) || name[0] == '-')
			continue;
		name[strcspn(name, " ")] = '\0';
		expect_of(name);
		for (i = 0; i < NEXPECTS; i++)
			if (!strcmp(expects[i].name, name))
				found[i] = true;
		n++;
	}
	fclose(f);
	for (i = 0; i < NEXPECTS; i++)
		if (!found[i])
			fail_msg("the manual has no case %s", expects[i].name);
	assert_int_equal(n, NEXPECTS);
}

static void read_line(const char *path, char *line, int size)
{
	FILE *f = fopen(path, "r");

	line[0] = '\0';
	if (!f)
		return;
	if (!fgets(line, size, f))
		line[0] = '\0';
	fclose(f);
}

/* What a case changes in the system is as before, however it ends. */
static void test_settings(void **state)
{
	static const struct {
		const char *name, *path;
	} changes[] = {
		{ "hugetlb", "/proc/sys/vm/nr_hugepages" },
		{ "mthp", "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled" },
		{ "mthp", "/sys/kernel/mm/transparent_hugepage/hugepages-2048kB/enabled" },
	};
	char before[128], after[128];
	size_t i;
	int status;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const char *args[] = { changes[i].name, "2", NULL };

		read_line(changes[i].path, before, sizeof(before));
		json_decref(run_all(args, &status));
		assert_true(status == 0 || status == EXIT_SKIP);
		read_line(changes[i].path, after, sizeof(after));
		assert_string_equal(before, after);
	}
}

static void test_device(void **state)
{
	const char *args[] = { "--device", "/dev/null", "device", "2", NULL };
	const char *none[] = { "--device", "/no/such", "device", NULL };
	json_t *json;
	int status;

	(void)state;
	json = run_all(args, &status);
	assert_int_equal(status, EXIT_SKIP);
	json_decref(json);
	json = run_all(none, &status);
	assert_int_equal(status, EXIT_SKIP);
	json_decref(json);
}

static void test_usage(void **state)
{
	static const char *const bad[][4] = {
		{ NULL },
		{ "no-such-case" },
		{ "--no-such-option", "anon" },
		{ "anon", "0" },
		{ "anon", "-1" },
		{ "anon", "1x" },
		{ "anon", "" },
		{ "anon", "99999999999999999999999" },
		{ "anon", "1", "1" },
		{ "--threads", "0", "threads" },
		{ "--threads", "257", "threads" },
		{ "--faults", "x", "forks" },
		{ "--kill", "anon" },
		{ "--kill", "efault" },
		{ "--dir" },
		{ "--device" },
	};
	int status;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(run_all(bad[i], &status));
		assert_int_equal(status, 2);
	}
}

/* `faultgen list` and the table above must name the same cases. */
static void test_list(void **state)
{
	const char *args[] = { "list", NULL };
	struct run run = start(args);
	size_t lines = 0, size = 0;
	char *line = NULL;

	(void)state;
	close(run.in);
	while (getline(&line, &size, run.out) >= 0) {
		line[strcspn(line, " \n")] = '\0';
		expect_of(line);
		lines++;
	}
	free(line);
	assert_int_equal(lines, NEXPECTS);
	assert_int_equal(finish(&run), 0);
}

int main(void)
{
	struct CMUnitTest tests[NEXPECTS + 24];
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_kill),
		cmocka_unit_test(test_default_n),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_pid_reuse),
		cmocka_unit_test(test_thread_exec),
		cmocka_unit_test(test_gup),
		cmocka_unit_test(test_file_is_removed),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_manual),
	};
	size_t i, n = 0;

	memset(tests, 0, sizeof(tests));
	for (i = 0; i < NEXPECTS; i++) {
		tests[n].name = expects[i].name;
		tests[n].test_func = test_case;
		tests[n].initial_state = (void *)&expects[i];
		n++;
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		tests[n++] = others[i];
	return _cmocka_run_group_tests("faultgen", tests, n, NULL, NULL);
}
