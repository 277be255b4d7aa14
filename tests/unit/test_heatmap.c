// SPDX-License-Identifier: GPL-2.0
/* Heatmaps: which stretches of addresses they have, and how they are drawn. */

#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "heatmap.h"

#define PAGE	((uint64_t)sysconf(_SC_PAGESIZE))
#define START	0x7f0000000000ULL

static struct profile profile;
static struct paths paths;

static int setup(void **state)
{
	const struct profile_options usual = { 0 };

	fake_root_setup(state);
	paths_init(&paths, fake_root);
	return profile_init(&profile, &usual) ? 0 : -1;
}

static int teardown(void **state)
{
	profile_fini(&profile);
	paths_fini(&paths);
	return fake_root_teardown(state);
}

static struct pft_record minor(uint32_t pid, uint64_t page, uint64_t ns)
{
	return (struct pft_record){
		.tgid = pid, .pid = pid, .time_ns = 5000000000, .latency_ns = ns,
		.vma_start = START, .vma_end = START + 1024 * PAGE,
		.address = START + page * PAGE + 8,
		.perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE,
		.area = PFT_AREA_ANON, .cause = PFT_CAUSE_ZERO,
	};
}

/* A diagonal: each page is touched a little later than the one before. */
static void test_heatmap(void **state)
{
	struct heatmap_picture picture = { .width = 10, .height = 5, .label_width = 40 };
	struct pft_record record;
	struct heatmap map;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < 20; i++) {
		record = minor(1, i, 5);
		record.time_ns = (1 << 20) * (1000ULL + i);
		profile_add(&profile, &record);
	}
	assert_true(heatmap_make(&map, &profile, 1));
	assert_int_equal(map.count, 1);
	assert_int_equal(map.to - map.from, 19);
	assert_int_equal(map.region[0].touched, 20);
	assert_int_equal(map.region[0].faults, 20);
	assert_int_equal(map.region[0].first, START / PAGE);
	assert_int_equal(map.region[0].last, START / PAGE + 19);
	assert_ptr_equal(heatmap_find(&map, START / PAGE + 7), map.region);
	assert_null(heatmap_find(&map, START / PAGE + 20));
	assert_null(heatmap_find(&map, START / PAGE - 1));

	assert_true(heatmap_draw(&picture, &map, &paths, true));
	assert_int_equal(picture.height, 5);
	assert_int_equal(picture.hidden, 0);
	for (i = 0; i < 5; i++) {
		/* Two characters for a line, with four dots going down to the right. */
		for (j = 0; j < 10; j++)
			assert_int_equal(picture.at[i * 10 + j].dots,
					 j == 2 * i ? 1 + 16 : j == 2 * i + 1 ? 4 + 128 : 0);
		assert_int_equal(picture.at[i * 12].faults, 2);
		assert_int_equal(picture.at[i * 12].classes, 1 << PFT_MINOR);
	}
	assert_string_equal(picture.label[0], "7f0000000000 [anon]");
	assert_string_equal(picture.label[1], "7f0000004000");
	heatmap_picture_fini(&picture);

	picture.width = 20;
	picture.height = 30;
	assert_true(heatmap_draw(&picture, &map, &paths, false));
	/* A line for each page is enough. */
	assert_int_equal(picture.height, 20);
	for (i = 0; i < 20; i++)
		for (j = 0; j < 20; j++)
			assert_int_equal(picture.at[i * 20 + j].faults, i == j);
	heatmap_picture_fini(&picture);
	heatmap_fini(&map);
}

/* VMAs far apart have lines of their own; where there are too few, most count. */
static void test_regions(void **state)
{
	struct heatmap_picture picture = { .width = 4, .height = 3, .label_width = 17 };
	struct pft_record record;
	struct heatmap map;
	unsigned int i;

	(void)state;
	for (i = 0; i < 40; i++) {
		record = minor(1, i % 10 * 3, 5);
		record.vma_start += (i / 10) * 0x100000000ULL;
		record.vma_end += (i / 10) * 0x100000000ULL;
		record.address += (i / 10) * 0x100000000ULL;
		/* The second one has fewer. */
		if (i / 10 == 1 && i % 2)
			continue;
		profile_add(&profile, &record);
	}
	/* Two that nothing is mapped at, with a world between them. */
	record = minor(1, 0, 0);
	record.class = PFT_INVALID;
	record.cause = PFT_CAUSE_NULL;
	record.perms = 0;
	record.address = 8;
	profile_add(&profile, &record);
	record.cause = PFT_CAUSE_UNMAPPED;
	record.address = 0x7000000000;
	profile_add(&profile, &record);
	record = minor(2, 0, 5);
	profile_add(&profile, &record);

	assert_true(heatmap_make(&map, &profile, 1));
	assert_int_equal(map.count, 6);
	assert_null(map.region[0].vma);
	assert_null(map.region[1].vma);
	assert_int_equal(map.region[1].first, 0x7000000000 / PAGE);
	assert_int_equal(map.region[2].faults, 10);
	assert_int_equal(map.region[3].faults, 5);
	assert_int_equal(map.region[2].vma->start, START);
	assert_true(heatmap_draw(&picture, &map, &paths, false));
	assert_int_equal(picture.height, 3);
	assert_int_equal(picture.hidden, 3);
	assert_int_equal(picture.hidden_faults, 7);
	assert_string_equal(picture.label[0], "7f0000000000 [ano");
	assert_string_equal(picture.label[1], "7f0200000000 [ano");
	heatmap_picture_fini(&picture);
	heatmap_fini(&map);
}

/* One after the other at the same place: the one with more faults names it. */
static void test_overlap(void **state)
{
	struct pft_record record;
	struct heatmap map;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		record = minor(1, i, 5);
		profile_add(&profile, &record);
	}
	for (i = 0; i < 5; i++) {
		record = minor(1, i < 4 ? i : 1030, 5);
		record.vma_start += PAGE;
		record.vma_end += 16 * PAGE;
		record.area = PFT_AREA_FILE;
		record.ino = 5;
		profile_add(&profile, &record);
	}
	assert_true(heatmap_make(&map, &profile, 1));
	assert_int_equal(map.count, 1);
	assert_int_equal(map.region[0].vma->key.area, PFT_AREA_FILE);
	assert_int_equal(map.region[0].faults, 8);
	assert_int_equal(map.region[0].last, START / PAGE + 1030);
	heatmap_fini(&map);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_heatmap),
		TEST(test_regions),
		TEST(test_overlap),
	};

	return cmocka_run_group_tests_name("heatmap", tests, NULL, NULL);
}
