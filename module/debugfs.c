// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/pftrace: formats and parses, owns no state.
 *
 * An open file pins the module, so none can be open when pft_debugfs_exit()
 * runs, and no operation but open needs debugfs to wait for it. Files that must
 * work under lockdown have a mode within 0444 and no mmap in their operations
 * (fs/debugfs/file.c, debugfs_locked_down()).
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "control.h"
#include "debugfs.h"
#include "file.h"
#include "latency.h"
#include "listing.h"
#include "filterfile.h"
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
	struct pft_file_stats names;
	struct pft_totals totals;
	u64 classes[PFT_NR_CLASSES];
	int i;

	/* First what the audit has found, then what explains it. */
	pft_task_stats(&tasks);
	pft_latency_classes(classes);
	pft_totals_sum(&totals);
	pft_control_state(&state);
	pft_rings_stats(&rings);
	pft_file_stats(&names);
	totals.nr[PFT_TOTAL_NESTED] += state.nested;

	for (i = 0; i < PFT_NR_CLASSES; i++)
		show_u64(m, pft_class_names[i], classes[i]);
	for (i = 0; i <= PFT_TOTAL_FILTERED; i++)
		show_u64(m, pft_total_names[i], totals.nr[i]);
	show_u64(m, "records", rings.records);
	show_u64(m, "overwritten", rings.overwritten);
	show_u64(m, "missed_no_instance", state.no_instance);
	for (i = PFT_TOTAL_FILTERED + 1; i < PFT_NR_TOTALS; i++)
		show_u64(m, pft_total_names[i], totals.nr[i]);
	show_u64(m, "ignored_reentry", state.ignored);
	show_u64(m, "audited_threads", tasks.audited);
	show_u64(m, "audit_mismatches", tasks.mismatches);
	show_u64(m, "audit_missing", tasks.missing);
	show_u64(m, "audit_surplus", tasks.surplus);
	show_u64(m, "threads", tasks.threads);
	show_u64(m, "processes", tasks.processes);
	show_u64(m, "exited", tasks.exited);
	show_u64(m, "files", names.names);
	show_u64(m, "files_forgotten", names.forgotten);
	show_u64(m, "cpus", rings.cpus);
	show_u64(m, "memory_kb", (tasks.bytes + rings.bytes + names.bytes +
				  pft_latency_bytes()) / 1024);
	show_u64(m, "enabled", state.enabled);
	show_u64(m, "traced_ns", state.traced_ns);
	show_text(m, "hook", state.hook);
	show_text(m, "reject_hook", state.reject_hook);
	show_text(m, "kprobes", state.kprobes);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(totals);

/* causes, latency: a line for each class and cause that occurred, and their sum */

/* Calls @show for each row that has faults, and with "all" for each class. */
static int show_hists(struct seq_file *m,
		      void (*show)(struct seq_file *m, const char *class, const char *cause,
				   const struct pft_hist *hist))
{
	struct pft_latency *latency = pft_latency_read();
	unsigned int class, cause;
	struct pft_hist *all;

	if (!latency)
		return -ENOMEM;
	for (class = 0; class < PFT_NR_CLASSES; class++) {
		/* Row 0 is shown first, so that it can take up the others. */
		all = &latency->row[0][class];
		for (cause = 0; cause < PFT_NR_CAUSES; cause++) {
			const struct pft_hist *hist = &latency->row[cause][class];

			if (pft_hist_count(hist))
				show(m, pft_class_names[class], pft_cause_names[cause], hist);
			if (hist != all)
				pft_hist_merge(all, hist);
		}
		if (pft_hist_count(all))
			show(m, pft_class_names[class], "all", all);
	}
	kvfree(latency);
	return 0;
}

static const unsigned int percents[] = { 50, 90, 99 };

