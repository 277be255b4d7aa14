/* SPDX-License-Identifier: GPL-2.0 */
/* Programs and libraries for tests of symbols: built, run, and asked what they are. */
#ifndef TARGET_H
#define TARGET_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <setjmp.h>
#include <cmocka.h>

#define TARGET_PLACES	256

/**
 * struct place - what a program says of itself
 * @name: a function
 * @function: its address
 * @ip: an address in it, of the instruction that called
 * @line: the line of that
 */
struct place {
	char name[1024];
	uint64_t function;
	uint64_t ip;
	unsigned int line;
};

/**
 * struct target - a program that has said all and waits to be killed
 * @pid: the program
 * @out: where it says something
 * @count: of @place
 * @place: what it said
 */
struct target {
	pid_t pid;
	int out;
	unsigned int count;
	struct place place[TARGET_PLACES];
};

extern char target_dir[64];

int target_setup(void **state);
int target_teardown(void **state);
bool target_try(const char *const *argv);
void target_run(const char *tool, ...) __attribute__((sentinel));
const char *target_path(const char *name);
void target_program(const char *name, const char *flag, ...) __attribute__((sentinel));
void target_library(const char *name, const char *prefix, const char *flag, ...)
	__attribute__((sentinel));
void target_start(struct target *target, const char *program, ...) __attribute__((sentinel));
void target_stop(struct target *target);
const struct place *target_place(const struct target *target, const char *name);
bool target_only_paths(bool only);
bool target_is_admin(void);
bool target_paths_tell(void);

#endif /* TARGET_H */
