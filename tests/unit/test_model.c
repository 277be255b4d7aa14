// SPDX-License-Identifier: GPL-2.0
/*
 * Two snapshots and their difference: every rate here can be worked out by hand.
 * Time is set, not waited for.
 */

#include <stdio.h>
#include <string.h>

#include "column.h"
#include "compose.h"
#include "fake.h"
#include "model.h"

#define HEADER	"PID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR PPID COMM\n"
#define SECOND	1000000000ULL

static char dir[64];
static struct pft_root *root;
static struct pft_error error;
static struct model model;

static int setup(void **state)
{
	(void)state;
	fake_dir(dir);
	fake_format(dir);
	fake_file(dir, "exited", HEADER);
	root = pft_root_open(dir, &error);
	model_init(&model, root);
	return root ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	model_fini(&model);
	pft_root_close(root);
	fake_remove(dir);
	return 0;
}

static void totals(unsigned int minor, unsigned int major, unsigned int exited,
		   unsigned long long traced_ns)
{
	char text[256];

	snprintf(text, sizeof(text), "minor %u\nmajor %u\ninvalid 0\nexited %u\ncpus 2\n"
		 "enabled 1\ntraced_ns %llu\nhook kretprobe\n", minor, major, exited, traced_ns);
	fake_file(dir, "totals", text);
}

static void pids(const char *rows)
{
	char text[1024];

	snprintf(text, sizeof(text), HEADER "%s", rows);
	fake_file(dir, "pids", text);
}

static void exited(const char *rows)
{
	char text[1024];

	snprintf(text, sizeof(text), HEADER "%s", rows);
	fake_file(dir, "exited", text);
}

static void update(uint64_t time_ns)
{
	assert_true(model_read(&model, &error));
	model.moment.time_ns = time_ns;
	assert_true(model_compute(&model));
}

static const struct model_row *row_of(uint32_t pid)
{
	unsigned int i;

	for (i = 0; i < model.nr_rows; i++)
		if (model.rows[i].row.pid == pid)
			return &model.rows[i];
	return NULL;
}

static void near(double is, double should)
{
	if (is < should - 1e-6 || is > should + 1e-6)
		fail_msg("%f where %f should be", is, should);
}

static void test_rates(void **state)
{
	(void)state;
	totals(1000, 10, 0, 100 * SECOND);
	pids("1 600 0 0 0 1000000 0 0x0 0 a\n2 400 10 0 0 2000000 3000000 0x0 0 b\n");
	update(50 * SECOND);
	/* The first: averages of 100 s. */
	assert_true(model.since_load);
	near(model.rate[PFT_MINOR], 10);
	near(row_of(1)->rate[PFT_MINOR], 6);
	near(row_of(2)->rate[PFT_MAJOR], 0.1);

	totals(1300, 14, 0, 102 * SECOND);
	pids("1 650 0 0 0 1500000 0 0x0 0 a\n2 600 14 0 0 2000000 403000000 0x0 0 b\n"
	     "3 50 0 0 0 0 0 0x0 1 new\n");
	update(52 * SECOND);
	assert_false(model.since_load);
	near(model.interval_s, 2);
	near(model.rate[PFT_MINOR], 150);
	near(model.rate[PFT_MAJOR], 2);
	near(row_of(1)->rate[PFT_MINOR], 25);
	near(row_of(2)->rate[PFT_MINOR], 100);
	near(row_of(2)->rate[PFT_MAJOR], 2);
	near(row_of(3)->rate[PFT_MINOR], 25);
	/* 0.5 ms of 2 s; 400 ms of 2 s; both of 2 s on 2 CPUs */
	near(row_of(1)->fault_percent, 0.025);
	near(row_of(2)->fault_percent, 20);
	near(model.fault_percent, 10.0125);
}

