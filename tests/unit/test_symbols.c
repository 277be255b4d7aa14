// SPDX-License-Identifier: GPL-2.0
/*
 * Names for addresses. Programs are built, run, and say where their functions
 * are and which line calls; that is what must be found.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"
#include "fake.h"

static void check_program(const char *flag, const char *other, const char *third)
{
	target_program("program", "-g", flag, other, third, NULL);
	target_start(&target, "program", "jit", NULL);
	read_maps();
	expect_all_ways("main", true);
	target_stop(&target);
	forget_all();
}

static void test_programs(void **state)
{
	(void)state;
	check_program("-fPIE", "-pie", NULL);
	check_program("-fno-pie", "-no-pie", NULL);
	check_program("-static", "-DPLAIN", NULL);
	check_program("-static-pie", "-fPIE", "-DPLAIN");
	check_program("-no-pie", "-Wl,-z,noseparate-code", NULL);
	check_program("-pie", "-Wl,-z,noseparate-code", NULL);
	check_program("-gdwarf-4", NULL, NULL);
	check_program("-gz=zlib", NULL, NULL);
	check_program("-Wl,--build-id=none", NULL, NULL);
}

static void test_libraries(void **state)
{
	struct pft_symbol symbol;

	(void)state;
	target_library("lib.so", "lib", "-g", NULL);
	load(target_path("lib.so"), "lib_shown");
	expect_all_ways("lib", true);
	expect_all_ways("main", true);
	assert_true(pft_symbols_find(symbols, &maps, place_of("lib_hidden")->ip, &symbol));
	assert_string_equal(symbol.file, target_path("lib.so"));
	assert_true(symbol.file_offset < 65536);
	/* Not at the addresses of the file's own. */
	target_library("lib.so", "lib", "-g", "-Wl,-Ttext-segment=0x10000000", NULL);
	load(target_path("lib.so"), "lib_shown");
	expect_all_ways("lib", true);
	/* Nothing but what others can link with. */
	target_library("lib.so", "lib", "-s", NULL);
	target_program("program", "-s", NULL);
	load(target_path("lib.so"), "lib_shown");
	expect("lib_shown", "lib_shown", false);
	expect("lib_hidden", NULL, false);
	expect("main_shown", NULL, false);
	expect("main_hidden", NULL, false);
}

/* The C library, as it is on this machine. */
static void test_libc(void **state)
{
	struct pft_symbol symbol;

	(void)state;
	target_program("program", "-s", NULL);
	target_start(&target, "program", "find", "libc.so.6", "qsort", NULL);
	read_maps();
	assert_true(pft_symbols_find(symbols, &maps, place_of("qsort")->ip + 1, &symbol));
	assert_string_equal(symbol.name, "qsort");
	assert_int_equal(symbol.offset, 1);
}

/* Units are found where the compiler wrote no list of their addresses. */
static void test_no_aranges(void **state)
{
	(void)state;
	target_library("lib.so", "lib", "-g", NULL);
	target_run("objcopy", "-R", ".debug_aranges", target_path("lib.so"), NULL);
	load(target_path("lib.so"), "lib_shown");
	expect_all("lib", true);
}

static void check_debug_link(const char *id)
{
	const char *lib = target_path("lib.so"), *debug = target_path("lib.so.debug");
	const char *other = target_path("other.so");

	target_library("lib.so", "lib", "-g", id, NULL);
	split(lib, debug, true);
	load(lib, "lib_shown");
	expect_all_ways("lib", true);
	forget_all();
	/* In .debug. */
	assert_int_equal(mkdir(target_path(".debug"), 0700), 0);
	assert_int_equal(rename(debug, target_path(".debug/lib.so.debug")), 0);
	expect_all_ways("lib", true);
	forget_all();
	/* The one of a library that was built later. */
	target_library("other.so", "other", "-g", id, NULL);
	target_run("objcopy", "--only-keep-debug", other, target_path(".debug/lib.so.debug"), NULL);
	if (!strcmp(id, "-Wl,--build-id=none")) {
		expect("lib_shown", "lib_shown", false);
		expect("lib_hidden", NULL, false);
	}
	forget_all();
	assert_int_equal(unlink(target_path(".debug/lib.so.debug")), 0);
	expect("lib_shown", "lib_shown", false);
	expect("lib_hidden", NULL, false);
	assert_int_equal(rmdir(target_path(".debug")), 0);
	forget_all();
}

static void test_debug_link(void **state)
{
	(void)state;
	check_debug_link("-Wl,--build-id=none");
	check_debug_link("-Wl,--build-id=0x1111111122222222");
}

