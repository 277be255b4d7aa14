/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of a terminal's text in a form that does not depend on how they came there. */
#ifndef SGR_H
#define SGR_H

#include <stddef.h>

void sgr_plain(char *text, size_t size);

#endif /* SGR_H */
