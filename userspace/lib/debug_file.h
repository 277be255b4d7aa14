/* SPDX-License-Identifier: GPL-2.0 */
/* Debug information that was split off a file. */
#ifndef PFT_DEBUG_FILE_H
#define PFT_DEBUG_FILE_H

#include <libelf.h>

#include "build_id.h"

#define DEBUG_DIRS_MAX	8

/**
 * struct debug_dirs - where to look
 * @count: of directories
 * @dir: the directories, such as /usr/lib/debug
 * @root: of the process: the same directories below it come second; or NULL
 */
struct debug_dirs {
	unsigned int count;
	char *dir[DEBUG_DIRS_MAX];
	const char *root;
};

int debug_file_find(const struct debug_dirs *dirs, Elf *elf, const struct build_id *id,
		    const char *path);
int debug_file_find_alt(const struct debug_dirs *dirs, const void *id, size_t size);

#endif /* PFT_DEBUG_FILE_H */
