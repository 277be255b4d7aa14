/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_PATHS_H
#define PFTOP_PATHS_H

#include "libpftrace.h"

#define PATHS_MAX	4200

/**
 * struct paths - names of files by their id
 * @root: where to look
 *
 * The rest is private to paths.c.
 */
struct paths {
	const struct pft_root *root;
	/* private: */
	struct pft_files files;
	uint64_t again_ns;
	bool missing;
};

void paths_init(struct paths *paths, const struct pft_root *root);
bool paths_get(struct paths *paths, uint32_t id, char *to, size_t size);
void paths_name(struct paths *paths, uint32_t id, unsigned int area, char *to, size_t size);
void paths_fini(struct paths *paths);

#endif /* PFTOP_PATHS_H */
