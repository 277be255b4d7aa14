// SPDX-License-Identifier: GPL-2.0
/*
 * What tmux says with escape sequences depends on the way that a screen was
 * drawn: where an attribute ends, and which blanks at the end of a line have
 * it. Here each change is written as a word in braces, {} for none, before the
 * first character that it can be seen on.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sgr.h"

struct sgr {
	bool bold;
	bool dim;
	bool underline;
	bool reverse;
	int color;
};

static void apply(struct sgr *sgr, long code)
{
	if (code == 0)
		*sgr = (struct sgr){ 0 };
	else if (code == 1)
		sgr->bold = true;
	else if (code == 2)
		sgr->dim = true;
	else if (code == 4 || code == 24)
		sgr->underline = code == 4;
	else if (code == 7 || code == 27)
		sgr->reverse = code == 7;
	else if (code == 22)
		sgr->bold = sgr->dim = false;
	else if (code >= 30 && code <= 37)
		sgr->color = (int)code;
	else if (code == 39)
		sgr->color = 0;
}

static const char *take(struct sgr *sgr, const char *from)
{
	char *end;

	do {
		apply(sgr, strtol(from, &end, 10));
		from = end + 1;
	} while (*end == ';');
	return from;
}

static bool same(const struct sgr *a, const struct sgr *b)
{
	return a->bold == b->bold && a->dim == b->dim && a->underline == b->underline &&
	       a->reverse == b->reverse && a->color == b->color;
}

/* Of a blank one sees only what it stands on. */
static struct sgr seen(const struct sgr *sgr, const struct sgr *before, char c)
{
	struct sgr blank = { .underline = sgr->underline, .reverse = sgr->reverse };

	if (c != ' ')
		return *sgr;
	return blank.underline == before->underline && blank.reverse == before->reverse ? *before :
											  blank;
}

static int tag(char *to, size_t size, const struct sgr *sgr)
{
	return snprintf(to, size, "{%s%s%s%s%s}", sgr->bold ? "b" : "", sgr->dim ? "d" : "",
			sgr->underline ? "u" : "", sgr->reverse ? "r" : "",
			sgr->color == 31 ? "-red" : sgr->color == 36 ? "-cyan" :
			sgr->color ? "-?" : "");
}

/**
 * sgr_plain - put attributes into words
 * @text: as tmux(1) capture-pane -e says it; it is replaced
 * @size: bytes there
 */
void sgr_plain(char *text, size_t size)
{
	struct sgr sgr = { 0 }, before = { 0 }, now;
	char *copy = strdup(text), *to = text, *blank = text;
	const char *from = copy;

	while (*from && (size_t)(to - text) + 32 < size) {
		if (from[0] == '\033' && from[1] == '[') {
			from = take(&sgr, from + 2);
			continue;
		}
		if (*from == '\n') {
			/* Blanks at the end are there or not. */
			to = blank;
			before = (struct sgr){ 0 };
			*to++ = *from++;
			blank = to;
			continue;
		}
		now = seen(&sgr, &before, *from);
		if (!same(&now, &before))
			to += tag(to, 32, &now);
		before = now;
		*to++ = *from++;
		if (to[-1] != ' ')
			blank = to;
	}
	*to = '\0';
	free(copy);
}
