// SPDX-License-Identifier: GPL-2.0
/*
 * The live screen on a terminal of its own: it shows the table, takes keys,
 * ends well, and no name drives the terminal. Each step waits for what it must
 * bring, not for a time.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"

#define LIMIT_MS	30000	/* only a broken pftop takes this long */

static char dir[64];
static char seen[1 << 20];
static size_t nr_seen;
static int terminal;
static pid_t child;

static void start(const char *root, const char *locale)
{
	struct winsize size = { .ws_row = 24, .ws_col = 100 };
	char path[128];

	nr_seen = 0;
	memset(seen, 0, sizeof(seen));
	snprintf(path, sizeof(path), "%s/%s", dir, root);
	child = forkpty(&terminal, NULL, NULL, &size);
	assert_true(child >= 0);
	if (!child) {
		setenv("TERM", "vt100", 1);
		setenv("LC_ALL", locale, 1);
		execl(getenv("PFTOP"), "pftop", "-d", "0.1", "--debugfs", path, (char *)NULL);
		_exit(126);
	}
}

/* Reads what the terminal shows, once; false where it has gone. */
static bool take(void)
{
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	ssize_t got;

	if (poll(&fd, 1, LIMIT_MS) != 1)
		fail_msg("nothing came for %d ms", LIMIT_MS);
	if (nr_seen > sizeof(seen) / 2) {
		memmove(seen, seen + nr_seen / 2, nr_seen - nr_seen / 2);
		nr_seen -= nr_seen / 2;
	}
	got = read(terminal, seen + nr_seen, sizeof(seen) - 1 - nr_seen);
	if (got <= 0)
		return false;
	nr_seen += (size_t)got;
	seen[nr_seen] = '\0';
	return true;
}

static void until(const char *text)
{
	while (!strstr(seen, text))
		if (!take())
			fail_msg("pftop ended, and \"%s\" was never shown:\n%s", text, seen);
	/* What comes next is to be looked for behind it. */
	nr_seen = 0;
	memset(seen, 0, sizeof(seen));
}

static void type(const char *keys)
{
	assert_int_equal(write(terminal, keys, strlen(keys)), strlen(keys));
}

/* Its exit status, once it has ended; no signal may have ended it. */
static int finish(void)
{
	int status;

	while (take())
		;
	assert_int_equal(waitpid(child, &status, 0), child);
	close(terminal);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_keys(void **state)
{
	(void)state;
	start("basic", "C");
	until("COMMAND");
	type("h");
	until("Press any key");
	type("x");
	until("postgres");
	type("t");
	until("RETRY");
	type("H");
	until("pg worker");
	type("/zzz\r");
	until("not found: zzz");
	type("\\cc1\r");
	until("F1 help");
	type("d7x\r");
	until("0.1 to 3600");
	type("\033[B\033[A\033[6~\033[5~><rR u\033 ");
	type("q");
	assert_int_equal(finish(), 0);
	/* It leaves the keypad and the cursor as they were. */
	assert_non_null(strstr(seen, "\033[?1l"));
}

static void test_resize(void **state)
{
	struct winsize size = { .ws_row = 5, .ws_col = 20 };

	(void)state;
	start("basic", "C");
	until("COMMAND");
	assert_int_equal(ioctl(terminal, TIOCSWINSZ, &size), 0);
	until("F1 help");
	size.ws_row = 60;
	size.ws_col = 300;
	assert_int_equal(ioctl(terminal, TIOCSWINSZ, &size), 0);
	until("COMMAND");
	type("q");
	assert_int_equal(finish(), 0);
}

static void test_hostile(void **state)
{
	static const char *const locales[] = { "C", "C.UTF-8" };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		start("hostile", locales[i]);
		until("\\033[2J\\033]0;owned\\007");
		type("q");
		assert_int_equal(finish(), 0);
		assert_null(strstr(seen, "\033]0;owned"));
	}
}

static void test_signal(void **state)
{
	int status;

	(void)state;
	start("basic", "C");
	until("COMMAND");
	assert_int_equal(kill(child, SIGTERM), 0);
	status = finish();
	/* The terminal is put in order before it ends. */
	assert_non_null(strstr(seen, "\033[?1l"));
	assert_int_equal(status, 0);
}

/* The files go away while it runs: it says so, on a terminal in order. */
static void test_files_gone(void **state)
{
	char from[128], to[128];

	(void)state;
	snprintf(from, sizeof(from), "%s/later", dir);
	snprintf(to, sizeof(to), "%s/gone", dir);
	start("later", "C");
	until("COMMAND");
	assert_int_equal(rename(from, to), 0);	/* all at once */
	assert_int_equal(finish(), 1);
	assert_non_null(strstr(strstr(seen, "\033[?1l"), "is not there"));
}

/*
 * A terminal that is not its own: nobody sends SIGHUP when it goes. The one it
 * reads from, then the one it writes to; its last word is the alarm.
 */
static void test_terminal_gone(void **state)
{
	struct winsize size = { .ws_row = 24, .ws_col = 100 };
	int master[2], slave[2], status, gone, i;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/basic", dir);
	for (gone = 0; gone < 2; gone++) {
		for (i = 0; i < 2; i++) {
			assert_int_equal(openpty(&master[i], &slave[i], NULL, NULL, &size), 0);
			assert_int_equal(fcntl(master[i], F_SETFD, FD_CLOEXEC), 0);
		}
		nr_seen = 0;
		memset(seen, 0, sizeof(seen));
		terminal = master[1];
		child = fork();
		assert_true(child >= 0);
		if (!child) {
			alarm(LIMIT_MS / 1000);
			setenv("TERM", "vt100", 1);
			dup2(slave[0], STDIN_FILENO);
			dup2(slave[1], STDOUT_FILENO);
			execl(getenv("PFTOP"), "pftop", "-d", "0.1", "--debugfs", path,
			      (char *)NULL);
			_exit(126);
		}
		close(slave[0]);
		close(slave[1]);
		until("COMMAND");
		close(master[gone]);
		/* Where it can still write, somebody must read. */
		while (!gone && take())
			;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		close(master[!gone]);
	}
}

/* Not all files need be there: what has none cannot be chosen. */
static void test_no_threads(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/slow/threads", dir);
	assert_int_equal(unlink(path), 0);
	start("slow", "C");
	until("COMMAND");
	type("H");
	until("there is no table of threads");
	type("q");
	assert_int_equal(finish(), 0);
}

/* So many processes that each update is late: a key is taken nonetheless. */
static void test_late(void **state)
{
	char path[128];
	unsigned int i;
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/slow/pids", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "PID PPID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR COMM\n");
	for (i = 1; i <= PFT_TABLE_MAX; i++)
		fprintf(file, "%u 1 %u 0 0 0 %u 0 0x7f0000000000 name\n", i, i, i);
	assert_int_equal(fclose(file), 0);
	start("slow", "C");
	until("COMMAND");
	type("q");
	assert_int_equal(finish(), 0);
}

static int setup(void **state)
{
	char command[256];

	(void)state;
	fake_dir(dir);
	snprintf(command, sizeof(command), "cp -r ../golden/*/ %s/ && cp -r ../golden/basic %s/slow", dir, dir);
	return system(command);
}

static int teardown(void **state)
{
	(void)state;
	fake_remove(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_files_gone),
		cmocka_unit_test(test_terminal_gone),
		cmocka_unit_test(test_no_threads),
		cmocka_unit_test(test_late),
	};

	return cmocka_run_group_tests_name("screen", tests, setup, teardown);
}
