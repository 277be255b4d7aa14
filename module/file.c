// SPDX-License-Identifier: GPL-2.0
/*
 * Which file a fault was on, told by its name when the process is gone.
 *
 * DOC: how a name is kept
 *
 * d_path() takes locks and may look at current->fs, so no handler can call it.
 * A handler makes a key of everything that fixes the name (key_of()) and looks
 * it up in a hash table of fixed size. Found, the slot has the id that goes
 * into the record: a few loads of memory that nobody is writing.
 *
 * If the key is not there, the handler puts it there itself, by a cmpxchg() on
 * a free slot. That is the one write to memory shared by CPUs, once for each
 * name and not for each fault. The key is a single word, so there is no moment
 * at which a slot is half filled, and two CPUs that meet a file at the same
 * time agree on one slot and one id: also the record of the very first fault
 * has the right id. The winner takes a reference on the file, leaves it in a
 * queue of its CPU and kicks the worker, which finds the name, keeps it and
 * drops the reference.
 *
 * A slot is free again when its name is forgotten. Its id is another one then,
 * so the id in an old record means the forgotten name or nothing, never a
 * wrong one (until the slot has had eight thousand names).
 *
 * Pairs:
 *
 * file.renew / file.look: forget() hides the key, changes the id, and only then
 *	offers the slot. read_id() reads the key before and behind the id; the
 *	same key twice means that the id was the one of that key.
 * file.fill / file.drain: an entry of the queue is written before head is moved
 *	beyond it, and not read before that is seen.
 * file.done / file.room: the worker is done with an entry before tail is moved
 *	beyond it, and it is not written again before that is seen.
 */
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "file.h"
#include "percpu.h"
#include "record.h"

#define MIN_FILES	16U
#define MAX_FILES	65536U

static unsigned int max_files = 4096;
module_param(max_files, uint, 0400);
MODULE_PARM_DESC(max_files, "names of files that are kept, 16 to 65536 (4096)");

/*
 * A key is in one of the WINDOW slots that begin at its hash. There are four
 * slots for each name, so a full window is below one in 10^8.
 */
#define WINDOW		32U
#define SLOTS_PER_NAME	4U

/* Instead of a key. All real keys are greater. */
enum {
	KEY_NONE,	/* never used: no key is behind it in its window */
	KEY_FREE,	/* used before */
	KEY_BUSY,	/* its id is being changed */
	NR_KEYS
};

/**
 * struct slot - one place of the table
 * @key: key_of(), or one of those above
 * @id: what the records get
 * @name: NULL until the worker has found it; guarded by names_lock
 */
struct slot {
	u64 key;
	u32 id;
	struct pft_file_name *name;
};

/* Files met for the first time that a CPU can have waiting; a power of two. */
#define QUEUE		64U

/**
 * struct entry - a name to be found
 * @file: referenced; NULL for memory without file
 * @slot: index
 * @unlinked: it had no name any more
 * @given: the name that the process gave to the memory, or ""
 */
struct entry {
	struct file *file;
	u32 slot;
	bool unlinked;
	char given[PFT_VMA_NAME_LEN];
};

/**
 * struct queue - what one CPU's handlers leave for the worker
 * @head: entries ever written; by the handlers, with interrupts off
 * @tail: entries ever done with; by the worker
 * @kick: starts the worker
 * @entries: entry n is at n % QUEUE
 */
struct queue {
	u32 head;
	u32 tail ____cacheline_aligned_in_smp;
	struct irq_work kick;
	struct entry entries[QUEUE];
};

static struct slot *slots __read_mostly;
static unsigned int slot_bits __read_mostly;
static u64 salt __read_mostly;
static siphash_key_t given_salt __read_mostly;
static struct queue __percpu *queues __read_mostly;

/*
 * A workqueue of its own: a reference on a file is to be held as short as can
 * be, for it keeps a file system from being unmounted and a file that was open
 * for writing from being executed.
 */
static struct workqueue_struct *workqueue;
static void find_names(struct work_struct *work);
static DECLARE_WORK(work, find_names);
static char *buffer;	/* PATH_MAX bytes; only the worker uses it */

static DEFINE_MUTEX(names_lock);
static LIST_HEAD(names);		/* guarded by names_lock, as all below */
static u64 next_nr = 1;
static struct pft_file_stats stats;

