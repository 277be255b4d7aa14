// SPDX-License-Identifier: GPL-2.0
/*
 * When updates come: at regular times, and after a stop one, not two. What is due
 * is worked out by hand; a real pftop is stopped for some of its delays.
 */

#include <jansson.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"
#include "pace.h"

#define SECOND	1000000000ULL

static void test_in_time(void **state)
{
	(void)state;
	assert_int_equal(pace_next(10 * SECOND, 1, 10 * SECOND), 11 * SECOND);
	assert_int_equal(pace_next(10 * SECOND, 0.1, 10 * SECOND), 10 * SECOND + SECOND / 10);
	assert_int_equal(pace_next(10 * SECOND, 3600, 10 * SECOND), 3610 * SECOND);
}

/* A little late: the next one is where it would have been. */
static void test_no_drift(void **state)
{
	(void)state;
	assert_int_equal(pace_next(10 * SECOND, 1, 10 * SECOND + 1), 11 * SECOND);
	assert_int_equal(pace_next(10 * SECOND, 1, 11 * SECOND - 1), 11 * SECOND);
}

/* Late by a delay or more: from now on, and what was missed is not made up for. */
static void test_no_catching_up(void **state)
{
	(void)state;
	assert_int_equal(pace_next(10 * SECOND, 1, 11 * SECOND), 12 * SECOND);
	assert_int_equal(pace_next(10 * SECOND, 1, 25 * SECOND + 7), 26 * SECOND + 7);
}

/* For more than two delays of a second. */
static void stop_for_a_while(pid_t pid)
{
	uint64_t since;
	int status;

	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	since = pft_now_ns();
	while (pft_now_ns() < since + 5 * SECOND / 2)
		usleep(10000);
	assert_int_equal(kill(pid, SIGCONT), 0);
}

static void expect_success(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* What the rates of pftop's next update are about, seconds. */
static double next_interval(FILE *out)
{
	char *line = NULL;
	size_t size = 0;
	json_t *update;
	double seconds;

	assert_true(getline(&line, &size, out) > 0);
	update = json_loads(line, 0, NULL);
	assert_non_null(update);
	seconds = json_number_value(json_object_get(update, "interval_s"));
	json_decref(update);
	free(line);
	return seconds;
}

static void test_stopped(void **state)
{
	int fds[2];
	FILE *out;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(getenv("PFTOP"), "pftop", "-b", "-d", "1", "-n", "3", "--json", "--debugfs",
		      "../golden/basic", (char *)NULL);
		_exit(126);
	}
	close(fds[1]);
	out = fdopen(fds[0], "r");
	assert_non_null(out);
	(void)next_interval(out);
	stop_for_a_while(pid);
	assert_true(next_interval(out) > 2.5);
	/* A delay, or a little less; two at once are a thousandth of it apart. */
	assert_true(next_interval(out) > 0.1);
	fclose(out);
	expect_success(pid);
}

/* Of its three updates one is due when it goes on, and the last one a delay later. */
static void test_stopped_screen(void **state)
{
	struct winsize size = { .ws_row = 24, .ws_col = 100 };
	char text[4096];
	uint64_t since;
	int terminal;
	pid_t pid;

	(void)state;
	pid = forkpty(&terminal, NULL, NULL, &size);
	assert_true(pid >= 0);
	if (!pid) {
		setenv("TERM", "vt100", 1);
		execl(getenv("PFTOP"), "pftop", "-d", "1", "-n", "3", "--debugfs",
		      "../golden/basic", (char *)NULL);
		_exit(126);
	}
	assert_true(read(terminal, text, sizeof(text)) > 0);
	stop_for_a_while(pid);
	since = pft_now_ns();
	while (read(terminal, text, sizeof(text)) > 0)
		;
	assert_true(pft_now_ns() - since > SECOND / 10);
	close(terminal);
	expect_success(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_no_drift),
		cmocka_unit_test(test_no_catching_up),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_stopped_screen),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
