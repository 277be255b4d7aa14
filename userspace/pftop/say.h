/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_SAY_H
#define PFTOP_SAY_H

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int say_usage(const char *what, const char *name);

#endif /* PFTOP_SAY_H */