static u32 nr_slots(void)
{
	return (1U << slot_bits) + WINDOW;
}

/* Ids that differ by this belong to one slot. */
static u32 id_step(void)
{
	return 2U << slot_bits;
}

/*
 * The handlers' side
 */

static __always_inline u64 mix(u64 key, u64 x)
{
	key = (key ^ x) * 0x9e3779b97f4a7c15ULL;
	return key ^ (key >> 32);
}

/* So many directories above a file are looked at for another name. */
#define MAX_DEPTH	64

/*
 * What fixes the name that d_path() would make: the mount, the names from the
 * file's own up to the root of the file system, and whether the file still has
 * one. The inode is there because memory of a dentry may be used again.
 *
 * Dentries are read as %pd does (lib/vsprintf.c): the file pins its own, and
 * that one its parents. If a rename takes a parent away meanwhile, it is freed
 * after an RCU grace period, for which this CPU is not ready. (Dentries that are
 * freed at once, DCACHE_NORCU, are their own parents: memfd and the like.) Of a
 * name only the hash is read, not what d_name points to. A key made of a name
 * half changed is never met again and leads to the name that is found a moment
 * later. The inode stays with its dentry as long as the file is open, also when
 * it is unlinked (d_delete()). All this is the same from 6.1 to 7.2.
 *
 * What it cannot notice: a mount that is moved, and a rename above MAX_DEPTH.
 */
static __always_inline u64 mix_file(u64 key, const struct file *file, bool *unlinked)
{
	const struct path *path = file_user_path(file);
	const struct inode *inode = file_user_inode(file);
	const struct dentry *dentry = path->dentry, *parent;
	unsigned int depth;

	*unlinked = !READ_ONCE(dentry->d_hash.pprev);
	key = mix(key, (uintptr_t)path->mnt);
	key = mix(key, (uintptr_t)dentry | *unlinked);
	key = mix(key, inode->i_ino);
	key = mix(key, ((u64)inode->i_sb->s_dev << 32) | inode->i_generation);
	for (depth = 0; depth < MAX_DEPTH; depth++) {
		key = mix(key, READ_ONCE(dentry->d_name.hash_len));
		parent = READ_ONCE(dentry->d_parent);
		if (parent == dentry)
			break;
		key = mix(key, (uintptr_t)parent);
		dentry = parent;
	}
	return key;
}

static __always_inline u64 key_of(const struct vm_area_struct *vma, const char *given,
				  bool *unlinked)
{
	u64 key = salt;

	*unlinked = false;
	if (vma->vm_file)
		key = mix_file(key, vma->vm_file, unlinked);
	if (unlikely(given))
		key = mix(key, siphash(given, strlen(given), &given_salt));
	return key < NR_KEYS ? key + NR_KEYS : key;
}

/* The id of @key if it is in @slot, else 0. */
static __always_inline u32 read_id(const struct slot *slot, u64 key)
{
	u32 id;

	if (READ_ONCE(slot->key) != key)
		return 0;
	smp_rmb();	/* file.look, pairs with file.renew in forget() */
	id = READ_ONCE(slot->id);
	smp_rmb();	/* file.look, pairs with file.renew in forget() */
	return likely(READ_ONCE(slot->key) == key) ? id : 0;
}

static __always_inline u32 find_id(const struct slot *slot, u64 key)
{
	const struct slot *end = slot + WINDOW;
	u32 id;

	do {
		id = read_id(slot, key);
		if (likely(id))
			return id;
		if (READ_ONCE(slot->key) == KEY_NONE)
			return 0;
	} while (++slot < end);
	return 0;
}

/*
 * Gives @key a slot. Returns its id; @mine is set if it was not there. 0 if
 * all slots of the window are in use, or change all the time.
 *
 * Two slots get the same key only if another slot before the first one becomes
 * free in between. Then there are two ids for one name, and both are right.
 */
static u32 claim(struct slot *first, u64 key, struct slot **mine)
{
	unsigned int tries;

	for (tries = 0; tries < 4; tries++) {
		struct slot *slot = first;
		u64 old = KEY_BUSY;
		u32 id = find_id(first, key);

		if (id)
			return id;
		for (; slot < first + WINDOW; slot++) {
			old = READ_ONCE(slot->key);
			if (old == KEY_NONE || old == KEY_FREE)
				break;
		}
		if (slot == first + WINDOW)
			return 0;
		if (cmpxchg(&slot->key, old, key) == old) {
			*mine = slot;
			/* Stays so until the worker knows of it. */
			return READ_ONCE(slot->id);
		}
	}
	return 0;
}

