// SPDX-License-Identifier: GPL-2.0
/*
 * Live views on a recording: its own time is what counts, not the clock of the
 * machine that shows it. Three snapshots, at 100, 102 and 107 seconds:
 *
 *	minor	1,000	5,000	5,500	so 2,000/s, then 100/s
 *	pid 42	  600	4,200	4,200	so 1,800/s, then 0/s
 *
 * The other process has the number of this program, by chance.
 */

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_recording.h"
#include "feed.h"
#include "model.h"

#define SECOND		1000000000ULL
#define LIMIT_MS	30000	/* only a broken pftop takes this long */

static struct fake_recording recording;

static void snapshot(uint64_t second, unsigned int minor, unsigned int of_42)
{
	static const char head[] =
		"PID PPID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR COMM\n";
	uint64_t ns = second * SECOND;
	char text[512];

	snprintf(text, sizeof(text), "%s42 1 %u 0 0 0 %u 0 0x1000 cc1\n%d 1 5 0 0 0 5 0 0x1000 %s\n",
		 head, of_42, of_42 * 1000, getpid(), program_invocation_short_name);
	fake_recording_text(&recording, "pids", ns, text);
	snprintf(text, sizeof(text), "%s%s", head,
		 second == 107 ? "50 42 3 0 0 0 3 0 0x1000 as\n" : "");
	fake_recording_text(&recording, "exited", ns, text);
	snprintf(text, sizeof(text),
		 "minor %u\nmajor 0\ninvalid 0\ncpus 2\ntraced_ns %llu\nhook direct\n", minor,
		 (unsigned long long)ns);
	fake_recording_text(&recording, "totals", ns, text);
}

/* Ten faults of 1,000 ns each second. */
static void records(uint64_t second, unsigned int seconds)
{
	struct pft_record record[10 * 8] = { 0 };
	unsigned int i;

	for (i = 0; i < 10 * seconds; i++) {
		record[i].time_ns = second * SECOND + i * SECOND / 10 + 1;
		record[i].tgid = record[i].pid = 42;
		record[i].latency_ns = 1000 * seconds;
		strcpy(record[i].comm, "cc1");
	}
	fake_recording_records(&recording, 0, record, 10 * seconds, 0);
}

static int setup(void **state)
{
	fake_root_setup(state);
	fake_recording_begin(&recording, fake_root_dir);
	fake_recording_text(&recording, "host", 90 * SECOND,
			    "kernel 6.12\nmachine x86_64\nstart_ns 90000000000\n"
			    "start_wall_ns 1700000000000000000\n");
	snapshot(100, 1000, 600);
	fake_recording_text(&recording, "proc/42/cmdline", 101 * SECOND, "/usr/lib/cc1 -O2 x.c");
	records(100, 2);
	snapshot(102, 5000, 4200);
	records(102, 5);
	snapshot(107, 5500, 4200);
	fake_recording_end(&recording);
	return 0;
}

static void near(double is, double should)
{
	if (is < should - 1e-6 || is > should + 1e-6)
		fail_msg("%f where %f should be", is, should);
}

static void test_rates(void **state)
{
	struct pft_root *root = pft_root_open(recording.path, &fake_error);
	struct model model;

	(void)state;
	assert_non_null(root);
	pft_root_rewind(root);
	model_init(&model, root);
	recent_init(&model.recent, root);

	assert_true(model_update(&model, &fake_error));
	assert_true(model.since_load);
	assert_false(model.moment.last);
	near(model.rate[PFT_MINOR], 10);	/* 1,000 in 100 s */
	near(model.moment.wall_s, 1700000010);
	assert_int_equal(model.moment.length_ns, 7 * SECOND);

	assert_true(pft_root_step(root));
	assert_true(model_update(&model, &fake_error));
	assert_false(model.since_load);
	near(model.interval_s, 2);
	near(model.rate[PFT_MINOR], 2000);
	near(model.rows[0].rate[PFT_MINOR], 1800);
	/* 3,600 faults took 3.6 ms in 2 s: 0.18 % of a CPU, of two half of it. */
	near(model.rows[0].fault_percent, 0.18);
	near(model.fault_percent, 0.09);
	near(model.moment.wall_s, 1700000012);
	assert_int_equal(model.moment.since_ns, 2 * SECOND);
	/* By the records between the two. */
	assert_true(model.rows[0].has_p99);
	assert_int_equal(model.rows[0].p99_ns, 2000);

	assert_true(pft_root_step(root));
	assert_true(model_update(&model, &fake_error));
	near(model.rate[PFT_MINOR], 100);
	near(model.rows[0].rate[PFT_MINOR], 0);
	assert_int_equal(model.rows[0].p99_ns, 5000);
	assert_true(model.moment.last);
	assert_false(pft_root_step(root));
	model_fini(&model);
	pft_root_close(root);
}

