// SPDX-License-Identifier: GPL-2.0
/*
 * Names come from the file that was mapped, and from no other one: replaced,
 * rewritten, ended, recorded, in other roots.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include "expect.h"
#include "fake.h"

/* Another library comes in the place of one that runs: never a name of the new one. */
static void test_replaced(void **state)
{
	const char *lib = target_path("lib.so");
	unsigned int i;

	(void)state;
	/* Asked before it is replaced, and asked only then. */
	for (i = 0; i < 2; i++) {
		target_library("lib.so", "old", "-g", NULL);
		load(lib, "old_shown");
		if (!i)
			expect_all("old", true);
		assert_int_equal(unlink(lib), 0);
		target_library("lib.so", "new", "-g", NULL);
		if (!target_only_paths(false))
			expect_all("old", true);
		read_maps();
		assert_true(pft_maps_find(&maps, place_of("old_shown")->ip)->deleted);
		if (!target_only_paths(false))
			expect_all("old", true);
		assert_true(target_only_paths(true));
		expect("old_shown", NULL, false);
		expect("old_hidden", NULL, false);
		forget_all();
		expect("old_shown", NULL, false);
		expect("old_hidden", NULL, false);
		target_only_paths(false);
		load(lib, "new_shown");
		expect_all("new", true);
		forget_all();
	}
}

/* The same inode with another content: what was remembered of it is not used. */
static void test_rewritten(void **state)
{
	const char *lib = target_path("lib.so");
	struct pft_symbol symbol;
	uint64_t one, two;

	(void)state;
	target_library("other.so", "two", NULL, NULL);
	load(target_path("other.so"), "two_shown");
	two = offset_of("two_shown");
	target_library("lib.so", "one", NULL, NULL);
	load(lib, "one_shown");
	one = offset_of("one_shown");
	target_stop(&target);
	target_start(&target, "program", "map", lib, NULL);
	read_maps();
	assert_true(pft_symbols_find(symbols, &maps, place_of(lib)->function + one, &symbol));
	assert_string_equal(symbol.name, "one_shown");
	target_run("sh", "-c", "cat \"$1\" >\"$2\"", "sh", target_path("other.so"), lib, NULL);
	assert_true(pft_symbols_find(symbols, &maps, place_of(lib)->function + two, &symbol));
	if (target_only_paths(false))
		assert_null(symbol.name);
	else
		assert_string_equal(symbol.name, "two_shown");
}

/* A process that has ended: its files tell, as long as they are what they were. */
static void test_ended(void **state)
{
	const char *lib = target_path("lib.so"), *moved = target_path("moved.so");
	struct pft_build_ids *ids;

	(void)state;
	if (!target_paths_tell())
		skip();
	ids = pft_build_ids_open();
	target_library("lib.so", "lib", "-g", "-Wl,--build-id=0x1111111122222222", NULL);
	load(lib, "lib_shown");
	target_stop(&target);
	expect_all("lib", true);
	expect_all("main", true);
	/* The inode changed: it may be another file, with the number of the old one. */
	assert_int_equal(rename(lib, moved), 0);
	assert_int_equal(rename(moved, lib), 0);
	expect("lib_shown", NULL, false);
	forget_all();
	expect("lib_shown", NULL, false);
	/* Unless there is a build id to go by. */
	load(lib, "lib_shown");
	pft_maps_build_ids(&maps, ids);
	target_stop(&target);
	assert_int_equal(rename(lib, moved), 0);
	assert_int_equal(rename(moved, lib), 0);
	expect_all("lib", true);
	target_library("lib.so", "lib", "-g", "-Wl,--build-id=0x1111111122222223", NULL);
	expect("lib_shown", NULL, false);
	pft_build_ids_close(ids);
}

static char *read_text(size_t *size)
{
	char path[64], *text = malloc(1 << 20);
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", target.pid);
	file = fopen(path, "r");
	assert_non_null(file);
	*size = fread(text, 1, 1 << 20, file);
	fclose(file);
	return text;
}

