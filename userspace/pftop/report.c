// SPDX-License-Identifier: GPL-2.0
/* What the faults of a run were, and how far the numbers can be trusted. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "report.h"
#include "safe.h"

/**
 * struct class_row - a line of the report
 * @name: the class
 * @count: faults
 * @ns: time in them
 * @timed: time is known
 */
struct class_row {
	const char *name;
	uint64_t count;
	uint64_t ns;
	bool timed;
};

#define ROW	(*(const struct class_row *)item)

static struct cell get_class(const void *item) { return cell_text(ROW.name); }
static struct cell get_count(const void *item) { return cell_uint(ROW.count); }

static struct cell get_time(const void *item)
{
	return ROW.timed ? cell_uint(ROW.ns) : cell_none();
}

static struct cell get_mean(const void *item)
{
	return ROW.timed && ROW.count ? cell_uint(ROW.ns / ROW.count) : cell_none();
}

static const struct column class_columns[] = {
	{ "class", "class", 8, true, 0, 0, get_class },
	{ "count", "count", 12, false, 0, 0, get_count },
	{ "time_ns", "time", 12, false, 0, 0, get_time },
	{ "mean_ns", "mean", 12, false, 0, 0, get_mean },
};

#define NR_CLASS_COLUMNS	(sizeof(class_columns) / sizeof(class_columns[0]))

static const char *const missed_names[] = {
	"missed_no_instance", "missed_reentry", "missed_table_full", "missed_no_ring",
};

#define NR_MISSED	(sizeof(missed_names) / sizeof(missed_names[0]))

/**
 * report_open - where will the report go?
 * @report: to be filled
 * @path: a file, or NULL for standard output
 * @format: how to write
 *
 * Return: false after an error that was said.
 */
bool report_open(struct report *report, const char *path, enum format format)
{
	report->file = path ? fopen(path, "we") : stdout;
	if (!report->file) {
		(void)fprintf(stderr, "pftop: %s: %s\n", path, strerror(errno));
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
	if (report->file && report->file != stdout)
		(void)fclose(report->file);
	report->file = NULL;
}

/* 262,912 */
static const char *grouped(char *text, size_t size, uint64_t value)
{
	char plain[24];
	size_t length, i, used = 0;

	length = (size_t)snprintf(plain, sizeof(plain), "%" PRIu64, value);
	for (i = 0; i < length && used + 2 < size; i++) {
		if (i && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = plain[i];
	}
	text[used] = '\0';
	return text;
}

static const char *duration(char *text, size_t size, uint64_t ns)
{
	if (ns < 1000)
		(void)snprintf(text, size, "%" PRIu64 " ns", ns);
	else if (ns < 1000000)
		(void)snprintf(text, size, "%.1f us", (double)ns / 1e3);
	else if (ns < 1000000000)
		(void)snprintf(text, size, "%.1f ms", (double)ns / 1e6);
	else
		(void)snprintf(text, size, "%.2f s", (double)ns / 1e9);
	return text;
}

struct summary {
	uint64_t count[PFT_NR_CLASSES];
	uint64_t faults;
	uint64_t ns;
	uint64_t wall_ns;
	double share;
	bool agrees;
	struct class_row row[PFT_NR_CLASSES];
};

static void summarize(struct summary *sum, const struct report *report,
		      const struct family *family)
{
	static const char *const names[] = { "minor", "major", "invalid" };
	unsigned int i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		sum->count[i] = family->ended.count[i] + family->alive.count[i];
		sum->faults += sum->count[i];
		sum->row[i].name = names[i];
		sum->row[i].count = sum->count[i];
		if (i >= PFT_INVALID)
			continue;
		sum->row[i].ns = family->ended.ns[i] + family->alive.ns[i];
		sum->row[i].timed = true;
		sum->ns += sum->row[i].ns;
	}
	sum->wall_ns = report->end_ns - report->start_ns;
	if (sum->wall_ns)
		sum->share = (double)sum->ns / (double)sum->wall_ns * 100;
	/* wait4() knows those who have ended only. */
	sum->agrees = family->ended.count[PFT_MINOR] == report->kernel[PFT_MINOR] &&
		      family->ended.count[PFT_MAJOR] == report->kernel[PFT_MAJOR];
}

static uint64_t missed(const struct report *report, const struct family *family, const char *name)
{
	uint64_t before = pft_totals_value(&report->before, name);
	uint64_t now = pft_totals_value(&family->totals, name);

	return now > before ? now - before : 0;
}

static void put_check(const struct report *report, const struct family *family,
		      const struct summary *sum)
{
	const uint64_t *ours = family->ended.count, *theirs = report->kernel;
	char a[32], b[32], c[32];
	FILE *file = report->file;

	if (sum->agrees) {
		(void)fprintf(file, "counts agree with the kernel's (%s = %s minor + %s major)",
			      grouped(a, sizeof(a), theirs[0] + theirs[1]),
			      grouped(b, sizeof(b), theirs[0]), grouped(c, sizeof(c), theirs[1]));
		return;
	}
	(void)fprintf(file, "counts differ from the kernel's: here %s minor + %s major,",
		      grouped(a, sizeof(a), ours[PFT_MINOR]),
		      grouped(b, sizeof(b), ours[PFT_MAJOR]));
	(void)fprintf(file, " wait4() says %s + %s", grouped(a, sizeof(a), theirs[0]),
		      grouped(b, sizeof(b), theirs[1]));
}

static void put_missed(const struct report *report, const struct family *family)
{
	uint64_t count;
	bool any = false;
	unsigned int i;

	for (i = 0; i < NR_MISSED; i++) {
		count = missed(report, family, missed_names[i]);
		if (!count)
			continue;
		(void)fprintf(report->file, "%s %s %" PRIu64, any ? "," : "; on the whole machine:",
			      missed_names[i], count);
		any = true;
	}
	(void)fprintf(report->file, "%s.\n", any ? "" : "; no fault was missed");
}

static void put_text(const struct report *report, const struct family *family,
		     const struct summary *sum)
{
	char name[256], a[32], b[32], c[32];
	FILE *file = report->file;
	unsigned int i;

	(void)safe_text(name, sizeof(name), report->command, report->output.utf8);
	(void)fprintf(file, "%s: %s faults, %s of %s wall (%.1f %%), ", name,
		      grouped(a, sizeof(a), sum->faults), duration(b, sizeof(b), sum->ns),
		      duration(c, sizeof(c), sum->wall_ns), sum->share);
	if (WIFSIGNALED(report->status))
		(void)fprintf(file, "killed by signal %d (%s)", WTERMSIG(report->status),
			      strsignal(WTERMSIG(report->status)));
	else
		(void)fprintf(file, "exit %d", WEXITSTATUS(report->status));
	(void)fprintf(file, "\n  %-8s %12s %12s %12s\n", "class", "count", "time", "mean");
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		const struct class_row *row = &sum->row[i];

		(void)fprintf(file, "  %-8s %12s", row->name, grouped(a, sizeof(a), row->count));
		(void)fprintf(file, " %12s %12s\n",
			      row->timed ? duration(b, sizeof(b), row->ns) : "-",
			      row->timed && row->count ?
			      duration(c, sizeof(c), row->ns / row->count) : "-");
	}
	(void)fprintf(file, "%" PRIu64 " process%s", family->ended.processes +
		      family->alive.processes,
		      family->ended.processes + family->alive.processes == 1 ? "" : "es");
	if (family->alive.processes)
		(void)fprintf(file, ", %" PRIu64 " of them still running (their faults so far)",
			      family->alive.processes);
	(void)fputs("; ", file);
	put_check(report, family, sum);
	put_missed(report, family);
	if (family->unseen)
		(void)fprintf(file, "%" PRIu64
			      " processes ended unseen: more at once than the module lists. The counts may be short.\n",
			      family->unseen);
	if (!family->leader_ended)
		(void)fprintf(file, "process %u was not seen to end: its counts may be short.\n",
			      report->pid);
}

