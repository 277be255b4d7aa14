// SPDX-License-Identifier: GPL-2.0
/* The tables of a digest: their columns, for people and as data, and their rows. */

#include <string.h>

#include "digest.h"
#include "event.h"

#define PEOPLE	SHOW_RATES
#define DATA	SHOW_DATA
#define BOTH	(PEOPLE | DATA)

/**
 * struct digest_row - a row of a table that has no type of its own
 * @digest: whose
 * @index: which one
 */
struct digest_row {
	struct digest *digest;
	unsigned int index;
};

#define ROW		(*(const struct digest_row *)item)
#define GETTER(name)	static struct cell get_##name(const void *item)
#define COUNT_OF(table)	(sizeof(table) / sizeof((table)[0]))

static const void *any_row(struct digest *digest, unsigned int index)
{
	static struct digest_row row;

	row.digest = digest;
	row.index = index;
	return &row;
}

static struct cell percentile(const struct spread *spread, unsigned int percent)
{
	return spread && spread->max_ns ? cell_time(spread_percentile(spread, percent)) :
					  cell_none();
}

static struct cell mean(uint64_t ns, uint64_t count)
{
	return ns && count ? cell_time(ns / count) : cell_none();
}

/* classes */

#define CLASS_SPREAD	(&ROW.digest->spread[ROW.index])

#define CLASS_NS	(ROW.digest->ns[ROW.index])

GETTER(class) { return cell_text(pft_class_name(ROW.index)); }
GETTER(class_count) { return cell_uint(ROW.digest->count[ROW.index]); }
GETTER(class_ns) { return CLASS_NS ? cell_time(CLASS_NS) : cell_none(); }
/* Of those that have a time: not all refused ones do. */
GETTER(class_mean) { return mean(CLASS_NS, CLASS_SPREAD->count); }
GETTER(class_p50) { return percentile(CLASS_SPREAD, 50); }
GETTER(class_p90) { return percentile(CLASS_SPREAD, 90); }
GETTER(class_p99) { return percentile(CLASS_SPREAD, 99); }
GETTER(class_max) { return percentile(CLASS_SPREAD, 100); }

static const struct column class_columns[] = {
	{ "class", "CLASS", 7, true, 0, BOTH, get_class },
	{ "count", "COUNT", 10, false, 0, BOTH, get_class_count },
	{ "ns", "TIME", 8, false, 0, BOTH, get_class_ns },
	{ "mean_ns", "MEAN", 8, false, 0, BOTH, get_class_mean },
	{ "p50_ns", "P50", 8, false, 0, BOTH, get_class_p50 },
	{ "p90_ns", "P90", 8, false, 0, BOTH, get_class_p90 },
	{ "p99_ns", "P99", 8, false, 0, BOTH, get_class_p99 },
	{ "max_ns", "MAX", 8, false, 0, BOTH, get_class_max },
};

static unsigned int class_list(unsigned int show, const struct column **list)
{
	return column_show(class_columns, COUNT_OF(class_columns), show, list);
}

static unsigned int class_count(const struct digest *digest)
{
	(void)digest;
	return PFT_NR_CLASSES;
}

/* causes */

static const struct breakdown_cause *cause_of(const struct digest_row *row)
{
	return &row->digest->breakdown.cause[row->index];
}

static const struct spread *cause_spread(const struct digest_row *row)
{
	return row->digest->tally.spread[cause_of(row)->class][cause_of(row)->cause];
}

GETTER(cause_class) { return cell_text(pft_class_name(cause_of(&ROW)->class)); }
GETTER(cause) { return cell_text(pft_cause_name(cause_of(&ROW)->cause)); }
GETTER(meaning) { return cell_text(pft_cause_meaning(cause_of(&ROW)->cause)); }
GETTER(cause_count) { return cell_uint(cause_of(&ROW)->count); }
GETTER(cause_ns) { return cause_of(&ROW)->ns ? cell_time(cause_of(&ROW)->ns) : cell_none(); }
GETTER(cause_mean) { return mean(cause_of(&ROW)->ns, cause_of(&ROW)->count); }
GETTER(cause_p50) { return percentile(cause_spread(&ROW), 50); }
GETTER(cause_p90) { return percentile(cause_spread(&ROW), 90); }
GETTER(cause_p99) { return percentile(cause_spread(&ROW), 99); }
GETTER(cause_max) { return percentile(cause_spread(&ROW), 100); }

