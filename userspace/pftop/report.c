// SPDX-License-Identifier: GPL-2.0
/* What the faults of a run were, and how far the numbers can be trusted. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "report.h"
#include "safe.h"
#include "say.h"
#include "units.h"
#include "verdict.h"

#define UNIT		32
#define FILES_SHOWN	10

const char *const report_missed_names[REPORT_NR_MISSED] = {
	"missed_no_instance", "missed_reentry", "missed_table_full", "missed_no_ring",
};

/**
 * report_open - where will the report go?
 * @report: to be filled
 * @path: a file, or "-" or NULL for standard output
 * @format: how to write
 *
 * Return: false after an error that was said.
 */
bool report_open(struct report *report, const char *path, enum format format)
{
	report->file = output_create(path ? path : "-");
	if (!report->file) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	output_init(&report->output, format, report->file);
	return true;
}

/**
 * report_close - done
 * @report: any
 */
void report_close(struct report *report)
{
	if (report->output.ops)
		output_fini(&report->output);
	if (report->file)
		(void)output_close(report->file);
	report->file = NULL;
}

static bool summarize(struct report_sum *sum, const struct report *report,
		      const struct family *family, const struct gather *gather)
{
	struct paths paths;
	unsigned int i;
	bool ok;

	memset(sum, 0, sizeof(*sum));
	sum->report = report;
	sum->family = family;
	sum->gather = gather;
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		sum->count[i] = family->ended.count[i] + family->alive.count[i];
		sum->faults += sum->count[i];
		if (i >= PFT_INVALID)
			continue;
		sum->class_ns[i] = family->ended.ns[i] + family->alive.ns[i];
		sum->ns += sum->class_ns[i];
	}
	sum->wall_ns = report->end_ns - report->start_ns;
	if (sum->wall_ns)
		sum->share = (double)sum->ns / (double)sum->wall_ns * 100;
	/* wait4() knows those who have ended only. */
	sum->agrees = family->ended.count[PFT_MINOR] == report->kernel[PFT_MINOR] &&
		      family->ended.count[PFT_MAJOR] == report->kernel[PFT_MAJOR];
	paths_init(&paths, family->root);
	ok = breakdown_make(&sum->breakdown, family, &gather->tally, &paths);
	if (ok) {
		verdict(sum->verdict, sizeof(sum->verdict), &sum->breakdown, sum->wall_ns);
		hints_make(&sum->hints, &gather->tally, &paths, sum->wall_ns);
	}
	paths_fini(&paths);
	return ok;
}

/**
 * report_grown - by how much a total grew during the run
 * @sum: of the run
 * @name: of the total
 *
 * Return: by how much.
 */
uint64_t report_grown(const struct report_sum *sum, const char *name)
{
	uint64_t before = pft_totals_value(&sum->report->before, name);
	uint64_t now = pft_totals_value(&sum->family->totals, name);

	return now > before ? now - before : 0;
}

static void put_check(const struct report_sum *sum)
{
	const uint64_t *ours = sum->family->ended.count, *theirs = sum->report->kernel;
	char a[32], b[32], c[32];
	FILE *file = sum->report->file;

	if (sum->agrees) {
		(void)fprintf(file, "counts agree with the kernel's (%s = %s minor + %s major)",
			      units_grouped(a, sizeof(a), theirs[0] + theirs[1]),
			      units_grouped(b, sizeof(b), theirs[0]), units_grouped(c, sizeof(c), theirs[1]));
		return;
	}
	(void)fprintf(file, "counts differ from the kernel's: here %s minor + %s major,",
		      units_grouped(a, sizeof(a), ours[PFT_MINOR]),
		      units_grouped(b, sizeof(b), ours[PFT_MAJOR]));
	(void)fprintf(file, " wait4() says %s + %s", units_grouped(a, sizeof(a), theirs[0]),
		      units_grouped(b, sizeof(b), theirs[1]));
}

static void put_missed(const struct report_sum *sum)
{
	FILE *file = sum->report->file;
	uint64_t count;
	bool any = false;
	unsigned int i;

	for (i = 0; i < REPORT_NR_MISSED; i++) {
		count = report_grown(sum, report_missed_names[i]);
		if (!count)
			continue;
		(void)fprintf(file, "%s %s %" PRIu64, any ? "," : "; on the whole machine:",
			      report_missed_names[i], count);
		any = true;
	}
	(void)fputs(any ? "" : "; no fault was missed", file);
}

