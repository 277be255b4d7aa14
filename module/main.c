// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading, in order. */
#include <linux/init.h>
#include <linux/module.h>

#include "control.h"
#include "debugfs.h"
#include "rings.h"
#include "task.h"

static int __init pft_init(void)
{
	int err;

	err = pft_rings_init();
	if (err)
		return err;
	err = pft_task_init();
	if (err)
		goto out_rings;
	err = pft_control_init();
	if (err)
		goto out_task;
	err = pft_debugfs_init();
	if (err)
		goto out_control;
	return 0;

out_control:
	pft_control_exit();
out_task:
	pft_task_exit();
out_rings:
	pft_rings_exit();
	return err;
}

static void __exit pft_exit(void)
{
	pft_debugfs_exit();
	pft_control_exit();
	pft_task_exit();
	pft_rings_exit();
}

module_init(pft_init);
module_exit(pft_exit);

MODULE_DESCRIPTION("Page fault tracer");
MODULE_AUTHOR("The pftrace authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
