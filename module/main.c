// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading, in order. */
#include <linux/init.h>
#include <linux/module.h>

#include "control.h"
#include "debugfs.h"
#include "file.h"
#include "latency.h"
#include "filter.h"
#include "rings.h"
#include "task.h"
#include "walk.h"

static int __init pft_init(void)
{
	int err;

	pft_walk_init();
	err = pft_rings_init();
	if (err)
		return err;
	err = pft_latency_init();
	if (err)
		goto out_rings;
	err = pft_file_init();
	if (err)
		goto out_latency;
	err = pft_task_init();
	if (err)
		goto out_file;
	err = pft_filter_init();
	if (err)
		goto out_task;
	err = pft_control_init();
	if (err)
		goto out_filter;
	err = pft_debugfs_init();
	if (err)
		goto out_control;
	return 0;

out_control:
	pft_control_exit();
out_filter:
	pft_filter_exit();
out_task:
	pft_task_exit();
out_file:
	pft_file_exit();
out_latency:
	pft_latency_exit();
out_rings:
	pft_rings_exit();
	return err;
}

static void __exit pft_exit(void)
{
	pft_debugfs_exit();
	pft_control_exit();
	pft_filter_exit();
	pft_task_exit();
	pft_file_exit();
	pft_latency_exit();
	pft_rings_exit();
}

module_init(pft_init);
module_exit(pft_exit);

MODULE_DESCRIPTION("Page fault tracer");
MODULE_AUTHOR("The pftrace authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
