/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_PROFILE_ROWS_H
#define PFTOP_PROFILE_ROWS_H

#include "codename.h"
#include "column.h"
#include "paths.h"
#include "profile.h"

/**
 * enum profile_kind - the tables of a profile
 * @PROFILE_VMAS: struct profile_vma
 * @PROFILE_CODE: struct profile_code
 * @PROFILE_PAGES: struct profile_page
 * @PROFILE_KINDS: how many
 */
enum profile_kind {
	PROFILE_VMAS,
	PROFILE_CODE,
	PROFILE_PAGES,
	PROFILE_KINDS,
};

/**
 * struct profile_text - the texts of a row, which cost too much to have of all
 * @vma: first and last address
 * @perms: as in /proc/PID/maps
 * @causes: its causes and their shares, the most frequent first
 * @top: the most frequent one and its share
 * @name: path of its file or kind of its memory
 * @symbol: of code: name of the function; empty where it is not known
 * @offset: bytes behind its beginning
 * @source: source file and line; empty where they are not known
 * @file: of code: path of what it is in; empty where it is not known
 * @place: all that is known of the code's place in one text
 */
struct profile_text {
	char vma[40];
	char perms[8];
	char causes[64];
	char top[24];
	char name[PATHS_MAX];
	char symbol[1024];
	uint64_t offset;
	char source[PATHS_MAX];
	char file[PATHS_MAX];
	char place[PATHS_MAX + 1024];
};

/**
 * struct profile_row - a row of one of the tables
 * @kind: which table
 * @vma: its item there, of PROFILE_VMAS
 * @code: of PROFILE_CODE
 * @page: of PROFILE_PAGES
 * @p99_ns: 99 % of its faults took at most this; 0 where that is not known
 * @text: its texts, or NULL
 */
struct profile_row {
	enum profile_kind kind;
	union {
		const struct profile_vma *vma;
		const struct profile_code *code;
		const struct profile_page *page;
	};
	uint64_t p99_ns;
	const struct profile_text *text;
};

/**
 * struct profile_rows - a table in an order
 * @kind: which table
 * @sort: by this column; NULL for time, and then count
 * @reverse: the other way round
 * @row: the rows, without texts
 * @count: of them
 * @room: of them there is memory for
 */
struct profile_rows {
	enum profile_kind kind;
	const struct column *sort;
	bool reverse;
	struct profile_row *row;
	unsigned int count;
	unsigned int room;
};

const char *profile_rows_name(enum profile_kind kind);
unsigned int profile_rows_columns(enum profile_kind kind, unsigned int show,
				  const struct column **list);
const struct column *profile_rows_sort(const struct profile_rows *rows);
bool profile_rows_select(struct profile_rows *rows, const struct profile *profile);
void profile_rows_fini(struct profile_rows *rows);
void profile_row_fill(struct profile_row *row, struct profile_text *text, struct paths *paths,
		      struct codenames *names);

#endif /* PFTOP_PROFILE_ROWS_H */
