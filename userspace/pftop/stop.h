/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_STOP_H
#define PFTOP_STOP_H

#include <stdbool.h>
#include <stdint.h>

void stop_on_signals(int flags);
bool stop_asked(void);
int stop_fd(void);
bool stop_sleep(uint64_t due_ns);

#endif /* PFTOP_STOP_H */
