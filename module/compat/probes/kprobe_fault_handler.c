// SPDX-License-Identifier: GPL-2.0
#include <linux/kprobes.h>

void *probe(const struct kprobe *kp)
{
	return kp->fault_handler;
}
