// SPDX-License-Identifier: GPL-2.0
/* `format`, `totals` and the tables, well formed or not. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fake.h"

#define HEADER	"PID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR PPID COMM\n"

static char dir[64];
static struct pft_error error;

static int setup(void **state)
{
	(void)state;
	fake_dir(dir);
	fake_format(dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_remove(dir);
	return 0;
}

static void test_format(void **state)
{
	static const struct {
		const char *text;
		enum pft_code code;
	} all[] = {
		{ "abi 2.0\nrecord_size 128\n", PFT_OK },
		{ "record_size 128\nabi 2.7\n", PFT_OK },
		{ "abi 2.0\nrecord_size 136", PFT_OK },
		{ "abi 0.9\nrecord_size 128\n", PFT_ERR_ABI },
		{ "abi 3.0\n", PFT_ERR_ABI },
		{ "abi 2\nrecord_size 128\n", PFT_ERR_FORMAT },
		{ "abi 2.0.1\nrecord_size 128\n", PFT_ERR_FORMAT },
		{ "abi x\nrecord_size 128\n", PFT_ERR_FORMAT },
		{ "abi 2.0\n", PFT_ERR_FORMAT },
		{ "abi 2.0\nrecord_size 120\n", PFT_ERR_FORMAT },
		{ "abi 2.0\nrecord_size 129\n", PFT_ERR_FORMAT },
		{ "abi 2.0\nrecord_size 99999999999999999999\n", PFT_ERR_FORMAT },
		{ "abi 2.0\nrecord_size -1\n", PFT_ERR_FORMAT },
		{ "", PFT_ERR_FORMAT },
		{ "record_size 128\n", PFT_ERR_FORMAT },
	};
	struct pft_root *root;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		fake_file(dir, "format", all[i].text);
		root = pft_root_open(dir, &error);
		if (!!root != (all[i].code == PFT_OK) || error.code != all[i].code)
			fail_msg("%s gave code %d", all[i].text, error.code);
		pft_root_close(root);
	}
}

static void test_totals(void **state)
{
	static struct pft_totals totals;
	struct pft_root *root = pft_root_open(dir, &error);
	char *big = calloc(1, 40000);
	int i;

	(void)state;
	assert_non_null(root);
	fake_file(dir, "totals", "minor      184202\nhook kretprobe\n\nbig 18446744073709551615\n"
		  "over 18446744073709551616\nneg -1\naddr 0xFf\naddr2 0xff\nwords a  b \nempty\n"
		  "minor 5");
	assert_true(pft_totals_read(root, &totals, &error));
	assert_int_equal(totals.count, 10);
	assert_int_equal(pft_totals_value(&totals, "minor"), 184202);
	assert_true(pft_totals_value(&totals, "big") == UINT64_MAX);
	assert_false(pft_totals_find(&totals, "over")->is_number);
	assert_false(pft_totals_find(&totals, "neg")->is_number);
	assert_int_equal(pft_totals_value(&totals, "addr2"), 255);
	assert_string_equal(pft_totals_find(&totals, "words")->text, "a  b");
	assert_string_equal(pft_totals_find(&totals, "empty")->text, "");
	assert_null(pft_totals_find(&totals, "nothing"));
	assert_int_equal(pft_totals_value(&totals, "nothing"), 0);
	/* More lines than there is room for: the first ones stay. */
	for (i = 0; i < 200; i++)
		strcat(big, "a 1\n");
	fake_file(dir, "totals", big);
	assert_true(pft_totals_read(root, &totals, &error));
	assert_int_equal(totals.count, PFT_TOTALS_MAX);
	/* A line without an end must not be followed for ever. */
	memset(big, 'x', 39999);
	fake_file(dir, "totals", big);
	assert_false(pft_totals_read(root, &totals, &error));
	assert_int_equal(error.code, PFT_ERR_FORMAT);
	free(big);
	pft_root_close(root);
}