static void test_exited(void **state)
{
	(void)state;
	model.keep_ns = 5 * SECOND;
	totals(100, 0, 1, 10 * SECOND);
	pids("1 60 0 0 0 0 0 0x0 0 a\n2 30 0 0 0 0 0 0x0 0 b\n");
	exited("9 10 0 0 0 0 0 0x0 0 old\n");
	update(10 * SECOND);
	assert_null(row_of(9));

	totals(140, 0, 3, 11 * SECOND);
	pids("1 60 0 0 0 0 0 0x0 0 a\n");
	exited("3 20 0 0 0 0 0 0x0 1 short\n2 50 0 0 0 10000000 0 0x0 0 b\n"
	       "9 10 0 0 0 0 0 0x0 0 old\n");
	update(11 * SECOND);
	assert_null(row_of(9));
	assert_true(row_of(2)->exited);
	near(row_of(2)->rate[PFT_MINOR], 20);	/* 50 - 30 */
	near(row_of(3)->rate[PFT_MINOR], 20);	/* born and ended in between */
	near(model.fault_percent, 0.5);		/* 10 ms of 1 s on 2 CPUs */
	assert_int_equal(model.exited_unseen, 0);

	/* They stay for five seconds, without a rate, and are not counted twice. */
	totals(140, 0, 3, 12 * SECOND);
	update(12 * SECOND);
	assert_true(row_of(3)->exited);
	assert_false(row_of(3)->has_rate);
	near(model.fault_percent, 0);
	totals(140, 0, 3, 17 * SECOND);
	update(17 * SECOND);
	assert_null(row_of(3));
	assert_null(row_of(2));
	assert_non_null(row_of(1));
}

/* It ended between the reading of `pids` and of `exited`: in both, but one. */
static void test_exited_meanwhile(void **state)
{
	unsigned int i, rows = 0;

	(void)state;
	totals(100, 0, 0, 10 * SECOND);
	pids("1 60 0 0 0 0 0 0x0 0 a\n2 30 0 0 0 0 0 0x0 1 b\n");
	exited("");
	update(10 * SECOND);

	totals(140, 0, 2, 11 * SECOND);
	pids("1 60 0 0 0 0 0 0x0 0 a\n2 40 0 0 0 10000000 0 0x0 1 b\n"
	     "4 7 0 0 0 0 0 0x0 1 new\n");
	exited("4 90 0 0 0 0 0 0x0 5 used\n2 50 0 0 0 20000000 0 0x0 1 b\n");
	update(11 * SECOND);
	for (i = 0; i < model.nr_rows; i++)
		rows += model.rows[i].row.pid == 2;
	assert_int_equal(rows, 1);
	assert_true(row_of(2)->exited);
	near(row_of(2)->rate[PFT_MINOR], 20);	/* 50 - 30 */
	near(model.fault_percent, 1);		/* 20 ms of 1 s on 2 CPUs */
	/* 4 is in use again: one has ended and one lives. */
	for (i = 0, rows = 0; i < model.nr_rows; i++)
		rows += model.rows[i].row.pid == 4;
	assert_int_equal(rows, 2);
}

/* The order of those just reaped is not strict: still each is new once. */
static void test_exited_order(void **state)
{
	(void)state;
	totals(0, 0, 2, SECOND);
	pids("");
	exited("5 1 0 0 0 0 0 0x0 0 a\n4 1 0 0 0 0 0 0x0 0 b\n");
	update(SECOND);
	totals(0, 0, 3, 2 * SECOND);
	exited("4 1 0 0 0 0 0 0x0 0 b\n6 1 0 0 0 0 0 0x0 0 c\n5 1 0 0 0 0 0 0x0 0 a\n");
	update(2 * SECOND);
	assert_int_equal(model.nr_rows, 1);
	assert_int_equal(model.rows[0].row.pid, 6);
}

