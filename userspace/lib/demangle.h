/* SPDX-License-Identifier: GPL-2.0 */
/* Names of functions as their language writes them. */
#ifndef PFT_DEMANGLE_H
#define PFT_DEMANGLE_H

#include <stddef.h>

void demangle(char *to, size_t size, const char *name);

#endif /* PFT_DEMANGLE_H */
