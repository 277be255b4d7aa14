/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_CHILD_H
#define PFTOP_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "invoker.h"
#include "libpftrace.h"

/**
 * struct child - the program that is run; all zero before
 * @argv: the program and its arguments
 * @pid: its process
 * @ended: it has ended
 * @status: as from wait4(), once @ended
 * @start_ns: when it began
 * @end_ns: when it ended
 * @kernel: minor and major faults of all who were waited for, as wait4() gave
 *	them
 *
 * The rest is private to child.c.
 */
struct child {
	char **argv;
	pid_t pid;
	bool ended;
	int status;
	uint64_t start_ns;
	uint64_t end_ns;
	uint64_t kernel[2];

	/* private: */
	struct invoker invoker;
	sigset_t old_mask;
};

bool child_prepare(struct child *child, char **argv);
int child_start(struct child *child);
void child_reap(struct child *child);
void child_wait(struct child *child, unsigned int ms);
int child_exit_status(const struct child *child);
void child_fini(struct child *child);

#endif /* PFTOP_CHILD_H */