static void test_table(void **state)
{
	struct pft_root *root = pft_root_open(dir, &error);
	struct pft_table table = { 0 };

	(void)state;
	fake_file(dir, "pids", HEADER
		  "  2411 151870 1 2 3 108213377 77 0x7f6c2a1ff000 9 a b  c\n"
		  "1 0 0 0 0 0 0 0x0 0 \n");
	assert_true(pft_table_read(root, PFT_PIDS, &table, &error));
	assert_int_equal(table.count, 2);
	assert_int_equal(table.row[0].pid, 2411);
	assert_int_equal(table.row[0].count[PFT_MINOR], 151870);
	assert_int_equal(table.row[0].count[PFT_MAJOR], 1);
	assert_int_equal(table.row[0].count[PFT_INVALID], 2);
	assert_int_equal(table.row[0].retries, 3);
	assert_int_equal(table.row[0].ns[PFT_MINOR], 108213377);
	assert_int_equal(table.row[0].ns[PFT_MAJOR], 77);
	assert_int_equal(table.row[0].last_addr, 0x7f6c2a1ff000);
	assert_int_equal(table.row[0].ppid, 9);
	assert_string_equal(table.row[0].comm, "a b  c");
	assert_string_equal(table.row[1].comm, "");
	/* Other columns, in another order. */
	fake_file(dir, "threads", "NEW COMM2 MAJOR TID MINOR INVALID PID COMM\n"
		  "word x 7 12 6 5 11 name\n");
	assert_true(pft_table_read(root, PFT_THREADS, &table, &error));
	assert_int_equal(table.count, 1);
	assert_int_equal(table.row[0].pid, 11);
	assert_int_equal(table.row[0].tid, 12);
	assert_int_equal(table.row[0].count[PFT_MINOR], 6);
	assert_int_equal(table.row[0].count[PFT_MAJOR], 7);
	assert_string_equal(table.row[0].comm, "name");
	pft_table_free(&table);
	pft_root_close(root);
}

static void test_comm(void **state)
{
	static const struct {
		const char *text;
		const char *comm;
	} all[] = {
		{ "plain", "plain" },
		{ "\\033[31m", "\033[31m" },
		{ "a\\012b", "a\nb" },
		{ "\\134", "\\" },
		{ "\\377", "\377" },
		{ "\\000x", "?x" },
		{ "\\400", "\\400" },
		{ "\\01", "\\01" },
		{ "end\\", "end\\" },
		{ "0123456789012345678901234567890", "01234567890123456789012" },
	};
	struct pft_root *root = pft_root_open(dir, &error);
	struct pft_table table = { 0 };
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		strcpy(text, "PID MINOR MAJOR INVALID COMM\n1 2 3 4 ");
		strcat(text, all[i].text);
		fake_file(dir, "exited", text);
		assert_true(pft_table_read(root, PFT_EXITED, &table, &error));
		assert_string_equal(table.row[0].comm, all[i].comm);
	}
	pft_table_free(&table);
	pft_root_close(root);
}

static void test_broken_tables(void **state)
{
	static const char *const all[] = {
		"",
		"\n",
		"PID MINOR MAJOR INVALID\n",
		"MINOR MAJOR INVALID COMM\n",
		"PID PID MINOR MAJOR INVALID COMM\n",
		"PID COMM MINOR MAJOR INVALID\n",
		HEADER "1 2 3\n",
		HEADER "-1 0 0 0 0 0 0 0x0 0 x\n",
		HEADER "4294967296 0 0 0 0 0 0 0x0 0 x\n",
		HEADER "1 18446744073709551616 0 0 0 0 0 0x0 0 x\n",
		HEADER "1 0 0 0 0 0 0 0xg 0 x\n",
		HEADER "1 0 0 0 0 0 0 0x 0 x\n",
		HEADER "one 0 0 0 0 0 0 0x0 0 x\n",
	};
	struct pft_root *root = pft_root_open(dir, &error);
	struct pft_table table = { 0 };
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		fake_file(dir, "pids", all[i]);
		if (pft_table_read(root, PFT_PIDS, &table, &error))
			fail_msg("taken: %s", all[i]);
		assert_int_equal(error.code, PFT_ERR_FORMAT);
		pft_error_message(&error, text, sizeof(text));
		assert_non_null(strstr(text, "pids is not understood: "));
	}
	pft_table_free(&table);
	pft_root_close(root);
}

