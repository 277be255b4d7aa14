// SPDX-License-Identifier: GPL-2.0
/* The tables of a profile: their columns, for people and as data, and their order. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "profile_rows.h"

#define GETTER(name)	static struct cell get_##name(const void *item)
#define ROW		(*(const struct profile_row *)item)
#define TEXT(member)	(ROW.text && *ROW.text->member ? cell_text(ROW.text->member) : cell_none())

static const uint64_t *counts(const struct profile_row *row)
{
	switch (row->kind) {
	case PROFILE_VMAS:
		return row->vma->count;
	case PROFILE_CODE:
		return row->code->count;
	default:
		return row->page->count;
	}
}

static const uint64_t *causes(const struct profile_row *row)
{
	return row->kind == PROFILE_VMAS ? row->vma->cause : row->code->cause;
}

static uint64_t time_of(const struct profile_row *row)
{
	switch (row->kind) {
	case PROFILE_VMAS:
		return row->vma->ns;
	case PROFILE_CODE:
		return row->code->ns;
	default:
		return row->page->ns;
	}
}

static uint64_t sum_of(const struct profile_row *row)
{
	const uint64_t *count = counts(row);

	return count[PFT_MINOR] + count[PFT_MAJOR] + count[PFT_INVALID];
}

static bool has_vma(const struct profile_row *row)
{
	return row->vma->end;
}

static uint64_t pid_of(const struct profile_row *row)
{
	if (row->kind == PROFILE_VMAS)
		return row->vma->key.pid;
	return row->kind == PROFILE_CODE ? row->code->key.pid : row->page->key.pid;
}

static unsigned int top_cause(const uint64_t *cause)
{
	unsigned int i, top = 0;

	for (i = 1; i < PFT_NR_CAUSES; i++)
		if (cause[i] > cause[top])
			top = i;
	return top;
}

GETTER(pid) { return cell_uint(pid_of(&ROW)); }
GETTER(minor) { return cell_uint(counts(&ROW)[PFT_MINOR]); }
GETTER(major) { return cell_uint(counts(&ROW)[PFT_MAJOR]); }
GETTER(invalid) { return cell_uint(counts(&ROW)[PFT_INVALID]); }
GETTER(count) { return cell_uint(sum_of(&ROW)); }
GETTER(ns) { return cell_uint(time_of(&ROW)); }
GETTER(time) { return time_of(&ROW) ? cell_time(time_of(&ROW)) : cell_none(); }
GETTER(top) { return TEXT(top); }
GETTER(top_cause) { return cell_text(pft_cause_name(top_cause(causes(&ROW)))); }
GETTER(name) { return TEXT(name); }

GETTER(vma) { return TEXT(vma); }
GETTER(start) { return has_vma(&ROW) ? cell_hex(ROW.vma->start) : cell_none(); }
GETTER(end) { return has_vma(&ROW) ? cell_hex(ROW.vma->end) : cell_none(); }
GETTER(perms) { return TEXT(perms); }
GETTER(causes) { return TEXT(causes); }
GETTER(p99) { return ROW.p99_ns ? cell_time(ROW.p99_ns) : cell_none(); }

GETTER(p50)
{
	const struct spread *spread = &ROW.vma->spread;

	return spread->count ? cell_time(spread_percentile(spread, 50)) : cell_none();
}

GETTER(comm) { return cell_text(ROW.code->comm); }
GETTER(ip) { return ROW.code->key.address ? cell_hex(ROW.code->key.address) : cell_none(); }
GETTER(symbol) { return TEXT(symbol); }
GETTER(source) { return TEXT(source); }
GETTER(file) { return TEXT(file); }
GETTER(place) { return TEXT(place); }

GETTER(offset)
{
	return ROW.text && *ROW.text->symbol ? cell_uint(ROW.text->offset) : cell_none();
}

GETTER(address) { return cell_hex(ROW.page->key.address); }
GETTER(last_cause) { return cell_text(pft_cause_name(ROW.page->cause)); }

#define PEOPLE	SHOW_RATES
#define DATA	SHOW_DATA
#define BOTH	(PEOPLE | DATA)

static const struct column vma_columns[] = {
	{ "pid", "PID", 7, false, 0, DATA | SHOW_MIXED, get_pid },
	{ "vma", "VMA", 25, true, 0, PEOPLE | SHOW_WHOLE, get_vma },
	{ "start", "", 0, false, 0, DATA, get_start },
	{ "end", "", 0, false, 0, DATA, get_end },
	{ "perms", "PERM", 4, true, 0, BOTH, get_perms },
	{ "minor", "MINOR", 7, false, 0, BOTH, get_minor },
	{ "major", "MAJOR", 6, false, 0, BOTH, get_major },
	{ "invalid", "INV", 4, false, 0, BOTH, get_invalid },
	{ "time", "TIME", 7, false, 0, PEOPLE, get_time },
	{ "ns", "", 0, false, 0, DATA, get_ns },
	{ "p50", "P50", 7, false, 0, PEOPLE | SHOW_WIDE, get_p50 },
	{ "p99", "P99", 7, false, 0, PEOPLE, get_p99 },
	{ "p99_ns", "", 0, false, 0, DATA, get_p99 },
	{ "causes", "CAUSES", 22, true, 0, PEOPLE | SHOW_WIDE, get_causes },
	{ "top_cause", "", 0, true, 0, DATA, get_top_cause },
	{ "name", "NAME", 0, true, 0, BOTH, get_name },
};

static const struct column code_columns[] = {
	{ "pid", "PID", 7, false, 0, DATA | SHOW_MIXED, get_pid },
	{ "comm", "COMM", 15, true, 0, DATA | SHOW_MIXED, get_comm },
	{ "ip", "IP", 16, false, 0, BOTH, get_ip },
	{ "minor", "MINOR", 7, false, 0, BOTH, get_minor },
	{ "major", "MAJOR", 6, false, 0, BOTH, get_major },
	{ "invalid", "INV", 4, false, 0, BOTH, get_invalid },
	{ "time", "TIME", 7, false, 0, PEOPLE, get_time },
	{ "ns", "", 0, false, 0, DATA, get_ns },
	{ "top", "TOP CAUSE", 14, true, 0, PEOPLE | SHOW_WIDE, get_top },
	{ "top_cause", "", 0, true, 0, DATA, get_top_cause },
	{ "symbol", "", 0, true, 0, DATA, get_symbol },
	{ "offset", "", 0, false, 0, DATA, get_offset },
	{ "source", "", 0, true, 0, DATA, get_source },
	{ "file", "", 0, true, 0, DATA, get_file },
	{ "place", "CODE", 0, true, 0, PEOPLE, get_place },
};

static const struct column page_columns[] = {
	{ "pid", "PID", 7, false, 0, DATA | SHOW_MIXED, get_pid },
	{ "address", "ADDRESS", 18, false, 0, BOTH, get_address },
	{ "count", "FAULTS", 7, false, 0, BOTH, get_count },
	{ "minor", "MINOR", 7, false, 0, BOTH, get_minor },
	{ "major", "MAJOR", 6, false, 0, BOTH, get_major },
	{ "invalid", "INV", 4, false, 0, BOTH, get_invalid },
	{ "time", "TIME", 7, false, 0, PEOPLE, get_time },
	{ "ns", "", 0, false, 0, DATA, get_ns },
	{ "last_cause", "LAST CAUSE", 14, true, 0, BOTH | SHOW_WIDE, get_last_cause },
	{ "name", "NAME", 0, true, 0, BOTH, get_name },
};

struct table {
	const char *name;
	const struct column *columns;
	unsigned int count;
};

#define TABLE(name, columns)	{ name, columns, sizeof(columns) / sizeof((columns)[0]) }

static const struct table tables[] = {
	[PROFILE_VMAS] = TABLE("vmas", vma_columns),
	[PROFILE_CODE] = TABLE("code", code_columns),
	[PROFILE_PAGES] = TABLE("pages", page_columns),
};

/**
 * profile_rows_name - what a table is called in JSON
 * @kind: which table
 *
 * Return: its name.
 */
