/* SPDX-License-Identifier: GPL-2.0 */
/* Runs pftop in the directory of fake_root_setup(), and looks at what it said. */
#ifndef ASK_H
#define ASK_H

#include <jansson.h>

#define ASK_MAX	(1 << 20)

/* What the last run wrote. */
extern char ask_out[ASK_MAX], ask_err[ASK_MAX];

void ask_file(const char *path, char *text);
int ask_pftop(const char *arguments);
int ask_report(const char *arguments);
json_t *ask_json(const char *arguments);
const json_t *ask_part(const json_t *json, const char *path);
void ask_expect(const json_t *json, const char *path, const char *wanted);

#endif /* ASK_H */
