// SPDX-License-Identifier: GPL-2.0
/*
 * Threads and processes: who is listed, what they count, what is left when
 * they end, and the audit.
 *
 * A thread gets an entry when it is born (task_newtask, in its creator) or,
 * if it is older than the module, at load. The handlers only look the entry
 * up and write its counters. When the kernel frees the thread
 * (sched_process_free) its counts are held against the kernel's own and added
 * to its process; with its last thread the process moves to the list of
 * exited ones. All this is outside of page faults, under pft_task_lock.
 *
 * A process is known by its signal_struct: that stays the same across exec,
 * and lives until the last of its threads has been freed.
 *
 * The audit: a thread's "epoch" says for which period of tracing its "base"
 * (kernel's counts less ours) was noted. A thread born while probes are on
 * starts with base 0. Any other notes it itself in its first fault of the
 * epoch, before that fault is counted by anybody, so the base is exact even
 * though other faults may be under way in other threads.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "hooks.h"
#include "task.h"

#define NR_EXITED	1024
#define MIN_THREADS	64
#define MAX_THREADS	1048576U

static unsigned int max_threads = 16384;
module_param(max_threads, uint, 0400);
MODULE_PARM_DESC(max_threads, "threads that can be listed at a time, 64 to 1048576 (16384)");

/**
 * struct pft_proc - one process
 * @ended: counts of its threads that have ended
 * @threads: entries of the others
 * @key: signal_struct, which identifies it; never looked into
 * @id: see struct pft_task_line
 * @tgid: process id
 * @ppid: process that created it
 * @comm: name of its main thread, or of the last that ended
 * @next_free: pool of free entries
 *
 * All under pft_task_lock.
 */
struct pft_proc {
	struct pft_counts ended;
	struct list_head threads;
	const void *key;
	u64 id;
	u32 tgid;
	u32 ppid;
	char comm[TASK_COMM_LEN];
	struct pft_proc *next_free;
};

struct pft_table pft_threads __read_mostly;
u32 pft_epoch __read_mostly;

/* Never taken in a page fault. Held for a bounded time, interrupts off. */
static DEFINE_RAW_SPINLOCK(pft_task_lock);

static struct pft_table procs;
static struct pft_thread *thread_pool, *free_threads;
static struct pft_proc *proc_pool, *free_procs;
static struct pft_task_line *exited;
static u64 nr_exited;
static u64 next_id;
static bool auditing;
static struct pft_task_stats stats;

static void add_counts(struct pft_counts *to, const struct pft_counts *from)
{
	int i;

	for (i = 0; i < PFT_NR_CLASSES; i++) {
		to->nr[i] += from->nr[i];
		to->ns[i] += from->ns[i];
	}
	for (i = 0; i < PFT_NR_CAUSES; i++)
		to->cause[i] += from->cause[i];
	to->retries += from->retries;
	if (pft_counts_faults(from))
		to->last_addr = from->last_addr;
}

/*
 * A consistent copy of counters that their thread may be writing. Gives up at
 * once: the caller holds pft_task_lock, and the writer may have been
 * interrupted by somebody who waits for that (thread_free() in a softirq).
 */
static bool read_counts(const struct pft_thread *thread, struct pft_counts *c)
{
	u32 seq = READ_ONCE(thread->seq);

	smp_rmb();	/* pairs with thread.end in pft_thread_count() */
	*c = data_race(thread->counts);	/* checked below */
	smp_rmb();	/* pairs with thread.begin in pft_thread_count() */
	return !(seq & 1) && READ_ONCE(thread->seq) == seq;
}

static struct pft_proc *proc_find_or_add(struct task_struct *task, u32 ppid)
{
	struct pft_proc *proc = pft_table_find(&procs, task->signal);

