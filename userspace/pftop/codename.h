/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_CODENAME_H
#define PFTOP_CODENAME_H

#include "libpftrace.h"

/**
 * struct codename - what is at an address of code
 * @symbol: name of the function, raw; NULL where it is not known
 * @offset: bytes behind its beginning
 * @source: its source file, or NULL
 * @line: line there
 * @file: path of the mapping that it is in, or NULL
 * @file_offset: offset there
 */
struct codename {
	const char *symbol;
	uint64_t offset;
	const char *source;
	unsigned int line;
	const char *file;
	uint64_t file_offset;
};

struct profile;

/**
 * struct codename_at - an address, and what was known of the process then
 * @pid: process
 * @ip: the address
 * @time_ns: when it was there, CLOCK_MONOTONIC; 0 where that is not known
 * @has_map: the three below are known
 * @address: an address of a mapping that it had
 * @dev: device of the file there, 0 for none
 * @ino: its inode
 */
struct codename_at {
	uint32_t pid;
	uint64_t ip;
	uint64_t time_ns;
	bool has_map;
	uint64_t address;
	uint32_t dev;
	uint64_t ino;
};

/**
 * struct codenames - where to look addresses up
 * @live: process ids are those of this machine
 * @root: the recording that they are of instead, or NULL
 * @profile: what is known of the mappings that processes had, or NULL
 * @symbols: the functions of files; NULL before the first look
 * @get_maps: where the mappings of a process are; NULL to ask /proc where it is
 *	@live. NULL from it: they are not known.
 * @arg: for @get_maps
 *
 * The rest is private to codename.c.
 */
struct codenames {
	bool live;
	const struct pft_root *root;
	const struct profile *profile;
	struct pft_symbols *symbols;
	const struct pft_maps *(*get_maps)(void *arg, uint32_t pid);
	void *arg;

	/* private: */
	struct pft_maps maps;
	bool known;
	uint64_t again_ns;
	uint64_t born_ns;
};

void codenames_init(struct codenames *names, bool live);
void codenames_recorded(struct codenames *names, const struct pft_root *root);
void codenames_fini(struct codenames *names);
struct codename_at codename_at(const struct pft_record *record);
bool codename_find(struct codenames *names, const struct codename_at *at, struct codename *name);

#endif /* PFTOP_CODENAME_H */
