// SPDX-License-Identifier: GPL-2.0
/* The values of options: what each sets, and what it can be. */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "column.h"
#include "option_value.h"
#include "say.h"

static bool parse_count(const char *text, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno && !*end && *value > 0;
}

/**
 * option_delay - read the time between two updates
 * @text: seconds
 * @value: where to put it
 *
 * Return: false where it is none.
 */
bool option_delay(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && !*end && isfinite(*value) && *value >= 0.1 && *value <= 3600;
}

static bool parse_pids(struct options *options, const char *text)
{
	uint64_t pid;
	char *end;

	for (;;) {
		if (*text < '0' || *text > '9' || options->nr_pids == OPTIONS_PIDS_MAX)
			return false;
		errno = 0;
		pid = strtoull(text, &end, 10);
		if (errno || !pid || pid > INT32_MAX)
			return false;
		options->pids[options->nr_pids++] = (uint32_t)pid;
		if (!*end)
			return true;
		if (*end != ',')
			return false;
		text = end + 1;
	}
}

/**
 * option_pids - other process ids than before
 * @options: where to put them
 * @text: process ids with commas between; empty for all processes
 *
 * Return: false where they are none; then nothing is changed.
 */
bool option_pids(struct options *options, const char *text)
{
	struct options fresh = { 0 };

	if (*text && !parse_pids(&fresh, text))
		return false;
	memcpy(options->pids, fresh.pids, sizeof(options->pids));
	options->nr_pids = fresh.nr_pids;
	return true;
}

/* Where a word of the list is wrong: says which, and which words there are. */
static int set_list(const char *option, const char *value, int (*find)(const char *name),
		    uint64_t *bits, unsigned int count, const char *(*name)(unsigned int value))
{
	char list[1024], bad[64];
	struct append names = { list, sizeof(list), 0 };
	unsigned int i;

	if (filter_list(value, find, bits, bad, sizeof(bad)))
		return 0;
	for (i = 0; i < count; i++)
		if (strcmp(name(i), "-") != 0)
			append(&names, " %s", name(i));
	say("--%s: there is no %s \"%s\"; there are%s (try pftop --help)", option, option, bad,
	    list);
	return EXIT_USAGE;
}

static int set_filter(struct filter *filter, int key, const char *value)
{
	switch (key) {
	case KEY_CLASS:
		return set_list("class", value, pft_class_find, &filter->classes,
				PFT_NR_CLASSES, pft_class_name);
	case KEY_CAUSE:
		return set_list("cause", value, pft_cause_find, &filter->causes,
				PFT_NR_CAUSES, pft_cause_name);
	case KEY_LEVEL:
		return set_list("level", value, pft_level_find, &filter->levels,
				PFT_NR_LEVELS, pft_level_name);
	case KEY_ACCESS:
		return set_list("access", value, pft_access_find, &filter->accesses,
				PFT_NR_ACCESSES, pft_access_name);
	case KEY_LATENCY:
		if (!filter_latency(value, &filter->min_latency_ns))
			return say_usage("--min-latency needs microseconds, 0 to 1e9, not", value);
		return 0;
	case KEY_CGROUP:
		if (!filter_cgroup(value, &filter->cgroup))
			return say_usage("--cgroup needs the id of a cgroup, a number above 0 (stat -c %i of its directory), not",
					 value);
		return 0;
	default:
		if (!*value)
			return say_usage("--file needs a name or pattern", NULL);
		filter->file = value;
		return 0;
	}
}

static int set_format(struct options *options, enum format format)
{
	if (options->format != FORMAT_TEXT && options->format != format)
		return say_usage("--json and --csv exclude each other", NULL);
	options->format = format;
	return 0;
}

static int set_columns(struct options *options, const char *value)
{
	const struct column *list[COLUMNS_MAX];
	char bad[64];

	if (!column_parse(value, list, bad, sizeof(bad)))
		return say_usage("--columns: there is no column", *bad ? bad : "of no name");
	options->columns = value;
	return 0;
}

/**
 * option_value - take the value of an option
 * @options: where to put it
 * @key: of struct option_def, but not of --help and --version, which set nothing
 * @value: what was given, or NULL where the option takes none
 *
 * Says what is wrong with it.
 *
 * Return: 0 or EXIT_USAGE.
 */
int option_value(struct options *options, int key, const char *value)
{
	switch (key) {
	case 'b':
		options->batch = true;
		return 0;
	case 'n':
		if (!parse_count(value, &options->count))
			return say_usage("--count needs a number above 0, not", value);
		return 0;
	case 'd':
		if (!option_delay(value, &options->delay))
			return say_usage("--delay needs 0.1 to 3600 seconds, not", value);
		return 0;
	case 'p':
		if (!parse_pids(options, value))
			return say_usage("--pid needs process ids with commas between, 64 at most, not",
					 value);
		return 0;
	case 'C':
		options->comm = value;
		return 0;
	case 's':
		if (!column_find(value))
			return say_usage("--sort: there is no column", value);
		options->sort = value;
		return 0;
	case KEY_COLUMNS:
		return set_columns(options, value);
	case 'r':
		options->reverse = true;
		return 0;
	case 'H':
		options->threads = true;
		return 0;
	case 't':
		options->totals = true;
		return 0;
	case KEY_DUMP:
		options->dump = true;
		options->all = true;
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case KEY_NO_MAP:
		options->no_map = true;
		return 0;
	case KEY_CLASS:
	case KEY_CAUSE:
	case KEY_LEVEL:
	case KEY_ACCESS:
	case KEY_LATENCY:
	case KEY_FILE:
	case KEY_CGROUP:
		return set_filter(&options->filter, key, value);
	case 'o':
		options->output = value;
		return *value ? 0 : say_usage("--output needs the name of a file", NULL);
	case KEY_HTML:
		options->html = value;
		return *value ? 0 : say_usage("--html needs the name of a file", NULL);
	case KEY_FOLDED:
		options->folded = true;
		return 0;
	case KEY_TABLE:
		options->table = value;
		return 0;
	case KEY_JSON:
		return set_format(options, FORMAT_JSON);
	case KEY_CSV:
		return set_format(options, FORMAT_CSV);
	default:	/* KEY_DEBUGFS */
		options->debugfs = value;
		return 0;
	}
}
