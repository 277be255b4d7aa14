/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_OPTION_VALUE_H
#define PFTOP_OPTION_VALUE_H

#include "options.h"

/* Keys of options without a letter: above all letters. */
enum long_only {
	KEY_JSON = 256,
	KEY_CSV,
	KEY_DEBUGFS,
	KEY_DUMP,
	KEY_NO_MAP,
	KEY_CLASS,
	KEY_CAUSE,
	KEY_LEVEL,
	KEY_LATENCY,
	KEY_FILE,
	KEY_CGROUP,
	KEY_ACCESS,
	KEY_COLUMNS,
	KEY_TABLE,
	KEY_HTML,
	KEY_FOLDED,
};

bool option_delay(const char *text, double *value);
bool option_pids(struct options *options, const char *text);
int option_value(struct options *options, int key, const char *value);

#endif /* PFTOP_OPTION_VALUE_H */
