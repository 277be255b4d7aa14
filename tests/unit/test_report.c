// SPDX-License-Identifier: GPL-2.0
/* The report of a run, to the letter; and what /proc says, made harmless. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "fake.h"
#include "proc.h"
#include "report.h"
#include "safe.h"
#include "schema.h"

static struct report report;
static struct family family;
static struct gather gather;
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
	fake_root_setup(state);
	memset(&gather, 0, sizeof(gather));
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
	family.root = fake_root;
	family.ended = (struct family_sum){
		3, { 261708, 1204, 2 }, { 330000000, 1610000000 },
		{ [PFT_CAUSE_ZERO] = 261700, [PFT_CAUSE_FILE] = 1212, [PFT_CAUSE_NULL] = 2 },
	};
	family.leader_ended = true;
	return 0;
}

static int teardown(void **state)
{
	output_fini(&report.output);
	tally_fini(&gather.tally);
	free(text);
	return fake_root_teardown(state);
}

static void add_records(enum pft_class class, enum pft_cause cause, uint64_t count, uint64_t ns)
{
	struct pft_record record = {
		.class = (uint8_t)class, .cause = (uint8_t)cause, .latency_ns = ns,
		.vma_start = 0x7f0000000000, .vma_end = 0x7f4000000000, .perms = PFT_PERM_VMA,
		.area = PFT_AREA_ANON, .tgid = 77, .comm = "load\033m",
	};

	if (cause == PFT_CAUSE_FILE) {
		record.area = PFT_AREA_FILE;
		record.file = 7;
		record.dev = record.ino = 1;
	}
	if (class == PFT_INVALID)
		record.perms = 0;
	for (; count--; record.address += 4096) {
		if (record.address < record.vma_start)
			record.address = record.vma_start;
		assert_true(tally_add(&gather.tally, &record));
	}
}

/* All of them but @short_of of the first touches. */
static void add_all(uint64_t short_of)
{
	fake_file(fake_root_dir, "files",
		  "ID DEV INO PATH\n7 00:01 1 /srv/a\\033b/weights\\040of.bin\n");
	add_records(PFT_MAJOR, PFT_CAUSE_FILE, 1204, 1337209);
	add_records(PFT_MINOR, PFT_CAUSE_FILE, 8, 500);
	add_records(PFT_MINOR, PFT_CAUSE_ZERO, 261700 - short_of, 1260);
	add_records(PFT_INVALID, PFT_CAUSE_NULL, 2, 0);
}

static void write_as(enum format format)
{
	output_init(&report.output, format, report.file);
	assert_true(report_write(&report, &family, &gather));
	fclose(report.file);
}

static void expect(const char *expected)
{
	assert_string_equal(text, expected);
}

#define READ_AHEAD	"1,204 waits for weights of.bin to be read took 83 % of the time in faults, mostly forward: reading ahead (madvise(2) MADV_WILLNEED, or MAP_POPULATE) would take them together."
#define HUGE_PAGES(count, huge, bar)	count " first touches in [anon] at 7f0000000000-7f4000000000 of load" bar "033m[77] fell into whole stretches of 2 MiB and took 17 % of the time in faults: huge pages (madvise(2) MADV_HUGEPAGE; for malloc(3), GLIBC_TUNABLES=glibc.malloc.hugetlb=1) would make about " huge " of them."
#define HINTS(count, huge)	READ_AHEAD "\n" HUGE_PAGES(count, huge, "\\") "\n"

#define HEAD	"./load\\033model: 262,914 faults, 1.94 s of 6.80 s wall (28.5 %), "

static void test_agrees(void **state)
{
	(void)state;
	add_all(0);
	write_as(FORMAT_TEXT);
	expect(HEAD "exit 0\n"
	       "  cause                        count       time      mean       p99  where\n"
	       "  major file                   1,204     1.61 s    1.3 ms    1.3 ms  weights of.bin (0 to 4.7 MiB, mostly forward)\n"
	       "  minor zero                 261,700   329.7 ms    1.3 us    1.3 us  [anon]\n"
	       "  minor file                       8     4.0 us    500 ns    500 ns  weights of.bin (0 to 32 KiB)\n"
	       "  invalid null                     2          -         -         -  no mapping\n"
	       "       minor    major  invalid       time  file\n"
	       "           8    1,204        0     1.61 s  /srv/a\\033b/weights of.bin\n"
	       "     261,700        0        0   329.7 ms  [anon]\n"
	       "           0        0        2          -  no mapping\n"
	       "One file explains 83 % of the time in faults: weights of.bin was read through the mapping, in 1,204 waits. 2 faults were refused: null (no VMA, address below 64 KiB).\n"
	       "3 processes; counts agree with the kernel's (262,912 = 261,708 minor + 1,204 major); no fault was missed; no record was lost.\n"
	       HINTS("261,700", "512"));
}

