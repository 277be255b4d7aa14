// SPDX-License-Identifier: GPL-2.0
/*
 * Tables for people: aligned for eyes, one blank at least between two columns.
 * Views write the prose around them themselves.
 */

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "output.h"
#include "safe.h"
#include "units.h"

#define TEXT_ROOM	9216	/* an explanation that names two long paths */

/**
 * text_title - title of a column, aligned
 * @to: where to write
 * @size: bytes there
 * @column: the column
 */
void text_title(char *to, size_t size, const struct column *column)
{
	(void)snprintf(to, size, "%*s", column->left ? -column->width : column->width,
		       column->title);
}

/* 12.4k for 12,412: a rate needs three digits, not a right number of them. */
static void short_number(char *to, size_t size, double value)
{
	static const char units[] = " kMGT";
	unsigned int unit = 0;

	while (value >= 999.5 && unit < sizeof(units) - 2) {
		value /= 1000;
		unit++;
	}
	if (!unit)
		(void)snprintf(to, size, "%.*f", value > 0 && value < 9.95 ? 1 : 0, value);
	else
		(void)snprintf(to, size, "%.*f%c", value < 99.95 ? 1 : 0, value, units[unit]);
}

/* Writes each blank as \040. Returns how many columns more that takes. */
static unsigned int join_words(char *text, size_t size)
{
	static const char blank[] = { '\\', '0', '4', '0' };
	size_t used = strlen(text), i;
	unsigned int more = 0;

	for (i = 0; i < used; i++) {
		if (text[i] != ' ' || used + 3 >= size)
			continue;
		memmove(text + i + 4, text + i + 1, used - i);
		(void)memcpy(text + i, blank, sizeof(blank));
		i += 3;
		used += 3;
		more += 3;
	}
	return more;
}

/**
 * text_value - a value, aligned and printable
 * @to: where to write
 * @size: bytes there
 * @column: its column
 * @cell: the value
 * @room: columns of the terminal for a column without a width of its own
 * @utf8: the terminal takes UTF-8
 */
void text_value(char *to, size_t size, const struct column *column, const struct cell *cell,
		unsigned int room, bool utf8)
{
	unsigned int width = column->width ? column->width : room;
	char plain[TEXT_ROOM];
	unsigned int columns;
	int fill;

	switch (cell->type) {
	case CELL_TEXT:
		if (column->show & SHOW_WHOLE)
			width = sizeof(plain);
		columns = safe_fit(plain, sizeof(plain), cell->text, width, utf8);
		if (column->show & SHOW_WORD)
			columns += join_words(plain, sizeof(plain));
		break;
	case CELL_UINT:
		columns = (unsigned int)snprintf(plain, sizeof(plain), "%" PRIu64, cell->number);
		break;
	case CELL_HEX:
		columns = (unsigned int)snprintf(plain, sizeof(plain), "0x%" PRIx64, cell->number);
		break;
	case CELL_REAL:
		columns = (unsigned int)snprintf(plain, sizeof(plain), "%.*f", column->decimals,
						 cell->real);
		break;
	case CELL_SIZE:
		short_number(plain, sizeof(plain), cell->real);
		columns = (unsigned int)strlen(plain);
		break;
	case CELL_TIME:
		(void)units_time_short(plain, sizeof(plain), cell->number);
		columns = (unsigned int)strlen(plain);
		break;
	case CELL_BOOL:
		columns = (unsigned int)snprintf(plain, sizeof(plain), "%s",
						 cell->number ? "yes" : "no");
		break;
	default:
		memcpy(plain, "-", 2);
		columns = 1;
		break;
	}
	fill = column->width > columns ? (int)(column->width - columns) : 0;
	(void)snprintf(to, size, "%*s%s%*s", column->left ? 0 : fill, "", plain,
		       column->left ? fill : 0, "");
}

/**
 * text_cell - a value of a row, aligned and printable
 * @to: where to write
 * @size: bytes there
 * @column: its column
 * @row: its row
 * @room: columns of the terminal for a column without a width of its own
 * @utf8: the terminal takes UTF-8
 */
void text_cell(char *to, size_t size, const struct column *column, const void *row,
	       unsigned int room, bool utf8)
{
	struct cell cell = column->get(row);

	text_value(to, size, column, &cell, room, utf8);
}

static void put_line(struct output *output, const void *row)
{
	char text[TEXT_ROOM + 64];
	unsigned int i;

	for (i = 0; i < output->count; i++) {
		const struct column *column = output->columns[i];

		if (row)
			text_cell(text, sizeof(text), column, row, TEXT_ROOM, output->utf8);
		else
			text_title(text, sizeof(text), column);
		if (i)
			(void)fputc(' ', output->file);
		(void)fputs(text, output->file);
	}
	(void)fputc('\n', output->file);
}

static void text_table(struct output *output, const char *name,
		       const struct column *const *columns, unsigned int count)
{
	(void)name;
	output->columns = columns;
	output->count = count;
	put_line(output, NULL);
}

static void text_row(struct output *output, const void *row)
{
	put_line(output, row);
}

static void text_nothing(struct output *output)
{
	(void)output;
}

static void no_value(struct output *output, const char *group, const char *key,
		       const struct cell *cell)
{
	(void)output;
	(void)group;
	(void)key;
	(void)cell;
}

const struct output_ops text_ops = {
	.begin = text_nothing,
	.value = no_value,
	.table = text_table,
	.row = text_row,
	.end = text_nothing,
};
