// SPDX-License-Identifier: GPL-2.0
/*
 * Do something again and again; the first allocation of memory in it fails, then
 * the second, and so on, until there is none left that could. For
 * tests/cases/81-memory.sh.
 *
 *	failnth load MODULE.ko PARAMETERS	from the module's own code on;
 *					fail.ko has to be loaded for that, with
 *					symbol=do_one_initcall comm=failnth nth=-1
 *	failnth write FILE TEXT [UNDO [OTHER OTHERTEXT]]
 *					UNDO is written after each success, unless
 *					empty, OTHERTEXT to OTHER after each try
 *	failnth read FILE		open, read to the end (or 64 KiB), close
 *	failnth map FILE		open, map 8 KiB, read, unmap, close
 *
 * Prints what came of it: how often it failed and how often it worked all the
 * same, the messages of the module, and a line "wrong ..." for each thing that
 * must not be. Status 1 if there was any.
 *
 * A kernel with CONFIG_FAULT_INJECTION has /proc/thread-self/fail-nth.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MODULE		"pftrace"
#define MODULE_DIR	"/sys/kernel/debug/" MODULE
#define TRACING		"/sys/kernel/debug/tracing/"
#define FAIL_MEMORY	"/sys/module/fail/parameters/memory"
#define MAX_MESSAGES	64

static int nth_fd, kmsg_fd;
static unsigned int wrongs;
static char buf[65536];

static struct message {
	char text[160];
	unsigned int count;
} messages[MAX_MESSAGES];
static unsigned int nr_messages;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void __attribute__((format(printf, 2, 3))) wrong(unsigned int nth, const char *fmt, ...)
{
	va_list args;

	if (++wrongs > 40)
		return;
	printf("wrong at %u: ", nth);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

static void set_nth(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, n, 0) != n)
		die("fail-nth");
}

/* How many allocations were still to go before the one that fails: 0, it was there. */
static unsigned int get_nth(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	return strtoul(text, NULL, 10);
}

/* Reads a file into buf. */
static const char *text_of(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	size_t size = 0;
	ssize_t n;

	while (size < sizeof(buf) - 1 && (n = read(fd, buf + size, sizeof(buf) - 1 - size)) > 0)
		size += n;
	close(fd);
	buf[size] = '\0';
	return buf;
}

static void put_text(const char *path, const char *text)
{
	int fd = open_or_die(path, O_WRONLY | O_TRUNC);

	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(path);
	close(fd);
}

static void note_message(const char *text)
{
	unsigned int i;
	size_t len = strcspn(text, "\n");

	if (len >= sizeof(messages[0].text))
		len = sizeof(messages[0].text) - 1;
	for (i = 0; i < nr_messages; i++)
		if (!strncmp(messages[i].text, text, len) && !messages[i].text[len])
			break;
	if (i == MAX_MESSAGES)
		return;
	if (i == nr_messages) {
		memcpy(messages[i].text, text, len);
		nr_messages++;
	}
	messages[i].count++;
}

