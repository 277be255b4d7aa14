// SPDX-License-Identifier: GPL-2.0
/* The tracepoint. All that ftrace needs of trace.h is made here. */
#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * pft_trace_fault - give a fault to whoever listens to pftrace:fault
 * @fault: at its end
 * @class: how it ended
 * @result: of handle_mm_fault(), 0 if that was not reached
 * @latency_ns: its duration
 *
 * Not inlined: the handlers only look whether anybody does.
 *
 * Context: as pft_fault_end(). Listeners may take a stack trace.
 */
void pft_trace_fault(const struct pft_fault *fault, enum pft_class class, vm_fault_t result,
		     u64 latency_ns)
{
	trace_fault(fault, class, result, latency_ns);
}
