// SPDX-License-Identifier: GPL-2.0
/* The end of a fault: it is counted and recorded. Runs inside each page fault. */
#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "clock.h"
#include "fault.h"
#include "rings.h"
#include "task.h"
#include "totals.h"

static __always_inline void record(const struct pft_fault *fault, enum pft_class class,
				   vm_fault_t result, u64 time_ns, u64 latency_ns)
{
	struct pft_ring *ring = this_cpu_ptr(&pft_ring);
	struct pft_buf *buf;
	struct pft_record *rec = pft_ring_reserve(ring, &buf);
	u64 comm[PFT_COMM_LEN / sizeof(u64)];

	if (unlikely(!rec)) {
		pft_totals_add(ring->busy ? PFT_TOTAL_NESTED : PFT_TOTAL_NO_RING);
		return;
	}
	WRITE_ONCE(rec->time_ns, time_ns);
	WRITE_ONCE(rec->address, fault->address);
	WRITE_ONCE(rec->ip, fault->ip);
	WRITE_ONCE(rec->vma_start, fault->vma_start);
	WRITE_ONCE(rec->vma_end, fault->vma_end);
	WRITE_ONCE(rec->vma_pgoff, fault->vma_pgoff);
	WRITE_ONCE(rec->latency_ns, latency_ns);
	WRITE_ONCE(rec->pid, current->pid);
	WRITE_ONCE(rec->tgid, current->tgid);
	WRITE_ONCE(rec->fault_flags, fault->flags);
	WRITE_ONCE(rec->result, (__force u32)result);
	/* Another thread may be renaming this one; the last byte stays NUL. */
	memcpy(comm, current->comm, sizeof(comm));
	WRITE_ONCE(*(u64 *)&rec->comm[0], comm[0]);
	WRITE_ONCE(*(u64 *)&rec->comm[sizeof(u64)], comm[1]);
	WRITE_ONCE(rec->class, class);
	WRITE_ONCE(rec->access, fault->access);
	WRITE_ONCE(rec->origin, fault->origin);
	WRITE_ONCE(rec->perms, fault->perms);
	WRITE_ONCE(rec->cpu, raw_smp_processor_id());
	WRITE_ONCE(rec->retries, fault->retries);
	/* rec->reserved: never written, zero since the memory was allocated */
	pft_ring_publish(ring, buf);
}

/**
 * pft_fault_end - count and record a fault
 * @fault: what was noted when it began
 * @class: how it ended
 * @result: of handle_mm_fault(), 0 if that was not reached
 * @now: pft_clock_raw(), read just before on this CPU
 *
 * Context: in the thread that faulted, preemption off, any interrupt state,
 * not in an interrupt. Takes no lock, cannot sleep or fault.
 */
void pft_fault_end(const struct pft_fault *fault, enum pft_class class, vm_fault_t result,
		   u64 now)
{
	u64 latency_ns = pft_clock_since(fault->start, now);

	pft_totals_add(class);
	if (likely(fault->thread))
		pft_thread_count(fault->thread, class, latency_ns, fault->address);
	else
		pft_totals_add(PFT_TOTAL_UNLISTED);
	record(fault, class, result, pft_clock_ns(now), latency_ns);
}