const char *profile_rows_name(enum profile_kind kind)
{
	return tables[kind].name;
}

/**
 * profile_rows_columns - the columns of a table
 * @kind: which table
 * @show: SHOW_RATES for people, or SHOW_DATA
 * @list: where to put them, COLUMNS_MAX
 *
 * Return: how many.
 */
unsigned int profile_rows_columns(enum profile_kind kind, unsigned int show,
				  const struct column **list)
{
	return column_show(tables[kind].columns, tables[kind].count, show, list);
}

static const struct column *column_of(enum profile_kind kind, const char *key)
{
	unsigned int i;

	for (i = 0; i < tables[kind].count; i++)
		if (!strcmp(tables[kind].columns[i].key, key))
			break;
	return &tables[kind].columns[i];
}

/**
 * profile_rows_sort - the column that rows are sorted by
 * @rows: the table
 *
 * Return: what the user chose, else time in faults.
 */
const struct column *profile_rows_sort(const struct profile_rows *rows)
{
	return rows->sort ? rows->sort : column_of(rows->kind, "time");
}

/* Texts are not there when rows are sorted: addresses go by their number. */
static const struct column *sort_by(const struct profile_rows *rows)
{
	const struct column *sort = profile_rows_sort(rows);

	return strcmp(sort->key, "vma") != 0 ? sort : column_of(rows->kind, "start");
}

