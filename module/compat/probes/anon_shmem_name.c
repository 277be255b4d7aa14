// SPDX-License-Identifier: GPL-2.0
/* The name has room of its own, so a mapping with a file can have one. */
#include <linux/build_bug.h>
#include <linux/mm_types.h>
#include <linux/stddef.h>

static_assert(offsetof(struct vm_area_struct, anon_name) !=
	      offsetof(struct vm_area_struct, shared));
