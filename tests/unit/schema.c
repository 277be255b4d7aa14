// SPDX-License-Identifier: GPL-2.0
/*
 * A checker for the part of JSON Schema that Documentation/ uses. A keyword that
 * it does not know is an error, and so is an object that allows other keys than
 * it names: nothing in a schema may pass for a promise that nobody checks.
 */

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "schema.h"

#define DOCS	"../../Documentation/"

/**
 * struct check - a check under way
 * @root: the document that the schema is in, for references
 * @why: where to say what is wrong
 * @size: bytes there
 * @path: of the value that is looked at
 */
struct check {
	const json_t *root;
	char *why;
	size_t size;
	char path[256];
};

static bool fits(struct check *check, const json_t *schema, const json_t *value);

static bool differs(struct check *check, const char *what, const char *name)
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
		       differs(check, "is no", json_string_value(type));
	json_array_foreach(type, i, one)
		if (is_type(json_string_value(one), value))
			return true;
	return differs(check, "is of none of the", "types");
}

static bool fits_pattern(struct check *check, const char *pattern, const json_t *value)
{
	regex_t regex;
	bool ok;

	if (!json_is_string(value))
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return differs(check, "bad pattern", pattern);
	ok = !regexec(&regex, json_string_value(value), 0, NULL, 0);
	regfree(&regex);
	return ok || differs(check, "does not match", pattern);
}

static bool fits_enum(struct check *check, const json_t *list, const json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (json_equal(one, value))
			return true;
	return differs(check, "is none of the allowed", "values");
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

	const json_t *others = json_object_get(schema, "additionalProperties");

	/* What a reference is put beside may tell less: that one tells of all keys. */
	if (others ? json_is_true(others) : !json_object_get(schema, "$ref"))
		return differs(check, "its schema", "allows all keys");
	json_array_foreach(json_object_get(schema, "required"), i, name)
		if (!json_object_get(value, json_string_value(name)))
			return differs(check, "lacks the key", json_string_value(name));
	json_object_foreach((json_t *)value, key, part) {
		known = json_object_get(properties, key);
		if (!known && json_is_object(others))
			known = others;
		if (!known && others)
			return differs(check, "has a key that is not in the schema:", key);
		if (known && !fits_part(check, known, part, key))
			return false;
	}
	return true;
}

/* "#/NAME/NAME" is a part of the same document. */
static bool fits_reference(struct check *check, const char *reference, const json_t *value)
{
	const json_t *part = schema_part(check->root, reference);

	return part ? fits(check, part, value) : differs(check, "there is no", reference);
}

static bool fits_any(struct check *check, const json_t *list, const json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (fits(check, one, value))
			return true;
	return false;
}

/* Each of the list only names a key: there must be one of these, and no other. */
static bool fits_one_key(struct check *check, const json_t *list, const json_t *value)
{
	unsigned int count = 0;
	json_t *one, *name;
	size_t i, j;

	json_array_foreach(list, i, one) {
		json_array_foreach(json_object_get(one, "required"), j, name)
			count += json_object_get(value, json_string_value(name)) != NULL;
		if (json_object_size(one) != 1 || json_array_size(json_object_get(one, "required")) != 1)
			return differs(check, "oneOf with more than", "required");
	}
	return count == 1 || differs(check, "has not one of the keys of", "oneOf");
}

static bool fits_keyword(struct check *check, const char *keyword, const json_t *rule,
			 const json_t *value)
{
	static const char *const others[] = {
		"$schema", "$defs", "title", "description",
		/* looked at by fits_keys() */
		"properties", "required", "additionalProperties",
	};
	size_t i;

	if (!strcmp(keyword, "$ref"))
		return fits_reference(check, json_string_value(rule), value);
	if (!strcmp(keyword, "anyOf"))
		return fits_any(check, rule, value);
	if (!strcmp(keyword, "oneOf"))
		return fits_one_key(check, rule, value);
	if (!strcmp(keyword, "minProperties"))
		return (json_int_t)json_object_size(value) >= json_integer_value(rule) ||
		       differs(check, "has less than", keyword);
	if (!strcmp(keyword, "maxProperties"))
		return (json_int_t)json_object_size(value) <= json_integer_value(rule) ||
		       differs(check, "has more than", keyword);
	if (!strcmp(keyword, "type"))
		return fits_type(check, rule, value);
	if (!strcmp(keyword, "const"))
		return json_equal(rule, value) || differs(check, "is not", "the constant");
	if (!strcmp(keyword, "enum"))
		return fits_enum(check, rule, value);
	if (!strcmp(keyword, "pattern"))
		return fits_pattern(check, json_string_value(rule), value);
	if (!strcmp(keyword, "minimum"))
		return !json_is_number(value) ||
		       json_number_value(value) >= json_number_value(rule) ||
		       differs(check, "is below its", keyword);
	if (!strcmp(keyword, "minItems"))
		return (json_int_t)json_array_size(value) >= json_integer_value(rule) ||
		       differs(check, "has less than", keyword);
	if (!strcmp(keyword, "maxItems"))
		return (json_int_t)json_array_size(value) <= json_integer_value(rule) ||
		       differs(check, "has more than", keyword);
	if (!strcmp(keyword, "items"))
		return fits_items(check, rule, value);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(keyword, others[i]))
			return true;
	return differs(check, "unknown keyword", keyword);
}