struct order {
	const struct column *column;
	bool reverse;
};

static uint64_t address_of(const struct profile_row *row)
{
	if (row->kind == PROFILE_VMAS)
		return row->vma->start;
	return row->kind == PROFILE_CODE ? row->code->key.address : row->page->key.address;
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct profile_row *x = a, *y = b;
	const struct order *order = arg;
	int ret = column_compare(order->column, x, y);

	if (order->reverse)
		ret = -ret;
	if (ret)
		return ret;
	if (sum_of(x) != sum_of(y))
		return sum_of(x) < sum_of(y) ? 1 : -1;
	if (address_of(x) != address_of(y))
		return address_of(x) < address_of(y) ? -1 : 1;
	return (pid_of(x) > pid_of(y)) - (pid_of(x) < pid_of(y));
}

static void set_row(struct profile_row *row, const struct profile *profile, enum profile_kind kind,
		    unsigned int index)
{
	memset(row, 0, sizeof(*row));
	row->kind = kind;
	switch (kind) {
	case PROFILE_VMAS:
		row->vma = hashtab_row(&profile->vmas, index);
		if (row->vma->spread.count)
			row->p99_ns = spread_percentile(&row->vma->spread, 99);
		break;
	case PROFILE_CODE:
		row->code = hashtab_row(&profile->code, index);
		break;
	default:
		row->page = hashtab_row(&profile->pages, index);
		break;
	}
}

static unsigned int size_of(const struct profile *profile, enum profile_kind kind)
{
	if (kind == PROFILE_VMAS)
		return profile->vmas.count;
	return kind == PROFILE_CODE ? profile->code.count : profile->pages.count;
}

/**
 * profile_rows_select - all rows of a table, in order
 * @rows: its @kind and order are set; all else zero the first time
 * @profile: whose; rows point into it until its next record
 *
 * Return: false where memory ran out.
 */
bool profile_rows_select(struct profile_rows *rows, const struct profile *profile)
{
	struct order order = { sort_by(rows), rows->reverse };
	unsigned int count = size_of(profile, rows->kind), i;
	struct profile_row *row;

	rows->count = 0;
	if (count > rows->room) {
		row = realloc(rows->row, count * sizeof(*row));
		if (!row)
			return false;
		rows->row = row;
		rows->room = count;
	}
	for (i = 0; i < count; i++)
		set_row(&rows->row[i], profile, rows->kind, i);
	rows->count = count;
	if (count)
		qsort_r(rows->row, count, sizeof(*rows->row), compare, &order);
	return true;
}

/**
 * profile_rows_fini - give its memory back
 * @rows: any; its kind and order stay
 */