/*
 * A name is met for the first time. It is interrupts that are kept off the
 * queue, not faults: those do not happen in one another.
 *
 * The mapping has a reference on its file until it is taken apart, which needs
 * the lock that the caller holds. So get_file() never meets a count of 0, also
 * in the last fault of an exiting thread. A handler never drops a reference:
 * the worker's may be the last one, and as it is a kernel thread the file is
 * then closed by the kernel's own delayed work (fput()), where that may sleep.
 * Opening for writing, and denying that, count elsewhere than references do,
 * but are not undone before the close: hence the hurry.
 *
 * irq_work_queue() neither sleeps nor takes a lock, in any context. On
 * PREEMPT_RT a thread runs kicked(), and queue_work() may be called there.
 * Nothing waits for memory before the worker runs, so this holds in a thread
 * that is reclaiming, too.
 */
static noinline u32 meet(const struct vm_area_struct *vma, u64 key, const char *given,
			 bool unlinked)
{
	struct slot *mine = NULL;
	unsigned long irq_flags;
	struct queue *queue;
	struct entry *entry;
	u32 id = 0;

	local_irq_save(irq_flags);
	queue = this_cpu_ptr(queues);
	/* file.room, pairs with file.done in find_names() */
	if (likely(queue->head - smp_load_acquire(&queue->tail) < QUEUE))
		id = claim(&slots[key >> (64 - slot_bits)], key, &mine);
	if (mine) {
		entry = &queue->entries[queue->head % QUEUE];
		entry->file = vma->vm_file ? get_file(vma->vm_file) : NULL;
		entry->slot = mine - slots;
		entry->unlinked = unlinked;
		strscpy(entry->given, given ?: "", sizeof(entry->given));
		/* file.fill, pairs with file.drain in find_names() */
		smp_store_release(&queue->head, queue->head + 1);
		irq_work_queue(&queue->kick);
	}
	if (!id)
		__this_cpu_inc(pft_cpu.totals.nr[PFT_TOTAL_FILES_DROPPED]);
	local_irq_restore(irq_flags);
	return id;
}

/**
 * pft_file_lookup - pft_file_id() of a mapping that may have a name
 * @vma: as for pft_file_id()
 *
 * Only regular files have one: a reference that is held a little longer than
 * the process holds its own must not matter, as it does to many a driver.
 *
 * Context: as pft_file_id().
 * Return: an id or 0.
 */
u32 pft_file_lookup(const struct vm_area_struct *vma)
{
	const char *given = pft_vma_name(vma);
	bool unlinked;
	u64 key;
	u32 id;

	if (vma->vm_file) {
		const struct inode *inode = file_inode(vma->vm_file);

		if (!S_ISREG(inode->i_mode) || IS_ANON_FILE(inode))
			return 0;
	}
	key = key_of(vma, given, &unlinked);
	id = find_id(&slots[key >> (64 - slot_bits)], key);
	return likely(id) ? id : meet(vma, key, given, unlinked);
}

static void kicked(struct irq_work *kick)
{
	queue_work(workqueue, &work);
}

/*
 * The worker's side
 */

/* Makes a slot free. Context: holds names_lock, or no handler runs. */
static void renew(struct slot *slot, u64 key)
{
	u32 id = slot->id + id_step();

	/* 0 is no id. */
	if (id < id_step())
		id += id_step();
	slot->name = NULL;
	WRITE_ONCE(slot->key, KEY_BUSY);
	smp_wmb();	/* file.renew, pairs with file.look in read_id() */
	WRITE_ONCE(slot->id, id);
	/* file.renew, pairs with file.look in read_id() */
	smp_store_release(&slot->key, key);
}

/* Context: holds names_lock. */
static void forget(struct pft_file_name *name)
{
	renew(&slots[name->slot], KEY_FREE);
	list_del(&name->link);
	stats.names--;
	stats.bytes -= ksize(name);
	kfree(name);
}

