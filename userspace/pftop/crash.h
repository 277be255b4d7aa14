/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_CRASH_H
#define PFTOP_CRASH_H

#include "codename.h"
#include "event.h"

#define CRASH_LINES	4
#define CRASH_LINE	1024

/**
 * struct crash - a refused fault as a small crash report
 * @event: the record and its names
 * @line: the report, printable
 */
struct crash {
	struct event event;
	char line[CRASH_LINES][CRASH_LINE];
};

void crash_compose(struct crash *crash, const struct pft_record *record, struct paths *paths,
		   struct codenames *names, bool utf8);
const char *crash_end(const struct pft_record *record);

#endif /* PFTOP_CRASH_H */
