// SPDX-License-Identifier: GPL-2.0
/* What is said to be done about faults: just enough of them, and one less. */

#include <string.h>

#include "fake.h"
#include "hint.h"

#define PAGE	4096ULL
#define BASE	0x7f0000000000ULL

static struct tally tally;
static struct paths paths;
static struct hints hints;

static int setup(void **state)
{
	fake_root_setup(state);
	fake_file(fake_root_dir, "files", "ID DEV INO PATH\n7 0:1 7 /srv/a\\033b.bin\n");
	paths_init(&paths, fake_root);
	return 0;
}

static int teardown(void **state)
{
	tally_fini(&tally);
	paths_fini(&paths);
	return fake_root_teardown(state);
}

/* Forgets what was added, too. */
static void make(uint64_t wall_ns)
{
	memset(&hints, 0, sizeof(hints));
	hints_make(&hints, &tally, &paths, wall_ns);
	tally_fini(&tally);
}

static const char *said(const char *kind)
{
	unsigned int i;

	for (i = 0; i < hints.count; i++)
		if (!strcmp(hints.hint[i].kind, kind))
			return hints.hint[i].text;
	return NULL;
}

/**
 * struct faults - some faults of one kind on one mapping
 * @from: page of the mapping where they begin
 * @count: how many
 * @pages: of the mapping
 * @ns: time of each
 */
struct faults {
	enum pft_class class;
	enum pft_cause cause;
	enum pft_area area;
	uint32_t file;
	unsigned int from;
	unsigned int count;
	unsigned int pages;
	unsigned int order;
	uint64_t ns;
};

static void add(const struct faults *faults)
{
	struct pft_record record = {
		.class = (uint8_t)faults->class, .cause = (uint8_t)faults->cause,
		.area = (uint8_t)faults->area, .file = faults->file, .dev = faults->file,
		.ino = faults->file, .order = (uint8_t)faults->order, .latency_ns = faults->ns,
		.vma_start = BASE, .vma_end = BASE + faults->pages * PAGE,
		.perms = PFT_PERM_VMA, .tgid = 42, .comm = "cc1",
	};
	unsigned int i;

	for (i = 0; i < faults->count; i++) {
		record.address = BASE + ((uint64_t)faults->from + i) * PAGE;
		assert_true(tally_add(&tally, &record));
	}
}

#define FAULTS(...)	add(&(const struct faults){ __VA_ARGS__ })

/* Time in faults that no rule is about. */
static void add_other(uint64_t ns)
{
	FAULTS(PFT_MINOR, PFT_CAUSE_DEVICE, PFT_AREA_DEVICE, .count = 1, .pages = 1, .ns = ns);
}

/*
 * Each rule at both sides of its number of faults, of its share of the time in
 * faults (a tenth) and of their share of the wall time (a hundredth).
 */
static void expect_limits(const char *kind, struct faults faults, unsigned int least)
{
	uint64_t ns = least * faults.ns;

	faults.count = least;
	add(&faults);
	make(ns * 100);
	assert_non_null(said(kind));
	add(&faults);
	make(ns * 100 + 1);
	assert_null(said(kind));

	faults.count = least - 1;
	add(&faults);
	make(0);
	assert_null(said(kind));

	faults.count = least;
	add(&faults);
	add_other(ns * 9);
	make(0);
	assert_non_null(said(kind));
	add(&faults);
	add_other(ns * 9 + 10);
	make(0);
	assert_null(said(kind));
}

static void test_limits(void **state)
{
	static const struct {
		const char *kind;
		unsigned int least;
		struct faults faults;
	} rules[] = {
		{ "read-ahead", 16,
		  { PFT_MAJOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 7, .pages = 100, .ns = 1000 } },
		{ "read-ahead", 16,
		  { PFT_MAJOR, PFT_CAUSE_FILE_COW, PFT_AREA_FILE, 7, .pages = 100, .ns = 1000 } },
		{ "swap", 16,
		  { PFT_MAJOR, PFT_CAUSE_SWAP, PFT_AREA_HEAP, .pages = 100, .ns = 1000 } },
		{ "huge-pages", 1024,
		  { PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_HEAP, .pages = 10240, .ns = 1000 } },
		{ "keep", 1024,
		  { PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_HEAP, .pages = 256, .ns = 1000 } },
		{ "populate", 1024,
		  { PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .pages = 1024, .ns = 1000 } },
		{ "populate", 1024,
		  { PFT_MINOR, PFT_CAUSE_SHMEM, PFT_AREA_SHMEM, .pages = 1024, .ns = 1000 } },
		{ "prefault", 256,
		  { PFT_MINOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 7, .pages = 1024, .ns = 1000 } },
		{ "fork", 1024,
		  { PFT_MINOR, PFT_CAUSE_COW, PFT_AREA_ANON, .pages = 2048, .ns = 1000 } },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		expect_limits(rules[i].kind, rules[i].faults, rules[i].least);
}

static void test_nothing(void **state)
{
	(void)state;
	make(0);
	assert_int_equal(hints.count, 0);
}

/* A file is named where it has half of the time; its name is a part of the path, raw. */
static void test_files(void **state)
{
	(void)state;
	FAULTS(PFT_MAJOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 7, .count = 16, .pages = 100, .ns = 100);
	FAULTS(PFT_MAJOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 8, .count = 1, .pages = 100, .ns = 1600);
	make(0);
	assert_string_equal(said("read-ahead"), "16 waits for a\033b.bin to be read took 50 % of the time in faults, mostly forward: reading ahead (madvise(2) MADV_WILLNEED, or MAP_POPULATE) would take them together.");

	FAULTS(PFT_MAJOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 7, .count = 16, .pages = 100, .ns = 100);
	FAULTS(PFT_MAJOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 8, .count = 1, .pages = 100, .ns = 1500);
	FAULTS(PFT_MAJOR, PFT_CAUSE_FILE, PFT_AREA_FILE, 9, .count = 1, .pages = 100, .ns = 101);
	make(0);
	assert_string_equal(said("read-ahead"), "18 waits for 3 mapped files to be read took 100 % of the time in faults: reading them before they are needed (readahead(2), or madvise(2) MADV_WILLNEED on their mappings) would take the waits of each together.");
}

static void test_huge(void **state)
{
	(void)state;
	/* 2,048 pages from the second one on: of four stretches the first is not whole. */
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .from = 1, .count = 2047, .pages = 2048,
	       .ns = 10);
	make(0);
	assert_string_equal(said("huge-pages"), "2,047 first touches in [anon] at 7f0000000000-7f0000800000 of cc1[42] fell into whole stretches of 2 MiB and took 100 % of the time in faults: huge pages (madvise(2) MADV_HUGEPAGE; for malloc(3), GLIBC_TUNABLES=glibc.malloc.hugetlb=1) would make about 4 of them.");
	/* They came as larger pages. */
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 2048, .pages = 2048, .ns = 10,
	       .order = 1);
	make(0);
	assert_null(said("huge-pages"));
	/* The mapping has no room for one. */
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 2048, .pages = 511, .ns = 10);
	make(0);
	assert_null(said("huge-pages"));
}

