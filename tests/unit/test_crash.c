// SPDX-License-Identifier: GPL-2.0
/* A refused fault as a small crash report. */

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash.h"
#include "proc.h"
#include "profile.h"
#include "fake.h"

static struct pft_record record;
static struct codenames names;
static struct crash crash;
static struct paths paths;

static int setup(void **state)
{
	fake_root_setup(state);
	fake_file(fake_root_dir, "files", "ID DEV INO PATH\n8 08:01 5 /tmp/\\033]0;PWN\\007x\n");
	paths_init(&paths, fake_root);
	codenames_init(&names, false);
	memset(&record, 0, sizeof(record));
	record.class = PFT_INVALID;
	record.cause = PFT_CAUSE_WRITE_DENIED;
	record.access = PFT_WRITE;
	record.time_ns = 12345678901;
	record.tgid = 42;
	record.pid = 43;
	record.cpu = 3;
	record.ip = 0x401136;
	record.vma_start = 0x7f0000000000;
	record.vma_end = 0x7f0000010000;
	record.address = 0x7f0000001010;
	record.perms = PFT_PERM_VMA | PFT_PERM_READ;
	record.area = PFT_AREA_FILE;
	record.dev = 0x801;
	record.ino = 5;
	record.file = 8;
	strcpy(record.comm, "a\033[2J");
	return 0;
}

static int teardown(void **state)
{
	paths_fini(&paths);
	codenames_fini(&names);
	return fake_root_teardown(state);
}

static void expect(const char *head, const char *why, const char *code, const char *where)
{
	crash_compose(&crash, &record, &paths, &names, true);
	assert_string_equal(crash.line[0], head);
	assert_string_equal(crash.line[1], why);
	assert_string_equal(crash.line[2], code);
	assert_string_equal(crash.line[3], where);
}

static void test_denied(void **state)
{
	(void)state;
	expect("a\\033[2J[42] write-denied: write to 0x7f0000001010, SIGSEGV (SEGV_ACCERR)",
	       "  write to r-- of \\033]0;PWN\\007x",
	       "  at ?, ip 0x401136, thread 43, CPU 3, 12.345678901 s",
	       "  in 7f0000000000-7f0000010000 r--p /tmp/\\033]0;PWN\\007x+0x1010");
}

static void test_kernel(void **state)
{
	(void)state;
	record.cause = PFT_CAUSE_UACCESS;
	record.origin = PFT_KERNEL;
	record.syscall = UINT16_MAX;
	record.perms = PFT_PERM_HOLE;
	record.vma_start = 0;
	record.vma_end = 0x55d0c1400000;
	record.above_perms = PFT_PERM_VMA | PFT_PERM_EXEC;
	record.above_area = PFT_AREA_ANON;
	record.below_area = PFT_AREA_NONE;
	record.address = 16;
	record.ip = 0;
	strcpy(record.comm, "kworker");
	expect("kworker[42] uaccess: write to 0x10, EFAULT",
	       "  bad pointer to the kernel (EFAULT): NULL + 0x10",
	       "  at the kernel, thread 43, CPU 3, 12.345678901 s",
	       "  in no mapping: the hole 0..55d0c1400000 -|--xp");
}

/* Each cause ends somehow; the kernel's own access never in a signal. */
static void test_end(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < PFT_NR_CAUSES; i++) {
		record.cause = (uint8_t)i;
		record.origin = PFT_USER;
		assert_true(*crash_end(&record));
		record.origin = PFT_GUP;
		assert_string_equal(crash_end(&record), "EFAULT");
	}
	record.origin = PFT_USER;
	record.cause = PFT_CAUSE_NULL;
	assert_string_equal(crash_end(&record), "SIGSEGV (SEGV_MAPERR)");
	record.cause = PFT_CAUSE_PAST_EOF;
	assert_string_equal(crash_end(&record), "SIGBUS (BUS_ADRERR)");
}

static bool find(uint32_t pid, uint64_t ip, struct codename *name)
{
	const struct codename_at at = { .pid = pid, .ip = ip };

	return codename_find(&names, &at, name);
}