/* Into a process: all that it did up to the snapshot that is looked at, then on. */
static void test_feed(void **state)
{
	struct pft_root *root = pft_root_open(recording.path, &fake_error);
	const struct profile_options all = { 0 };
	struct feed feed;

	(void)state;
	assert_non_null(root);
	pft_root_rewind(root);
	assert_true(pft_root_step(root));
	assert_true(feed_open(&feed, root, &all));
	feed_update(&feed, SECOND);
	assert_int_equal(feed.profile.records, 20);
	assert_true(pft_root_step(root));
	feed_update(&feed, SECOND);
	assert_int_equal(feed.profile.records, 70);
	feed_fini(&feed);
	/* At the end as well. */
	assert_true(feed_open(&feed, root, &all));
	feed_update(&feed, SECOND);
	assert_int_equal(feed.profile.records, 70);
	feed_fini(&feed);
	pft_root_close(root);
}

/* All that -b writes, an array. */
static json_t *updates(const char *arguments)
{
	json_t *all = json_array(), *update;
	char command[256], *line = NULL;
	size_t size = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "timeout 60 %s -b --json --debugfs %s %s",
		 getenv("PFTOP"), recording.path, arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (getline(&line, &size, pipe) > 0) {
		update = json_loads(line, 0, NULL);
		assert_non_null(update);
		assert_int_equal(json_array_append_new(all, update), 0);
	}
	free(line);
	assert_int_equal(pclose(pipe), 0);
	return all;
}

/* All snapshots at once, and then it ends. */
static void test_batch(void **state)
{
	static const double rate[] = { 10, 2000, 100 };
	static const double time[] = { 1700000010, 1700000012, 1700000017 };
	/* A delay of an hour: there is none. */
	json_t *all = updates("-d 3600"), *update;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(all), 3);
	json_array_foreach(all, i, update) {
		near(json_number_value(json_object_get(json_object_get(update, "rates"),
						       "minor_per_s")), rate[i]);
		near(json_number_value(json_object_get(update, "time")), time[i]);
	}
	json_decref(all);
}

/* What a process of this machine is called is no word of the recording. */
static void test_command(void **state)
{
	struct pft_root *root = pft_root_open(recording.path, &fake_error);
	struct model model;

	(void)state;
	assert_non_null(root);
	pft_root_rewind(root);
	model_init(&model, root);
	recent_init(&model.recent, root);
	assert_true(proc_init(&model.proc, NULL, root));
	assert_true(model_update(&model, &fake_error));
	/* It was not known before 101 s. */
	model_name(&model, &model.rows[0]);
	assert_null(model.rows[0].command);
	assert_true(pft_root_step(root));
	assert_true(model_update(&model, &fake_error));
	model_name(&model, &model.rows[0]);
	assert_string_equal(model.rows[0].command, "/usr/lib/cc1 -O2 x.c");
	assert_null(model.rows[0].user);
	assert_int_equal(model.rows[1].row.pid, getpid());
	model_name(&model, &model.rows[1]);
	assert_null(model.rows[1].command);
	/* It has ended before anybody asked: what it was called is in there still. */
	proc_fini(&model.proc);
	assert_true(proc_init(&model.proc, NULL, root));
	model.rows[0].exited = true;
	model_name(&model, &model.rows[0]);
	assert_string_equal(model.rows[0].command, "/usr/lib/cc1 -O2 x.c");
	/* A thread has that of its process. */
	model.rows[0].row.tid = 43;
	model_name(&model, &model.rows[0]);
	assert_string_equal(model.rows[0].command, "/usr/lib/cc1 -O2 x.c");
	model_fini(&model);
	pft_root_close(root);
}

