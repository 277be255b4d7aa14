// SPDX-License-Identifier: GPL-2.0
/*
 * What pftop writes with --json is as Documentation/pftop.schema.json says, and
 * the schema has nothing more. Of runs see test_report.c, of recordings
 * test_digest.c.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "column.h"
#include "fake.h"
#include "output.h"
#include "sample.h"
#include "schema.h"

#define SCHEMA	"../../Documentation/pftop.schema.json"
#define GOLDEN	"\"$OLDPWD/../golden\""

static json_t *schema;

static int setup(void **state)
{
	fake_root_setup(state);
	schema = json_load_file(SCHEMA, 0, NULL);
	assert_non_null(schema);
	return 0;
}

static int teardown(void **state)
{
	json_decref(schema);
	return fake_root_teardown(state);
}

/* Any of its kinds is good enough for the whole schema. */
static void expect_some(json_t *json)
{
	char why[512];

	if (!schema_check(schema, "#", json, why, sizeof(why)))
		fail_msg("%s", why);
}

/* Line @number of what pftop wrote. */
static json_t *written(unsigned int number)
{
	json_t *json;
	char *at;

	for (at = ask_out; number--; at = strchr(at, '\n') + 1)
		assert_non_null(strchr(at, '\n'));
	json = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
	if (!json)
		fail_msg("no JSON: %s", at);
	expect_some(json);
	return json;
}

static json_t *line(const char *arguments, unsigned int number)
{
	assert_int_equal(ask_pftop(arguments), 0);
	return written(number);
}

static void test_updates(void **state)
{
	static const char *const dirs[] = { "basic", "causes", "hostile", "latency", "later" };
	char arguments[128], why[512];
	unsigned int i, threads;
	json_t *json;

	(void)state;
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		for (threads = 0; threads < 2; threads++) {
			snprintf(arguments, sizeof(arguments), "-b -n 1 --json %s --debugfs " GOLDEN "/%s",
				 threads ? "-H" : "", dirs[i]);
			json = line(arguments, 0);
			ask_expect(json, "schema", "\"pftop-update\"");
			assert_true(json_array_size(ask_part(json, threads ? "threads" :
								     "processes")) > 0);
			schema_hold("pftop.schema.json", "#/$defs/update", json, " /rates /totals ");
			/* Both tables at once there are not. */
			json_object_set_new(json, threads ? "processes" : "threads", json_array());
			assert_false(schema_check(schema, "#/$defs/update", json, why, sizeof(why)));
			json_decref(json);
		}
	}
}

/* The second update has rates of an interval. */
static void test_second_update(void **state)
{
	json_t *json = line("-b -n 2 -d 0.1 --json --debugfs " GOLDEN "/latency", 1);

	(void)state;
	ask_expect(json, "since_load", "false");
	schema_hold("pftop.schema.json", "#/$defs/update", json, " /rates /totals ");
	json_decref(json);
}

static void test_columns(void **state)
{
	json_t *json = line("-b -n 1 --json --columns pid,fault_s,p99,top,top_total,swap --debugfs "
			    GOLDEN "/causes", 0);
	char why[512];

	(void)state;
	assert_int_equal(json_object_size(ask_part(json, "processes.0")), 6);
	assert_true(schema_check(schema, "#/$defs/update_columns", json, why, sizeof(why)));
	assert_false(schema_check(schema, "#/$defs/update", json, why, sizeof(why)));
	json_object_set_new((json_t *)ask_part(json, "processes.0"), "cause_x", json_null());
	assert_false(schema_check(schema, "#/$defs/update_columns", json, why, sizeof(why)));
	json_decref(json);
}

static void expect_keys(const char *part, const char *what, const char *wanted)
{
	const json_t *list = schema_part(schema, part);
	char keys[4096] = "";
	const char *key;
	json_t *value;
	size_t i;

	assert_non_null(list);
	if (json_is_array(list))
		json_array_foreach(list, i, value)
			strcat(strcat(keys, json_string_value(value)), " ");
	else
		json_object_foreach((json_t *)list, key, value)
			strcat(strcat(keys, key), " ");
	if (strcmp(keys, wanted) != 0)
		fail_msg("%s: %s, not %s", what, keys, wanted);
}

/* A row has all columns there are; those that a program gets unasked are required. */
static void test_rows(void **state)
{
	const struct column *columns[COLUMNS_MAX];
	char wanted[4096] = "";
	unsigned int i, count;

	(void)state;
	for (i = 0; i < nr_process_columns; i++)
		if (!(process_columns[i].show & SHOW_FRAME))
			strcat(strcat(wanted, process_columns[i].key), " ");
	expect_keys("#/$defs/row/properties", "columns", wanted);
	for (unsigned int threads = 0; threads < 2; threads++) {
		count = column_select(SHOW_DATA, threads, columns);
		*wanted = '\0';
		for (i = 0; i < count; i++)
			strcat(strcat(wanted, columns[i]->key), " ");
		expect_keys(threads ? "#/$defs/thread/required" : "#/$defs/process/required",
			    "required", wanted);
	}
}