/* A child begins between two looks at the clock; it is told in ticks. */
static void test_born(void **state)
{
	uint64_t tick = 1000000000ULL / (uint64_t)sysconf(_SC_CLK_TCK), before, after, born;
	pid_t child;

	(void)state;
	before = pft_now_ns();
	child = fork();
	if (!child) {
		(void)pause();
		_exit(0);
	}
	after = pft_now_ns();
	born = proc_born_ns((uint32_t)child);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(born + 2 * tick > before);
	assert_true(born <= after);
	assert_int_equal(proc_born_ns(INT32_MAX), 0);
}

/* Of a process that lives: this one. */
static void test_live_names(void **state)
{
	uint64_t at = (uint64_t)(uintptr_t)crash_end;
	struct codename name;
	int local;

	(void)state;
	codenames_fini(&names);
	codenames_init(&names, true);
	assert_true(find((uint32_t)getpid(), at + 1, &name));
	assert_string_equal(name.symbol, "crash_end");
	assert_int_equal(name.offset, 1);
	assert_non_null(strstr(name.file, "test_crash"));
	assert_non_null(strstr(name.source, "crash.c"));
	assert_true(name.line > 0);
	/* Data has no function. */
	assert_true(find((uint32_t)getpid(), (uint64_t)(uintptr_t)&local, &name));
	assert_null(name.symbol);
	assert_false(find((uint32_t)getpid(), 8, &name));
	assert_null(name.file);
	/* No process has this number. */
	assert_false(find(INT32_MAX, at, &name));
	assert_null(name.symbol);
	record.ip = at;
	record.tgid = (uint32_t)getpid();
	record.perms = 0;
	record.time_ns = pft_now_ns();
	crash_compose(&crash, &record, &paths, &names, true);
	assert_non_null(strstr(crash.line[2], "  at crash_end+0x0 ("));
	/* Some process had this number before. */
	record.time_ns = 1;
	crash_compose(&crash, &record, &paths, &names, true);
	assert_non_null(strstr(crash.line[2], "  at ?, ip"));
}

static const struct pft_maps *recorded_maps(void *arg, uint32_t pid)
{
	return pid == 42 ? arg : NULL;
}

/* Of a recording: the mappings that it has, and no others. */
static void test_recorded_names(void **state)
{
	static const char line[] =
		"00400000-00500000 r-xp 00001000 08:01 99999999 /no/such program\n"
		"7f0000000000-7f0000010000 r--p 00000000 08:01 5 /data\n";
	struct codename name;
	struct pft_maps maps;

	(void)state;
	assert_true(pft_maps_parse(&maps, 42, line, sizeof(line) - 1));
	names.get_maps = recorded_maps;
	names.arg = &maps;
	crash_compose(&crash, &record, &paths, &names, true);
	assert_string_equal(crash.line[2], "  at ? (/no/such program+0x2136), ip 0x401136, "
			    "thread 43, CPU 3, 12.345678901 s");
	assert_false(find((uint32_t)getpid(), 0x401136, &name));
	pft_maps_free(&maps);
}

/*
 * Mappings of now, and what a record of then says of one of them: where both
 * cannot be of one program, there is no name.
 */
static void test_other_program(void **state)
{
	static const char text[] =
		"00400000-00500000 r-xp 00001000 08:01 77 /bin/now\n"
		"00500000-00600000 rw-p 00000000 00:00 0 [heap]\n";
	static const struct {
		bool known;
		uint64_t address;
		uint32_t dev;
		uint64_t ino;
	} cases[] = {
		{ true, 0x400010, 0x801, 77 },
		{ false, 0x400010, 0x801, 78 },
		{ false, 0x400010, 0x802, 77 },
		{ false, 0x400010, 0, 0 },	/* there was memory, now it is a file */
		{ false, 0x500010, 0x801, 77 },	/* and the other way round */
		{ true, 0x500010, 0, 0 },
		{ true, 0x700010, 0, 0 },	/* memory comes and goes */
		{ false, 0x700010, 0x801, 77 },
	};
	struct codename_at at = { .pid = 42, .ip = 0x401136, .has_map = true };
	struct codename name;
	struct pft_maps maps;
	size_t i;

	(void)state;
	assert_true(pft_maps_parse(&maps, 42, text, sizeof(text) - 1));
	names.get_maps = recorded_maps;
	names.arg = &maps;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		at.address = cases[i].address;
		at.dev = cases[i].dev;
		at.ino = cases[i].ino;
		assert_int_equal(codename_find(&names, &at, &name), cases[i].known);
		assert_int_equal(name.file != NULL, cases[i].known);
	}
	pft_maps_free(&maps);
}

