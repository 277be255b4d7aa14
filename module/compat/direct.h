/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_COMPAT_DIRECT_H
#define PFT_COMPAT_DIRECT_H

#include <linux/ftrace.h>

#ifdef PFT_HAVE_FTRACE_DIRECT_MULTI	/* 5.16 to 6.4 */
#define register_ftrace_direct		register_ftrace_direct_multi
#define pft_unregister_direct(ops, call) unregister_ftrace_direct_multi(ops, call)
#else
#define pft_unregister_direct(ops, call) unregister_ftrace_direct(ops, call, false)
#endif

/*
 * 6.1 and 6.12 set all flags anew, so the one that the caller wants is set once
 * more. The sysctl looks at it when it is written to.
 */
static inline int pft_register_direct(struct ftrace_ops *ops, unsigned long call)
{
	unsigned long permanent = ops->flags & FTRACE_OPS_FL_PERMANENT;
	int err = register_ftrace_direct(ops, call);

	if (!err)
		ops->flags |= permanent;
	return err;
}

#endif /* PFT_COMPAT_DIRECT_H */
