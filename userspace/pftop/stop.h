/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_STOP_H
#define PFTOP_STOP_H

#include <stdbool.h>

void stop_on_signals(int flags);
bool stop_asked(void);

#endif /* PFTOP_STOP_H */
