// SPDX-License-Identifier: GPL-2.0
/* Processes that have all that is open and mapped, and end at any time. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

/* Waits for the child, whatever else happens. */
static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* A child that does not outlive its thread, which may be killed at any time. */
static pid_t fork_child(void)
{
	pid_t parent = getpid(), pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (!pid && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent))
		_exit(0);
	return pid;
}

/* fork(2) with all that is open and mapped. The child only makes system calls. */
bool do_fork(void)
{
	pid_t pid = fork_child();

	if (!pid) {
		munmap(some_area(), PAGE * below(5));
		mprotect(some_area(), PAGE, PROT_READ | PROT_WRITE);
		do_touch();
		do_remote();
		_exit(0);
	}
	return pid > 0 && !reap(pid);
}

/* Blocks where there is nothing to be had, and is killed there. */
bool do_kill(void)
{
	static const int signals[] = { SIGKILL, SIGKILL, SIGTERM, SIGINT, SIGUSR1 };
	static const char *const waiting[] = { "trace_pipe", "cpu/cpu0", "cpu/cpu1", "cpu/cpu0.map" };
	const char *name = waiting[below(4)];
	unsigned int how = below(3), delay = below(4);
	int signal = signals[below(5)];
	char path[512];
	pid_t pid = fork_child();

	if (!pid) {
		struct pollfd wait = { .events = POLLIN };
		int fd;

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		wait.fd = fd;
		while (fd >= 0) {
			if (how && read(fd, me->buffer, 4096) < 0 && errno != EINTR)
				how = 0;
			else if (!how)
				poll(&wait, 1, -1);
		}
		_exit(0);
	}
	while (delay--)
		usleep(below(1500));
	return pid > 0 && !kill(pid, signal) && WIFSIGNALED(reap(pid));
}
