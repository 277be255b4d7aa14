// SPDX-License-Identifier: GPL-2.0
/* arm64: refused faults and the generic timer. */
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <asm/esr.h>
#include <asm/sysreg.h>

#include "arch.h"
#include "cause.h"
#include "reject.h"

/* Is it a fault of address translation, and not of alignment, tags, ...? */
static bool is_translation(unsigned long esr)
{
	unsigned long ec = ESR_ELx_EC(esr);

	if (ec != ESR_ELx_EC_IABT_LOW && ec != ESR_ELx_EC_IABT_CUR &&
	    ec != ESR_ELx_EC_DABT_LOW && ec != ESR_ELx_EC_DABT_CUR)
		return false;
	switch (esr & ESR_ELx_FSC_TYPE) {
	case ESR_ELx_FSC_FAULT:
	case ESR_ELx_FSC_ACCESS:
	case ESR_ELx_FSC_PERM:
		return true;
	}
	return false;
}

static enum pft_access access_of(unsigned long esr)
{
	unsigned long ec = ESR_ELx_EC(esr);

	if (ec == ESR_ELx_EC_IABT_LOW || ec == ESR_ELx_EC_IABT_CUR)
		return PFT_EXEC;
	/* cache maintenance sets WNR but reads (is_write_abort()) */
	return (esr & ESR_ELx_WNR) && !(esr & ESR_ELx_CM) ? PFT_WRITE : PFT_READ;
}

/* Was it a protection key that forbade? The upper half of ESR says so (FEAT_S1POE). */
static bool is_pkey(unsigned long esr)
{
#ifdef ESR_ELx_Overlay
	return ESR_ELx_ISS2(esr) & ESR_ELx_Overlay;
#else
	return false;
#endif
}

/*
 * A permission fault has met an entry that forbids. Others have met none, which
 * does not say whether there is a mapping: then the cause is left open, for
 * pft_neighbours() to find out.
 */
static void explain(struct pft_fault *fault, unsigned long esr)
{
	bool denied = (esr & ESR_ELx_FSC_TYPE) == ESR_ELx_FSC_PERM;
	enum pft_level level = PFT_LEVEL_NONE;
	enum pft_cause cause;

	if (denied)
		cause = pft_reject_cause(fault, is_pkey(esr) ? SEGV_PKUERR : SEGV_ACCERR);
	else if (pft_fault_origin(fault) == PFT_KERNEL || fault->address >= TASK_SIZE_64)
		cause = pft_reject_cause(fault, SEGV_MAPERR);
	else
		cause = PFT_CAUSE_OTHER;
	/* of the kernel's tables nothing is told */
	if (fault->address < TASK_SIZE_64)
		level = denied ? PFT_LEVEL_PROT : pft_cause_level(current->mm, fault->address);
	fault->more = pft_fault_more(cause, level, PFT_AREA_NONE);
}

/* set_thread_esr(address, esr): each fault of user space that ends in a signal */
static bool decode_thread_esr(struct pt_regs *regs, struct pft_fault *fault, bool *look)
{
	unsigned long esr = regs_get_kernel_argument(regs, 1);

	if (!is_translation(esr))
		return false;
	fault->address = regs_get_kernel_argument(regs, 0);
	fault->ip = pft_fault_ip(task_pt_regs(current));
	fault->what = pft_fault_what(access_of(esr), PFT_USER, 0);
	explain(fault, esr);
	*look = fault->address < TASK_SIZE_64;
	return true;
}

/* __do_kernel_fault(address, esr, regs): uaccess by the kernel, or a kernel bug */
static bool decode_kernel_fault(struct pt_regs *regs, struct pft_fault *fault, bool *look)
{
	unsigned long esr = regs_get_kernel_argument(regs, 1);
	struct pt_regs *fault_regs = (void *)regs_get_kernel_argument(regs, 2);

	/* See decode_bad_area() in arch_x86.c. */
	if (pagefault_disabled() || !is_translation(esr))
		return false;
	/*
	 * do_page_fault() gives up a retry when the thread is being killed. Nothing
	 * was wrong with that fault, and no EFAULT will be seen.
	 */
	if (fatal_signal_pending(current))
		return false;
	fault->address = regs_get_kernel_argument(regs, 0);
	/* The kernel's own addresses are no affair of the process. */
	if (fault->address >= TASK_SIZE_64)
		return false;
	fault->ip = pft_fault_ip(fault_regs);
	fault->what = pft_fault_what(access_of(esr), PFT_KERNEL, 0);
	explain(fault, esr);
	*look = interrupts_enabled(fault_regs);
	return true;
}

const struct pft_arch_hook pft_arch_hooks[PFT_ARCH_MAX_HOOKS] = {
	{ "set_thread_esr", decode_thread_esr },
	{ "__do_kernel_fault", decode_kernel_fault },
};

bool pft_arch_refuses_again(enum pft_origin origin, vm_fault_t result)
{
	/* do_page_fault(): all but a user's OOM end in one of the two */
	return origin == PFT_KERNEL || !(result & VM_FAULT_OOM);
}

bool pft_arch_decode_signal(struct pft_fault *fault)
{
	if (!is_translation(current->thread.fault_code))
		return false;
	fault->what = pft_fault_what(access_of(current->thread.fault_code), PFT_USER, 0);
	/* the signal still has the tag of the pointer */
	fault->address = current->thread.fault_address;
	fault->ip = pft_fault_ip(task_pt_regs(current));
	return true;
}

unsigned int pft_arch_counter_khz(void)
{
	/* The architecture promises one constant counter for all CPUs. */
	return read_sysreg(cntfrq_el0) / 1000;
}
