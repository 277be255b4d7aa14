// SPDX-License-Identifier: GPL-2.0
/*
 * Takes records out of the rings while CMD runs. A record names its process,
 * but whose child that is only the module's tables tell. So records wait until
 * the next look at those, where each process of theirs is listed: it was born
 * before its record was read, and whoever ended since the look before is in
 * `exited`.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gather.h"

#define PENDING_MAX	32768U	/* 4 MiB */

static void fail(struct gather *gather)
{
	pft_stream_close(gather->stream);
	gather->stream = NULL;
}

/**
 * gather_open - begin with what is recorded from now on
 * @gather: to be filled
 * @root: where the rings are; must stay open
 *
 * Where that fails, counts can still be told: see @failed.
 */
void gather_open(struct gather *gather, const struct pft_root *root)
{
	memset(gather, 0, sizeof(*gather));
	gather->pending = malloc(PENDING_MAX * sizeof(*gather->pending));
	if (!gather->pending) {
		gather->failed.code = PFT_ERR_SYSTEM;
		gather->failed.err = ENOMEM;
		return;
	}
	gather->stream = pft_stream_open(root, 0, &gather->failed);
}

/**
 * gather_drain - take what is there, as far as there is room
 * @gather: from gather_open()
 *
 * Return: how many.
 */
unsigned int gather_drain(struct gather *gather)
{
	unsigned int before = gather->count;
	uint64_t lost;
	int ret;

	if (!gather->stream)
		return 0;
	while (gather->count < PENDING_MAX) {
		ret = pft_stream_next(gather->stream, &gather->pending[gather->count], &lost,
				      &gather->failed);
		if (ret <= 0) {
			gather->lost = pft_stream_lost(gather->stream);
			if (ret < 0)
				fail(gather);
			break;
		}
		gather->count++;
	}
	return gather->count - before;
}

/**
 * gather_is_full - is it time to sort?
 * @gather: after gather_drain()
 *
 * Return: true where there is no room.
 */
bool gather_is_full(const struct gather *gather)
{
	return gather->count == PENDING_MAX;
}

/**
 * gather_sort - keep the family's records, forget the others
 * @gather: after gather_drain()
 * @family: after a family_look() that began behind it
 */
void gather_sort(struct gather *gather, const struct family *family)
{
	uint32_t pid = 0;
	bool ours = false;
	unsigned int i;

	for (i = 0; i < gather->count; i++) {
		const struct pft_record *record = &gather->pending[i];

		/* Records of one process mostly follow each other. */
		if (!i || record->tgid != pid) {
			pid = record->tgid;
			ours = family_has(family, pid);
		}
		if (ours)
			(void)tally_add(&gather->tally, record);
	}
	gather->count = 0;
}

/**
 * gather_fini - give its memory back
 * @gather: any that was opened, or all zero
 */
void gather_fini(struct gather *gather)
{
	fail(gather);
	tally_fini(&gather->tally);
	free(gather->pending);
	gather->pending = NULL;
}
