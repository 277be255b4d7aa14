// SPDX-License-Identifier: GPL-2.0
/* What records add up to, held against what the test knows of those it made. */

#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "feed.h"
#include "heatmap.h"
#include "profile_rows.h"

#define PAGE	((uint64_t)sysconf(_SC_PAGESIZE))
#define MS	1000000ULL
#define START	0x7f0000000000ULL

static struct profile profile;
static struct profile_rows rows;
static struct profile_text text;
static struct paths paths;
static struct codenames names;

static void begin(const struct profile_options *options)
{
	profile_fini(&profile);
	assert_true(profile_init(&profile, options));
}

static int setup(void **state)
{
	const struct profile_options usual = { 0 };

	fake_root_setup(state);
	memset(&profile, 0, sizeof(profile));
	memset(&rows, 0, sizeof(rows));
	begin(&usual);
	paths_init(&paths, fake_root);
	codenames_init(&names, false);
	return 0;
}

static int teardown(void **state)
{
	profile_rows_fini(&rows);
	profile_fini(&profile);
	paths_fini(&paths);
	codenames_fini(&names);
	return fake_root_teardown(state);
}

static struct pft_record minor(uint32_t pid, uint64_t page, uint64_t ns)
{
	return (struct pft_record){
		.tgid = pid, .pid = pid + 1, .time_ns = 5000 * MS, .latency_ns = ns,
		.vma_start = START, .vma_end = START + 1024 * PAGE,
		.address = START + page * PAGE + 8, .ip = 0x401000, .comm = "a",
		.perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE,
		.area = PFT_AREA_ANON, .cause = PFT_CAUSE_ZERO,
	};
}

static void select_rows(enum profile_kind kind)
{
	rows.kind = kind;
	assert_true(profile_rows_select(&rows, &profile));
}

static const struct column *column(const char *key)
{
	const struct column *list[COLUMNS_MAX];
	unsigned int i, count = profile_rows_columns(rows.kind, SHOW_RATES | SHOW_DATA, list);

	for (i = 0; i < count; i++)
		if (!strcmp(list[i]->key, key))
			return list[i];
	fail_msg("there is no column %s", key);
	return NULL;
}

static struct cell value(unsigned int row, const char *key)
{
	profile_row_fill(&rows.row[row], &text, &paths, &names);
	return column(key)->get(&rows.row[row]);
}

#define expect_number(row, key, expected) \
	do { \
		struct cell cell_ = value(row, key); \
		assert_true(cell_.type == CELL_UINT || cell_.type == CELL_HEX || \
			    cell_.type == CELL_TIME); \
		assert_int_equal(cell_.number, expected); \
	} while (0)

#define expect_text(row, key, expected) \
	do { \
		struct cell cell_ = value(row, key); \
		assert_int_equal(cell_.type, CELL_TEXT); \
		assert_string_equal(cell_.text, expected); \
	} while (0)

/* Two VMAs of one process, and the same one of another. */
static void test_vmas(void **state)
{
	struct pft_record record;
	unsigned int i;

	(void)state;
	fake_file(fake_root_dir, "files", "ID DEV INO PATH\n9 08:01 77 /srv/data\n");
	for (i = 0; i < 100; i++) {
		record = minor(1, i, 1000);
		record.cause = i < 25 ? PFT_CAUSE_COW : PFT_CAUSE_ZERO;
		/* It grows. */
		record.vma_end += i * PAGE;
		profile_add(&profile, &record);
	}
	record = minor(1, 3, 900000);
	record.class = PFT_MAJOR;
	record.cause = PFT_CAUSE_FILE;
	record.vma_start += 0x100000000;
	record.vma_end += 0x100000000;
	record.area = PFT_AREA_FILE;
	record.dev = 0x801;
	record.ino = 77;
	record.perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_SHARED;
	profile_add(&profile, &record);
	/* Its name was known only then. */
	record.file = 9;
	profile_add(&profile, &record);
	record = minor(2, 0, 10);
	profile_add(&profile, &record);

	select_rows(PROFILE_VMAS);
	assert_int_equal(rows.count, 3);
	expect_text(0, "name", "/srv/data");
	expect_number(0, "major", 2);
	expect_number(0, "minor", 0);
	expect_number(0, "ns", 1800000);
	expect_text(0, "perms", "r--s");
	expect_text(0, "top_cause", "file");
	expect_text(1, "name", "[anon]");
	expect_number(1, "pid", 1);
	expect_number(1, "minor", 100);
	expect_number(1, "ns", 100000);
	expect_number(1, "start", START);
	expect_number(1, "end", START + (1024 + 99) * PAGE);
	expect_text(1, "causes", "zero 75% cow 25%");
	expect_text(1, "perms", "rw-p");
	assert_in_range(value(1, "p99_ns").number, 1000, 1000 + 1000 / 8);
	expect_number(2, "pid", 2);
	assert_int_equal(profile.records, 103);
	assert_int_equal(profile.count[PFT_MAJOR], 2);
}