/* Holds each line of @arguments; returns how many tell of losses. */
static unsigned int hold_events(const char *arguments, unsigned int lines)
{
	unsigned int losses = 0;
	json_t *json;
	char *at;

	assert_int_equal(ask_pftop(arguments), 0);
	for (at = ask_out; *at; at = strchr(at, '\n') + 1) {
		json = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
		assert_non_null(json);
		expect_some(json);
		losses += json_object_get(json, "lost") != NULL;
		schema_hold("pftop.schema.json", json_object_get(json, "lost") ? "#/$defs/lost" :
			    "#/$defs/event", json, "");
		json_decref(json);
		assert_true(lines-- > 0);
	}
	assert_int_equal(lines, 0);
	return losses;
}

static void test_events(void **state)
{
	(void)state;
	fake_rings(fake_root_dir);
	assert_int_equal(hold_events("events --dump --json --debugfs .", 13), 0);
}

static void test_losses(void **state)
{
	(void)state;
	sample_make(0);
	assert_int_equal(hold_events("events --json --debugfs recording", 9 + 3), 3);
}

static void test_doctor(void **state)
{
	json_t *json;

	(void)state;
	fake_file(fake_root_dir, "totals", "enabled 1\nhook direct\nreject_hook none\n");
	fake_rings(fake_root_dir);
	json = line("doctor --json --debugfs .", 0);
	assert_non_null(strstr(ask_out, "\"note\""));
	schema_hold("pftop.schema.json", "#/$defs/doctor", json, "");
	json_decref(json);
	/* Where it is not: "fail", and what could not be looked at. */
	assert_int_equal(ask_pftop("doctor --json --debugfs nowhere"), 1);
	json = written(0);
	assert_non_null(strstr(ask_out, "\"skipped\""));
	ask_expect(json, "can_run", "false");
	json_decref(json);
}

static bool has_word(const json_t *list, const char *name)
{
	json_t *word;
	size_t i;

	json_array_foreach(list, i, word)
		if (json_is_string(word) && !strcmp(json_string_value(word), name))
			return true;
	return false;
}

/*
 * What is required is in the documents of these tests; so no other key may be
 * promised, but for @some. Of any columns and tables see test_rows() and
 * test_digest.c.
 */
static void expect_required(const json_t *part, const char *some)
{
	const json_t *required = json_object_get(part, "required");
	json_t *value;
	const char *key;
	char word[80];
	size_t i;

	if (json_array_size(required) && !json_object_get(part, "minProperties"))
		json_object_foreach(json_object_get(part, "properties"), key, value) {
			snprintf(word, sizeof(word), " %s ", key);
			if (!has_word(required, key) && !strstr(some, word))
				fail_msg("%s is not required", key);
		}
	json_object_foreach((json_t *)part, key, value)
		expect_required(value, some);
	json_array_foreach(part, i, value)
		expect_required(value, some);
}

static void test_required(void **state)
{
	json_t *report = json_load_file("../../Documentation/report.schema.json", 0, NULL);

	(void)state;
	assert_non_null(report);
	expect_required(schema, " rates processes threads ");
	expect_required(report, " more ");
	json_decref(report);
}

/* All that could stand there, not only what does in these tests. */
static void test_words(void **state)
{
	static const struct {
		const char *part;
		const char *(*name)(unsigned int value);
		unsigned int count;
	} words[] = {
		{ "#/$defs/event/properties/class/enum", pft_class_name, PFT_NR_CLASSES },
		{ "#/$defs/event/properties/level/enum", pft_level_name, PFT_NR_LEVELS },
		{ "#/$defs/event/properties/access/enum", pft_access_name, PFT_NR_ACCESSES },
		{ "#/$defs/event/properties/by/enum", pft_origin_name, PFT_NR_ORIGINS },
	};
	const json_t *list;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		list = schema_part(schema, words[i].part);
		/* And "?" for what a later module may say. */
		assert_int_equal(json_array_size(list), words[i].count + 1);
		for (unsigned int value = 0; value <= words[i].count; value++)
			assert_true(has_word(list, words[i].name(value)));
	}
}

/* One number for all of them, which --version tells, too. */
static void test_version(void **state)
{
	static const char *const kinds[] = { "update_columns", "run", "doctor" };
	char wanted[64], part[80];

	(void)state;
	assert_int_equal(ask_pftop("--version"), 0);
	snprintf(wanted, sizeof(wanted), ", JSON %d\n", OUTPUT_JSON_VERSION);
	assert_non_null(strstr(ask_out, wanted));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(part, sizeof(part), "#/$defs/%s/properties/version/const", kinds[i]);
		assert_int_equal(json_integer_value(schema_part(schema, part)), OUTPUT_JSON_VERSION);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_updates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_second_update, setup, teardown),
		cmocka_unit_test_setup_teardown(test_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_events, setup, teardown),
		cmocka_unit_test_setup_teardown(test_losses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_doctor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_required, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_version, setup, teardown),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
