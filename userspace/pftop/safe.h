/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_SAFE_H
#define PFTOP_SAFE_H

#include <stdbool.h>
#include <stddef.h>

size_t safe_text(char *to, size_t size, const char *from, bool utf8);
unsigned int safe_fit(char *to, size_t size, const char *from, unsigned int columns, bool utf8);
bool safe_locale_is_utf8(void);

#endif /* PFTOP_SAFE_H */
