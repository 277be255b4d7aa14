// SPDX-License-Identifier: GPL-2.0
/* The command line. */

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "append.h"
#include "option_value.h"
#include "output.h"
#include "say.h"

#define LIVE	COMMAND_LIVE
#define EVENTS	COMMAND_EVENTS
#define RUN	COMMAND_RUN
#define RECORD	COMMAND_RECORD
#define REPORT	COMMAND_REPORT
#define SHOWING	(LIVE | EVENTS | RUN | COMMAND_DOCTOR | REPORT)
#define OPENING	(LIVE | EVENTS | RUN | COMMAND_DOCTOR | RECORD)

const struct option_def option_defs[] = {
	{ 'b', "batch", NULL, LIVE, "write to standard output, without a screen" },
	{ 'n', "count", "N", LIVE | EVENTS | RECORD | REPORT, "end after N updates, events, snapshots or rows" },
	{ 'd', "delay", "SECONDS", LIVE | RECORD, "time between updates or snapshots (default 1)" },
	{ 'p', "pid", "PID[,PID...]", LIVE | EVENTS | RECORD | REPORT, "only these processes" },
	{ 'C', "comm", "NAME", LIVE | EVENTS | RECORD | REPORT, "only processes, or threads, of this name" },
	{ 's', "sort", "COLUMN", LIVE, "sort by this column" },
	{ KEY_COLUMNS, "columns", "COLUMN[,...]", LIVE, "show these columns, by title or key" },
	{ 'r', "reverse", NULL, LIVE, "sort the other way round" },
	{ 'H', "threads", NULL, LIVE, "a line per thread" },
	{ 't', "totals", NULL, LIVE, "totals, not rates" },
	{ 'a', "all", NULL, EVENTS, "begin with the oldest record that the rings hold" },
	{ KEY_DUMP, "dump", NULL, EVENTS, "write what the rings hold and end" },
	{ KEY_NO_MAP, "no-map", NULL, EVENTS, "read the rings, do not map them" },
	{ KEY_CLASS, "class", "CLASS[,...]", EVENTS | RECORD | REPORT, "only these: minor, major, invalid" },
	{ KEY_CAUSE, "cause", "CAUSE[,...]", EVENTS | RECORD | REPORT, "only faults of these causes" },
	{ KEY_LEVEL, "level", "LEVEL[,...]", EVENTS | RECORD | REPORT, "only these: pgd, p4d, pud, pmd, pte, prot" },
	{ KEY_ACCESS, "access", "ACCESS[,...]", EVENTS | RECORD | REPORT, "only these: r, w, x" },
	{ KEY_LATENCY, "min-latency", "US", EVENTS | RECORD | REPORT, "only those that took at least so many us" },
	{ KEY_FILE, "file", "GLOB", EVENTS | REPORT, "only on mappings of this name" },
	{ KEY_CGROUP, "cgroup", "ID", EVENTS | RECORD | REPORT, "only of this cgroup (v2)" },
	{ 'o', "output", "FILE", RUN | RECORD, "write the report, or the recording, there" },
	{ KEY_TABLE, "table", "TABLE", REPORT, "all of one table: see the manual for their names" },
	{ KEY_HTML, "html", "FILE", REPORT, "write a page for a browser there" },
	{ KEY_FOLDED, "folded", NULL, REPORT, "write process;cause;code COUNT, for flame graphs" },
	{ KEY_JSON, "json", NULL, SHOWING, "write JSON, one object per line" },
	{ KEY_CSV, "csv", NULL, SHOWING, "write comma separated values" },
	{ KEY_DEBUGFS, "debugfs", "DIR", OPENING, "another directory of pftrace, or a recording" },
	{ 'h', "help", NULL, 0, "print this and end" },
	{ 'V', "version", NULL, 0, "print the version and end" },
};

const unsigned int nr_option_defs = sizeof(option_defs) / sizeof(option_defs[0]);

const struct command_def command_defs[] = {
	{ "events", COMMAND_EVENTS, "one line per fault" },
	{ "record", COMMAND_RECORD, "keep records in a file" },
	{ "report", COMMAND_REPORT, "say what is in such a file" },
	{ "doctor", COMMAND_DOCTOR, "can it run here, and what to do if not" },
};

const unsigned int nr_command_defs = sizeof(command_defs) / sizeof(command_defs[0]);

static const char *command_name(enum command command)
{
	switch (command) {
	case COMMAND_LIVE:
		break;
	case COMMAND_EVENTS:
		return "pftop events";
	case COMMAND_RUN:
		return "pftop -- CMD";
	case COMMAND_DOCTOR:
		return "pftop doctor";
	case COMMAND_RECORD:
		return "pftop record";
	case COMMAND_REPORT:
		return "pftop report";
	}
	return "pftop";
}

