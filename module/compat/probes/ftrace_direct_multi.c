// SPDX-License-Identifier: GPL-2.0
#include <linux/ftrace.h>

int probe(struct ftrace_ops *ops)
{
	return unregister_ftrace_direct_multi(ops, 0UL);
}
