/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_PROBE_H
#define PFT_PROBE_H

#include <linux/types.h>

int pft_probe_on(void);
void pft_probe_off(void);
void pft_probe_exit(void);
const char *pft_probe_name(void);
int pft_probe_check(void);
u64 pft_probe_no_instance(void);
u64 pft_probe_nested(void);
void pft_probe_clear(void);

#endif /* PFT_PROBE_H */
