/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_LISTING_H
#define PFT_LISTING_H

#include <linux/fs.h>

extern const struct file_operations pft_listing_fops;

#endif /* PFT_LISTING_H */
