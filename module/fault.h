/* SPDX-License-Identifier: GPL-2.0 */
/* A fault under way, and its end: counted and recorded. */
#ifndef PFT_FAULT_H
#define PFT_FAULT_H

#include <linux/cgroup.h>
#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

#include "filter.h"
#include "percpu.h"
#include "task.h"
#include "walk.h"

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
 * @more: cause, level, order, area and file, as pft_fault_more() packs them
 * @ino: inode number, or the stack's limit if there is no VMA
 * @dev: device of the file
 * @flags: FAULT_FLAG_* of this attempt, or number of the system call
 * @vma: the VMA; only while handle_mm_fault() holds the lock on it
 * @mm: the VMA's, of which the caller of handle_mm_fault() has a reference
 * @walk: what the walk at the beginning met; its @pmd is valid as @vma
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
	u64 more;
	u64 ino;
	u32 dev;
	u32 flags;
	const struct vm_area_struct *vma;
	struct mm_struct *mm;
	struct pft_walk walk;
};

/* They have the same places in vm_flags as in pft_record.perms. */
#define PFT_VM_PERMS	(VM_READ | VM_WRITE | VM_EXEC | VM_SHARED)
static_assert(VM_READ == PFT_PERM_READ && VM_WRITE == PFT_PERM_WRITE &&
	      VM_EXEC == PFT_PERM_EXEC && VM_SHARED == PFT_PERM_SHARED);

/* Where the small fields of a record are within their word. */
#define PFT_ACCESS_SHIFT	8
#define PFT_ORIGIN_SHIFT	16
#define PFT_PERMS_SHIFT		24
#define PFT_CPU_SHIFT		32
#define PFT_RETRIES_SHIFT	48

/* The same, of the word behind it. The cause is its lowest byte. */
#define PFT_LEVEL_SHIFT		8
#define PFT_ORDER_SHIFT		16
#define PFT_AREA_SHIFT		24
#define PFT_FILE_SHIFT		32

/* And of the one that begins with dev. */
#define PFT_FLAGS_SHIFT		32
#define PFT_RESULT_SHIFT	48

/* The word of a record's small fields, but for class and cpu. */
static __always_inline u64 pft_fault_what(enum pft_access access, enum pft_origin origin,
					  u32 perms)
{
	return (access << PFT_ACCESS_SHIFT) | (origin << PFT_ORIGIN_SHIFT) |
	       (perms << PFT_PERMS_SHIFT);
}

/* The word behind it, but for order and file. */
static __always_inline u64 pft_fault_more(enum pft_cause cause, enum pft_level level,
					  enum pft_area area)
{
	return cause | (level << PFT_LEVEL_SHIFT) | ((u64)area << PFT_AREA_SHIFT);
}

static __always_inline enum pft_cause pft_fault_cause(const struct pft_fault *fault)
{
	return fault->more & 0xff;
}

static __always_inline void pft_fault_set_cause(struct pft_fault *fault, enum pft_cause cause)
{
	fault->more = (fault->more & ~0xffULL) | cause;
}

static __always_inline enum pft_origin pft_fault_origin(const struct pft_fault *fault)
{
	return (fault->what >> PFT_ORIGIN_SHIFT) & 0xff;
}

