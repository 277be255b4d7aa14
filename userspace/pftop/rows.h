/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_ROWS_H
#define PFTOP_ROWS_H

#include "column.h"
#include "model.h"
#include "options.h"

/**
 * struct rows - which rows of the model are shown, in which order
 * @options: filters -p and -C
 * @user: only this owner, or empty
 * @text: only commands that hold this, or empty
 * @sort: column to sort by, NULL for the usual one
 * @totals: the usual one is that of totals
 * @reverse: the other way round
 * @list: the rows
 * @count: of them
 * @room: of them there is memory for
 */
struct rows {
	const struct options *options;
	char user[32];
	char text[64];
	const struct column *sort;
	bool totals;
	bool reverse;
	struct model_row **list;
	unsigned int count;
	unsigned int room;
};

void rows_init(struct rows *rows, const struct options *options);
void rows_fini(struct rows *rows);
bool rows_select(struct rows *rows, struct model *model);
const struct column *rows_sort(const struct rows *rows);

#endif /* PFTOP_ROWS_H */
