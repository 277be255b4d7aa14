// SPDX-License-Identifier: GPL-2.0
/*
 * The files of filter/: what is written to one is collected while it is open,
 * and put in force when it is closed.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "filter.h"
#include "filterfile.h"

/**
 * struct filter_file - an open file of filter/
 * @id: which
 * @failed: a write failed: nothing comes of what was written here
 * @size: bytes in @text
 * @text: all that was written, or NULL
 * @change: what is to be when the file is closed, or NULL
 *
 * bash writes a line at a time, and others what fits their buffer. So that a
 * list is put in force whole or not at all, that waits for the last close.
 */
struct filter_file {
	enum pft_filter_id id;
	bool failed;
	size_t size;
	char *text;
	struct pft_filter_change *change;
};

static int filter_show(struct seq_file *m, void *unused)
{
	const struct filter_file *filter = m->private;

	pft_filter_show(m, filter->id);
	return 0;
}

static int filter_open(struct inode *inode, struct file *file)
{
	struct filter_file *filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	int err;

	if (!filter)
		return -ENOMEM;
	filter->id = (uintptr_t)inode->i_private;
	err = single_open(file, filter_show, filter);
	if (err)
		kfree(filter);
	return err;
}

/* Context: the file's seq_file lock is held. */
static int filter_append(struct filter_file *filter, const char __user *from, size_t size,
			 loff_t pos)
{
	struct pft_filter_change *change;

	if (pos != 0 && pos != filter->size)
		return -EINVAL;
	if (size > PFT_FILTER_TEXT - (size_t)pos)
		return -E2BIG;
	if (!filter->text) {
		filter->text = kvmalloc(PFT_FILTER_TEXT, GFP_KERNEL);
		if (!filter->text)
			return -ENOMEM;
	}
	if (copy_from_user(filter->text + pos, from, size))
		return -EFAULT;
	filter->size = pos + size;
	change = pft_filter_parse(filter->id, filter->text, filter->size);
	if (IS_ERR(change))
		return PTR_ERR(change);
	pft_filter_drop(filter->change);
	filter->change = change;
	return 0;
}

static ssize_t filter_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	struct filter_file *filter = m->private;
	int err = -EINVAL;

	mutex_lock(&m->lock);
	if (!filter->failed)
		err = filter_append(filter, from, size, *pos);
	if (err) {
		filter->failed = true;
		pft_filter_drop(filter->change);
		filter->change = NULL;
	} else {
		*pos += size;
	}
	mutex_unlock(&m->lock);
	return err ?: size;
}

static int filter_release(struct inode *inode, struct file *file)
{
	struct filter_file *filter = ((struct seq_file *)file->private_data)->private;

	if (filter->change)
		pft_filter_commit(filter->change);
	kvfree(filter->text);
	kfree(filter);
	return single_release(inode, file);
}

const struct file_operations pft_filter_fops = {
	.owner = THIS_MODULE,
	.open = filter_open,
	.read = seq_read,
	.write = filter_write,
	.llseek = seq_lseek,
	.release = filter_release,
};
