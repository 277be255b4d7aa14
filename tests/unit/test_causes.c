// SPDX-License-Identifier: GPL-2.0
/* What the module says of causes and files, well formed or not. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "fake.h"
#include "filter.h"
#include "paths.h"

#define CAUSES	"CLASS CAUSE COUNT TOTAL_NS MEAN_NS MAX_NS P50_NS P90_NS P99_NS P50_BOUNDS\n"
#define FILES	"ID DEV INO PATH\n"
#define LATENCY	"CLASS CAUSE FROM_NS TO_NS COUNT BAR\n"

static void test_columns(void **state)
{
	struct pft_table table = { 0 };

	(void)state;
	fake_file(fake_root_dir, "pids", "PID MINOR MAJOR INVALID COMM\n1 2 3 4 a\n");
	assert_true(pft_table_read(fake_root, PFT_PIDS, &table, &fake_error));
	assert_false(table.has_causes);
	assert_int_equal(table.row[0].cause[PFT_CAUSE_ZERO], 0);
	fake_file(fake_root_dir, "pids",
		  "PID MINOR ZERO MAJOR STACK-OVERFLOW INVALID LATER-CAUSE zero ZERO-READ COMM\n"
		  "1 2 30 3 18446744073709551615 4 5 6 7 a\n");
	assert_true(pft_table_read(fake_root, PFT_PIDS, &table, &fake_error));
	assert_true(table.has_causes);
	assert_int_equal(table.row[0].cause[PFT_CAUSE_ZERO], 30);
	assert_int_equal(table.row[0].cause[PFT_CAUSE_ZERO_READ], 7);
	assert_true(table.row[0].cause[PFT_CAUSE_STACK] == UINT64_MAX);
	assert_int_equal(table.row[0].count[PFT_INVALID], 4);
	fake_file(fake_root_dir, "pids", "PID MINOR MAJOR INVALID COW COW COMM\n1 2 3 4 5 6 a\n");
	assert_false(pft_table_read(fake_root, PFT_PIDS, &table, &fake_error));
	fake_file(fake_root_dir, "pids", "PID MINOR MAJOR INVALID COW COMM\n1 2 3 4 -1 a\n");
	assert_false(pft_table_read(fake_root, PFT_PIDS, &table, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	pft_table_free(&table);
}

static void test_causes(void **state)
{
	static struct pft_causes causes;
	const struct pft_cause_stat *stat;

	(void)state;
	assert_false(pft_causes_read(fake_root, &causes, &fake_error));
	assert_true(pft_error_is_missing(&fake_error));
	fake_file(fake_root_dir, "causes", CAUSES
		  "minor all 10 1000 100 500 90 200 490 64-127\n"
		  "minor zero-read 9 900 100 500 90 200 480 64-127\n"
		  "later zero 1 1 1 1 1 1 1 1-1\n"
		  "minor later 1 1 1 1 1 1 1 1-1\n"
		  "invalid null 7 - - - - - - -\n");
	assert_true(pft_causes_read(fake_root, &causes, &fake_error));
	assert_int_equal(causes.count, 3);
	stat = pft_causes_find(&causes, PFT_MINOR, PFT_CAUSE_ALL);
	assert_non_null(stat);
	assert_true(stat->timed);
	assert_int_equal(stat->count, 10);
	assert_int_equal(stat->total_ns, 1000);
	assert_int_equal(stat->max_ns, 500);
	assert_int_equal(stat->p50_ns, 90);
	assert_int_equal(stat->p99_ns, 490);
	stat = pft_causes_find(&causes, PFT_MINOR, PFT_CAUSE_ZERO_READ);
	assert_int_equal(stat->p99_ns, 480);
	stat = pft_causes_find(&causes, PFT_INVALID, PFT_CAUSE_NULL);
	assert_int_equal(stat->count, 7);
	assert_false(stat->timed);
	assert_null(pft_causes_find(&causes, PFT_MAJOR, PFT_CAUSE_ALL));
}

/* Each of these is refused, and said to be in the wrong form. */
static void test_broken(void **state)
{
	static const struct {
		const char *file;
		const char *text;
	} all[] = {
		{ "causes", "" },
		{ "causes", "CLASS CAUSE COUNT\n" },
		{ "causes", CAUSES "minor zero 1\n" },
		{ "causes", CAUSES "minor zero x 1 1 1 1 1 1 1\n" },
		{ "causes", CAUSES "minor zero - 1 1 1 1 1 1 1\n" },
		{ "causes", CAUSES "minor zero 1 1 1 1 1 1 99999999999999999999 1\n" },
		{ "files", "" },
		{ "files", "ID DEV INO\n" },
		{ "files", "ID DEV PATH INO\n" },
		{ "files", FILES "x 0:0 0 /a\n" },
		{ "files", FILES "4294967296 0:0 0 /a\n" },
		{ "files", FILES "1 0 0 /a\n" },
		{ "files", FILES "1 :1 0 /a\n" },
		{ "files", FILES "1 0:1x 0 /a\n" },
		{ "files", FILES "1 10000:1 0 /a\n" },
		{ "files", FILES "1 0:1\n" },
		{ "latency", "" },
		{ "latency", LATENCY "minor zero 1\n" },
		{ "latency", LATENCY "minor zero 18446744073709551615 1 1 |\n" },
		{ "latency", LATENCY "minor zero 1 1 - |\n" },
	};
	static struct pft_causes causes;
	static struct pft_latency latency;
	struct pft_files files = { 0 };
	bool ok;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		fake_file(fake_root_dir, all[i].file, all[i].text);
		if (*all[i].file == 'c')
			ok = pft_causes_read(fake_root, &causes, &fake_error);
		else if (*all[i].file == 'f')
			ok = pft_files_read(fake_root, &files, &fake_error);
		else
			ok = pft_latency_read(fake_root, &latency, &fake_error);
		if (ok || fake_error.code != PFT_ERR_FORMAT)
			fail_msg("%s: %s was taken, or code %d", all[i].file, all[i].text,
				 fake_error.code);
		assert_false(pft_error_is_missing(&fake_error));
		assert_int_equal(files.count, 0);
	}
	pft_files_free(&files);
}

