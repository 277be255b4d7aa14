// SPDX-License-Identifier: GPL-2.0
/* The files `pids`, `threads` and `exited`: columns found by their names. */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define COLUMNS_MAX	128

enum field_size {
	FIELD_NONE,
	FIELD_U32,
	FIELD_U64,
	FIELD_COMM,
};

struct field {
	const char *name;
	size_t offset;
	enum field_size size;
	bool needed;
};

#define FIELD(n, s, m, need) { n, offsetof(struct pft_row, m), s, need }

static const struct field fields[] = {
	FIELD("PID", FIELD_U32, pid, true),
	FIELD("TID", FIELD_U32, tid, false),
	FIELD("PPID", FIELD_U32, ppid, false),
	FIELD("MINOR", FIELD_U64, count[PFT_MINOR], true),
	FIELD("MAJOR", FIELD_U64, count[PFT_MAJOR], true),
	FIELD("INVALID", FIELD_U64, count[PFT_INVALID], true),
	FIELD("RETRIES", FIELD_U64, retries, false),
	FIELD("MINOR_NS", FIELD_U64, ns[PFT_MINOR], false),
	FIELD("MAJOR_NS", FIELD_U64, ns[PFT_MAJOR], false),
	FIELD("LAST_ADDR", FIELD_U64, last_addr, false),
	FIELD("COMM", FIELD_COMM, comm, true),
};

#define NR_FIELDS	(sizeof(fields) / sizeof(fields[0]))

/* The title of a cause is its name in upper case. */
static const struct field cause_fields[PFT_NR_CAUSES] = {
#define X(id, name, meaning) [id] = FIELD(name, FIELD_U64, cause[id], false),
	PFT_CAUSES(X)
#undef X
};

static const struct field ignored = { "", 0, FIELD_NONE, false };

static const char *const kind_path[] = {
	[PFT_PIDS] = "pids",
	[PFT_THREADS] = "threads",
	[PFT_EXITED] = "exited",
};

struct layout {
	unsigned int count;
	bool has_causes;
	const struct field *column[COLUMNS_MAX];
};

static bool is_upper_of(const char *title, const char *name)
{
	for (; *title && toupper((unsigned char)*name) == *title; title++)
		name++;
	return !*title && !*name;
}

static const struct field *find_field(const char *name)
{
	size_t i;

	for (i = 0; i < NR_FIELDS; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	for (i = 0; i < PFT_NR_CAUSES; i++)
		if (is_upper_of(name, cause_fields[i].name))
			return &cause_fields[i];
	return &ignored;
}

static bool has_column(const struct layout *layout, const struct field *field)
{
	unsigned int i;

	for (i = 0; i < layout->count; i++)
		if (layout->column[i] == field)
			return true;
	return false;
}

/* Learns from the header line which column is where. */
static bool read_header(const struct pft_root *root, const char *path, char *line,
			struct layout *layout, struct pft_error *error)
{
	const struct field *field;
	char *word;
	size_t i;

	layout->count = 0;
	layout->has_causes = false;
	while (line && (word = line_word(&line))) {
		field = find_field(word);
		if (layout->count == COLUMNS_MAX) {
			error_format(error, root, path, "it has more than %u columns", COLUMNS_MAX);
			return false;
		}
		if (field != &ignored && has_column(layout, field)) {
			error_format(error, root, path, "its header names %s twice", field->name);
			return false;
		}
		layout->column[layout->count++] = field;
		layout->has_causes |= field->size == FIELD_U64 &&
				      field->offset >= offsetof(struct pft_row, cause);
	}
	for (i = 0; i < NR_FIELDS; i++) {
		if (fields[i].needed && !has_column(layout, &fields[i])) {
			error_format(error, root, path, "its header has no %s", fields[i].name);
			return false;
		}
	}
	/* COMM may hold blanks, so nothing can be found behind it. */
	if (layout->column[layout->count - 1]->size != FIELD_COMM) {
		error_format(error, root, path, "COMM is not its last column");
		return false;
	}
	return true;
}

static bool read_row(struct pft_row *row, char *line, const struct layout *layout)
{
	char *base = (char *)row;
	unsigned int i;
	uint64_t value;
	uint32_t small;
	char *word;

	memset(row, 0, sizeof(*row));
	for (i = 0; i < layout->count; i++) {
		const struct field *field = layout->column[i];

		if (field->size == FIELD_COMM) {
			line_unescape(row->comm, sizeof(row->comm), line_skip(line));
			break;
		}
		if (field->size == FIELD_NONE || !line_decimal(&line, &value)) {
			word = line_word(&line);
			if (!word)
				return false;
			if (field->size == FIELD_NONE)
				continue;
			if (!line_number(word, &value))
				return false;
		}
		if (field->size == FIELD_U64) {
			memcpy(base + field->offset, &value, sizeof(value));
			continue;
		}
		if (value > UINT32_MAX)
			return false;
		small = (uint32_t)value;
		memcpy(base + field->offset, &small, sizeof(small));
	}
	return true;
}

static bool make_room(struct pft_table *table)
{
	unsigned int room = table->room ? table->room * 2 : 256;
	struct pft_row *row;

	if (table->count < table->room)
		return true;
	row = realloc(table->row, room * sizeof(*row));
	if (!row)
		return false;
	table->row = row;
	table->room = room;
	return true;
}

static bool read_rows(struct line_file *file, struct pft_table *table, struct pft_error *error)
{
	struct layout layout;
	char *line;

	line = line_next(file, error);
	if (error->code)
		return false;
	if (!read_header(file->root, file->path, line, &layout, error))
		return false;
	table->has_causes = layout.has_causes;
	while ((line = line_next(file, error))) {
		if (table->count == PFT_TABLE_MAX) {
			table->dropped++;
			continue;
		}
		if (!make_room(table)) {
			error_system(error, file->root, file->path, ENOMEM);
			return false;
		}
		if (!read_row(&table->row[table->count], line, &layout)) {
			error_format(error, file->root, file->path,
				     "row %u does not fit its header", table->count + 1);
			return false;
		}
		table->count++;
	}
	return error->code == PFT_OK;
}

/**
 * pft_table_read - read `pids`, `threads` or `exited`
 * @root: from pft_root_open()
 * @kind: which
 * @table: to be filled anew; zeroed before its first use
 * @error: why not
 *
 * Return: true where it was read. Columns that we do not know are skipped.
 */
bool pft_table_read(const struct pft_root *root, enum pft_table_kind kind,
		    struct pft_table *table, struct pft_error *error)
{
	const char *path = kind_path[kind];
	struct line_file *file;
	bool ok = false;

	table->count = 0;
	table->dropped = 0;
	table->has_causes = false;
	file = line_open(root, path, error);
	if (file) {
		ok = read_rows(file, table, error);
		line_close(file);
	}
	return ok;
}

/**
 * pft_table_free - give a table's memory back
 * @table: any table; it is empty afterwards
 */
void pft_table_free(struct pft_table *table)
{
	free(table->row);
	memset(table, 0, sizeof(*table));
}
