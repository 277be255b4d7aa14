// SPDX-License-Identifier: GPL-2.0
/* Mappings of processes. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fake.h"
#include "target.h"

static const char text[] =
	"00400000-00452000 r-xp 00002000 08:02 173521      /usr/bin/dbus daemon\n"
	"00e03000-00e24000 rw-p 00000000 00:00 0           [heap]\n"
	"35b1800000-35b1820000 r-xp 00000000 fd:1ffff 135522  /tmp/a\\012b\\134 (deleted)\n"
	"7f0000000000-7f0000001000 ---p 00000000 00:00 0 \n"
	"7f0000001000-7f0000002000 rw-s 00000000 00:01 18446744073709551615 /SYSV00000000 (deleted)\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]";

static void test_parse(void **state)
{
	const struct pft_map *map;
	struct pft_maps maps;

	(void)state;
	assert_true(pft_maps_parse(&maps, 77, text, strlen(text)));
	assert_int_equal(maps.pid, 77);
	assert_int_equal(maps.count, 6);
	assert_false(maps.live);
	assert_null(maps.root);
	map = &maps.map[0];
	assert_int_equal(map->start, 0x400000);
	assert_int_equal(map->end, 0x452000);
	assert_int_equal(map->offset, 0x2000);
	assert_int_equal(map->dev, makedev(8, 2));
	assert_int_equal(map->ino, 173521);
	assert_string_equal(map->perms, "r-xp");
	assert_string_equal(map->path, "/usr/bin/dbus daemon");
	assert_false(map->deleted);
	assert_int_equal(map->build_id_size, 0);
	assert_string_equal(maps.map[1].path, "[heap]");
	/* A newline is all that the kernel escapes. */
	map = &maps.map[2];
	assert_string_equal(map->path, "/tmp/a\nb\\134");
	assert_int_equal(map->dev, makedev(0xfd, 0x1ffff));
	assert_true(map->deleted);
	assert_string_equal(maps.map[3].path, "");
	assert_int_equal(maps.map[4].ino, UINT64_MAX);
	assert_string_equal(maps.map[5].path, "[vsyscall]");
	assert_int_equal(maps.map[5].end, 0xffffffffff601000);
	pft_maps_free(&maps);
	pft_maps_free(&maps);
}

static void test_find(void **state)
{
	static const struct {
		uint64_t address;
		int index;
	} all[] = {
		{ 0, -1 },
		{ 0x3fffff, -1 },
		{ 0x400000, 0 },
		{ 0x451fff, 0 },
		{ 0x452000, -1 },
		{ 0x7f0000000fff, 3 },
		{ 0x7f0000001000, 4 },
		{ 0xffffffffff600000, 5 },
		{ UINT64_MAX, -1 },
	};
	struct pft_maps maps;
	size_t i;

	(void)state;
	assert_true(pft_maps_parse(&maps, 1, text, strlen(text)));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_ptr_equal(pft_maps_find(&maps, all[i].address),
				 all[i].index < 0 ? NULL : &maps.map[all[i].index]);
	pft_maps_free(&maps);
	assert_null(pft_maps_find(&maps, 0x400000));
	assert_true(pft_maps_parse(&maps, 1, "", 0));
	assert_int_equal(maps.count, 0);
	assert_null(pft_maps_find(&maps, 0));
	pft_maps_free(&maps);
}

/* What is told twice counts once, with its part of the file. */
static void test_overlap(void **state)
{
	static const char twice[] =
		"1000-3000 r--p 00000000 08:01 5 /a\n"
		"2000-4000 r--p 00001000 08:01 5 /a\n"
		"1000-4000 r--p 00000000 08:01 5 /a\n"
		"3000-6000 rw-p 00000000 00:00 0 \n";
	struct pft_maps maps;

	(void)state;
	assert_true(pft_maps_parse(&maps, 1, twice, strlen(twice)));
	assert_int_equal(maps.count, 3);
	assert_int_equal(maps.map[1].start, 0x3000);
	assert_int_equal(maps.map[1].offset, 0x2000);
	assert_int_equal(maps.map[2].start, 0x4000);
	assert_int_equal(maps.map[2].offset, 0);
	pft_maps_free(&maps);
}

