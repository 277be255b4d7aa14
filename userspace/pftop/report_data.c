// SPDX-License-Identifier: GPL-2.0
/*
 * The report of a run for programs. JSON has four tables. CSV has room for one
 * only: there the first column says which of three a line is of; hints are not
 * in it.
 */

#include <sys/wait.h>

#include "report.h"

#define IN_CLASSES	0x1000
#define IN_CAUSES	0x2000
#define IN_FILES	0x4000
#define IN_CSV		0x8000

/**
 * struct any_row - a line of any of the tables
 * @table: which
 * @class: of the table "classes"
 * @sum: the run, for "classes"; else NULL
 * @cause: of the table "causes", else NULL
 * @file: of the table "files", else NULL
 */
struct any_row {
	const char *table;
	unsigned int class;
	const struct report_sum *sum;
	const struct breakdown_cause *cause;
	const struct breakdown_file *file;
};

#define ROW		(*(const struct any_row *)item)
#define CAUSE		(*ROW.cause)
#define GETTER(name)	static struct cell get_##name(const void *item)

static unsigned int class_of(const struct any_row *row)
{
	if (row->sum)
		return row->class;
	return row->cause ? row->cause->class : PFT_NR_CLASSES;
}

static uint64_t count_of(const struct any_row *row)
{
	if (row->sum)
		return row->sum->count[row->class];
	if (row->cause)
		return row->cause->count;
	return row->file->count[PFT_MINOR] + row->file->count[PFT_MAJOR] +
	       row->file->count[PFT_INVALID];
}

static bool is_timed(const struct any_row *row)
{
	if (row->sum)
		return row->class < PFT_INVALID;
	return row->cause ? row->cause->timed : row->file->ns > 0;
}

static uint64_t ns_of(const struct any_row *row)
{
	if (row->sum)
		return row->sum->class_ns[row->class];
	return row->cause ? row->cause->ns : row->file->ns;
}

GETTER(table) { return cell_text(ROW.table); }

GETTER(class)
{
	return class_of(&ROW) < PFT_NR_CLASSES ? cell_text(pft_class_name(class_of(&ROW))) :
						 cell_none();
}

GETTER(cause) { return ROW.cause ? cell_text(pft_cause_name(CAUSE.cause)) : cell_none(); }

GETTER(file)
{
	if (ROW.file)
		return cell_text(ROW.file->name);
	return ROW.cause && *CAUSE.where ? cell_text(CAUSE.where) : cell_none();
}

GETTER(count) { return cell_uint(count_of(&ROW)); }
GETTER(exact) { return ROW.cause ? cell_bool(CAUSE.exact) : cell_none(); }
GETTER(read) { return ROW.cause ? cell_uint(CAUSE.read) : cell_none(); }
GETTER(minor) { return ROW.file ? cell_uint(ROW.file->count[PFT_MINOR]) : cell_none(); }
GETTER(major) { return ROW.file ? cell_uint(ROW.file->count[PFT_MAJOR]) : cell_none(); }
GETTER(invalid) { return ROW.file ? cell_uint(ROW.file->count[PFT_INVALID]) : cell_none(); }
GETTER(time) { return is_timed(&ROW) ? cell_uint(ns_of(&ROW)) : cell_none(); }

GETTER(mean)
{
	return is_timed(&ROW) && count_of(&ROW) ? cell_uint(ns_of(&ROW) / count_of(&ROW)) :
						  cell_none();
}

GETTER(p99) { return ROW.cause && CAUSE.timed ? cell_uint(CAUSE.p99_ns) : cell_none(); }
GETTER(places) { return ROW.cause ? cell_uint(CAUSE.places) : cell_none(); }

GETTER(from)
{
	return ROW.cause && CAUSE.place && CAUSE.place->has_offset ?
	       cell_hex(CAUSE.place->from) : cell_none();
}

GETTER(to)
{
	return ROW.cause && CAUSE.place && CAUSE.place->has_offset ?
	       cell_hex(CAUSE.place->to) : cell_none();
}

#define ALL	(IN_CLASSES | IN_CAUSES | IN_FILES)

