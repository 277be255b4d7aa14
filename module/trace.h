/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracepoint pftrace:fault: a record, for perf, trace-cmd and bpftrace.
 * Fields mean what those of struct pft_record do.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pftrace

#if !defined(PFT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PFT_TRACE_H

#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "fault.h"

/* For readers of the raw event: what stands for what is in its format. */
#undef PFT_ENUM
#define PFT_ENUM(id, name, ...) TRACE_DEFINE_ENUM(id);
PFT_CAUSES(PFT_ENUM)
PFT_LEVELS(PFT_ENUM)
PFT_AREAS(PFT_ENUM)
TRACE_DEFINE_ENUM(PFT_NR_CAUSES);
TRACE_DEFINE_ENUM(PFT_NR_LEVELS);
TRACE_DEFINE_ENUM(PFT_NR_AREAS);
TRACE_DEFINE_ENUM(PFT_MINOR);
TRACE_DEFINE_ENUM(PFT_MAJOR);
TRACE_DEFINE_ENUM(PFT_INVALID);
TRACE_DEFINE_ENUM(PFT_READ);
TRACE_DEFINE_ENUM(PFT_WRITE);
TRACE_DEFINE_ENUM(PFT_EXEC);
TRACE_DEFINE_ENUM(PFT_USER);
TRACE_DEFINE_ENUM(PFT_KERNEL);
TRACE_DEFINE_ENUM(PFT_GUP);

/* Each ends in a comma, so another must follow. */
#undef PFT_SYMBOL
#define PFT_SYMBOL(id, name, ...) { id, name },

/**
 * fault - a fault that ended, whichever way, and passed the filters
 * @fault: what was noted when it began
 * @class: how it ended
 * @result: of handle_mm_fault(), 0 if that was not reached
 * @latency_ns: its duration
 */
TRACE_EVENT(fault,
	TP_PROTO(const struct pft_fault *fault, enum pft_class class, vm_fault_t result,
		 u64 latency_ns),
	TP_ARGS(fault, class, result, latency_ns),
	TP_STRUCT__entry(
		__field(u64, address)
		__field(u64, ip)
		__field(u64, vma_start)
		__field(u64, vma_end)
		__field(u64, pgoff)
		__field(u64, latency_ns)
		__field(u64, ino)
		__field(u64, cgroup)
		__field(u32, tid)
		__field(u32, tgid)
		__field(u32, dev)
		__field(u32, file)
		__array(char, comm, PFT_COMM_LEN)
		__field(u32, result)
		__field(u16, retries)
		__field(u8, class)
		__field(u8, cause)
		__field(u8, level)
		__field(u8, access)
		__field(u8, origin)
		__field(u8, perms)
		__field(u8, order)
		__field(u8, area)
	),
	TP_fast_assign(
		__entry->address = fault->address;
		__entry->ip = fault->ip;
		__entry->vma_start = fault->vma_start;
		__entry->vma_end = fault->vma_end;
		/* Of a hole the record tells of the neighbours there. */
		__entry->pgoff = pft_fault_in_hole(fault) ? 0 : fault->vma_pgoff;
		__entry->latency_ns = latency_ns;
		__entry->ino = pft_fault_in_hole(fault) ? 0 : fault->ino;
		__entry->cgroup = pft_cgroup_id();
		__entry->tid = current->pid;
		__entry->tgid = current->tgid;
		__entry->dev = fault->dev;
		__entry->file = fault->more >> PFT_FILE_SHIFT;
		memcpy(__entry->comm, current->comm, PFT_COMM_LEN);
		__entry->comm[PFT_COMM_LEN - 1] = '\0';
		__entry->result = (__force u32)result;
		__entry->retries = fault->what >> PFT_RETRIES_SHIFT;
		__entry->class = class;
		__entry->cause = fault->more;
		__entry->level = fault->more >> PFT_LEVEL_SHIFT;
		__entry->access = fault->what >> PFT_ACCESS_SHIFT;
		__entry->origin = fault->what >> PFT_ORIGIN_SHIFT;
		__entry->perms = fault->what >> PFT_PERMS_SHIFT;
		__entry->order = fault->more >> PFT_ORDER_SHIFT;
		__entry->area = fault->more >> PFT_AREA_SHIFT;
	),
	TP_printk("tgid=%u tid=%u comm=%s class=%s cause=%s level=%s access=%s origin=%s address=0x%llx ip=0x%llx vma=%llx-%llx perms=%s pgoff=0x%llx area=%s order=%u latency_ns=%llu retries=%u result=0x%x dev=0x%x ino=%llu file=%u cgroup=%llu",
		  __entry->tgid, __entry->tid, __entry->comm,
		  __print_symbolic(__entry->class, { PFT_MINOR, "minor" },
				   { PFT_MAJOR, "major" }, { PFT_INVALID, "invalid" }),
		  __print_symbolic(__entry->cause, PFT_CAUSES(PFT_SYMBOL) { PFT_NR_CAUSES, "?" }),
		  __print_symbolic(__entry->level, PFT_LEVELS(PFT_SYMBOL) { PFT_NR_LEVELS, "?" }),
		  __print_symbolic(__entry->access, { PFT_READ, "r" }, { PFT_WRITE, "w" },
				   { PFT_EXEC, "x" }),
		  __print_symbolic(__entry->origin, { PFT_USER, "user" },
				   { PFT_KERNEL, "kernel" }, { PFT_GUP, "gup" }),
		  __entry->address, __entry->ip, __entry->vma_start, __entry->vma_end,
		  __print_flags(__entry->perms, "|", { PFT_PERM_READ, "r" },
				{ PFT_PERM_WRITE, "w" }, { PFT_PERM_EXEC, "x" },
				{ PFT_PERM_SHARED, "s" }, { PFT_PERM_HOLE, "hole" },
				{ PFT_PERM_VMA, "vma" }),
		  __entry->pgoff,
		  __print_symbolic(__entry->area, PFT_AREAS(PFT_SYMBOL) { PFT_NR_AREAS, "?" }),
		  __entry->order, __entry->latency_ns, __entry->retries, __entry->result,
		  __entry->dev, __entry->ino, __entry->file, __entry->cgroup)
);

#endif /* PFT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