	if (proc)
		return proc;
	proc = free_procs;
	if (!proc || pft_table_insert(&procs, task->signal, proc))
		return NULL;
	free_procs = proc->next_free;
	*proc = (struct pft_proc) {
		.threads = LIST_HEAD_INIT(proc->threads),
		.key = task->signal,
		.id = next_id++,
		.tgid = task->tgid,
		.ppid = ppid,
	};
	stats.processes++;
	return proc;
}

static void proc_free(struct pft_proc *proc)
{
	pft_table_remove(&procs, proc->key);
	proc->key = NULL;
	proc->next_free = free_procs;
	free_procs = proc;
	stats.processes--;
}

/* Entered twice for the same thread at load, which is why it looks first. */
static void thread_add(struct task_struct *task, u32 ppid)
{
	struct pft_thread *thread;
	struct pft_proc *proc;
	unsigned long flags;

	raw_spin_lock_irqsave(&pft_task_lock, flags);
	thread = free_threads;
	if (!thread || pft_table_find(&pft_threads, task))
		goto out;
	proc = proc_find_or_add(task, ppid);
	if (!proc)
		goto out;
	free_threads = thread->next_free;
	*thread = (struct pft_thread) {
		/* 0 is no epoch: the base is noted in its first fault */
		.epoch = auditing ? pft_epoch : 0,
		.ready = auditing ? pft_epoch : 0,
		.proc = proc,
		.task = task,
	};
	list_add_tail(&thread->siblings, &proc->threads);
	if (pft_table_insert(&pft_threads, task, thread)) {
		list_del(&thread->siblings);
		thread->next_free = free_threads;
		free_threads = thread;
		if (list_empty(&proc->threads))
			proc_free(proc);
		goto out;
	}
	stats.threads++;
out:
	raw_spin_unlock_irqrestore(&pft_task_lock, flags);
}

static void audit(const struct pft_thread *thread, const struct task_struct *task)
{
	s64 diff[2], sum;
	int i;

	if (!auditing || thread->epoch != pft_epoch)
		return;
	stats.audited++;
	/* min_flt and maj_flt are unsigned long and may wrap: so does this */
	diff[0] = (s64)(task->min_flt - thread->base[0] - thread->counts.nr[PFT_MINOR]);
	diff[1] = (s64)(task->maj_flt - thread->base[1] - thread->counts.nr[PFT_MAJOR]);
	if (!diff[0] && !diff[1])
		return;
	stats.mismatches++;
	for (i = 0; i < 2; i++) {
		sum = diff[i];
		if (sum > 0)
			stats.missing += sum;
		else
			stats.surplus += -sum;
	}
}

static void proc_line(const struct pft_proc *proc, struct pft_task_line *line)
{
	line->counts = proc->ended;
	line->id = proc->id;
	line->pid = proc->tgid;
	line->tgid = proc->tgid;
	line->ppid = proc->ppid;
	memcpy(line->comm, proc->comm, sizeof(line->comm));
}

static void copy_comm(char *to, const struct task_struct *task)
{
	/* data_race: it may just be changing */
	data_race(memcpy(to, task->comm, TASK_COMM_LEN));
	to[TASK_COMM_LEN - 1] = '\0';
}

/*
 * sched_process_free: the last word on a thread. Softirq or kthread context,
 * a grace period after release_task(); the thread will not run again.
 */
static void thread_free(void *data, struct task_struct *task)
{
	struct pft_thread *thread;
	struct pft_proc *proc;
	unsigned long flags;

	raw_spin_lock_irqsave(&pft_task_lock, flags);
	thread = pft_table_remove(&pft_threads, task);
	if (!thread)
		goto out;
	audit(thread, task);
	proc = thread->proc;
	add_counts(&proc->ended, &thread->counts);
	if (task->pid == task->tgid || !proc->comm[0])
		copy_comm(proc->comm, task);
	list_del(&thread->siblings);
	thread->task = NULL;
	thread->next_free = free_threads;
	free_threads = thread;
	stats.threads--;
	if (list_empty(&proc->threads)) {
		if (pft_counts_faults(&proc->ended))
			proc_line(proc, &exited[nr_exited++ % NR_EXITED]);
		proc_free(proc);
	}
out:
	raw_spin_unlock_irqrestore(&pft_task_lock, flags);
}

