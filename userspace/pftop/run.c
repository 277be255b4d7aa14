// SPDX-License-Identifier: GPL-2.0
/* The command "pftop -- CMD": runs CMD, then says what its faults were. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "child.h"
#include "family.h"
#include "gather.h"
#include "pftop.h"
#include "report.h"
#include "say.h"

#define LOOK_MS_MAX	100
#define LOOK_MS_MIN	2
#define SETTLE_MS	3000

/* How often the rings are emptied: more often the more there is. */
#define DRAIN_MS_MAX	16
#define DRAIN_MS_MIN	1
#define DRAIN_MANY	512

struct run {
	const struct options *options;
	struct pft_root *root;
	struct family family;
	struct gather gather;
	struct report report;
	struct child child;
	unsigned int look_ms;
	uint64_t looked_ns;
	unsigned int drain_ms;
};

/* The more end, the sooner the list must be looked at again. */
static void set_pace(struct run *run)
{
	if (run->family.fresh > 256 && run->look_ms > LOOK_MS_MIN)
		run->look_ms = run->look_ms > 2 * LOOK_MS_MIN ? run->look_ms / 2 : LOOK_MS_MIN;
	else if (run->family.fresh < 64 && run->look_ms < LOOK_MS_MAX)
		run->look_ms = run->look_ms < LOOK_MS_MAX / 2 ? run->look_ms * 2 : LOOK_MS_MAX;
}

/* Takes records, and looks whose they are where it is time to, or @must. */
static bool look(struct run *run, bool must, struct pft_error *error)
{
	unsigned int got;

	do {
		got = gather_drain(&run->gather);
		if (got > DRAIN_MANY)
			run->drain_ms = DRAIN_MS_MIN;
		else if (run->drain_ms < DRAIN_MS_MAX)
			run->drain_ms *= 2;
		if (!must && !gather_is_full(&run->gather) &&
		    pft_now_ns() - run->looked_ns < run->look_ms * 1000000ULL)
			return true;
		must = gather_is_full(&run->gather);
		if (!family_look(&run->family, error))
			return false;
		run->looked_ns = pft_now_ns();
		gather_sort(&run->gather, &run->family);
		set_pace(run);
	} while (must);
	return true;
}

/*
 * Looks until all who ended are in `exited`, and not for ever. The pause comes
 * first: a stream holds records back for a moment, to bring them in order.
 */
static bool settle(struct run *run, struct pft_error *error)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	uint64_t limit = pft_now_ns() + SETTLE_MS * 1000000ULL;

	for (;;) {
		(void)nanosleep(&pause, NULL);
		if (!look(run, true, error))
			return false;
		if (family_settled(&run->family) || pft_now_ns() > limit)
			return true;
	}
}

static bool watch(struct run *run, struct pft_error *error)
{
	bool ok = true;

	run->look_ms = LOOK_MS_MAX;
	run->drain_ms = DRAIN_MS_MIN;
	for (;;) {
		child_reap(&run->child);
		if (run->child.ended)
			break;
		child_wait(&run->child, run->drain_ms);
		/* CMD goes on, even if nothing can be said of it any more. */
		ok = ok && look(run, false, error);
	}
	return ok && settle(run, error);
}

static bool prepare(struct run *run, struct pft_error *error)
{
	const struct pft_totals *totals = &run->family.totals;

	if (!family_init(&run->family, run->root, error)) {
		common_error(error);
		return false;
	}
	if (pft_totals_find(totals, "enabled") && !pft_totals_value(totals, "enabled")) {
		say("tracing is off: echo 1 | sudo tee %s/enable", pft_root_dir(run->root));
		return false;
	}
	run->report.before = *totals;
	gather_open(&run->gather, run->root);
	return child_prepare(&run->child, run->options->argv) &&
	       report_open(&run->report, run->options->output, run->options->format);
}

static int run_and_report(struct run *run)
{
	struct pft_error error = { 0 };
	int ret;

	if (!prepare(run, &error))
		return EXIT_ERROR;
	ret = child_start(&run->child);
	if (ret)
		return ret;
	if (!family_start(&run->family, (uint32_t)run->child.pid))
		(void)fputs("pftop: not enough memory\n", stderr);
	if (!watch(run, &error)) {
		common_error(&error);
		say("the faults of %s are not known", run->options->argv[0]);
		ret = child_exit_status(&run->child);
		return ret ? ret : EXIT_ERROR;
	}
	ret = child_exit_status(&run->child);
	run->report.command = run->options->argv[0];
	run->report.pid = (uint32_t)run->child.pid;
	run->report.status = run->child.status;
	run->report.start_ns = run->child.start_ns;
	run->report.end_ns = run->child.end_ns;
	memcpy(run->report.kernel, run->child.kernel, sizeof(run->report.kernel));
	if (!report_write(&run->report, &run->family, &run->gather) && !ret)
		ret = EXIT_ERROR;
	return ret;
}

/**
 * run_main - the command "pftop -- CMD"
 * @options: what the command line said
 *
 * Return: exit status: that of CMD, 128 + N where signal N killed it, 127 where
 * there is no CMD, 126 where it cannot be run.
 */
int run_main(const struct options *options)
{
	struct run run = { .options = options };
	int ret;

	run.root = common_open_module(options);
	if (!run.root)
		return EXIT_ERROR;
	ret = run_and_report(&run);
	report_close(&run.report);
	child_fini(&run.child);
	gather_fini(&run.gather);
	family_fini(&run.family);
	pft_root_close(run.root);
	return ret;
}