static void put(struct output *output, const char *group, const char *key, struct cell cell)
{
	output->ops->value(output, group, key, &cell);
}

static void put_data(struct report *report, const struct family *family,
		     const struct summary *sum)
{
	const struct column *columns[NR_CLASS_COLUMNS];
	struct output *output = &report->output;
	bool killed = WIFSIGNALED(report->status);
	unsigned int i;

	output->ops->begin(output);
	put(output, NULL, "command", cell_text(report->command));
	put(output, NULL, "pid", cell_uint(report->pid));
	put(output, NULL, "exit_status", killed ? cell_none() :
	    cell_uint((uint64_t)WEXITSTATUS(report->status)));
	put(output, NULL, "signal", killed ? cell_uint((uint64_t)WTERMSIG(report->status)) :
	    cell_none());
	put(output, NULL, "wall_ns", cell_uint(sum->wall_ns));
	put(output, NULL, "fault_ns", cell_uint(sum->ns));
	put(output, NULL, "share_percent", cell_real(sum->share));
	put(output, NULL, "faults", cell_uint(sum->faults));
	put(output, NULL, "processes", cell_uint(family->ended.processes +
						 family->alive.processes));
	put(output, NULL, "still_running", cell_uint(family->alive.processes));
	put(output, NULL, "ended_unseen", cell_uint(family->unseen));
	put(output, NULL, "seen_to_end", cell_bool(family->leader_ended));
	put(output, NULL, "agrees", cell_bool(sum->agrees));
	put(output, "kernel", "minor", cell_uint(report->kernel[PFT_MINOR]));
	put(output, "kernel", "major", cell_uint(report->kernel[PFT_MAJOR]));
	for (i = 0; i < NR_MISSED; i++)
		put(output, "missed", missed_names[i],
		    cell_uint(missed(report, family, missed_names[i])));
	for (i = 0; i < NR_CLASS_COLUMNS; i++)
		columns[i] = &class_columns[i];
	output->ops->table(output, "classes", columns, NR_CLASS_COLUMNS);
	for (i = 0; i < PFT_NR_CLASSES; i++)
		output->ops->row(output, &sum->row[i]);
	output->ops->end(output);
}

/**
 * report_write - write the report
 * @report: from report_open(), filled
 * @family: after its last look
 *
 * Return: false after an error that was said.
 */
bool report_write(struct report *report, const struct family *family)
{
	struct summary sum;

	summarize(&sum, report, family);
	if (report->output.format == FORMAT_TEXT)
		put_text(report, family, &sum);
	else
		put_data(report, family, &sum);
	return output_flush(&report->output) >= 0;
}
