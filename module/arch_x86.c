// SPDX-License-Identifier: GPL-2.0
/* x86-64: refused faults and the time stamp counter. */
#include <linux/uaccess.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>
#include <asm/tsc.h>

#include "arch.h"
#include "cause.h"
#include "reject.h"

static enum pft_access access_of(unsigned long error_code)
{
	if (error_code & X86_PF_INSTR)
		return PFT_EXEC;
	return error_code & X86_PF_WRITE ? PFT_WRITE : PFT_READ;
}

/*
 * __bad_area_nosemaphore(regs, error_code, address, pkey, si_code): all ways
 * to refuse a fault lead here (arch/x86/mm/fault.c), but for the results
 * SIGBUS, HWPOISON and OOM of handle_mm_fault().
 */
static bool decode_bad_area(struct pt_regs *regs, struct pft_fault *fault, bool *look)
{
	struct pt_regs *fault_regs = (void *)regs_get_kernel_argument(regs, 0);
	unsigned long error_code = regs_get_kernel_argument(regs, 1);
	enum pft_level level = PFT_LEVEL_PROT;

	/*
	 * A kernel access with faults disabled comes here to fail at once,
	 * possibly in an interrupt; nobody asked for the page. Not
	 * faulthandler_disabled(): the probe itself has disabled preemption.
	 */
	if (!user_mode(fault_regs) && pagefault_disabled())
		return false;
	fault->address = regs_get_kernel_argument(regs, 2);
	/* The kernel's own addresses are no affair of the process. */
	if (!user_mode(fault_regs) && fault->address >= TASK_SIZE_MAX)
		return false;
	fault->ip = pft_fault_ip(fault_regs);
	fault->what = pft_fault_what(access_of(error_code),
				     user_mode(fault_regs) ? PFT_USER : PFT_KERNEL, 0);
	if (fault->address >= TASK_SIZE_MAX)
		level = PFT_LEVEL_NONE;	/* not to be told: the kernel's tables */
	else if (!(error_code & X86_PF_PROT))
		level = pft_cause_level(current->mm, fault->address);
	fault->more = pft_fault_more(pft_reject_cause(fault, regs_get_kernel_argument(regs, 4)),
				     level, PFT_AREA_NONE);
	*look = fault->address < TASK_SIZE_MAX && (fault_regs->flags & X86_EFLAGS_IF);
	return true;
}

const struct pft_arch_hook pft_arch_hooks[PFT_ARCH_MAX_HOOKS] = {
	{ "__bad_area_nosemaphore", decode_bad_area },
};

bool pft_arch_refuses_again(enum pft_origin origin, vm_fault_t result)
{
	/* mm_fault_error() and, in later kernels, do_user_addr_fault() */
	return (result & VM_FAULT_SIGSEGV) &&
	       !(result & (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_HWPOISON |
			   VM_FAULT_HWPOISON_LARGE));
}

bool pft_arch_decode_signal(struct pft_fault *fault)
{
	const struct thread_struct *thread = &current->thread;

	if (thread->trap_nr != X86_TRAP_PF)
		return false;
	fault->what = pft_fault_what(access_of(thread->error_code), PFT_USER, 0);
	fault->ip = pft_fault_ip(task_pt_regs(current));
	return true;
}

unsigned int pft_arch_counter_khz(void)
{
	return check_tsc_unstable() ? 0 : tsc_khz;
}
