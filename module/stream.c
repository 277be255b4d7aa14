// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the rings from the kernel's side: a cursor in one ring, all rings
 * merged by time, and waking those who wait.
 *
 * The handlers wake nobody: they may run where a wake-up is forbidden (under
 * a runqueue lock, in reclaim, on RT), and it would cost every fault. While a
 * file that can be waited on is open, a work item looks every 20 ms.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "record.h"
#include "rings.h"
#include "stream.h"

#define WAKEUP_PERIOD	msecs_to_jiffies(20)

DECLARE_WAIT_QUEUE_HEAD(pft_stream_wait);

static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look);
static atomic_t waitable;	/* open files that can be waited on */
static u64 looked_at;

static void look(struct work_struct *work)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += pft_rings_head(cpu);
	if (sum != looked_at) {
		looked_at = sum;
		wake_up_interruptible_all(&pft_stream_wait);
	}
	if (atomic_read(&waitable))
		schedule_delayed_work(&look_work, WAKEUP_PERIOD);
}

/**
 * pft_stream_wakeups - a file that can be waited on is opened or closed
 * @wanted: true for opened, false for closed
 *
 * Context: may sleep.
 */
void pft_stream_wakeups(bool wanted)
{
	if (wanted) {
		if (atomic_inc_return(&waitable) == 1)
			schedule_delayed_work(&look_work, WAKEUP_PERIOD);
	} else if (atomic_dec_and_test(&waitable)) {
		cancel_delayed_work_sync(&look_work);
		/* It may have been opened again just before it was cancelled. */
		if (atomic_read(&waitable))
			schedule_delayed_work(&look_work, WAKEUP_PERIOD);
	}
}

/**
 * pft_cursor_open - begin to read
 * @cursor: filled
 * @cpu: a possible CPU
 * @from: where to begin
 *
 * Context: may sleep. The cursor then reads on for ever; set @end to change
 * that.
 */
void pft_cursor_open(struct pft_cursor *cursor, unsigned int cpu, enum pft_cursor_from from)
{
	struct pft_buf *buf = pft_rings_get(cpu);

	cursor->cpu = cpu;
	cursor->buf = buf;
	cursor->end = U64_MAX;
	cursor->pos = 0;
	if (buf)
		cursor->pos = from == PFT_FROM_NOW ? pft_buf_head(buf) : pft_buf_oldest(buf);
}

/**
 * pft_cursor_close - end reading
 * @cursor: opened
 *
 * Context: may sleep.
 */
void pft_cursor_close(struct pft_cursor *cursor)
{
	pft_buf_put(cursor->buf);
	cursor->buf = NULL;
}

/* Follows the ring to new memory. Returns true if there is some. */
static bool follow(struct pft_cursor *cursor)
{
	struct pft_buf *buf = pft_rings_get(cursor->cpu);

	if (buf == cursor->buf) {
		pft_buf_put(buf);
		return false;
	}
	pft_buf_put(cursor->buf);
	cursor->buf = buf;
	return buf;
}

/**
 * pft_cursor_next - the next record
 * @cursor: opened
 * @rec: where to copy it
 * @lost: set to the number of records lost before it, or before @cursor->end
 *
 * A cursor that has an end keeps the memory it began with.
 *
 * Context: may sleep.
 * Return: true if a record was copied.
 */
bool pft_cursor_next(struct pft_cursor *cursor, struct pft_record *rec, u64 *lost)
{
	u64 wanted = cursor->pos;
	bool got;

	*lost = 0;
	if (wanted >= cursor->end)
		return false;
	do {
		got = cursor->buf && pft_buf_read(cursor->buf, &cursor->pos, rec);
	} while (!got && cursor->end == U64_MAX && follow(cursor));

	if (got && rec->pos < cursor->end) {
		*lost = rec->pos - wanted;
		return true;
	}
	/* Nothing, or all up to the end has been overwritten. */
	cursor->pos = min(cursor->pos, cursor->end);
	*lost = cursor->pos - wanted;
	return false;
}

/**
 * pft_cursor_ready - is there a record?
 * @cursor: opened
 *
 * Context: any.
 * Return: true if pft_cursor_next() would find one.
 */
bool pft_cursor_ready(const struct pft_cursor *cursor)
{
	return pft_rings_head(cursor->cpu) > cursor->pos;
}

