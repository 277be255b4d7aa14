// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>

const struct inode *probe(const struct file *file)
{
	return file_user_inode(file);
}
