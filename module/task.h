/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_TASK_H
#define PFT_TASK_H

#include <linux/cache.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "counts.h"
#include "table.h"

struct pft_proc;

/**
 * enum pft_thread_state - what a thread's next fault has to settle
 * @PFT_SETTLED: nothing
 * @PFT_RETRYING: the last attempt ended in VM_FAULT_RETRY
 * @PFT_REFUSING: the last fault failed in handle_mm_fault() and was counted;
 *	the architecture's refusal of the same fault is yet to be seen
 */
enum pft_thread_state {
	PFT_SETTLED,
	PFT_RETRYING,
	PFT_REFUSING
};

/**
 * struct pft_thread - counters of one thread
 * @seq: odd while @counts changes; readers try again
 * @ready: equal to pft_epoch if a fault has nothing to settle, else 0 or of
 *	an older epoch
 * @counts: its own; written by the thread alone, under @seq
 * @epoch: value of pft_epoch to which @base belongs
 * @state: enum pft_thread_state
 * @pending_retries: attempts so far, in PFT_RETRYING
 * @pending_flags: FAULT_FLAG_* of the last attempt, in PFT_RETRYING
 * @pending_page: address of the page that @state is about
 * @pending_start: pft_clock_raw() of the first attempt, in PFT_RETRYING
 * @pending_more: pft_fault.more of the first attempt, in PFT_RETRYING
 * @base: kernel's min_flt and maj_flt less our own, at the first fault of the
 *	epoch; what the audit takes off the kernel's counts
 * @proc: its process
 * @task: the thread; valid, as is @task->signal, while the entry is in the
 *	table and pft_task_lock is held
 * @siblings: in @proc->threads
 * @next_free: pool of free entries
 */
struct pft_thread {
	u32 seq;
	u32 ready;
	struct pft_counts counts;

	u32 epoch;
	u8 state;
	u16 pending_retries;
	u32 pending_flags;
	u64 pending_page;
	u64 pending_start;
	u64 pending_more;
	u64 base[2];
	struct pft_proc *proc;

	struct task_struct *task;
	struct list_head siblings;
	struct pft_thread *next_free;
} ____cacheline_aligned;

extern struct pft_table pft_threads;
extern u32 pft_epoch;

int pft_task_init(void);
void pft_task_exit(void);
void pft_task_epoch_begin(void);
void pft_task_audit(bool on);
void pft_task_clear(void);
void pft_thread_renew(struct pft_thread *thread);

/**
 * pft_thread_self - entry of the running thread
 *
 * Context: any in which current is meaningful; takes no lock.
 * Return: the entry, or NULL if the thread is not listed. It stays valid
 * until current has ended.
 */
static __always_inline struct pft_thread *pft_thread_self(void)
{
	return pft_table_find(&pft_threads, current);
}

/* Has a fault of this thread to settle something first? */
static __always_inline bool pft_thread_ready(const struct pft_thread *thread)
{
	return thread->ready == READ_ONCE(pft_epoch);
}

/* Context: in a fault of the thread itself. */
static __always_inline void pft_thread_set_state(struct pft_thread *thread,
						 enum pft_thread_state state)
{
	thread->state = state;
	thread->ready = state == PFT_SETTLED ? thread->epoch : 0;
}

/* Must be the thread's own, preemption off. */
static __always_inline void pft_thread_count(struct pft_thread *thread, enum pft_class class,
					     enum pft_cause cause, u64 ns, u64 address)
{
	struct pft_counts *c = &thread->counts;
	u32 seq = thread->seq;

	WRITE_ONCE(thread->seq, seq + 1);
	smp_wmb();	/* thread.begin: pairs with read_counts() in task.c */
	/*
	 * data_race: plain, so that each is one instruction; read_counts() looks again.
	 * Of pointers: kernels built to check indices check each.
	 */
	data_race(++*(c->nr + class));
	data_race(*(c->ns + class) += ns);	/* the same */
	data_race(++*(c->cause + cause));	/* the same */
	data_race(c->last_addr = address);	/* the same */
	smp_wmb();	/* thread.end: pairs with read_counts() in task.c */
	WRITE_ONCE(thread->seq, seq + 2);
}

/**
 * struct pft_task_line - one process or thread, as shown
 * @counts: its faults
 * @id: number of the process entry, never used twice
 * @pid: thread id; of a process, the same as @tgid
 * @tgid: process id
 * @ppid: process that created it
 * @comm: name, NUL-terminated
 */
struct pft_task_line {
	struct pft_counts counts;
	u64 id;
	u32 pid;
	u32 tgid;
	u32 ppid;
	char comm[TASK_COMM_LEN];
};

enum pft_task_list {
	PFT_LIST_LIVING,
	PFT_LIST_EXITED,
	PFT_LIST_THREADS
};

ssize_t pft_task_list(enum pft_task_list which, struct pft_task_line **lines);

/**
 * struct pft_task_stats - the table as a whole
 * @threads: listed now
 * @processes: listed now
 * @exited: processes with faults that ended since load or clear
 * @audited: threads audited
 * @mismatches: of these, how many differed
 * @missing: faults that the kernel counted and we did not
 * @surplus: faults that we counted and the kernel did not
 * @bytes: memory held
 */
struct pft_task_stats {
	u64 threads;
	u64 processes;
	u64 exited;
	u64 audited;
	u64 mismatches;
	u64 missing;
	u64 surplus;
	u64 bytes;
};

void pft_task_stats(struct pft_task_stats *stats);

#endif /* PFT_TASK_H */