static void test_lost(void **state)
{
	(void)state;
	add_all(1700);
	gather.lost = 5000;
	set_total(&family.totals, "filtered", 12);
	write_as(FORMAT_TEXT);
	expect(HEAD "exit 0\n"
	       "  cause                        count       time      mean       p99  where\n"
	       "  major file                   1,204     1.61 s    1.3 ms    1.3 ms  weights of.bin (0 to 4.7 MiB, mostly forward)\n"
	       "  minor zero                ~261,700  ~329.7 ms    1.3 us    1.3 us  [anon]\n"
	       "  minor file                       8     4.0 us    500 ns    500 ns  weights of.bin (0 to 32 KiB)\n"
	       "  invalid null                     2          -         -         -  no mapping\n"
	       "       minor    major  invalid       time  file\n"
	       "           8    1,204        0     1.61 s  /srv/a\\033b/weights of.bin\n"
	       "     260,000        0        0   327.6 ms  [anon]\n"
	       "           0        0        2          -  no mapping\n"
	       "One file explains 83 % of the time in faults: weights of.bin was read through the mapping, in 1,204 waits. 2 faults were refused: null (no VMA, address below 64 KiB).\n"
	       "3 processes; counts agree with the kernel's (262,912 = 261,708 minor + 1,204 major); no fault was missed.\n"
	       "what is marked with ~, p99, where and files rest on the records of 261,214 of the 262,914 faults; filter/ kept 12 out, of the whole machine; 5,000 of the whole machine were overwritten before being read: a larger buffer_kb helps.\n"
	       HINTS("260,000", "508"));
}

/* An older module, and no records. */
static void test_differs(void **state)
{
	(void)state;
	report.kernel[PFT_MAJOR] = 1205;
	report.status = SIGKILL;	/* as wait4() gives it */
	memset(family.ended.cause, 0, sizeof(family.ended.cause));
	family.alive = (struct family_sum){ .processes = 2, .count = { 92 }, .ns = { 1000 } };
	family.unseen = 12;
	family.leader_ended = false;
	gather.failed.code = PFT_ERR_SYSTEM;
	gather.failed.err = EIO;
	strcpy(gather.failed.path, "cpu/cpu0");
	set_total(&report.before, "missed_no_instance", 5);
	set_total(&family.totals, "missed_no_instance", 12);
	set_total(&family.totals, "missed_no_ring", 3);
	write_as(FORMAT_TEXT);
	expect("./load\\033model: 263,006 faults, 1.94 s of 6.80 s wall (28.5 %), killed by signal 9 (Killed)\n"
	       "  class           count         time         mean\n"
	       "  minor         261,800     330.0 ms       1.3 us\n"
	       "  major           1,204       1.61 s       1.3 ms\n"
	       "  invalid             2            -            -\n"
	       "5 processes, 2 of them still running (their faults so far); counts differ from the kernel's: here 261,708 minor + 1,204 major, wait4() says 261,708 + 1,205; on the whole machine: missed_no_instance 7, missed_no_ring 3.\n"
	       "records could not be read: cpu/cpu0: Input/output error\n"
	       "what is marked with ~, p99, where and files rest on the records of 0 of the 263,006 faults.\n"
	       "12 processes ended unseen: more at once than the module lists. The counts may be short.\n"
	       "process 77 was not seen to end: its counts may be short.\n");
}

static void hold(void)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	schema_hold("pftop.schema.json", "#/$defs/run", json, "");
	json_decref(json);
}

