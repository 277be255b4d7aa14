/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many faults of each class and cause, and how long they took. A set of
 * histograms per CPU, written by that CPU's handlers only.
 */
#ifndef PFT_LATENCY_H
#define PFT_LATENCY_H

#include <linux/types.h>

#include "hist.h"
#include "uapi/pftrace.h"

/**
 * struct pft_latency - a histogram for each cause and class
 * @row: of each; its number of durations is the number of faults
 */
struct pft_latency {
	struct pft_hist row[PFT_NR_CAUSES][PFT_NR_CLASSES];
};

/**
 * pft_latency_row - the histogram of a class and cause
 * @latency: where
 * @class: which, as is
 * @cause: this
 *
 * Of a pointer, not of an array: see pft_hist_add().
 *
 * Return: the histogram.
 */
static __always_inline struct pft_hist *pft_latency_row(struct pft_latency *latency,
							enum pft_class class, enum pft_cause cause)
{
	struct pft_hist *row = &latency->row[0][0];

	return row + (cause * PFT_NR_CLASSES + class);
}

int pft_latency_init(void);
void pft_latency_exit(void);
void pft_latency_clear(void);
size_t pft_latency_bytes(void);
void pft_latency_classes(u64 nr[PFT_NR_CLASSES]);
struct pft_latency *pft_latency_read(void);

#endif /* PFT_LATENCY_H */
