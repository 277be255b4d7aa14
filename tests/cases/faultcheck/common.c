// SPDX-License-Identifier: GPL-2.0
/* What differs, the files of pftrace, and what faultgen says. */
#include <stdarg.h>
#include <string.h>

#include "faultcheck.h"

int differences;

void differs(const char *format, ...)
{
	va_list args;

	if (++differences > 20)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void fail(const char *what)
{
	perror(what);
	exit(1);
}

FILE *open_file(const char *name)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), ROOT "%s", name);
	f = fopen(path, "r");
	if (!f)
		fail(path);
	return f;
}

json_t *last_line(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL, *last = NULL;
	size_t room = 0;
	json_error_t error;
	json_t *json;

	if (!f)
		fail(path);
	while (getline(&line, &room, f) > 0)
		if (line[0] == '{') {
			free(last);
			last = strdup(line);
		}
	fclose(f);
	free(line);
	json = last ? json_loads(last, 0, &error) : NULL;
	if (!json) {
		printf("%s: not a line of faultgen\n", path);
		exit(1);
	}
	free(last);
	return json;
}

long long number(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (!json_is_integer(value)) {
		printf("faultgen's output has no number \"%s\"\n", key);
		exit(1);
	}
	return json_integer_value(value);
}

const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

uint64_t address(const json_t *object, const char *key)
{
	const char *value = text(object, key);

	return value ? strtoull(value, NULL, 16) : 0;
}

void *grow(void *from, size_t bytes)
{
	from = realloc(from, bytes);
	if (!from)
		fail("realloc");
	return from;
}
