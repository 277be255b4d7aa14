// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the ring
 *
 * Each CPU has a ring of fixed-size records, a power of two of them. Position
 * p, counted from 0 and never wrapping, lives in slot p & mask. The CPU's
 * handlers are the only writer. They overwrite the oldest record, never look
 * at a reader and never wait. Readers have positions of their own and change
 * nothing, so any number of them can come and go.
 *
 * Two words in the shared header tell readers where the writer is:
 *
 *   reserve  the slot of position reserve - 1 may be changing
 *   head     positions below head are complete
 *
 *   writer, position p               reader, position p
 *   ------------------               ------------------
 *   reserve = p + 1                  h = head            [ring.acquire]
 *   smp_wmb()       [ring.reserve]   p >= h: nothing there yet
 *   slot[p & mask] = ...             copy = slot[p & mask]
 *   head = p + 1    [ring.publish]   smp_rmb()           [ring.check]
 *                                    reserve > p + slots: copy is void
 *
 * ring.publish (store-release) pairs with ring.acquire (load-acquire): a
 * reader that sees head > p sees the whole record p, or something newer.
 *
 * ring.reserve pairs with ring.check: the slot of p is next written for
 * position p + slots, which first sets reserve to p + slots + 1. If any byte
 * of the copy came from that write, then the reader's load of reserve, behind
 * the read barrier, sees at least p + slots + 1, and the copy is thrown away.
 * So a copy that passes the check is record p, whole. The argument needs only
 * these two pairs; it holds on x86, where both barriers are the compiler's,
 * and on arm64, where they are dmb ishst and dmb ishld.
 *
 * What a reader lost is the difference between the position it wanted and the
 * oldest that is left. Positions are stored in the records too, so readers of
 * a plain byte stream can tell as well.
 *
 * Changing a ring's memory: the new memory begins with the head of the old
 * one. A record that the writer still puts into the old memory is lost in the
 * new one; the writer sees that head is not its own position and moves
 * "first", so that this loss is counted like any other.
 */
#ifdef __KERNEL__
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#endif

#include "ring.h"

static_assert(sizeof(struct pft_record) == 128);
static_assert(sizeof(struct pft_ring_header) == 128);

#define RECORD_WORDS	(sizeof(struct pft_record) / sizeof(u64))

/**
 * pft_buf_alloc - get zeroed memory for a ring
 * @cpu: shown in the header
 * @slots: number of records, a power of two, at least PFT_RING_MIN_SLOTS
 *
 * Context: may sleep.
 * Return: the memory with one reference, or NULL.
 */
struct pft_buf *pft_buf_alloc(u32 cpu, u64 slots)
{
	struct pft_buf *buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	struct pft_ring_header *header;

	if (!buf)
		return NULL;
	buf->size = PAGE_ALIGN(PAGE_SIZE + slots * sizeof(struct pft_record));
	header = vmalloc_user(buf->size);
	if (!header) {
		kfree(buf);
		return NULL;
	}
	kref_init(&buf->refs);
	buf->header = header;
	buf->slots = (void *)((char *)header + PAGE_SIZE);
	buf->mask = slots - 1;
	header->magic = PFT_RING_MAGIC;
	header->abi_major = PFT_ABI_MAJOR;
	header->abi_minor = PFT_ABI_MINOR;
	header->record_size = sizeof(struct pft_record);
	header->cpu = cpu;
	header->data_offset = PAGE_SIZE;
	header->slots = slots;
	header->size = buf->size;
	return buf;
}

/**
 * pft_buf_get - take a reference
 * @buf: memory that the caller knows to be alive
 *
 * Return: @buf.
 */
struct pft_buf *pft_buf_get(struct pft_buf *buf)
{
	kref_get(&buf->refs);
	return buf;
}

static void buf_free(struct kref *refs)
{
	struct pft_buf *buf = container_of(refs, struct pft_buf, refs);

	vfree(buf->header);
	kfree(buf);
}

/**
 * pft_buf_put - drop a reference; the last one frees
 * @buf: may be NULL
 *
 * Context: may sleep.
 */
void pft_buf_put(struct pft_buf *buf)
{
	if (buf)
		kref_put(&buf->refs, buf_free);
}

/**
 * pft_buf_start_at - let fresh memory go on where another ended
 * @buf: memory that no writer or reader knows yet
 * @pos: next position of the ring
 */
void pft_buf_start_at(struct pft_buf *buf, u64 pos)
{
	struct pft_ring_header *header = buf->header;

	header->reserve = pos;
	header->head = pos;
	header->first = pos;
	header->cleared = pos;
}

/**
 * pft_buf_oldest - the oldest position that a reader may still get
 * @buf: memory of a ring
 *
 * Return: a position; all below are gone for ever.
 */
u64 pft_buf_oldest(const struct pft_buf *buf)
{
	const struct pft_ring_header *header = buf->header;
	u64 reserve = READ_ONCE(header->reserve);
	u64 slots = buf->mask + 1;
	u64 oldest = reserve > slots ? reserve - slots : 0;

	oldest = max(oldest, READ_ONCE(header->first));
	return max(oldest, READ_ONCE(header->cleared));
}

/**
 * pft_buf_head - one more than the newest complete position
 * @buf: memory of a ring
 *
 * Return: a position.
 */
u64 pft_buf_head(const struct pft_buf *buf)
{
	/* ring.acquire: pairs with ring.publish in pft_ring_publish() */
	return smp_load_acquire(&buf->header->head);
}

static void copy_record(struct pft_record *to, const struct pft_record *from)
{
	const u64 *src = (const u64 *)from;
	u64 *dst = (u64 *)to;
	size_t i;

	/* Word by word: the writer may be at it, and the check decides. */
	for (i = 0; i < RECORD_WORDS; i++)
		dst[i] = READ_ONCE(src[i]);
}

/**
 * pft_buf_read - copy the next record
 * @buf: memory of a ring; the caller holds a reference
 * @pos: position wanted; set behind the one returned. It jumps over what has
 *	been overwritten: the loss is rec->pos less the position wanted.
 * @rec: where to copy; undefined when nothing was copied
 *
 * Context: any; lock-free. Tries again as long as the writer overtakes it
 * within a copy, which takes a whole round of the ring each time.
 *
 * Return: true if a record was copied, false if there is none yet.
 */
bool pft_buf_read(const struct pft_buf *buf, u64 *pos, struct pft_record *rec)
{
	const struct pft_ring_header *header = buf->header;
	u64 slots = buf->mask + 1;

	for (;;) {
		/* ring.acquire: pairs with ring.publish in pft_ring_publish() */
		u64 head = smp_load_acquire(&header->head);
		u64 oldest = pft_buf_oldest(buf);

		if (*pos < oldest)
			*pos = oldest;
		if (*pos >= head)
			return false;
		copy_record(rec, &buf->slots[*pos & buf->mask]);
		/* ring.check: pairs with ring.reserve in pft_ring_reserve() */
		smp_rmb();
		if (likely(READ_ONCE(header->reserve) <= *pos + slots)) {
			++*pos;
			return true;
		}
	}
}
