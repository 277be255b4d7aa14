// SPDX-License-Identifier: GPL-2.0
/* What must be found of the functions of a program: for tests of symbols. */

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "expect.h"
#include "fake.h"

struct pft_symbols *symbols;
struct target target;
struct pft_maps maps;

int symbols_setup(void **state)
{
	symbols = pft_symbols_open();
	memset(&target, 0, sizeof(target));
	memset(&maps, 0, sizeof(maps));
	return symbols ? target_setup(state) : -1;
}

int symbols_teardown(void **state)
{
	target_stop(&target);
	pft_maps_free(&maps);
	pft_symbols_close(symbols);
	return target_teardown(state);
}

void forget_all(void)
{
	pft_symbols_close(symbols);
	symbols = pft_symbols_open();
	assert_non_null(symbols);
}

void read_maps(void)
{
	pft_maps_free(&maps);
	assert_true(pft_maps_read(&maps, (uint32_t)target.pid));
}

const struct place *place_of(const char *name)
{
	const struct place *place = target_place(&target, name);

	if (!place)
		fail_msg("the program says nothing of %s", name);
	return place;
}

/* What is known of a function's place is @name, or nothing; its line is known, or not. */
void expect(const char *function, const char *name, bool line)
{
	const struct place *place = place_of(function);
	struct pft_symbol symbol;
	const char *base;

	assert_true(pft_symbols_find(symbols, &maps, place->ip, &symbol));
	if (name) {
		if (!symbol.name)
			fail_msg("%s: no name", function);
		assert_string_equal(symbol.name, name);
		assert_int_equal(symbol.offset, place->ip - place->function);
	} else if (symbol.name) {
		fail_msg("%s: %s", function, symbol.name);
	}
	if (line) {
		if (!symbol.source)
			fail_msg("%s: no line", function);
		base = strrchr(symbol.source, '/');
		assert_string_equal(base ? base + 1 : symbol.source, "code.c");
		assert_int_equal(symbol.line, place->line);
	} else {
		assert_null(symbol.source);
		assert_int_equal(symbol.line, 0);
	}
	assert_true(pft_symbols_find(symbols, &maps, place->function, &symbol));
	assert_int_equal(symbol.offset, 0);
	assert_true(name ? symbol.name && !strcmp(symbol.name, name) : !symbol.name);
}

/* Both functions of a prefix are known. */
void expect_all(const char *prefix, bool line)
{
	char name[64];

	snprintf(name, sizeof(name), "%s_shown", prefix);
	expect(name, name, line);
	snprintf(name, sizeof(name), "%s_hidden", prefix);
	expect(name, name, line);
}

/* With and without map_files. */
void expect_all_ways(const char *prefix, bool line)
{
	expect_all(prefix, line);
	if (!target_paths_tell())
		return;
	forget_all();
	assert_true(target_only_paths(true));
	expect_all(prefix, line);
	target_only_paths(false);
}

void load(const char *path, const char *function)
{
	if (access(target_path("program"), X_OK))
		target_program("program", "-g", NULL);
	target_stop(&target);
	target_start(&target, "program", "load", path, function, NULL);
	read_maps();
}

/* Takes a library's debug information out of it, into @debug. */
void split(const char *lib, const char *debug, bool link)
{
	target_run("objcopy", "--only-keep-debug", lib, debug, NULL);
	target_run("strip", lib, NULL);
	if (link)
		target_run("objcopy", "--add-gnu-debuglink", debug, lib, NULL);
}

uint64_t offset_of(const char *name)
{
	struct pft_symbol symbol;

	assert_true(pft_symbols_find(symbols, &maps, place_of(name)->function, &symbol));
	return symbol.file_offset;
}

/* valgrind takes the vDSO from the program it runs: nothing is known of it then. */
const char *vdso_function(void)
{
	return getauxval(AT_SYSINFO_EHDR) ? VDSO_FUNCTION : NULL;
}
