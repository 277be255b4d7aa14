/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One overwriting ring: one writer, any number of readers. See the DOC block
 * in ring.c for the protocol. This file and ring.c know nothing of probes or
 * debugfs, and also build in user space (tests/unit/ring_shim.h).
 */
#ifndef PFT_RING_H
#define PFT_RING_H

#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/kref.h>
#include <linux/types.h>
#include <asm/barrier.h>
#else
#include "ring_shim.h"
#endif

#include "uapi/pftrace.h"

#define PFT_RING_MIN_SLOTS	32U

/**
 * struct pft_buf - memory of a ring, also what a mapping of it shows
 * @header: first page of the shared memory
 * @slots: first slot
 * @mask: number of slots less one
 * @size: bytes of the shared memory
 * @refs: the ring, readers and mappings
 */
struct pft_buf {
	struct pft_ring_header *header;
	struct pft_record *slots;
	u64 mask;
	size_t size;
	struct kref refs;
};

/**
 * struct pft_ring - the writer's side; on a cache line that nobody else writes
 * @pos: next position; only the writer changes it
 * @buf: where to write, or NULL; whoever changes it waits for the writer
 *	(synchronize_rcu()) before the old one is put
 * @busy: a record is being written; a nested writer must give up
 */
struct pft_ring {
	u64 pos;
	struct pft_buf *buf;
	u32 busy;
};

struct pft_buf *pft_buf_alloc(u32 cpu, u64 slots);
struct pft_buf *pft_buf_get(struct pft_buf *buf);
void pft_buf_put(struct pft_buf *buf);
void pft_buf_start_at(struct pft_buf *buf, u64 pos);
u64 pft_buf_oldest(const struct pft_buf *buf);
u64 pft_buf_head(const struct pft_buf *buf);
bool pft_buf_read(const struct pft_buf *buf, u64 *pos, struct pft_record *rec);

/**
 * pft_ring_reserve - begin a record
 * @ring: ring of this CPU
 * @where: set to the memory that holds the record, for pft_ring_publish()
 *
 * Context: the ring's only writer; may not be preempted or moved to another
 * CPU before pft_ring_publish(). Lock-free, does not sleep.
 *
 * Return: the slot; all of it but @pos is to be filled with WRITE_ONCE().
 * NULL if this interrupted another write to the ring (@ring->busy is set), or
 * if the ring has no memory (it is not; the position is used up, so that the
 * loss shows).
 */
static __always_inline struct pft_record *
pft_ring_reserve(struct pft_ring *ring, struct pft_buf **where)
{
	struct pft_buf *buf = READ_ONCE(ring->buf);
	struct pft_ring_header *header;
	struct pft_record *rec;
	u64 pos;

	if (unlikely(ring->busy))
		return NULL;
	if (unlikely(!buf)) {
		WRITE_ONCE(ring->pos, ring->pos + 1);
		return NULL;
	}
	ring->busy = 1;
	barrier();	/* busy first: an interrupt must find it set */
	pos = ring->pos;
	WRITE_ONCE(ring->pos, pos + 1);
	header = buf->header;
	if (unlikely(header->head != pos))	/* this memory is new */
		WRITE_ONCE(header->first, pos);
	WRITE_ONCE(header->reserve, pos + 1);
	/*
	 * ring.reserve: the reservation is seen before any byte of the slot
	 * changes. Pairs with ring.check in pft_buf_read().
	 */
	smp_wmb();
	rec = &buf->slots[pos & buf->mask];
	WRITE_ONCE(rec->pos, pos);
	*where = buf;
	return rec;
}

/**
 * pft_ring_publish - end the record that pft_ring_reserve() began
 * @ring: ring of this CPU
 * @buf: what pft_ring_reserve() stored
 *
 * Context: as for pft_ring_reserve().
 */
static __always_inline void pft_ring_publish(struct pft_ring *ring, struct pft_buf *buf)
{
	/*
	 * ring.publish: the whole slot is seen before the position is offered.
	 * Pairs with ring.acquire in pft_buf_read().
	 */
	smp_store_release(&buf->header->head, ring->pos);
	barrier();	/* not free for an interrupt before it is published */
	ring->busy = 0;
}

#endif /* PFT_RING_H */
