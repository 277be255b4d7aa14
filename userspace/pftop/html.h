/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_HTML_H
#define PFTOP_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

bool html_write(FILE *to, const char *json, size_t size);

#endif /* PFTOP_HTML_H */