/* More lines than classes and causes can make: not followed for ever. */
static void test_too_many(void **state)
{
	static const char line[] = "minor zero 1 1 1 1 1 1 1 1\n";
	static struct pft_causes causes;
	char *text = malloc(sizeof(line) * (PFT_CAUSE_STATS_MAX + 2) + sizeof(CAUSES));
	int i;

	(void)state;
	strcpy(text, CAUSES);
	for (i = 0; i < PFT_CAUSE_STATS_MAX; i++)
		strcat(text, line);
	fake_file(fake_root_dir, "causes", text);
	assert_true(pft_causes_read(fake_root, &causes, &fake_error));
	assert_int_equal(causes.count, PFT_CAUSE_STATS_MAX);
	strcat(text, line);
	fake_file(fake_root_dir, "causes", text);
	assert_false(pft_causes_read(fake_root, &causes, &fake_error));
	free(text);
}

static void test_files(void **state)
{
	struct pft_files files = { 0 };
	const struct pft_file *file;
	char *text, *end;
	unsigned int i;

	(void)state;
	assert_false(pft_files_read(fake_root, &files, &fake_error));
	assert_true(pft_error_is_missing(&fake_error));
	assert_null(pft_files_find(&files, 1));
	/* In no order; blanks and escapes in a path; a column that we do not know. */
	fake_file(fake_root_dir, "files", "NEW ID INO DEV PATH\n"
		  "a 4294967295 131 08:1f /last\n"
		  "b 3 18446744073709551615 fd:ff012 /a b\\012\\033[31m\\134012 (deleted)\n"
		  "c 7 - - [anon:name]\n");
	assert_true(pft_files_read(fake_root, &files, &fake_error));
	assert_int_equal(files.count, 3);
	file = pft_files_find(&files, 3);
	assert_non_null(file);
	assert_string_equal(file->path, "/a b\n\033[31m\\012 (deleted)");
	assert_true(file->dev == makedev(0xfd, 0xff012));
	assert_true(file->ino == UINT64_MAX);
	assert_string_equal(pft_files_find(&files, UINT32_MAX)->path, "/last");
	assert_string_equal(pft_files_find(&files, 7)->path, "[anon:name]");
	assert_null(pft_files_find(&files, 4));
	assert_null(pft_files_find(&files, 0));
	/* The longest path, all of it escaped. */
	text = malloc(40000);
	end = text + sprintf(text, FILES "1 0:0 0 ");
	for (i = 0; i < 4095; i++)
		end += sprintf(end, "\\%03o", i ? 1 : '/');
	strcpy(end, "\n");
	fake_file(fake_root_dir, "files", text);
	assert_true(pft_files_read(fake_root, &files, &fake_error));
	assert_int_equal(strlen(pft_files_find(&files, 1)->path), 4095);
	free(text);
	pft_files_free(&files);
}