static void test_exited_unseen(void **state)
{
	(void)state;
	totals(0, 0, 2, SECOND);
	pids("");
	exited("5 1 0 0 0 0 0 0x0 0 a\n4 1 0 0 0 0 0 0x0 0 b\n");
	update(SECOND);
	/* 3,000 have ended, and of those known before none is left. */
	totals(0, 0, 3002, 2 * SECOND);
	exited("7 1 0 0 0 0 0 0x0 0 a\n6 1 0 0 0 0 0 0x0 0 b\n");
	update(2 * SECOND);
	assert_int_equal(model.exited_unseen, 2998);
}

static void test_pid_used_again(void **state)
{
	(void)state;
	totals(500, 0, 0, SECOND);
	pids("7 500 0 0 0 900 0 0x0 0 old\n");
	update(SECOND);
	totals(530, 0, 0, 2 * SECOND);
	pids("7 30 0 0 0 100 0 0x0 0 new\n");
	update(2 * SECOND);
	near(row_of(7)->rate[PFT_MINOR], 30);
}

static void test_clear(void **state)
{
	(void)state;
	totals(500, 0, 0, 100 * SECOND);
	pids("7 500 0 0 0 900 0 0x0 0 a\n");
	update(100 * SECOND);
	totals(40, 0, 0, 4 * SECOND);
	pids("7 40 0 0 0 100 0 0x0 0 a\n");
	update(105 * SECOND);
	/* Cleared four seconds ago: averages again. */
	assert_true(model.since_load);
	near(model.rate[PFT_MINOR], 10);
	near(row_of(7)->rate[PFT_MINOR], 10);
}

static void test_threads_and_back(void **state)
{
	(void)state;
	fake_file(dir, "threads", "PID TID MINOR MAJOR INVALID COMM\n7 7 400 0 0 a\n7 8 100 0 0 b\n");
	totals(500, 0, 0, SECOND);
	pids("7 500 0 0 0 900 0 0x0 0 a\n");
	update(SECOND);
	model.threads = true;
	totals(600, 0, 0, 2 * SECOND);
	update(2 * SECOND);
	assert_int_equal(model.nr_rows, 2);
	/* A thread cannot be compared with a process: no rate, not a wrong one. */
	assert_false(model.rows[0].has_rate);
	near(model.rate[PFT_MINOR], 100);
	fake_file(dir, "threads", "PID TID MINOR MAJOR INVALID COMM\n7 7 450 0 0 a\n7 8 100 0 0 b\n");
	update(3 * SECOND);
	assert_true(model.rows[0].has_rate);
	near(model.rows[0].rate[PFT_MINOR], 50);
	near(model.rows[1].rate[PFT_MINOR], 0);
	model.threads = false;
	update(4 * SECOND);
	assert_int_equal(model.nr_rows, 1);
	assert_false(model.rows[0].has_rate);
}

#define CAUSES	"PID MINOR MAJOR INVALID MINOR_NS ZERO FILE-COW UACCESS COMM\n"

/* The cause of most faults, of the interval and of all time. */
static void test_top_cause(void **state)
{
	(void)state;
	totals(100, 0, 0, SECOND);
	pids("1 5 0 0 0 0 0 0x0 0 old\n");
	update(SECOND);
	assert_false(model.rows[0].has_causes);
	assert_string_equal(model.rows[0].top.text, "");
	assert_string_equal(model.rows[0].top_total.text, "");
	fake_file(dir, "pids", CAUSES "1 90 0 10 0 60 30 10 a\n");
	totals(200, 0, 0, 2 * SECOND);
	update(2 * SECOND);
	assert_true(model.rows[0].has_causes);
	assert_string_equal(model.rows[0].top_total.text, "zero:60%");
	fake_file(dir, "pids", CAUSES "1 100 0 40 0 61 39 40 a\n");
	totals(300, 0, 0, 3 * SECOND);
	update(3 * SECOND);
	assert_string_equal(model.rows[0].top.text, "uaccess:75%");
	near(model.rows[0].top.percent, 75);
	assert_int_equal(model.rows[0].top.cause, PFT_CAUSE_UACCESS);
	assert_string_equal(model.rows[0].top_total.text, "zero:44%");
	/* No fault in the interval: no cause. */
	totals(300, 0, 0, 4 * SECOND);
	update(4 * SECOND);
	assert_string_equal(model.rows[0].top.text, "");
	assert_string_equal(model.rows[0].top_total.text, "zero:44%");
	/* The causes fell, the counts did not: another process. */
	fake_file(dir, "pids", CAUSES "1 100 0 40 0 0 140 0 a\n");
	totals(300, 0, 0, 5 * SECOND);
	update(5 * SECOND);
	assert_string_equal(model.rows[0].top.text, "file-cow:100%");
}

