// SPDX-License-Identifier: GPL-2.0
/* A signal ends the loop of a command, so that what it began comes to a good end. */

#include <signal.h>
#include <string.h>

#include "stop.h"

static volatile sig_atomic_t asked;

static void on_signal(int number)
{
	(void)number;
	asked = 1;
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