/* A debug file by build id, in a directory of ours; and one that has another id. */
static void test_debug_dir(void **state)
{
	const char *lib = target_path("lib.so"), *dir = target_path("private");
	const char *debug = target_path("private/.build-id/ab/cdef0123456789.debug");

	(void)state;
	fake_file(target_dir, "private/.build-id/ab/cdef0123456789.debug", "");
	target_library("lib.so", "lib", "-g", "-Wl,--build-id=0xabcdef0123456789", NULL);
	split(lib, debug, false);
	load(lib, "lib_shown");
	expect("lib_hidden", NULL, false);
	forget_all();
	assert_true(pft_symbols_debug_dir(symbols, dir));
	expect_all("lib", true);
	forget_all();
	assert_true(pft_symbols_debug_dir(symbols, dir));
	target_library("other.so", "other", "-g", "-Wl,--build-id=0xabcdef0123456788", NULL);
	split(target_path("other.so"), debug, false);
	expect("lib_shown", "lib_shown", false);
	expect("lib_hidden", NULL, false);
	while (pft_symbols_debug_dir(symbols, dir))
		;
	assert_false(pft_symbols_debug_dir(symbols, dir));
}

static void test_no_file(void **state)
{
	struct pft_symbol symbol;
	const struct pft_map *map;
	unsigned int i;

	(void)state;
	target_program("program", "-g", NULL);
	fake_file(target_dir, "text", "This is no program.\n");
	target_start(&target, "program", "jit", "find", "linux-vdso.so.1", VDSO_FUNCTION, "map",
		     target_path("text"), NULL);
	read_maps();
	assert_true(pft_symbols_find(symbols, &maps, place_of("jit")->ip + 8, &symbol));
	assert_null(symbol.name);
	assert_string_equal(symbol.file, "[anon]");
	expect(VDSO_FUNCTION, vdso_function(), false);
	assert_true(pft_symbols_find(symbols, &maps, place_of(VDSO_FUNCTION)->ip, &symbol));
	assert_string_equal(symbol.file, "[vdso]");
	assert_int_equal(symbol.line, 0);
	for (i = 0; i < 2; i++) {
		assert_true(pft_symbols_find(symbols, &maps,
					     place_of(target_path("text"))->ip, &symbol));
		assert_null(symbol.name);
		assert_string_equal(symbol.file, target_path("text"));
	}
	for (i = 0; i < maps.count; i++) {
		map = &maps.map[i];
		if (strcmp(map->path, "[stack]") != 0)
			continue;
		assert_true(pft_symbols_find(symbols, &maps, map->start, &symbol));
		assert_null(symbol.name);
		assert_string_equal(symbol.file, "[stack]");
	}
	assert_false(pft_symbols_find(symbols, &maps, 8, &symbol));
	assert_null(symbol.file);
	/* As in a process of 32 bits, whose code is another one. */
	for (i = 0; i < maps.count; i++) {
		if (strcmp(maps.map[i].path, "[vdso]") != 0)
			continue;
		maps.map[i].end -= maps.map[i].start - 0x10000000;
		maps.map[i].start = 0x10000000;
		maps.count = i + 1;
		memmove(maps.map, &maps.map[i], sizeof(*maps.map));
		maps.count = 1;
		assert_true(pft_symbols_find(symbols, &maps, 0x10000000 + 3000, &symbol));
		assert_null(symbol.name);
		assert_string_equal(symbol.file, "[vdso]");
	}
}

/* No server is asked for what is not here. */
static void test_no_network(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);
	char url[64];
	int server;

	(void)state;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(server >= 0);
	assert_int_equal(bind(server, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(server, 8), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&at, &size), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", ntohs(at.sin_port));
	setenv("DEBUGINFOD_URLS", url, 1);
	setenv("DEBUGINFOD_CACHE_PATH", target_path("cache"), 1);
	setenv("DEBUGINFOD_TIMEOUT", "1", 1);
	forget_all();
	target_library("lib.so", "lib", "-s", "-Wl,--build-id=0xabcdef0123456789", NULL);
	load(target_path("lib.so"), "lib_shown");
	expect("lib_shown", "lib_shown", false);
	expect("lib_hidden", NULL, false);
	assert_int_equal(accept(server, NULL, NULL), -1);
	assert_int_equal(access(target_path("cache"), F_OK), -1);
	unsetenv("DEBUGINFOD_URLS");
	unsetenv("DEBUGINFOD_CACHE_PATH");
	unsetenv("DEBUGINFOD_TIMEOUT");
	close(server);
}

static const char *name_at(const char *lib, const char *function)
{
	static struct pft_symbol symbol;

	target_stop(&target);
	target_start(&target, "program", "load", lib, "lib_shown", "find", lib, function, NULL);
	read_maps();
	assert_true(pft_symbols_find(symbols, &maps, place_of(function)->ip, &symbol));
	return symbol.name;
}

/* x<A<int, int>, A<S, S>, A<S, S>, ...>::f, each S the one before: 2^levels words. */
static void bomb(char *name, unsigned int levels)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	unsigned int i;

	name = stpcpy(name, "_ZN1xI1AIiiE");
	for (i = 1; i <= levels; i++)
		name += sprintf(name, "S0_IS%c_S%c_E", digits[i], digits[i]);
	strcpy(name, "E1fEv");
}

