// SPDX-License-Identifier: GPL-2.0
/*
 * Folded stacks, read back by the rules of the renderers: flamegraph.pl and
 * inferno take what this takes, and refuse or misread the rest.
 */

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "folded.h"

static regex_t with_count;

static int set_up(void **state)
{
	(void)state;
	return regcomp(&with_count, "^(.*)[[:space:]]([0-9]+([.][0-9]*)?)$", REG_EXTENDED);
}

static int tear_down(void **state)
{
	(void)state;
	regfree(&with_count);
	return 0;
}

/* The text that these rows become; to be freed. */
static char *folded(const struct folded_row *rows, size_t count)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	assert_true(folded_write(to, rows, count));
	assert_int_equal(fclose(to), 0);
	assert_int_equal(strlen(text), size);
	return text;
}

/* \ooo as the byte it stands for. */
static void unescape(char *to, const char *from)
{
	while (*from) {
		if (*from == '\\') {
			*to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

/* One line must be read as just these frames and this count. */
static void assert_read_as(char *line, const struct folded_row *row)
{
	const char *wanted[] = { row->process, row->cause, row->where };
	char *save = NULL, *frame, *stack = line;
	char bytes[256];
	regmatch_t match[4];
	size_t i;

	assert_int_equal(regexec(&with_count, line, 4, match, 0), 0);
	assert_int_equal(strtoull(line + match[2].rm_so, NULL, 10), row->count);
	line[match[1].rm_eo] = '\0';
	assert_int_not_equal(*stack, '\0');
	/* Two counts would make it a comparison of two runs. */
	assert_int_equal(regexec(&with_count, stack, 0, NULL, 0), REG_NOMATCH);
	/* Blanks at the ends are dropped. */
	assert_null(strchr(" \t\r\v\f", stack[0]));
	assert_null(strchr(" \t\r\v\f", stack[strlen(stack) - 1]));
	for (i = 0; i < 3; i++, stack = NULL) {
		frame = strtok_r(stack, ";", &save);
		assert_non_null(frame);
		unescape(bytes, frame);
		assert_string_equal(bytes, *wanted[i] ? wanted[i] : "?");
	}
	assert_null(strtok_r(NULL, ";", &save));
}

static void test_known(void **state)
{
	static const struct folded_row rows[] = {
		{ "cc1", "zero", "[heap]", 12 },
		{ "load model", "file", "/srv/my models/weights.bin", 1204 },
		{ "none", "zero", "main", 0 },
		{ "a;b", "cow", "std::map<int, long>::operator[](int&&)", 1 },
		{ "esc\033[31m", "file", "/tmp/take 2", 3 },
		{ "", NULL, "line\nfeed", UINT64_MAX },
	};
	char *text = folded(rows, sizeof(rows) / sizeof(rows[0]));

	(void)state;
	assert_string_equal(text,
			    "cc1;zero;[heap] 12\n"
			    "load model;file;/srv/my models/weights.bin 1204\n"
			    "a\\073b;cow;std::map<int, long>::operator[](int&&) 1\n"
			    "esc\\033[31m;file;/tmp/take\\0402 3\n"
			    "?;?;line\\012feed 18446744073709551615\n");
	free(text);
}

/* All pairs of bytes, in each of the three frames, between other text too. */
static void test_all_pairs(void **state)
{
	static const char *const ends[][2] = { { "", "" }, { "x", "" }, { "", "7" }, { "x ", "1.5" } };
	char name[16], *line;
	struct folded_row row;
	size_t i;
	int a, b;

	(void)state;
	for (a = 1; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
				(void)snprintf(name, sizeof(name), "%s%c%c", ends[i][0], a, b);
				strcat(name, ends[i][1]);
				row = (struct folded_row){ name, name, name, (uint64_t)a * 7 };
				line = folded(&row, 1);
				assert_int_equal(strcspn(line, "\n") + 1, strlen(line));
				line[strlen(line) - 1] = '\0';
				assert_read_as(line, &row);
				free(line);
			}
		}
	}
}

/* The longest of paths, all of whose bytes are escaped, is whole. */
static void test_long(void **state)
{
	struct folded_row row = { "p", "file", NULL, 1 };
	char path[4096], *text;

	(void)state;
	memset(path, '\033', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	row.where = path;
	text = folded(&row, 1);
	assert_int_equal(strlen(text), strlen("p;file; 1\n") + 4 * (sizeof(path) - 1));
	free(text);
}

static void test_full(void **state)
{
	static const struct folded_row row = { "p", "zero", "main", 1 };
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	setbuf(full, NULL);
	assert_false(folded_write(full, &row, 1));
	(void)fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_all_pairs),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests_name("folded", tests, set_up, tear_down);
}
