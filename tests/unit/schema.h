/* SPDX-License-Identifier: GPL-2.0 */
/* Holds a JSON document against a JSON Schema, of which it knows a part. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

bool schema_check(const json_t *schema, const json_t *value, char *why, size_t size);

#endif /* SCHEMA_H */
