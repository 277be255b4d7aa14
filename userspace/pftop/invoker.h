/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_INVOKER_H
#define PFTOP_INVOKER_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct invoker - the user behind sudo
 * @known: there is one, and it is to be become
 * @uid: its user id
 * @gid: its main group
 * @name: its name, or NULL
 * @home: its home directory, or NULL
 * @groups: all its groups
 * @nr_groups: of them
 */
struct invoker {
	bool known;
	uid_t uid;
	gid_t gid;
	char *name;
	char *home;
	gid_t *groups;
	int nr_groups;
};

bool invoker_find(struct invoker *invoker);
bool invoker_become(const struct invoker *invoker);
void invoker_fini(struct invoker *invoker);

#endif /* PFTOP_INVOKER_H */
