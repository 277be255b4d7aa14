// SPDX-License-Identifier: GPL-2.0
/* What bash and zsh offer behind "pftop", asked of these shells themselves. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "column.h"
#include "digest.h"
#include "fake.h"
#include "options.h"

#define BIG	65536

/* Scripts come by standard input, so that nothing in them needs quotes. */
static void run(const char *shell, const char *script, char *out)
{
	char command[256], path[128];
	FILE *pipe, *file;
	size_t got;

	fake_file(fake_root_dir, "script", script);
	snprintf(command, sizeof(command), "cd %s && %s script 2>err", fake_root_dir, shell);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	got = fread(out, 1, BIG - 1, pipe);
	out[got] = '\0';
	assert_int_equal(pclose(pipe), 0);
	snprintf(path, sizeof(path), "%s/err", fake_root_dir);
	file = fopen(path, "r");
	assert_non_null(file);
	got = fread(path, 1, sizeof(path) - 1, file);
	path[got] = '\0';
	fclose(file);
	assert_string_equal(path, "");
}

/* What bash offers for the last word of @line, each with a blank before and behind it. */
static void in_bash(const char *line, char *offers)
{
	char script[1024];
	char *c;

	/* At the cursor there is a word, if an empty one. */
	snprintf(script, sizeof(script),
		 "source $COMPLETION/pftop\n"
		 "COMP_WORDS=(%s%s)\n"
		 "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
		 "_pftop\n"
		 "[ ${#COMPREPLY[@]} = 0 ] || printf ' %%s\\n' \"${COMPREPLY[@]}\" | LC_ALL=C sort -u\n",
		 line, line[strlen(line) - 1] == ' ' ? "''" : "");
	run("bash --norc --noprofile", script, offers);
	for (c = offers; *c; c++)
		if (*c == '\n')
			*c = ' ';
}

static void expect(const char *line, const char *offers)
{
	static char got[BIG];

	in_bash(line, got);
	if (strcmp(got, offers) != 0)
		fail_msg("%s: %s", line, got);
}

static bool offered(const char *offers, const char *word)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), " %s ", word);
	return strstr(offers, wanted);
}

struct command_line {
	const char *line;
	unsigned int commands;
};

static const struct command_line lines[] = {
	/* Not yet clear which of the two it is. */
	{ "pftop", COMMAND_LIVE | COMMAND_RUN },
	{ "pftop -o file", COMMAND_LIVE | COMMAND_RUN },
	{ "pftop events", COMMAND_EVENTS },
	{ "pftop -n 3 events -p 7", COMMAND_EVENTS },
	{ "pftop record", COMMAND_RECORD },
	{ "pftop report", COMMAND_REPORT },
	{ "pftop --debugfs events report file", COMMAND_REPORT },
	{ "pftop doctor", COMMAND_DOCTOR },
};

#define NR_LINES	(sizeof(lines) / sizeof(lines[0]))

/* Every option that the command has, and no other. */
static void test_options(void **state)
{
	static char offers[BIG];
	char line[128], option[64];
	bool wanted;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < NR_LINES; i++) {
		snprintf(line, sizeof(line), "%s -", lines[i].line);
		in_bash(line, offers);
		for (j = 0; j < nr_option_defs; j++) {
			const struct option_def *def = &option_defs[j];

			wanted = !def->commands || def->commands & lines[i].commands;
			snprintf(option, sizeof(option), "--%s", def->name);
			if (offered(offers, option) != wanted)
				fail_msg("%s: %s in %s", line, option, offers);
			snprintf(option, sizeof(option), "-%c", def->key);
			if (def->key < 256 && offered(offers, option) != wanted)
				fail_msg("%s: %s in %s", line, option, offers);
		}
		assert_int_equal(offered(offers, "--"), (lines[i].commands &
			(COMMAND_LIVE | COMMAND_RUN | COMMAND_RECORD)) != 0);
	}
}

static void test_commands(void **state)
{
	static char offers[BIG];
	unsigned int i;

	(void)state;
	in_bash("pftop ", offers);
	for (i = 0; i < nr_command_defs; i++)
		assert_true(offered(offers, command_defs[i].name));
	expect("pftop re", " record  report ");
	expect("pftop -d 1 do", " doctor ");
	expect("pftop doctor ", "");
	/* A value that looks like a command is none. */
	expect("pftop -C events do", " doctor ");
}