/*
 * task_newtask: in the creator, when the new thread can no longer fail to be.
 * clone_flags is an unsigned long in old kernels, the same on 64 bit.
 */
static void thread_born(void *data, struct task_struct *task, u64 clone_flags)
{
	thread_add(task, current->tgid);
}

/**
 * pft_thread_renew - note the audit's base for the current epoch
 * @thread: entry of current
 *
 * Context: in a fault of current that neither the kernel nor we have counted.
 */
void pft_thread_renew(struct pft_thread *thread)
{
	thread->base[0] = current->min_flt - thread->counts.nr[PFT_MINOR];
	thread->base[1] = current->maj_flt - thread->counts.nr[PFT_MAJOR];
	thread->epoch = READ_ONCE(pft_epoch);
	pft_thread_set_state(thread, PFT_SETTLED);
}

/**
 * pft_task_epoch_begin - void the bases of all threads
 *
 * Context: no handler runs; before the probes are switched on.
 */
void pft_task_epoch_begin(void)
{
	WRITE_ONCE(pft_epoch, pft_epoch + 1 ?: 1);
}

/**
 * pft_task_audit - say whether every fault from now on reaches the handlers
 * @on: true once the probes are on, false before they are switched off
 *
 * Context: may not be called from a handler.
 */
void pft_task_audit(bool on)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pft_task_lock, flags);
	auditing = on;
	raw_spin_unlock_irqrestore(&pft_task_lock, flags);
}

/**
 * pft_task_clear - zero all counts, forget exited processes
 *
 * Context: may sleep; no handler runs.
 */
void pft_task_clear(void)
{
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < max_threads; i++) {
		raw_spin_lock_irqsave(&pft_task_lock, flags);
		memset(&thread_pool[i].counts, 0, sizeof(thread_pool[i].counts));
		memset(&proc_pool[i].ended, 0, sizeof(proc_pool[i].ended));
		raw_spin_unlock_irqrestore(&pft_task_lock, flags);
	}
	raw_spin_lock_irqsave(&pft_task_lock, flags);
	nr_exited = 0;
	stats.audited = 0;
	stats.mismatches = 0;
	stats.missing = 0;
	stats.surplus = 0;
	raw_spin_unlock_irqrestore(&pft_task_lock, flags);
}

/**
 * pft_task_stats - numbers about the table as a whole
 * @to: filled
 *
 * Context: not in a handler.
 */
void pft_task_stats(struct pft_task_stats *to)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pft_task_lock, flags);
	*to = stats;
	to->exited = nr_exited;
	raw_spin_unlock_irqrestore(&pft_task_lock, flags);
}

static bool is_reaped(const struct task_struct *task)
{
	/* data_race: the kernel may just be writing it, then either answer is right */
	return data_race(READ_ONCE(task->exit_state)) & EXIT_DEAD;
}

/* What came of an attempt to read an entry. */
enum read_result {
	READ_SHOW,	/* there is something to show */
	READ_SKIP,	/* there is not */
	READ_AGAIN	/* a counter was being written: let go of the lock */
};

/*
 * Sums a process up. *reaped: all of its threads have been reaped, so that
 * its parent knows it to be gone; only the kernel's grace period keeps it.
 */
static enum read_result read_proc(const struct pft_proc *proc, struct pft_task_line *line,
				  bool *reaped)
{
	const struct pft_thread *thread;
	struct pft_counts counts;

	*reaped = true;
	if (!proc->key)
		return READ_SKIP;
	proc_line(proc, line);
	list_for_each_entry(thread, &proc->threads, siblings) {
		if (!is_reaped(thread->task))
			*reaped = false;
		if (thread->task->pid == proc->tgid || !line->comm[0])
			copy_comm(line->comm, thread->task);
		if (!read_counts(thread, &counts))
			return READ_AGAIN;
		add_counts(&line->counts, &counts);
	}
	return pft_counts_faults(&line->counts) ? READ_SHOW : READ_SKIP;
}