static void test_broken(void **state)
{
	static const char *const all[] = {
		"\n",
		"x",
		"1000",
		"1000-",
		"1000-2000",
		"1000-2000 r-x",
		"1000-2000 r-xp",
		"1000-2000 r-xpp 0 0:0 0",
		"1000-2000 r-xp 0",
		"1000-2000 r-xp 0 08",
		"1000-2000 r-xp 0 08:01",
		"1000-2000 r-xp 0 08:01 ",
		"1000-2000 r-xp 0 08:01 -1",
		"1000-2000 r-xp 0 08:01 1x",
		"1000-2000 r-xp 0 1000:01 1",
		"1000-2000 r-xp 0 08:01 18446744073709551616",
		"2000-1000 r-xp 0 08:01 1",
		"1000-1000 r-xp 0 08:01 1",
		" 1000-2000 r-xp 0 08:01 1",
		"-1000-2000 r-xp 0 08:01 1",
		"0x1000-2000 r-xp 0 08:01 1",
		"10000000000000000-20000000000000000 r-xp 0 08:01 1",
		"1000-2000 r-xp 0 08:01 1 /ok\nrest",
	};
	struct pft_maps maps;
	size_t i, cut;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (pft_maps_parse(&maps, 1, all[i], strlen(all[i])))
			fail_msg("taken: %s", all[i]);
		assert_int_equal(maps.count, 0);
		assert_null(maps.map);
	}
	assert_false(pft_maps_parse(&maps, 1, "1000-2000 r-xp 0 08:01 1 /a\0b", 29));
	/* Cut anywhere it is read, or is not, and no byte behind it is. */
	for (cut = 0; cut <= strlen(text); cut++) {
		char *part = malloc(cut ? cut : 1);

		memcpy(part, text, cut);
		if (pft_maps_parse(&maps, 1, part, cut))
			pft_maps_free(&maps);
		free(part);
	}
}

static void test_too_many(void **state)
{
	size_t size = (PFT_MAPS_MAX + 3) * 48UL, used = 0;
	char *big = malloc(size);
	struct pft_maps maps;
	unsigned int i;

	(void)state;
	for (i = 0; i < PFT_MAPS_MAX + 3; i++)
		used += (size_t)sprintf(big + used, "%lx-%lx rw-p 0 00:00 0 \n",
					0x100000 + i * 0x2000UL, 0x101000 + i * 0x2000UL);
	assert_true(pft_maps_parse(&maps, 1, big, used));
	assert_int_equal(maps.count, PFT_MAPS_MAX);
	assert_int_equal(maps.dropped, 3);
	assert_non_null(pft_maps_find(&maps, 0x100000 + (PFT_MAPS_MAX - 1) * 0x2000UL));
	assert_null(pft_maps_find(&maps, 0x100000 + PFT_MAPS_MAX * 0x2000UL));
	pft_maps_free(&maps);
	free(big);
}