/* A file is looked for when it is not known yet, and a lack of it is no error. */
static void test_paths(void **state)
{
	struct paths paths;
	char to[PATHS_MAX], small[8];

	(void)state;
	paths_init(&paths, fake_root);
	assert_false(paths_get(&paths, 1, to, sizeof(to)));
	assert_string_equal(to, "");
	paths_name(&paths, 1, PFT_AREA_HEAP, to, sizeof(to));
	assert_string_equal(to, "[heap]");
	paths_fini(&paths);

	fake_file(fake_root_dir, "files", FILES "1 0:0 0 /one\n");
	paths_init(&paths, fake_root);
	assert_false(paths_get(&paths, 0, to, sizeof(to)));
	assert_true(paths_get(&paths, 1, to, sizeof(to)));
	assert_string_equal(to, "/one");
	assert_true(paths_get(&paths, 1, small, 3));
	assert_string_equal(small, "/o");
	fake_file(fake_root_dir, "files", FILES "1 0:0 0 /one\n2 0:0 0 /two\n");
	/* Not looked at for each record, but again when some time has passed. */
	paths.again_ns = UINT64_MAX;
	assert_false(paths_get(&paths, 2, to, sizeof(to)));
	paths.again_ns = 0;
	paths_name(&paths, 2, PFT_AREA_FILE, to, sizeof(to));
	assert_string_equal(to, "/two");
	assert_true(paths.again_ns > 0);
	paths_fini(&paths);
}

static void test_filter_list(void **state)
{
	uint64_t bits = 0;
	char bad[16];

	(void)state;
	assert_true(filter_list("zero,uaccess", pft_cause_find, &bits, bad, sizeof(bad)));
	assert_true(bits == (1ULL << PFT_CAUSE_ZERO | 1ULL << PFT_CAUSE_UACCESS));
	assert_true(filter_list("cow", pft_cause_find, &bits, bad, sizeof(bad)));
	assert_true(bits >> PFT_CAUSE_COW & 1);
	/* All or nothing. */
	bits = 0;
	assert_false(filter_list("zero,nonsense", pft_cause_find, &bits, bad, sizeof(bad)));
	assert_string_equal(bad, "nonsense");
	assert_int_equal(bits, 0);
	assert_false(filter_list("", pft_cause_find, &bits, bad, sizeof(bad)));
	assert_false(filter_list("zero,", pft_cause_find, &bits, bad, sizeof(bad)));
	assert_false(filter_list("ZERO", pft_cause_find, &bits, bad, sizeof(bad)));
	assert_false(filter_list("zero ", pft_cause_find, &bits, bad, sizeof(bad)));
	/* A long word is not taken for what it begins with. */
	assert_false(filter_list("zero-readzero-readzero-read", pft_cause_find, &bits, bad, 5));
	assert_string_equal(bad, "zero");
	assert_int_equal(bits, 0);
}

static void test_filter_numbers(void **state)
{
	static const char *const latencies[] = { "", "-1", "x", "1x", "1e10", "nan", "inf", " 1" };
	static const char *const cgroups[] = { "", "0", "-1", "1x", "18446744073709551616", "/a" };
	uint64_t value;
	size_t i;

	(void)state;
	assert_true(filter_latency("0.5", &value));
	assert_int_equal(value, 500);
	assert_true(filter_latency("1e3", &value));
	assert_int_equal(value, 1000000);
	for (i = 0; i < sizeof(latencies) / sizeof(latencies[0]); i++)
		assert_false(filter_latency(latencies[i], &value));
	assert_true(filter_cgroup("18446744073709551615", &value));
	assert_true(value == UINT64_MAX);
	for (i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++)
		assert_false(filter_cgroup(cgroups[i], &value));
}

