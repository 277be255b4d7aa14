// SPDX-License-Identifier: GPL-2.0
/* If this does not compile, no other probe's answer means anything. */
#include <linux/kprobes.h>
#include <linux/mm.h>

#ifndef CONFIG_KRETPROBES
#error "the kernel has no kretprobes (CONFIG_KRETPROBES)"
#endif
#ifndef CONFIG_TRACEPOINTS
#error "the kernel has no tracepoints (CONFIG_TRACEPOINTS)"
#endif
#ifndef CONFIG_GLOB
#error "the kernel has no glob_match() (CONFIG_GLOB)"
#endif
#if !defined(CONFIG_64BIT) || defined(CONFIG_CPU_BIG_ENDIAN)
#error "only 64-bit little-endian kernels are supported"
#endif

vm_fault_t (*probe)(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
		    struct pt_regs *regs) = handle_mm_fault;
