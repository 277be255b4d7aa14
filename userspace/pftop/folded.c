// SPDX-License-Identifier: GPL-2.0
/*
 * Folded stacks, the input of flame graph renderers: "process;cause;where
 * COUNT" on each line. Renderers take the last word as the count, a number
 * before it as the count of an earlier run, ";" as the end of a frame, and drop
 * blanks at the ends. No name may be taken for any of these.
 */

#include <inttypes.h>
#include <string.h>

#include "folded.h"
#include "safe.h"

/* A path, each byte of it as \ooo. */
#define FRAME_MAX	16500

/* A blank that a renderer could take for an end. */
static bool is_loose(const char *frame, const char *blank)
{
	return blank == frame || !blank[1] || strchr(" .0123456789", blank[1]);
}

static void put_frame(FILE *to, const char *name)
{
	char frame[FRAME_MAX];
	const char *s;

	(void)safe_text(frame, sizeof(frame), name && *name ? name : "?", true);
	for (s = frame; *s; s++) {
		if (*s == ';')
			(void)fputs("\\073", to);
		else if (*s == ' ' && is_loose(frame, s))
			(void)fputs("\\040", to);
		else
			(void)fputc(*s, to);
	}
}

/**
 * folded_write - write folded stacks
 * @to: where to
 * @rows: what to write; a row without a count has no line. Rows of the same
 *	names may come more than once: renderers add them up
 * @count: of rows
 *
 * Bytes that are not printable, and what would be misread, are written as \ooo.
 *
 * Return: false where something could not be written; errno says why.
 */
bool folded_write(FILE *to, const struct folded_row *rows, size_t count)
{
	const struct folded_row *row;
	size_t i;

	for (i = 0; i < count; i++) {
		row = &rows[i];
		if (!row->count)
			continue;
		put_frame(to, row->process);
		(void)fputc(';', to);
		put_frame(to, row->cause);
		(void)fputc(';', to);
		put_frame(to, row->where);
		(void)fprintf(to, " %" PRIu64 "\n", row->count);
	}
	return !ferror(to);
}
