// SPDX-License-Identifier: GPL-2.0
/* Programs and libraries for tests of symbols. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>

#include "fake.h"
#include "target.h"

char target_dir[64];

static char **paths;
static size_t path_count;

/* Path of a file of the test's directory, valid until the test ends. */
const char *target_path(const char *name)
{
	paths = realloc(paths, (path_count + 1) * sizeof(*paths));
	assert_non_null(paths);
	assert_true(asprintf(&paths[path_count], "%s/%s", target_dir, name) > 0);
	return paths[path_count++];
}

int target_setup(void **state)
{
	(void)state;
	fake_dir(target_dir);
	target_only_paths(false);
	return 0;
}

int target_teardown(void **state)
{
	(void)state;
	target_only_paths(false);
	fake_remove(target_dir);
	while (path_count)
		free(paths[--path_count]);
	free(paths);
	paths = NULL;
	return 0;
}

bool target_try(const char *const *argv)
{
	int status;
	pid_t pid;

	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static unsigned int collect(const char **argv, unsigned int count, const char *first, va_list rest)
{
	const char *word;

	for (word = first; word; word = va_arg(rest, const char *)) {
		assert_true(count < 30);
		argv[count++] = word;
	}
	argv[count] = NULL;
	return count;
}

static void must(const char **argv)
{
	if (!target_try(argv))
		fail_msg("%s failed", argv[0]);
}

/* Runs a tool, with its arguments up to NULL. */
void target_run(const char *tool, ...)
{
	const char *argv[32];
	va_list rest;

	va_start(rest, tool);
	collect(argv, 0, tool, rest);
	va_end(rest);
	must(argv);
}

/* Builds the program with these flags. */
void target_program(const char *name, const char *flag, ...)
{
	const char *argv[32] = { "gcc", "-O1", "-o", target_path(name), "target/program.c",
				 "-ldl" };
	va_list rest;

	va_start(rest, flag);
	collect(argv, 6, flag, rest);
	va_end(rest);
	must(argv);
}

/* Builds a library whose functions are PREFIX_shown and PREFIX_hidden. */
void target_library(const char *name, const char *prefix, const char *flag, ...)
{
	char define[64];
	const char *argv[32] = { "gcc", "-O1", "-shared", "-fPIC", "-o", target_path(name),
				 "target/code.c", define };
	va_list rest;

	snprintf(define, sizeof(define), "-DPREFIX=%s", prefix);
	va_start(rest, flag);
	collect(argv, 8, flag, rest);
	va_end(rest);
	must(argv);
}

static void read_places(struct target *target)
{
	FILE *file = fdopen(dup(target->out), "r");
	char line[2048];
	struct place *place;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file) && strcmp(line, "end\n") != 0) {
		assert_true(target->count < TARGET_PLACES);
		place = &target->place[target->count++];
		if (sscanf(line, "%1023s %lx %lx %u", place->name, &place->function, &place->ip,
			   &place->line) != 4)
			fail_msg("the program says: %s", line);
	}
	assert_string_equal(line, "end\n");
	fclose(file);
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec now;

	assert_int_equal(clock_gettime(id, &now), 0);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

/*
 * What was built is older than what runs: the clock of files, which goes in
 * steps, goes on before the program does.
 */
static void let_files_age(void)
{
	uint64_t start = read_clock(CLOCK_REALTIME);

	while (read_clock(CLOCK_REALTIME_COARSE) <= start)
		usleep(500);
}

/* Runs a program of the test's directory with arguments up to NULL, until it has said all. */
void target_start(struct target *target, const char *name, ...)
{
	const char *argv[32] = { target_path(name) };
	va_list rest;
	int out[2];

	memset(target, 0, sizeof(*target));
	va_start(rest, name);
	collect(argv, 1, va_arg(rest, const char *), rest);
	va_end(rest);
	let_files_age();
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	target->pid = fork();
	assert_true(target->pid >= 0);
	if (!target->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(out[1]);
	target->out = out[0];
	read_places(target);
}

void target_stop(struct target *target)
{
	int status;

	if (!target->pid)
		return;
	kill(target->pid, SIGKILL);
	assert_int_equal(waitpid(target->pid, &status, 0), target->pid);
	close(target->out);
	target->pid = 0;
}

const struct place *target_place(const struct target *target, const char *name)
{
	unsigned int i;

	for (i = 0; i < target->count; i++)
		if (!strcmp(target->place[i].name, name))
			return &target->place[i];
	return NULL;
}

/*
 * Takes from this process what /proc/PID/map_files asks for, or gives it back:
 * then only paths lead to files.
 *
 * Return: whether they do now.
 */
bool target_only_paths(bool only)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct cap[2];
	const uint32_t admin = CAP_TO_MASK(CAP_SYS_ADMIN);
	const uint32_t restore = CAP_TO_MASK(CAP_CHECKPOINT_RESTORE);

	assert_int_equal(syscall(SYS_capget, &header, cap), 0);
	if (only) {
		cap[0].effective &= ~admin;
		cap[1].effective &= ~restore;
	} else {
		cap[0].effective |= cap[0].permitted & admin;
		cap[1].effective |= cap[1].permitted & restore;
	}
	assert_int_equal(syscall(SYS_capset, &header, cap), 0);
	return !(cap[0].effective & admin) && !(cap[1].effective & restore);
}

/* May this process make mounts, and change its root? */
bool target_is_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct cap[2];
	const uint32_t both = CAP_TO_MASK(CAP_SYS_ADMIN) | CAP_TO_MASK(CAP_SYS_CHROOT);

	assert_int_equal(syscall(SYS_capget, &header, cap), 0);
	return (cap[0].effective & both) == both;
}

/*
 * Do maps tell the device that fstat() tells? Not on btrfs, nor on overlayfs
 * of some kernels: there a path is not enough.
 */
bool target_paths_tell(void)
{
	const char *path = target_path("mapped");
	const struct pft_map *map;
	struct pft_maps maps;
	struct stat st;
	void *area;
	bool same;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	area = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(area, MAP_FAILED);
	close(fd);
	assert_true(pft_maps_read(&maps, (uint32_t)getpid()));
	map = pft_maps_find(&maps, (uint64_t)(uintptr_t)area);
	assert_non_null(map);
	same = map->dev == st.st_dev && map->ino == st.st_ino;
	pft_maps_free(&maps);
	munmap(area, 1);
	unlink(path);
	return same;
}
