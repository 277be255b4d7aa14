/* SPDX-License-Identifier: GPL-2.0 */
/* A fault under way, and its end: counted and recorded. */
#ifndef PFT_FAULT_H
#define PFT_FAULT_H

#include <linux/compiler.h>
#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/types.h>

#include "percpu.h"
#include "task.h"

/**
 * struct pft_fault - a fault under way
 * @thread: entry of current, or NULL if it is not listed
 * @start: pft_clock_raw() when its first attempt began
 * @address: faulting address
 * @ip: see struct pft_record, as are the others but @what
 * @vma_start: of the VMA, as are the next two
 * @vma_end: see above
 * @vma_pgoff: see above
 * @what: access, origin, perms and retries, as pft_fault_what() packs them
 * @flags: FAULT_FLAG_* of this attempt
 *
 * It lives in a kretprobe instance, or on the stack for a refused fault. The
 * VMA's fields are copied because the VMA may be gone when the fault ends.
 */
struct pft_fault {
	struct pft_thread *thread;
	u64 start;
	u64 address;
	u64 ip;
	u64 vma_start;
	u64 vma_end;
	u64 vma_pgoff;
	u64 what;
	u32 flags;
};

/* Where the small fields of a record are within their word. */
#define PFT_ACCESS_SHIFT	8
#define PFT_ORIGIN_SHIFT	16
#define PFT_PERMS_SHIFT		24
#define PFT_CPU_SHIFT		32
#define PFT_RETRIES_SHIFT	48

/* The word of a record's small fields, but for class and cpu. */
static __always_inline u64 pft_fault_what(enum pft_access access, enum pft_origin origin,
					  u32 perms)
{
	return (access << PFT_ACCESS_SHIFT) | (origin << PFT_ORIGIN_SHIFT) |
	       (perms << PFT_PERMS_SHIFT);
}

static __always_inline enum pft_origin pft_fault_origin(const struct pft_fault *fault)
{
	return (fault->what >> PFT_ORIGIN_SHIFT) & 0xff;
}

/*
 * The instruction of the process behind a fault: the one that faulted, or the
 * one that entered the kernel, if the kernel faulted on its behalf. The
 * kernel's own addresses are not to be told.
 */
static __always_inline u64 pft_fault_ip(struct pt_regs *regs)
{
	if (unlikely(!user_mode(regs))) {
		regs = task_pt_regs(current);
		if (!user_mode(regs))	/* a kernel thread */
			return 0;
	}
	return instruction_pointer(regs);
}

static __always_inline void pft_fault_record(struct pft_cpu *cpu, const struct pft_fault *fault,
					     enum pft_class class, vm_fault_t result, u64 time_ns,
					     u64 latency_ns)
{
	struct pft_buf *buf;
	struct pft_record *rec = pft_ring_reserve(&cpu->ring, &buf);
	u64 comm[2];

	if (unlikely(!rec)) {
		cpu->totals.nr[cpu->ring.busy ? PFT_TOTAL_NESTED : PFT_TOTAL_NO_RING]++;
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
	memcpy(&comm[0], current->comm, sizeof(u64));
	memcpy(&comm[1], current->comm + sizeof(u64), sizeof(u64));
	WRITE_ONCE(*(u64 *)&rec->comm[0], comm[0]);
	WRITE_ONCE(*(u64 *)&rec->comm[sizeof(u64)], comm[1]);
	/* class, access, origin, perms, cpu, retries: one word */
	WRITE_ONCE(*(u64 *)&rec->class,
		   fault->what | class | ((u64)raw_smp_processor_id() << PFT_CPU_SHIFT));
	/* rec->reserved: never written, zero since the memory was allocated */
	pft_ring_publish(&cpu->ring, buf);
}

static_assert(offsetof(struct pft_record, class) % sizeof(u64) == 0);
#define PFT_SHIFT_OF(field) \
	(8 * (offsetof(struct pft_record, field) - offsetof(struct pft_record, class)))
static_assert(PFT_SHIFT_OF(access) == PFT_ACCESS_SHIFT);
static_assert(PFT_SHIFT_OF(origin) == PFT_ORIGIN_SHIFT);
static_assert(PFT_SHIFT_OF(perms) == PFT_PERMS_SHIFT);
static_assert(PFT_SHIFT_OF(cpu) == PFT_CPU_SHIFT);
static_assert(PFT_SHIFT_OF(retries) == PFT_RETRIES_SHIFT);

/**
 * pft_fault_end - count and record a fault
 * @fault: what was noted when it began
 * @class: how it ended
 * @result: of handle_mm_fault(), 0 if that was not reached
 * @now: pft_clock_raw(), read just before on this CPU
 *
 * Inlined into its two callers: it is half of what a fault costs.
 *
 * Context: in the thread that faulted, preemption off, any interrupt state,
 * not in an interrupt. Takes no lock, cannot sleep or fault.
 */
static __always_inline void pft_fault_end(const struct pft_fault *fault, enum pft_class class,
					  vm_fault_t result, u64 now)
{
	u64 latency_ns = pft_clock_since(fault->start, now);
	struct pft_cpu *cpu = this_cpu_ptr(&pft_cpu);

	cpu->totals.nr[class]++;
	if (likely(fault->thread))
		pft_thread_count(fault->thread, class, latency_ns, fault->address);
	else
		cpu->totals.nr[PFT_TOTAL_UNLISTED]++;
	pft_fault_record(cpu, fault, class, result, pft_clock_ns(&cpu->clock, now), latency_ns);
}

#endif /* PFT_FAULT_H */
