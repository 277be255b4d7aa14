// SPDX-License-Identifier: GPL-2.0
/* The command line, and that --help and the manual know the same options. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column.h"
#include "fake.h"
#include "options.h"

#define MANUAL	"../../Documentation/pftop.8"

static struct options options;

static int parse(const char *line)
{
	static char words[512];
	static char *argv[32];
	int argc = 0;
	char *word;

	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return options_parse(&options, argc, argv);
}

static void test_live(void **state)
{
	(void)state;
	assert_int_equal(parse("pftop"), 0);
	assert_int_equal(options.command, COMMAND_LIVE);
	assert_true(options.delay > 0.99 && options.delay < 1.01);
	assert_int_equal(parse("pftop -bn5 -d0.5 -p 1,22,333 -C cc1 -s MINOR -r -H -t"), 0);
	assert_true(options.batch && options.reverse && options.threads && options.totals);
	assert_int_equal(options.count, 5);
	assert_int_equal(options.nr_pids, 3);
	assert_int_equal(options.pids[2], 333);
	assert_string_equal(options.comm, "cc1");
	assert_true(options.delay > 0.49 && options.delay < 0.51);
	assert_int_equal(parse("pftop --debugfs /x --json"), 0);
	assert_string_equal(options.debugfs, "/x");
	assert_int_equal(options.format, FORMAT_JSON);
}

static void test_commands(void **state)
{
	(void)state;
	assert_int_equal(parse("pftop --debugfs /x events -n 3 --dump"), 0);
	assert_int_equal(options.command, COMMAND_EVENTS);
	assert_string_equal(options.debugfs, "/x");
	assert_int_equal(options.count, 3);
	assert_true(options.dump && options.all);
	assert_int_equal(parse("pftop doctor"), 0);
	assert_int_equal(options.command, COMMAND_DOCTOR);
	assert_int_equal(parse("pftop -- ls -l --json -- x"), 0);
	assert_int_equal(options.command, COMMAND_RUN);
	assert_int_equal(options.format, FORMAT_TEXT);
	assert_string_equal(options.argv[0], "ls");
	assert_string_equal(options.argv[4], "x");
	assert_null(options.argv[5]);
	assert_int_equal(parse("pftop --json -o f -- events"), 0);
	assert_int_equal(options.command, COMMAND_RUN);
	assert_string_equal(options.argv[0], "events");
	assert_int_equal(parse("pftop record -o f -d 0.5 -p 7 --class major -- ls -l"), 0);
	assert_int_equal(options.command, COMMAND_RECORD);
	assert_string_equal(options.output, "f");
	assert_string_equal(options.argv[1], "-l");
	assert_int_equal(options.filter.classes, 1 << PFT_MAJOR);
	assert_int_equal(parse("pftop report --csv f --table vmas"), 0);
	assert_int_equal(options.command, COMMAND_REPORT);
	assert_string_equal(options.recording, "f");
	assert_string_equal(options.table, "vmas");
	assert_int_equal(options.format, FORMAT_CSV);
	assert_int_equal(parse("pftop report --csv --table vmas -- --json"), 0);
	assert_string_equal(options.recording, "--json");
	assert_int_equal(options.format, FORMAT_CSV);
	assert_int_equal(parse("pftop report -- f g"), EXIT_USAGE);
	/* Here "--" is a name, not the end of the options. */
	assert_int_equal(parse("pftop -C -- -b"), 0);
	assert_int_equal(options.command, COMMAND_LIVE);
	assert_string_equal(options.comm, "--");
	assert_true(options.batch);
}

static void test_filter(void **state)
{
	(void)state;
	assert_int_equal(parse("pftop -p 5,7 -C a_name_longer_than_15_bytes"), 0);
	assert_true(options_wants(&options, 5, "a_name_longer_t"));
	assert_true(options_wants(&options, 7, "a_name_longer_t"));
	assert_false(options_wants(&options, 6, "a_name_longer_t"));
	assert_false(options_wants(&options, 5, "a_name_longer"));
	assert_int_equal(parse("pftop"), 0);
	assert_true(options_wants(&options, 6, ""));
}

/* The options that the manual's section OPTIONS explains, as " -b --batch ...". */
static void manual_options(char *text, size_t size)
{
	FILE *file = fopen(MANUAL, "r");
	bool inside = false, heading = false;
	char line[512], clean[512], *from, *to, *word;

	assert_non_null(file);
	text[0] = '\0';
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, ".SH ", 4))
			inside = !strcmp(line, ".SH OPTIONS\n");
		if (inside && heading) {
			/* Roff writes a minus as \- and changes fonts with \f. */
			for (from = line, to = clean; *from; from++) {
				if (*from == '\\' && from[1] == 'f')
					from += 2;
				else if (*from != '\\')
					*to++ = strchr("\",\n", *from) ? ' ' : *from;
			}
			*to = '\0';
			for (word = strtok(clean, " "); word; word = strtok(NULL, " ")) {
				if (*word != '-')
					continue;
				assert_true(strlen(text) + strlen(word) + 2 < size);
				strcat(text, " ");
				strcat(text, word);
			}
		}
		heading = !strcmp(line, ".TP\n");
	}
	fclose(file);
}

static void table_options(char *text, size_t size)
{
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < nr_option_defs; i++) {
		const struct option_def *def = &option_defs[i];
		size_t used = strlen(text);

		if (def->key < 256)
			snprintf(text + used, size - used, " -%c --%s", def->key, def->name);
		else
			snprintf(text + used, size - used, " --%s", def->name);
	}
}

static void test_manual(void **state)
{
	char manual[2048], table[2048];

	(void)state;
	manual_options(manual, sizeof(manual));
	table_options(table, sizeof(table));
	assert_string_equal(manual, table);
}

static void test_help(void **state)
{
	char *text = NULL, wanted[64], *line;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	unsigned int i;

	(void)state;
	options_help(file);
	fclose(file);
	for (i = 0; i < nr_option_defs; i++) {
		snprintf(wanted, sizeof(wanted), " --%s", option_defs[i].name);
		assert_non_null(strstr(text, wanted));
		assert_non_null(strstr(text, option_defs[i].help));
	}
	for (i = 0; i < nr_command_defs; i++) {
		snprintf(wanted, sizeof(wanted), " pftop %s ", command_defs[i].name);
		assert_non_null(strstr(text, wanted));
	}
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_in_range(strlen(line), 1, 80);
	free(text);
}

/* Keys are what programs rely on: no two alike, and nothing but a-z and _. */
static void test_columns(void **state)
{
	unsigned int i, j;
	const char *c;

	(void)state;
	for (i = 0; i < nr_process_columns; i++) {
		for (c = process_columns[i].key; *c; c++)
			assert_true(islower(*c) || isdigit(*c) || *c == '_' || *c == '-');
		for (j = 0; j < i; j++)
			assert_string_not_equal(process_columns[i].key, process_columns[j].key);
	}
	assert_ptr_equal(column_find("MIN/S"), column_find("minor_per_s"));
	assert_null(column_find("interval_s"));
	assert_null(column_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