/* A recording: no inode of it means anything, only build ids do. */
static void test_recorded(void **state)
{
	struct pft_build_ids *ids = pft_build_ids_open();
	struct pft_maps live;
	size_t size, image_size;
	unsigned int i;
	void *image;
	char *text;

	(void)state;
	target_library("lib.so", "lib", "-g", NULL);
	target_program("program", "-g", NULL);
	target_start(&target, "program", "load", target_path("lib.so"), "lib_shown", "find",
		     "linux-vdso.so.1", VDSO_FUNCTION, NULL);
	read_maps();
	pft_maps_build_ids(&maps, ids);
	live = maps;
	text = read_text(&size);
	target_stop(&target);
	assert_true(pft_maps_parse(&maps, (uint32_t)target.pid, text, size));
	expect("lib_shown", NULL, false);
	expect("main_shown", NULL, false);
	expect(VDSO_FUNCTION, NULL, false);
	assert_int_equal(maps.count, live.count);
	for (i = 0; i < maps.count; i++) {
		memcpy(maps.map[i].build_id, live.map[i].build_id, PFT_BUILD_ID_MAX);
		maps.map[i].build_id_size = live.map[i].build_id_size;
	}
	expect_all("lib", true);
	expect_all("main", true);
	image = pft_vdso_copy(&image_size);
	assert_int_equal(image != NULL, vdso_function() != NULL);
	if (image) {
		assert_false(pft_symbols_vdso(symbols, image, 0));
		assert_true(pft_symbols_vdso(symbols, image, image_size));
		expect(VDSO_FUNCTION, VDSO_FUNCTION, false);
	}
	/* One bit of the id. */
	for (i = 0; i < maps.count; i++)
		maps.map[i].build_id[0] ^= 1;
	expect("lib_shown", NULL, false);
	expect("main_shown", NULL, false);
	assert_true(pft_symbols_vdso(symbols, "nothing", 7));
	expect(VDSO_FUNCTION, NULL, false);
	free(image);
	free(text);
	pft_maps_free(&live);
	pft_build_ids_close(ids);
}

/* Other roots: each has a library, and there is another one in the same place outside. */
static void check_root(const char *how, const char *inside, const char *outside)
{
	const struct pft_map *map;
	char lib[512];

	snprintf(lib, sizeof(lib), "root%s", target_path("lib.so"));
	fake_file(target_dir, lib, "");
	target_library(lib, inside, "-g", NULL);
	target_library("lib.so", outside, "-g", NULL);
	target_program("program", "-g", NULL);
	snprintf(lib, sizeof(lib), "%s_shown", inside);
	target_start(&target, "program", how, target_path("root"), "load", target_path("lib.so"),
		     lib, NULL);
	read_maps();
	expect_all(inside, true);
	expect_all("main", true);
	/* Where the test is in a root of its own, paths of other name spaces begin above that. */
	map = pft_maps_find(&maps, place_of(lib)->ip);
	if (strcmp(how, "space") != 0 || !strcmp(map->path, target_path("lib.so")))
		expect_all_ways(inside, true);
}

static void test_chroot(void **state)
{
	(void)state;
	if (!target_is_admin())
		skip();
	check_root("chroot", "inside", "outside");
}

static void test_container(void **state)
{
	const char *lib = target_path("lib.so");
	char inside[1024];

	(void)state;
	if (!target_is_admin())
		skip();
	check_root("space", "inside", "outside");
	/* Debug information in there is found, too. */
	forget_all();
	target_stop(&target);
	snprintf(inside, sizeof(inside), "%s/root%s", target_dir, lib);
	fake_file(target_dir, "root/usr/lib/debug/.build-id/ab/cdef0123456780.debug", "");
	target_run("gcc", "-O1", "-g", "-shared", "-fPIC", "-DPREFIX=inside", "-o", inside,
		   "target/code.c", "-Wl,--build-id=0xabcdef0123456780", NULL);
	split(inside, target_path("root/usr/lib/debug/.build-id/ab/cdef0123456780.debug"), false);
	target_start(&target, "program", "space", target_path("root"), "load", lib,
		     "inside_shown", NULL);
	read_maps();
	expect_all("inside", true);
}

/*
 * On an overlay, as containers have, maps may tell another device than the file
 * does: a lower file, and one that was changed, and so is in the upper one.
 */