static void latency(unsigned int fast, unsigned int slow)
{
	char text[512];

	snprintf(text, sizeof(text), "CLASS CAUSE FROM_NS TO_NS COUNT BAR\n"
		 "minor zero 512 1023 %u |##\nminor cow 512 1023 0 |##\n"
		 "minor zero 65536 131071 %u |#\n"
		 "minor all 65536 131071 1000000 |#\nlater all 1 1 1\n"
		 "invalid null 0 0 5 |\n", fast, slow);
	fake_file(dir, "latency", text);
}

/* p99 of what happened between two updates, not of all time. */
static void test_p99(void **state)
{
	char lines[COMPOSE_HEADER][COMPOSE_LINE];
	struct compose compose;

	(void)state;
	compose_init(&compose, 80, false, false, false);
	totals(100, 0, 0, SECOND);
	pids("");
	latency(0, 1000);
	update(SECOND);
	assert_true(model.p99.since_load);
	/* Of 1000, the 990th: 65536 + 65535 * 990 / 1000. */
	assert_int_equal(model.p99.ns[PFT_MINOR], 65536 + 64879);
	assert_false(model.p99.known[PFT_MAJOR]);
	compose_header(&compose, &model, lines);
	assert_string_equal(lines[3], "minor p50 98.3us p99 130.4us   major p50 - p99 - (since load)");
	totals(200, 0, 0, 2 * SECOND);
	latency(100, 1000);
	update(2 * SECOND);
	assert_false(model.p99.since_load);
	assert_int_equal(model.p99.ns[PFT_MINOR], 512 + 505);
	compose_header(&compose, &model, lines);
	assert_string_equal(lines[3], "minor p50 767ns p99 1.0us   major p50 - p99 -");
	/* 98 fast and 2 slow ones: the 99th is the first slow one of two. */
	totals(300, 0, 0, 3 * SECOND);
	latency(198, 1002);
	update(3 * SECOND);
	assert_int_equal(model.p99.ns[PFT_MINOR], 65536 + 32767);
	/* Nothing happened. */
	totals(300, 0, 0, 4 * SECOND);
	update(4 * SECOND);
	assert_false(model.p99.known[PFT_MINOR]);
	/* A module that has no histograms any more, but `causes`. */
	fake_file(dir, "causes", "CLASS CAUSE COUNT TOTAL_NS MEAN_NS MAX_NS P50_NS P90_NS P99_NS\n"
		  "minor all 9 900 100 700 90 400 640\nmajor all 1 - - - - - -\n");
	snprintf(lines[0], sizeof(lines[0]), "%s/latency", dir);
	assert_int_equal(remove(lines[0]), 0);
	totals(400, 0, 0, 5 * SECOND);
	update(5 * SECOND);
	assert_true(model.p99.since_load && model.p99.known[PFT_MINOR]);
	assert_int_equal(model.p99.ns[PFT_MINOR], 640);
	assert_int_equal(model.p99.p50_ns[PFT_MINOR], 90);
	assert_false(model.p99.known[PFT_MAJOR]);
	/* A broken file is an error, not a lack. */
	fake_file(dir, "latency", "CLASS CAUSE FROM_NS COUNT\nminor zero x 5\n");
	assert_false(model_read(&model, &error));
	assert_int_equal(error.code, PFT_ERR_FORMAT);
}

