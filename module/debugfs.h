/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_DEBUGFS_H
#define PFT_DEBUGFS_H

int pft_debugfs_init(void);
void pft_debugfs_exit(void);

#endif /* PFT_DEBUGFS_H */