static size_t list_procs(bool want_reaped, struct pft_task_line *lines, size_t room)
{
	enum read_result result;
	unsigned long flags;
	unsigned int i;
	size_t n = 0;
	bool reaped;

	for (i = 0; i < max_threads && n < room; i++) {
		/* data_race: only to be quick, it is looked at again under the lock */
		if (!data_race(READ_ONCE(proc_pool[i].key)))
			continue;
		do {
			raw_spin_lock_irqsave(&pft_task_lock, flags);
			result = read_proc(&proc_pool[i], &lines[n], &reaped);
			raw_spin_unlock_irqrestore(&pft_task_lock, flags);
			cpu_relax();
		} while (result == READ_AGAIN);
		n += result == READ_SHOW && reaped == want_reaped;
	}
	return n;
}

static enum read_result read_thread(const struct pft_thread *thread, struct pft_task_line *line)
{
	if (!thread->task || is_reaped(thread->task))
		return READ_SKIP;
	line->id = thread->proc->id;
	line->pid = thread->task->pid;
	line->tgid = thread->proc->tgid;
	line->ppid = thread->proc->ppid;
	copy_comm(line->comm, thread->task);
	if (!read_counts(thread, &line->counts))
		return READ_AGAIN;
	return pft_counts_faults(&line->counts) ? READ_SHOW : READ_SKIP;
}

static size_t list_threads(struct pft_task_line *lines, size_t room)
{
	enum read_result result;
	unsigned long flags;
	unsigned int i;
	size_t n = 0;

	for (i = 0; i < max_threads && n < room; i++) {
		/* data_race: as in list_procs() */
		if (!data_race(READ_ONCE(thread_pool[i].task)))
			continue;
		do {
			raw_spin_lock_irqsave(&pft_task_lock, flags);
			result = read_thread(&thread_pool[i], &lines[n]);
			raw_spin_unlock_irqrestore(&pft_task_lock, flags);
			cpu_relax();
		} while (result == READ_AGAIN);
		n += result == READ_SHOW;
	}
	return n;
}

static int newest_first(const void *a, const void *b)
{
	u64 x = ((const struct pft_task_line *)a)->id;
	u64 y = ((const struct pft_task_line *)b)->id;

	return x < y ? 1 : -(x > y);
}

/*
 * Those just reaped, by their birth, for their end has not been noted; then
 * those that have been freed, by their end. Newest first.
 */
static size_t list_exited(struct pft_task_line *lines, size_t room)
{
	size_t reaped = list_procs(true, lines, room - NR_EXITED), n, end, i, j;
	unsigned long flags;
	u64 pos;

	sort(lines, reaped, sizeof(*lines), newest_first, NULL);
	raw_spin_lock_irqsave(&pft_task_lock, flags);
	end = reaped;
	for (pos = nr_exited; pos > 0 && nr_exited - pos < NR_EXITED; pos--)
		lines[end++] = exited[(pos - 1) % NR_EXITED];
	raw_spin_unlock_irqrestore(&pft_task_lock, flags);

	/* Who was freed between the two steps is in both. */
	for (i = n = reaped; i < end; i++) {
		for (j = 0; j < reaped && lines[j].id != lines[i].id; j++)
			;
		if (j == reaped)
			lines[n++] = lines[i];
	}
	return min_t(size_t, n, NR_EXITED);
}

/**
 * pft_task_list - copy a list out
 * @which: living processes, exited ones (newest first) or living threads;
 *	those without a fault are left out
 * @lines: set to an array, to be freed with kvfree()
 *
 * Each line is consistent in itself. Context: may sleep.
 * Return: number of lines, or -ENOMEM.
 */
