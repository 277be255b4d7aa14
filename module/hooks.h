/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints by name: none of those needed here is exported to modules. */
#ifndef PFT_HOOKS_H
#define PFT_HOOKS_H

#include <linux/tracepoint.h>

/**
 * struct pft_tracepoint - a tracepoint and what it is to call
 * @name: as in the kernel's TRACE_EVENT()
 * @probe: of the tracepoint's own prototype, behind a void *data
 * @tp: found by pft_tracepoint_hook()
 */
struct pft_tracepoint {
	const char *name;
	void *probe;
	struct tracepoint *tp;
};

int pft_tracepoint_hook(struct pft_tracepoint *hook);
void pft_tracepoint_unhook(struct pft_tracepoint *hook);
void pft_tracepoint_sync(void);

#endif /* PFT_HOOKS_H */
