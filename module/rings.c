// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of all CPUs: their memory, its size, CPU hotplug. A CPU gets a
 * ring before it first comes up and keeps it when it goes down.
 */
#include <linux/cpuhotplug.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "compat/hotplug.h"
#include "percpu.h"
#include "rings.h"

#define MAX_KB		1048576U

static unsigned int buffer_kb = 1024;
module_param(buffer_kb, uint, 0400);
MODULE_PARM_DESC(buffer_kb, "ring size per CPU in KiB, 4 to 1048576 (1024)");

DEFINE_PER_CPU_ALIGNED(struct pft_cpu, pft_cpu);

/* Position of each ring at the last clear. */
static DEFINE_PER_CPU(u64, cleared_pos);

/* Guards pft_ring.buf of all CPUs, buffer_kb, ring_slots, mapped. */
static DEFINE_MUTEX(rings_lock);
static u64 ring_slots;
static unsigned int mapped;
static int hotplug_state;

static u64 slots_of(unsigned int kb)
{
	return roundup_pow_of_two((u64)kb * 1024 / sizeof(struct pft_record));
}

static int check_kb(unsigned int kb)
{
	u64 need;

	if (kb < 4 || kb > MAX_KB)
		return -ERANGE;
	/* vmalloc() would rather invoke the OOM killer than say no. */
	need = slots_of(kb) * sizeof(struct pft_record) * num_online_cpus();
	if (need / PAGE_SIZE > si_mem_available() / 2)
		return -ENOMEM;
	return 0;
}

static int ring_prepare(unsigned int cpu)
{
	struct pft_ring *ring = &per_cpu(pft_cpu, cpu).ring;
	int err = 0;

	mutex_lock(&rings_lock);
	if (!ring->buf) {
		struct pft_buf *buf = pft_buf_alloc(cpu, ring_slots);

		if (buf) {
			pft_buf_start_at(buf, READ_ONCE(ring->pos));
			/* Pairs with the READ_ONCE() in pft_ring_reserve() */
			smp_store_release(&ring->buf, buf);
		} else if (!hotplug_state) {
			err = -ENOMEM;	/* loading: refuse */
		}
		/*
		 * Later a CPU is not kept from coming up; its records are
		 * counted as missed_no_ring.
		 */
	}
	mutex_unlock(&rings_lock);
	return err;
}

/**
 * pft_rings_init - allocate a ring for each online CPU
 *
 * Context: may sleep.
 * Return: 0, -ERANGE or another negative errno (logged).
 */
int pft_rings_init(void)
{
	int err = check_kb(buffer_kb);

	if (err) {
		pr_err("buffer_kb=%u: %s\n", buffer_kb,
		       err == -ERANGE ? "not in 4..1048576" : "not enough memory for all CPUs");
		return err;
	}
	ring_slots = slots_of(buffer_kb);
	err = pft_hotplug_setup("pftrace:ring", ring_prepare);
	if (err < 0) {
		pr_err("rings: cannot set them up for all CPUs (%d)\n", err);
		pft_rings_exit();
		return err;
	}
	hotplug_state = err;
	return 0;
}

/**
 * pft_rings_exit - free all rings
 *
 * Context: may sleep; no writer runs any more, no file is open.
 */
void pft_rings_exit(void)
{
	unsigned int cpu;

	if (hotplug_state)
		cpuhp_remove_state(hotplug_state);
	hotplug_state = 0;
	for_each_possible_cpu(cpu) {
		struct pft_ring *ring = &per_cpu(pft_cpu, cpu).ring;

		pft_buf_put(ring->buf);
		ring->buf = NULL;
	}
}

/**
 * pft_rings_kb - size asked for
 *
 * Return: KiB per CPU, as last set.
 */
unsigned int pft_rings_kb(void)
{
	return READ_ONCE(buffer_kb);
}

/**
 * pft_rings_resize - give each ring new memory; what they held is forgotten
 * @kb: KiB per CPU; rounded up to a power of two records
 *
 * Writers go on meanwhile: each record lands in the old or the new memory.
 *
 * Context: may sleep.
 * Return: 0, -ERANGE, -ENOMEM, or -EBUSY while a ring is mapped. On error
 * nothing has changed.
 */