/**
 * struct pft_merge - all rings, merged by time
 * @nr: number of lanes
 * @lanes: one for each possible CPU
 * @lanes.cursor: where it is
 * @lanes.begin: where it began
 * @lanes.lost: records lost before @lanes.rec, not yet told
 * @lanes.held: @lanes.rec is the lane's next record
 * @lanes.rec: see @lanes.held
 */
struct pft_merge {
	unsigned int nr;
	struct {
		struct pft_cursor cursor;
		u64 begin;
		u64 lost;
		bool held;
		struct pft_record rec;
	} lanes[];
};

/**
 * pft_merge_open - begin to read all rings
 * @follow: begin now and go on for ever; else all that is there now
 *
 * Context: may sleep.
 * Return: a reader for pft_merge_close(), or NULL.
 */
struct pft_merge *pft_merge_open(bool follow)
{
	struct pft_merge *merge;
	unsigned int cpu;

	merge = kvzalloc(struct_size(merge, lanes, num_possible_cpus()), GFP_KERNEL);
	if (!merge)
		return NULL;
	for_each_possible_cpu(cpu) {
		struct pft_cursor *cursor = &merge->lanes[merge->nr].cursor;

		pft_cursor_open(cursor, cpu, follow ? PFT_FROM_NOW : PFT_FROM_OLDEST);
		if (!follow)
			cursor->end = cursor->buf ? pft_buf_head(cursor->buf) : 0;
		merge->lanes[merge->nr++].begin = cursor->pos;
	}
	return merge;
}

/**
 * pft_merge_rewind - begin again where it began
 * @merge: from pft_merge_open()
 *
 * What has been overwritten since is told as lost.
 *
 * Context: may sleep.
 */
void pft_merge_rewind(struct pft_merge *merge)
{
	unsigned int i;

	for (i = 0; i < merge->nr; i++) {
		merge->lanes[i].cursor.pos = merge->lanes[i].begin;
		merge->lanes[i].lost = 0;
		merge->lanes[i].held = false;
	}
}

/**
 * pft_merge_close - end reading
 * @merge: from pft_merge_open()
 *
 * Context: may sleep.
 */
void pft_merge_close(struct pft_merge *merge)
{
	unsigned int i;

	for (i = 0; i < merge->nr; i++)
		pft_cursor_close(&merge->lanes[i].cursor);
	kvfree(merge);
}

/**
 * pft_merge_ready - is there something to read?
 * @merge: from pft_merge_open(), following
 *
 * Context: any.
 * Return: true if pft_merge_next() would find something.
 */
bool pft_merge_ready(const struct pft_merge *merge)
{
	unsigned int i;

	for (i = 0; i < merge->nr; i++)
		if (merge->lanes[i].held || pft_cursor_ready(&merge->lanes[i].cursor))
			return true;
	return false;
}

/**
 * pft_merge_next - the oldest record of all rings, or a loss
 * @merge: from pft_merge_open()
 * @item: filled
 *
 * The order of time holds among the records that were there when a lane was
 * looked at. When following, one CPU's record may be found a little later
 * than a younger one of another.
 *
 * Context: may sleep.
 * Return: true if @item was filled, false if there is nothing (yet).
 */
bool pft_merge_next(struct pft_merge *merge, struct pft_item *item)
{
	int first = -1;
	unsigned int i;

	for (i = 0; i < merge->nr; i++) {
		u64 lost = 0;

		if (!merge->lanes[i].held)
			merge->lanes[i].held = pft_cursor_next(&merge->lanes[i].cursor,
							       &merge->lanes[i].rec, &lost);
		merge->lanes[i].lost += lost;
		if (merge->lanes[i].lost) {
			item->lost = merge->lanes[i].lost;
			item->cpu = merge->lanes[i].cursor.cpu;
			merge->lanes[i].lost = 0;
			return true;
		}
		if (merge->lanes[i].held &&
		    (first < 0 || merge->lanes[i].rec.time_ns < merge->lanes[first].rec.time_ns))
			first = i;
	}
	if (first < 0)
		return false;
	item->lost = 0;
	item->rec = merge->lanes[first].rec;
	merge->lanes[first].held = false;
	return true;
}

/**
 * pft_item_text - an item as a line
 * @item: what pft_merge_next() filled
 * @to: where
 * @size: room there, PFT_RECORD_TEXT is enough
 *
 * Context: may sleep.
 * Return: bytes written without the NUL.
 */
int pft_item_text(const struct pft_item *item, char *to, size_t size)
{
	if (item->lost)
		return scnprintf(to, size, "# lost %llu records of CPU %u\n", item->lost,
				 item->cpu);
	return pft_record_text(to, size, &item->rec);
}
