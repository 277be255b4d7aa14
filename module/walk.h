/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the translation of an address stops: a walk of the page tables without
 * their locks and with interrupts off, as perf_get_page_size()
 * (kernel/events/core.c) and fast GUP (mm/gup.c) do it. A table that is taken
 * away meanwhile is freed by RCU, or by an IPI to each CPU that may use it;
 * both wait for this CPU. What is read may be old as soon as it is read.
 */
#ifndef PFT_WALK_H
#define PFT_WALK_H

#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "uapi/pftrace.h"

/**
 * struct pft_walk - what a walk met
 * @entry: the entry at which translation stops, or the leaf that it ends at. A
 *	leaf above the lowest level is shown as if it were a PTE; its bits for
 *	permissions have the same places on x86 and arm64.
 * @pmd: entry of the PMD table on the way, or NULL if the walk came not so far
 * @level: PFT_LEVEL_PROT if translation does not stop
 */
struct pft_walk {
	pte_t entry;
	pmd_t *pmd;
	enum pft_level level;
};

void pft_walk_any(struct mm_struct *mm, unsigned long address, struct pft_walk *w);

#ifdef CONFIG_X86_64
/*
 * The kernel's own macros go through paravirt calls and through variables for
 * the number of levels: 150 instructions. But for guests of Xen without
 * hardware support the entries are what the CPU reads, so they can be followed
 * directly; an entry that is neither empty nor a present table is left to
 * pft_walk_any().
 */
extern struct pft_tables {
	u64 mask;	/* of the physical address in an entry */
	u64 base;	/* of the direct mapping */
} pft_tables;

DECLARE_STATIC_KEY_FALSE(pft_walk_paravirt);
DECLARE_STATIC_KEY_FALSE(pft_walk_five_levels);

#define PFT_IS_TABLE(entry)	(((entry) & (_PAGE_PRESENT | _PAGE_PSE)) == _PAGE_PRESENT)
#define PFT_STEP(table, shift)	READ_ONCE((table)[(address >> (shift)) & (PTRS_PER_PTE - 1)])

static __always_inline const u64 *pft_table_of(u64 entry)
{
	return (const u64 *)((entry & pft_tables.mask) + pft_tables.base);
}

/* As pft_walk_any(). Context: interrupts off. */
static __always_inline void pft_walk(struct mm_struct *mm, unsigned long address,
				     struct pft_walk *w)
{
	const u64 *table = (const u64 *)mm->pgd;
	enum pft_level level;
	u64 entry, *pmd = NULL;

	if (static_branch_unlikely(&pft_walk_paravirt)) {
		pft_walk_any(mm, address, w);
		return;
	}
	if (static_branch_unlikely(&pft_walk_five_levels)) {
		level = PFT_LEVEL_PGD;
		entry = PFT_STEP(table, 48);
		if (!PFT_IS_TABLE(entry))
			goto no_table;
		table = pft_table_of(entry);
	}
	level = PFT_LEVEL_P4D;
	entry = PFT_STEP(table, 39);
	if (!PFT_IS_TABLE(entry))
		goto no_table;
	table = pft_table_of(entry);
	level = PFT_LEVEL_PUD;
	entry = PFT_STEP(table, PUD_SHIFT);
	if (!PFT_IS_TABLE(entry))
		goto no_table;
	table = pft_table_of(entry);
	level = PFT_LEVEL_PMD;
	pmd = (u64 *)&table[(address >> PMD_SHIFT) & (PTRS_PER_PMD - 1)];
	entry = READ_ONCE(*pmd);
	if (!PFT_IS_TABLE(entry))
		goto no_table;
	table = pft_table_of(entry);
	level = PFT_LEVEL_PTE;
	entry = PFT_STEP(table, PAGE_SHIFT);
	if (entry & (_PAGE_PRESENT | _PAGE_PROTNONE))
		level = PFT_LEVEL_PROT;
	goto out;

no_table:
	if (unlikely(entry)) {
		pft_walk_any(mm, address, w);
		return;
	}
out:
	w->entry = native_make_pte(entry);
	w->pmd = (pmd_t *)pmd;
	w->level = level;
}

#else

static __always_inline void pft_walk(struct mm_struct *mm, unsigned long address,
				     struct pft_walk *w)
{
	pft_walk_any(mm, address, w);
}

#endif

void pft_walk_init(void);

#endif /* PFT_WALK_H */
