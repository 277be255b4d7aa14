// SPDX-License-Identifier: GPL-2.0
/*
 * What the manuals and Documentation/report.md tell of columns, keys, files and
 * parameters is what the code has, in its order. See also test_options.c.
 */

#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "digest.h"
#include "event.h"
#include "fake.h"
#include "report.h"

#define DOCS	"../../Documentation/"
#define MODULE	"../../module/"
#define BIG	8192

/* Lists are texts: a word for each entry, with a blank behind it. */
static void add(char *list, const char *word)
{
	assert_true(strlen(list) + strlen(word) + 2 < BIG);
	strcat(strcat(list, word), " ");
}

static void unroff(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1] == 'f')
			text += 2;
		else if (*text != '\\' && *text != '\n' && *text != '"')
			*to++ = *text;
	}
	*to = '\0';
}

/*
 * The entries of a part of a manual: what is in bold or italics behind each .TP,
 * with what is in parentheses behind it if @titles. @part is a section, or a
 * subsection of COLUMNS.
 */
static void manual_list(const char *path, const char *part, bool titles, char *list)
{
	FILE *file = fopen(path, "r");
	bool inside = false, heading = false;
	char line[512], *word;

	assert_non_null(file);
	*list = '\0';
	while (fgets(line, sizeof(line), file)) {
		unroff(line);
		if (!strncmp(line, ".SH ", 4) || !strncmp(line, ".SS ", 4))
			inside = !strcmp(line + 4, part);
		if (inside && heading) {
			assert_non_null(strchr(line, ' '));
			word = strchr(line, ' ') + 1;
			if (strchr(word, '(') && titles) {
				memmove(strchr(word, ' '), strchr(word, '('),
					strlen(strchr(word, '(')) + 1);
				add(list, word);
			} else {
				for (word = strtok(word, " ,"); word && *word != '(';
				     word = strtok(NULL, " ,"))
					add(list, word);
			}
		}
		heading = !strcmp(line, ".TP");
	}
	fclose(file);
	if (!*list)
		fail_msg("%s has no part %s", path, part);
}

/* The first column of the tables below a heading of report.md. */
static void md_list(const char *part, char *list)
{
	FILE *file = fopen(DOCS "report.md", "r");
	bool inside = false;
	char line[1024];

	assert_non_null(file);
	*list = '\0';
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '#')
			inside = !strcmp(line + strspn(line, "# "), part);
		if (inside && !strncmp(line, "| `", 3)) {
			*strchr(line + 3, '`') = '\0';
			add(list, line + 3);
		}
	}
	fclose(file);
	if (!*list)
		fail_msg("report.md has no part %s", part);
}

/* What is told of the type of a key there. */
static void md_type(const char *part, const char *key, char *type)
{
	FILE *file = fopen(DOCS "report.md", "r");
	bool inside = false;
	char line[1024], start[80];

	assert_non_null(file);
	*type = '\0';
	snprintf(start, sizeof(start), "| `%s` | ", key);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '#')
			inside = !strcmp(line + strspn(line, "# "), part);
		else if (inside && !strncmp(line, start, strlen(start)))
			snprintf(type, BIG, "%.*s", (int)strcspn(line + strlen(start), "|"),
				 line + strlen(start));
	}
	fclose(file);
}

static void expect(const char *what, const char *list, const char *wanted)
{
	if (strcmp(list, wanted) != 0)
		fail_msg("%s has: %s\nnot: %s", what, list, wanted);
}

static void expect_manual(const char *part, const char *wanted)
{
	char list[BIG];

	manual_list(DOCS "pftop.8", part, false, list);
	expect(part, list, wanted);
}

static void expect_md(const char *part, const char *wanted)
{
	char list[BIG];

	md_list(part, list);
	expect(part, list, wanted);
}

static void add_columns(char *list, const struct column *const *columns, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		add(list, columns[i]->key);
}

/* One entry stands for the columns of all causes. */
static void test_processes(void **state)
{
	char wanted[BIG] = "", keys[BIG] = "", list[BIG], entry[64];
	const struct column *column;
	bool causes = false;
	unsigned int i;

	(void)state;
	for (i = 0; i < nr_process_columns; i++) {
		column = &process_columns[i];
		if (!strncmp(column->key, "cause_", 6)) {
			assert_string_equal(column->key + 6, column->title);
			if (!causes)
				add(keys, "cause_NAME");
			if (!causes)
				add(wanted, "cause_ NAME");
			causes = true;
			continue;
		}
		snprintf(entry, sizeof(entry), *column->title ? "%s(%s)" : "%s", column->key,
			 column->title);
		add(wanted, entry);
		add(keys, column->key);
	}
	manual_list(DOCS "pftop.8", "processes", true, list);
	expect("processes", list, wanted);
	expect_md("update: processes", keys);
}

