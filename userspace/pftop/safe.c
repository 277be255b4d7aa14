// SPDX-License-Identifier: GPL-2.0
/*
 * Names and command lines are bytes that any program chose. Written raw they
 * could drive the terminal or break a line in two. Here they become printable:
 * what is not is written as \ooo, as the module does it in its files.
 */

#include <langinfo.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "safe.h"

struct range {
	uint32_t first;
	uint32_t last;
};

/* Controls, and characters that change how their neighbours are shown. */
static const struct range unprintable[] = {
	{ 0x0, 0x1f }, { '\\', '\\' }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
	{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0xd800, 0xdfff }, { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
	{ 0xe0000, 0xe0fff },
};

static bool printable(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(unprintable) / sizeof(unprintable[0]); i++)
		if (code >= unprintable[i].first && code <= unprintable[i].last)
			return false;
	return true;
}

/* Bytes of the character at @s, 0 where it is not UTF-8 in its shortest form. */
static unsigned int decode(const unsigned char *s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int length, i;

	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		length = 2;
	else if ((s[0] & 0xf0) == 0xe0)
		length = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		length = 4;
	else
		return 0;
	*code = s[0] & (0x7fU >> length);
	for (i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	return *code >= least[length] && *code <= 0x10ffff ? length : 0;
}

/* One character of @from as text; its bytes taken and its columns. */
static unsigned int one(const char *from, bool utf8, char *text, unsigned int *columns)
{
	const unsigned char *s = (const unsigned char *)from;
	unsigned int length;
	uint32_t code;
	int width;

	length = decode(s, &code);
	if (length && printable(code) && (length == 1 || utf8)) {
		width = length == 1 ? 1 : wcwidth((wchar_t)code);
		/* In a locale that does not know it, count the usual width. */
		*columns = width < 0 ? 1 : (unsigned int)width;
		memcpy(text, from, length);
		text[length] = '\0';
		return length;
	}
	text[0] = '\\';
	text[1] = (char)('0' + (s[0] >> 6));
	text[2] = (char)('0' + (s[0] >> 3 & 7));
	text[3] = (char)('0' + (s[0] & 7));
	text[4] = '\0';
	*columns = 4;
	return 1;
}

/**
 * safe_text - make bytes printable
 * @to: where to write
 * @size: bytes there, at least 1; what does not fit is left out, whole
 *	characters at a time
 * @from: bytes that end with NUL
 * @utf8: the reader takes UTF-8; else what is not ASCII is written as \ooo
 *
 * Return: bytes written without the NUL.
 */
size_t safe_text(char *to, size_t size, const char *from, bool utf8)
{
	unsigned int columns;
	size_t used = 0, length;
	char text[8];

	while (*from) {
		from += one(from, utf8, text, &columns);
		length = strlen(text);
		if (used + length >= size)
			break;
		memcpy(to + used, text, length);
		used += length;
	}
	to[used] = '\0';
	return used;
}

/**
 * safe_fit - make bytes printable within a number of columns
 * @to: where to write
 * @size: bytes there, at least 1
 * @from: bytes that end with NUL
 * @columns: columns of the terminal that it may take
 * @utf8: as for safe_text()
 *
 * Return: columns it takes.
 */
unsigned int safe_fit(char *to, size_t size, const char *from, unsigned int columns, bool utf8)
{
	unsigned int width, taken = 0;
	size_t used = 0, length;
	char text[8];

	while (*from) {
		from += one(from, utf8, text, &width);
		length = strlen(text);
		if (used + length >= size || taken + width > columns)
			break;
		memcpy(to + used, text, length);
		used += length;
		taken += width;
	}
	to[used] = '\0';
	return taken;
}

/**
 * safe_locale_is_utf8 - does the terminal take UTF-8?
 *
 * Return: true where the locale in force says so.
 */
bool safe_locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}
