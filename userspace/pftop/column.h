/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_COLUMN_H
#define PFTOP_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "libpftrace.h"

/**
 * enum cell_type - what a cell holds
 * @CELL_NONE: nothing that is known
 * @CELL_UINT: a number
 * @CELL_HEX: an address
 * @CELL_REAL: a number with a fraction
 * @CELL_TEXT: text, raw bytes
 * @CELL_BOOL: yes or no, in @number
 * @CELL_SIZE: a rate: as CELL_REAL, but shortened to 12.4k for people
 * @CELL_TIME: ns: as CELL_UINT, but as 1.3us for people
 */
enum cell_type {
	CELL_NONE,
	CELL_UINT,
	CELL_HEX,
	CELL_REAL,
	CELL_TEXT,
	CELL_BOOL,
	CELL_SIZE,
	CELL_TIME,
};

/**
 * struct cell - a value of a table
 * @type: which member counts
 * @number: for CELL_UINT, CELL_HEX and CELL_TIME
 * @real: for CELL_REAL and CELL_SIZE
 * @text: for CELL_TEXT; owned by the row
 */
struct cell {
	enum cell_type type;
	uint64_t number;
	double real;
	const char *text;
};

/* Where a column of the process table is shown. */
#define SHOW_RATES	0x01	/* people, rates */
#define SHOW_TOTALS	0x02	/* people, totals */
#define SHOW_THREADS	0x04	/* only in the table of threads */
#define SHOW_DATA	0x08	/* JSON and CSV */
#define SHOW_FRAME	0x10	/* CSV only: the same for all rows of an update */
#define SHOW_WHOLE	0x20	/* people: never cut, even if wider than its column */
#define SHOW_WORD	0x40	/* people: blanks are written as \040: one word */
#define SHOW_WIDE	0x80	/* people: not on a narrow terminal */
#define SHOW_MIXED	0x100	/* people: where rows of several processes are mixed */

/**
 * struct column - a column of any table
 * @key: name for JSON, CSV and --sort
 * @title: name for people
 * @width: columns of the terminal
 * @left: begins at the left
 * @decimals: digits behind the point, for people; data has three
 * @show: SHOW_*
 * @get: its value in a row of this table
 */
struct column {
	const char *key;
	const char *title;
	unsigned char width;
	bool left;
	unsigned char decimals;
	unsigned int show;
	struct cell (*get)(const void *row);
};

extern const struct column process_columns[];
extern const unsigned int nr_process_columns;

const struct column *column_find(const char *name);
unsigned int column_show(const struct column *table, unsigned int count, unsigned int show,
			 const struct column **list);
unsigned int column_select(unsigned int show, bool threads, const struct column **list);
int column_compare(const struct column *column, const void *a, const void *b);
unsigned int column_parse(const char *names, const struct column **list, char *bad, size_t size);
bool column_is_text(const struct column *column);

/* Columns that any table of processes can have at once. */
#define COLUMNS_MAX	64

static inline struct cell cell_none(void)
{
	return (struct cell){ .type = CELL_NONE };
}

static inline struct cell cell_uint(uint64_t number)
{
	return (struct cell){ .type = CELL_UINT, .number = number };
}

static inline struct cell cell_hex(uint64_t number)
{
	return (struct cell){ .type = CELL_HEX, .number = number };
}

static inline struct cell cell_real(double real)
{
	return (struct cell){ .type = CELL_REAL, .real = real };
}

static inline struct cell cell_size(double real)
{
	return (struct cell){ .type = CELL_SIZE, .real = real };
}

static inline struct cell cell_time(uint64_t ns)
{
	return (struct cell){ .type = CELL_TIME, .number = ns };
}

static inline struct cell cell_bool(bool yes)
{
	return (struct cell){ .type = CELL_BOOL, .number = yes };
}

static inline struct cell cell_text(const char *text)
{
	return (struct cell){ .type = CELL_TEXT, .text = text };
}

#endif /* PFTOP_COLUMN_H */