static void show_cause(struct seq_file *m, const char *class, const char *cause,
		       const struct pft_hist *hist)
{
	struct pft_percentile at[ARRAY_SIZE(percents)];
	u64 timed = pft_hist_timed(hist);
	char bounds[48];
	size_t i;

	seq_printf(m, "%-7s %-14s %10llu", class, cause, pft_hist_count(hist));
	if (!timed) {
		seq_printf(m, " %14s %11s %11s", "-", "-", "-");
		for (i = 0; i < ARRAY_SIZE(percents); i++)
			seq_printf(m, " %11s %21s", "-", "-");
		seq_putc(m, '\n');
		return;
	}
	seq_printf(m, " %14llu %11llu %11llu", hist->ns, hist->ns / timed, hist->max);
	for (i = 0; i < ARRAY_SIZE(percents); i++) {
		pft_hist_percentile(hist, percents[i], &at[i]);
		snprintf(bounds, sizeof(bounds), "%llu-%llu", at[i].from, at[i].to);
		seq_printf(m, " %11llu %21s", at[i].ns, bounds);
	}
	seq_putc(m, '\n');
}

static int causes_show(struct seq_file *m, void *unused)
{
	char name[2][16];
	size_t i;

	seq_printf(m, "%-7s %-14s %10s %14s %11s %11s", "CLASS", "CAUSE", "COUNT", "TOTAL_NS",
		   "MEAN_NS", "MAX_NS");
	for (i = 0; i < ARRAY_SIZE(percents); i++) {
		snprintf(name[0], sizeof(name[0]), "P%u_NS", percents[i]);
		snprintf(name[1], sizeof(name[1]), "P%u_BOUNDS", percents[i]);
		seq_printf(m, " %11s %21s", name[0], name[1]);
	}
	seq_putc(m, '\n');
	return show_hists(m, show_cause);
}
DEFINE_SHOW_ATTRIBUTE(causes);

#define BAR_WIDTH	40

static void show_latency(struct seq_file *m, const char *class, const char *cause,
			 const struct pft_hist *hist)
{
	unsigned int i, first = 0, last = 0;
	u64 most = 0;
	int width;

	for (i = 1; i < PFT_HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		first = first ?: i;
		last = i;
		most = max(most, hist->bucket[i]);
	}
	for (i = first; i && i <= last; i++) {
		/* what is not 0 shows */
		width = DIV_ROUND_UP(hist->bucket[i] * BAR_WIDTH, most);
		seq_printf(m, "%-7s %-14s %12llu %12llu %10llu |%.*s\n", class, cause,
			   pft_hist_from(i), pft_hist_to(i), hist->bucket[i], width,
			   "########################################");
	}
}

static int latency_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%-7s %-14s %12s %12s %10s %s\n", "CLASS", "CAUSE", "FROM_NS", "TO_NS",
		   "COUNT", "BAR");
	return show_hists(m, show_latency);
}
DEFINE_SHOW_ATTRIBUTE(latency);

/* files: the position is the number of the name, which stays when others are forgotten */

static void *names_start(struct seq_file *m, loff_t *pos)
{
	const struct pft_file_name *name;

	if (!*pos)
		pft_file_settle();
	name = pft_file_names_from(*pos);
	if (!*pos)
		return SEQ_START_TOKEN;
	if (name)
		*pos = name->nr;
	return (void *)name;
}

static void *names_next(struct seq_file *m, void *v, loff_t *pos)
{
	const struct pft_file_name *name;

	name = pft_file_names_next(v == SEQ_START_TOKEN ? NULL : v);
	*pos = name ? name->nr : *pos + 1;
	return (void *)name;
}

static void names_stop(struct seq_file *m, void *v)
{
	pft_file_names_end();
}

