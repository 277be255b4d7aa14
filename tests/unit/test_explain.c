// SPDX-License-Identifier: GPL-2.0
/* What is said of a refused fault, to the letter; names are any bytes. */

#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event.h"
#include "explain.h"
#include "fake.h"
#include "safe.h"
#include "units.h"

#define R	PFT_PERM_READ
#define W	PFT_PERM_WRITE
#define X	PFT_PERM_EXEC
#define VMA	PFT_PERM_VMA
#define HOLE	PFT_PERM_HOLE

static struct pft_record record;
static struct explain_names names;
static char text[EXPLAIN_MAX];

static int setup(void **state)
{
	(void)state;
	memset(&record, 0, sizeof(record));
	record.class = PFT_INVALID;
	record.order = PFT_ORDER_NONE;
	record.address = 0x555500001018;
	names = (struct explain_names){ "[anon]", "[heap]", "[stack]" };
	return 0;
}

/* A hole between the end of one mapping and the start of another. */
static void hole(uint64_t below, uint64_t above)
{
	record.perms = HOLE;
	record.vma_start = below;
	record.vma_end = above;
	record.below_perms = below ? VMA | R | W : 0;
	record.above_perms = above ? VMA | R | W : 0;
	record.stack_limit = 8 << 20;
}

static void vma(unsigned int perms)
{
	record.perms = (uint8_t)(VMA | perms);
	record.vma_start = record.address & ~0xfffULL;
	record.vma_end = record.vma_start + 0x4000;
}

static void says(const char *expected)
{
	memset(text, 'x', sizeof(text));
	assert_true(explain(text, sizeof(text), &record, &names));
	assert_string_equal(text, expected);
}

static void test_served(void **state)
{
	unsigned int class;

	(void)state;
	for (class = 0; class < PFT_NR_CLASSES; class++) {
		record.class = (uint8_t)class;
		assert_int_equal(explain(text, sizeof(text), &record, &names),
				 class == PFT_INVALID);
		assert_int_equal(!*text, class != PFT_INVALID);
	}
}

static void test_null(void **state)
{
	(void)state;
	record.cause = PFT_CAUSE_NULL;
	hole(0, 0x400000);
	record.address = 0x10;
	says("NULL + 0x10");
	record.address = 0;
	says("NULL");
	record.access = PFT_EXEC;
	says("jump to NULL");
	record.address = 0xffff;
	says("jump to NULL + 0xffff");
}

static void test_unmapped(void **state)
{
	(void)state;
	record.cause = PFT_CAUSE_UNMAPPED;
	hole(0x555500001000, 0x7ffd00000000);
	says("24 bytes past the end of [heap]");
	record.address = 0x555500001000;
	says("right behind the end of [heap]");
	record.address = 0x555500001001;
	says("1 byte past the end of [heap]");
	record.address = 0x7ffd00000000 - 8192;
	says("8 KiB below [stack]");
	record.address = 0x7ffd00000000 - 1;
	says("1 byte below [stack]");
	record.address = 0x555500001000 + (1ULL << 30) - 1024;
	says("1.0 GiB past the end of [heap]");
	record.address = 0x555500001000 + (3ULL << 40);
	says("far from any mapping: 3 TiB past [heap]");
	record.address = 0x7ffd00000000 - (3ULL << 30);
	says("far from any mapping: 3 GiB below [stack]");
	/* Half way: the one below, whose end was more likely overrun. */
	hole(0x10000000, 0x10002000);
	record.address = 0x10001000;
	says("4 KiB past the end of [heap]");
	record.address = 0x10001001;
	says("4.0 KiB below [stack]");
	/* One side only, none at all, and a record that contradicts itself. */
	hole(0x10000000, 0);
	record.address = 0x10000800;
	says("2 KiB past the end of [heap]");
	hole(0, 0x10000000);
	record.address = 0x10000000 - 512;
	says("512 bytes below [stack]");
	hole(0, 0);
	says("nothing is mapped anywhere near");
	hole(0x20000000, 0x10000000);
	record.address = 0x18000000;
	says("nothing is mapped anywhere near");
	record.perms = 0;
	record.access = PFT_WRITE;
	says("write to an address with unknown neighbours");
}