static const struct column cause_columns[] = {
	{ "class", "CLASS", 7, true, 0, BOTH, get_cause_class },
	{ "cause", "CAUSE", 14, true, 0, BOTH, get_cause },
	{ "count", "COUNT", 10, false, 0, BOTH, get_cause_count },
	{ "ns", "TIME", 8, false, 0, BOTH, get_cause_ns },
	{ "mean_ns", "MEAN", 8, false, 0, BOTH, get_cause_mean },
	{ "p50_ns", "P50", 8, false, 0, BOTH, get_cause_p50 },
	{ "p90_ns", "P90", 8, false, 0, BOTH, get_cause_p90 },
	{ "p99_ns", "P99", 8, false, 0, BOTH, get_cause_p99 },
	{ "max_ns", "MAX", 8, false, 0, BOTH, get_cause_max },
	{ "meaning", "MEANING", 0, true, 0, BOTH, get_meaning },
};

static unsigned int cause_list(unsigned int show, const struct column **list)
{
	return column_show(cause_columns, COUNT_OF(cause_columns), show, list);
}

static unsigned int cause_count(const struct digest *digest)
{
	return digest->breakdown.nr_causes;
}

/* latency: eight parts to each power of two, those that are not empty */

GETTER(latency_class) { return cell_text(pft_class_name(ROW.index / SPREAD_BUCKETS)); }
GETTER(latency_from) { return cell_time(spread_from(ROW.index % SPREAD_BUCKETS)); }
GETTER(latency_to) { return cell_time(spread_from(ROW.index % SPREAD_BUCKETS + 1) - 1); }

GETTER(latency_count)
{
	return cell_uint(ROW.digest->spread[ROW.index / SPREAD_BUCKETS]
			 .bucket[ROW.index % SPREAD_BUCKETS]);
}

static const struct column latency_columns[] = {
	{ "class", "CLASS", 7, true, 0, BOTH, get_latency_class },
	{ "from_ns", "FROM", 8, false, 0, BOTH, get_latency_from },
	{ "to_ns", "TO", 8, false, 0, BOTH, get_latency_to },
	{ "count", "COUNT", 10, false, 0, BOTH, get_latency_count },
};

static unsigned int latency_list(unsigned int show, const struct column **list)
{
	return column_show(latency_columns, COUNT_OF(latency_columns), show, list);
}

static unsigned int latency_count(const struct digest *digest)
{
	unsigned int class, i, count = 0;

	for (class = 0; class < PFT_NR_CLASSES; class++)
		for (i = 0; i < SPREAD_BUCKETS; i++)
			count += digest->spread[class].bucket[i] > 0;
	return count;
}

static const void *latency_row(struct digest *digest, unsigned int index)
{
	unsigned int i;

	for (i = 0; i < PFT_NR_CLASSES * SPREAD_BUCKETS; i++)
		if (digest->spread[i / SPREAD_BUCKETS].bucket[i % SPREAD_BUCKETS] && !index--)
			break;
	return any_row(digest, i);
}

/* timeline */

static const struct timeline_bin *bin_of(const struct digest_row *row)
{
	return &row->digest->timeline.bin[row->index];
}

GETTER(bin_from) { return cell_uint(ROW.index * ROW.digest->timeline.bin_ns); }
GETTER(bin_s) { return cell_real((double)ROW.index * (double)ROW.digest->timeline.bin_ns / 1e9); }
GETTER(bin_minor) { return cell_uint(bin_of(&ROW)->count[PFT_MINOR]); }
GETTER(bin_major) { return cell_uint(bin_of(&ROW)->count[PFT_MAJOR]); }
GETTER(bin_invalid) { return cell_uint(bin_of(&ROW)->count[PFT_INVALID]); }
GETTER(bin_lost) { return cell_uint(bin_of(&ROW)->lost); }

static const struct column bin_columns[] = {
	{ "from_ns", "", 0, false, 0, DATA, get_bin_from },
	{ "from", "FROM_S", 9, false, 3, PEOPLE, get_bin_s },
	{ "minor", "MINOR", 10, false, 0, BOTH, get_bin_minor },
	{ "major", "MAJOR", 8, false, 0, BOTH, get_bin_major },
	{ "invalid", "INV", 5, false, 0, BOTH, get_bin_invalid },
	{ "lost", "LOST", 8, false, 0, BOTH, get_bin_lost },
};

static unsigned int bin_list(unsigned int show, const struct column **list)
{
	return column_show(bin_columns, COUNT_OF(bin_columns), show, list);
}

static unsigned int bin_count(const struct digest *digest)
{
	return digest->timeline.count;
}

/* processes */

#undef ROW
#define ROW		(*(const struct roster_row *)item)