/* No VMA, and the record tells of the neighbours instead? */
static __always_inline bool pft_fault_in_hole(const struct pft_fault *fault)
{
	return fault->what & ((u64)PFT_PERM_HOLE << PFT_PERMS_SHIFT);
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

#ifdef CONFIG_CGROUPS
/*
 * The thread's cgroup in the unified hierarchy.
 *
 * Context: preemption off, which is an RCU read-side critical section.
 */
static __always_inline struct cgroup *pft_cgroup(void)
{
	return rcu_dereference_raw(current->cgroups)->dfl_cgrp;
}
#endif

/* What `stat -c %i` says of its directory. Context: as pft_cgroup(). */
static __always_inline u64 pft_cgroup_id(void)
{
#ifdef CONFIG_CGROUPS
	return cgroup_id(pft_cgroup());
#else
	return 0;
#endif
}

static __always_inline void pft_fault_record(struct pft_cpu *cpu, const struct pft_fault *fault,
					     enum pft_class class, vm_fault_t result, u64 time_ns,
					     u64 latency_ns)
{
	struct pft_buf *buf;
	struct pft_record *rec = pft_ring_reserve(&cpu->ring, &buf);

	if (unlikely(!rec)) {
		pft_totals_inc(&cpu->totals,
			       cpu->ring.busy ? PFT_TOTAL_NESTED : PFT_TOTAL_NO_RING);
		return;
	}
	WRITE_ONCE(rec->time_ns, time_ns);
	WRITE_ONCE(rec->address, fault->address);
	WRITE_ONCE(rec->ip, fault->ip);
	WRITE_ONCE(rec->vma_start, fault->vma_start);
	WRITE_ONCE(rec->vma_end, fault->vma_end);
	WRITE_ONCE(rec->vma_pgoff, fault->vma_pgoff);
	WRITE_ONCE(rec->latency_ns, latency_ns);
	/* pid, tgid: one word, there and here */
	WRITE_ONCE(*(u64 *)&rec->pid, READ_ONCE(*(u64 *)&current->pid));
	/* dev, fault_flags, result: one word */
	WRITE_ONCE(*(u64 *)&rec->dev,
		   fault->dev | ((u64)(u16)fault->flags << PFT_FLAGS_SHIFT) |
		   ((u64)(__force u32)result << PFT_RESULT_SHIFT));
	/* data_race: somebody may be renaming this thread; the last byte stays NUL. */
	WRITE_ONCE(*(u64 *)&rec->comm[0], data_race(READ_ONCE(*(u64 *)&current->comm[0])));
	/* data_race: the same */
	WRITE_ONCE(*(u64 *)&rec->comm[8], data_race(READ_ONCE(*(u64 *)&current->comm[8])));
	/* class, access, origin, perms, cpu, retries: one word */
	WRITE_ONCE(*(u64 *)&rec->class,
		   fault->what | class | ((u64)raw_smp_processor_id() << PFT_CPU_SHIFT));
	/* cause, level, order, area, file: one word */
	WRITE_ONCE(*(u64 *)&rec->cause, fault->more);
	WRITE_ONCE(rec->ino, fault->ino);
	WRITE_ONCE(rec->cgroup, pft_cgroup_id());
	pft_ring_publish(&cpu->ring, buf);
}

static_assert(offsetof(struct task_struct, pid) % sizeof(u64) == 0);
static_assert(offsetof(struct task_struct, tgid) ==
	      offsetof(struct task_struct, pid) + offsetof(struct pft_record, tgid) -
	      offsetof(struct pft_record, pid));
static_assert(TASK_COMM_LEN == PFT_COMM_LEN);
static_assert(offsetof(struct pft_record, class) % sizeof(u64) == 0);
static_assert(offsetof(struct pft_record, cause) % sizeof(u64) == 0);
static_assert(offsetof(struct pft_record, dev) % sizeof(u64) == 0);
#define PFT_SHIFT_OF(field) (8 * (offsetof(struct pft_record, field) % sizeof(u64)))
static_assert(PFT_SHIFT_OF(access) == PFT_ACCESS_SHIFT);
static_assert(PFT_SHIFT_OF(origin) == PFT_ORIGIN_SHIFT);
static_assert(PFT_SHIFT_OF(perms) == PFT_PERMS_SHIFT);
static_assert(PFT_SHIFT_OF(cpu) == PFT_CPU_SHIFT);
static_assert(PFT_SHIFT_OF(retries) == PFT_RETRIES_SHIFT);
static_assert(PFT_SHIFT_OF(level) == PFT_LEVEL_SHIFT);
static_assert(PFT_SHIFT_OF(order) == PFT_ORDER_SHIFT);
static_assert(PFT_SHIFT_OF(area) == PFT_AREA_SHIFT);
static_assert(PFT_SHIFT_OF(file) == PFT_FILE_SHIFT);
static_assert(PFT_SHIFT_OF(fault_flags) == PFT_FLAGS_SHIFT);
static_assert(PFT_SHIFT_OF(result) == PFT_RESULT_SHIFT);

/* Not trace.h: all of ftrace would come with it. */
DECLARE_TRACEPOINT(fault);

void pft_trace_fault(const struct pft_fault *fault, enum pft_class class, vm_fault_t result,
		     u64 latency_ns);

/**
 * pft_fault_end - count a fault, and record it if the filters let it pass
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
	enum pft_cause cause = pft_fault_cause(fault);
	struct pft_cpu *cpu = this_cpu_ptr(&pft_cpu);

	pft_hist_add(pft_latency_row(cpu->latency, class, cause), latency_ns);
	if (likely(fault->thread))
		pft_thread_count(fault->thread, class, cause, latency_ns, fault->address);
	else
		pft_totals_inc(&cpu->totals, PFT_TOTAL_UNLISTED);
	if (!pft_filter_wants(fault, class, latency_ns)) {
		pft_totals_inc(&cpu->totals, PFT_TOTAL_FILTERED);
		return;
	}
	pft_fault_record(cpu, fault, class, result, pft_clock_ns(&cpu->clock, now), latency_ns);
	if (tracepoint_enabled(fault))
		pft_trace_fault(fault, class, result, latency_ns);
}

#endif /* PFT_FAULT_H */
