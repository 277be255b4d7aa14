/* SPDX-License-Identifier: GPL-2.0 */
/* One ELF file: its functions and lines. */
#ifndef PFT_MODULE_H
#define PFT_MODULE_H

#include "build_id.h"
#include "debug_file.h"

struct module;

/**
 * struct module_place - what is at an address of a module
 * @name: the function, mangled, or NULL
 * @offset: of the address in it
 * @source: the source file, or NULL
 * @line: the line of it
 */
struct module_place {
	const char *name;
	uint64_t offset;
	const char *source;
	unsigned int line;
};

struct module *module_open(int fd, off_t size);
struct module *module_open_memory(const void *bytes, size_t size);
void module_close(struct module *module);
const struct build_id *module_build_id(const struct module *module);
bool module_is_64(const struct module *module);
size_t module_bytes(const struct module *module);
void module_find(struct module *module, uint64_t file_offset, bool exec,
		 const struct debug_dirs *dirs, const char *path, struct module_place *place);

#endif /* PFT_MODULE_H */
