// SPDX-License-Identifier: GPL-2.0
/* Records added up: durations, places, and what is read off them. */

#include <regex.h>
#include <string.h>

#include "breakdown.h"
#include "fake.h"
#include "verdict.h"

static struct tally tally;
static struct family family;
static struct paths paths;
static struct breakdown breakdown;

static int setup(void **state)
{
	fake_root_setup(state);
	memset(&family, 0, sizeof(family));
	paths_init(&paths, fake_root);
	return 0;
}

static int teardown(void **state)
{
	breakdown_fini(&breakdown);
	tally_fini(&tally);
	paths_fini(&paths);
	return fake_root_teardown(state);
}

static void add(enum pft_class class, enum pft_cause cause, uint32_t file, uint64_t page,
		uint64_t ns)
{
	struct pft_record record = {
		.class = (uint8_t)class, .cause = (uint8_t)cause, .latency_ns = ns, .file = file,
		.area = file ? PFT_AREA_FILE : PFT_AREA_ANON, .ino = file, .dev = file,
		.vma_start = 0x7f0000001000, .vma_end = 0x7f0001001000, .vma_pgoff = 16,
		.address = 0x7f0000001010 + page * 4096,
		.perms = class == PFT_INVALID ? 0 : PFT_PERM_VMA,
	};

	assert_true(tally_add(&tally, &record));
}

static void counted(enum pft_class class, enum pft_cause cause, uint64_t count)
{
	family.ended.count[class] += count;
	family.ended.cause[cause] += count;
}

static void make(void)
{
	assert_true(breakdown_make(&breakdown, &family, &tally, &paths));
}

static const struct breakdown_cause *row_of(unsigned int class, unsigned int cause)
{
	unsigned int i;

	for (i = 0; i < breakdown.nr_causes; i++)
		if (breakdown.cause[i].class == class && breakdown.cause[i].cause == cause)
			return &breakdown.cause[i];
	return NULL;
}

static void test_spread(void **state)
{
	static const uint64_t ends[] = { 0, 7, 8, 15, 16, 1000, 123456789, UINT64_MAX };
	struct spread spread;
	uint64_t i, got;

	(void)state;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		memset(&spread, 0, sizeof(spread));
		spread_add(&spread, ends[i]);
		spread_add(&spread, UINT64_MAX);
		got = spread_percentile(&spread, 50);
		assert_true(got >= ends[i]);
		assert_true(got - ends[i] <= ends[i] / 8);
	}
	memset(&spread, 0, sizeof(spread));
	for (i = 1; i <= 1000; i++)
		spread_add(&spread, i);
	assert_int_equal(spread_percentile(&spread, 100), 1000);
	assert_in_range(spread_percentile(&spread, 99), 990, 1000);
	assert_in_range(spread_percentile(&spread, 50), 500, 562);
	assert_in_range(spread_percentile(&spread, 1), 10, 11);
}

static void test_places(void **state)
{
	const struct tally_place *place = NULL, *row;
	unsigned int i;

	(void)state;
	/* Enough of them to make it grow, twice over. */
	for (i = 1; i <= 1000; i++)
		add(PFT_MAJOR, PFT_CAUSE_FILE, (i - 1) % 500 + 1, i, 10 * i);
	assert_int_equal(tally.places.count, 500);
	for (i = 0; i < tally.places.count; i++) {
		row = hashtab_row(&tally.places, i);
		assert_int_equal(row->count, 2);
		if (row->key.file == 77)
			place = row;
	}
	assert_non_null(place);
	assert_int_equal(place->ns, 770 + 5770);
	assert_int_equal(place->from, (16 + 77) * 4096);
	assert_int_equal(place->to, (16 + 577 + 1) * 4096);
	assert_int_equal(place->forward, 1);
	assert_int_equal(place->backward, 0);
	assert_int_equal(tally.records, 1000);
	assert_int_equal(tally.ns, 10ULL * 1000 * 1001 / 2);
}

static void test_later_abi(void **state)
{
	struct pft_record record = { .class = PFT_NR_CLASSES };

	(void)state;
	assert_false(tally_add(&tally, &record));
	record.class = 0;
	record.cause = PFT_NR_CAUSES;
	assert_false(tally_add(&tally, &record));
	assert_int_equal(tally.records, 0);
}

