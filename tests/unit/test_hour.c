// SPDX-License-Identifier: GPL-2.0
/*
 * An hour of the live screen, as quickly as it goes: 3,600 updates, 2,000
 * processes alive, of which some end and others begin at each of them. What is
 * in use of the heap is after 3,600 what it was after 600.
 *
 * With UPDATES=N that many only, for a count of instructions:
 *	valgrind --tool=callgrind --toggle-collect=one_update
 */

#include <ctype.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "view.h"

#define ALIVE		2000U
#define NEW		20U	/* at each update, and as many end */
#define ENDED		1024U	/* as many as the module lists */
#define FIRST_PID	5000000U
#define SETTLED		600U
#define UPDATES		3600U

/* Buffers of stdio and of ncurses may come late; an update has 2,000 rows. */
#define SLACK		4096

static struct options options = { .delay = 1 };
static struct model model;
static struct view view = { .ops = &screen_view, .options = &options, .model = &model };
static char text[(ALIVE + ENDED) * 512];

/* As wide as the module makes them. */
static void put_rows(const char *name, unsigned int from, unsigned int to, unsigned int update)
{
	char cause[32], *out = text;
	unsigned int pid, i, j;

	out += sprintf(out, "%7s %10s %8s %7s %7s %14s %14s %18s %7s ", "PID", "MINOR", "MAJOR",
		       "INVALID", "RETRIES", "MINOR_NS", "MAJOR_NS", "LAST_ADDR", "PPID");
	for (i = 0; i < PFT_NR_CAUSES; i++) {
		for (j = 0; (cause[j] = (char)toupper(pft_cause_name(i)[j])); j++)
			;
		out += sprintf(out, "%7s ", cause);
	}
	out += sprintf(out, "COMM\n");
	for (pid = to; pid-- > from;) {
		out += sprintf(out, "%7u %10u %8u %7u %7u %14u %14u %#18llx %7u ", FIRST_PID + pid,
			       (update + 1) * (pid % 7), pid % 3, 0, 0,
			       (update + 1) * (pid % 7) * 1000, 0, 0x7f0000000000ULL, 1);
		for (i = 0; i < PFT_NR_CAUSES; i++)
			out += sprintf(out, "%*u ", (int)strlen(pft_cause_name(i)) < 7 ? 7 :
				       (int)strlen(pft_cause_name(i)),
				       i == PFT_CAUSE_ZERO ? (update + 1) * (pid % 7) : 0);
		out += sprintf(out, "name%u\n", pid % 1000);
	}
	fake_file(fake_root_dir, name, text);
}

/* The machine after so many seconds. */
static void put_root(unsigned int update)
{
	unsigned int ended = update * NEW, first = ended > ENDED ? ended - ENDED : 0, i;
	struct pft_record *record;
	struct fake_ring ring;

	put_rows("pids", ended, ended + ALIVE, update);
	put_rows("exited", first, ended, 0);
	sprintf(text, "minor %u\nmajor %u\ninvalid 0\nexited %u\ncpus 2\ntraced_ns %u000000000\nhook direct\n",
		update * 6000, update, ended, update + 1);
	fake_file(fake_root_dir, "totals", text);
	fake_ring_make(&ring, 0, 256);
	for (i = 0; i < 256; i++) {
		record = fake_ring_add(&ring, (update * 256ULL + i) * 1000);
		record->tgid = record->pid = FIRST_PID + ended + i;
		record->latency_ns = 1000 + i;
	}
	fake_ring_write_plain(&ring, fake_root_dir);
	fake_ring_free(&ring);
}

void one_update(void);

__attribute__((noinline)) void one_update(void)
{
	assert_true(model_update(&model, &fake_error));
	assert_int_equal(view.ops->show(&view), VIEW_UPDATE);
}

static void test_hour(void **state)
{
	const char *fewer = getenv("UPDATES");
	unsigned int updates = fewer ? (unsigned int)atoi(fewer) : UPDATES, i;
	size_t settled = 0, now;

	(void)state;
	for (i = 0; i < updates; i++) {
		put_root(i);
		one_update();
		if (i == SETTLED)
			settled = mallinfo2().uordblks;
	}
	assert_int_equal(view.rows.count >= ALIVE, 1);
	now = mallinfo2().uordblks;
	if (settled && now > settled + SLACK)
		fail_msg("%zu bytes in use after %u updates, %zu after %u", now, updates, settled,
			 SETTLED);
}

/* A terminal that nobody looks at; what the test itself says goes elsewhere. */
static int setup(void **state)
{
	int out = dup(STDOUT_FILENO);

	if (fake_root_setup(state) || out < 0)
		return -1;
	put_root(0);
	setenv("TERM", "vt100", 1);
	setenv("LINES", "60", 1);
	setenv("COLUMNS", "200", 1);
	view.root = fake_root;
	model_init(&model, fake_root);
	recent_init(&model.recent, fake_root);
	rows_init(&view.rows, &options);
	if (!proc_init(&model.proc, "/proc", NULL) || !freopen("/dev/null", "w", stdout) ||
	    !freopen("/dev/null", "r", stdin) || !view.ops->init(&view))
		return -1;
	*state = fdopen(out, "w");
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	FILE *out = *state;

	view.ops->fini(&view);
	rows_fini(&view.rows);
	model_fini(&model);
	fflush(stdout);
	dup2(fileno(out), STDOUT_FILENO);
	fclose(out);
	return fake_root_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_hour, setup, teardown),
	};

	return cmocka_run_group_tests_name("hour", tests, NULL, NULL);
}
