// SPDX-License-Identifier: GPL-2.0
/* Runs pftop in the directory of fake_root_setup(), and looks at what it said. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "ask.h"
#include "fake.h"

char ask_out[ASK_MAX], ask_err[ASK_MAX];

/* All of a file; @text has room for ASK_MAX bytes. */
void ask_file(const char *path, char *text)
{
	FILE *file = fopen(path, "r");
	size_t got;

	assert_non_null(file);
	got = fread(text, 1, ASK_MAX - 1, file);
	assert_true(got < ASK_MAX - 1);
	text[got] = '\0';
	fclose(file);
}

static void read_back(const char *name, char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", fake_root_dir, name);
	ask_file(path, text);
}

/* Returns its exit status; what it wrote is in ask_out and ask_err. */
int ask_pftop(const char *arguments)
{
	char command[1024];
	int status;

	snprintf(command, sizeof(command),
		 "cd %s && TZ=UTC LC_ALL=C timeout 60 $PFTOP %s >out 2>err </dev/null",
		 fake_root_dir, arguments);
	status = system(command);
	assert_true(WIFEXITED(status));
	read_back("out", ask_out);
	read_back("err", ask_err);
	return WEXITSTATUS(status);
}

/* The same of "pftop report" and sample_make(). */
int ask_report(const char *arguments)
{
	char all[512];

	snprintf(all, sizeof(all), "report recording %s", arguments);
	return ask_pftop(all);
}

/* Runs that with --json; to be given back with json_decref(). */
json_t *ask_json(const char *arguments)
{
	char all[256];
	json_error_t error;
	json_t *json;

	snprintf(all, sizeof(all), "--json %s", arguments);
	assert_int_equal(ask_report(all), 0);
	assert_string_equal(ask_err, "");
	json = json_loads(ask_out, 0, &error);
	if (!json)
		fail_msg("%s: %s", error.text, ask_out);
	return json;
}

/* A part of a document, written as jq would: "totals.faults", "code.0.symbol". */
const json_t *ask_part(const json_t *json, const char *path)
{
	char words[128], *word, *rest = words;

	snprintf(words, sizeof(words), "%s", path);
	while (json && (word = strsep(&rest, ".")))
		json = json_is_array(json) ? json_array_get(json, strtoul(word, NULL, 10)) :
					     json_object_get(json, word);
	if (!json)
		fail_msg("there is no %s", path);
	return json;
}

/* Holds such a part against JSON without blanks. */
void ask_expect(const json_t *json, const char *path, const char *wanted)
{
	char *text = json_dumps(ask_part(json, path), JSON_ENCODE_ANY | JSON_COMPACT);

	assert_non_null(text);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s is %s, not %s", path, text, wanted);
	free(text);
}