/* Whether records were lost, and what that means. */
static void put_records(const struct report_sum *sum)
{
	const struct breakdown *breakdown = &sum->breakdown;
	const struct gather *gather = sum->gather;
	FILE *file = sum->report->file;
	char a[UNIT], b[UNIT], why[640];
	uint64_t filtered = report_grown(sum, "filtered");

	if (gather->failed.code) {
		pft_error_message(&gather->failed, why, sizeof(why));
		(void)fprintf(file, "records could not be read: %s\n", why);
	}
	if (breakdown->complete)
		return;
	(void)fprintf(file, "what is marked with ~, p99, where and files rest on the records of %s of the %s fault%s",
		      units_grouped(a, sizeof(a), breakdown->records),
		      units_grouped(b, sizeof(b), breakdown->faults), units_s(breakdown->faults));
	if (filtered)
		(void)fprintf(file, "; filter/ kept %s out, of the whole machine",
			      units_grouped(a, sizeof(a), filtered));
	if (gather->lost)
		(void)fprintf(file, "; %s of the whole machine %s overwritten before being read: a larger buffer_kb helps",
			      units_grouped(a, sizeof(a), gather->lost),
			      gather->lost == 1 ? "was" : "were");
	(void)fputs(".\n", file);
}

/* An estimate is marked. */
static const char *about(char *to, bool exact, const char *text)
{
	(void)snprintf(to, UNIT + 1, "%s%s", exact ? "" : "~", text);
	return to;
}

static void put_causes(const struct report_sum *sum)
{
	char name[64], count[UNIT], ns[UNIT], mean[UNIT], p99[UNIT], a[UNIT + 1], b[UNIT + 1];
	char where[PATHS_MAX + 128], safe[512];
	FILE *file = sum->report->file;
	unsigned int i;

	(void)fprintf(file, "  %-22s %11s %10s %9s %9s  %s\n", "cause", "count", "time", "mean",
		      "p99", "where");
	for (i = 0; i < sum->breakdown.nr_causes; i++) {
		const struct breakdown_cause *row = &sum->breakdown.cause[i];

		(void)snprintf(name, sizeof(name), "%s %s", pft_class_name(row->class),
			       pft_cause_name(row->cause));
		verdict_where(where, sizeof(where), row);
		(void)safe_text(safe, sizeof(safe), where, sum->report->output.utf8);
		units_grouped(count, sizeof(count), row->count);
		(void)fprintf(file, "  %-22s %11s %10s %9s %9s  %s\n", name,
			      about(a, row->exact, count),
			      row->timed ? about(b, row->read >= row->count,
						 units_time(ns, sizeof(ns), row->ns)) : "-",
			      row->timed ? units_time(mean, sizeof(mean), row->ns / row->count) :
			      "-",
			      row->timed ? units_time(p99, sizeof(p99), row->p99_ns) : "-",
			      *safe ? safe : "-");
	}
}

static void put_files(const struct report_sum *sum)
{
	char minor[UNIT], major[UNIT], invalid[UNIT], ns[UNIT], safe[PATHS_MAX];
	const struct breakdown *breakdown = &sum->breakdown;
	FILE *file = sum->report->file;
	unsigned int i;

	(void)fprintf(file, "  %10s %8s %8s %10s  %s\n", "minor", "major", "invalid", "time",
		      "file");
	for (i = 0; i < breakdown->nr_files && i < FILES_SHOWN; i++) {
		const struct breakdown_file *row = &breakdown->file[i];

		(void)safe_text(safe, sizeof(safe), strcmp(row->name, "-") ? row->name :
				verdict_base(row->name), sum->report->output.utf8);
		(void)fprintf(file, "  %10s %8s %8s %10s  %s\n",
			      units_grouped(minor, sizeof(minor), row->count[PFT_MINOR]),
			      units_grouped(major, sizeof(major), row->count[PFT_MAJOR]),
			      units_grouped(invalid, sizeof(invalid), row->count[PFT_INVALID]),
			      row->ns ? units_time(ns, sizeof(ns), row->ns) : "-", safe);
	}
	if (i < breakdown->nr_files)
		(void)fprintf(file, "  and %u more: --json and --csv have all\n",
			      breakdown->nr_files - i);
}

