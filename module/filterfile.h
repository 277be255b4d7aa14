/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_FILTERFILE_H
#define PFT_FILTERFILE_H

#include <linux/fs.h>

#include "filter.h"

/* inode->i_private is an enum pft_filter_id */
extern const struct file_operations pft_filter_fops;

#endif /* PFT_FILTERFILE_H */
