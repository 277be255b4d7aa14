// SPDX-License-Identifier: GPL-2.0
/* Text files read line by line in bounded memory, and words of a line. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

/**
 * line_open - begin to read a text file
 * @root: whose file
 * @path: file below the root
 * @error: why not
 *
 * Return: the reader, to be closed with line_close(), or NULL.
 */
struct line_file *line_open(const struct pft_root *root, const char *path,
			    struct pft_error *error)
{
	struct line_file *file = malloc(sizeof(*file));

	if (!file) {
		error_system(error, root, path, ENOMEM);
		return NULL;
	}
	file->fd = root_open_file(root, path, O_RDONLY, error);
	if (file->fd < 0) {
		free(file);
		return NULL;
	}
	file->path = path;
	file->root = root;
	file->start = 0;
	file->end = 0;
	file->eof = false;
	return file;
}

static bool fill(struct line_file *file, struct pft_error *error)
{
	ssize_t got;

	memmove(file->buf, file->buf + file->start, file->end - file->start);
	file->end -= file->start;
	file->start = 0;
	do {
		got = read(file->fd, file->buf + file->end,
			   sizeof(file->buf) - LINE_SLACK - file->end);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		error_system(error, file->root, file->path, errno);
		return false;
	}
	if (!got)
		file->eof = true;
	file->end += (size_t)got;
	memset(file->buf + file->end, 0, LINE_SLACK);
	return true;
}

/**
 * line_next - the next line
 * @file: from line_open()
 * @error: why not; cleared at the end of the file
 *
 * Return: the line without its newline, valid until the next call; NULL at the
 * end or on an error.
 */
char *line_next(struct line_file *file, struct pft_error *error)
{
	char *line, *end;

	error_clear(error);
	for (;;) {
		line = file->buf + file->start;
		end = memchr(line, '\n', file->end - file->start);
		if (end || file->eof)
			break;
		if (file->end - file->start >= PFT_LINE_MAX) {
			error_format(error, file->root, file->path, "a line is longer than %u bytes",
				     PFT_LINE_MAX);
			return NULL;
		}
		if (!fill(file, error))
			return NULL;
	}
	if (!end) {
		if (file->start == file->end)
			return NULL;
		end = file->buf + file->end;	/* last line without newline */
		file->start = file->end;
	} else {
		file->start = (size_t)(end + 1 - file->buf);
	}
	*end = '\0';
	return line;
}

/**
 * line_close - done with a file
 * @file: from line_open()
 */
void line_close(struct line_file *file)
{
	(void)close(file->fd);
	free(file);
}

/* Words are short: strspn(3) and strcspn(3) would take longer to begin. */
static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/**
 * line_skip - pass over blanks
 * @text: where they may be
 *
 * Return: what is behind them.
 */
char *line_skip(char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/**
 * line_decimal - cut a decimal number off a line
 * @rest: the line, of a line_file; moved as line_word() does if there is one
 * @value: where to put it
 *
 * As line_word() and line_number(), but at once: tables are made of these, and
 * most are 0 in a column of seven.
 *
 * Return: false where there is none of up to 19 digits, which may mean that it is
 * larger, or hexadecimal.
 */
bool line_decimal(char **rest, uint64_t *value)
{
	static const char none[8] = "      0 ";
	const char *first, *at;
	uint64_t sum = 0;

	if (!memcmp(*rest, none, sizeof(none))) {
		*rest += sizeof(none);
		*value = 0;
		return true;
	}
	first = line_skip(*rest);
	for (at = first; *at >= '0' && *at <= '9'; at++)
		sum = sum * 10 + (uint64_t)(*at - '0');
	if (at == first || at - first > 19 || (*at && !is_blank(*at)))
		return false;
	*rest += at - *rest + (*at != '\0');
	*value = sum;
	return true;
}

/**
 * line_word - cut the next word off a line
 * @rest: the line; moved behind the word and the one blank that ended it
 *
 * Return: the word, or NULL where only blanks are left.
 */
char *line_word(char **rest)
{
	char *word = line_skip(*rest), *end = word;

	while (*end && !is_blank(*end))
		end++;
	if (end == word) {
		*rest = end;
		return NULL;
	}
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/**
 * line_split - cut a line into words
 * @line: the line
 * @words: where to put them
 * @max: how many there is room for; more are left out
 *
 * Return: how many.
 */
unsigned int line_split(char *line, char **words, unsigned int max)
{
	unsigned int count = 0;

	while (count < max && (words[count] = line_word(&line)))
		count++;
	return count;
}

#define COLUMNS_MAX	64

/**
 * line_header - find columns by their names in the first line of a file
 * @file: from line_open(), nothing read yet
 * @names: the columns, all of which must be there
 * @count: how many
 * @at: where to put which word of a line each of them is
 * @error: why not
 *
 * Return: false on an error.
 */
bool line_header(struct line_file *file, const char *const *names, unsigned int count,
		 unsigned int *at, struct pft_error *error)
{
	char *line = line_next(file, error), *words[COLUMNS_MAX];
	unsigned int i, j, have;

	if (error->code)
		return false;
	have = line ? line_split(line, words, COLUMNS_MAX) : 0;
	for (i = 0; i < count; i++) {
		for (j = 0; j < have; j++)
			if (!strcmp(words[j], names[i]))
				break;
		if (j == have) {
			error_format(error, file->root, file->path, "its header has no %s",
				     names[i]);
			return false;
		}
		at[i] = j;
	}
	return true;
}

/**
 * line_number - read a number, decimal or hexadecimal behind 0x
 * @word: the whole number, nothing else
 * @value: where to put it
 *
 * Return: false where it is no number or does not fit.
 */
bool line_number(const char *word, uint64_t *value)
{
	unsigned int base = 10, digit;
	uint64_t sum = 0;

	if (word[0] == '0' && word[1] == 'x') {
		base = 16;
		word += 2;
	}
	if (!*word)
		return false;
	for (; *word; word++) {
		if (*word >= '0' && *word <= '9')
			digit = (unsigned int)(*word - '0');
		else if (base == 16 && *word >= 'a' && *word <= 'f')
			digit = (unsigned int)(*word - 'a') + 10;
		else
			return false;
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*value = sum;
	return true;
}

static int octal(const char *text)
{
	int i, value = 0;

	for (i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '7')
			return -1;
		value = value * 8 + (text[i] - '0');
	}
	return value;
}

/**
 * line_unescape - back from \ooo to bytes
 * @to: where to write; may be @from
 * @size: bytes there, at least 1; what does not fit is left out
 * @from: the text
 *
 * A NUL would end the name early: it becomes '?'.
 */
void line_unescape(char *to, size_t size, const char *from)
{
	size_t used = 0;
	int byte;

	while (*from && used < size - 1) {
		byte = *from == '\\' ? octal(from + 1) : -1;
		if (byte >= 0 && byte <= 255) {
			to[used++] = (char)(unsigned char)(byte ? byte : '?');
			from += 4;
		} else {
			to[used++] = *from++;
		}
	}
	to[used] = '\0';
}