/* @each pages of every stretch of 2 MiB. */
static void add_sparse(unsigned int each)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .from = i * 512, .count = each,
		       .pages = 32 * 512, .ns = 10);
}

static void test_sparse(void **state)
{
	(void)state;
	add_sparse(64);
	make(0);
	assert_non_null(said("huge-pages"));
	add_sparse(63);
	make(0);
	assert_null(said("huge-pages"));
}

/* Two threads take turns in two stretches: there are two, not thousands. */
static void test_turns(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 1024; i++)
		FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .from = i % 2 * 512 + i / 2,
		       .count = 1, .pages = 1024, .ns = 10);
	make(0);
	assert_non_null(strstr(said("huge-pages"), "would make about 2 of them"));
}

/* Of a mapping that is hardly used, filling it would be waste. */
static void test_populate(void **state)
{
	(void)state;
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 1100, .pages = 2200, .ns = 10);
	make(0);
	assert_string_equal(said("populate"), "1,100 first touches brought 1,100 of the 2,200 pages in [anon] at 7f0000000000-7f0000898000 of cc1[42] and took 100 % of the time in faults: MAP_POPULATE, or madvise(2) MADV_POPULATE_WRITE, would bring them in one call.");
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 1100, .pages = 2201, .ns = 10);
	make(0);
	assert_null(said("populate"));
	/* The same by larger pages. */
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 1100, .pages = 4400, .ns = 10,
	       .order = 1);
	make(0);
	assert_non_null(strstr(said("populate"), "brought 2,200 of the 4,400 pages"));
	/* Nobody maps the heap. */
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_HEAP, .count = 1100, .pages = 1100, .ns = 10);
	make(0);
	assert_null(said("populate"));
}

static void test_keep(void **state)
{
	(void)state;
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 1100, .pages = 550, .ns = 10);
	make(0);
	assert_string_equal(said("keep"), "1,100 first touches in [anon] at 7f0000000000-7f0000226000 of cc1[42], which has 550 pages, took 100 % of the time in faults: the memory was given back and taken again. Keeping it would spare most of them (for malloc(3): mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD).");
	assert_null(said("populate"));
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO, PFT_AREA_ANON, .count = 1100, .pages = 551, .ns = 10);
	make(0);
	assert_null(said("keep"));
	assert_non_null(said("populate"));
}

/* Pages that were read before they were written were the page of zeroes. */
static void test_fork(void **state)
{
	(void)state;
	FAULTS(PFT_MINOR, PFT_CAUSE_COW, PFT_AREA_ANON, .count = 2048, .pages = 4096, .ns = 10);
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO_READ, PFT_AREA_ANON, .count = 1024, .pages = 4096,
	       .ns = 10);
	make(0);
	assert_non_null(strstr(said("fork"), "2,048 writes to private pages that were shared, most of the time in [anon], took 67 % of the time"));
	FAULTS(PFT_MINOR, PFT_CAUSE_COW, PFT_AREA_ANON, .count = 2048, .pages = 4096, .ns = 10);
	FAULTS(PFT_MINOR, PFT_CAUSE_ZERO_READ, PFT_AREA_ANON, .count = 1025, .pages = 4096,
	       .ns = 10);
	make(0);
	assert_null(said("fork"));
	/* Of a library: its own data. */
	FAULTS(PFT_MINOR, PFT_CAUSE_COW, PFT_AREA_FILE, 7, .count = 2048, .pages = 4096, .ns = 10);
	make(0);
	assert_null(said("fork"));
}

/* Mappings of two processes at one address are two. */
static void test_apart(void **state)
{
	struct pft_record record = {
		.cause = PFT_CAUSE_FILE, .vma_start = BASE, .vma_end = BASE + (1 << 22),
		.perms = PFT_PERM_VMA, .area = PFT_AREA_FILE, .file = 7, .latency_ns = 10,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 256; i++) {
		record.tgid = i % 2;
		record.address = BASE + i * PAGE;
		assert_true(tally_add(&tally, &record));
	}
	make(0);
	assert_null(said("prefault"));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_limits), TEST(test_nothing), TEST(test_files), TEST(test_huge),
		TEST(test_sparse), TEST(test_turns), TEST(test_populate), TEST(test_keep),
		TEST(test_fork), TEST(test_apart),
	};

	return cmocka_run_group_tests_name("hint", tests, NULL, NULL);
}
