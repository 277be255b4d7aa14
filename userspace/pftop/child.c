// SPDX-License-Identifier: GPL-2.0
/* The program that pftop runs: started as the user behind sudo, waited for. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "options.h"
#include "say.h"

/* The child, up to exec. Only says errno through @fd; then it is gone. */
static void be_child(const struct child *child, int fd)
{
	int err;

	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGQUIT, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &child->old_mask, NULL);
	if (invoker_become(&child->invoker))
		(void)execvp(child->argv[0], child->argv);
	err = errno;
	(void)!write(fd, &err, sizeof(err));
	_exit(127);
}

/*
 * SIGCHLD, SIGTERM and SIGHUP are taken by sigtimedwait(). What the terminal
 * sends goes to CMD as well, which decides: pftop lives until CMD has ended.
 */
static void block_signals(struct child *child)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, &child->old_mask);
	/* Some callers leave it ignored: then there would be nothing to wait for. */
	(void)signal(SIGCHLD, SIG_DFL);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
}

/**
 * child_prepare - find out what can fail before it is run
 * @child: to be filled
 * @argv: the program and its arguments, NULL behind the last
 *
 * Return: false after an error that was said.
 */
bool child_prepare(struct child *child, char **argv)
{
	child->argv = argv;
	return invoker_find(&child->invoker);
}

/**
 * child_start - run it
 * @child: after child_prepare()
 *
 * From now on SIGCHLD, SIGTERM and SIGHUP are for child_wait().
 *
 * Return: 0, or the exit status to end with after an error that was said: 127
 * where there is no such program, 126 where it cannot be run.
 */
int child_start(struct child *child)
{
	int err = 0, fds[2];

	if (pipe2(fds, O_CLOEXEC)) {
		say("pipe: %s", strerror(errno));
		return EXIT_ERROR;
	}
	/* Orphans of CMD come to us: their faults are the kernel's word, too. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	block_signals(child);
	child->start_ns = pft_now_ns();
	child->pid = fork();
	if (!child->pid)
		be_child(child, fds[1]);
	(void)close(fds[1]);
	if (child->pid < 0) {
		say("fork: %s", strerror(errno));
		(void)close(fds[0]);
		return EXIT_ERROR;
	}
	while (read(fds[0], &err, sizeof(err)) < 0 && errno == EINTR)
		;
	(void)close(fds[0]);
	if (!err)
		return 0;
	(void)waitpid(child->pid, NULL, 0);
	say("cannot run %s: %s", child->argv[0], strerror(err));
	return err == ENOENT ? 127 : 126;
}

/**
 * child_reap - wait for those who ended, without waiting
 * @child: after child_start()
 */
void child_reap(struct child *child)
{
	struct rusage usage;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
		child->kernel[PFT_MINOR] += (uint64_t)usage.ru_minflt;
		child->kernel[PFT_MAJOR] += (uint64_t)usage.ru_majflt;
		if (pid != child->pid)
			continue;
		child->end_ns = pft_now_ns();
		child->status = status;
		child->ended = true;
	}
}

/**
 * child_wait - wait for a child to end
 * @child: after child_start()
 * @ms: at most this long, below 1000
 *
 * SIGTERM and SIGHUP are handed on.
 */
void child_wait(struct child *child, unsigned int ms)
{
	struct timespec ts = { .tv_nsec = (long)ms * 1000000 };
	sigset_t set;
	int number;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	number = sigtimedwait(&set, NULL, &ts);
	if (number == SIGTERM || number == SIGHUP)
		(void)kill(child->pid, number);
}

/**
 * child_exit_status - as what pftop ends
 * @child: once @ended
 *
 * Return: its status, or 128 + N where signal N killed it.
 */
int child_exit_status(const struct child *child)
{
	return WIFSIGNALED(child->status) ? 128 + WTERMSIG(child->status) :
					    WEXITSTATUS(child->status);
}

/**
 * child_fini - done
 * @child: after child_prepare(), or all zero
 */
void child_fini(struct child *child)
{
	invoker_fini(&child->invoker);
}
