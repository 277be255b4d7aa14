/* SPDX-License-Identifier: GPL-2.0 */
/* What is at, below and above the address of a refused fault. */
#ifndef PFT_NEIGHBOURS_H
#define PFT_NEIGHBOURS_H

#include "fault.h"

void pft_neighbours(struct pft_fault *fault);

#endif /* PFT_NEIGHBOURS_H */
