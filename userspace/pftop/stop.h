/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_STOP_H
#define PFTOP_STOP_H

#include <stdbool.h>
#include <time.h>

void stop_on_signals(int flags);
bool stop_asked(void);
int stop_fd(void);
bool stop_sleep(const struct timespec *due);

#endif /* PFTOP_STOP_H */