/* The screen's lines, 80 columns: what a person would read from those rates. */
static void test_screen_lines(void **state)
{
	char lines[COMPOSE_HEADER][COMPOSE_LINE], line[COMPOSE_LINE];
	struct compose compose;
	unsigned int i;

	(void)state;
	totals(1000, 10, 0, 100 * SECOND);
	pids("1 600 0 0 0 1000000 0 0x0 0 a\n");
	update(50 * SECOND);
	totals(26000, 14, 0, 102 * SECOND);
	pids("1 25600 0 3 0 37000000 0 0x0 0 a\033[2J very long name indeed\n");
	update(52 * SECOND);
	totals(76000, 14, 0, 104 * SECOND);
	pids("1 75600 0 3 0 137000000 0 0x0 0 a\033[2J very long name indeed\n");
	update(54 * SECOND);
	compose_init(&compose, 80, true, false, false);
	compose_header(&compose, &model, lines);
	assert_string_equal(lines[0], "pftop - 00:01:44 tracing, 2 CPUs, hook kretprobe  "
			    "minor     25.0k/s ▅█");
	assert_string_equal(lines[1], "lost 0   missed 0   audited 0, 0 mismatches       "
			    "major         0/s █▁");
	assert_string_equal(lines[2], "time in faults 2.5% of CPU                        "
			    "invalid       0/s ▁▁");
	compose_titles(&compose, line);
	assert_string_equal(line, "    PID USER      MIN/s  MAJ/s   INV FAULT%     P99 TOP CAUSE      COMMAND");
	compose_row(&compose, &model.rows[0], line);
	assert_string_equal(line, "      1 -         25.0k      0     3    5.0       - "
			    "-              a\\033[2J very");
	model.rows[0].exited = true;
	compose_init(&compose, 60, false, true, false);
	compose_row(&compose, &model.rows[0], line);
	assert_string_equal(line, "      1 -             75600        0     3       0     0.137 (exited)");
	compose_init(&compose, 85, false, false, false);
	compose_row(&compose, &model.rows[0], line);
	assert_int_equal(strlen(line), 85);
	/* A narrow terminal keeps the command. */
	compose_init(&compose, 76, false, false, false);
	compose_titles(&compose, line);
	assert_string_equal(line, "    PID USER      MIN/s  MAJ/s   INV FAULT% TOP CAUSE      COMMAND");
	compose_init(&compose, 70, false, false, false);
	compose_titles(&compose, line);
	assert_string_equal(line, "    PID USER      MIN/s  MAJ/s   INV FAULT% COMMAND");
	compose_choose(&compose, "pid,zero,cause_cow,COMMAND");
	compose_titles(&compose, line);
	assert_string_equal(line, "    PID       zero        cow COMMAND");
	/* A curve with little room: four updates in each column, the highest of them. */
	model.nr_history = 0;
	for (i = 0; i < 40; i++)
		model.history[PFT_MINOR][model.nr_history++] = i < 39 ? 1 : 7;
	compose_init(&compose, 80, false, false, false);
	compose_header(&compose, &model, lines);
	assert_int_equal(strlen(lines[0]), 78);
	assert_string_equal(lines[0] + 68, ".........#");
	/* The next update has a column of its own: the others stay as they are. */
	memmove(model.history[PFT_MINOR], model.history[PFT_MINOR] + 1, 39 * sizeof(double));
	model.history[PFT_MINOR][39] = 7;
	model.history_from = 1;
	compose_header(&compose, &model, lines);
	assert_string_equal(lines[0] + 68, ".........##");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exited, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exited_meanwhile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exited_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exited_unseen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pid_used_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clear, setup, teardown),
		cmocka_unit_test_setup_teardown(test_threads_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_top_cause, setup, teardown),
		cmocka_unit_test_setup_teardown(test_p99, setup, teardown),
		cmocka_unit_test_setup_teardown(test_screen_lines, setup, teardown),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
