// SPDX-License-Identifier: GPL-2.0
/*
 * A checker for the part of JSON Schema that Documentation/ uses. A keyword that
 * it does not know is an error, and so is an object that allows other keys than
 * it names: nothing in a schema may pass for a promise that nobody checks.
 */

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "schema.h"

/**
 * struct check - a check under way
 * @why: where to say what is wrong
 * @size: bytes there
 * @path: of the value that is looked at
 */
struct check {
	char *why;
	size_t size;
	char path[256];
};

static bool fits(struct check *check, const json_t *schema, const json_t *value);

static bool fail(struct check *check, const char *what, const char *name)
{
	snprintf(check->why, check->size, "%s: %s %s", check->path, what, name);
	return false;
}

static bool is_type(const char *name, const json_t *value)
{
	if (!strcmp(name, "number"))
		return json_is_number(value);
	return (!strcmp(name, "object") && json_is_object(value)) ||
	       (!strcmp(name, "array") && json_is_array(value)) ||
	       (!strcmp(name, "string") && json_is_string(value)) ||
	       (!strcmp(name, "integer") && json_is_integer(value)) ||
	       (!strcmp(name, "boolean") && json_is_boolean(value)) ||
	       (!strcmp(name, "null") && json_is_null(value));
}

static bool fits_type(struct check *check, const json_t *type, const json_t *value)
{
	json_t *one;
	size_t i;

	if (json_is_string(type))
		return is_type(json_string_value(type), value) ||
		       fail(check, "is no", json_string_value(type));
	json_array_foreach(type, i, one)
		if (is_type(json_string_value(one), value))
			return true;
	return fail(check, "is of none of the", "types");
}

static bool fits_pattern(struct check *check, const char *pattern, const json_t *value)
{
	regex_t regex;
	bool ok;

	if (!json_is_string(value))
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return fail(check, "bad pattern", pattern);
	ok = !regexec(&regex, json_string_value(value), 0, NULL, 0);
	regfree(&regex);
	return ok || fail(check, "does not match", pattern);
}

static bool fits_enum(struct check *check, const json_t *list, const json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (json_equal(one, value))
			return true;
	return fail(check, "is none of the allowed", "values");
}

/* One of the values in @value, below the path that is looked at. */
static bool fits_part(struct check *check, const json_t *schema, const json_t *part,
		      const char *name)
{
	size_t length = strlen(check->path);
	bool ok;

	snprintf(check->path + length, sizeof(check->path) - length, "/%s", name);
	ok = fits(check, schema, part);
	check->path[length] = '\0';
	return ok;
}

static bool fits_items(struct check *check, const json_t *schema, const json_t *value)
{
	char name[24];
	json_t *part;
	size_t i;

	json_array_foreach(value, i, part) {
		snprintf(name, sizeof(name), "%zu", i);
		if (!fits_part(check, schema, part, name))
			return false;
	}
	return true;
}

static bool fits_keys(struct check *check, const json_t *schema, const json_t *value)
{
	const json_t *properties = json_object_get(schema, "properties"), *known;
	json_t *part, *name;
	const char *key;
	size_t i;

	if (!json_is_false(json_object_get(schema, "additionalProperties")))
		return fail(check, "its schema", "allows all keys");
	json_array_foreach(json_object_get(schema, "required"), i, name)
		if (!json_object_get(value, json_string_value(name)))
			return fail(check, "lacks the key", json_string_value(name));
	json_object_foreach((json_t *)value, key, part) {
		known = json_object_get(properties, key);
		if (!known)
			return fail(check, "has a key that is not in the schema:", key);
		if (!fits_part(check, known, part, key))
			return false;
	}
	return true;
}

static bool fits_keyword(struct check *check, const char *keyword, const json_t *rule,
			 const json_t *value)
{
	static const char *const others[] = {
		"$schema", "title", "description",
		/* looked at by fits_keys() */
		"properties", "required", "additionalProperties",
	};
	size_t i;

	if (!strcmp(keyword, "type"))
		return fits_type(check, rule, value);
	if (!strcmp(keyword, "const"))
		return json_equal(rule, value) || fail(check, "is not", "the constant");
	if (!strcmp(keyword, "enum"))
		return fits_enum(check, rule, value);
	if (!strcmp(keyword, "pattern"))
		return fits_pattern(check, json_string_value(rule), value);
	if (!strcmp(keyword, "minimum"))
		return !json_is_number(value) ||
		       json_number_value(value) >= json_number_value(rule) ||
		       fail(check, "is below its", keyword);
	if (!strcmp(keyword, "minItems"))
		return (json_int_t)json_array_size(value) >= json_integer_value(rule) ||
		       fail(check, "has less than", keyword);
	if (!strcmp(keyword, "maxItems"))
		return (json_int_t)json_array_size(value) <= json_integer_value(rule) ||
		       fail(check, "has more than", keyword);
	if (!strcmp(keyword, "items"))
		return fits_items(check, rule, value);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(keyword, others[i]))
			return true;
	return fail(check, "unknown keyword", keyword);
}

static bool fits(struct check *check, const json_t *schema, const json_t *value)
{
	const char *keyword;
	json_t *rule;

	json_object_foreach((json_t *)schema, keyword, rule)
		if (!fits_keyword(check, keyword, rule, value))
			return false;
	return !json_is_object(value) || fits_keys(check, schema, value);
}

/**
 * schema_check - is a document as a schema says?
 * @schema: the schema
 * @value: the document
 * @why: where to say why not
 * @size: bytes there
 *
 * Return: false where it is not.
 */
bool schema_check(const json_t *schema, const json_t *value, char *why, size_t size)
{
	struct check check = { .why = why, .size = size };

	*why = '\0';
	return fits(&check, schema, value);
}
