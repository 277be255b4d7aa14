// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and unloads a module, many times over.
 *
 *	reload ROUNDS FILE NAME [PARAMETERS]
 *
 * What insmod and rmmod do, without starting them: in an emulated machine the
 * start of a program takes longer than the load of a module. A module in use
 * is tried again for 20 s. The rounds done are printed, and why there are no
 * more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS		10
#define PATIENCE_MS	20000

static int load(const char *file, const char *parameters)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	long err;

	if (fd < 0)
		return -1;
	err = syscall(SYS_finit_module, fd, parameters, 0);
	close(fd);
	return err ? -1 : 0;
}

static int unload(const char *name)
{
	const struct timespec poll = { .tv_nsec = POLL_MS * 1000000L };
	int ms;

	for (ms = 0; syscall(SYS_delete_module, name, O_NONBLOCK); ms += POLL_MS) {
		if (errno != EWOULDBLOCK || ms >= PATIENCE_MS)
			return -1;
		nanosleep(&poll, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *failed = NULL;
	long rounds, i;

	if (argc < 4) {
		fprintf(stderr, "usage: reload ROUNDS FILE NAME [PARAMETERS]\n");
		return 2;
	}
	rounds = atol(argv[1]);
	for (i = 0; i < rounds; i++) {
		if (load(argv[2], argc > 4 ? argv[4] : ""))
			failed = argv[2];
		else if (unload(argv[3]))
			failed = argv[3];
		if (failed)
			break;
	}
	printf("%ld\n", i);
	if (!failed)
		return 0;
	fprintf(stderr, "reload: %s: %s\n", failed, strerror(errno));
	return 1;
}
