/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_EVENT_H
#define PFTOP_EVENT_H

#include "column.h"
#include "explain.h"
#include "options.h"
#include "paths.h"

/**
 * struct event - a record with what its columns need as text
 * @record: the record
 * @time: seconds since boot
 * @vma: first and last address of its mapping, or of the hole that it is in
 * @perms: permissions of its mapping, or of those around the hole
 * @has_vma: it had a mapping
 * @bytes: of what got mapped, 0 where that is not known
 * @size: the same as text
 * @dev: device of its file; empty where there is none
 * @name: path of its file, or what kind of mapping it is
 * @offset: in the file; in the mapping where there is no file
 * @place: name and offset
 * @why: why it was refused
 */
struct event {
	struct pft_record record;
	char time[32];
	char vma[40];
	char perms[16];
	bool has_vma;
	uint64_t bytes;
	char size[16];
	char dev[24];
	char name[PATHS_MAX];
	uint64_t offset;
	char place[PATHS_MAX + 24];
	char why[EXPLAIN_MAX];
};

unsigned int event_columns_for(enum format format, const struct column **list);
void event_fill(struct event *event, struct paths *paths);

#endif /* PFTOP_EVENT_H */