static void test_filter_wants(void **state)
{
	struct pft_record record = { .class = PFT_MAJOR, .cause = PFT_CAUSE_FILE,
				     .level = PFT_LEVEL_PTE, .latency_ns = 1000, .cgroup = 5 };
	struct filter filter = { 0 };

	(void)state;
	assert_true(filter_wants(&filter, &record));
	filter = (struct filter){
		.classes = 1 << PFT_MAJOR, .causes = 1 << PFT_CAUSE_FILE,
		.levels = 1 << PFT_LEVEL_PTE, .accesses = 1 << PFT_EXEC | 1 << PFT_READ,
		.min_latency_ns = 1000, .cgroup = 5,
	};
	assert_true(filter_wants(&filter, &record));
	record.class = PFT_MINOR;
	assert_false(filter_wants(&filter, &record));
	record.class = PFT_MAJOR;
	record.cause = PFT_CAUSE_COW;
	assert_false(filter_wants(&filter, &record));
	/* From a later module, and not what was asked for. */
	record.cause = 255;
	assert_false(filter_wants(&filter, &record));
	record.cause = PFT_CAUSE_FILE;
	record.level = PFT_LEVEL_PMD;
	assert_false(filter_wants(&filter, &record));
	record.level = PFT_LEVEL_PTE;
	record.latency_ns = 999;
	assert_false(filter_wants(&filter, &record));
	record.latency_ns = 1001;
	record.cgroup = 6;
	assert_false(filter_wants(&filter, &record));
	record.cgroup = 5;
	record.access = PFT_WRITE;
	assert_false(filter_wants(&filter, &record));
	record.access = PFT_EXEC;
	assert_true(filter_wants(&filter, &record));
}

static void test_filter_name(void **state)
{
	static const struct {
		const char *pattern;
		const char *name;
		bool fits;
	} all[] = {
		{ NULL, "", true },
		{ "*", "", false },
		{ "libc*", "/usr/lib/libc.so.6", true },
		{ "libc*", "/usr/libc/x", false },
		{ "/usr/*", "/usr/lib/libc.so.6", true },
		{ "/lib/*", "/usr/lib/libc.so.6", false },
		{ "[heap]", "[heap]", true },
		{ "[heap]", "/tmp/h", true },	/* also a pattern */
		{ "[heap]", "[stack]", false },
		{ "x [1]", "/tmp/x [1]", true },
		{ "*(deleted)", "/tmp/x (deleted)", true },
	};
	struct filter filter = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		filter.file = all[i].pattern;
		if (filter_wants_name(&filter, all[i].name) != all[i].fits)
			fail_msg("%s and %s", all[i].pattern, all[i].name);
	}
}

static void test_names(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < PFT_NR_CAUSES; i++) {
		assert_int_equal(pft_cause_find(pft_cause_name(i)), i);
		assert_true(strlen(pft_cause_meaning(i)) > 5);
	}
	for (i = 0; i < PFT_NR_LEVELS; i++)
		assert_int_equal(pft_level_find(pft_level_name(i)), i);
	assert_string_equal(pft_cause_name(PFT_NR_CAUSES), "?");
	assert_string_equal(pft_area_name(255), "?");
	assert_string_equal(pft_class_name(UINT32_MAX), "?");
	assert_int_equal(pft_cause_find("?"), -1);
	assert_string_equal(pft_area_name(PFT_AREA_HEAP), "[heap]");
	assert_string_equal(pft_origin_name(PFT_GUP), "gup");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, fake_root_setup, fake_root_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_columns), TEST(test_causes), TEST(test_broken), TEST(test_too_many),
		TEST(test_files), TEST(test_paths), TEST(test_filter_list),
		TEST(test_filter_numbers), TEST(test_filter_wants), TEST(test_filter_name),
		TEST(test_names),
	};

	return cmocka_run_group_tests_name("causes", tests, NULL, NULL);
}
