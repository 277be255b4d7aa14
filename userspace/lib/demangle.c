// SPDX-License-Identifier: GPL-2.0
/*
 * Names of functions as their language writes them, by libiberty, which knows
 * C++ and both forms of Rust. The names come from any program that runs here:
 * a short one can stand for one of many gigabytes, so that the way out is
 * longjmp() as soon as there is no room left.
 */

#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <libiberty/demangle.h>

#include "demangle.h"

/* Longer names stay as they are. */
#define NAME_MAX_BYTES	4096

struct text {
	char *to;
	size_t size;
	size_t used;
	jmp_buf full;
};

static void append(const char *bytes, size_t length, void *data)
{
	struct text *text = data;

	if (length >= text->size - text->used)
		longjmp(text->full, 1);
	memcpy(text->to + text->used, bytes, length);
	text->used += length;
	text->to[text->used] = '\0';
}

static bool try(char *to, size_t size, const char *name)
{
	struct text text = { .to = to, .size = size };

	*to = '\0';
	if (setjmp(text.full))
		return false;
	if (rust_demangle_callback(name, DMGL_RUST, append, &text))
		return text.used;
	text.used = 0;
	*to = '\0';
	return cplus_demangle_v3_callback(name, DMGL_ANSI, append, &text) && text.used;
}

/**
 * demangle - write a name as its language does
 * @to: where to write it, without types of arguments
 * @size: its room, at least 1
 * @name: as the symbol table has it; a version ("@@V1") is left out
 *
 * A name that does not fit, or is of no known language, is written as it is,
 * as far as it fits.
 */
void demangle(char *to, size_t size, const char *name)
{
	size_t length = strcspn(name, "@");
	char plain[NAME_MAX_BYTES];

	if (length && length < sizeof(plain) && name[0] == '_') {
		memcpy(plain, name, length);
		plain[length] = '\0';
		if (try(to, size, plain))
			return;
	}
	if (!length)
		length = strlen(name);
	if (length >= size)
		length = size - 1;
	memcpy(to, name, length);
	to[length] = '\0';
}
