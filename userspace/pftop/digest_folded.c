// SPDX-License-Identifier: GPL-2.0
/* A digest as stacks for flame graphs: which process, why, in which code. */

#include <stdlib.h>
#include <string.h>

#include "digest_json.h"
#include "folded.h"

/**
 * struct stacks - rows as folded_write() wants them
 * @row: the rows; their places are copies
 * @count: of them
 * @room: of them there is memory for
 */
struct stacks {
	struct folded_row *row;
	size_t count;
	size_t room;
};

static bool add(struct stacks *stacks, const char *process, unsigned int cause, const char *where,
		uint64_t count)
{
	size_t room = stacks->room ? stacks->room * 2 : 1024;
	struct folded_row *row;

	if (stacks->count == stacks->room) {
		row = reallocarray(stacks->row, room, sizeof(*row));
		if (!row)
			return false;
		stacks->row = row;
		stacks->room = room;
	}
	row = &stacks->row[stacks->count];
	row->process = process;
	row->cause = pft_cause_name(cause);
	row->where = strdup(where);
	row->count = count;
	stacks->count += row->where != NULL;
	return row->where;
}

static bool add_code(struct stacks *stacks, struct digest *digest, struct profile_row *row)
{
	const struct profile_code *code = row->code;
	unsigned int cause;
	const char *where;

	profile_row_fill(row, digest->text, &digest->paths, &digest->names);
	where = *digest->text->symbol ? digest->text->symbol : digest->text->file;
	if (!code->key.address)
		where = "[kernel]";
	for (cause = 0; cause < PFT_NR_CAUSES; cause++)
		if (code->cause[cause] &&
		    !add(stacks, code->comm, cause, where, code->cause[cause]))
			return false;
	return true;
}

/**
 * digest_folded - write stacks for a flame graph
 * @digest: from digest_read()
 * @file: where to
 *
 * Return: false where memory ran out.
 */
bool digest_folded(struct digest *digest, FILE *file)
{
	struct profile_rows *rows = &digest->rows[PROFILE_CODE];
	struct stacks stacks = { 0 };
	unsigned int i;
	bool ok = true;
	size_t j;

	for (i = 0; ok && i < rows->count; i++)
		ok = add_code(&stacks, digest, &rows->row[i]);
	/* Where it cannot write, output_flush() says so. */
	if (ok)
		(void)folded_write(file, stacks.row, stacks.count);
	for (j = 0; j < stacks.count; j++)
		free((char *)stacks.row[j].where);
	free(stacks.row);
	return ok;
}