static void test_complete(void **state)
{
	const struct breakdown_cause *row;

	(void)state;
	add(PFT_MAJOR, PFT_CAUSE_FILE, 9, 0, 5000);
	add(PFT_MINOR, PFT_CAUSE_FILE, 9, 1, 100);
	add(PFT_MINOR, PFT_CAUSE_FILE, 8, 1, 200);
	add(PFT_MINOR, PFT_CAUSE_ZERO, 0, 1, 300);
	/* In a hole: the file is that of the mapping below. */
	add(PFT_INVALID, PFT_CAUSE_NULL, 9, 0, 0);
	counted(PFT_MAJOR, PFT_CAUSE_FILE, 1);
	counted(PFT_MINOR, PFT_CAUSE_FILE, 2);
	counted(PFT_MINOR, PFT_CAUSE_ZERO, 1);
	counted(PFT_INVALID, PFT_CAUSE_NULL, 1);
	fake_file(fake_root_dir, "files", "ID DEV INO PATH\n8 0:1 8 /a/same\n9 0:1 9 /a/same\n");
	make();
	assert_true(breakdown.complete);
	assert_int_equal(breakdown.nr_causes, 4);
	/* The most time first, what has none last. */
	assert_int_equal(breakdown.cause[0].class, PFT_MAJOR);
	assert_int_equal(breakdown.cause[3].cause, PFT_CAUSE_NULL);
	assert_false(breakdown.cause[3].timed);
	assert_string_equal(breakdown.cause[3].where, "-");
	row = row_of(PFT_MINOR, PFT_CAUSE_FILE);
	assert_int_equal(row->count, 2);
	assert_true(row->exact);
	assert_int_equal(row->ns, 300);
	assert_int_equal(row->p99_ns, 200);
	assert_int_equal(row->places, 2);
	/* Two ids of one name are one file. */
	assert_int_equal(breakdown.nr_files, 3);
	assert_string_equal(breakdown.file[0].name, "/a/same");
	assert_int_equal(breakdown.file[0].count[PFT_MAJOR], 1);
	assert_int_equal(breakdown.file[0].count[PFT_MINOR], 2);
	assert_int_equal(breakdown.file[0].ns, 5300);
}

/* Records were lost: counts stay, the rest is estimated, and said to be. */
static void test_lost(void **state)
{
	const struct breakdown_cause *row;

	(void)state;
	add(PFT_MAJOR, PFT_CAUSE_FILE, 9, 0, 4000);
	add(PFT_MINOR, PFT_CAUSE_FILE, 9, 1, 100);
	add(PFT_MINOR, PFT_CAUSE_FILE, 9, 2, 100);
	add(PFT_INVALID, PFT_CAUSE_NULL, 0, 0, 0);
	counted(PFT_MAJOR, PFT_CAUSE_FILE, 10);
	counted(PFT_MINOR, PFT_CAUSE_FILE, 20);
	counted(PFT_MINOR, PFT_CAUSE_ZERO, 7);
	counted(PFT_INVALID, PFT_CAUSE_NULL, 3);
	counted(PFT_INVALID, PFT_CAUSE_UNMAPPED, 2);
	make();
	assert_false(breakdown.complete);
	assert_int_equal(breakdown.records, 4);
	assert_int_equal(breakdown.faults, 42);
	row = row_of(PFT_MAJOR, PFT_CAUSE_FILE);
	assert_int_equal(row->count, 10);
	assert_false(row->exact);
	assert_int_equal(row->read, 1);
	assert_int_equal(row->ns, 40000);
	row = row_of(PFT_MINOR, PFT_CAUSE_FILE);
	assert_int_equal(row->count, 20);
	assert_int_equal(row->ns, 2000);
	/* What is refused by its cause is invalid, read or not. */
	row = row_of(PFT_INVALID, PFT_CAUSE_NULL);
	assert_int_equal(row->count, 3);
	assert_true(row->exact);
	row = row_of(PFT_INVALID, PFT_CAUSE_UNMAPPED);
	assert_int_equal(row->count, 2);
	assert_true(row->exact);
	/* Of a first touch that nobody read, the class is not known here. */
	row = row_of(PFT_NR_CLASSES, PFT_CAUSE_ZERO);
	assert_int_equal(row->count, 7);
	assert_false(row->exact);
	assert_false(row->timed);
	assert_string_equal(row->where, "");
}

/* Where there was no major fault, the class is known without records. */
static void test_only_minor(void **state)
{
	const struct breakdown_cause *row;

	(void)state;
	add(PFT_MINOR, PFT_CAUSE_FILE, 9, 1, 100);
	counted(PFT_MINOR, PFT_CAUSE_FILE, 20);
	counted(PFT_MINOR, PFT_CAUSE_ZERO, 7);
	make();
	row = row_of(PFT_MINOR, PFT_CAUSE_FILE);
	assert_int_equal(row->count, 20);
	assert_true(row->exact);
	row = row_of(PFT_MINOR, PFT_CAUSE_ZERO);
	assert_int_equal(row->count, 7);
	assert_true(row->exact);
}