/* A stack grows down, and is one all the same. */
static void test_stack(void **state)
{
	struct pft_record record;
	unsigned int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		record = minor(1, 0, 100);
		record.area = PFT_AREA_STACK;
		record.vma_start -= i * PAGE;
		profile_add(&profile, &record);
	}
	select_rows(PROFILE_VMAS);
	assert_int_equal(rows.count, 1);
	expect_number(0, "start", START - 9 * PAGE);
	expect_number(0, "minor", 10);
}

/* Without a VMA, what the record says of one is of the neighbours. */
static void test_hole(void **state)
{
	struct pft_record record = minor(1, 0, 0);

	(void)state;
	record.class = PFT_INVALID;
	record.cause = PFT_CAUSE_UNMAPPED;
	record.perms = PFT_PERM_HOLE;
	record.file = 9;
	profile_add(&profile, &record);
	/* Another hole, with other neighbours. */
	record.vma_start += PAGE;
	record.ino = 5;
	profile_add(&profile, &record);
	select_rows(PROFILE_VMAS);
	assert_int_equal(rows.count, 1);
	expect_text(0, "name", "no mapping");
	assert_int_equal(value(0, "start").type, CELL_NONE);
	assert_int_equal(value(0, "p99_ns").type, CELL_NONE);
	expect_number(0, "invalid", 2);
	select_rows(PROFILE_PAGES);
	expect_text(0, "name", "-");
}

static void test_code(void **state)
{
	struct pft_record record;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		record = minor(1 + i % 2, i, i);
		record.ip = 0x401000 + i % 10;
		record.cause = i % 10 == 3 && i > 300 ? PFT_CAUSE_COW : PFT_CAUSE_ZERO;
		profile_add(&profile, &record);
	}
	record = minor(1, 0, 1);
	record.ip = 0;
	record.origin = PFT_GUP;
	profile_add(&profile, &record);
	select_rows(PROFILE_CODE);
	/* Even ones are of one process, odd ones of the other. */
	assert_int_equal(rows.count, 11);
	expect_number(0, "ip", 0x401009);
	expect_number(0, "pid", 2);
	expect_number(0, "minor", 100);
	expect_number(0, "ns", 9 * 100 + 10 * 99 * 100 / 2);
	expect_text(0, "place", "?");
	assert_int_equal(value(0, "symbol").type, CELL_NONE);
	expect_text(6, "top", "cow:70%");
	expect_text(10, "place", "[kernel]");
	assert_int_equal(value(10, "ip").type, CELL_NONE);
	/* By another column, and the other way round. */
	rows.sort = column("ip");
	rows.reverse = true;
	select_rows(PROFILE_CODE);
	expect_number(10, "ip", 0x401009);
	expect_text(0, "place", "[kernel]");
}

static void test_pages(void **state)
{
	struct pft_record record;
	unsigned int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		record = minor(1, i % 100, 10);
		record.address += i;	/* the same page */
		record.class = i < 200 ? PFT_MINOR : PFT_MAJOR;
		record.cause = i < 200 ? PFT_CAUSE_ZERO : PFT_CAUSE_SWAP;
		profile_add(&profile, &record);
	}
	select_rows(PROFILE_PAGES);
	assert_int_equal(rows.count, 100);
	for (i = 0; i < 100; i++) {
		/* Alike in all else: by address. */
		expect_number(i, "address", START + i * PAGE);
		expect_number(i, "count", 3);
		expect_number(i, "minor", 2);
		expect_number(i, "major", 1);
		expect_number(i, "ns", 30);
		expect_text(i, "last_cause", "swap");
	}
}

