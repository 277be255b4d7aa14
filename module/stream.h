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

struct pft_merge *pft_merge_open(bool follow);
void pft_merge_close(struct pft_merge *merge);
bool pft_merge_ready(const struct pft_merge *merge);
size_t pft_merge_text(struct pft_merge *merge, char *to, size_t size);

/* Where readers sleep; woken some time after records were written. */
extern struct wait_queue_head pft_stream_wait;
void pft_stream_wakeups(bool wanted);

#endif /* PFT_STREAM_H */