static void test_json(void **state)
{
	(void)state;
	report.status = 3 << 8;
	add_all(0);
	write_as(FORMAT_JSON);
	hold();
	expect("{\"schema\":\"pftop-run\",\"version\":1,\"command\":\"./load\\\\033model\",\"pid\":77,\"exit_status\":3,\"signal\":null,"
	       "\"wall_ns\":6800000000,\"fault_ns\":1940000000,\"share_percent\":28.529,"
	       "\"faults\":262914,\"processes\":3,\"still_running\":0,\"ended_unseen\":0,"
	       "\"seen_to_end\":true,\"agrees\":true,\"kernel\":{\"minor\":261708,\"major\":1204},"
	       "\"missed\":{\"missed_no_instance\":0,\"missed_reentry\":0,\"missed_table_full\":0,"
	       "\"missed_no_ring\":0},\"records\":{\"read\":262914,\"complete\":true,"
	       "\"lost_on_machine\":0,\"filtered_on_machine\":0},"
	       "\"verdict\":\"One file explains 83 % of the time in faults: weights of.bin was read through the mapping, in 1,204 waits. 2 faults were refused: null (no VMA, address below 64 KiB).\","
	       "\"classes\":[{\"class\":\"minor\",\"count\":261708,"
	       "\"time_ns\":330000000,\"mean_ns\":1260},{\"class\":\"major\",\"count\":1204,"
	       "\"time_ns\":1610000000,\"mean_ns\":1337209},{\"class\":\"invalid\",\"count\":2,"
	       "\"time_ns\":null,\"mean_ns\":null}],"
	       "\"causes\":[{\"class\":\"major\",\"cause\":\"file\",\"count\":1204,\"exact\":true,"
	       "\"read\":1204,\"time_ns\":1609999636,\"mean_ns\":1337209,\"p99_ns\":1337209,"
	       "\"file\":\"/srv/a\\\\033b/weights of.bin\",\"files\":1,\"file_from\":\"0x0\","
	       "\"file_to\":\"0x4b4000\"},"
	       "{\"class\":\"minor\",\"cause\":\"zero\",\"count\":261700,\"exact\":true,"
	       "\"read\":261700,\"time_ns\":329742000,\"mean_ns\":1260,\"p99_ns\":1260,"
	       "\"file\":\"[anon]\",\"files\":1,\"file_from\":null,\"file_to\":null},"
	       "{\"class\":\"minor\",\"cause\":\"file\",\"count\":8,\"exact\":true,\"read\":8,"
	       "\"time_ns\":4000,\"mean_ns\":500,\"p99_ns\":500,"
	       "\"file\":\"/srv/a\\\\033b/weights of.bin\",\"files\":1,\"file_from\":\"0x0\","
	       "\"file_to\":\"0x8000\"},"
	       "{\"class\":\"invalid\",\"cause\":\"null\",\"count\":2,\"exact\":true,\"read\":2,"
	       "\"time_ns\":null,\"mean_ns\":null,\"p99_ns\":null,\"file\":\"-\",\"files\":1,"
	       "\"file_from\":null,\"file_to\":null}],"
	       "\"files\":[{\"count\":1212,\"minor\":8,\"major\":1204,\"invalid\":0,"
	       "\"time_ns\":1610003636,\"mean_ns\":1328385,"
	       "\"file\":\"/srv/a\\\\033b/weights of.bin\"},"
	       "{\"count\":261700,\"minor\":261700,\"major\":0,\"invalid\":0,"
	       "\"time_ns\":329742000,\"mean_ns\":1260,\"file\":\"[anon]\"},"
	       "{\"count\":2,\"minor\":0,\"major\":0,\"invalid\":2,\"time_ns\":null,\"mean_ns\":null,"
	       "\"file\":\"-\"}],"
	       "\"hints\":[{\"kind\":\"read-ahead\",\"text\":\"" READ_AHEAD "\"},"
	       "{\"kind\":\"huge-pages\",\"text\":\"" HUGE_PAGES("261,700", "512", "\\\\") "\"}]}\n");
}

/* Killed, and of an older module: nothing by cause. */
static void test_json_killed(void **state)
{
	(void)state;
	report.status = SIGKILL;
	memset(family.ended.cause, 0, sizeof(family.ended.cause));
	write_as(FORMAT_JSON);
	hold();
	assert_non_null(strstr(text, "\"exit_status\":null,\"signal\":9,"));
}

static void test_csv(void **state)
{
	(void)state;
	add_all(0);
	write_as(FORMAT_CSV);
	expect("table,class,cause,count,exact,read,minor,major,invalid,time_ns,mean_ns,p99_ns,file,files,file_from,file_to\n"
	       "class,minor,,261708,,,,,,330000000,1260,,,,,\n"
	       "class,major,,1204,,,,,,1610000000,1337209,,,,,\n"
	       "class,invalid,,2,,,,,,,,,,,,\n"
	       "cause,major,file,1204,true,1204,,,,1609999636,1337209,1337209,/srv/a\\033b/weights of.bin,1,0x0,0x4b4000\n"
	       "cause,minor,zero,261700,true,261700,,,,329742000,1260,1260,[anon],1,,\n"
	       "cause,minor,file,8,true,8,,,,4000,500,500,/srv/a\\033b/weights of.bin,1,0x0,0x8000\n"
	       "cause,invalid,null,2,true,2,,,,,,,-,1,,\n"
	       "file,,,1212,,,8,1204,0,1610003636,1328385,,/srv/a\\033b/weights of.bin,,,\n"
	       "file,,,261700,,,261700,0,0,329742000,1260,,[anon],,,\n"
	       "file,,,2,,,0,0,2,,,,-,,,\n");
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
	assert_true(proc_init(&cache, dir, NULL));
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
		cmocka_unit_test_setup_teardown(test_json_killed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csv, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test(test_proc),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
