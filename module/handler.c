// SPDX-License-Identifier: GPL-2.0
/* Built only for kernels with lockdep. */
#include "handler.h"

struct lockdep_map pft_handler_map = {
	.name = "pft_handler",
	.key = (struct lock_class_key *)&pft_handler_map,
	.wait_type_inner = LD_WAIT_SPIN,
};
