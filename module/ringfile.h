/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_RINGFILE_H
#define PFT_RINGFILE_H

#include <linux/fs.h>

extern const struct file_operations pft_trace_fops;
extern const struct file_operations pft_trace_pipe_fops;
extern const struct file_operations pft_binary_fops;
extern const struct file_operations pft_map_fops;

#endif /* PFT_RINGFILE_H */
