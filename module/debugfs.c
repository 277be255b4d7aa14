// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/pftrace: formats and parses, owns no state.
 *
 * An open file pins the module, so none can be open when pft_debugfs_exit()
 * runs. Files that must work under lockdown have a mode within 0444 and no
 * mmap in their operations (fs/debugfs/file.c, debugfs_locked_down()).
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>

#include "control.h"
#include "debugfs.h"
#include "record.h"
#include "ringfile.h"
#include "rings.h"
#include "task.h"
#include "totals.h"

static struct dentry *root;

/* totals */

static void show_u64(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "%-18s %20llu\n", name, value);
}

static void show_text(struct seq_file *m, const char *name, const char *value)
{
	seq_printf(m, "%-18s %20s\n", name, value);
}

static int totals_show(struct seq_file *m, void *unused)
{
	struct pft_control_state state;
	struct pft_rings_stats rings;
	struct pft_task_stats tasks;
	struct pft_totals totals;
	int i;

	pft_totals_sum(&totals);
	pft_control_state(&state);
	pft_rings_stats(&rings);
	pft_task_stats(&tasks);
	totals.nr[PFT_TOTAL_NESTED] += state.nested;

	for (i = PFT_TOTAL_MINOR; i <= PFT_TOTAL_RETRIES; i++)
		show_u64(m, pft_total_names[i], totals.nr[i]);
	show_u64(m, "records", rings.records);
	show_u64(m, "overwritten", rings.overwritten);
	show_u64(m, "missed_no_instance", state.no_instance);
	for (; i < PFT_NR_TOTALS; i++)
		show_u64(m, pft_total_names[i], totals.nr[i]);
	show_u64(m, "audited_threads", tasks.audited);
	show_u64(m, "audit_mismatches", tasks.mismatches);
	show_u64(m, "audit_missing", tasks.missing);
	show_u64(m, "audit_surplus", tasks.surplus);
	show_u64(m, "threads", tasks.threads);
	show_u64(m, "processes", tasks.processes);
	show_u64(m, "exited", tasks.exited);
	show_u64(m, "cpus", rings.cpus);
	show_u64(m, "memory_kb", (tasks.bytes + rings.bytes) / 1024);
	show_u64(m, "enabled", state.enabled);
	show_u64(m, "traced_ns", state.traced_ns);
	show_text(m, "hook", state.hook);
	show_text(m, "reject_hook", state.reject_hook);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(totals);

/* pids, exited, threads: a copy of the list is taken when one is opened */

struct listing {
	enum pft_task_list which;
	size_t nr;
	struct pft_task_line *lines;
};

static void *listing_at(const struct listing *listing, loff_t pos)
{
	/* position 0 is the header */
	if (!pos)
		return SEQ_START_TOKEN;
	return pos <= listing->nr ? &listing->lines[pos - 1] : NULL;
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

static int listing_show(struct seq_file *m, void *v)
{
	const struct listing *listing = m->private;
	bool threads = listing->which == PFT_LIST_THREADS;
	const struct pft_task_line *line = v;
	const struct pft_counts *c = &line->counts;
	char comm[PFT_COMM_TEXT];

	if (v == SEQ_START_TOKEN) {
		seq_printf(m, "%7s ", "PID");
		if (threads)
			seq_printf(m, "%7s ", "TID");
		seq_printf(m, "%10s %8s %7s %7s %14s %14s %18s ", "MINOR", "MAJOR", "INVALID",
			   "RETRIES", "MINOR_NS", "MAJOR_NS", "LAST_ADDR");
		if (!threads)
			seq_printf(m, "%7s ", "PPID");
		seq_puts(m, "COMM\n");
		return 0;
	}
	seq_printf(m, "%7u ", line->tgid);
	if (threads)
		seq_printf(m, "%7u ", line->pid);
	seq_printf(m, "%10llu %8llu %7llu %7llu %14llu %14llu %#18llx ", c->nr[PFT_MINOR],
		   c->nr[PFT_MAJOR], c->nr[PFT_INVALID], c->retries, c->ns[PFT_MINOR],
		   c->ns[PFT_MAJOR], c->last_addr);
	if (!threads)
		seq_printf(m, "%7u ", line->ppid);
	pft_comm_text(comm, line->comm);
	seq_printf(m, "%s\n", comm);
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
	u64 x = pft_counts_faults(&((const struct pft_task_line *)a)->counts);
	u64 y = pft_counts_faults(&((const struct pft_task_line *)b)->counts);

	return x < y ? 1 : -(x > y);
}

static int listing_open(struct inode *inode, struct file *file)
{
	struct listing *listing = __seq_open_private(file, &listing_ops, sizeof(*listing));
	ssize_t nr;

	if (!listing)
		return -ENOMEM;
	listing->which = (uintptr_t)inode->i_private;
	nr = pft_task_list(listing->which, &listing->lines);
	if (nr < 0) {
		seq_release_private(inode, file);
		return nr;
	}
	listing->nr = nr;
	if (listing->which != PFT_LIST_EXITED)
		sort(listing->lines, nr, sizeof(*listing->lines), most_faults_first, NULL);
	return 0;
}

static int listing_release(struct inode *inode, struct file *file)
{
	struct listing *listing = ((struct seq_file *)file->private_data)->private;

	kvfree(listing->lines);
	return seq_release_private(inode, file);
}

static const struct file_operations listing_fops = {
	.owner = THIS_MODULE,
	.open = listing_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = listing_release,
};

/* format, README */

static int format_show(struct seq_file *m, void *unused)
{
	pft_record_format(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(format);

static int readme_show(struct seq_file *m, void *unused)
{
	seq_puts(m,
		 "pftrace: page faults, counted per process and recorded one by one\n"
		 "\n"
		 "enable         0 or 1; 0 takes the probes out of page faults\n"
		 "totals         counts of the whole machine, what was missed, the audit; name and value\n"
		 "pids           counts per living process, most faults first\n"
		 "threads        the same per living thread\n"
		 "exited         the same for the last 1024 processes that exited, newest first\n"
		 "trace          the recorded faults as text, oldest first; reading takes nothing away\n"
		 "trace_pipe     the same from now on, waiting for more\n"
		 "format         the fields of a binary record, and the version of the ABI\n"
		 "cpu/cpuN       binary records of one CPU: read, poll\n"
		 "cpu/cpuN.map   the same ring for mmap, read-only, and poll\n"
		 "buffer_kb      size of each CPU's ring in KiB; writing forgets the records\n"
		 "clear          write 1 to zero all counts and forget all records\n"
		 "\n"
		 "minor: served without I/O. major: waited for I/O. invalid: refused (signal or EFAULT).\n"
		 "minor and major equal the kernel's own counts; audit_mismatches says if they ever did not.\n"
		 "Times are in ns. pftop(8) shows all this live.\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(readme);

/* enable, buffer_kb, clear */

/* Reads a whole number. What is none, or does not fit, changes nothing. */
static int number_from_user(const char __user *from, size_t size, unsigned int *number)
{
	return kstrtouint_from_user(from, size, 10, number);
}

static int enable_show(struct seq_file *m, void *unused)
{
	struct pft_control_state state;

	pft_control_state(&state);
	seq_printf(m, "%d\n", state.enabled);
	return 0;
}

static ssize_t enable_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	unsigned int on;
	int err = number_from_user(from, size, &on);

	if (!err && on > 1)
		err = -EINVAL;
	if (!err)
		err = pft_control_enable(on);
	return err ?: size;
}

static int buffer_kb_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%u\n", pft_rings_kb());
	return 0;
}

static ssize_t buffer_kb_write(struct file *file, const char __user *from, size_t size,
			       loff_t *pos)
{
	unsigned int kb;
	int err = number_from_user(from, size, &kb);

	if (!err)
		err = pft_rings_resize(kb);
	return err ?: size;
}

static ssize_t clear_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	unsigned int one;
	int err = number_from_user(from, size, &one);

	if (!err && one != 1)
		err = -EINVAL;
	if (!err)
		err = pft_control_clear();
	return err ?: size;
}

#define DEFINE_SETTING(name)						\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return single_open(file, name##_show, NULL);			\
}									\
static const struct file_operations name##_fops = {			\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.write = name##_write,						\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

DEFINE_SETTING(enable);
DEFINE_SETTING(buffer_kb);

static const struct file_operations clear_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = clear_write,
};

static const struct {
	const char *name;
	umode_t mode;
	uintptr_t data;
	const struct file_operations *fops;
} files[] = {
	{ "README", 0400, 0, &readme_fops },
	{ "enable", 0600, 0, &enable_fops },
	{ "totals", 0400, 0, &totals_fops },
	{ "pids", 0400, PFT_LIST_LIVING, &listing_fops },
	{ "threads", 0400, PFT_LIST_THREADS, &listing_fops },
	{ "exited", 0400, PFT_LIST_EXITED, &listing_fops },
	{ "trace", 0400, 0, &pft_trace_fops },
	{ "trace_pipe", 0400, 0, &pft_trace_pipe_fops },
	{ "format", 0400, 0, &format_fops },
	{ "buffer_kb", 0600, 0, &buffer_kb_fops },
	{ "clear", 0200, 0, &clear_fops },
};

/**
 * pft_debugfs_init - create the files
 *
 * Context: may sleep.
 * Return: 0, -ENODEV where debugfs is switched off (logged), -EEXIST.
 */
int pft_debugfs_init(void)
{
	struct dentry *cpu_dir;
	unsigned int cpu;
	size_t i;

	root = debugfs_create_dir("pftrace", NULL);
	if (IS_ERR(root)) {
		pr_err("debugfs: cannot create the directory pftrace (%ld)%s\n", PTR_ERR(root),
		       debugfs_initialized() ? "" : ": the kernel was booted without debugfs");
		return PTR_ERR(root);
	}
	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i].name, files[i].mode, root, (void *)files[i].data,
				    files[i].fops);
	cpu_dir = debugfs_create_dir("cpu", root);
	for_each_possible_cpu(cpu) {
		void *data = (void *)(uintptr_t)cpu;
		char name[20];

		snprintf(name, sizeof(name), "cpu%u", cpu);
		debugfs_create_file(name, 0400, cpu_dir, data, &pft_binary_fops);
		snprintf(name, sizeof(name), "cpu%u.map", cpu);
		/* "unsafe": the other kind does not pass mmap on; open pins the module */
		debugfs_create_file_unsafe(name, 0400, cpu_dir, data, &pft_map_fops);
	}
	return 0;
}

/**
 * pft_debugfs_exit - remove them
 *
 * Context: may sleep.
 */
void pft_debugfs_exit(void)
{
	debugfs_remove_recursive(root);
}
