/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_STREAM_H
#define PFT_STREAM_H

#include <linux/types.h>

#include "ring.h"

/**
 * struct pft_cursor - a reader's place in one CPU's ring
 * @cpu: whose
 * @buf: memory it reads, held; NULL if the CPU had none
 * @pos: next position wanted
 * @end: position to stop at
 */
struct pft_cursor {
	unsigned int cpu;
	struct pft_buf *buf;
	u64 pos;
	u64 end;
};

enum pft_cursor_from {
	PFT_FROM_OLDEST,
	PFT_FROM_NOW
};

void pft_cursor_open(struct pft_cursor *cursor, unsigned int cpu, enum pft_cursor_from from);
void pft_cursor_close(struct pft_cursor *cursor);
bool pft_cursor_next(struct pft_cursor *cursor, struct pft_record *rec, u64 *lost);
bool pft_cursor_ready(const struct pft_cursor *cursor);

struct pft_merge;

/**
 * struct pft_item - what comes next
 * @lost: if not 0: so many records of @cpu were lost here
 * @cpu: see @lost
 * @rec: else the record
 */
struct pft_item {
	u64 lost;
	unsigned int cpu;
	struct pft_record rec;
};

struct pft_merge *pft_merge_open(bool follow);
void pft_merge_close(struct pft_merge *merge);
bool pft_merge_ready(const struct pft_merge *merge);
void pft_merge_rewind(struct pft_merge *merge);
bool pft_merge_next(struct pft_merge *merge, struct pft_item *item);
int pft_item_text(const struct pft_item *item, char *to, size_t size);

/* Where readers sleep; woken some time after records were written. */
extern struct wait_queue_head pft_stream_wait;
void pft_stream_wakeups(bool wanted);

#endif /* PFT_STREAM_H */
