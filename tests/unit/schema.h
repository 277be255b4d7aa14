/* SPDX-License-Identifier: GPL-2.0 */
/* Holds a JSON document against a JSON Schema, of which it knows a part. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

const json_t *schema_part(const json_t *root, const char *reference);
bool schema_check(const json_t *root, const char *part, const json_t *value, char *why,
		  size_t size);
void schema_hold(const char *file, const char *part, json_t *document, const char *optional);

#endif /* SCHEMA_H */