static void test_events(void **state)
{
	const struct column *columns[COLUMNS_MAX];
	char wanted[BIG] = "";

	(void)state;
	add_columns(wanted, columns, event_columns_for(FORMAT_JSON, columns));
	expect_manual("events", wanted);
	expect_md("event", wanted);
}

static void test_report(void **state)
{
	const struct column *columns[COLUMNS_MAX];
	json_t *schema = json_load_file(DOCS "report.schema.json", 0, NULL), *part, *keys;
	char wanted[BIG], title[64];
	const char *name, *key;

	(void)state;
	assert_non_null(schema);
	for (unsigned int i = 0; i < nr_digest_tables; i++) {
		*wanted = '\0';
		add_columns(wanted, columns, digest_tables[i].columns(SHOW_DATA, columns));
		snprintf(title, sizeof(title), "report: %s", digest_tables[i].name);
		expect_manual(title, wanted);
	}
	/* That the schema is what the code writes is for test_digest.c. */
	*wanted = '\0';
	json_object_foreach(json_object_get(schema, "properties"), name, part)
		add(wanted, name);
	expect_md("pftop report FILE --json", wanted);
	json_object_foreach(json_object_get(schema, "properties"), name, part) {
		if (json_object_get(part, "items"))
			part = json_object_get(part, "items");
		if (!json_object_get(part, "properties") || !strcmp(name, "more"))
			continue;
		*wanted = '\0';
		json_object_foreach(json_object_get(part, "properties"), key, keys)
			add(wanted, key);
		snprintf(title, sizeof(title), "report: %s", name);
		expect_md(title, wanted);
	}
	json_decref(schema);
}