static void expect(uint64_t wall_ns, const char *said)
{
	char text[VERDICT_MAX];

	make();
	verdict(text, sizeof(text), &breakdown, wall_ns);
	assert_string_equal(text, said);
}

static void expect_where(const char *said)
{
	char text[VERDICT_MAX];

	verdict_where(text, sizeof(text), &breakdown.cause[0]);
	assert_string_equal(text, said);
}

static void test_one_file(void **state)
{
	unsigned int i;

	(void)state;
	fake_file(fake_root_dir, "files", "ID DEV INO PATH\n9 0:1 9 /srv/weights.bin\n");
	for (i = 0; i < 20; i++)
		add(PFT_MAJOR, PFT_CAUSE_FILE, 9, i, 400);
	add(PFT_MINOR, PFT_CAUSE_ZERO, 0, 0, 2000);
	expect(12000, "One file explains 80 % of the time in faults: weights.bin was read through the mapping, in 20 waits.");
	expect_where("weights.bin (64 KiB to 144 KiB, mostly forward)");
}

static void test_backward(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 20; i > 0; i--)
		add(PFT_MAJOR, PFT_CAUSE_FILE, 9, i, 400);
	add(PFT_MAJOR, PFT_CAUSE_FILE, 8, 0, 400);
	make();
	expect_where("[file] (68 KiB to 148 KiB, mostly backward) and 1 other");
}

static void test_many_files(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 20; i++)
		add(PFT_MAJOR, PFT_CAUSE_FILE, i + 1, i, 400);
	counted(PFT_MAJOR, PFT_CAUSE_FILE, 20);
	expect(8000, "Waiting for mapped files to be read explains 100 % of the time in faults: 20 waits on 20 files.");
}

static void test_zero(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2048; i++)
		add(PFT_MINOR, PFT_CAUSE_ZERO, 0, i, 10);
	expect(40960, "First touch of anonymous memory explains 100 % of the time in faults: 2,048 faults that brought zeroed pages.");
}

static void test_little(void **state)
{
	(void)state;
	add(PFT_MINOR, PFT_CAUSE_COW, 0, 0, 40);
	add(PFT_MINOR, PFT_CAUSE_ZERO, 0, 0, 35);
	add(PFT_MINOR, PFT_CAUSE_SHMEM, 0, 0, 25);
	expect(100000, "Faults took 0.1 % of the wall time: little. No cause dominates: the largest is minor cow with 40 % of the time in faults.");
}

/* A single fault is no "1 faults", whatever its cause. */
static void test_single(void **state)
{
	static const enum pft_cause causes[] = {
		PFT_CAUSE_ZERO, PFT_CAUSE_COW, PFT_CAUSE_FILE, PFT_CAUSE_SWAP, PFT_CAUSE_SHMEM,
		PFT_CAUSE_MIGRATE,
	};
	char text[VERDICT_MAX];
	regex_t plural;

	(void)state;
	assert_int_equal(regcomp(&plural, "[^0-9]1 (fault|write|wait)s", REG_EXTENDED), 0);
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		add(PFT_MINOR, causes[i], 0, 0, 100);
		make();
		verdict(text, sizeof(text), &breakdown, 1000);
		if (!regexec(&plural, text, 0, NULL, 0) || !strstr(text, " 1 "))
			fail_msg("%s", text);
		breakdown_fini(&breakdown);
		tally_fini(&tally);
		memset(&tally, 0, sizeof(tally));
	}
	regfree(&plural);
	add(PFT_MINOR, PFT_CAUSE_COW, 0, 0, 100);
	expect(1000, "Copy on write explains 100 % of the time in faults: 1 write to pages of private memory that were shared, as after fork(2).");
}

static void test_refused(void **state)
{
	(void)state;
	add(PFT_INVALID, PFT_CAUSE_NULL, 0, 0, 0);
	counted(PFT_INVALID, PFT_CAUSE_NULL, 9);
	counted(PFT_INVALID, PFT_CAUSE_UACCESS, 1);
	expect(1000, "10 faults were refused: mostly null (no VMA, address below 64 KiB).");
	expect_where("no mapping");
}

static void test_nothing(void **state)
{
	(void)state;
	expect(1000, "");
	assert_int_equal(breakdown.nr_causes, 0);
	assert_int_equal(breakdown.nr_files, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread),
		TEST(test_places),
		TEST(test_later_abi),
		TEST(test_complete),
		TEST(test_lost),
		TEST(test_only_minor),
		TEST(test_one_file),
		TEST(test_backward),
		TEST(test_many_files),
		TEST(test_zero),
		TEST(test_little),
		TEST(test_single),
		TEST(test_refused),
		TEST(test_nothing),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
