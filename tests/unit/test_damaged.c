// SPDX-License-Identifier: GPL-2.0
/* Reports of recordings that are cut, damaged, long, or taken for a directory. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ask.h"
#include "digest.h"
#include "digest_json.h"
#include "fake.h"
#include "sample.h"
#include "schema.h"

#define SCHEMA	"../../Documentation/report.schema.json"

static int setup(void **state)
{
	fake_root_setup(state);
	sample_make(0);
	return 0;
}

/* Of long tables the document has the beginning; what is not in it is told. */
static void test_long(void **state)
{
	json_t *schema = json_load_file(SCHEMA, 0, NULL), *json;
	char why[512];

	(void)state;
	sample_make(1100);
	json = ask_json("");
	if (!schema_check(schema, "#", json, why, sizeof(why)))
		fail_msg("%s", why);
	ask_expect(json, "totals.invalid", "1102");
	assert_int_equal(json_array_size(ask_part(json, "pages")), 1000);
	assert_int_equal(json_array_size(ask_part(json, "code")), 1000);
	assert_int_equal(json_array_size(ask_part(json, "refused")), 1000);
	ask_expect(json, "more", "{\"code\":106,\"pages\":108}");
	/* Durations are 1 to 1100 ns, and 700 once more; buckets 512-575, 960-1023, 1024-1151. */
	ask_expect(json, "classes.2",
	       "{\"class\":\"invalid\",\"count\":1102,\"ns\":606250,\"mean_ns\":550,\"p50_ns\":575,"
	       "\"p90_ns\":1023,\"p99_ns\":1100,\"max_ns\":1100}");
	ask_expect(json, "causes.1.cause", "\"unmapped\"");
	ask_expect(json, "causes.1.ns", "605550");
	ask_expect(json, "causes.1.mean_ns", "550");
	ask_expect(json, "causes.1.p50_ns", "575");
	ask_expect(json, "causes.1.p90_ns", "1023");
	ask_expect(json, "causes.1.p99_ns", "1100");
	ask_expect(json, "dropped.refused", "102");
	ask_expect(json, "dropped.pages", "0");
	json_decref(json);
	json_decref(schema);
	assert_int_equal(ask_report("--table pages --csv -n 3"), 0);
	assert_string_equal(ask_err, "");
	assert_int_equal(ask_report("--table refused --csv"), 0);
	assert_string_equal(ask_err, "pftop: 102 faults had no room in the table refused\n");
	assert_int_equal(ask_report("--table refused -n 1"), 0);
	assert_non_null(strstr(ask_out, "\n... and 999 more: --table refused\n"
			       "... and 102 faults had no room in the table refused\n"));
}

static void load(char **image, size_t *size)
{
	struct stat st;
	FILE *file;

	assert_int_equal(stat(sample_path, &st), 0);
	*size = (size_t)st.st_size;
	*image = malloc(*size);
	assert_non_null(*image);
	file = fopen(sample_path, "r");
	assert_non_null(file);
	assert_int_equal(fread(*image, 1, *size, file), *size);
	fclose(file);
}