/* Own mappings are where we made them: many of them, of a file with a strange name. */
static void test_live(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 2000, i;
	char path[512], *area, *code;
	const struct pft_map *map;
	struct pft_maps maps;
	struct stat st;
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/a\nb \\012 (deleted", target_dir);
	file = fopen(path, "w+");
	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), (off_t)(4 * page)), 0);
	assert_int_equal(fstat(fileno(file), &st), 0);
	code = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_SHARED, fileno(file), (off_t)page);
	assert_ptr_not_equal(code, MAP_FAILED);
	area = mmap(NULL, pages * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(area, MAP_FAILED);
	for (i = 0; i < pages; i += 2)
		assert_int_equal(mprotect(area + i * page, page, PROT_NONE), 0);
	assert_true(pft_maps_read(&maps, (uint32_t)getpid()));
	assert_true(maps.live);
	assert_true(maps.count >= pages);
	for (i = 0; i < pages; i++) {
		map = pft_maps_find(&maps, (uint64_t)(uintptr_t)area + i * page);
		assert_non_null(map);
		assert_string_equal(map->perms, i % 2 ? "r--p" : "---p");
	}
	map = pft_maps_find(&maps, (uint64_t)(uintptr_t)code);
	assert_non_null(map);
	assert_int_equal(map->start, (uint64_t)(uintptr_t)code);
	assert_int_equal(map->end, (uint64_t)(uintptr_t)code + page);
	assert_int_equal(map->offset, page);
	assert_string_equal(map->perms, "r-xs");
	assert_int_equal(map->ino, st.st_ino);
	assert_false(map->deleted);
	pft_maps_free(&maps);
	assert_int_equal(unlink(path), 0);
	assert_true(pft_maps_read(&maps, (uint32_t)getpid()));
	map = pft_maps_find(&maps, (uint64_t)(uintptr_t)code);
	assert_true(map->deleted);
	pft_maps_free(&maps);
	munmap(area, pages * page);
	munmap(code, page);
	fclose(file);
	assert_false(pft_maps_read(&maps, 0));
	assert_int_equal(maps.count, 0);
}

static const struct pft_map *map_of(const struct pft_maps *maps, const struct target *target,
				    const char *name)
{
	return pft_maps_find(maps, target_place(target, name)->function);
}

/* The linker was told which build id to write. */
static void check_build_ids(const char *path, const char *without)
{
	static const unsigned char one[] = { 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0 };
	struct pft_build_ids *ids = pft_build_ids_open();
	const struct pft_map *map;
	struct target target;
	struct pft_maps maps;
	unsigned int i;

	assert_non_null(ids);
	target_start(&target, "program", "load", path, "one_shown", "load", without, "two_shown",
		     NULL);
	assert_int_equal(unlink(without), 0);
	for (i = 0; i < 2; i++) {
		assert_true(pft_maps_read(&maps, (uint32_t)target.pid));
		pft_maps_build_ids(&maps, ids);
		map = map_of(&maps, &target, "one_shown");
		assert_int_equal(map->build_id_size, sizeof(one));
		assert_memory_equal(map->build_id, one, sizeof(one));
		assert_int_equal(map_of(&maps, &target, "two_shown")->build_id_size, 0);
		assert_int_equal(map_of(&maps, &target, "main_shown")->build_id_size, 20);
		pft_maps_free(&maps);
	}
	target_stop(&target);
	/* Another file under the name, in the inode. */
	target_library("one.so", "one", "-Wl,--build-id=0xabcd0001", NULL);
	target_library("two.so", "two", "-Wl,--build-id=none", NULL);
	target_start(&target, "program", "load", path, "one_shown", NULL);
	assert_true(pft_maps_read(&maps, (uint32_t)target.pid));
	pft_maps_build_ids(&maps, ids);
	map = map_of(&maps, &target, "one_shown");
	assert_int_equal(map->build_id_size, 4);
	assert_int_equal(map->build_id[0], 0xab);
	pft_maps_free(&maps);
	target_stop(&target);
	pft_build_ids_close(ids);
}

static void test_build_ids(void **state)
{
	(void)state;
	target_program("program", "-Wl,--build-id=sha1", NULL);
	target_library("one.so", "one", "-Wl,--build-id=0x123456789abcdef0", NULL);
	target_library("two.so", "two", "-Wl,--build-id=none", NULL);
	check_build_ids(target_path("one.so"), target_path("two.so"));
	assert_true(target_only_paths(true));
	target_library("one.so", "one", "-Wl,--build-id=0x123456789abcdef0", NULL);
	check_build_ids(target_path("one.so"), target_path("two.so"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test_setup_teardown(test_live, target_setup, target_teardown),
		cmocka_unit_test_setup_teardown(test_build_ids, target_setup, target_teardown),
	};

	return cmocka_run_group_tests_name("maps", tests, NULL, NULL);
}
