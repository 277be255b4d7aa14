// SPDX-License-Identifier: GPL-2.0
/*
 * Comma separated values as in RFC 4180, but with a newline alone as the end of
 * a line. A document's table only: single values have no place in it.
 */

#include <inttypes.h>
#include <string.h>

#include "output.h"
#include "safe.h"

static void put_text(FILE *file, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		(void)fputs(text, file);
		return;
	}
	(void)fputc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			(void)fputc('"', file);
		(void)fputc(*text, file);
	}
	(void)fputc('"', file);
}

static void csv_nothing(struct output *output)
{
	(void)output;
}

static void csv_value(struct output *output, const char *group, const char *key,
		      const struct cell *cell)
{
	(void)output;
	(void)group;
	(void)key;
	(void)cell;
}

static void csv_table(struct output *output, const char *name,
		      const struct column *const *columns, unsigned int count)
{
	unsigned int i;

	(void)name;
	output->columns = columns;
	output->count = count;
	if (output->header)
		return;
	output->header = true;
	for (i = 0; i < count; i++)
		(void)fprintf(output->file, "%s%s", i ? "," : "", columns[i]->key);
	(void)fputc('\n', output->file);
}

static void csv_row(struct output *output, const void *row)
{
	char text[OUTPUT_TEXT_MAX];
	unsigned int i;

	for (i = 0; i < output->count; i++) {
		struct cell cell = output->columns[i]->get(row);

		if (i)
			(void)fputc(',', output->file);
		switch (cell.type) {
		case CELL_NONE:
			break;
		case CELL_BOOL:
			(void)fputs(cell.number ? "true" : "false", output->file);
			break;
		case CELL_UINT:
		case CELL_TIME:
			(void)fprintf(output->file, "%" PRIu64, cell.number);
			break;
		case CELL_HEX:
			(void)fprintf(output->file, "0x%" PRIx64, cell.number);
			break;
		case CELL_REAL:
		case CELL_SIZE:
			(void)fprintf(output->file, "%.3f", cell.real);
			break;
		case CELL_TEXT:
			(void)safe_text(text, sizeof(text), cell.text, true);
			put_text(output->file, text);
			break;
		}
	}
	(void)fputc('\n', output->file);
}

const struct output_ops csv_ops = {
	.begin = csv_nothing,
	.value = csv_value,
	.table = csv_table,
	.row = csv_row,
	.end = csv_nothing,
};
