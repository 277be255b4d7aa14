/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_COMPOSE_H
#define PFTOP_COMPOSE_H

#include "rows.h"

#define COMPOSE_LINE	1024
#define COMPOSE_HEADER	4

/**
 * struct compose - how lines for people are made
 * @width: columns of the terminal, or 0 for no limit
 * @utf8: the terminal takes UTF-8
 * @count: columns of the table
 * @columns: the columns
 */
struct compose {
	unsigned int width;
	bool utf8;
	unsigned int count;
	const struct column *columns[COLUMNS_MAX];
};

void compose_init(struct compose *compose, unsigned int width, bool utf8, bool totals,
		  bool threads);
void compose_table(struct compose *compose, unsigned int width, bool utf8,
		   const struct column *const *columns, unsigned int count);
void compose_choose(struct compose *compose, const char *names);
void compose_header(const struct compose *compose, const struct model *model,
		    char lines[COMPOSE_HEADER][COMPOSE_LINE]);
void compose_titles(const struct compose *compose, char *line);
unsigned int compose_room(const struct compose *compose);
void compose_line(const struct compose *compose, const void *row, unsigned int keep, char *line);
void compose_row(const struct compose *compose, const struct model_row *row, char *line);
bool compose_title_at(const struct compose *compose, const struct column *column,
		      unsigned int *at, unsigned int *width);

#endif /* PFTOP_COMPOSE_H */