/* The keys of an object; values must be of the types that @part of report.md tells. */
static void object_keys(const char *part, json_t *object, char *keys)
{
	static const char *const types[] = {
		[JSON_OBJECT] = "object", [JSON_ARRAY] = "array", [JSON_STRING] = "string",
		[JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean", [JSON_NULL] = "null",
	};
	const char *key, *type;
	char told[BIG];
	json_t *value;

	assert_non_null(object);
	*keys = '\0';
	json_object_foreach(object, key, value) {
		add(keys, key);
		type = types[json_typeof(value)];
		md_type(part, key, told);
		if (*told && !strstr(told, type) &&
		    !(json_is_string(value) && strstr(told, "address")))
			fail_msg("%s: %s is %s, not %s", part, key, type, told);
		if (json_is_string(value) && strstr(told, "address"))
			assert_memory_equal(json_string_value(value), "0x", 2);
	}
}

/* An output that only notes which keys there are, and checks the tables. */
static char run_keys[BIG];

static void note_nothing(struct output *output)
{
	(void)output;
}

static void note_value(struct output *output, const char *group, const char *key,
		       const struct cell *cell)
{
	char word[64];

	(void)output;
	(void)cell;
	snprintf(word, sizeof(word), "%s ", group ? group : key);
	if (!strstr(run_keys, word))
		add(run_keys, group ? group : key);
}

static void note_table(struct output *output, const char *name,
		       const struct column *const *columns, unsigned int count)
{
	char wanted[BIG] = "", title[64];

	(void)output;
	add(run_keys, name);
	add_columns(wanted, columns, count);
	snprintf(title, sizeof(title), "run: %s", name);
	expect_md(title, wanted);
	snprintf(title, sizeof(title), "-- CMD: %s", name);
	expect_manual(title, wanted);
}

static void note_row(struct output *output, const void *row)
{
	(void)output;
	(void)row;
}

static void test_run(void **state)
{
	static const struct output_ops ops = {
		note_nothing, note_value, note_table, note_row, note_nothing, note_nothing,
	};
	const struct report report = { .command = "a" };
	const struct family family = { 0 };
	const struct gather gather = { 0 };
	const struct report_sum sum = { .report = &report, .family = &family, .gather = &gather };
	struct output output = { .ops = &ops, .format = FORMAT_JSON };
	char *text = NULL, keys[BIG];
	json_t *json;
	size_t size;
	FILE *file;

	(void)state;
	report_data(&output, &sum);
	expect_md("run", run_keys);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	output_init(&output, FORMAT_JSON, file);
	report_data(&output, &sum);
	output_fini(&output);
	fclose(file);
	json = json_loads(text, 0, NULL);
	object_keys("run", json, keys);
	object_keys("run: classes", json_array_get(json_object_get(json, "classes"), 0), keys);
	json_decref(json);
	free(text);
}

/* Events need rings. */
static char events_dir[64];

static int events_setup(void **state)
{
	(void)state;
	fake_dir(events_dir);
	fake_format(events_dir);
	fake_file(events_dir, "files", "ID DEV INO PATH\n7 08:01 131 /lib/a\n");
	fake_rings(events_dir);
	return 0;
}

static int events_teardown(void **state)
{
	(void)state;
	fake_remove(events_dir);
	return 0;
}

/* The first document that pftop writes. */
static json_t *pftop_json(const char *arguments)
{
	char command[256];
	json_t *json;
	FILE *pipe;

	snprintf(command, sizeof(command), "cd ../golden && $PFTOP %s", arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	json = json_loadf(pipe, JSON_DISABLE_EOF_CHECK, NULL);
	(void)pclose(pipe);
	assert_non_null(json);
	return json;
}

static void test_types(void **state)
{
	json_t *json = pftop_json("-b -n 1 --json --debugfs latency"), *row;
	char keys[BIG];
	size_t i;

	(void)state;
	object_keys("update", json, keys);
	expect_md("update", keys);
	assert_true(json_array_size(json_object_get(json, "processes")) > 0);
	json_array_foreach(json_object_get(json, "processes"), i, row)
		object_keys("update: processes", row, keys);
	json_decref(json);
	json = pftop_json("doctor --json --debugfs basic");
	object_keys("doctor", json, keys);
	expect_md("doctor", keys);
	object_keys("doctor: checks", json_array_get(json_object_get(json, "checks"), 0), keys);
	expect_md("doctor: checks", keys);
	expect_manual("doctor: checks", keys);
	json_decref(json);
	/* Each is another kind of event. */
	for (i = 1; i <= 5; i++) {
		static const char *const causes[] = { "null", "unmapped", "uaccess", "zero", "file" };
		char arguments[128];

		snprintf(arguments, sizeof(arguments),
			 "events --all --dump --json -n 1 --cause %s --debugfs %s",
			 causes[i - 1], events_dir);
		json = pftop_json(arguments);
		object_keys("event", json, keys);
		expect_md("event", keys);
		json_decref(json);
	}
}

/* What stands in the first pair of parentheses of @regex in each line of the files. */
static void source_list(const char *files, const char *from, const char *to, const char *pattern,
			const char *before, char *list)
{
	regmatch_t match[2];
	char line[512], word[128];
	bool inside;
	regex_t regex;
	glob_t found;
	FILE *file;
	size_t i;

	assert_int_equal(glob(files, 0, NULL, &found), 0);
	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED), 0);
	for (i = 0; i < found.gl_pathc; i++) {
		inside = !from;
		file = fopen(found.gl_pathv[i], "r");
		assert_non_null(file);
		while (fgets(line, sizeof(line), file)) {
			if (from && strstr(line, from))
				inside = true;
			else if (inside && to && !strncmp(line, to, strlen(to)))
				inside = false;
			if (!inside || regexec(&regex, line, 2, match, 0))
				continue;
			snprintf(word, sizeof(word), "%s%.*s", before,
				 (int)(match[1].rm_eo - match[1].rm_so), line + match[1].rm_so);
			add(list, word);
		}
		fclose(file);
	}
	regfree(&regex);
	globfree(&found);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(char *list)
{
	char *words[128], *word, copy[BIG];
	unsigned int count = 0, i;

	strcpy(copy, list);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[count++] = word;
	qsort(words, count, sizeof(*words), compare);
	*list = '\0';
	for (i = 0; i < count; i++)
		add(list, words[i]);
}

static void add_filters(const char *before, char *list)
{
	source_list(MODULE "filter.h", "#define PFT_FILTERS(X)", "\n", "X\\([A-Z_]+,\t+([a-z_]+)\\)",
		    before, list);
}

static void test_parameters(void **state)
{
	char list[BIG], wanted[BIG] = "";

	(void)state;
	source_list(MODULE "*.c", NULL, NULL, "^module_param\\(([a-z_]+),", "", wanted);
	assert_non_null(strstr(wanted, "max_threads "));
	add_filters("filter_", wanted);
	assert_non_null(strstr(wanted, "filter_cgroup "));
	sort(wanted);
	manual_list(DOCS "pftrace.4", "PARAMETERS", false, list);
	sort(list);
	expect("pftrace(4)", list, wanted);
}

static void test_files(void **state)
{
	char list[BIG], wanted[BIG] = "", *cpu;

	(void)state;
	source_list(MODULE "debugfs.c", "} files[] = {", "}", "^\t\\{ \"([a-zA-Z_]+)\", 0", "",
		    wanted);
	assert_non_null(strstr(wanted, "trace_pipe "));
	add_filters("filter/", wanted);
	source_list(MODULE "debugfs.c", "create_cpu_files(void)", "}", "\"(cpu%u[.a-z]*)\"", "cpu/",
		    wanted);
	while ((cpu = strstr(wanted, "%u")))
		memcpy(cpu, " N", 2);
	while ((cpu = strstr(wanted, "N.map")))
		memmove(cpu + 2, cpu + 1, strlen(cpu)), cpu[1] = ' ';
	sort(wanted);
	manual_list(DOCS "pftrace.4", "FILES", false, list);
	sort(list);
	expect("pftrace(4)", list, wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_run),
		cmocka_unit_test_setup_teardown(test_types, events_setup, events_teardown),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("manual", tests, NULL, NULL);
}