static void test_stack(void **state)
{
	(void)state;
	record.cause = PFT_CAUSE_STACK;
	hole(0x555500001000, 0x7ffd00000000);
	record.address = 0x7ffd00000000 - 8192;
	says("8 KiB below [stack], rlimit 8 MiB");
	record.stack_limit = 1500000;
	says("8 KiB below [stack], rlimit 1.4 MiB");
	record.stack_limit = UINT64_MAX;
	says("8 KiB below [stack], rlimit none");
	/* Of a thread: a guard without any permission. */
	vma(0);
	record.vma_end = record.vma_start + 4096;
	record.address = record.vma_end - 64;
	says("64 bytes below the stack of a thread, in its guard of 4 KiB");
}

static void test_denied(void **state)
{
	(void)state;
	record.cause = PFT_CAUSE_WRITE_DENIED;
	record.access = PFT_WRITE;
	names.own = "/usr/lib/x86_64-linux-gnu/libc.so.6";
	vma(R | X);
	says("write to r-x of libc.so.6");
	names.own = "/usr/lib/libc.so.6 (deleted)";
	says("write to r-x of libc.so.6 (deleted)");
	record.cause = PFT_CAUSE_EXEC_DENIED;
	record.access = PFT_EXEC;
	names.own = "[heap]";
	vma(R | W);
	says("jump into rw- of [heap]");
	record.cause = PFT_CAUSE_READ_DENIED;
	record.access = PFT_READ;
	names.own = "[anon]";
	vma(PFT_PERM_SHARED);
	says("read of --- of [anon]");
	record.cause = PFT_CAUSE_PKEY;
	vma(R | W);
	record.access = PFT_WRITE;
	says("write to rw- of [anon], by a protection key");
	record.cause = PFT_CAUSE_KERNEL;
	record.access = PFT_READ;
	record.perms = 0;
	says("read of an address of the kernel");
	record.access = PFT_EXEC;
	says("jump into an address of the kernel");
}

static void test_uaccess(void **state)
{
	(void)state;
	record.cause = PFT_CAUSE_UACCESS;
	record.origin = PFT_KERNEL;
	record.access = PFT_WRITE;
	record.syscall = (uint16_t)seccomp_syscall_resolve_name("read");
	hole(0, 0x400000);
	record.address = 16;
	says("bad pointer to read(2) (EFAULT): NULL + 0x10");
	record.syscall = (uint16_t)seccomp_syscall_resolve_name("epoll_pwait2");
	vma(R | X);
	names.own = "/bin/cat";
	says("bad pointer to epoll_pwait2(2) (EFAULT): write to r-x of cat");
	hole(0x10000000, 0);
	record.address = 0x10000018;
	record.syscall = 9999;
	says("bad pointer to system call 9999 (EFAULT): 24 bytes past the end of [heap]");
	record.syscall = UINT16_MAX;
	says("bad pointer to the kernel (EFAULT): 24 bytes past the end of [heap]");
	record.perms = 0;
	record.access = PFT_READ;
	says("bad pointer to the kernel (EFAULT): read of an address with unknown neighbours");
}

static void test_pages(void **state)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char expected[128], at[32];

	(void)state;
	names.own = "/srv/data/table.db";
	vma(R | W);
	record.vma_pgoff = 2;
	record.address = record.vma_start + 3 * page + 17;
	units_bytes(at, sizeof(at), 5 * page);
	record.cause = PFT_CAUSE_PAST_EOF;
	snprintf(expected, sizeof(expected), "table.db has no page at %s: it ends before", at);
	says(expected);
	record.cause = PFT_CAUSE_IO_ERROR;
	snprintf(expected, sizeof(expected), "the page of table.db at %s could not be read", at);
	says(expected);
	record.cause = PFT_CAUSE_POISON;
	says("the page of table.db has a hardware error");
	record.cause = PFT_CAUSE_OOM;
	says("no memory left for a page of table.db");
	record.cause = PFT_CAUSE_GUARD;
	names.own = "[anon]";
	says("guard page in [anon] (MADV_GUARD_INSTALL)");
	record.cause = PFT_CAUSE_UFFD;
	says("refused by userfaultfd, in [anon]");
	record.cause = PFT_CAUSE_DEVICE;
	names.own = "/dev/nvme0";
	says("refused by the driver of nvme0");
	record.cause = PFT_CAUSE_OTHER;
	says("refused in nvme0: not known");
	record.cause = 200;
	says("refused in nvme0: ?");
}

