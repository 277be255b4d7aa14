/* SPDX-License-Identifier: GPL-2.0 */
/* A recording of nine faults, whose sums were worked out by hand. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdint.h>

extern char sample_path[128];

void sample_marker(void);
void sample_make(unsigned int more);

#endif /* SAMPLE_H */
