/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_REJECT_H
#define PFT_REJECT_H

#include <linux/mm_types.h>
#include <linux/types.h>

#include "uapi/pftrace.h"

int pft_reject_check(void);
int pft_reject_on(void);
void pft_reject_off(void);
struct pft_fault;

enum pft_cause pft_reject_cause(const struct pft_fault *fault, int si_code);
bool pft_reject_follows(enum pft_origin origin, vm_fault_t result);
const char *pft_reject_name(void);
u64 pft_reject_nested(void);
void pft_reject_clear(void);

#endif /* PFT_REJECT_H */