void profile_rows_fini(struct profile_rows *rows)
{
	free(rows->row);
	rows->row = NULL;
	rows->count = 0;
	rows->room = 0;
}

/* "zero 87% cow 13%", as many as fit. */
static void causes_text(struct profile_text *text, const uint64_t *cause)
{
	struct append all = { text->causes, sizeof(text->causes), 0 };
	uint64_t left[PFT_NR_CAUSES], sum = 0;
	unsigned int i, top;

	*text->causes = '\0';
	*text->top = '\0';
	for (i = 0; i < PFT_NR_CAUSES; i++)
		sum += left[i] = cause[i];
	for (i = 0; i < 3; i++) {
		top = top_cause(left);
		if (!left[top])
			break;
		append(&all, "%s%s %.0f%%", i ? " " : "", pft_cause_name(top),
		       (double)left[top] * 100 / (double)sum);
		if (!i)
			(void)snprintf(text->top, sizeof(text->top), "%s:%.0f%%",
				       pft_cause_name(top),
				       (double)left[top] * 100 / (double)sum);
		left[top] = 0;
	}
}

static void vma_text(struct profile_text *text, const struct profile_vma *vma, struct paths *paths)
{
	causes_text(text, vma->cause);
	if (!vma->end) {
		(void)snprintf(text->vma, sizeof(text->vma), "-");
		(void)snprintf(text->perms, sizeof(text->perms), "-");
		(void)snprintf(text->name, sizeof(text->name), "no mapping");
		return;
	}
	(void)snprintf(text->vma, sizeof(text->vma), "%" PRIx64 "-%" PRIx64, vma->start, vma->end);
	(void)snprintf(text->perms, sizeof(text->perms), "%c%c%c%c",
		       vma->perms & PFT_PERM_READ ? 'r' : '-',
		       vma->perms & PFT_PERM_WRITE ? 'w' : '-',
		       vma->perms & PFT_PERM_EXEC ? 'x' : '-',
		       vma->perms & PFT_PERM_SHARED ? 's' : 'p');
	paths_name(paths, vma->file, vma->key.area, text->name, sizeof(text->name));
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void place_text(struct profile_text *text, const struct profile_code *code,
		       const struct codename *name)
{
	struct append place = { text->place, sizeof(text->place), 0 };

	if (!code->key.address) {
		append(&place, "[kernel]");
		return;
	}
	if (name->symbol)
		append(&place, "%s+0x%" PRIx64, name->symbol, name->offset);
	else
		append(&place, "?");
	if (name->source)
		append(&place, " (%s:%u)", last_part(name->source), name->line);
	else if (name->file)
		append(&place, " (%s+0x%" PRIx64 ")", last_part(name->file), name->file_offset);
}

static void code_text(struct profile_text *text, const struct profile_code *code,
		      struct codenames *names)
{
	struct codename name = { 0 };

	causes_text(text, code->cause);
	if (code->key.address)
		(void)codename_find(names, &code->at, &name);
	text->offset = name.offset;
	(void)snprintf(text->symbol, sizeof(text->symbol), "%s", name.symbol ? name.symbol : "");
	(void)snprintf(text->file, sizeof(text->file), "%s", name.file ? name.file : "");
	*text->source = '\0';
	if (name.source)
		(void)snprintf(text->source, sizeof(text->source), "%s:%u", name.source,
			       name.line);
	place_text(text, code, &name);
}

/**
 * profile_row_fill - put into words what a row is
 * @row: from profile_rows_select(); its @text becomes @text
 * @text: where to put it
 * @paths: where the names of files are
 * @names: where those of code are
 */
void profile_row_fill(struct profile_row *row, struct profile_text *text, struct paths *paths,
		      struct codenames *names)
{
	switch (row->kind) {
	case PROFILE_VMAS:
		vma_text(text, row->vma, paths);
		break;
	case PROFILE_CODE:
		code_text(text, row->code, names);
		break;
	default:
		paths_name(paths, row->page->file, row->page->area, text->name,
			   sizeof(text->name));
		break;
	}
	row->text = text;
}