static void test_values(void **state)
{
	static char offers[BIG];
	unsigned int i;

	(void)state;
	expect("pftop events --class m", " major  minor ");
	expect("pftop events --class = m", " major  minor ");
	expect("pftop events --class = minor,i", " minor,invalid ");
	expect("pftop events --access ", " r  w  x ");
	expect("pftop report f --level p4d,pgd,pt", " p4d,pgd,pte ");
	expect("pftop events --cause file,zero-", " file,zero-read ");
	expect("pftop events --min-latency ", "");
	in_bash("pftop report f --table ", offers);
	for (i = 0; i < nr_digest_tables; i++)
		assert_true(offered(offers, digest_tables[i].name));
	in_bash("pftop --columns ", offers);
	for (i = 0; i < nr_process_columns; i++)
		assert_int_equal(offered(offers, process_columns[i].key),
				 *process_columns[i].title != '\0');
	in_bash("pftop --sort ", offers);
	assert_true(offered(offers, "fault_percent"));
}

static void test_processes(void **state)
{
	static char offers[BIG];
	char pid[64], line[64], name[32];
	FILE *file;

	(void)state;
	snprintf(pid, sizeof(pid), "1,%d", getpid());
	snprintf(line, sizeof(line), "pftop -p 1,%.3s", pid + 2);
	in_bash(line, offers);
	assert_true(offered(offers, pid));
	/* Under valgrind this program has another name. */
	file = fopen("/proc/self/comm", "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%31s", name), 1);
	fclose(file);
	snprintf(line, sizeof(line), "pftop -C %.8s", name);
	in_bash(line, offers);
	assert_true(offered(offers, name));
}

static void test_files(void **state)
{
	char path[128];

	(void)state;
	fake_file(fake_root_dir, "one.pft", "");
	snprintf(path, sizeof(path), "%s/one dir", fake_root_dir);
	assert_int_equal(mkdir(path, 0700), 0);
	expect("pftop report on", " one dir  one.pft ");
	expect("pftop record -o one.", " one.pft ");
	expect("pftop report f --html on", " one dir  one.pft ");
	expect("pftop --debugfs one.", " one.pft ");
	expect("pftop record on", "");
	/* Behind "--" it is another program's line. */
	expect("pftop -- basenam", " basename ");
	expect("pftop record -o f -- ls one.", " one.pft ");
}

/* zsh: what pftop's function asks of zsh's own, which are replaced. */
static void in_zsh(const char *words, char *out)
{
	char script[1024];

	snprintf(script, sizeof(script),
		 "_arguments() { print -rl -- \"$@\" }\n"
		 "_normal() { print -r -- normal $CURRENT $words }\n"
		 "fpath=($COMPLETION)\n"
		 "autoload -Uz _pftop\n"
		 "words=(%s)\n"
		 "CURRENT=$#words\n"
		 "_pftop\n", words);
	run("zsh -f", script, out);
}

static void test_zsh(void **state)
{
	static char out[BIG];
	char line[128], spec[256];
	const struct option_def *def;
	unsigned int i, j;
	bool wanted;

	(void)state;
	for (i = 0; i < NR_LINES; i++) {
		snprintf(line, sizeof(line), "%s -", lines[i].line);
		in_zsh(line, out);
		for (j = 0; j < nr_option_defs; j++) {
			def = &option_defs[j];
			wanted = !def->commands || def->commands & lines[i].commands;
			snprintf(spec, sizeof(spec), ")--%s%s[%s]%s", def->name,
				 def->argument ? "=" : "", def->help, def->argument ? ":" : "\n");
			if ((strstr(out, spec) != NULL) != wanted)
				fail_msg("%s: %s in %s", line, spec, out);
			if (def->key > 255)
				continue;
			snprintf(spec, sizeof(spec), "(-%c --%s)-%c[", def->key, def->name,
				 def->key);
			assert_int_equal(strstr(out, spec) != NULL, wanted);
		}
	}
	in_zsh("pftop report ''", out);
	assert_non_null(strstr(out, "\n2:recording:_files\n"));
	in_zsh("pftop record -o f -- ls -l x", out);
	assert_string_equal(out, "normal 3 ls -l x\n");
	/* Here "--" is a name. */
	in_zsh("pftop -C -- ''", out);
	assert_non_null(strstr(out, "\n1: :_pftop_command_words\n"));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, fake_root_setup, fake_root_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_options),
		TEST(test_commands),
		TEST(test_values),
		TEST(test_processes),
		TEST(test_files),
		TEST(test_zsh),
	};

	return cmocka_run_group_tests_name("completion", tests, NULL, NULL);
}