GETTER(pid) { return cell_uint(ROW.pid); }
GETTER(ppid) { return ROW.ppid ? cell_uint(ROW.ppid) : cell_none(); }
GETTER(comm) { return cell_text(ROW.comm); }
GETTER(command) { return ROW.command ? cell_text(ROW.command) : cell_none(); }
GETTER(any_command) { return cell_text(ROW.command ? ROW.command : ROW.comm); }
GETTER(state) { return ROW.ppid ? cell_text(ROW.exited ? "exited" : "alive") : cell_none(); }
GETTER(minor) { return cell_uint(ROW.count[PFT_MINOR]); }
GETTER(major) { return cell_uint(ROW.count[PFT_MAJOR]); }
GETTER(invalid) { return cell_uint(ROW.count[PFT_INVALID]); }
GETTER(minor_ns) { return cell_time(ROW.ns[PFT_MINOR]); }
GETTER(major_ns) { return cell_time(ROW.ns[PFT_MAJOR]); }
GETTER(invalid_ns) { return cell_time(ROW.ns[PFT_INVALID]); }
GETTER(time) { return cell_time(roster_ns(&ROW)); }
GETTER(top_cause) { return cell_text(pft_cause_name(roster_top_cause(&ROW))); }

static const struct column roster_columns[] = {
	{ "pid", "PID", 7, false, 0, BOTH, get_pid },
	{ "ppid", "", 0, false, 0, DATA, get_ppid },
	{ "comm", "", 0, true, 0, DATA, get_comm },
	{ "state", "STATE", 6, true, 0, BOTH, get_state },
	{ "minor", "MINOR", 10, false, 0, BOTH, get_minor },
	{ "major", "MAJOR", 8, false, 0, BOTH, get_major },
	{ "invalid", "INV", 5, false, 0, BOTH, get_invalid },
	{ "time", "TIME", 8, false, 0, PEOPLE, get_time },
	{ "minor_ns", "", 0, false, 0, DATA, get_minor_ns },
	{ "major_ns", "", 0, false, 0, DATA, get_major_ns },
	{ "invalid_ns", "", 0, false, 0, DATA, get_invalid_ns },
	{ "top_cause", "TOP CAUSE", 14, true, 0, BOTH, get_top_cause },
	{ "command", "", 0, true, 0, DATA, get_command },
	{ "any_command", "COMMAND", 0, true, 0, PEOPLE, get_any_command },
};

static unsigned int roster_list(unsigned int show, const struct column **list)
{
	return column_show(roster_columns, COUNT_OF(roster_columns), show, list);
}

static unsigned int roster_count(const struct digest *digest)
{
	return digest->roster.rows.count;
}

static uint64_t roster_dropped(const struct digest *digest)
{
	return digest->roster.dropped;
}

static const void *roster_row(struct digest *digest, unsigned int index)
{
	return hashtab_row(&digest->roster.rows, index);
}

/* files */

#undef ROW
#define ROW		(*(const struct breakdown_file *)item)

GETTER(file_name) { return cell_text(ROW.name); }
GETTER(file_minor) { return cell_uint(ROW.count[PFT_MINOR]); }
GETTER(file_major) { return cell_uint(ROW.count[PFT_MAJOR]); }
GETTER(file_invalid) { return cell_uint(ROW.count[PFT_INVALID]); }
GETTER(file_ns) { return cell_time(ROW.ns); }

static const struct column file_columns[] = {
	{ "minor", "MINOR", 10, false, 0, BOTH, get_file_minor },
	{ "major", "MAJOR", 8, false, 0, BOTH, get_file_major },
	{ "invalid", "INV", 5, false, 0, BOTH, get_file_invalid },
	{ "ns", "TIME", 8, false, 0, BOTH, get_file_ns },
	{ "name", "FILE", 0, true, 0, BOTH, get_file_name },
};

static unsigned int file_list(unsigned int show, const struct column **list)
{
	return column_show(file_columns, COUNT_OF(file_columns), show, list);
}

static unsigned int file_count(const struct digest *digest)
{
	return digest->breakdown.nr_files;
}

static const void *file_row(struct digest *digest, unsigned int index)
{
	return &digest->breakdown.file[index];
}

/* vmas, code, pages */

#define PROFILE_TABLE(name, kind, member)					\
	static unsigned int name##_list(unsigned int show, const struct column **list) \
	{									\
		return profile_rows_columns(kind, show, list);			\
	}									\
	static unsigned int name##_count(const struct digest *digest)		\
	{									\
		return digest->rows[kind].count;				\
	}									\
	static const void *name##_row(struct digest *digest, unsigned int index) \
	{									\
		struct profile_row *row = &digest->rows[kind].row[index];	\
										\
		profile_row_fill(row, digest->text, &digest->paths, &digest->names); \
		return row;							\
	}									\
	static uint64_t name##_dropped(const struct digest *digest)		\
	{									\
		return digest->profile.member;					\
	}

PROFILE_TABLE(vma, PROFILE_VMAS, dropped_vmas)
PROFILE_TABLE(code, PROFILE_CODE, dropped_code)
PROFILE_TABLE(page, PROFILE_PAGES, dropped_pages)

/* refused */

/**
 * struct refused_row - a refused fault
 * @event: the fault in words
 * @since_ns: when, from the start of the recording
 * @code: the function and the file that it was in
 */