static struct pft_record nth(unsigned int i)
{
	struct pft_record record = minor(1, i % 10, 5);

	record.ip += i % 10;
	record.vma_start = START - i % 10 * PAGE;
	record.time_ns += i * 100 * MS;
	return record;
}

/* How many of the records above are in a cell? */
static uint64_t count_in(const struct heat_cell *cell)
{
	struct pft_record record;
	uint64_t found = 0;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		record = nth(i);
		found += record.time_ns / profile.heat.bin_ns == cell->key.time &&
			 record.address / profile.heat.bin_bytes == cell->key.address;
	}
	return found;
}

/* What has no room is counted; what had some goes on. */
static void test_limits(void **state)
{
	const struct profile_options options = {
		.vmas = 2, .code = 3, .pages = 5, .cells = 16, .refused = 4,
	};
	struct pft_record record;
	uint64_t sum = 0;
	unsigned int i;

	(void)state;
	begin(&options);
	for (i = 0; i < 1000; i++) {
		record = nth(i);
		profile_add(&profile, &record);
	}
	assert_int_equal(profile.vmas.count, 2);
	assert_int_equal(profile.dropped_vmas, 800);
	assert_int_equal(profile.code.count, 3);
	assert_int_equal(profile.dropped_code, 700);
	assert_int_equal(profile.pages.count, 5);
	assert_int_equal(profile.dropped_pages, 500);
	assert_int_equal(profile.records, 1000);
	/* The heatmap forgets none. */
	assert_int_equal(profile.heat.dropped, 0);
	assert_in_range(profile.heat.cells.count, 1, 16);
	for (i = 0; i < profile.heat.cells.count; i++) {
		assert_int_equal(heat_cell(&profile.heat, i)->count[PFT_MINOR],
				 count_in(heat_cell(&profile.heat, i)));
		sum += heat_cell(&profile.heat, i)->count[PFT_MINOR];
	}
	assert_int_equal(sum, 1000);
	select_rows(PROFILE_VMAS);
	expect_number(0, "minor", 100);
	/* Nine processes more than there are cells: these cannot be joined. */
	for (i = 0; i < 25; i++) {
		record = minor(100 + i, 0, 5);
		profile_add(&profile, &record);
	}
	assert_in_range(profile.heat.dropped, 9, 25);
}

static void test_refused(void **state)
{
	const struct profile_options options = { .refused = 4, .only_refused = true };
	struct pft_record record;
	unsigned int i;

	(void)state;
	begin(&options);
	for (i = 0; i < 10; i++) {
		record = minor(1, i, 5);
		record.class = i % 2 ? PFT_INVALID : PFT_MINOR;
		record.cause = i % 2 ? PFT_CAUSE_NULL : PFT_CAUSE_ZERO;
		record.syscall = (uint16_t)i;
		profile_add(&profile, &record);
		assert_int_equal(profile.nr_refused, (i + 1) / 2 < 4 ? (i + 1) / 2 : 4);
	}
	assert_int_equal(profile.dropped_refused, 1);
	for (i = 0; i < 4; i++)
		assert_int_equal(profile_refused(&profile, i)->syscall, 9 - 2 * i);
	assert_int_equal(profile.vmas.count, 0);
	assert_int_equal(profile.records, 10);
}

static void test_one_process(void **state)
{
	const struct profile_options options = { .pid = 2 };
	struct pft_record record;
	unsigned int i;

	(void)state;
	begin(&options);
	for (i = 0; i < 9; i++) {
		record = minor(i % 3, i, 5);
		record.time_ns = (100 - i) * MS;
		profile_add(&profile, &record);
	}
	assert_int_equal(profile.records, 3);
	assert_int_equal(profile.ns, 15);
	assert_int_equal(profile.last_ns, 98 * MS);
	assert_int_equal(profile.first_ns, 92 * MS);
}

