// SPDX-License-Identifier: GPL-2.0
/* The command "pftop report": what a recording says, as text, JSON or CSV. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "append.h"
#include "digest.h"
#include "digest_json.h"
#include "html.h"
#include "pftop.h"
#include "safe.h"
#include "say.h"
#include "units.h"

#define ROWS	10U

static void put_safe(const char *name, const char *text)
{
	char safe[4096];

	(void)safe_text(safe, sizeof(safe), text, safe_locale_is_utf8());
	(void)printf("%-10s %s\n", name, safe);
}

static void put_summary(const struct digest *digest)
{
	const struct pft_host *host = &digest->host;
	uint64_t threads = digest_grown(digest, "audited_threads");
	uint64_t wrong = digest_grown(digest, "audit_mismatches");
	uint64_t ns = digest->end_ns > host->start_ns ? digest->end_ns - host->start_ns : 0;
	time_t start = (time_t)(host->start_wall_ns / 1000000000);
	char text[96], faults[32], spent[32];
	struct tm tm;

	put_safe("recording", pft_root_dir(digest->root));
	(void)snprintf(text, sizeof(text), "Linux %.60s %.20s", host->kernel, host->machine);
	put_safe("kernel", text);
	if (localtime_r(&start, &tm) && strftime(text, sizeof(text), "%F %T %z", &tm))
		(void)printf("%-10s %s, %s\n", "began", text,
			     units_time(faults, sizeof(faults), ns));
	if (*host->command)
		put_safe("command", host->command);
	(void)printf("%-10s %s (%" PRIu64 " minor, %" PRIu64 " major, %" PRIu64 " invalid), %s in them\n",
		     "faults", units_grouped(faults, sizeof(faults), digest->records),
		     digest->count[PFT_MINOR], digest->count[PFT_MAJOR], digest->count[PFT_INVALID],
		     units_time(spent, sizeof(spent), digest_ns(digest)));
	(void)printf("%-10s %" PRIu64 " record%s, of any process; audit: %" PRIu64 " thread%s, %" PRIu64
		     " mismatch%s\n", "lost", digest->lost, units_s(digest->lost), threads,
		     units_s(threads), wrong, units_es(wrong));
	if (digest->others)
		(void)printf("%-10s %" PRIu64 " record%s %s not asked for\n", "left out",
			     digest->others, units_s(digest->others),
			     digest->others == 1 ? "was" : "were");
}

static void put_hint(const struct hint *hint)
{
	char safe[4 * HINT_MAX];

	(void)safe_text(safe, sizeof(safe), hint->text, safe_locale_is_utf8());
	(void)printf("\n%s\n", safe);
}

/* What dominated comes first, what to do about it last. */
static void put_hints(const struct hints *hints, bool last)
{
	unsigned int i;

	for (i = 0; i < hints->count; i++)
		if (last == (strcmp(hints->hint[i].kind, DIGEST_VERDICT) != 0))
			put_hint(&hints->hint[i]);
}

static void put_table(struct output *output, struct digest *digest,
		      const struct digest_table *table, uint64_t max)
{
	unsigned int show = output->format == FORMAT_TEXT ? SHOW_RATES | SHOW_MIXED : SHOW_DATA;
	const struct column *columns[COLUMNS_MAX];
	unsigned int i, rows = table->count(digest);

	output->ops->begin(output);
	output_schema(output, "pftop-table");
	output->ops->table(output, output->format == FORMAT_JSON ? table->name : NULL, columns,
			   table->columns(show, columns));
	for (i = 0; i < rows && (!max || i < max); i++)
		output->ops->row(output, table->row(digest, i));
	output->ops->end(output);
	if (output->format == FORMAT_TEXT && i < rows)
		(void)printf("... and %u more: --table %s\n", rows - i, table->name);
	if (table->dropped && table->dropped(digest))
		(void)fprintf(output->format == FORMAT_TEXT ? stdout : stderr,
			      "%s%" PRIu64 " fault%s had no room in the table %s\n",
			      output->format == FORMAT_TEXT ? "... and " : "pftop: ",
			      table->dropped(digest), units_s(table->dropped(digest)),
			      table->name);
}