ssize_t pft_task_list(enum pft_task_list which, struct pft_task_line **lines)
{
	struct pft_task_stats now;
	size_t room;

	pft_task_stats(&now);
	/* some room for those that are born meanwhile */
	room = which == PFT_LIST_THREADS ? now.threads : now.processes;
	room += room / 8 + NR_EXITED;
	*lines = kvmalloc_array(room, sizeof(**lines), GFP_KERNEL);
	if (!*lines)
		return -ENOMEM;
	switch (which) {
	case PFT_LIST_LIVING:
		return list_procs(false, *lines, room);
	case PFT_LIST_EXITED:
		return list_exited(*lines, room);
	default:
		return list_threads(*lines, room);
	}
}

/*
 * Threads older than the module. Each is in the list until its grace period
 * begins, so sched_process_free, hooked before, cannot have passed.
 */
static void add_living(void)
{
	struct task_struct *process, *task;

	rcu_read_lock();
	for_each_process(process) {
		/* for_each_thread() wants tasklist_lock on kernels with lockdep */
		list_for_each_entry_rcu(task, &process->signal->thread_head, thread_node)
			thread_add(task, rcu_dereference(process->real_parent)->tgid);
	}
	rcu_read_unlock();
}

static void free_memory(void)
{
	pft_table_free(&pft_threads);
	pft_table_free(&procs);
	vfree(thread_pool);
	vfree(proc_pool);
	vfree(exited);
}

static int alloc_memory(void)
{
	unsigned int i;

	if (max_threads < MIN_THREADS || max_threads > MAX_THREADS) {
		pr_err("max_threads=%u: not in %u..%u\n", max_threads, MIN_THREADS, MAX_THREADS);
		return -ERANGE;
	}
	thread_pool = vzalloc(array_size(max_threads, sizeof(*thread_pool)));
	proc_pool = vzalloc(array_size(max_threads, sizeof(*proc_pool)));
	exited = vzalloc(array_size(NR_EXITED, sizeof(*exited)));
	if (!thread_pool || !proc_pool || !exited ||
	    pft_table_init(&pft_threads, max_threads) || pft_table_init(&procs, max_threads)) {
		pr_err("max_threads=%u: no memory for so many (%d)\n", max_threads, -ENOMEM);
		free_memory();
		return -ENOMEM;
	}
	for (i = max_threads; i-- > 0;) {
		thread_pool[i].next_free = free_threads;
		free_threads = &thread_pool[i];
		proc_pool[i].next_free = free_procs;
		free_procs = &proc_pool[i];
	}
	stats.bytes = pft_table_bytes(&pft_threads) + pft_table_bytes(&procs) +
		      max_threads * (sizeof(*thread_pool) + sizeof(*proc_pool)) +
		      NR_EXITED * sizeof(*exited);
	return 0;
}

static struct pft_tracepoint births = {
	.name = "task_newtask",
	.probe = thread_born,
};

static struct pft_tracepoint frees = {
	.name = "sched_process_free",
	.probe = thread_free,
};

/**
 * pft_task_init - list all threads, and those to come
 *
 * Context: may sleep.
 * Return: 0, -ERANGE, -ENOMEM, or what pft_tracepoint_hook() returned (all logged).
 */
int pft_task_init(void)
{
	int err = alloc_memory();

	if (err)
		return err;
	err = pft_tracepoint_hook(&frees);
	if (err)
		goto out_memory;
	err = pft_tracepoint_hook(&births);
	if (err)
		goto out_frees;
	add_living();
	return 0;

out_frees:
	pft_tracepoint_unhook(&frees);
	pft_tracepoint_sync();
out_memory:
	free_memory();
	return err;
}

/**
 * pft_task_exit - forget everything
 *
 * Context: may sleep; no handler runs any more.
 */
void pft_task_exit(void)
{
	pft_tracepoint_unhook(&births);
	pft_tracepoint_unhook(&frees);
	pft_tracepoint_sync();
	free_memory();
}