static void keep(struct pft_file_name *name)
{
	mutex_lock(&names_lock);
	while (stats.names >= max_files) {
		forget(list_first_entry(&names, struct pft_file_name, link));
		stats.forgotten++;
	}
	name->nr = next_nr++;
	name->id = slots[name->slot].id;
	slots[name->slot].name = name;
	list_add_tail(&name->link, &names);
	stats.names++;
	stats.bytes += ksize(name);
	mutex_unlock(&names_lock);
}

static const char *name_of_file(const struct entry *entry)
{
	static const char deleted[] = " (deleted)";
	const size_t mark = sizeof(deleted) - 1;
	const struct path *path = file_user_path(entry->file);
	char *text;
	size_t len;

	if (entry->given[0]) {
		snprintf(buffer, PATH_MAX, "[anon_shmem:%s]", entry->given);
		return buffer;
	}
	text = d_path(path, buffer, PATH_MAX);
	if (IS_ERR(text)) {
		/* Longer than any path that can be opened. */
		snprintf(buffer, PATH_MAX, ".../%pd4", path->dentry);
		return buffer;
	}
	len = strlen(text);
	/* Unlinked, but only since the fault. */
	if (!entry->unlinked && d_unlinked(path->dentry) && len > mark &&
	    !strcmp(text + len - mark, deleted))
		text[len - mark] = '\0';
	return text;
}

static void find_name(const struct entry *entry)
{
	struct pft_file_name *name;
	const struct inode *inode;
	const char *text = buffer;
	size_t len;

	if (entry->file)
		text = name_of_file(entry);
	else
		snprintf(buffer, PATH_MAX, "[anon:%s]", entry->given);
	len = strlen(text) + 1;
	name = kzalloc(struct_size(name, path, len), GFP_KERNEL);
	if (name) {
		if (entry->file) {
			inode = file_user_inode(entry->file);
			name->ino = inode->i_ino;
			name->dev = new_encode_dev(inode->i_sb->s_dev);
		}
		name->slot = entry->slot;
		memcpy(name->path, text, len);
		keep(name);
	} else {
		mutex_lock(&names_lock);
		renew(&slots[entry->slot], KEY_FREE);
		stats.forgotten++;
		mutex_unlock(&names_lock);
	}
	if (entry->file)
		fput(entry->file);
}

static void find_names(struct work_struct *unused)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct queue *queue = per_cpu_ptr(queues, cpu);

		/* file.drain, pairs with file.fill in meet() */
		while (queue->tail != smp_load_acquire(&queue->head)) {
			find_name(&queue->entries[queue->tail % QUEUE]);
			/* file.done, pairs with file.room in meet() */
			smp_store_release(&queue->tail, queue->tail + 1);
			cond_resched();
		}
	}
}

/*
 * The readers' side
 */

/**
 * pft_file_settle - wait until all names met before the call are kept
 *
 * Context: may sleep.
 */
void pft_file_settle(void)
{
	queue_work(workqueue, &work);
	flush_work(&work);
}

/* Holds names_lock. @pending is set if the name is still to come. */
static const struct pft_file_name *name_of_id(u32 id, bool *pending)
{
	u32 at = id & (id_step() - 1);
	const struct slot *slot = &slots[at];

	*pending = false;
	if (!id || at >= nr_slots() || slot->id != id)
		return NULL;
	*pending = !slot->name && READ_ONCE(slot->key) >= NR_KEYS;
	return slot->name;
}

/**
 * pft_file_text - the name that an id stands for, as one word
 * @id: pft_record.file
 * @to: where
 * @size: room there, at least 16 bytes
 *
 * Escaped, see PFT_FILE_QUOTED. Of a name that is too long for the room the end
 * is shown, behind "...".
 *
 * Context: may sleep.
 * Return: bytes written without the NUL, 0 if there is no such name (any more).
 */
size_t pft_file_text(u32 id, char *to, size_t size)
{
	const struct pft_file_name *name;
	size_t all = 0, n = 0;
	const char *from;
	char escaped[4];
	bool pending;

	mutex_lock(&names_lock);
	name = name_of_id(id, &pending);
	if (pending) {
		mutex_unlock(&names_lock);
		pft_file_settle();
		mutex_lock(&names_lock);
		name = name_of_id(id, &pending);
	}
	if (name) {
		for (from = name->path; *from; from++)
			all += pft_escape(escaped, *from, PFT_FILE_QUOTED);
		from = name->path;
		if (all >= size) {
			memcpy(to, "...", 3);
			n = 3;
			while (all + n >= size)
				all -= pft_escape(escaped, *from++, PFT_FILE_QUOTED);
		}
		for (; *from; from++)
			n += pft_escape(to + n, *from, PFT_FILE_QUOTED);
	}
	mutex_unlock(&names_lock);
	to[n] = '\0';
	return n;
}

