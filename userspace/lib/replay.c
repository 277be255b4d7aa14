// SPDX-License-Identifier: GPL-2.0
/* The records of one CPU out of a recording, in the order in which it made them. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"
#include "recording.h"

/**
 * struct replay - one CPU's records
 * @recording: whose
 * @cpu: of this CPU
 * @from_ns: those before are not wanted
 * @next: index of the block to look at next
 * @data: content of the block that is given out, or NULL
 * @records: what it begins with
 * @losses: what it ends with
 * @index: the next record of it
 * @loss: the next loss of it
 * @lost: lost since the last record that was given out
 */
struct replay {
	const struct recording *recording;
	unsigned int cpu;
	uint64_t from_ns;
	unsigned int next;
	char *data;
	struct recording_records records;
	const char *losses;
	unsigned int index;
	unsigned int loss;
	uint64_t lost;
};

/**
 * replay_open - begin with a CPU
 * @recording: from recording_open(); must stay open
 * @cpu: which
 * @flags: PFT_READ_WHOLE or PFT_READ_OLDEST; else from the time that is looked at
 * @error: why not
 *
 * Return: to be closed with replay_close(), or NULL.
 */
struct replay *replay_open(const struct recording *recording, unsigned int cpu, unsigned int flags,
			   struct pft_error *error)
{
	struct replay *replay = calloc(1, sizeof(*replay));

	if (!replay) {
		error_system(error, recording->root, "cpu", ENOMEM);
		return NULL;
	}
	replay->recording = recording;
	replay->cpu = cpu;
	if (flags & PFT_READ_WHOLE)
		replay->from_ns = 0;
	else
		replay->from_ns = flags & PFT_READ_OLDEST ? recording->from_ns : recording->now_ns;
	return replay;
}

/**
 * replay_close - done with a CPU
 * @replay: from replay_open(), or NULL
 */
void replay_close(struct replay *replay)
{
	if (!replay)
		return;
	free(replay->data);
	free(replay);
}

static bool check(struct replay *replay, const struct block *block, size_t size)
{
	uint64_t want = sizeof(replay->records);

	if (size < sizeof(replay->records))
		return false;
	memcpy(&replay->records, replay->data, sizeof(replay->records));
	if (replay->records.record_size < sizeof(struct pft_record) ||
	    replay->records.record_size > 4096 || replay->records.count != block->count)
		return false;
	want += (uint64_t)replay->records.count * replay->records.record_size;
	replay->losses = replay->data + (want < size ? want : size);
	want += (uint64_t)replay->records.nr_losses * sizeof(struct recording_loss);
	return want == size;
}

static int damaged(const struct replay *replay, const struct block *block, struct pft_error *error)
{
	error_format(error, replay->recording->root, "records", "damaged at byte %llu",
		     (unsigned long long)block->offset);
	return -1;
}

/* Unpacks the next block of this CPU. Return: 1, 0 there is none, -1 error. */
static int next_block(struct replay *replay, struct pft_error *error)
{
	const struct recording *recording = replay->recording;
	const struct block *block;
	enum block_status status;
	void *data;
	size_t size;

	free(replay->data);
	replay->data = NULL;
	for (;; replay->next++) {
		if (replay->next == recording->count)
			return 0;
		block = &recording->block[replay->next];
		if (block->type != BLOCK_RECORDS || block->cpu != replay->cpu)
			continue;
		if (block->from_ns > recording->now_ns)
			return 0;
		if (block->to_ns > replay->from_ns || !replay->from_ns)
			break;
	}
	status = block_read(recording->fd, block, &data, &size);
	if (status == BLOCK_FAIL) {
		error_system(error, recording->root, "records", errno);
		return -1;
	}
	if (status != BLOCK_OK)
		return damaged(replay, block, error);
	replay->data = data;
	if (!check(replay, block, size)) {
		/* Nobody may take records out of it; the next try fails again. */
		free(replay->data);
		replay->data = NULL;
		return damaged(replay, block, error);
	}
	replay->next++;
	replay->index = 0;
	replay->loss = 0;
	return 1;
}

static void add_losses(struct replay *replay)
{
	struct recording_loss loss;

	for (; replay->loss < replay->records.nr_losses; replay->loss++) {
		memcpy(&loss, replay->losses + replay->loss * sizeof(loss), sizeof(loss));
		if (loss.index > replay->index)
			break;
		replay->lost += loss.lost;
	}
}

/**
 * replay_next - the next record
 * @replay: from replay_open()
 * @record: where to copy it
 * @lost: where to put how many were lost since the one before; at the end, too
 * @error: why not
 *
 * Return: 1, 0 there is none up to the time that is looked at, -1 error.
 */
int replay_next(struct replay *replay, struct pft_record *record, uint64_t *lost,
		struct pft_error *error)
{
	int ret;

	for (;;) {
		if (!replay->data) {
			ret = next_block(replay, error);
			if (ret <= 0)
				break;
		}
		add_losses(replay);
		if (replay->index == replay->records.count) {
			free(replay->data);
			replay->data = NULL;
			continue;
		}
		memcpy(record, replay->data + sizeof(replay->records) +
		       (size_t)replay->index * replay->records.record_size, sizeof(*record));
		if (record->time_ns > replay->recording->now_ns) {
			ret = 0;
			break;
		}
		replay->index++;
		/* Of those that are not wanted the losses are not, either. */
		if (replay->from_ns && record->time_ns <= replay->from_ns) {
			replay->lost = 0;
			continue;
		}
		ret = 1;
		break;
	}
	*lost = replay->lost;
	replay->lost = 0;
	return ret;
}