static void test_languages(void **state)
{
	static const char *const all[][2] = {
		{ "_ZN5outer5innerEif", "outer::inner" },
		{ "_ZNSt6vectorIiSaIiEE9push_backERKi",
		  "std::vector<int, std::allocator<int> >::push_back" },
		{ "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad" },
		{ "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
		  "<alloc::string::String as core::fmt::Display>::fmt" },
		{ "_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar" },
		{ "_Z_is_no_name", "_Z_is_no_name" },
		{ "plain", "plain" },
	};
	char source[8192], name[1024], *at;
	const char *lib = target_path("lib.so"), *found;
	size_t i;

	(void)state;
	bomb(name, 35);
	at = source;
	at += sprintf(at, "void lib_shown(void);\nvoid lib_shown(void) { }\n"
		      "void bomb(void) __asm__(\"%s\");\nvoid bomb(void) { }\n", name);
	bomb(name, 3);
	at += sprintf(at, "void small(void) __asm__(\"%s\");\nvoid small(void) { }\n", name);
	bomb(name, 35);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		at += sprintf(at, "void f%zu(void) __asm__(\"%s\");\nvoid f%zu(void) { }\n", i,
			      all[i][0], i);
	fake_file(target_dir, "names.c", source);
	target_program("program", "-g", NULL);
	target_run("gcc", "-shared", "-fPIC", "-o", lib, target_path("names.c"), NULL);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		found = name_at(lib, all[i][0]);
		assert_non_null(found);
		assert_string_equal(found, all[i][1]);
	}
	found = name_at(lib, name);
	assert_non_null(found);
	assert_string_equal(found, name);
	bomb(name, 3);
	found = name_at(lib, name);
	assert_non_null(found);
	assert_memory_equal(found, "x<A<int, int>, A<A<int, int>, A<int, int> >", 43);
}

/* Of several names the one that others use; not a version, not a name of data. */
static void test_aliases(void **state)
{
	static const char source[] =
		"void lib_shown(void);\n"
		"void __lib_shown(void) { }\n"
		"void lib_shown(void) __attribute__((alias(\"__lib_shown\")));\n"
		"void lib_weak(void) __attribute__((weak, alias(\"__lib_shown\")));\n"
		"static void lib_a(void) __attribute__((used, alias(\"__lib_shown\")));\n"
		"void versioned(void) { }\n"
		"__asm__(\".symver versioned,other@@ONE\");\n"
		"__asm__(\".text; .globl sizeless; sizeless: nop; nop\");\n";
	const char *lib = target_path("lib.so");

	(void)state;
	fake_file(target_dir, "names.c", source);
	fake_file(target_dir, "versions", "ONE { global: *; };\n");
	target_program("program", "-g", NULL);
	target_run("gcc", "-shared", "-fPIC", "-o", lib, target_path("names.c"),
		   "-Wl,--version-script", target_path("versions"), NULL);
	assert_string_equal(name_at(lib, "lib_weak"), "lib_shown");
	assert_string_equal(name_at(lib, "other"), "other");
	/* Where it ends is not known: what follows may be another one, without a name. */
	assert_null(name_at(lib, "sizeless"));
}

/* Files that are cut or overwritten somewhere: any answer, and no crash. */
static void test_broken_files(void **state)
{
	const char *lib = target_path("lib.so"), *broken = target_path("broken.so");
	uint64_t offset[2], seed = 12345;
	struct pft_symbol symbol;
	unsigned int i, j;
	static char bytes[1 << 18];
	size_t size;
	FILE *file;

	(void)state;
	target_library("lib.so", "lib", "-g", NULL);
	load(lib, "lib_shown");
	offset[0] = offset_of("lib_shown");
	offset[1] = offset_of("lib_hidden");
	target_stop(&target);
	file = fopen(lib, "r");
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_true(size && size < sizeof(bytes));
	target_run("cp", lib, broken, NULL);
	target_start(&target, "program", "map", broken, NULL);
	read_maps();
	for (i = 0; i < 400; i++) {
		char *copy = malloc(size);
		size_t keep = size;

		memcpy(copy, bytes, size);
		for (j = 0; j < 1 + i % 7; j++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			/* Mostly where the headers are. */
			copy[(seed >> 33) % (i % 2 ? size : 1024)] = (char)(seed >> 25);
		}
		if (i % 5 == 4)
			keep = (seed >> 33) % size;
		file = fopen(broken, "r+");
		assert_int_equal(fwrite(copy, 1, keep, file), keep);
		fclose(file);
		assert_int_equal(truncate(broken, (off_t)keep), 0);
		forget_all();
		for (j = 0; j < 2; j++)
			assert_true(pft_symbols_find(symbols, &maps,
						     place_of(broken)->function + offset[j],
						     &symbol));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_programs, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_libraries, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_libc, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_no_aranges, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_debug_link, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_debug_dir, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_no_file, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_no_network, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_languages, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_aliases, symbols_setup, symbols_teardown),
		cmocka_unit_test_setup_teardown(test_broken_files, symbols_setup, symbols_teardown),
	};

	return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
