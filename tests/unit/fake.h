/* SPDX-License-Identifier: GPL-2.0 */
/* Fake pftrace directories for tests: ordinary files, and rings in files. */
#ifndef FAKE_H
#define FAKE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "libpftrace.h"

/**
 * struct fake_ring - a ring as the module would map it
 * @header: its first bytes
 * @bytes: of the whole mapping
 * @image: the mapping; the header is put there by fake_ring_write()
 */
struct fake_ring {
	struct pft_ring_header header;
	size_t bytes;
	char *image;
};

void fake_dir(char *dir);
void fake_remove(const char *dir);
void fake_file(const char *dir, const char *name, const char *text);
void fake_format(const char *dir);
extern char fake_root_dir[64];
extern struct pft_root *fake_root;
extern struct pft_error fake_error;
int fake_root_setup(void **state);
int fake_root_teardown(void **state);
void fake_ring_make(struct fake_ring *ring, uint32_t cpu, uint64_t slots);
struct pft_record *fake_ring_add(struct fake_ring *ring, uint64_t time_ns);
void fake_ring_write(const struct fake_ring *ring, const char *dir);
void fake_ring_write_plain(const struct fake_ring *ring, const char *dir);
void fake_ring_free(struct fake_ring *ring);
void fake_rings(const char *dir);

#endif /* FAKE_H */
