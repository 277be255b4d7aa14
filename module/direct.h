/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast hook: handle_mm_fault() calls pft_direct_call() (direct_x86.S) in
 * place of its first instruction, and that calls the rest of it.
 */
#ifndef PFT_DIRECT_H
#define PFT_DIRECT_H

/* From handle_mm_fault() to behind its call of __fentry__(). */
#ifdef CONFIG_X86_KERNEL_IBT
#define PFT_FENTRY_END	9
#else
#define PFT_FENTRY_END	5
#endif

/* Room for struct pft_direct_frame, and for the four arguments above it. */
#define PFT_DIRECT_FRAME	192
#define PFT_DIRECT_ROOM		(PFT_DIRECT_FRAME + 32)

#ifndef __ASSEMBLY__

#include <linux/linkage.h>
#include <linux/mm_types.h>

#if defined(CONFIG_X86_64) && defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && \
	(defined(PFT_HAVE_FTRACE_DIRECT) || defined(PFT_HAVE_FTRACE_DIRECT_MULTI))
struct pft_direct_frame;

/* direct_x86.S, and what it calls */
void pft_direct_call(void);
asmlinkage void pft_direct_begins(struct vm_area_struct *vma, unsigned long address,
				  unsigned int flags, struct pt_regs *regs,
				  struct pft_direct_frame *frame);
asmlinkage vm_fault_t pft_direct_ends(struct pft_direct_frame *frame, vm_fault_t result);

int pft_direct_on(void);
void pft_direct_off(void);
void pft_direct_wait(void);
#else
#include <linux/errno.h>

static inline int pft_direct_on(void)
{
	return -EOPNOTSUPP;
}

static inline void pft_direct_off(void)
{
}

static inline void pft_direct_wait(void)
{
}
#endif

#endif /* __ASSEMBLY__ */

#endif /* PFT_DIRECT_H */
