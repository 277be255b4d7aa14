// SPDX-License-Identifier: GPL-2.0
/* The walk of the page tables as the kernel's own macros make it. */
#include "walk.h"

#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>

struct pft_tables pft_tables __read_mostly;
DEFINE_STATIC_KEY_FALSE(pft_walk_paravirt);
DEFINE_STATIC_KEY_FALSE(pft_walk_five_levels);
#endif

/**
 * pft_walk_any - walk, whatever the entries are
 * @mm: whose tables
 * @address: of user space
 * @w: set to what was met
 *
 * Context: interrupts off.
 */
noinline void pft_walk_any(struct mm_struct *mm, unsigned long address, struct pft_walk *w)
{
	pgd_t *pgdp = pgd_offset(mm, address);
	pgd_t pgd = READ_ONCE(*pgdp);
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;
	pmd_t pmd;

	w->entry = __pte(0);
	w->pmd = NULL;
	w->level = PFT_LEVEL_PGD;
	if (pgd_none(pgd) || unlikely(pgd_bad(pgd)))
		return;
	p4dp = p4d_offset_lockless(pgdp, pgd, address);
	p4d = READ_ONCE(*p4dp);
	w->level = PFT_LEVEL_P4D;
	if (!p4d_present(p4d))
		return;
	pudp = pud_offset_lockless(p4dp, p4d, address);
	pud = READ_ONCE(*pudp);
	w->entry = __pte(pud_val(pud));
	w->level = PFT_LEVEL_PUD;
	if (!pud_present(pud))
		return;
	w->level = PFT_LEVEL_PROT;
	if (pud_leaf(pud))
		return;
	w->pmd = pmd_offset_lockless(pudp, pud, address);
	pmd = READ_ONCE(*w->pmd);
	w->entry = __pte(pmd_val(pmd));
	w->level = PFT_LEVEL_PMD;
	if (!pmd_present(pmd))
		return;
	w->level = PFT_LEVEL_PROT;
	/* pmd_leaf() of old kernels is false for PROT_NONE, pmd_trans_huge() for hugetlb */
	if (pmd_leaf(pmd) || pmd_trans_huge(pmd)) {
		/*
		 * For the kernel a huge page that is being split, moved or
		 * protected anew is present; for the CPU it was not.
		 */
		if (!pte_present(w->entry))
			w->level = PFT_LEVEL_PMD;
		return;
	}
	w->entry = READ_ONCE(*pte_offset_kernel(&pmd, address));
	if (!pte_present(w->entry))
		w->level = PFT_LEVEL_PTE;
}

/**
 * pft_walk_init - find out how the tables can be followed
 *
 * Context: may sleep; before the probes are set.
 */
void pft_walk_init(void)
{
#ifdef CONFIG_X86_64
	pft_tables.mask = PTE_PFN_MASK;
	pft_tables.base = PAGE_OFFSET;
	if (boot_cpu_has(X86_FEATURE_XENPV))
		static_branch_enable(&pft_walk_paravirt);
	if (pgtable_l5_enabled())
		static_branch_enable(&pft_walk_five_levels);
#endif
}