/**
 * pft_file_names_from - a name in the order in which they were met
 * @nr: lowest pft_file_name.nr wanted
 *
 * To be followed by pft_file_names_end(), whatever it returns; until then the
 * names stay as they are.
 *
 * Context: may sleep.
 * Return: the first such name, or NULL. Others follow it by their link.
 */
const struct pft_file_name *pft_file_names_from(u64 nr)
{
	const struct pft_file_name *name;

	mutex_lock(&names_lock);
	list_for_each_entry(name, &names, link)
		if (name->nr >= nr)
			return name;
	return NULL;
}

/**
 * pft_file_names_next - the name behind another
 * @name: from pft_file_names_from() or from here; NULL for the oldest
 *
 * Context: between pft_file_names_from() and pft_file_names_end().
 * Return: the next, or NULL.
 */
const struct pft_file_name *pft_file_names_next(const struct pft_file_name *name)
{
	const struct list_head *next = name ? name->link.next : names.next;

	return next == &names ? NULL : list_entry(next, struct pft_file_name, link);
}

/**
 * pft_file_names_end - the names may change again
 *
 * Context: see pft_file_names_from().
 */
void pft_file_names_end(void)
{
	mutex_unlock(&names_lock);
}

/**
 * pft_file_stats - how it goes
 * @to: filled
 *
 * Context: may sleep.
 */
void pft_file_stats(struct pft_file_stats *to)
{
	mutex_lock(&names_lock);
	*to = stats;
	mutex_unlock(&names_lock);
	to->bytes += nr_slots() * sizeof(*slots) + num_possible_cpus() * sizeof(*queues) +
		     PATH_MAX;
}

/**
 * pft_file_clear - forget all names
 *
 * Context: may sleep; no handler runs.
 */
void pft_file_clear(void)
{
	struct pft_file_name *name, *next;
	u32 i;

	pft_file_settle();
	mutex_lock(&names_lock);
	list_for_each_entry_safe(name, next, &names, link)
		forget(name);
	stats.forgotten = 0;
	for (i = 0; i < nr_slots(); i++)
		WRITE_ONCE(slots[i].key, KEY_NONE);
	mutex_unlock(&names_lock);
}

static void free_memory(void)
{
	if (workqueue)
		destroy_workqueue(workqueue);
	free_percpu(queues);
	kfree(buffer);
	vfree(slots);
}

/**
 * pft_file_init - be ready for the first file
 *
 * Context: may sleep.
 * Return: 0, -ERANGE or -ENOMEM (logged).
 */
int pft_file_init(void)
{
	unsigned int cpu;
	u32 i;

	if (max_files < MIN_FILES || max_files > MAX_FILES) {
		pr_err("max_files=%u: not in %u..%u\n", max_files, MIN_FILES, MAX_FILES);
		return -ERANGE;
	}
	slot_bits = ilog2(roundup_pow_of_two(max_files * SLOTS_PER_NAME));
	slots = vzalloc(array_size(nr_slots(), sizeof(*slots)));
	buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	queues = alloc_percpu(struct queue);
	workqueue = alloc_workqueue("pftrace", WQ_UNBOUND | WQ_HIGHPRI, 1);
	if (!slots || !buffer || !queues || !workqueue) {
		pr_err("names of files: no memory (%d)\n", -ENOMEM);
		free_memory();
		return -ENOMEM;
	}
	salt = get_random_u64();
	get_random_bytes(&given_salt, sizeof(given_salt));
	for (i = 0; i < nr_slots(); i++)
		slots[i].id = id_step() + i;
	for_each_possible_cpu(cpu)
		init_irq_work(&per_cpu_ptr(queues, cpu)->kick, kicked);
	return 0;
}

/**
 * pft_file_exit - forget all, and hold no file any more
 *
 * Context: may sleep; no handler runs.
 */
void pft_file_exit(void)
{
	unsigned int cpu;

	/* What a handler has queued, it has kicked; what was kicked is worked off. */
	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu_ptr(queues, cpu)->kick);
	pft_file_clear();
	free_memory();
}