/**
 * options_help - print the usage
 * @file: where
 */
void options_help(FILE *file)
{
	const struct option_def *def;
	char left[48];
	unsigned int i;

	(void)fputs("usage: pftop [OPTIONS]                   live, like top\n"
		    "       pftop -b [OPTIONS]                the same to a pipe or file\n"
		    "       pftop events [OPTIONS]            one line per fault\n"
		    "       pftop [OPTIONS] -- CMD ARGS       run CMD, then say what its faults were\n"
		    "       pftop record -o FILE [-- CMD]     keep records in FILE\n"
		    "       pftop report FILE [OPTIONS]       say what is in it\n"
		    "       pftop doctor                      can it run here, and what to do if not\n"
		    "\n", file);
	for (i = 0; i < nr_option_defs; i++) {
		def = &option_defs[i];
		(void)snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
			       def->key < 256 ? '-' : ' ', def->key < 256 ? def->key : ' ',
			       def->key < 256 ? "," : " ", def->name,
			       def->argument ? " " : "", def->argument ? def->argument : "");
		(void)fprintf(file, "  %-26s %s\n", left, def->help);
	}
	(void)fputs("\nExit status: 0 good, 1 error, 2 wrong usage; with CMD, the status of CMD.\n",
		    file);
}

/* What asks for nothing but a text. As good as an error: there is nothing left to do. */
static int print_about(int key)
{
	if (key == 'h')
		options_help(stdout);
	else
		(void)printf("pftop %s, pftrace ABI %d.%d, JSON %d\n", PFTOP_VERSION,
			     PFT_ABI_MAJOR, PFT_ABI_MINOR, OUTPUT_JSON_VERSION);
	if ((!fflush(stdout) && !ferror(stdout)) || errno == EPIPE)
		return -1;
	say("cannot write: %s", strerror(errno));
	return EXIT_ERROR;
}

struct parser {
	struct option longs[sizeof(option_defs) / sizeof(option_defs[0]) + 1];
	char shorts[sizeof(option_defs) / sizeof(option_defs[0]) * 2 + 3];
	bool used[sizeof(option_defs) / sizeof(option_defs[0])];
	bool dashes;	/* the options ended with "--" */
};

static void make_tables(struct parser *parser)
{
	const struct option_def *def;
	char *next = parser->shorts;
	unsigned int i;

	*next++ = '+';	/* stop at the first word that is no option */
	*next++ = ':';	/* no messages: getopt_long() writes the words raw */
	for (i = 0; i < nr_option_defs; i++) {
		def = &option_defs[i];
		parser->longs[i].name = def->name;
		parser->longs[i].has_arg = def->argument ? required_argument : no_argument;
		parser->longs[i].val = def->key;
		if (def->key > 255)
			continue;
		*next++ = (char)def->key;
		if (def->argument)
			*next++ = ':';
	}
}

/* A word that begins more than one option, or none. */
static int word_error(const char *word)
{
	size_t length = strcspn(word, "=");
	char list[256] = "";
	struct append names = { list, sizeof(list), 0 };
	unsigned int i, count = 0;

	for (i = 0; i < nr_option_defs; i++) {
		if (strncmp(option_defs[i].name, word + 2, length - 2) != 0)
			continue;
		append(&names, " --%s", option_defs[i].name);
		count++;
	}
	if (count < 2)
		return say_usage("there is no option", word);
	say("%s could be%s (try pftop --help)", word, list);
	return EXIT_USAGE;
}

/* What getopt_long() found wrong: @key is what it returned, @word the last one it looked at. */
static int option_error(int key, const char *word)
{
	const struct option_def *def = NULL;
	unsigned int i;

	for (i = 0; i < nr_option_defs; i++)
		if (option_defs[i].key == optopt)
			def = &option_defs[i];
	if (!def && !optopt)
		return word_error(word);
	if (!def)
		say("there is no option -%c (try pftop --help)", optopt);
	else if (key == ':')
		say("--%s needs a value: %s (try pftop --help)", def->name, def->argument);
	else
		say("--%s takes no value (try pftop --help)", def->name);
	return EXIT_USAGE;
}

