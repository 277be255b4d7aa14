// SPDX-License-Identifier: GPL-2.0
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/leafops.h>

bool probe(softleaf_t entry)
{
	return softleaf_is_migration(entry);
}
