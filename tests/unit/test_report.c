// SPDX-License-Identifier: GPL-2.0
/* The report of a run, to the letter; and what /proc says, made harmless. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "fake.h"
#include "proc.h"
#include "report.h"
#include "safe.h"

static struct report report;
static struct family family;
static char *text;
static size_t size;

static void set_total(struct pft_totals *totals, const char *name, uint64_t value)
{
	struct pft_total *total = &totals->total[totals->count++];

	snprintf(total->name, sizeof(total->name), "%s", name);
	total->value = value;
	total->is_number = true;
}

static int setup(void **state)
{
	(void)state;
	memset(&report, 0, sizeof(report));
	memset(&family, 0, sizeof(family));
	text = NULL;
	report.file = open_memstream(&text, &size);
	report.command = "./load\033model";
	report.pid = 77;
	report.start_ns = 1000000000;
	report.end_ns = 7800000000;
	report.kernel[PFT_MINOR] = 261708;
	report.kernel[PFT_MAJOR] = 1204;
	family.ended = (struct family_sum){ 3, { 261708, 1204, 2 }, { 330000000, 1610000000 } };
	family.leader_ended = true;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	output_fini(&report.output);
	free(text);
	return 0;
}

static void write_as(enum format format)
{
	output_init(&report.output, format, report.file);
	assert_true(report_write(&report, &family));
	fclose(report.file);
}

static void test_agrees(void **state)
{
	(void)state;
	write_as(FORMAT_TEXT);
	assert_string_equal(text,
		"./load\\033model: 262,914 faults, 1.94 s of 6.80 s wall (28.5 %), exit 0\n"
		"  class           count         time         mean\n"
		"  minor         261,708     330.0 ms       1.3 us\n"
		"  major           1,204       1.61 s       1.3 ms\n"
		"  invalid             2            -            -\n"
		"3 processes; counts agree with the kernel's (262,912 = 261,708 minor + 1,204 major); no fault was missed.\n");
}

static void test_differs(void **state)
{
	(void)state;
	report.kernel[PFT_MAJOR] = 1205;
	report.status = SIGKILL;	/* as wait4() gives it */
	family.alive = (struct family_sum){ 2, { 92, 0, 0 }, { 1000, 0 } };
	family.unseen = 12;
	family.leader_ended = false;
	set_total(&report.before, "missed_no_instance", 5);
	set_total(&family.totals, "missed_no_instance", 12);
	set_total(&family.totals, "missed_no_ring", 3);
	write_as(FORMAT_TEXT);
	assert_string_equal(text,
		"./load\\033model: 263,006 faults, 1.94 s of 6.80 s wall (28.5 %), killed by signal 9 (Killed)\n"
		"  class           count         time         mean\n"
		"  minor         261,800     330.0 ms       1.3 us\n"
		"  major           1,204       1.61 s       1.3 ms\n"
		"  invalid             2            -            -\n"
		"5 processes, 2 of them still running (their faults so far); counts differ from the kernel's: here 261,708 minor + 1,204 major, wait4() says 261,708 + 1,205; on the whole machine: missed_no_instance 7, missed_no_ring 3.\n"
		"12 processes ended unseen: more at once than the module lists. The counts may be short.\n"
		"process 77 was not seen to end: its counts may be short.\n");
}

static void test_json(void **state)
{
	(void)state;
	report.status = 3 << 8;
	write_as(FORMAT_JSON);
	assert_string_equal(text,
		"{\"command\":\"./load\\\\033model\",\"pid\":77,\"exit_status\":3,\"signal\":null,"
		"\"wall_ns\":6800000000,\"fault_ns\":1940000000,\"share_percent\":28.529,"
		"\"faults\":262914,\"processes\":3,\"still_running\":0,\"ended_unseen\":0,"
		"\"seen_to_end\":true,\"agrees\":true,\"kernel\":{\"minor\":261708,\"major\":1204},"
		"\"missed\":{\"missed_no_instance\":0,\"missed_reentry\":0,\"missed_table_full\":0,"
		"\"missed_no_ring\":0},\"classes\":[{\"class\":\"minor\",\"count\":261708,"
		"\"time_ns\":330000000,\"mean_ns\":1260},{\"class\":\"major\",\"count\":1204,"
		"\"time_ns\":1610000000,\"mean_ns\":1337209},{\"class\":\"invalid\",\"count\":2,"
		"\"time_ns\":null,\"mean_ns\":null}]}\n");
}

static void test_proc(void **state)
{
	struct proc_cache cache;
	const struct proc_info *info;
	char dir[64], path[128], safe[64];
	FILE *file;

	(void)state;
	fake_dir(dir);
	fake_file(dir, "77/x", "");
	snprintf(path, sizeof(path), "%s/77/cmdline", dir);
	file = fopen(path, "w");
	assert_int_equal(fwrite("cc1\0-O2\0\033[31m\n\0\0", 17, 1, file), 1);
	fclose(file);
	fake_file(dir, "78/cmdline", "");
	assert_true(proc_init(&cache, dir));
	info = proc_get(&cache, 77, "cc1", true);
	assert_non_null(info);
	assert_true(info->has_user);
	assert_string_equal(info->command, "cc1 -O2 \033[31m\n");
	safe_text(safe, sizeof(safe), info->command, true);
	assert_string_equal(safe, "cc1 -O2 \\033[31m\\012");
	/* A kernel thread has no command line. */
	assert_string_equal(proc_get(&cache, 78, "kworker/0:1", true)->command, "[kworker/0:1]");
	/* What has ended is remembered, what was never asked is not known. */
	fake_remove(dir);
	assert_string_equal(proc_get(&cache, 77, "cc1", false)->command, "cc1 -O2 \033[31m\n");
	assert_null(proc_get(&cache, 79, "ls", false));
	assert_null(proc_get(&cache, 79, "ls", true));
	/* Another name: another program, which is not there any more. */
	assert_null(proc_get(&cache, 77, "as", true));
	proc_fini(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_agrees, setup, teardown),
		cmocka_unit_test_setup_teardown(test_differs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
		cmocka_unit_test(test_proc),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
