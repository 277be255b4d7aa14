// SPDX-License-Identifier: GPL-2.0
/*
 * A report as one page that needs nothing else: the page's own text, made of
 * the files of html/ when pftop was built, and between its two parts the
 * report as JSON.
 */

#include <string.h>

#include "html.h"

/* html_parts.S */
extern const char html_head[];
extern const char html_head_end[];
extern const char html_tail[];
extern const char html_tail_end[];

static void put_part(FILE *to, const char *begin, const char *end)
{
	(void)fwrite(begin, 1, (size_t)(end - begin), to);
}

/*
 * How many bytes at @s, of @left, may not stand in the page as they are, and
 * their @escape. In JSON all of these are in strings, where \u says the same.
 */
static size_t special(const char *s, size_t left, const char **escape)
{
	switch (*s) {
	case '<':
		*escape = "\\u003c";
		return 1;
	case '>':
		*escape = "\\u003e";
		return 1;
	case '&':
		*escape = "\\u0026";
		return 1;
	default:
		break;
	}
	/* U+2028 and U+2029 end a line of a script. */
	if (left >= 3 && !memcmp(s, "\u2028", 3))
		*escape = "\\u2028";
	else if (left >= 3 && !memcmp(s, "\u2029", 3))
		*escape = "\\u2029";
	else
		return 0;
	return 3;
}

static void put_json(FILE *to, const char *json, size_t size)
{
	const char *end = json + size, *from = json, *s = json, *escape = NULL;

	while (s < end) {
		size_t length = special(s, (size_t)(end - s), &escape);

		if (!length) {
			s++;
			continue;
		}
		put_part(to, from, s);
		(void)fputs(escape, to);
		s += length;
		from = s;
	}
	put_part(to, from, end);
}

/**
 * html_write - write a report as a page
 * @to: where to; the caller closes it, and learns then what could not be written
 * @json: the report, schema "pftop-report"
 * @size: its bytes
 *
 * Nothing in the report can end the element it stands in, whatever its strings
 * hold; the page shows them as text only.
 *
 * Return: false where something could not be written; errno says why.
 */
bool html_write(FILE *to, const char *json, size_t size)
{
	put_part(to, html_head, html_head_end);
	put_json(to, json, size);
	put_part(to, html_tail, html_tail_end);
	return !ferror(to);
}
