/* SPDX-License-Identifier: GPL-2.0 */
/* What must be found of the functions of a program: for tests of symbols. */
#ifndef EXPECT_H
#define EXPECT_H

#include "libpftrace.h"
#include "target.h"

#if defined(__aarch64__)
#define VDSO_FUNCTION	"__kernel_clock_gettime"
#else
#define VDSO_FUNCTION	"__vdso_clock_gettime"
#endif

/* The program of a test, its mappings, and what finds names in them. */
extern struct target target;
extern struct pft_maps maps;
extern struct pft_symbols *symbols;

int symbols_setup(void **state);
int symbols_teardown(void **state);
void forget_all(void);
void read_maps(void);
const struct place *place_of(const char *name);
void expect(const char *function, const char *name, bool line);
void expect_all(const char *prefix, bool line);
void expect_all_ways(const char *prefix, bool line);
void load(const char *path, const char *function);
void split(const char *lib, const char *debug, bool link);
uint64_t offset_of(const char *name);
const char *vdso_function(void);

#endif /* EXPECT_H */
