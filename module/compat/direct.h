/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_COMPAT_DIRECT_H
#define PFT_COMPAT_DIRECT_H

#include <linux/ftrace.h>
#include <linux/slab.h>

#ifdef PFT_HAVE_FTRACE_DIRECT_MULTI	/* 5.16 to 6.4 */
#define register_ftrace_direct		register_ftrace_direct_multi
#define pft_unregister_direct(ops, call) unregister_ftrace_direct_multi(ops, call)
#else
#define pft_unregister_direct(ops, call) unregister_ftrace_direct(ops, call, false)
#endif

/*
 * With `sysctl kernel.ftrace_enabled=0` registering is refused to who has the flag
 * below, and works without any effect for all others. 6.1 and 6.12 forget it before
 * they look, so they are asked about something else first: @own is any function of
 * ours that ftrace knows. Return: 0, -EBUSY, or another negative errno.
 */
static inline int pft_ftrace_is_on(void *own, ftrace_func_t nothing)
{
	struct ftrace_ops *ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	int err;

	if (!ops)
		return -ENOMEM;
	ops->func = nothing;
	ops->flags = FTRACE_OPS_FL_PERMANENT;
	err = ftrace_set_filter_ip(ops, (unsigned long)own, 0, 1);
	if (!err)
		err = register_ftrace_function(ops);
	if (!err)
		err = unregister_ftrace_function(ops);
	ftrace_free_filter(ops);
	kfree(ops);
	return err;
}

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
