/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_SAY_H
#define PFTOP_SAY_H

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* PFTOP_SAY_H */
