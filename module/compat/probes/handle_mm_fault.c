// SPDX-License-Identifier: GPL-2.0
/* Since 5.9 it has the registers and counts the fault itself. */
#include <linux/mm.h>

vm_fault_t (*probe)(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
		    struct pt_regs *regs) = handle_mm_fault;
