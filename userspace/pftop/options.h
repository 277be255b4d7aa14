/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_OPTIONS_H
#define PFTOP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "filter.h"

#define OPTIONS_PIDS_MAX	64
#define PFTOP_VERSION		"0.1.0"

/* Exit statuses; they are in the manual. */
#define EXIT_OK		0
#define EXIT_ERROR	1
#define EXIT_USAGE	2

/**
 * enum command - what pftop is to do; a bit each, for option_def.commands
 * @COMMAND_LIVE: screen or batch
 * @COMMAND_EVENTS: one line per fault
 * @COMMAND_RUN: run a program
 * @COMMAND_DOCTOR: can it run here
 * @COMMAND_RECORD: keep records in a file
 * @COMMAND_REPORT: say what is in such a file
 */
enum command {
	COMMAND_LIVE = 1,
	COMMAND_EVENTS = 2,
	COMMAND_RUN = 4,
	COMMAND_DOCTOR = 8,
	COMMAND_RECORD = 16,
	COMMAND_REPORT = 32,
};

/**
 * enum format - how tables are written
 * @FORMAT_TEXT: aligned, for eyes and awk
 * @FORMAT_JSON: one JSON object per line
 * @FORMAT_CSV: comma separated values with a header line
 */
enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_CSV,
};

/**
 * struct option_def - one option; --help, the parser and the check of the
 * manual all come from the table of these
 * @key: short option, or a number above 255 where there is none
 * @name: long option
 * @argument: name of its argument, or NULL
 * @commands: enum command bits it is for; 0 means all
 * @help: one line
 */
struct option_def {
	int key;
	const char *name;
	const char *argument;
	unsigned int commands;
	const char *help;
};

/**
 * struct command_def - a command that has a name
 * @name: its name
 * @command: which
 * @help: one line
 */
struct command_def {
	const char *name;
	enum command command;
	const char *help;
};

/**
 * struct options - what the command line said
 * @command: what to do
 * @format: how to write
 * @batch: no screen
 * @count: updates or events, 0 without end
 * @delay: seconds between updates
 * @pids: only these processes
 * @nr_pids: number of them, 0 for all
 * @comm: only processes of this name, or NULL
 * @sort: column to sort by, or NULL
 * @columns: columns to show, or NULL
 * @reverse: sort the other way round
 * @threads: a line per thread
 * @totals: totals, not rates
 * @all: begin with the oldest record held
 * @dump: end at the newest record
 * @no_map: read rings, do not map them
 * @filter: which records
 * @output: file for the report of a run, or for a recording, or NULL
 * @recording: file of a recording, or NULL
 * @table: the one table that is wanted, or NULL
 * @html: file for a report as a page, or NULL
 * @folded: stacks for a flame graph
 * @debugfs: directory of pftrace, or NULL
 * @argv: program to run and its arguments
 */
struct options {
	enum command command;
	enum format format;
	bool batch;
	uint64_t count;
	double delay;
	uint32_t pids[OPTIONS_PIDS_MAX];
	unsigned int nr_pids;
	const char *comm;
	const char *sort;
	const char *columns;
	bool reverse;
	bool threads;
	bool totals;
	bool all;
	bool dump;
	bool no_map;
	struct filter filter;
	const char *output;
	const char *recording;
	const char *table;
	const char *html;
	bool folded;
	const char *debugfs;
	char **argv;
};

extern const struct option_def option_defs[];
extern const unsigned int nr_option_defs;
extern const struct command_def command_defs[];
extern const unsigned int nr_command_defs;

int options_parse(struct options *options, int argc, char **argv);
void options_help(FILE *file);
bool options_wants(const struct options *options, uint32_t pid, const char *comm);

#endif /* PFTOP_OPTIONS_H */
