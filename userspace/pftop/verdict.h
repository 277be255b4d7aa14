/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_VERDICT_H
#define PFTOP_VERDICT_H

#include "breakdown.h"

#define VERDICT_MAX	1024

const char *verdict_base(const char *path);
const char *verdict_order(const struct tally_place *place);
void verdict_where(char *to, size_t size, const struct breakdown_cause *row);
void verdict(char *to, size_t size, const struct breakdown *breakdown, uint64_t wall_ns);

#endif /* PFTOP_VERDICT_H */
