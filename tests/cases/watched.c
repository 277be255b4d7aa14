// SPDX-License-Identifier: GPL-2.0
/*
 * A crowd of processes that fault, and a program that watches them on a terminal
 * of 60 lines and 200 columns.
 *
 *	watched PROCESSES FAULTS COMMAND [ARGS...]
 *
 * In turns, until COMMAND ends, each process touches its share of FAULTS fresh
 * pages. COMMAND is stopped for that long, so that however slow the machine is, it
 * sees a whole turn each time: before the next one it must have shown something.
 * Prints: CPU time of COMMAND, ns; faults; CPU time that the processes needed for
 * these, ns.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "fresh.h"

struct sum {
	atomic_llong ns;
	atomic_llong faults;
};

static int go[2], done[2];
static struct sum *sum;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* One of the crowd: so many pages for each byte that it gets. */
static void take_part(long pages)
{
	struct fresh took;
	char c;

	while (read(go[0], &c, 1) == 1) {
		if (!fresh_touch(pages, CLOCK_PROCESS_CPUTIME_ID, &took)) {
			perror("mmap");
			kill(getppid(), SIGTERM);	/* who waits for all of us */
			_exit(1);
		}
		atomic_fetch_add(&sum->ns, took.ns);
		atomic_fetch_add(&sum->faults, took.faults);
		if (write(done[1], &c, 1) != 1)
			break;
	}
	_exit(0);
}

static void start_crowd(long processes, long pages)
{
	long i;

	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(go[1]);
		take_part(pages);
	}
}

/* COMMAND on a terminal of its own; its output is read by us. */
static pid_t start_watcher(char **argv, int *terminal)
{
	struct winsize size = { .ws_row = 60, .ws_col = 200 };
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	pid_t pid;

	if (fd < 0 || grantpt(fd) || unlockpt(fd) || ioctl(fd, TIOCSWINSZ, &size))
		fail("terminal");
	pid = fork();
	if (pid < 0)
		fail("fork");
	*terminal = fd;
	if (pid)
		return pid;
	setsid();
	fd = open(ptsname(*terminal), O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0))
		fail("terminal");
	dup2(fd, 0);
	dup2(fd, 1);
	setenv("TERM", "xterm", 1);
	execvp(argv[0], argv);
	fail(argv[0]);
	return 0;
}

/*
 * Reads what is shown; false when COMMAND has ended. It comes in pieces. What is
 * taken for the last one, but is not, costs a turn more than it needs.
 */
static bool shown(int terminal)
{
	static char text[65536];
	struct pollfd fd = { .fd = terminal, .events = POLLIN };

	do {
		/* A terminal that nobody has open any more gives an error. */
		if (read(terminal, text, sizeof(text)) <= 0)
			return false;
	} while (poll(&fd, 1, 200) > 0);
	return true;
}

/* A turn of all. */
static void turn(long processes)
{
	char text[4096];
	ssize_t got;
	long i;

	for (i = 0; i < processes; i++)
		if (write(go[1], "", 1) != 1)
			fail("write");
	for (; processes; processes -= got) {
		got = read(done[0], text, sizeof(text));
		if (got <= 0)
			fail("read");
	}
}

int main(int argc, char **argv)
{
	struct rusage usage;
	long processes;
	int terminal, status;
	pid_t pid;

	if (argc < 4)
		return 2;
	processes = atol(argv[1]);
	sum = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sum == MAP_FAILED || pipe(go) || pipe(done))
		fail("pipe");
	start_crowd(processes, atol(argv[2]) / processes);
	turn(processes);
	sum->ns = 0;
	sum->faults = 0;
	pid = start_watcher(argv + 3, &terminal);
	while (shown(terminal)) {
		kill(pid, SIGSTOP);
		turn(processes);
		kill(pid, SIGCONT);
	}
	if (wait4(pid, &status, 0, &usage) != pid || status)
		fail("watcher");
	close(go[1]);
	while (wait(NULL) > 0)
		;
	printf("%lld %lld %lld\n",
	       (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL,
	       (long long)sum->faults, (long long)sum->ns);
	return 0;
}
