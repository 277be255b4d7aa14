/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_OUTPUT_H
#define PFTOP_OUTPUT_H

#include <stdio.h>

#include "column.h"
#include "options.h"

/* Longest text of a cell: two paths and some words, each byte as \ooo. */
#define OUTPUT_TEXT_MAX	36864

/*
 * Version of all JSON documents. It rises where a key goes or means something
 * else; Documentation/pftop.schema.json and report.schema.json have it, too.
 */
#define OUTPUT_JSON_VERSION	1

struct output;

/**
 * struct output_ops - one output format
 * @begin: a document begins (an update, an event, a report)
 * @value: a value of the document, outside any table
 * @table: a table of the document begins
 * @row: a row of that table
 * @end: the document is complete: write it
 * @fini: give back what the format holds
 */
struct output_ops {
	void (*begin)(struct output *output);
	void (*value)(struct output *output, const char *group, const char *key,
		      const struct cell *cell);
	void (*table)(struct output *output, const char *name, const struct column *const *columns,
		      unsigned int count);
	void (*row)(struct output *output, const void *row);
	void (*end)(struct output *output);
	void (*fini)(struct output *output);
};

/**
 * struct output - where and how to write
 * @ops: the format
 * @format: its name
 * @file: where to
 * @utf8: people who read it see UTF-8
 * @columns: of the table that began last
 * @count: of them
 * @header: the header line of @columns was written
 * @failed: memory ran out
 * @private: of the format
 */
struct output {
	const struct output_ops *ops;
	enum format format;
	FILE *file;
	bool utf8;
	const struct column *const *columns;
	unsigned int count;
	bool header;
	bool failed;
	void *private;
	/* private: */
	void *private_row;
};

extern const struct output_ops text_ops;
extern const struct output_ops json_ops;
extern const struct output_ops csv_ops;

void output_init(struct output *output, enum format format, FILE *file);
FILE *output_create(const char *path);
bool output_close(FILE *file);
void output_schema(struct output *output, const char *name);
bool output_gone(const struct output *output);
int output_flush(struct output *output);
void output_fini(struct output *output);
void text_value(char *to, size_t size, const struct column *column, const struct cell *cell,
		unsigned int room, bool utf8);
void text_cell(char *to, size_t size, const struct column *column, const void *row,
	       unsigned int room, bool utf8);
void text_title(char *to, size_t size, const struct column *column);

#endif /* PFTOP_OUTPUT_H */