static int names_show(struct seq_file *m, void *v)
{
	const struct pft_file_name *name = v;
	char dev[16];
	const char *c;

	if (v == SEQ_START_TOKEN) {
		seq_printf(m, "%10s %8s %20s PATH\n", "ID", "DEV", "INO");
		return 0;
	}
	snprintf(dev, sizeof(dev), "%02x:%02x", MAJOR(new_decode_dev(name->dev)),
		 MINOR(new_decode_dev(name->dev)));
	seq_printf(m, "%10u %8s %20llu ", name->id, dev, name->ino);
	for (c = name->path; *c; c++) {
		char escaped[4];

		seq_write(m, escaped, pft_escape(escaped, *c, PFT_FILE_QUOTED));
	}
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations names_sops = {
	.start = names_start,
	.next = names_next,
	.stop = names_stop,
	.show = names_show,
};

DEFINE_SEQ_ATTRIBUTE(names);

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
		 "files          the names that the field `file` of a record, and FILE of trace, stand for\n"
		 "causes         why: count, total, mean, longest, percentiles per class and cause\n"
		 "latency        how long: a histogram per class and cause\n"
		 "trace          the recorded faults as text, oldest first; reading takes nothing away\n"
		 "trace_pipe     the same from now on, waiting for more\n"
		 "format         the fields of a binary record, and the version of the ABI\n"
		 "cpu/cpuN       binary records of one CPU: read, poll\n"
		 "cpu/cpuN.map   the same ring for mmap, read-only, and poll\n"
		 "buffer_kb      size of each CPU's ring in KiB; writing forgets the records\n"
		 "filter/        what is recorded, the counts are always of everything; an empty line: no filter\n"
		 "  pid          process ids\n"
		 "  comm         names of threads, with * ? [a-z]; a blank in a name is \\040\n"
		 "  class        minor major invalid\n"
		 "  cause        names of causes, see format\n"
		 "  min_latency_us  shortest duration; refused faults pass\n"
		 "  cgroup       paths in the cgroup2 file system, or ids; what is below them, too\n"
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

/* Doors: through them, files are opened */

/**
 * struct door - what debugfs gets for a file
 * @fops: no owner, and only what says how the file is opened
 * @behind: the file's own operations, which have an owner
 *
 * Given the latter, debugfs takes a reference of the module before it calls open.
 * That fails while the module goes, and between rmmod's taking of the last
 * reference and its marking of the module as going (kernel/module/main.c,
 * try_stop_module()) debugfs warns that nobody had cleaned up (open_proxy_open()).
 * So the door has no owner, and takes the reference itself.
 */
struct door {
	const struct file_operations fops;
	const struct file_operations *behind;
};

/*
 * Removal of the file waits for its open, so this runs in a module that is there;
 * what runs behind it on failure is of the kernel alone, and must find no operations
 * of ours in @file. None is opened that an error of pft_debugfs_init() takes away.
 */
static int door_open(struct inode *inode, struct file *file)
{
	const struct door *door = container_of(file->f_op, const struct door, fops);
	const struct file_operations *behind = NULL;

	if (READ_ONCE(THIS_MODULE->state) == MODULE_STATE_LIVE)
		behind = fops_get(door->behind);
	replace_fops(file, behind ?: inode->i_fop);
	return behind ? behind->open(inode, file) : -ENXIO;
}

/* Never called. Lockdown lets nobody open what has it. */
static int door_mmap(struct file *file, struct vm_area_struct *vma)
{
	return -ENODEV;
}

#define DOOR(_behind, ...) { .fops = { .open = door_open, ##__VA_ARGS__ }, .behind = (_behind) }

static const struct {
	const char *name;
	umode_t mode;
	uintptr_t data;
	struct door door;
} files[] = {
	{ "README", 0400, 0, DOOR(&readme_fops) },
	{ "enable", 0600, 0, DOOR(&enable_fops) },
	{ "totals", 0400, 0, DOOR(&totals_fops) },
	{ "pids", 0400, PFT_LIST_LIVING, DOOR(&pft_listing_fops) },
	{ "threads", 0400, PFT_LIST_THREADS, DOOR(&pft_listing_fops) },
	{ "exited", 0400, PFT_LIST_EXITED, DOOR(&pft_listing_fops) },
	{ "files", 0400, 0, DOOR(&names_fops) },
	{ "causes", 0400, 0, DOOR(&causes_fops) },
	{ "latency", 0400, 0, DOOR(&latency_fops) },
	{ "trace", 0400, 0, DOOR(&pft_trace_fops) },
	{ "trace_pipe", 0400, 0, DOOR(&pft_trace_pipe_fops) },
	{ "format", 0400, 0, DOOR(&format_fops) },
	{ "buffer_kb", 0600, 0, DOOR(&buffer_kb_fops) },
	{ "clear", 0200, 0, DOOR(&clear_fops) },
};

static const struct door filter_door = DOOR(&pft_filter_fops);
static const struct door binary_door = DOOR(&pft_binary_fops);
static const struct door map_door = DOOR(&pft_map_fops, .mmap = door_mmap);

/* The first error of many calls. Below a directory that is none, all fail alike. */
static void check(int *err, const struct dentry *made, const char *name)
{
	if (*err || !IS_ERR(made))
		return;
	*err = PTR_ERR(made);
	/* What late 5.x to 6.x say of debugfs=no-mount; for a module it means something else. */
	if (*err == -ENOENT)
		*err = -ENODEV;
	pr_err("debugfs: cannot create %s (%d)%s\n", name, *err,
	       *err == -EPERM || *err == -ENODEV ? ": the kernel was booted without debugfs" : "");
}

/* A directory that only its owner may enter, also where others may enter debugfs. */
static struct dentry *create_dir(int *err, const char *name, struct dentry *parent)
{
	struct dentry *dir = debugfs_create_dir(name, parent);

	check(err, dir, name);
	if (!IS_ERR(dir))
		d_inode(dir)->i_mode &= ~0077;
	return dir;
}

/* "unsafe": only open is guarded against removal, and mmap is passed on. */
static void create_file(int *err, const char *name, umode_t mode, struct dentry *dir,
			uintptr_t data, const struct door *door)
{
	check(err, debugfs_create_file_unsafe(name, mode, dir, (void *)data, &door->fops), name);
}

static int create_cpu_files(void)
{
	unsigned int cpu;
	int err = 0;
	struct dentry *dir = create_dir(&err, "cpu", root);

	for_each_possible_cpu(cpu) {
		char name[20];

		snprintf(name, sizeof(name), "cpu%u", cpu);
		create_file(&err, name, 0400, dir, cpu, &binary_door);
		snprintf(name, sizeof(name), "cpu%u.map", cpu);
		create_file(&err, name, 0400, dir, cpu, &map_door);
	}
	return err;
}

/**
 * pft_debugfs_init - create the files
 *
 * All of them or none: a file that is not there would be missed much later.
 *
 * Context: may sleep.
 * Return: 0; -EPERM or -ENODEV where debugfs is switched off (debugfs=off or
 * no-mount) or the kernel has none, -EEXIST if another module has the directory,
 * -ENOMEM (all logged).
 */
int pft_debugfs_init(void)
{
	struct dentry *filter_dir;
	int err = 0;
	size_t i;

	/* debugfs would refuse it, too, but with a warning of its own. */
	root = debugfs_lookup("pftrace", NULL);
	if (!IS_ERR_OR_NULL(root)) {
		dput(root);
		pr_err("debugfs: the directory pftrace is there: another copy is loaded\n");
		return -EEXIST;
	}
	root = create_dir(&err, "pftrace", NULL);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(files); i++)
		create_file(&err, files[i].name, files[i].mode, root, files[i].data,
			    &files[i].door);
	filter_dir = create_dir(&err, "filter", root);
	for (i = 0; i < PFT_NR_FILTERS; i++)
		create_file(&err, pft_filter_names[i], 0600, filter_dir, i, &filter_door);
	if (!err)
		err = create_cpu_files();
	if (err)
		debugfs_remove_recursive(root);
	return err;
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
