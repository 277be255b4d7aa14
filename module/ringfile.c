// SPDX-License-Identifier: GPL-2.0
/*
 * The files that show the rings: trace, trace_pipe, cpu/cpuN, cpu/cpuN.map.
 * debugfs.c gives them their names; for the cpu files i_private is the CPU.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "record.h"
#include "ringfile.h"
#include "rings.h"
#include "stream.h"

/* trace: all rings as text, as they were when it was opened */

/**
 * struct snapshot - an open trace
 * @merge: all rings
 * @at: position in the file of @item; 0 is the header
 * @some: @item is there
 * @item: see @at
 * @line: its text
 */
struct snapshot {
	struct pft_merge *merge;
	loff_t at;
	bool some;
	struct pft_item item;
	char line[PFT_RECORD_TEXT];
};

static void *snapshot_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct snapshot *snapshot = m->private;

	snapshot->at = ++*pos;
	snapshot->some = pft_merge_next(snapshot->merge, &snapshot->item);
	return snapshot->some ? &snapshot->item : NULL;
}

/* seq_file goes on where it stopped, or, if somebody has sought, from 0. */
static void *snapshot_start(struct seq_file *m, loff_t *pos)
{
	struct snapshot *snapshot = m->private;

	if (!*pos) {
		pft_merge_rewind(snapshot->merge);
		snapshot->at = 0;
		return SEQ_START_TOKEN;
	}
	if (*pos != snapshot->at)
		return NULL;
	return snapshot->some ? &snapshot->item : NULL;
}

static void snapshot_stop(struct seq_file *m, void *v)
{
}

static int snapshot_show(struct seq_file *m, void *v)
{
	struct snapshot *snapshot = m->private;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, pft_record_header);
		return 0;
	}
	pft_item_text(v, snapshot->line, sizeof(snapshot->line));
	seq_puts(m, snapshot->line);
	return 0;
}

static const struct seq_operations snapshot_ops = {
	.start = snapshot_start,
	.next = snapshot_next,
	.stop = snapshot_stop,
	.show = snapshot_show,
};

static int trace_open(struct inode *inode, struct file *file)
{
	struct snapshot *snapshot = __seq_open_private(file, &snapshot_ops, sizeof(*snapshot));

	if (!snapshot)
		return -ENOMEM;
	snapshot->merge = pft_merge_open(false);
	if (!snapshot->merge) {
		seq_release_private(inode, file);
		return -ENOMEM;
	}
	return 0;
}

static int trace_release(struct inode *inode, struct file *file)
{
	struct snapshot *snapshot = ((struct seq_file *)file->private_data)->private;

	pft_merge_close(snapshot->merge);
	return seq_release_private(inode, file);
}

const struct file_operations pft_trace_fops = {
	.owner = THIS_MODULE,
	.open = trace_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = trace_release,
};

/* trace_pipe: the same from now on, waiting */

/**
 * struct pipe - an open trace_pipe
 * @lock: one reader of this open file at a time
 * @merge: all rings
 * @off: how much of @line was read
 * @len: length of @line
 * @line: line begun
 */
struct pipe {
	struct mutex lock;	/* one reader of this open file at a time */
	struct pft_merge *merge;
	size_t off, len;
	char line[PFT_RECORD_TEXT];
};

static int pipe_open(struct inode *inode, struct file *file)
{
	struct pipe *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	if (!pipe)
		return -ENOMEM;
	pipe->merge = pft_merge_open(true);
	if (!pipe->merge) {
		kfree(pipe);
		return -ENOMEM;
	}
	mutex_init(&pipe->lock);
	pipe->len = strscpy(pipe->line, pft_record_header, sizeof(pipe->line));
	pft_stream_wakeups(true);
	file->private_data = pipe;
	return 0;
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe *pipe = file->private_data;

	pft_stream_wakeups(false);
	pft_merge_close(pipe->merge);
	kfree(pipe);
	return 0;
}

/* Copies what is left of the line, then line by line. Holds pipe->lock. */
static ssize_t pipe_copy(struct pipe *pipe, char __user *to, size_t size)
{
	struct pft_item item;
	size_t done = 0;

	while (done < size) {
		size_t n;

		if (pipe->off == pipe->len) {
			if (!pft_merge_next(pipe->merge, &item))
				break;
			pipe->off = 0;
			pipe->len = pft_item_text(&item, pipe->line, sizeof(pipe->line));
		}
		n = min(pipe->len - pipe->off, size - done);
		if (copy_to_user(to + done, pipe->line + pipe->off, n))
			return done ?: -EFAULT;
		pipe->off += n;
		done += n;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t pipe_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	struct pipe *pipe = file->private_data;
	ssize_t n;

	for (;;) {
		if (mutex_lock_interruptible(&pipe->lock))
			return -ERESTARTSYS;
		n = pipe_copy(pipe, to, size);
		mutex_unlock(&pipe->lock);
		if (n || !size)
			return n;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(pft_stream_wait, pft_merge_ready(pipe->merge)))
			return -ERESTARTSYS;
	}
}

static __poll_t pipe_poll(struct file *file, poll_table *wait)
{
	struct pipe *pipe = file->private_data;

	poll_wait(file, &pft_stream_wait, wait);
	if (READ_ONCE(pipe->off) < READ_ONCE(pipe->len) || pft_merge_ready(pipe->merge))
		return EPOLLIN | EPOLLRDNORM;
	return 0;
}

