/* SPDX-License-Identifier: GPL-2.0 */
/* What a PTE is that is neither empty nor present. */
#ifndef PFT_COMPAT_SWAP_H
#define PFT_COMPAT_SWAP_H

#include <linux/swap.h>
#include <linux/swapops.h>
#ifdef PFT_HAVE_SOFTLEAF
#include <linux/leafops.h>
#endif

enum pft_swap_entry {
	PFT_SWAP_OTHER,
	PFT_SWAP_SWAP,
	PFT_SWAP_MIGRATION,
	PFT_SWAP_DEVICE,
	PFT_SWAP_POISON,
	PFT_SWAP_GUARD,
	PFT_SWAP_UFFD
};

#ifdef PFT_HAVE_SOFTLEAF

static inline enum pft_swap_entry pft_swap_entry_kind(pte_t pte)
{
	softleaf_t entry = softleaf_from_pte(pte);

	if (softleaf_is_swap(entry))
		return PFT_SWAP_SWAP;
	if (softleaf_is_migration(entry))
		return PFT_SWAP_MIGRATION;
	if (softleaf_is_device_private(entry) || softleaf_is_device_exclusive(entry))
		return PFT_SWAP_DEVICE;
	if (softleaf_is_hwpoison(entry) || softleaf_is_poison_marker(entry))
		return PFT_SWAP_POISON;
	if (softleaf_is_guard_marker(entry))
		return PFT_SWAP_GUARD;
	if (softleaf_is_uffd_wp_marker(entry))
		return PFT_SWAP_UFFD;
	return PFT_SWAP_OTHER;
}

#else /* before 6.18 */

static inline enum pft_swap_entry pft_swap_entry_kind(pte_t pte)
{
	swp_entry_t entry = pte_to_swp_entry(pte);

	if (!non_swap_entry(entry))
		return PFT_SWAP_SWAP;
	if (is_migration_entry(entry))
		return PFT_SWAP_MIGRATION;
	if (is_device_private_entry(entry))
		return PFT_SWAP_DEVICE;
	if (is_hwpoison_entry(entry))
		return PFT_SWAP_POISON;
#ifdef PTE_MARKER_UFFD_WP	/* 5.19 */
	if (is_pte_marker_entry(entry)) {
#ifdef PTE_MARKER_POISONED	/* 6.6 */
		if (pte_marker_get(entry) & PTE_MARKER_POISONED)
			return PFT_SWAP_POISON;
#endif
#ifdef PTE_MARKER_GUARD		/* 6.13 */
		if (pte_marker_get(entry) & PTE_MARKER_GUARD)
			return PFT_SWAP_GUARD;
#endif
		if (pte_marker_get(entry) & PTE_MARKER_UFFD_WP)
			return PFT_SWAP_UFFD;
	}
#endif
	return PFT_SWAP_OTHER;
}

#endif

#endif /* PFT_COMPAT_SWAP_H */