/* Every cause there is has a sentence of its own, whatever is known. */
static void test_all(void **state)
{
	static const struct explain_names none;
	static const uint8_t perms[] = { 0, VMA, HOLE, HOLE | VMA, 0xff };
	unsigned int cause, access, i;

	(void)state;
	for (cause = 0; cause < 256; cause++) {
		for (access = 0; access < 8; access++) {
			for (i = 0; i < sizeof(perms); i++) {
				memset(&record, 0xff, sizeof(record));
				record.class = PFT_INVALID;
				record.cause = (uint8_t)cause;
				record.access = (uint8_t)access;
				record.perms = perms[i];
				assert_true(explain(text, sizeof(text), &record, &none));
				assert_true(*text);
				/* Cut, never beyond the end. */
				assert_true(explain(text, 8, &record, &none));
				assert_true(strlen(text) < 8);
			}
		}
	}
}

static void test_hostile_names(void **state)
{
	static const struct {
		const char *path;
		const char *expected;
	} all[] = {
		{ "/tmp/\033]0;PWN\a", "write to r-- of \\033]0;PWN\\007" },
		{ "/tmp/a\nb c", "write to r-- of a\\012b c" },
		/* A file is not taken for the heap. */
		{ "/tmp/[heap]", "write to r-- of /tmp/[heap]" },
		{ "/tmp/x/", "write to r-- of /tmp/x/" },
		{ "/", "write to r-- of /" },
		{ "", "write to r-- of an unknown mapping" },
		{ "-", "write to r-- of an unknown mapping" },
		{ NULL, "write to r-- of an unknown mapping" },
		{ "/tmp/%s%n", "write to r-- of %s%n" },
		{ "/tmp/\xff\xc0\xaf", "write to r-- of \\377\\300\\257" },
		{ "/tmp/a\\b", "write to r-- of a\\134b" },
		{ "[anon:x/y]", "write to r-- of [anon:x/y]" },
		{ "/memfd:[stack] (deleted)", "write to r-- of memfd:[stack] (deleted)" },
	};
	char safe[256];
	size_t i;

	(void)state;
	record.cause = PFT_CAUSE_WRITE_DENIED;
	record.access = PFT_WRITE;
	vma(R);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		names.own = all[i].path;
		assert_true(explain(text, sizeof(text), &record, &names));
		safe_text(safe, sizeof(safe), text, true);
		assert_string_equal(safe, all[i].expected);
	}
}

/* The longest names that there can be, of both neighbours. */
static void test_long_names(void **state)
{
	char path[4096];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	names = (struct explain_names){ path, path, path };
	record.cause = PFT_CAUSE_UACCESS;
	hole(0x10000000, 0x20000000);
	record.address = 0x10000018;
	assert_true(explain(text, sizeof(text), &record, &names));
	assert_int_equal(text[strlen(text) - 1], 'a');
	assert_true(strlen(text) > 4094);
}

static void test_units(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} all[] = {
		{ 0, "0 bytes" }, { 1, "1 byte" }, { 1023, "1023 bytes" }, { 1024, "1 KiB" },
		{ 1025, "1.0 KiB" }, { 1536, "1.5 KiB" }, { 12 << 20, "12 MiB" },
		{ 1ULL << 40, "1 TiB" }, { UINT64_MAX, "16.0 EiB" },
	};
	char to[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_string_equal(units_bytes(to, sizeof(to), all[i].bytes), all[i].text);
	assert_string_equal(units_mapped(to, sizeof(to), 4096), "4K");
	assert_string_equal(units_mapped(to, sizeof(to), 65536), "64K");
	assert_string_equal(units_mapped(to, sizeof(to), 2 << 20), "2M");
	assert_string_equal(units_mapped(to, sizeof(to), 1 << 30), "1G");
	assert_string_equal(units_grouped(to, sizeof(to), 1234567), "1,234,567");
	assert_string_equal(units_time(to, sizeof(to), 999), "999 ns");
	assert_string_equal(units_time(to, sizeof(to), 1500), "1.5 us");
	assert_string_equal(units_time(to, sizeof(to), 2500000000), "2.50 s");
	assert_int_equal(units_page_bytes(PFT_ORDER_NONE), 0);
	assert_int_equal(units_page_bytes(9), 512 * sysconf(_SC_PAGESIZE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_served, setup),
		cmocka_unit_test_setup(test_null, setup),
		cmocka_unit_test_setup(test_unmapped, setup),
		cmocka_unit_test_setup(test_stack, setup),
		cmocka_unit_test_setup(test_denied, setup),
		cmocka_unit_test_setup(test_uaccess, setup),
		cmocka_unit_test_setup(test_pages, setup),
		cmocka_unit_test_setup(test_all, setup),
		cmocka_unit_test_setup(test_hostile_names, setup),
		cmocka_unit_test_setup(test_long_names, setup),
		cmocka_unit_test_setup(test_units, setup),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