static void store(const char *image, size_t size)
{
	FILE *file = fopen(sample_path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(image, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* Where the last block begins before @end. How long each is depends on the machine's clock. */
static size_t last_block(const char *image, size_t end)
{
	static const char mark[] = "W*M\x18";	/* zstd's, of a frame to skip */
	size_t at = end - strlen(mark);

	while (memcmp(image + at, mark, strlen(mark)) != 0) {
		assert_int_not_equal(at, 0);
		at--;
	}
	return at;
}

/* What is before the damage is shown; that there is damage is said, and the status says it. */
static void test_cut(void **state)
{
	char *image, said[128];
	size_t size, at;

	(void)state;
	load(&image, &size);
	/* The last block is the end alone. */
	store(image, size - 1);
	assert_int_equal(ask_report("--table processes --csv"), 1);
	assert_non_null(strstr(ask_out, "\n77,50,alpha,alive,3,1,1,6000,2000000,700,zero,./alpha --fast\n"));
	assert_non_null(strstr(ask_err, "pftop: recording: it is cut off at byte "));
	assert_non_null(strstr(ask_err, "; all before that is shown\n"));
	assert_int_equal(ask_report("--json"), 1);
	assert_non_null(strstr(ask_out, "\"complete\":false"));
	/* In the description of the machine, without which nothing makes sense. */
	store(image, 250);
	at = last_block(image, 250);
	assert_in_range(at, 100, 249);
	snprintf(said, sizeof(said), "pftop: recording: it is cut off at byte %zu; "
		 "nothing before that can be shown\n", at);
	assert_int_equal(ask_report(""), 1);
	assert_string_equal(ask_out, "");
	assert_string_equal(ask_err, said);
	store(image, 60);
	assert_int_equal(ask_report("--json"), 1);
	assert_string_equal(ask_out, "");
	assert_string_equal(ask_err, "pftop: recording is not understood: it is cut off at byte 40\n");
	store(image, 20);
	assert_int_equal(ask_report(""), 1);
	assert_string_equal(ask_out, "");
	assert_string_equal(ask_err, "pftop: recording is not understood: it is no recording of pftop\n");
	free(image);
}

static unsigned int count_lines(const char *text)
{
	unsigned int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Where other commands want a directory. */
static void test_as_directory(void **state)
{
	(void)state;
	/* All that is in it; nothing more will come. */
	assert_int_equal(ask_pftop("events --debugfs recording --csv"), 0);
	assert_int_equal(count_lines(ask_out), 10);
	assert_string_equal(ask_err, "pftop: lost 5 records of CPU 3\n"
			    "pftop: lost 7 records of CPU 0\n"
			    "pftop: lost 11 records of CPU 3\n");
	assert_int_equal(ask_pftop("-b -n 1 --debugfs recording --columns pid,major"), 0);
	assert_non_null(strstr(ask_out, "\n     77        1\n"));
	/* Whatever is run now is not in there. */
	assert_int_equal(ask_pftop("--debugfs recording -- true"), 1);
	assert_non_null(strstr(ask_err, "pftop: recording is a recording, which is over: this needs the directory"));
	assert_int_equal(ask_pftop("record -o new --debugfs recording -n 1"), 1);
	assert_non_null(strstr(ask_err, "pftop: recording is a recording, which is over: this needs the directory"));
}

/* Reads all of it in this process, where sanitizers look on. */
static bool digest_all(char **text)
{
	const struct options options = { .command = COMMAND_REPORT };
	struct pft_root *root = pft_root_open(sample_path, &fake_error);
	struct pft_error error = { 0 };
	struct digest digest;
	bool failed = false, whole;
	size_t size = 0;
	FILE *file;

	*text = NULL;
	if (!root)
		return false;
	whole = digest_read(&digest, root, &options, &error) && !pft_root_damage(root);
	if (digest.breakdown.cause) {
		file = open_memstream(text, &size);
		assert_non_null(file);
		digest_json(&digest, file, &failed);
		assert_int_equal(fclose(file), 0);
		assert_false(failed);
	}
	digest_fini(&digest);
	pft_root_close(root);
	return whole;
}

/* Wherever it is cut or damaged: nothing worse than less of it, in the same form. */
static void test_damage(void **state)
{
	json_t *schema = json_load_file(SCHEMA, 0, NULL), *json;
	char *image, *text, why[512];
	unsigned int shown = 0;
	size_t size, i;

	(void)state;
	assert_non_null(schema);
	load(&image, &size);
	for (i = 0; i < 2 * size; i += 61) {
		if (i < size) {
			store(image, i);
		} else {
			image[i - size] ^= 16;
			store(image, size);
			image[i - size] ^= 16;
		}
		if (digest_all(&text))
			assert_true(i >= size);
		if (text) {
			json = json_loads(text, 0, NULL);
			assert_non_null(json);
			if (!schema_check(schema, "#", json, why, sizeof(why)))
				fail_msg("damage at %zu: %s", i, why);
			json_decref(json);
			shown++;
		}
		free(text);
	}
	assert_true(shown > size / 61 / 4);
	free(image);
	json_decref(schema);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, fake_root_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_long),
		TEST(test_cut),
		TEST(test_as_directory),
		TEST(test_damage),
	};

	return cmocka_run_group_tests_name("damaged", tests, NULL, NULL);
}