/* Of what was seen at an instruction, what says most of its program is kept. */
static void test_proof(void **state)
{
	static const struct {
		uint64_t start;
		uint64_t ino;
		uint64_t kept;
	} faults[] = {
		{ 0x7ff000000000, 0, 0 },	/* memory */
		{ 0x7ff000000000, 5, 5 },	/* a file */
		{ 0x7ff000000000, 0, 5 },
		{ 0x7ff000000000, 6, 6 },
		{ 0x400000, 77, 77 },		/* the code itself */
		{ 0x7ff000000000, 5, 77 },
	};
	struct pft_record fault = { .tgid = 42, .ip = 0x401136, .perms = PFT_PERM_VMA };
	const struct profile_options options = { 0 };
	const struct profile_code *code;
	struct profile profile;
	size_t i;

	(void)state;
	assert_true(profile_init(&profile, &options));
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		fault.vma_start = faults[i].start;
		fault.vma_end = fault.vma_start + 0x10000;
		fault.address = fault.vma_start;
		fault.ino = faults[i].ino;
		fault.time_ns = i + 1;
		profile_add(&profile, &fault);
		code = hashtab_row(&profile.code, 0);
		assert_int_equal(code->at.ino, faults[i].kept);
		assert_int_equal(code->at.time_ns, i + 1);
	}
	profile_fini(&profile);
}

/* What other faults of the process say of the mapping that the code was in. */
static void test_other_code(void **state)
{
	static const char text[] = "00400000-00500000 r-xp 00001000 08:01 77 /bin/now\n";
	struct pft_record fault = {
		.tgid = 42, .ip = 0x401136, .address = 0x7ff000001000, .latency_ns = 1,
		.vma_start = 0x7ff000000000, .vma_end = 0x7ff000010000, .perms = PFT_PERM_VMA,
	};
	const struct profile_options options = { 0 };
	const struct profile_code *code;
	struct profile profile;
	struct codename name;
	struct pft_maps maps;

	(void)state;
	assert_true(pft_maps_parse(&maps, 42, text, sizeof(text) - 1));
	assert_true(profile_init(&profile, &options));
	names.get_maps = recorded_maps;
	names.arg = &maps;
	names.profile = &profile;
	profile_add(&profile, &fault);
	code = hashtab_row(&profile.code, 0);
	assert_true(codename_find(&names, &code->at, &name));
	/* The program that is there now, at another instruction of it. */
	fault.ip = fault.address = 0x400010;
	fault.vma_start = 0x400000;
	fault.vma_end = 0x500000;
	fault.dev = 0x801;
	fault.ino = 77;
	profile_add(&profile, &fault);
	code = hashtab_row(&profile.code, 0);
	assert_true(codename_find(&names, &code->at, &name));
	/* Of another process. */
	fault.tgid = 43;
	fault.ino = 76;
	profile_add(&profile, &fault);
	assert_true(codename_find(&names, &code->at, &name));
	/* The one before. */
	fault.tgid = 42;
	profile_add(&profile, &fault);
	code = hashtab_row(&profile.code, 0);
	assert_false(codename_find(&names, &code->at, &name));
	profile_fini(&profile);
	pft_maps_free(&maps);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_denied),
		TEST(test_kernel),
		TEST(test_end),
		TEST(test_born),
		TEST(test_live_names),
		TEST(test_recorded_names),
		TEST(test_other_program),
		TEST(test_other_code),
		TEST(test_proof),
	};

	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
