// SPDX-License-Identifier: GPL-2.0
/* Text, piece by piece. */

#include <stdarg.h>
#include <stdio.h>

#include "append.h"

/**
 * append - add to a text; what does not fit is cut off
 * @text: where
 * @fmt: as for printf(3)
 */
void append(struct append *text, const char *fmt, ...)
{
	size_t room = text->size - text->used;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(text->to + text->used, room, fmt, args);
	va_end(args);
	if (length > 0)
		text->used += (size_t)length < room ? (size_t)length : room - 1;
}