static void put_text(struct output *output, struct digest *digest)
{
	uint64_t max = digest->options->count ? digest->options->count : ROWS;
	const struct digest_table *table;
	unsigned int i;

	put_summary(digest);
	put_hints(&digest->hints, false);
	for (i = 0; i < nr_digest_tables; i++) {
		table = &digest_tables[i];
		/* Long, and better as pictures; sentences are no table. */
		if (!strcmp(table->name, "latency") || !strcmp(table->name, "timeline") ||
		    !strcmp(table->name, "hints") || !table->count(digest))
			continue;
		(void)printf("\n%s\n", table->title);
		put_table(output, digest, table, max);
	}
	put_hints(&digest->hints, true);
}

/* The page holds the document that --json writes. */
static int put_html(struct digest *digest)
{
	const char *path = digest->options->html;
	bool failed = true;
	char *json = NULL;
	size_t size = 0;
	FILE *memory, *file;

	memory = open_memstream(&json, &size);
	if (memory) {
		digest_json(digest, memory, &failed);
		failed |= fclose(memory) != 0;
	}
	if (failed) {
		free(json);
		(void)fputs("pftop: not enough memory\n", stderr);
		return EXIT_ERROR;
	}
	errno = 0;
	file = output_create(path);
	if (!file || !html_write(file, json, size) || !output_close(file)) {
		say("%s: %s", path, strerror(errno ? errno : EIO));
		free(json);
		return EXIT_ERROR;
	}
	free(json);
	return EXIT_OK;
}

static int put(struct digest *digest)
{
	const struct options *options = digest->options;
	const struct digest_table *table = NULL;
	struct output output;
	int flushed;

	if (options->html)
		return put_html(digest);
	if (options->table)
		table = digest_table_find(options->table);
	output_init(&output, options->format, stdout);
	if (options->folded)
		output.failed = !digest_folded(digest, stdout);
	else if (table)
		put_table(&output, digest, table, options->count);
	else if (options->format == FORMAT_JSON)
		digest_json(digest, stdout, &output.failed);
	else
		put_text(&output, digest);
	flushed = output_flush(&output);
	output_fini(&output);
	return flushed < 0 ? EXIT_ERROR : EXIT_OK;
}

static bool check_table(const struct options *options)
{
	char list[256];
	struct append names = { list, sizeof(list), 0 };
	unsigned int i;

	if (options->table ? digest_table_find(options->table) != NULL :
			     options->format != FORMAT_CSV)
		return true;
	for (i = 0; i < nr_digest_tables; i++)
		append(&names, " %s", digest_tables[i].name);
	if (options->table)
		say("there is no table %s; there are%s", options->table, list);
	else
		say("report --csv needs --table TABLE; there are%s", list);
	return false;
}

/* What the library says of a directory that is not there does not fit a file. */
static void open_error(const struct options *options, const struct pft_error *error)
{
	if (error->code == PFT_ERR_NO_ROOT || error->code == PFT_ERR_ACCESS)
		say("%s: %s", options->recording, strerror(error->err));
	else
		common_error(error);
}

/**
 * report_main - the command "pftop report"
 * @options: what the command line said
 *
 * Return: exit status; EXIT_ERROR where the recording is damaged, after what is
 * before the damage was shown.
 */
int report_main(const struct options *options)
{
	struct pft_error error = { 0 };
	struct digest digest;
	struct pft_root *root;
	const char *damage;
	int ret = EXIT_ERROR;
	struct stat st;
	bool shown;

	if (!check_table(options))
		return EXIT_USAGE;
	if (!stat(options->recording, &st) && !S_ISREG(st.st_mode)) {
		say("%s is %s: report needs a file that pftop record wrote", options->recording,
		    S_ISDIR(st.st_mode) ? "a directory" : "no regular file");
		return EXIT_ERROR;
	}
	root = pft_root_open(options->recording, &error);
	if (!root) {
		open_error(options, &error);
		return EXIT_ERROR;
	}
	shown = digest_read(&digest, root, options, &error) || digest.breakdown.cause;
	if (shown)
		ret = put(&digest);
	damage = pft_root_damage(root);
	/* What is not there because of the damage is no error of its own. */
	if (error.code && !(damage && pft_error_is_missing(&error))) {
		common_error(&error);
		ret = EXIT_ERROR;
	}
	if (damage) {
		say("%s: %s; %s before that %s shown", options->recording, damage,
		    shown ? "all" : "nothing", shown ? "is" : "can be");
		ret = EXIT_ERROR;
	}
	digest_fini(&digest);
	pft_root_close(root);
	return ret;
}
