// SPDX-License-Identifier: GPL-2.0
/* A signal ends the loop of a command, so that what it began comes to a good end. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "libpftrace.h"
#include "stop.h"

static volatile sig_atomic_t asked;

/*
 * A byte in it is what a wait that begins behind the signal still sees. -1 if there
 * was no file descriptor left: then such a wait lasts until something else ends it.
 */
static int ends[2] = { -1, -1 };

static void on_signal(int number)
{
	int error = errno;

	(void)number;
	asked = 1;
	/* If there is no room, there is a byte. */
	if (ends[1] >= 0 && write(ends[1], "", 1) < 0)
		errno = error;
}

/**
 * stop_on_signals - from now on, those that ask a program to end set stop_asked()
 * @flags: SA_RESETHAND where a second one is to end the program at once: it may
 *	be writing to a pipe that nobody reads
 *
 * They also interrupt what waits, poll(2) for one, but not a write(2): what was
 * begun gets written.
 */
void stop_on_signals(int flags)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	size_t i;

	if (ends[0] < 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		ends[0] = ends[1] = -1;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART | flags;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaction(numbers[i], &action, NULL);
}

/**
 * stop_asked - has there been such a signal?
 *
 * Return: it has.
 */
bool stop_asked(void)
{
	return asked;
}

/**
 * stop_fd - for poll(2): a file that can be read as soon as stop_asked()
 *
 * Nobody reads it. To ask and then to wait would miss a signal in between.
 *
 * Return: a file descriptor that stays ours, or -1.
 */
int stop_fd(void)
{
	return ends[0];
}

/**
 * stop_sleep - sleep, but for no longer than until stop_asked()
 * @due_ns: when to wake up, as pft_now_ns()
 *
 * Return: it was due; false if a signal ended it.
 */
bool stop_sleep(uint64_t due_ns)
{
	struct pollfd fd = { .fd = ends[0], .events = POLLIN };
	struct timespec left;
	uint64_t now;

	while (!asked) {
		now = pft_now_ns();
		if (now >= due_ns)
			return true;
		left.tv_sec = (time_t)((due_ns - now) / 1000000000);
		left.tv_nsec = (long)((due_ns - now) % 1000000000);
		(void)ppoll(&fd, 1, &left, NULL);
	}
	return false;
}
