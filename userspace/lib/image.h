/* SPDX-License-Identifier: GPL-2.0 */
/* An ELF file as libdwfl reads it. */
#ifndef PFT_IMAGE_H
#define PFT_IMAGE_H

#include <elfutils/libdwfl.h>

#include "debug_file.h"
#include "functions.h"

/**
 * struct image - an ELF file, open; all zero is none
 * @fd: the file, or -1
 * @elf: the file; @dwfl ends it
 * @dwfl: with this file only
 * @module: the file in it, at the addresses that the file itself has
 * @alt: what its debug information shares with that of others
 * @alt_elf: the file of @alt
 * @alt_fd: the file of @alt
 * @dwarf: its debug information, or NULL
 * @asked: @dwarf was looked for
 */
struct image {
	int fd;
	Elf *elf;
	Dwfl *dwfl;
	Dwfl_Module *module;
	Dwarf *alt;
	Elf *alt_elf;
	int alt_fd;
	Dwarf *dwarf;
	bool asked;
};

bool image_open(struct image *image, Elf *elf, int fd);
void image_close(struct image *image);
bool image_has_section(const struct image *image, const char *name);
bool image_first_address(Elf *elf, uint64_t *first);
bool image_load_lines(struct image *image, const struct debug_dirs *dirs);
const char *image_line(struct image *image, uint64_t address, unsigned int *line);

#endif /* PFT_IMAGE_H */