static void test_overlay(void **state)
{
	char options[512];
	struct statfs fs;

	(void)state;
	if (!target_is_admin())
		skip();
	fake_file(target_dir, "upper/none", "");
	fake_file(target_dir, "work/none", "");
	fake_file(target_dir, "merged/none", "");
	fake_file(target_dir, "lower/low.so", "");
	target_library("lower/low.so", "low", "-g", NULL);
	target_library("upper/up.so", "up", "-g", NULL);
	target_program("program", "-g", NULL);
	assert_int_equal(unlink(target_path("work/none")), 0);
	snprintf(options, sizeof(options), "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work",
		 target_dir, target_dir, target_dir);
	/* It must be there, and does not lie on another one. */
	assert_int_equal(statfs(target_dir, &fs), 0);
	if (fs.f_type == OVERLAYFS_SUPER_MAGIC ||
	    !target_try((const char *const[]){ "grep", "-qw", "overlay", "/proc/filesystems", NULL }))
		skip();
	target_start(&target, "program", "overlay", target_path("merged"), options, "load",
		     target_path("merged/low.so"), "low_shown", "load",
		     target_path("merged/up.so"), "up_shown", NULL);
	read_maps();
	expect_all("low", true);
	expect_all("up", true);
}

static void *map_file(const char *path, size_t size, void *at)
{
	int fd = open(path, O_RDONLY);
	void *area;

	assert_true(fd >= 0);
	area = mmap(at, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | (at ? MAP_FIXED : 0), fd, 0);
	assert_ptr_not_equal(area, MAP_FAILED);
	close(fd);
	return area;
}

/* Mappings that were read a while ago: by now another file is in the same place. */
static void test_remapped(void **state)
{
	const char *one = target_path("a.so"), *two = target_path("b.so");
	uint64_t ip, offset;
	struct pft_symbol symbol;
	struct target self = { .pid = getpid() };
	void *area;

	(void)state;
	target_library("a.so", "a", NULL, NULL);
	target_library("b.so", "b", NULL, NULL);
	load(one, "a_shown");
	offset = offset_of("a_shown");
	target_stop(&target);
	target = self;
	area = map_file(one, 4096 * 4, NULL);
	read_maps();
	target.pid = 0;
	ip = (uint64_t)(uintptr_t)area + offset;
	(void)map_file(two, 4096 * 4, area);
	assert_true(pft_symbols_find(symbols, &maps, ip, &symbol));
	assert_string_equal(symbol.name, "a_shown");
	assert_int_equal(unlink(one), 0);
	assert_true(pft_symbols_find(symbols, &maps, ip, &symbol));
	assert_null(symbol.name);
	munmap(area, 4096 * 4);
}

/* More files than are remembered: each is right, few are open. */
static void test_many_files(void **state)
{
	const char *source[2], *path[120];
	unsigned int count = 120, i, round, open_files = 0;
	char name[32];
	struct pft_symbol symbol;
	uint64_t offset[2];
	struct place *place;

	(void)state;
	target_program("program", "-g", NULL);
	target_library("a.so", "a", NULL, NULL);
	target_library("b.so", "bb", NULL, NULL);
	load(target_path("a.so"), "a_shown");
	offset[0] = offset_of("a_hidden");
	load(target_path("b.so"), "bb_shown");
	offset[1] = offset_of("bb_hidden");
	target_stop(&target);
	pft_maps_free(&maps);
	source[0] = target_path("a.so");
	source[1] = target_path("b.so");
	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "copy%u", i);
		path[i] = target_path(name);
		target_run("cp", source[i % 2], path[i], NULL);
	}
	for (round = 0; round < 2; round++) {
		for (i = 0; i < count; i++) {
			target_start(&target, "program", "map", path[i], NULL);
			read_maps();
			place = &target.place[target.count - 1];
			assert_true(pft_symbols_find(symbols, &maps,
						     place->function + offset[i % 2] + 1,
						     &symbol));
			assert_string_equal(symbol.name, i % 2 ? "bb_hidden" : "a_hidden");
			assert_int_equal(symbol.offset, 1);
			target_stop(&target);
		}
	}
	for (i = 0; i < 1024; i++)
		open_files += fcntl((int)i, F_GETFD) >= 0;
	assert_true(open_files < 110);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_replaced, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_rewritten, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_ended, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_recorded, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_chroot, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_container, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_overlay, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_remapped, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_many_files, symbols_setup, symbols_teardown),
	};

	return cmocka_run_group_tests_name("same file", tests, NULL, NULL);
}
