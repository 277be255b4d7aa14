/* SPDX-License-Identifier: GPL-2.0 */
/* Build ids: what tells one file of code from every other one. */
#ifndef PFT_BUILD_ID_H
#define PFT_BUILD_ID_H

#include <libelf.h>

#include "libpftrace.h"

/* Files above this are not read: room for any code, none for sparse nonsense. */
#define ELF_FILE_MAX	(1LL << 30)

/**
 * struct build_id - a build id
 * @size: its bytes, 0: none
 * @byte: the bytes
 */
struct build_id {
	unsigned int size;
	unsigned char byte[PFT_BUILD_ID_MAX];
};

void build_id_read(struct build_id *id, Elf *elf);
bool build_id_equal(const struct build_id *id, const void *bytes, size_t size);

#endif /* PFT_BUILD_ID_H */