static void test_command_shown(void **state)
{
	json_t *all = updates(""), *row;
	const char *command;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(json_array_get(all, 2), "processes"), i, row) {
		command = json_string_value(json_object_get(row, "command"));
		if (json_integer_value(json_object_get(row, "pid")) == 42)
			assert_string_equal(command, "/usr/lib/cc1 -O2 x.c");
		else if (json_integer_value(json_object_get(row, "pid")) == getpid())
			assert_string_equal(command, program_invocation_short_name);
		assert_true(json_is_null(json_object_get(row, "user")));
	}
	assert_int_equal(i, 3);
	json_decref(all);
}

/* One that ended is in the recording, too; one that is not is an error. */
static void test_pid(void **state)
{
	json_t *all = updates("-p 50"), *processes;
	char command[512];

	(void)state;
	processes = json_object_get(json_array_get(all, 2), "processes");
	assert_int_equal(json_array_size(processes), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(processes, 0),
							      "comm")), "as");
	json_decref(all);
	/* This one lives here, but not there. */
	snprintf(command, sizeof(command),
		 "test \"$($PFTOP -b --debugfs %s -p %d 2>&1)\" = "
		 "\"pftop: process %d is not in %s\"",
		 recording.path, getppid(), getppid(), recording.path);
	assert_int_equal(system(command), 0);
}

static char seen[1 << 18];

static void until(int terminal, const char *text)
{
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	size_t used = strlen(seen);
	ssize_t got;

	while (!strstr(seen, text)) {
		if (poll(&fd, 1, LIMIT_MS) != 1)
			fail_msg("\"%s\" did not come:\n%s", text, seen);
		got = read(terminal, seen + used, sizeof(seen) - 1 - used);
		if (got <= 0)
			fail_msg("pftop ended, and \"%s\" was never shown:\n%s", text, seen);
		used += (size_t)got;
	}
}

/* It goes through it, and then it stays where it is until a key ends it. */
static void test_screen(void **state)
{
	struct winsize size = { .ws_row = 24, .ws_col = 120 };
	struct pollfd fd = { .events = POLLIN };
	int terminal, status;
	ssize_t got;
	size_t used;
	pid_t child;

	(void)state;
	memset(seen, 0, sizeof(seen));
	child = forkpty(&terminal, NULL, NULL, &size);
	assert_true(child >= 0);
	if (!child) {
		setenv("TERM", "vt100", 1);
		setenv("LC_ALL", "C", 1);
		execl(getenv("PFTOP"), "pftop", "-d", "0.1", "--debugfs", recording.path,
		      (char *)NULL);
		_exit(126);
	}
	fd.fd = terminal;
	until(terminal, "pftop - 00:00:00 of 00:00:07 recorded, 2 CPUs");
	until(terminal, "/usr/lib/cc1 -O2 x.c");
	until(terminal, "end of recording");
	/* Many delays later: a rate that is of no time would be seen. */
	used = strlen(seen);
	while (poll(&fd, 1, 500) == 1) {
		got = read(terminal, seen + used, sizeof(seen) - 1 - used);
		assert_true(got > 0);
		used += (size_t)got;
	}
	assert_null(strstr(seen, "unknown"));
	assert_int_equal(write(terminal, "t", 1), 1);
	until(terminal, "RETRY");
	assert_int_equal(write(terminal, "q", 1), 1);
	while (read(terminal, seen, sizeof(seen) - 1) > 0)
		;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(terminal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rates, setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_feed, setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_batch, setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_command, setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_command_shown, setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_pid, setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_screen, setup, fake_root_teardown),
	};

	return cmocka_run_group_tests_name("recorded", tests, NULL, NULL);
}
