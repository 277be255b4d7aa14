// SPDX-License-Identifier: GPL-2.0
/* A command's descendants, found by the parents that the files name. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "family.h"

#define HEADER	"PID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR PPID COMM\n"

static char dir[64];
static struct pft_root *root;
static struct pft_error error;
static struct family family;

static void files(unsigned int nr_exited, const char *pids, const char *exited)
{
	char text[4096];

	snprintf(text, sizeof(text), "exited %u\n", nr_exited);
	fake_file(dir, "totals", text);
	snprintf(text, sizeof(text), HEADER "%s", pids);
	fake_file(dir, "pids", text);
	snprintf(text, sizeof(text), HEADER "%s", exited);
	fake_file(dir, "exited", text);
}

static int setup(void **state)
{
	(void)state;
	fake_dir(dir);
	fake_format(dir);
	root = pft_root_open(dir, &error);
	files(1, "5000001 9 9 9 9 9 9 0x0 0 other\n", "5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_init(&family, root, &error));
	assert_true(family_start(&family, 5000100));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	family_fini(&family);
	pft_root_close(root);
	fake_remove(dir);
	return 0;
}

static void test_descendants(void **state)
{
	(void)state;
	/* A grandchild stands before its parent, a stranger among them. */
	files(1, "5000102 4 0 0 0 10 0 0x0 5000101 gc\n5000001 9 9 9 9 9 9 0x0 0 other\n"
		 "5000101 2 1 1 0 5 70 0x0 5000100 c\n5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.alive.processes, 3);
	assert_int_equal(family.alive.count[PFT_MINOR], 7);
	assert_int_equal(family.alive.count[PFT_MAJOR], 1);
	assert_int_equal(family.alive.count[PFT_INVALID], 1);
	assert_int_equal(family.alive.ns[PFT_MAJOR], 70);
	assert_int_equal(family.ended.processes, 0);
	assert_false(family_settled(&family));
	/* The child ends, then the grandchild, whose parent is gone by then. */
	files(2, "5000102 6 0 0 0 10 0 0x0 5000101 gc\n5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000101 3 1 1 0 5 70 0x0 5000100 c\n5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.alive.processes, 2);
	assert_int_equal(family.ended.processes, 1);
	files(4, "", "5000100 2 0 0 0 1 0 0x0 1 cmd\n5000102 8 0 0 0 10 0 0x0 5000101 gc\n"
		     "5000101 3 1 1 0 5 70 0x0 5000100 c\n5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.ended.processes, 3);
	assert_int_equal(family.ended.count[PFT_MINOR], 13);
	assert_int_equal(family.alive.processes, 0);
	assert_true(family_settled(&family));
	assert_int_equal(family.unseen, 0);
	/* Looking again changes nothing. */
	assert_true(family_look(&family, &error));
	assert_int_equal(family.ended.processes, 3);
}

/* Whole families come and go between two looks. */
static void test_between_looks(void **state)
{
	(void)state;
	files(4, "5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000203 1 0 0 0 0 0 0x0 5000202 d\n5000202 2 0 0 0 0 0 0x0 5000201 c\n"
	      "5000201 4 0 0 0 0 0 0x0 5000100 b\n5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.ended.processes, 3);
	assert_int_equal(family.ended.count[PFT_MINOR], 7);
}

/* One that is in both files was read once alive and once ended. */
static void test_in_both(void **state)
{
	(void)state;
	files(2, "5000101 3 0 0 0 0 0 0x0 5000100 c\n",
	      "5000101 5 0 0 0 0 0 0x0 5000100 c\n5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.ended.count[PFT_MINOR], 5);
	assert_int_equal(family.alive.processes, 0);
}

/* The number of an ended child is used again by a stranger. */
static void test_number_used_again(void **state)
{
	(void)state;
	files(2, "5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000101 5 0 0 0 0 0 0x0 5000100 c\n5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	files(2, "5000100 1 0 0 0 1 0 0x0 1 cmd\n5000101 900 0 0 0 0 0 0x0 5000001 stranger\n",
	      "5000101 5 0 0 0 0 0 0x0 5000100 c\n5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.alive.processes, 1);
	assert_int_equal(family.ended.processes, 1);
}

static void test_unseen(void **state)
{
	(void)state;
	files(2001, "5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000302 5 0 0 0 0 0 0x0 5000100 c\n5000301 5 0 0 0 0 0 0x0 5000100 c\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.ended.processes, 2);
	assert_int_equal(family.unseen, 1998);
}

/* Listed when it was reaped, counted when it was freed: nobody was unseen. */
static void test_counted_late(void **state)
{
	(void)state;
	files(1, "5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000102 1 0 0 0 0 0 0x0 5000100 c\n5000101 5 0 0 0 0 0 0x0 5000100 c\n"
	      "5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	files(3, "5000100 1 0 0 0 1 0 0x0 1 cmd\n",
	      "5000101 5 0 0 0 0 0 0x0 5000100 c\n5000102 1 0 0 0 0 0 0x0 5000100 c\n"
	      "5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	assert_true(family_look(&family, &error));
	assert_int_equal(family.ended.processes, 2);
	assert_int_equal(family.unseen, 0);
}

/* More members than any table has room for at first. */
static void test_many(void **state)
{
	char *pids = malloc(1 << 20), *at = pids;
	unsigned int i;

	(void)state;
	at = stpcpy(at, HEADER);
	for (i = 0; i < 5000; i++)
		at += sprintf(at, "%u 1 0 0 0 0 0 0x0 %u x\n", 5000101 + i, 5000100 + i / 2);
	files(1, "", "5000009 7 0 0 0 0 0 0x0 5000001 old\n");
	fake_file(dir, "pids", pids);
	assert_true(family_look(&family, &error));
	assert_int_equal(family.alive.processes, 5000);
	free(pids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_descendants, setup, teardown),
		cmocka_unit_test_setup_teardown(test_between_looks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_in_both, setup, teardown),
		cmocka_unit_test_setup_teardown(test_number_used_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unseen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counted_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	};

	return cmocka_run_group_tests_name("family", tests, NULL, NULL);
}