/* Messages of the module since the last call; how many of them are errors. */
static unsigned int new_errors(void)
{
	unsigned int level, errors = 0;
	char line[2048], *text;
	ssize_t n;

	for (;;) {
		n = read(kmsg_fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return errors;
		line[n] = '\0';
		level = strtoul(line, NULL, 10) & 7;
		text = strchr(line, ';');
		if (!text || strncmp(text + 1, MODULE ": ", strlen(MODULE ": ")) != 0)
			continue;
		note_message(text + 1);
		errors += level <= 3;
	}
}

static void check_gone(unsigned int nth)
{
	pid_t pid;

	if (!access("/sys/module/" MODULE, F_OK))
		wrong(nth, "/sys/module/" MODULE " is there");
	if (!access(MODULE_DIR, F_OK))
		wrong(nth, MODULE_DIR " is there");
	if (strstr(text_of("/proc/modules"), MODULE " "))
		wrong(nth, "the module is listed");
	if (strstr(text_of("/sys/devices/system/cpu/hotplug/states"), MODULE))
		wrong(nth, "its state of CPU hotplug is there");
	if (strstr(text_of("/sys/kernel/debug/kprobes/list"), MODULE) ||
	    strstr(buf, "__bad_area_nosemaphore"))
		wrong(nth, "kprobes are there: %s", buf);
	if (strstr(text_of(TRACING "enabled_functions"), "handle_mm_fault"))
		wrong(nth, "handle_mm_fault is hooked");
	/* births, faults and ends pass through whatever is left */
	pid = fork();
	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		wrong(nth, "no process can be created");
}

/* Did the module's own code run, and what did it return? */
static bool init_returned(int *ret)
{
	const char *at = strstr(text_of(TRACING "trace"), "initcall_finish: ");

	put_text(TRACING "trace", "");
	if (!at)
		return false;
	at = strstr(at, "ret=");
	*ret = at ? atoi(at + 4) : 0;
	return true;
}

static unsigned int count_files(const char *path)
{
	char command[256];
	unsigned int n = 0;
	FILE *pipe;

	(void)snprintf(command, sizeof(command), "find %s | wc -l", path);
	pipe = popen(command, "r");
	if (!pipe || fscanf(pipe, "%u", &n) != 1)
		die(command);
	pclose(pipe);
	return n;
}

static unsigned int files_wanted;

struct action {
	const char *name;
	const char *file, *text, *undo, *other, *other_text;
	int fd;
	/* Does it; memory may fail to be had. Returns 0 or an errno. */
	int (*run)(struct action *action);
	/* Looks at what came of it, and undoes it if it worked. */
	void (*after)(struct action *action, unsigned int nth, int err);
};

/* The kernel's own allocations before the module's code runs are its own affair. */
static int run_load(struct action *action)
{
	set_nth(0);
	return syscall(SYS_finit_module, action->fd, action->text, 0) ? errno : 0;
}

static void after_load(struct action *action, unsigned int nth, int err)
{
	unsigned int errors = new_errors();
	int ret = 1;
	bool ran = init_returned(&ret);

	(void)action;
	if (!err) {
		if (ret)
			wrong(nth, "loaded, but its code returned %d", ret);
		if (errors)
			wrong(nth, "loaded with %u errors in the log", errors);
		if (!files_wanted)
			files_wanted = count_files(MODULE_DIR);
		if (count_files(MODULE_DIR) != files_wanted)
			wrong(nth, "loaded, but files are missing");
		if (syscall(SYS_delete_module, MODULE, 0))
			wrong(nth, "cannot be unloaded: %s", strerror(errno));
		(void)new_errors();
		(void)init_returned(&ret);
	} else if (!ran) {
		wrong(nth, "its code did not run: %s", strerror(err));
	} else {
		if (ret != -err)
			wrong(nth, "its code returned %d, loading %d", ret, -err);
		if (errors != 1)
			wrong(nth, "%u lines in the log say why", errors);
	}
	check_gone(nth);
}

static int run_write(struct action *action)
{
	size_t size = strlen(action->text);

	return write(action->fd, action->text, size) == (ssize_t)size ? 0 : errno;
}

static void after_write(struct action *action, unsigned int nth, int err)
{
	(void)nth;
	(void)new_errors();
	/* A file of filter/ takes nothing any more behind a failure. */
	close(action->fd);
	if (!err && *action->undo)
		put_text(action->file, action->undo);
	if (action->other)
		put_text(action->other, action->other_text);
	action->fd = open_or_die(action->file, O_WRONLY);
}

static int run_read(struct action *action)
{
	int err = 0, fd = open(action->file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	size_t size = 0;
	ssize_t n;

	if (fd < 0)
		return errno;
	while (size < sizeof(buf) && (n = read(fd, buf, 8192)) > 0)
		size += n;
	if (n < 0 && errno != EAGAIN)
		err = errno;
	close(fd);
	return err;
}

static int run_map(struct action *action)
{
	int err = 0, fd = open(action->file, O_RDONLY | O_CLOEXEC);
	char *at;

	if (fd < 0)
		return errno;
	at = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		err = errno;
	else if (*(volatile char *)at == 0)
		err = EIO;	/* the magic number */
	else
		munmap(at, 8192);
	close(fd);
	return err;
}

static void after_nothing(struct action *action, unsigned int nth, int err)
{
	(void)action;
	(void)nth;
	(void)err;
	(void)new_errors();
}

static struct action actions[] = {
	{ .name = "load", .run = run_load, .after = after_load },
	{ .name = "write", .run = run_write, .after = after_write },
	{ .name = "read", .run = run_read, .after = after_nothing },
	{ .name = "map", .run = run_map, .after = after_nothing },
};

int main(int argc, char **argv)
{
	unsigned int nth, i, failed = 0, worked = 0, left;
	struct action *action = NULL;
	int err;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]) && argc > 2; i++)
		if (!strcmp(argv[1], actions[i].name))
			action = &actions[i];
	if (!action || (argc < 4 && (action->run == run_load || action->run == run_write))) {
		fputs("usage: failnth load|write|read|map FILE [TEXT ...]\n", stderr);
		return 2;
	}
	action->file = argv[2];
	action->text = argv[3];
	action->undo = argc > 4 ? argv[4] : "";
	action->other = argc > 6 ? argv[5] : NULL;
	action->other_text = argc > 6 ? argv[6] : NULL;
	if (action->run == run_load)
		action->fd = open_or_die(action->file, O_RDONLY);
	else if (action->run == run_write)
		action->fd = open_or_die(action->file, O_WRONLY);
	nth_fd = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
	kmsg_fd = open_or_die("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	lseek(kmsg_fd, 0, SEEK_END);
	if (action->run == run_load) {
		put_text(TRACING "events/initcall/initcall_finish/enable", "1");
		put_text(TRACING "trace", "");
	}
	/* The program's own page faults must not be what fails. */
	if (mlockall(MCL_CURRENT))
		die("mlockall");

	for (nth = 1;; nth++) {
		if (action->run == run_load) {
			(void)snprintf(buf, sizeof(buf), "%u", nth);
			put_text(FAIL_MEMORY, buf);
		}
		set_nth(nth);
		err = action->run(action);
		left = get_nth();
		set_nth(0);
		if (left && err) {
			printf("wrong: fails by itself: %s\n", strerror(err));
			return 1;
		}
		if (err && err != ENOMEM)
			wrong(nth, "%s", strerror(err));
		action->after(action, nth, err);
		if (left)
			break;
		if (err)
			failed++;
		else
			worked++;
		if (nth % 100 == 0) {
			/* so that somebody sees how far it is */
			printf("%u: failed %u, worked %u\n", nth, failed, worked);
			fflush(stdout);
		}
	}
	if (action->run == run_load)
		put_text(TRACING "events/initcall/initcall_finish/enable", "0");
	printf("failed %u\nworked %u\n", failed, worked);
	for (i = 0; i < nr_messages; i++)
		printf("%u times: %s\n", messages[i].count, messages[i].text);
	return wrongs > 0;
}