/* All that is known of times without records, or with an older module. */
static void put_classes(const struct report_sum *sum)
{
	char count[UNIT], ns[UNIT], mean[UNIT];
	FILE *file = sum->report->file;
	unsigned int i;

	(void)fprintf(file, "  %-8s %12s %12s %12s\n", "class", "count", "time", "mean");
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		bool timed = i < PFT_INVALID;

		(void)fprintf(file, "  %-8s %12s %12s %12s\n", pft_class_name(i),
			      units_grouped(count, sizeof(count), sum->count[i]),
			      timed ? units_time(ns, sizeof(ns), sum->class_ns[i]) : "-",
			      timed && sum->count[i] ?
			      units_time(mean, sizeof(mean), sum->class_ns[i] / sum->count[i]) :
			      "-");
	}
}

static void put_head(const struct report_sum *sum)
{
	const struct report *report = sum->report;
	char name[256], a[UNIT], b[UNIT], c[UNIT];

	(void)safe_text(name, sizeof(name), report->command, report->output.utf8);
	(void)fprintf(report->file, "%s: %s fault%s, %s of %s wall (%.1f %%), ", name,
		      units_grouped(a, sizeof(a), sum->faults), units_s(sum->faults),
		      units_time(b, sizeof(b), sum->ns),
		      units_time(c, sizeof(c), sum->wall_ns), sum->share);
	if (WIFSIGNALED(report->status))
		(void)fprintf(report->file, "killed by signal %d (%s)\n",
			      WTERMSIG(report->status), strsignal(WTERMSIG(report->status)));
	else
		(void)fprintf(report->file, "exit %d\n", WEXITSTATUS(report->status));
}

static void put_hints(const struct report_sum *sum)
{
	char safe[4 * HINT_MAX];
	unsigned int i;

	for (i = 0; i < sum->hints.count; i++) {
		(void)safe_text(safe, sizeof(safe), sum->hints.hint[i].text,
				sum->report->output.utf8);
		(void)fprintf(sum->report->file, "%s\n", safe);
	}
}

static void put_text(const struct report_sum *sum)
{
	const struct family *family = sum->family;
	FILE *file = sum->report->file;
	uint64_t processes = family->ended.processes + family->alive.processes;
	char safe[2 * PATHS_MAX];

	put_head(sum);
	if (!sum->breakdown.records)
		put_classes(sum);
	if (sum->breakdown.nr_causes)
		put_causes(sum);
	if (sum->breakdown.nr_files)
		put_files(sum);
	if (*sum->verdict) {
		(void)safe_text(safe, sizeof(safe), sum->verdict, sum->report->output.utf8);
		(void)fprintf(file, "%s\n", safe);
	}
	(void)fprintf(file, "%" PRIu64 " process%s", processes, units_es(processes));
	if (family->alive.processes)
		(void)fprintf(file, ", %" PRIu64 " of them still running (their faults so far)",
			      family->alive.processes);
	(void)fputs("; ", file);
	put_check(sum);
	put_missed(sum);
	if (sum->breakdown.complete && !sum->gather->failed.code)
		(void)fputs("; no record was lost", file);
	(void)fputs(".\n", file);
	put_records(sum);
	if (family->unseen)
		(void)fprintf(file, "%" PRIu64
			      " processes ended unseen: more at once than the module lists. The counts may be short.\n",
			      family->unseen);
	if (!family->leader_ended)
		(void)fprintf(file, "process %u was not seen to end: its counts may be short.\n",
			      sum->report->pid);
	put_hints(sum);
}

/**
 * report_write - write the report
 * @report: from report_open(), filled
 * @family: after its last look
 * @gather: the records of the run
 *
 * Return: false after an error that was said.
 */
bool report_write(struct report *report, const struct family *family,
		  const struct gather *gather)
{
	struct report_sum sum;
	bool ok;

	ok = summarize(&sum, report, family, gather);
	if (!ok)
		(void)fputs("pftop: not enough memory\n", stderr);
	else if (report->output.format == FORMAT_TEXT)
		put_text(&sum);
	else
		report_data(&report->output, &sum);
	breakdown_fini(&sum.breakdown);
	return output_flush(&report->output) >= 0 && ok;
}
