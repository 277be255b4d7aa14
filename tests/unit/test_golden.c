// SPDX-License-Identifier: GPL-2.0
/*
 * Runs pftop on fake directories and compares all it says with files that a
 * person has read: tests/golden/NAME.test holds the command, its exit status
 * and its two outputs. "@" is the directory that holds the fake ones. With
 * UPDATE=1 the files are written anew.
 */

#include <errno.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"

#define GOLDEN	"../golden"
#define BIG	65536

static char dir[64];

struct golden {
	char path[256];
	char command[1024];
	char expected[BIG];
};

static void slurp(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t got;

	assert_non_null(file);
	got = fread(text, 1, size - 1, file);
	text[got] = '\0';
	fclose(file);
}

/* Replaces each @from with @to, which may not be longer. */
static void replace(char *text, const char *from, const char *to)
{
	size_t a = strlen(from), b = strlen(to);

	assert_true(b <= a);
	while ((text = strstr(text, from))) {
		memcpy(text, to, b);
		memmove(text + b, text + a, strlen(text + a) + 1);
		text += b;
	}
}

/* The time of day is the only thing that differs from run to run. */
static void cut_times(char *text)
{
	regmatch_t match[3];
	regex_t regex;

	assert_int_equal(regcomp(&regex, "(^|\n|\"time\":)([0-9]{9,}\\.[0-9]+)[,}]", REG_EXTENDED), 0);
	while (!regexec(&regex, text, 3, match, 0)) {
		text += match[2].rm_so;
		*text = 'T';
		memmove(text + 1, text + match[2].rm_eo - match[2].rm_so,
			strlen(text + match[2].rm_eo - match[2].rm_so) + 1);
	}
	regfree(&regex);
}

static void run(const char *command, char *result)
{
	char full[4096], out[BIG / 4], err[BIG / 4], path[128], line[1024];
	int status;

	snprintf(line, sizeof(line), "%s", command);
	/* The command names the directory as "@". */
	snprintf(full, sizeof(full),
		 "cd %s && export LC_ALL=C TERM=dumb && { %s\n} >%s/out 2>%s/err </dev/null",
		 dir, line, dir, dir);
	status = system(full);
	assert_true(WIFEXITED(status));
	snprintf(path, sizeof(path), "%s/out", dir);
	slurp(path, out, sizeof(out));
	snprintf(path, sizeof(path), "%s/err", dir);
	slurp(path, err, sizeof(err));
	snprintf(result, BIG, "$ %s\n--- status %d\n--- out\n%s--- err\n%s", command,
		 WEXITSTATUS(status), out, err);
	replace(result, dir, "@");
	cut_times(result);
}

static void test_golden(void **state)
{
	struct golden *golden = *state;
	static char result[BIG];
	FILE *file;

	run(golden->command, result);
	if (getenv("UPDATE")) {
		file = fopen(golden->path, "w");
		assert_non_null(file);
		fputs(result, file);
		fclose(file);
		return;
	}
	assert_string_equal(result, golden->expected);
}

static int setup(void **state)
{
	char command[256];

	(void)state;
	fake_dir(dir);
	snprintf(command, sizeof(command), "cp -r %s/*/ %s/", GOLDEN, dir);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof(command), "%s/basic", dir);
	fake_rings(command);
	snprintf(command, sizeof(command), "%s/causes", dir);
	fake_rings(command);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_remove(dir);
	return 0;
}

int main(void)
{
	struct CMUnitTest *tests;
	struct golden *golden;
	char *end;
	glob_t found;
	size_t i;
	int ret;

	if (!getenv("PFTOP") || glob(GOLDEN "/*.test", 0, NULL, &found) || !found.gl_pathc) {
		fprintf(stderr, "no PFTOP, or no golden files\n");
		return 1;
	}
	tests = calloc(found.gl_pathc, sizeof(*tests));
	golden = calloc(found.gl_pathc, sizeof(*golden));
	for (i = 0; i < found.gl_pathc; i++) {
		snprintf(golden[i].path, sizeof(golden[i].path), "%s", found.gl_pathv[i]);
		slurp(golden[i].path, golden[i].expected, BIG);
		end = strchr(golden[i].expected, '\n');
		snprintf(golden[i].command, sizeof(golden[i].command), "%.*s",
			 (int)(end - golden[i].expected) - 2, golden[i].expected + 2);
		tests[i].name = strrchr(golden[i].path, '/') + 1;
		tests[i].test_func = test_golden;
		tests[i].initial_state = &golden[i];
	}
	ret = _cmocka_run_group_tests("golden", tests, found.gl_pathc, setup, teardown);
	free(tests);
	free(golden);
	globfree(&found);
	return ret;
}
