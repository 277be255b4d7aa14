// SPDX-License-Identifier: GPL-2.0
/*
 * The files pids, exited and threads: a copy of the list is taken when one is
 * opened. Thousands of rows of some forty numbers are read each second by whoever
 * watches, so they are not made with printf: that would be 27,000 instructions a
 * row.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "listing.h"
#include "record.h"
#include "task.h"

/* A number of 64 bits, however written and in whatever column, and a blank; words of 8. */
#define NUMBER_MAX	24
#define ROW_MAX		((PFT_NR_CAUSES + 10) * NUMBER_MAX + PFT_COMM_TEXT + 1)

/**
 * struct listing - an open file
 * @which: of which list
 * @nr: lines
 * @lines: as pft_task_list() gave them
 * @order: these, in the order in which they are shown
 * @width: columns of the terminal for each cause
 * @row: the line that is being made
 */
struct listing {
	enum pft_task_list which;
	size_t nr;
	struct pft_task_line *lines;
	const struct pft_task_line **order;
	u8 width[PFT_NR_CAUSES];
	char row[ROW_MAX];
};

static void *listing_at(const struct listing *listing, loff_t pos)
{
	/* position 0 is the header */
	if (!pos)
		return SEQ_START_TOKEN;
	return pos <= listing->nr ? (void *)listing->order[pos - 1] : NULL;
}

static void *listing_start(struct seq_file *m, loff_t *pos)
{
	return listing_at(m->private, *pos);
}

static void *listing_next(struct seq_file *m, void *v, loff_t *pos)
{
	return listing_at(m->private, ++*pos);
}

static void listing_stop(struct seq_file *m, void *v)
{
}

/* ZERO-READ for zero-read. */
static void show_cause_column(struct seq_file *m, unsigned int cause, int width)
{
	char name[32];
	size_t i = 0;

	do
		name[i] = toupper(pft_cause_names[cause][i]);
	while (name[i++]);
	seq_printf(m, "%*s ", width, name);
}

static void show_header(struct seq_file *m, const struct listing *listing)
{
	bool threads = listing->which == PFT_LIST_THREADS;
	unsigned int cause;

	seq_printf(m, "%7s ", "PID");
	if (threads)
		seq_printf(m, "%7s ", "TID");
	seq_printf(m, "%10s %8s %7s %7s %14s %14s %18s ", "MINOR", "MAJOR", "INVALID",
		   "RETRIES", "MINOR_NS", "MAJOR_NS", "LAST_ADDR");
	if (!threads)
		seq_printf(m, "%7s ", "PPID");
	for (cause = 0; cause < PFT_NR_CAUSES; cause++)
		show_cause_column(m, cause, listing->width[cause]);
	seq_puts(m, "COMM\n");
}

/*
 * A number is written from its end on, into blanks, and what is copied has always
 * the same size: that takes a few instructions, and no loop for the blanks.
 */
static char *put(char *to, const char *first, const char *end, unsigned int width)
{
	if (first > end - width)
		first = end - width;
	memcpy(to, first, NUMBER_MAX);
	return to + (end - first) + 1;
}

/* "%*llu " */
static char *put_number(char *to, u64 value, unsigned int width)
{
	char text[2 * NUMBER_MAX], *end = text + NUMBER_MAX, *first = end;

	memset(text, ' ', sizeof(text));
	do {
		*--first = '0' + value % 10;
	} while (value /= 10);
	return put(to, first, end, width);
}

/* "%#*llx " */
static char *put_address(char *to, u64 value, unsigned int width)
{
	char text[2 * NUMBER_MAX], *end = text + NUMBER_MAX, *first = end;

	memset(text, ' ', sizeof(text));
	do {
		*--first = "0123456789abcdef"[value & 15];
	} while (value >>= 4);
	*--first = 'x';
	*--first = '0';
	return put(to, first, end, width);
}

static int listing_show(struct seq_file *m, void *v)
{
	struct listing *listing = m->private;
	bool threads = listing->which == PFT_LIST_THREADS;
	const struct pft_task_line *line = v;
	const struct pft_counts *c = &line->counts;
	char *to = listing->row;
	unsigned int cause;

	if (v == SEQ_START_TOKEN) {
		show_header(m, listing);
		return 0;
	}
	to = put_number(to, line->tgid, 7);
	if (threads)
		to = put_number(to, line->pid, 7);
	to = put_number(to, c->nr[PFT_MINOR], 10);
	to = put_number(to, c->nr[PFT_MAJOR], 8);
	to = put_number(to, c->nr[PFT_INVALID], 7);
	to = put_number(to, c->retries, 7);
	to = put_number(to, c->ns[PFT_MINOR], 14);
	to = put_number(to, c->ns[PFT_MAJOR], 14);
	to = put_address(to, c->last_addr, 18);
	if (!threads)
		to = put_number(to, line->ppid, 7);
	for (cause = 0; cause < PFT_NR_CAUSES; cause++)
		to = put_number(to, c->cause[cause], listing->width[cause]);
	pft_comm_text(to, line->comm);
	to += strlen(to);
	*to++ = '\n';
	seq_write(m, listing->row, to - listing->row);
	return 0;
}

static const struct seq_operations listing_ops = {
	.start = listing_start,
	.next = listing_next,
	.stop = listing_stop,
	.show = listing_show,
};

static int most_faults_first(const void *a, const void *b)
{
	u64 x = pft_counts_faults(&(*(const struct pft_task_line *const *)a)->counts);
	u64 y = pft_counts_faults(&(*(const struct pft_task_line *const *)b)->counts);

	return x < y ? 1 : -(x > y);
}

/* Pointers are sorted: a line is some hundred bytes. */
static int put_in_order(struct listing *listing)
{
	size_t i;

	listing->order = kvmalloc_array(listing->nr + 1, sizeof(*listing->order), GFP_KERNEL);
	if (!listing->order)
		return -ENOMEM;
	for (i = 0; i < listing->nr; i++)
		listing->order[i] = &listing->lines[i];
	if (listing->which != PFT_LIST_EXITED)
		sort(listing->order, listing->nr, sizeof(*listing->order), most_faults_first, NULL);
	return 0;
}

static int listing_open(struct inode *inode, struct file *file)
{
	struct listing *listing = __seq_open_private(file, &listing_ops, sizeof(*listing));
	unsigned int cause;
	ssize_t nr;
	int err;

	if (!listing)
		return -ENOMEM;
	listing->which = (uintptr_t)inode->i_private;
	for (cause = 0; cause < PFT_NR_CAUSES; cause++)
		listing->width[cause] = max_t(size_t, strlen(pft_cause_names[cause]), 7);
	nr = pft_task_list(listing->which, &listing->lines);
	if (nr < 0) {
		seq_release_private(inode, file);
		return nr;
	}
	listing->nr = nr;
	err = put_in_order(listing);
	if (err) {
		kvfree(listing->lines);
		seq_release_private(inode, file);
	}
	return err;
}

static int listing_release(struct inode *inode, struct file *file)
{
	struct listing *listing = ((struct seq_file *)file->private_data)->private;

	kvfree(listing->order);
	kvfree(listing->lines);
	return seq_release_private(inode, file);
}

const struct file_operations pft_listing_fops = {
	.owner = THIS_MODULE,
	.open = listing_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = listing_release,
};
