// SPDX-License-Identifier: GPL-2.0
/* The command "pftop -- CMD": runs CMD, then says what its faults were. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "family.h"
#include "gather.h"
#include "invoker.h"
#include "pftop.h"
#include "report.h"

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
	struct invoker invoker;
	sigset_t old_mask;
	pid_t pid;
	int status;
	bool ended;
	unsigned int look_ms;
	uint64_t looked_ns;
	unsigned int drain_ms;
};

/* The child, up to exec. Only says errno through @fd; then it is gone. */
static void be_child(const struct run *run, int fd)
{
	int err;

	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGQUIT, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &run->old_mask, NULL);
	if (invoker_become(&run->invoker))
		(void)execvp(run->options->argv[0], run->options->argv);
	err = errno;
	(void)!write(fd, &err, sizeof(err));
	_exit(127);
}

/*
 * SIGCHLD, SIGTERM and SIGHUP are taken by sigtimedwait(). What the terminal
 * sends goes to CMD as well, which decides: pftop lives until CMD has ended.
 */
static void block_signals(struct run *run)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, &run->old_mask);
	/* Some callers leave it ignored: then there would be nothing to wait for. */
	(void)signal(SIGCHLD, SIG_DFL);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
}

/* Return: 0, or the exit status to end with after an error that was said. */
static int start(struct run *run)
{
	int err = 0, fds[2];

	if (pipe2(fds, O_CLOEXEC)) {
		(void)fprintf(stderr, "pftop: pipe: %s\n", strerror(errno));
		return EXIT_ERROR;
	}
	/* Orphans of CMD come to us: their faults are the kernel's word, too. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	block_signals(run);
	run->report.start_ns = pft_now_ns();
	run->pid = fork();
	if (!run->pid)
		be_child(run, fds[1]);
	(void)close(fds[1]);
	if (run->pid < 0) {
		(void)fprintf(stderr, "pftop: fork: %s\n", strerror(errno));
		(void)close(fds[0]);
		return EXIT_ERROR;
	}
	while (read(fds[0], &err, sizeof(err)) < 0 && errno == EINTR)
		;
	(void)close(fds[0]);
	if (!err)
		return 0;
	(void)waitpid(run->pid, NULL, 0);
	(void)fprintf(stderr, "pftop: cannot run %s: %s\n", run->options->argv[0], strerror(err));
	return err == ENOENT ? 127 : 126;
}

static void reap(struct run *run)
{
	struct rusage usage;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
		run->report.kernel[PFT_MINOR] += (uint64_t)usage.ru_minflt;
		run->report.kernel[PFT_MAJOR] += (uint64_t)usage.ru_majflt;
		if (pid != run->pid)
			continue;
		run->report.end_ns = pft_now_ns();
		run->status = status;
		run->ended = true;
	}
}

static void wait_signal(struct run *run)
{
	struct timespec ts = { .tv_nsec = (long)run->drain_ms * 1000000 };
	sigset_t set;
	int number;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	number = sigtimedwait(&set, NULL, &ts);
	if (number == SIGTERM || number == SIGHUP)
		(void)kill(run->pid, number);
}

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
		reap(run);
		if (run->ended)
			break;
		wait_signal(run);
		/* CMD goes on, even if nothing can be said of it any more. */
		ok = ok && look(run, false, error);
	}
	return ok && settle(run, error);
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static bool prepare(struct run *run, struct pft_error *error)
{
	const struct pft_totals *totals = &run->family.totals;

	if (!family_init(&run->family, run->root, error)) {
		common_error(error);
		return false;
	}
	if (pft_totals_find(totals, "enabled") && !pft_totals_value(totals, "enabled")) {
		(void)fprintf(stderr,
			      "pftop: tracing is off: echo 1 | sudo tee %s/enable\n",
			      pft_root_dir(run->root));
		return false;
	}
	run->report.before = *totals;
	gather_open(&run->gather, run->root);
	return invoker_find(&run->invoker) &&
	       report_open(&run->report, run->options->output, run->options->format);
}

static int run_and_report(struct run *run)
{
	struct pft_error error = { 0 };
	int ret;

	if (!prepare(run, &error))
		return EXIT_ERROR;
	ret = start(run);
	if (ret)
		return ret;
	if (!family_start(&run->family, (uint32_t)run->pid))
		(void)fputs("pftop: not enough memory\n", stderr);
	if (!watch(run, &error)) {
		common_error(&error);
		(void)fprintf(stderr, "pftop: the faults of %s are not known\n",
			      run->options->argv[0]);
		ret = exit_status(run->status);
		return ret ? ret : EXIT_ERROR;
	}
	ret = exit_status(run->status);
	run->report.command = run->options->argv[0];
	run->report.pid = (uint32_t)run->pid;
	run->report.status = run->status;
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

	run.root = common_open(options);
	if (!run.root)
		return EXIT_ERROR;
	ret = run_and_report(&run);
	report_close(&run.report);
	invoker_fini(&run.invoker);
	gather_fini(&run.gather);
	family_fini(&run.family);
	pft_root_close(run.root);
	return ret;
}