static void test_later_abi(void **state)
{
	struct pft_record record = minor(1, 0, 1);

	(void)state;
	record.class = PFT_NR_CLASSES;
	profile_add(&profile, &record);
	record.class = PFT_MINOR;
	record.cause = PFT_NR_CAUSES;
	profile_add(&profile, &record);
	assert_int_equal(profile.dropped_unknown, 2);
	assert_int_equal(profile.records, 0);
}

/* Many faults at random: sums agree, and nothing is out of bounds. */
static void test_random(void **state)
{
	struct heatmap_picture picture;
	struct pft_record record;
	uint64_t seed = 1, sum = 0, total = 0;
	struct heatmap map;
	unsigned int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		record = minor(1 + (seed >> 60), 0, seed >> 44);
		record.address = seed >> (i % 64);
		record.ip = seed >> 40;
		record.time_ns = i % 5 ? i * MS : seed >> (i % 60);
		record.class = (seed >> 33) % PFT_NR_CLASSES;
		record.cause = (seed >> 35) % PFT_NR_CAUSES;
		record.perms = (uint8_t)(seed >> 37);
		record.area = (uint8_t)(seed >> 41);
		profile_add(&profile, &record);
	}
	select_rows(PROFILE_PAGES);
	for (i = 0; i < rows.count; i++)
		sum += value(i, "count").number;
	assert_int_equal(sum + profile.dropped_pages, 200000);
	for (i = 1; i <= 16; i++) {
		assert_true(heatmap_make(&map, &profile, i));
		picture = (struct heatmap_picture){ .width = 3 * i, .height = 4 * i };
		assert_true(heatmap_draw(&picture, &map, &paths, i % 2));
		heatmap_picture_fini(&picture);
		while (map.count)
			total += map.region[--map.count].faults;
		heatmap_fini(&map);
	}
	assert_int_equal(total + profile.heat.dropped, 200000);
}

static void write_ring(uint64_t slots, uint64_t count)
{
	struct fake_ring ring;
	uint64_t i;

	fake_ring_make(&ring, 0, slots);
	for (i = 0; i < count; i++)
		*fake_ring_add(&ring, 0) = (struct pft_record){
			.pos = i + (i < 1000 ? 0 : 5), .time_ns = 1000 * MS + i, .tgid = 1 + i % 2, .latency_ns = 7,
		};
	fake_ring_write_plain(&ring, fake_root_dir);
	fake_ring_free(&ring);
}

/* Of a ring, some at a time; a gap is told. */
static void test_feed(void **state)
{
	const struct profile_options options = { .pid = 2 };
	struct feed feed;

	(void)state;
	write_ring(1024, 1424);
	assert_true(feed_open(&feed, fake_root, &options));
	assert_int_equal(feed.error.code, PFT_OK);
	/* No time is some time, or there would never be an end. */
	feed_update(&feed, 0);
	assert_true(feed.behind);
	assert_in_range(feed.profile.records, 1, 1023 / 2);
	feed_update(&feed, 3600ULL * 1000 * MS);
	assert_false(feed.behind);
	assert_int_equal(feed.profile.records, 512);
	assert_int_equal(feed.lost, 5);
	feed_update(&feed, 0);
	assert_int_equal(feed.profile.records, 512);
	feed_fini(&feed);
}

/* Without rings it says why, and stays empty. */
static void test_no_rings(void **state)
{
	const struct profile_options options = { 0 };
	struct feed feed;

	(void)state;
	assert_true(feed_open(&feed, fake_root, &options));
	assert_int_not_equal(feed.error.code, PFT_OK);
	feed_update(&feed, MS);
	assert_int_equal(feed.profile.records, 0);
	assert_int_not_equal(feed.error.code, PFT_OK);
	feed_fini(&feed);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_vmas),
		TEST(test_stack),
		TEST(test_hole),
		TEST(test_code),
		TEST(test_pages),
		TEST(test_limits),
		TEST(test_refused),
		TEST(test_one_process),
		TEST(test_later_abi),
		TEST(test_random),
		TEST(test_feed),
		TEST(test_no_rings),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