/* Parses options up to the first other word. Sets @used words. */
static int parse_some(struct options *options, struct parser *parser, int argc, char **argv,
		      int *used)
{
	const char *last_value = NULL;
	unsigned int i;
	int key, ret;

	*used = argc;
	optind = 0;	/* glibc: begin anew */
	while ((key = getopt_long(argc, argv, parser->shorts, parser->longs, NULL)) != -1) {
		if (key == '?' || key == ':')
			return option_error(key, argv[optind - 1]);
		last_value = optarg;
		ret = key == 'h' || key == 'V' ? print_about(key) :
						 option_value(options, key, optarg);
		if (ret)
			return ret;
		for (i = 0; i < nr_option_defs; i++)
			parser->used[i] |= option_defs[i].key == key;
	}
	*used = optind;
	/* "-C --" ends like this, too, but there it is the value of -C. */
	parser->dashes = optind > 1 && !strcmp(argv[optind - 1], "--") &&
			 argv[optind - 1] != last_value;
	return 0;
}

static const struct command_def *find_command(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_command_defs; i++)
		if (!strcmp(command_defs[i].name, name))
			return &command_defs[i];
	return NULL;
}

static int check_options(const struct options *options, const struct parser *parser)
{
	unsigned int i;

	for (i = 0; i < nr_option_defs; i++) {
		if (!parser->used[i] || !option_defs[i].commands ||
		    option_defs[i].commands & options->command)
			continue;
		say("--%s is not for %s (try pftop --help)",
		    option_defs[i].name, command_name(options->command));
		return EXIT_USAGE;
	}
	return 0;
}

/* A report is written once. */
static int check_outputs(const struct options *options)
{
	bool formatted = options->format != FORMAT_TEXT;

	if ((options->html != NULL) + options->folded + (options->table || formatted) > 1)
		return say_usage("--html and --folded exclude each other, and --table, --json and --csv",
				 NULL);
	return 0;
}

/* What is behind the name of a command; options may stand on both sides of a file. */
static int parse_command(struct options *options, struct parser *parser, int argc, char **argv)
{
	int ret, used;

	ret = parse_some(options, parser, argc, argv, &used);
	if (!ret && options->command == COMMAND_REPORT && used < argc) {
		options->recording = argv[used];
		argc -= used;
		argv += used;
		if (parser->dashes)
			used = 1;	/* what looks like an option is none */
		else
			ret = parse_some(options, parser, argc, argv, &used);
	}
	if (ret)
		return ret;
	if (options->command == COMMAND_RECORD && parser->dashes && used < argc) {
		options->argv = argv + used;
		used = argc;
	}
	if (used < argc)
		return say_usage("too many words:", argv[used]);
	if (options->command == COMMAND_RECORD && !options->output)
		return say_usage("record needs a file: pftop record -o FILE", NULL);
	if (options->command == COMMAND_REPORT && (!options->recording || !*options->recording))
		return say_usage("report needs a file that pftop record wrote", NULL);
	ret = check_options(options, parser);
	return ret ? ret : check_outputs(options);
}

/**
 * options_parse - read the command line
 * @options: to be filled
 * @argc: of main()
 * @argv: of main(); must stay, @options points into it
 *
 * Prints what is wrong, or what --help and --version ask for.
 *
 * Return: 0 to go on, EXIT_USAGE or EXIT_ERROR to end, -1 to end well.
 */
int options_parse(struct options *options, int argc, char **argv)
{
	const struct command_def *command;
	struct parser parser;
	int ret, used;

	memset(options, 0, sizeof(*options));
	memset(&parser, 0, sizeof(parser));
	options->command = COMMAND_LIVE;
	options->delay = 1;
	make_tables(&parser);
	ret = parse_some(options, &parser, argc, argv, &used);
	if (ret)
		return ret;
	if (!parser.dashes && used < argc) {
		command = find_command(argv[used]);
		if (!command) {
			say("there is no command %s; to run a program: pftop -- %s (try pftop --help)",
			    argv[used], argv[used]);
			return EXIT_USAGE;
		}
		options->command = command->command;
		return parse_command(options, &parser, argc - used, argv + used);
	} else if (parser.dashes) {
		if (used == argc)
			return say_usage("a program is missing behind --", NULL);
		options->command = COMMAND_RUN;
		options->argv = argv + used;
	}
	return check_options(options, &parser);
}

/**
 * options_wants - do the filters -p and -C let this process through?
 * @options: from options_parse()
 * @pid: its process id
 * @comm: its name, as the kernel cut it
 *
 * Return: true where it is to be shown.
 */
bool options_wants(const struct options *options, uint32_t pid, const char *comm)
{
	unsigned int i;

	/* The kernel keeps 15 bytes of a name: do not ask for more. */
	if (options->comm && strncmp(options->comm, comm, PFT_COMM_LEN - 1) != 0)
		return false;
	if (!options->nr_pids)
		return true;
	for (i = 0; i < options->nr_pids; i++)
		if (options->pids[i] == pid)
			return true;
	return false;
}
