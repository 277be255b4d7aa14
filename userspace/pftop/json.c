// SPDX-License-Identifier: GPL-2.0
/*
 * JSON Lines: each document is one object on one line, so that a reader of an
 * endless stream can take it line by line. A table is an array of objects; a
 * document that is nothing but a row (an event) is that row's object.
 *
 * Addresses are strings ("0x7f..."): JSON numbers above 2^53 are not safe in
 * many readers.
 */

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

#include "output.h"
#include "safe.h"

static json_t *to_json(const struct cell *cell)
{
	char text[OUTPUT_TEXT_MAX];

	switch (cell->type) {
	case CELL_UINT:
	case CELL_TIME:
		/* A counter above 2^63 would take centuries; clamp, never wrap. */
		return json_integer(cell->number > INT64_MAX ? INT64_MAX :
							      (json_int_t)cell->number);
	case CELL_HEX:
		return json_sprintf("0x%" PRIx64, cell->number);
	case CELL_REAL:
	case CELL_SIZE:
		if (!isfinite(cell->real))
			return json_null();
		/* Three digits, as in CSV: more would be noise. */
		return json_real(round(cell->real * 1e3) / 1e3);
	case CELL_TEXT:
		(void)safe_text(text, sizeof(text), cell->text, true);
		return json_string(text);
	case CELL_BOOL:
		return json_boolean(cell->number);
	case CELL_NONE:
		break;
	}
	return json_null();
}

static void put(struct output *output, json_t *object, const char *key, json_t *value)
{
	if (!object || json_object_set_new(object, key, value))
		output->failed = true;
}

static void json_begin(struct output *output)
{
	output->private = json_object();
	if (!output->private)
		output->failed = true;
}

static void json_value(struct output *output, const char *group, const char *key,
		       const struct cell *cell)
{
	json_t *object = output->private;

	if (group) {
		object = json_object_get(output->private, group);
		if (!object) {
			object = json_object();
			put(output, output->private, group, object);
		}
	}
	put(output, object, key, to_json(cell));
}

static void json_table(struct output *output, const char *name,
		       const struct column *const *columns, unsigned int count)
{
	output->columns = columns;
	output->count = count;
	output->private_row = NULL;
	if (!name)
		return;
	output->private_row = json_array();
	put(output, output->private, name, output->private_row);
}

static void json_row(struct output *output, const void *row)
{
	json_t *object = output->private;
	unsigned int i;

	if (output->private_row) {
		object = json_object();
		if (json_array_append_new(output->private_row, object)) {
			output->failed = true;
			return;
		}
	}
	for (i = 0; i < output->count; i++) {
		struct cell cell = output->columns[i]->get(row);

		put(output, object, output->columns[i]->key, to_json(&cell));
	}
}

static void json_end(struct output *output)
{
	/* ASCII only: right in every locale, and no control reaches a terminal. */
	if (output->private &&
	    !json_dumpf(output->private, output->file,
			JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15)))
		(void)fputc('\n', output->file);
	json_decref(output->private);
	output->private = NULL;
}

static void json_fini(struct output *output)
{
	json_decref(output->private);
	output->private = NULL;
}

const struct output_ops json_ops = {
	.begin = json_begin,
	.value = json_value,
	.table = json_table,
	.row = json_row,
	.end = json_end,
	.fini = json_fini,
};
