/* SPDX-License-Identifier: GPL-2.0 */
/* The file that a process has mapped: found again, and told from others. */
#ifndef PFT_MAPPED_H
#define PFT_MAPPED_H

#include <sys/stat.h>

#include "libpftrace.h"

/**
 * struct mapped - a file that may be the one of a mapping
 * @fd: of O_PATH: nothing was opened yet
 * @st: what fstat(2) says of it
 * @same: it is the one. Else only its build id can tell.
 */
struct mapped {
	int fd;
	struct stat st;
	bool same;
};

bool mapped_is_file(const struct pft_map *map);
bool mapped_next(const struct pft_maps *maps, const struct pft_map *map, unsigned int *step,
		 struct mapped *file);
int mapped_open_below(const char *root, const char *path);
int mapped_reopen(int fd);

#endif /* PFT_MAPPED_H */