/* Lines are put together right wherever the buffer ends. */
static void test_many_rows(void **state)
{
	struct pft_root *root = pft_root_open(dir, &error);
	struct pft_table table = { 0 };
	char *text = malloc(16 << 20), *at;
	unsigned int i, count = 100000;

	(void)state;
	at = stpcpy(text, HEADER);
	for (i = 0; i < count; i++)
		at += sprintf(at, "%u %u 0 0 0 0 0 0x0 0 process number %u\n", i + 1, i * 7, i);
	fake_file(dir, "pids", text);
	assert_true(pft_table_read(root, PFT_PIDS, &table, &error));
	assert_int_equal(table.count, count);
	for (i = 0; i < count; i++) {
		assert_int_equal(table.row[i].pid, i + 1);
		assert_int_equal(table.row[i].count[0], i * 7);
	}
	assert_int_equal(table.dropped, 0);
	/* Beyond the limit rows are counted, not kept. */
	for (; i < PFT_TABLE_MAX; i++)
		at += sprintf(at, "1 1 0 0 0 0 0 0x0 0 x\n");
	strcpy(at, "2 1 0 0 0 0 0 0x0 0 y\n3 1 0 0 0 0 0 0x0 0 z");
	fake_file(dir, "pids", text);
	assert_true(pft_table_read(root, PFT_PIDS, &table, &error));
	assert_int_equal(table.count, PFT_TABLE_MAX);
	assert_int_equal(table.dropped, 2);
	free(text);
	pft_table_free(&table);
	pft_root_close(root);
}

static void test_missing_file(void **state)
{
	struct pft_root *root = pft_root_open(dir, &error);
	struct pft_table table = { 0 };

	(void)state;
	assert_false(pft_table_read(root, PFT_PIDS, &table, &error));
	assert_int_equal(error.code, PFT_ERR_SYSTEM);
	assert_int_equal(error.err, ENOENT);
	pft_root_close(root);
}

/* Each kind of error has its own sentence, with what to do. */
/* The open of a file of a module that is being unloaded fails with ENXIO. */
static void test_unloaded_meanwhile(void **state)
{
	struct pft_root *root = pft_root_open(dir, &error);
	static struct pft_totals totals;
	char path[128];

	(void)state;
	assert_non_null(root);
	/* Opening a socket does, too. */
	snprintf(path, sizeof(path), "%s/totals", dir);
	assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0);
	assert_false(pft_totals_read(root, &totals, &error));
	assert_int_equal(error.err, ENXIO);
	assert_int_equal(error.code, PFT_ERR_NO_MODULE);
	snprintf(path, sizeof(path), "%s/cpu", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/cpu/cpu0", dir);
	assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0);
	assert_null(pft_reader_open(root, 0, PFT_READ_NO_MAP, &error));
	assert_int_equal(error.code, PFT_ERR_NO_RING);
	pft_root_close(root);
}

static void test_messages(void **state)
{
	static const struct {
		enum pft_code code;
		const char *part;
	} all[] = {
		{ PFT_ERR_ACCESS, "needs root (sudo pftop)" },
		{ PFT_ERR_LOCKDOWN, "lockdown" },
		{ PFT_ERR_NO_DEBUGFS, "sudo mount -t debugfs none /sys/kernel/debug" },
		{ PFT_ERR_NO_MODULE, "pftrace is not loaded: sudo modprobe pftrace" },
		{ PFT_ERR_ABI, "ABI 7.8, this program 2.0" },
		{ PFT_ERR_NO_RING, "no ring" },
		{ PFT_ERR_SYSTEM, "Input/output error" },
	};
	struct pft_error made = { .err = EIO, .major = 7, .minor = 8, .path = "/some/path" };
	char text[512], tiny[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		made.code = all[i].code;
		pft_error_message(&made, text, sizeof(text));
		if (!strstr(text, all[i].part))
			fail_msg("code %d: %s", made.code, text);
		pft_error_message(&made, tiny, sizeof(tiny));
		assert_true(strlen(tiny) < sizeof(tiny));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_format, setup, teardown),
		cmocka_unit_test_setup_teardown(test_totals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_comm, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unloaded_meanwhile, setup, teardown),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