static const struct column data_columns[] = {
	{ "table", "", 0, true, 0, IN_CSV, get_table },
	{ "class", "", 0, true, 0, IN_CLASSES | IN_CAUSES | IN_CSV, get_class },
	{ "cause", "", 0, true, 0, IN_CAUSES | IN_CSV, get_cause },
	{ "count", "", 0, false, 0, ALL | IN_CSV, get_count },
	{ "exact", "", 0, false, 0, IN_CAUSES | IN_CSV, get_exact },
	{ "read", "", 0, false, 0, IN_CAUSES | IN_CSV, get_read },
	{ "minor", "", 0, false, 0, IN_FILES | IN_CSV, get_minor },
	{ "major", "", 0, false, 0, IN_FILES | IN_CSV, get_major },
	{ "invalid", "", 0, false, 0, IN_FILES | IN_CSV, get_invalid },
	{ "time_ns", "", 0, false, 0, ALL | IN_CSV, get_time },
	{ "mean_ns", "", 0, false, 0, ALL | IN_CSV, get_mean },
	{ "p99_ns", "", 0, false, 0, IN_CAUSES | IN_CSV, get_p99 },
	{ "file", "", 0, true, 0, IN_CAUSES | IN_FILES | IN_CSV, get_file },
	{ "files", "", 0, false, 0, IN_CAUSES | IN_CSV, get_places },
	{ "file_from", "", 0, false, 0, IN_CAUSES | IN_CSV, get_from },
	{ "file_to", "", 0, false, 0, IN_CAUSES | IN_CSV, get_to },
};

#define NR_DATA_COLUMNS	(sizeof(data_columns) / sizeof(data_columns[0]))

static void put(struct output *output, const char *group, const char *key, struct cell cell)
{
	output->ops->value(output, group, key, &cell);
}

static void put_values(struct output *output, const struct report_sum *sum)
{
	const struct report *report = sum->report;
	const struct family *family = sum->family;
	bool killed = WIFSIGNALED(report->status);
	unsigned int i;

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
	for (i = 0; i < REPORT_NR_MISSED; i++)
		put(output, "missed", report_missed_names[i],
		    cell_uint(report_grown(sum, report_missed_names[i])));
	put(output, "records", "read", cell_uint(sum->breakdown.records));
	put(output, "records", "complete", cell_bool(sum->breakdown.complete));
	put(output, "records", "lost_on_machine", cell_uint(sum->gather->lost));
	put(output, "records", "filtered_on_machine", cell_uint(report_grown(sum, "filtered")));
	put(output, NULL, "verdict", *sum->verdict ? cell_text(sum->verdict) : cell_none());
}

static void begin_table(struct output *output, const char *name, unsigned int show,
			const struct column **columns)
{
	unsigned int i, count = 0;

	if (output->format == FORMAT_CSV)
		show = IN_CSV;
	for (i = 0; i < NR_DATA_COLUMNS; i++)
		if (data_columns[i].show & show)
			columns[count++] = &data_columns[i];
	output->ops->table(output, name, columns, count);
}

/**
 * report_data - write the report as JSON or CSV
 * @output: how
 * @sum: the run
 */
void report_data(struct output *output, const struct report_sum *sum)
{
	const struct breakdown *breakdown = &sum->breakdown;
	const struct column *columns[NR_DATA_COLUMNS];
	struct any_row row = { "class", 0, sum, NULL, NULL };
	unsigned int i, count;

	output->ops->begin(output);
	output_schema(output, "pftop-run");
	put_values(output, sum);
	begin_table(output, "classes", IN_CLASSES, columns);
	for (; row.class < PFT_NR_CLASSES; row.class++)
		output->ops->row(output, &row);
	begin_table(output, "causes", IN_CAUSES, columns);
	for (i = 0; i < breakdown->nr_causes; i++) {
		row = (struct any_row){ .table = "cause", .cause = &breakdown->cause[i] };
		output->ops->row(output, &row);
	}
	begin_table(output, "files", IN_FILES, columns);
	for (i = 0; i < breakdown->nr_files; i++) {
		row = (struct any_row){ .table = "file", .file = &breakdown->file[i] };
		output->ops->row(output, &row);
	}
	if (output->format == FORMAT_JSON) {
		count = column_show(hint_columns, HINT_COLUMNS, SHOW_DATA, columns);
		output->ops->table(output, "hints", columns, count);
		for (i = 0; i < sum->hints.count; i++)
			output->ops->row(output, &sum->hints.hint[i]);
	}
	output->ops->end(output);
}
