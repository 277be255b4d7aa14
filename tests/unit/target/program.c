// SPDX-License-Identifier: GPL-2.0
/*
 * Does what its arguments say, tells where things are, and waits to be killed.
 * Built with PLAIN it is one without dlopen().
 */
#define _GNU_SOURCE
#define PREFIX main

#include "code.c"

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(const char *name, void *at)
{
	printf("%s %p %p 0\n", name, at, at);
}

/* A file as code that is never run. */
static int map(char **word)
{
	int fd = open(word[0], O_RDONLY);
	struct stat st;
	void *at;

	if (fd < 0 || fstat(fd, &st))
		return 1;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	close(fd);
	say(word[0], at);
	return at == MAP_FAILED;
}

static int jit(char **word)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)word;
	say("jit", at);
	return at == MAP_FAILED;
}

static int change_root(char **word)
{
	return chroot(word[0]) || chdir("/");
}

/* As a container: a mount namespace with another root. */
static int space(char **word)
{
	return unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount(word[0], word[0], NULL, MS_BIND, NULL) || chdir(word[0]) ||
	       syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/");
}

/* As in a container: an overlay, which is only there for this process. */
static int overlay(char **word)
{
	return unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount("none", word[0], "overlay", 0, word[1]);
}

#ifndef PLAIN
static int load(char **word)
{
	void *lib = dlopen(word[0], RTLD_NOW);
	void (*shown)(void) = lib ? (void (*)(void))dlsym(lib, word[1]) : NULL;

	if (shown)
		shown();
	else
		fprintf(stderr, "%s\n", dlerror());
	return !shown;
}

/* In a library that is there already. */
static int find(char **word)
{
	void *lib = dlopen(word[0], RTLD_NOW | RTLD_NOLOAD);
	void *at = lib ? dlsym(lib, word[1]) : NULL;

	if (at)
		say(word[1], at);
	return 0;
}
#endif

static const struct {
	const char *name;
	int words;
	int (*run)(char **word);
} commands[] = {
	{ "map", 1, map },
	{ "jit", 0, jit },
	{ "chroot", 1, change_root },
	{ "space", 1, space },
	{ "overlay", 2, overlay },
#ifndef PLAIN
	{ "load", 2, load },
	{ "find", 2, find },
#endif
};

static int run(char **word, int *used)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(word[0], commands[i].name) != 0)
			continue;
		*used = commands[i].words + 1;
		return commands[i].run(word + 1);
	}
	return 1;
}

int main(int argc, char **argv)
{
	int i, used = 0, bad = 0;

	main_shown();
	for (i = 1; i < argc && !bad; i += used)
		bad = run(argv + i, &used);
	if (bad)
		perror(argv[i - used]);
	else
		printf("end\n");
	fflush(stdout);
	while (!bad)
		pause();
	return 1;
}
