// SPDX-License-Identifier: GPL-2.0
/*
 * Prints what the completions of bash and zsh know of pftop: its commands,
 * options and the words that these take, from pftop's own tables. It is shell
 * that both understand. Fields of an entry have | between them.
 */

#include <stdio.h>
#include <string.h>

#include "column.h"
#include "digest.h"
#include "options.h"

/* What has no name is here called: live, run. */
static const char *command_word(unsigned int command)
{
	unsigned int i;

	for (i = 0; i < nr_command_defs; i++)
		if (command_defs[i].command == command)
			return command_defs[i].name;
	return command == COMMAND_RUN ? "run" : "live";
}

/* In single quotes; none of the texts has one. */
static void put_options(void)
{
	const struct option_def *def;
	unsigned int i, bit;

	(void)puts("_pftop_options=(");
	for (i = 0; i < nr_option_defs; i++) {
		def = &option_defs[i];
		(void)fputs("\t' ", stdout);
		for (bit = COMMAND_LIVE; bit <= COMMAND_REPORT; bit <<= 1)
			if (!def->commands || def->commands & bit)
				(void)printf("%s ", command_word(bit));
		(void)fputc('|', stdout);
		if (def->key < 256)
			(void)printf("-%c", def->key);
		(void)printf("|--%s|%s|%s'\n", def->name, def->argument ? def->argument : "",
			     def->help);
	}
	(void)puts(")");
}

static void put_names(const char *argument, unsigned int count,
		      const char *(*name)(unsigned int value))
{
	unsigned int i;

	(void)printf("\t'%s|", argument);
	for (i = 0; i < count; i++)
		if (strcmp(name(i), "-") != 0)
			(void)printf(" %s", name(i));
	(void)puts("'");
}

static const char *table_name(unsigned int value)
{
	return digest_tables[value].name;
}

static void put_columns(void)
{
	unsigned int i;

	(void)fputs("\t'COLUMN|", stdout);
	for (i = 0; i < nr_process_columns; i++)
		if (*process_columns[i].title)
			(void)printf(" %s", process_columns[i].key);
	(void)puts("'");
}

int main(void)
{
	unsigned int i;

	(void)puts("_pftop_commands=(");
	for (i = 0; i < nr_command_defs; i++)
		(void)printf("\t'%s|%s'\n", command_defs[i].name, command_defs[i].help);
	(void)puts(")");
	put_options();
	(void)puts("_pftop_values=(");
	put_names("CLASS", PFT_NR_CLASSES, pft_class_name);
	put_names("CAUSE", PFT_NR_CAUSES, pft_cause_name);
	put_names("LEVEL", PFT_NR_LEVELS, pft_level_name);
	put_names("ACCESS", PFT_NR_ACCESSES, pft_access_name);
	put_names("TABLE", nr_digest_tables, table_name);
	put_columns();
	(void)puts(")");
	return fflush(stdout) ? 1 : 0;
}
