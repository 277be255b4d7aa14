/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_PACE_H
#define PFTOP_PACE_H

#include <stdint.h>

uint64_t pace_begin(double delay);
uint64_t pace_next(uint64_t due_ns, double delay, uint64_t now_ns);

#endif /* PFTOP_PACE_H */
