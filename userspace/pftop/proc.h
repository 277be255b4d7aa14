/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_PROC_H
#define PFTOP_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "libpftrace.h"

#define PROC_SLOTS	1024	/* a power of two */

/**
 * struct proc_info - what /proc says of a process
 * @pid: process id, 0 for an empty one
 * @comm: its name when it was asked
 * @has_user: @user is valid
 * @user: its owner
 * @command: its command line with blanks between, raw; or its name in brackets
 *	where it has none
 */
struct proc_info {
	uint32_t pid;
	bool has_user;
	char comm[24];
	char user[24];
	char command[256];
};

/**
 * struct proc_cache - processes asked for lately
 * @dir: where /proc is, or NULL not to ask there
 * @recording: to be asked instead, or NULL
 * @slot: a process has one place only; a newer one takes it
 */
struct proc_cache {
	const char *dir;
	const struct pft_root *recording;
	struct proc_info *slot;
};

bool proc_init(struct proc_cache *cache, const char *dir, const struct pft_root *recording);
void proc_fini(struct proc_cache *cache);
const struct proc_info *proc_get(struct proc_cache *cache, uint32_t pid, const char *comm,
				 bool alive);
bool proc_exists(uint32_t pid);
uint64_t proc_born_ns(uint32_t pid);

#endif /* PFTOP_PROC_H */
