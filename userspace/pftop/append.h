/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_APPEND_H
#define PFTOP_APPEND_H

#include <stddef.h>

/**
 * struct append - text that grows in a buffer
 * @to: the buffer; always ends with a NUL once something was added
 * @size: bytes of it, above 0
 * @used: bytes of the text, without the NUL
 */
struct append {
	char *to;
	size_t size;
	size_t used;
};

void append(struct append *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* PFTOP_APPEND_H */
