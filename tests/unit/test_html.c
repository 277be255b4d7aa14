// SPDX-License-Identifier: GPL-2.0
/*
 * The page of a report: the report is in it whole, and cannot end its element.
 * How the page looks and works is tests/html's to say.
 */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "html.h"

static const char begin_mark[] = "<script id=\"report\" type=\"application/json\">";
static const char end_mark[] = "</script>";

static char *page_of(const char *json, size_t size)
{
	char *page = NULL;
	size_t length = 0;
	FILE *to = open_memstream(&page, &length);

	assert_non_null(to);
	assert_true(html_write(to, json, size));
	assert_int_equal(fclose(to), 0);
	assert_int_equal(strlen(page), length);
	return page;
}

/* What an HTML parser finds in the element of the report; cuts the page there. */
static char *report_in(char *page)
{
	char *begin = strstr(page, begin_mark);
	char *end;

	assert_non_null(begin);
	begin += strlen(begin_mark);
	end = strstr(begin, end_mark);
	assert_non_null(end);
	*end = '\0';
	return begin;
}

static void assert_carried(const char *text, size_t size)
{
	json_t *report = json_pack("{s:s%}", "name", text, size), *back;
	char *json, *page, *inside;

	assert_non_null(report);
	json = json_dumps(report, JSON_COMPACT);
	page = page_of(json, strlen(json));
	inside = report_in(page);
	assert_null(strpbrk(inside, "<>&"));
	assert_null(strstr(inside, "\u2028"));
	assert_null(strstr(inside, "\u2029"));
	back = json_loads(inside, JSON_ALLOW_NUL, NULL);
	assert_non_null(back);
	assert_true(json_equal(report, back));
	json_decref(back);
	json_decref(report);
	free(page);
	free(json);
}

static void test_hostile(void **state)
{
	static const char *const names[] = {
		"", "plain", "</script>", "</SCRIPT ><script>alert(1)</script>", "<!--<script>", "]]>",
		"&lt;&amp;&#0;", "\"quoted\" \\ 'single'", "\033[31m\001\177", "\u2028\u2029", "\u2027\u202a",
		"\u20ac\u00a8\u4e2d", "a\u2028", "\\u003c/script>", "\u202egnp.exe",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_carried(names[i], strlen(names[i]));
	assert_carried("nul\0inside", 10);
}

/* A document may end in the middle of anything: nothing behind it is read. */
static void test_cut(void **state)
{
	static const char json[] = "[\"<\u2028>\u2029&\"]";
	char *page, *part;
	size_t size;

	(void)state;
	for (size = 0; size < sizeof(json); size++) {
		part = malloc(size ? size : 1);
		assert_non_null(part);
		memcpy(part, json, size);
		page = page_of(part, size);
		assert_null(strpbrk(report_in(page), "<>&"));
		free(page);
		free(part);
	}
}

static void test_page(void **state)
{
	char *page = page_of("{}", 2);
	const char *policy = strstr(page, "Content-Security-Policy");

	(void)state;
	assert_memory_equal(page, "<!DOCTYPE html>", 15);
	assert_string_equal(page + strlen(page) - 8, "</html>\n");
	assert_non_null(policy);
	assert_non_null(strstr(policy, "default-src 'none'; script-src 'sha256-"));
	assert_null(strstr(page, "unsafe-"));
	/* Every mark of the template was filled in. */
	assert_null(strstr(page, "@REPORT@"));
	assert_null(strstr(page, "@SCRIPT"));
	assert_null(strstr(page, "@STYLE"));
	/* Nothing is taken from elsewhere. */
	assert_null(strstr(page, " src="));
	assert_null(strstr(page, "url("));
	assert_null(strstr(page, "@import"));
	free(page);
}

static void test_full(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_false(html_write(full, "{}", 2));
	(void)fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