static bool fits(struct check *check, const json_t *schema, const json_t *value)
{
	const char *keyword;
	json_t *rule;

	json_object_foreach((json_t *)schema, keyword, rule)
		if (!fits_keyword(check, keyword, rule, value))
			return false;
	return !json_is_object(value) || json_object_get(schema, "anyOf") ||
	       fits_keys(check, schema, value);
}

/**
 * schema_part - a part of a document
 * @root: the document
 * @reference: "#", or "#/NAME/NAME"
 *
 * Return: the part, or NULL.
 */
const json_t *schema_part(const json_t *root, const char *reference)
{
	char words[128], *word, *rest = words;

	snprintf(words, sizeof(words), "%s", reference);
	word = strsep(&rest, "/");
	if (strcmp(word, "#") != 0)
		return NULL;
	while (root && (word = strsep(&rest, "/")))
		root = json_object_get(root, word);
	return root;
}

/**
 * schema_check - is a document as a schema says?
 * @root: the document that the schema is in
 * @part: where in it, as for schema_part()
 * @value: the document
 * @why: where to say why not
 * @size: bytes there
 *
 * Return: false where it is not.
 */
bool schema_check(const json_t *root, const char *part, const json_t *value, char *why,
		  size_t size)
{
	struct check check = { .root = root, .why = why, .size = size };

	*why = '\0';
	return fits_reference(&check, part, value);
}

/* A document with one key more, or one less, somewhere in it. */
struct twist {
	const json_t *schema;
	const char *part;
	const char *optional;
	json_t *document;
};

static bool is_optional(const struct twist *twist, const char *path)
{
	char word[300];

	snprintf(word, sizeof(word), " %s ", path);
	return strstr(twist->optional, word);
}

static void expect_refused(const struct twist *twist, const char *what, const char *path)
{
	char why[512];

	if (schema_check(twist->schema, twist->part, twist->document, why, sizeof(why)))
		fail_msg("with %s %s it is as good", path, what);
}

static void twist_part(const struct twist *twist, json_t *part, const char *path)
{
	char below[256];
	const char *key;
	json_t *copy, *value;
	size_t i;

	if (json_is_array(part)) {
		/* One row is like the other. */
		if (json_array_size(part))
			twist_part(twist, json_array_get(part, 0), path);
		return;
	}
	if (!json_is_object(part))
		return;
	json_object_set_new(part, "one_more", json_null());
	expect_refused(twist, "and a key more", path);
	json_object_del(part, "one_more");
	copy = json_copy(part);
	json_object_foreach(copy, key, value) {
		i = (size_t)snprintf(below, sizeof(below), "%s/%s", path, key);
		assert_true(i < sizeof(below));
		if (!is_optional(twist, below) && !is_optional(twist, path)) {
			json_object_del(part, key);
			expect_refused(twist, "left out", below);
			json_object_set(part, key, value);
		}
		twist_part(twist, value, below);
	}
	json_decref(copy);
}

/**
 * schema_hold - hold a document against a schema, both ways
 * @file: in Documentation/
 * @part: where in it
 * @document: as the schema says; with a key more or less, wherever, it must not be
 * @optional: paths of keys that may be left out, or whose keys may: " /a /b/c "
 */
void schema_hold(const char *file, const char *part, json_t *document, const char *optional)
{
	char path[128], why[512];
	json_t *schema;
	struct twist twist = { NULL, part, optional, document };

	snprintf(path, sizeof(path), DOCS "%s", file);
	schema = json_load_file(path, 0, NULL);
	assert_non_null(schema);
	if (!schema_check(schema, part, document, why, sizeof(why)))
		fail_msg("%s%s: %s", file, part, why);
	twist.schema = schema;
	twist_part(&twist, document, "");
	assert_true(schema_check(schema, part, document, why, sizeof(why)));
	json_decref(schema);
}
