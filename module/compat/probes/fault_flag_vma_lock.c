// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

enum fault_flag probe(void)
{
	return FAULT_FLAG_VMA_LOCK;
}
