// SPDX-License-Identifier: GPL-2.0
/*
 * A process that lives on between windows, so that a test can look at it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "faultgen.h"

static int go[2], done[2];

static void step(struct fg *fg, bool first)
{
	static uint64_t last[FG_NR_CLASSES];
	unsigned long start = area_map(fg, fg->n * fg->page, fg->page,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range;

	range = report_range(fg, start, fg->page, fg->n, 'w', FG_MINOR, "zero");
	area_settle();
	if (first)
		window_warm(fg);
	window_make(fg, range);
	if (!first && (fg->proc->before[FG_MINOR] != last[FG_MINOR] ||
		       fg->proc->before[FG_MAJOR] != last[FG_MAJOR]))
		fail("%s: the process faulted between two steps", fg->c->name);
	last[FG_MINOR] = fg->proc->now[FG_MINOR];
	last[FG_MAJOR] = fg->proc->now[FG_MAJOR];
}

static void hold_work(struct fg *fg)
{
	bool first = true;
	char c = 0;

	/* The reporter's ends: with them open we would not see it close. */
	close(go[1]);
	close(done[0]);
	do {
		step(fg, first);
		first = false;
		if (write(done[1], &c, 1) != 1)
			break;
	} while (read(go[0], &c, 1) == 1);
}

/**
 * hold_drive() - N faults at once, and N more for each line of input
 * @fg: the run
 *
 * Prints a line of JSON for each step, and the usual one at the end of input.
 */
void hold_drive(struct fg *fg)
{
	struct fg_proc *proc = &fg->report->procs[0];
	uint64_t made = 0, window = 0, t0_ns = 0;
	unsigned long i;
	char *line = NULL;
	size_t size = 0;
	pid_t pid;
	char c = 0;

	if (pipe(go) || pipe(done))
		fail("pipe: %s", strerror(errno));
	pid = worker_fork(fg, hold_work);
	close(go[0]);
	close(done[1]);
	for (i = 0;; i++) {
		if (read(done[0], &c, 1) != 1)
			break;
		report_print_step(fg, i);
		if (report_check(fg))
			exit(EXIT_FAILURE);
		if (!i)
			t0_ns = proc->t0_ns;
		made += proc->made[FG_MINOR];
		window += proc->window[FG_MINOR];
		if (getline(&line, &size, stdin) < 0)
			break;
		/* The worker waits: what it counts belongs to the next step. */
		proc->made[FG_MINOR] = 0;
		proc->window[FG_MINOR] = 0;
		proc->t0_ns = 0;
		fg->report->nranges = 0;
		if (write(go[1], &c, 1) != 1)
			break;
	}
	free(line);
	close(go[1]);
	worker_wait(fg, pid);
	proc->made[FG_MINOR] = made;
	proc->window[FG_MINOR] = window;
	proc->t0_ns = t0_ns;
}