int pft_rings_resize(unsigned int kb)
{
	struct pft_buf **bufs;
	unsigned int cpu;
	int err = check_kb(kb);

	if (err)
		return err;
	bufs = kcalloc(nr_cpu_ids, sizeof(*bufs), GFP_KERNEL);
	if (!bufs)
		return -ENOMEM;
	mutex_lock(&rings_lock);
	if (mapped) {
		err = -EBUSY;
		goto out;
	}
	for_each_possible_cpu(cpu) {
		if (!per_cpu(pft_cpu, cpu).ring.buf)
			continue;
		bufs[cpu] = pft_buf_alloc(cpu, slots_of(kb));
		if (!bufs[cpu]) {
			err = -ENOMEM;
			goto out;
		}
	}
	for_each_possible_cpu(cpu) {
		struct pft_ring *ring = &per_cpu(pft_cpu, cpu).ring;

		if (!bufs[cpu])
			continue;
		pft_buf_start_at(bufs[cpu], READ_ONCE(ring->pos));
		bufs[cpu] = xchg(&ring->buf, bufs[cpu]);
	}
	ring_slots = slots_of(kb);
	WRITE_ONCE(buffer_kb, kb);
	synchronize_rcu();	/* writers have left the old memory */
out:
	mutex_unlock(&rings_lock);
	for_each_possible_cpu(cpu)
		pft_buf_put(bufs[cpu]);
	kfree(bufs);
	return err;
}

/**
 * pft_rings_clear - forget all records written up to now
 *
 * Context: may sleep.
 */
void pft_rings_clear(void)
{
	unsigned int cpu;

	mutex_lock(&rings_lock);
	for_each_possible_cpu(cpu) {
		struct pft_ring *ring = &per_cpu(pft_cpu, cpu).ring;
		u64 pos = READ_ONCE(ring->pos);

		*per_cpu_ptr(&cleared_pos, cpu) = pos;
		if (ring->buf)
			WRITE_ONCE(ring->buf->header->cleared, pos);
	}
	mutex_unlock(&rings_lock);
}

/**
 * pft_rings_get - take hold of a CPU's present memory
 * @cpu: a possible CPU
 *
 * Context: may sleep.
 * Return: memory to be given back with pft_buf_put(), or NULL if there is none.
 */
struct pft_buf *pft_rings_get(unsigned int cpu)
{
	struct pft_buf *buf;

	mutex_lock(&rings_lock);
	buf = per_cpu(pft_cpu, cpu).ring.buf;
	if (buf)
		pft_buf_get(buf);
	mutex_unlock(&rings_lock);
	return buf;
}

/**
 * pft_rings_map - the same for a mapping, which holds off resizing
 * @cpu: a possible CPU
 *
 * Context: may sleep.
 * Return: memory to be given back with pft_rings_unmap(), or NULL.
 */
struct pft_buf *pft_rings_map(unsigned int cpu)
{
	struct pft_buf *buf;

	mutex_lock(&rings_lock);
	buf = per_cpu(pft_cpu, cpu).ring.buf;
	if (buf) {
		pft_buf_get(buf);
		mapped++;
	}
	mutex_unlock(&rings_lock);
	return buf;
}

/**
 * pft_rings_map_again - one more mapping of the same memory (fork, split)
 * @buf: from pft_rings_map()
 *
 * Context: may sleep.
 */
void pft_rings_map_again(struct pft_buf *buf)
{
	mutex_lock(&rings_lock);
	pft_buf_get(buf);
	mapped++;
	mutex_unlock(&rings_lock);
}

/**
 * pft_rings_unmap - one mapping less
 * @buf: from pft_rings_map()
 *
 * Context: may sleep.
 */
void pft_rings_unmap(struct pft_buf *buf)
{
	mutex_lock(&rings_lock);
	mapped--;
	mutex_unlock(&rings_lock);
	pft_buf_put(buf);
}

/**
 * pft_rings_head - one more than the newest complete position of a ring
 * @cpu: a possible CPU
 *
 * Context: any.
 * Return: a position, 0 if the CPU has no ring.
 */
u64 pft_rings_head(unsigned int cpu)
{
	const struct pft_buf *buf;
	u64 head = 0;

	rcu_read_lock();	/* pft_rings_resize() waits before it frees */
	buf = READ_ONCE(per_cpu(pft_cpu, cpu).ring.buf);
	if (buf)
		head = pft_buf_head(buf);
	rcu_read_unlock();
	return head;
}

/**
 * pft_rings_stats - sums over all rings
 * @stats: filled
 *
 * Context: may sleep.
 */
void pft_rings_stats(struct pft_rings_stats *stats)
{
	unsigned int cpu;

	*stats = (struct pft_rings_stats){};
	mutex_lock(&rings_lock);
	for_each_possible_cpu(cpu) {
		struct pft_ring *ring = &per_cpu(pft_cpu, cpu).ring;
		u64 begin = *per_cpu_ptr(&cleared_pos, cpu);
		u64 head = READ_ONCE(ring->pos);
		u64 oldest = head;

		stats->records += head - begin;
		if (ring->buf) {
			stats->cpus++;
			stats->bytes += ring->buf->size;
			oldest = clamp(pft_buf_oldest(ring->buf), begin, head);
		}
		stats->overwritten += oldest - begin;
	}
	mutex_unlock(&rings_lock);
}
