/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_PFTOP_H
#define PFTOP_PFTOP_H

#include "libpftrace.h"
#include "options.h"

int live_main(struct options *options);
int events_main(const struct options *options);
int run_main(const struct options *options);
int doctor_main(const struct options *options);
int record_main(const struct options *options);
int report_main(const struct options *options);

struct pft_root *common_open(const struct options *options);
struct pft_root *common_open_module(const struct options *options);
void common_error(const struct pft_error *error);

#endif /* PFTOP_PFTOP_H */
