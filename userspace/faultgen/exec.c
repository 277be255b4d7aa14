// SPDX-License-Identifier: GPL-2.0
/*
 * One process that faults, executes this program again, and faults again.
 * The report goes through the exec as an open descriptor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faultgen.h"

static void half(struct fg *fg, unsigned long count)
{
	struct fg_range *range;
	unsigned long start;

	if (!count)
		return;
	start = area_map(fg, count * fg->page, fg->page,
			 PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1);
	range = report_range(fg, start, fg->page, count, 'w', FG_MINOR,
			     "zero");
	range->tid = (pid_t)syscall(SYS_gettid);
	window_touch(fg, range);
}

static void exec_self(struct fg *fg)
{
	char path[4096], fd[16], n[24];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		fail("cannot read /proc/self/exe: %s", strerror(errno));
	path[len] = '\0';
	snprintf(fd, sizeof(fd), "%d", fg->report_fd);
	snprintf(n, sizeof(n), "%lu", fg->n);
	/* By its path, not as /proc/self/exe: that would rename us "exe". */
	execl(path, "faultgen", "@resume", fg->c->name, fd, n, (char *)NULL);
	fail("cannot execute %s: %s", path, strerror(errno));
}

/**
 * exec_work() - touch half of N pages, execute self, touch the rest
 * @fg: the run
 */
void exec_work(struct fg *fg)
{
	half(fg, fg->n - fg->n / 2);
	exec_self(fg);
}

static void *thread_main(void *arg)
{
	struct fg *fg = arg;

	half(fg, fg->n - fg->n / 2);
	exec_self(fg);
	return NULL;
}

/**
 * exec_thread_work() - the same, but a thread that is not the leader does it
 * @fg: the run
 *
 * The leader ends, and the thread takes over the process and its id.
 */
void exec_thread_work(struct fg *fg)
{
	pthread_join(worker_thread(fg, thread_main, fg), NULL);
	fail("%s: the thread did not exec", fg->c->name);
}

/**
 * exec_resume() - what the program does after the exec
 * @argc: number of arguments
 * @argv: "faultgen", "@resume", case, descriptor, N
 *
 * Return: exit status.
 */
int exec_resume(int argc, char **argv)
{
	struct fg fg = { .page = (unsigned long)sysconf(_SC_PAGESIZE) };

	if (argc != 5)
		return FG_EXIT_USAGE;
	fg.c = case_find(argv[2]);
	if (!fg.c)
		return FG_EXIT_USAGE;
	fg.n = strtoul(argv[4], NULL, 10);
	report_attach(&fg, atoi(argv[3]));
	fg.proc = &fg.report->procs[0];
	half(&fg, fg.n / 2);
	return 0;
}
