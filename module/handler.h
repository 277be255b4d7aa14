/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a handler must not do, made known to lockdep.
 *
 * Preemption is off in the handlers of a page fault. That does not tell lockdep
 * that a spinlock is wrong there, which sleeps on PREEMPT_RT, or an allocation
 * with GFP_ATOMIC, or a wake-up. So a handler claims to hold something as strict
 * as a raw spinlock: with CONFIG_PROVE_RAW_LOCK_NESTING all of these are then
 * reported as an invalid wait context. Without lockdep nothing is left of this.
 */
#ifndef PFT_HANDLER_H
#define PFT_HANDLER_H

#include <linux/lockdep.h>

#ifdef CONFIG_LOCKDEP

extern struct lockdep_map pft_handler_map;

/* As if it was only tried for: it has no part in the order of locks. */
static __always_inline void pft_handler_begins(void)
{
	lock_acquire(&pft_handler_map, 0, 1, 0, 1, NULL, _THIS_IP_);
}

static __always_inline void pft_handler_ends(void)
{
	lock_release(&pft_handler_map, _THIS_IP_);
}

#else

static __always_inline void pft_handler_begins(void)
{
}

static __always_inline void pft_handler_ends(void)
{
}

#endif /* CONFIG_LOCKDEP */

#endif /* PFT_HANDLER_H */