const struct file_operations pft_trace_pipe_fops = {
	.owner = THIS_MODULE,
	.open = pipe_open,
	.read = pipe_read,
	.poll = pipe_poll,
	/* head(1) seeks back what it has not used, and complains if it can't */
	.llseek = noop_llseek,
	.release = pipe_release,
};

/* cpu/cpuN: one ring as binary records */

#define BATCH	32

struct binary {
	struct mutex lock;	/* one reader of this open file at a time */
	struct pft_cursor cursor;
	struct pft_record batch[BATCH];
};

static int binary_open(struct inode *inode, struct file *file)
{
	struct binary *binary = kmalloc(sizeof(*binary), GFP_KERNEL);

	if (!binary)
		return -ENOMEM;
	pft_cursor_open(&binary->cursor, (uintptr_t)inode->i_private, PFT_FROM_OLDEST);
	if (!binary->cursor.buf) {
		kfree(binary);
		return -ENXIO;
	}
	mutex_init(&binary->lock);
	pft_stream_wakeups(true);
	file->private_data = binary;
	return stream_open(inode, file);
}

static int binary_release(struct inode *inode, struct file *file)
{
	struct binary *binary = file->private_data;

	pft_stream_wakeups(false);
	pft_cursor_close(&binary->cursor);
	kfree(binary);
	return 0;
}

/* Holds binary->lock. The cursor stays where it was if the copy fails. */
static ssize_t binary_copy(struct binary *binary, char __user *to, size_t size)
{
	size_t done = 0;

	while (size - done >= sizeof(struct pft_record)) {
		size_t n = 0, room = min_t(size_t, BATCH,
					   (size - done) / sizeof(struct pft_record));
		u64 from = binary->cursor.pos, lost;

		while (n < room && pft_cursor_next(&binary->cursor, &binary->batch[n], &lost))
			n++;
		if (copy_to_user(to + done, binary->batch, n * sizeof(struct pft_record))) {
			binary->cursor.pos = from;
			return done ?: -EFAULT;
		}
		done += n * sizeof(struct pft_record);
		if (n < room || signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t binary_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	struct binary *binary = file->private_data;
	ssize_t n;

	if (size < sizeof(struct pft_record))
		return -EINVAL;
	for (;;) {
		if (mutex_lock_interruptible(&binary->lock))
			return -ERESTARTSYS;
		n = binary_copy(binary, to, size);
		mutex_unlock(&binary->lock);
		if (n)
			return n;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(pft_stream_wait, pft_cursor_ready(&binary->cursor)))
			return -ERESTARTSYS;
	}
}

static __poll_t binary_poll(struct file *file, poll_table *wait)
{
	struct binary *binary = file->private_data;

	poll_wait(file, &pft_stream_wait, wait);
	return pft_cursor_ready(&binary->cursor) ? EPOLLIN | EPOLLRDNORM : 0;
}

const struct file_operations pft_binary_fops = {
	.owner = THIS_MODULE,
	.open = binary_open,
	.read = binary_read,
	.poll = binary_poll,
	.release = binary_release,
};

/* cpu/cpuN.map: the same ring to be mapped */

/**
 * struct map - an open cpuN.map
 * @cpu: whose
 * @polled: head when it was last polled
 */
struct map {
	unsigned int cpu;
	u64 polled;
};

static int map_open(struct inode *inode, struct file *file)
{
	unsigned int cpu = (uintptr_t)inode->i_private;
	struct pft_buf *buf = pft_rings_get(cpu);
	struct map *map;

	if (!buf)
		return -ENXIO;
	pft_buf_put(buf);
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	map->cpu = cpu;
	pft_stream_wakeups(true);
	file->private_data = map;
	return nonseekable_open(inode, file);
}

static int map_release(struct inode *inode, struct file *file)
{
	pft_stream_wakeups(false);
	kfree(file->private_data);
	return 0;
}

static void map_vma_open(struct vm_area_struct *vma)
{
	pft_rings_map_again(vma->vm_private_data);
}

static void map_vma_close(struct vm_area_struct *vma)
{
	pft_rings_unmap(vma->vm_private_data);
}

static const struct vm_operations_struct map_vm_ops = {
	.open = map_vma_open,
	.close = map_vma_close,
};

static int map_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct map *map = file->private_data;
	struct pft_buf *buf;
	int err;

	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	buf = pft_rings_map(map->cpu);
	if (!buf)
		return -ENXIO;
	/* Neither mprotect() nor a child may ever make it writable. */
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	err = remap_vmalloc_range(vma, buf->header, vma->vm_pgoff);
	if (err) {
		pft_rings_unmap(buf);
		return err;
	}
	vma->vm_private_data = buf;
	vma->vm_ops = &map_vm_ops;
	return 0;
}

/* Readable when there are records that were not there at the last poll. */
static __poll_t map_poll(struct file *file, poll_table *wait)
{
	struct map *map = file->private_data;
	u64 head;

	poll_wait(file, &pft_stream_wait, wait);
	head = pft_rings_head(map->cpu);
	if (head == READ_ONCE(map->polled))
		return 0;
	WRITE_ONCE(map->polled, head);
	return EPOLLIN | EPOLLRDNORM;
}

const struct file_operations pft_map_fops = {
	.owner = THIS_MODULE,
	.open = map_open,
	.mmap = map_mmap,
	.poll = map_poll,
	.release = map_release,
};