struct refused_row {
	struct event event;
	uint64_t since_ns;
	struct codename code;
};

#undef ROW
#define ROW		(*(const struct refused_row *)item)
#define RECORD		(ROW.event.record)

GETTER(refused_ns) { return cell_uint(ROW.since_ns); }
GETTER(refused_s) { return cell_real((double)ROW.since_ns / 1e9); }
GETTER(refused_pid) { return cell_uint(RECORD.tgid); }
GETTER(refused_tid) { return cell_uint(RECORD.pid); }
GETTER(refused_comm) { return cell_text(RECORD.comm); }
GETTER(refused_address) { return cell_hex(RECORD.address); }
GETTER(refused_access) { return cell_text(pft_access_name(RECORD.access)); }
GETTER(refused_cause) { return cell_text(pft_cause_name(RECORD.cause)); }
GETTER(refused_why) { return *ROW.event.why ? cell_text(ROW.event.why) : cell_none(); }
GETTER(refused_ip) { return RECORD.ip ? cell_hex(RECORD.ip) : cell_none(); }
GETTER(refused_symbol) { return ROW.code.symbol ? cell_text(ROW.code.symbol) : cell_none(); }
GETTER(refused_file) { return ROW.code.file ? cell_text(ROW.code.file) : cell_none(); }

static const struct column refused_columns[] = {
	{ "time_ns", "", 0, false, 0, DATA, get_refused_ns },
	{ "time", "TIME", 9, false, 3, PEOPLE, get_refused_s },
	{ "pid", "PID", 7, false, 0, BOTH, get_refused_pid },
	{ "tid", "TID", 7, false, 0, BOTH, get_refused_tid },
	{ "comm", "COMM", 15, true, 0, BOTH, get_refused_comm },
	{ "address", "ADDRESS", 18, false, 0, BOTH, get_refused_address },
	{ "access", "ACC", 3, true, 0, BOTH, get_refused_access },
	{ "cause", "CAUSE", 14, true, 0, BOTH, get_refused_cause },
	{ "ip", "IP", 18, false, 0, BOTH, get_refused_ip },
	{ "symbol", "", 0, true, 0, DATA, get_refused_symbol },
	{ "file", "", 0, true, 0, DATA, get_refused_file },
	{ "why", "WHY", 0, true, 0, BOTH, get_refused_why },
};

static unsigned int refused_list(unsigned int show, const struct column **list)
{
	return column_show(refused_columns, COUNT_OF(refused_columns), show, list);
}

static unsigned int refused_count(const struct digest *digest)
{
	return digest->profile.nr_refused;
}

static uint64_t refused_dropped(const struct digest *digest)
{
	return digest->profile.dropped_refused;
}

static const void *refused_row(struct digest *digest, unsigned int index)
{
	static struct refused_row row;
	struct codename_at at;
	uint64_t time;

	row.event.record = *profile_refused(&digest->profile, index);
	event_fill(&row.event, &digest->paths);
	time = row.event.record.time_ns;
	row.since_ns = time > digest->host.start_ns ? time - digest->host.start_ns : 0;
	at = codename_at(&row.event.record);
	(void)codename_find(&digest->names, &at, &row.code);
	return &row;
}

/* hints */

static unsigned int hint_list(unsigned int show, const struct column **list)
{
	return column_show(hint_columns, HINT_COLUMNS, show, list);
}

static unsigned int hint_count(const struct digest *digest)
{
	return digest->hints.count;
}

static const void *hint_row(struct digest *digest, unsigned int index)
{
	return &digest->hints.hint[index];
}

const struct digest_table digest_tables[] = {
	{ "classes", "By class", class_list, class_count, any_row, NULL },
	{ "causes", "By cause", cause_list, cause_count, any_row, NULL },
	{ "latency", "How long they took", latency_list, latency_count, latency_row,
	  NULL },
	{ "timeline", "Over time", bin_list, bin_count, any_row, NULL },
	{ "processes", "By process", roster_list, roster_count, roster_row,
	  roster_dropped },
	{ "files", "By file", file_list, file_count, file_row, NULL },
	{ "vmas", "By mapping", vma_list, vma_count, vma_row, vma_dropped },
	{ "code", "By instruction", code_list, code_count, code_row, code_dropped },
	{ "pages", "By page", page_list, page_count, page_row, page_dropped },
	{ "refused", "Refused", refused_list, refused_count, refused_row, refused_dropped },
	{ "hints", "Hints", hint_list, hint_count, hint_row, NULL },
};

const unsigned int nr_digest_tables = COUNT_OF(digest_tables);

/**
 * digest_table_find - a table by its name
 * @name: its name
 *
 * Return: the table, or NULL.
 */
const struct digest_table *digest_table_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_digest_tables; i++)
		if (!strcmp(digest_tables[i].name, name))
			return &digest_tables[i];
	return NULL;
}
