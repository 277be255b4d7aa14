// SPDX-License-Identifier: GPL-2.0
/*
 * Writes recordings: records as they come, in blocks of one CPU each, and the
 * text files of the directory again and again. What was given to the recorder
 * before a snapshot is in the file before it.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"
#include "recording.h"

#define RECORDS_MAX	4096U
#define LOSSES_MAX	RECORDS_MAX

/* Files of a snapshot; the last one makes it complete, see recording.c. */
static const char *const snapshot_files[] = {
	"pids", "threads", "exited", "causes", "latency", "totals",
};

/**
 * struct lane - what is not yet written of one CPU
 * @records: records
 * @losses: what was lost between them
 * @head: how many of both
 */
struct lane {
	struct pft_record *records;
	struct recording_loss *losses;
	struct recording_records head;
};

struct pft_recorder {
	const struct pft_root *root;
	struct block_packer *packer;
	struct lane *lane;
	unsigned int nr_lanes;
	char *buffer;
	size_t room;
	uint64_t files, forgotten;
	struct pft_recorder_stats stats;
};

static bool grow(struct pft_recorder *recorder, size_t size)
{
	char *more;

	if (size <= recorder->room)
		return true;
	more = realloc(recorder->buffer, size * 2);
	if (!more)
		return false;
	recorder->buffer = more;
	recorder->room = size * 2;
	return true;
}

static bool failed(struct pft_recorder *recorder, struct pft_error *error)
{
	error_system(error, recorder->root, NULL, errno);
	error->code = PFT_ERR_SYSTEM;
	(void)strcpy(error->path, "the recording");
	return false;
}

/**
 * pft_recorder_open - begin a recording
 * @root: what to record; must stay open
 * @fd: where to write; stays the caller's
 * @error: why not
 *
 * Return: to be closed with pft_recorder_close(), or NULL.
 */
struct pft_recorder *pft_recorder_open(const struct pft_root *root, int fd,
				       struct pft_error *error)
{
	struct pft_recorder *recorder = calloc(1, sizeof(*recorder));

	error_clear(error);
	if (!recorder) {
		error_system(error, root, NULL, ENOMEM);
		return NULL;
	}
	recorder->root = root;
	recorder->files = UINT64_MAX;
	recorder->packer = block_packer_new(fd);
	if (!recorder->packer) {
		error_system(error, root, NULL, ENOMEM);
	} else if (!block_packer_start(recorder->packer)) {
		(void)failed(recorder, error);
	} else if (pft_recorder_file(recorder, "format", error)) {
		return recorder;
	}
	pft_recorder_free(recorder);
	return NULL;
}

/**
 * pft_recorder_text - write a text
 * @recorder: from pft_recorder_open()
 * @name: its name, below 64 bytes
 * @data: the text
 * @size: its bytes, BLOCK_MAX less a little at most
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_recorder_text(struct pft_recorder *recorder, const char *name, const void *data,
		       size_t size, struct pft_error *error)
{
	struct block block = { .type = BLOCK_TEXT, .from_ns = pft_now_ns() };

	(void)strncpy(block.name, name, sizeof(block.name) - 1);
	if (!block_write(recorder->packer, &block, data, size))
		return failed(recorder, error);
	recorder->stats.bytes = block_packer_bytes(recorder->packer);
	return true;
}

/* All of a file into the buffer; -1 on an error. */
static ssize_t read_file(struct pft_recorder *recorder, const char *name, struct pft_error *error)
{
	int fd = root_open_file(recorder->root, name, O_RDONLY, error);
	size_t size = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	for (;;) {
		if (!grow(recorder, size + 65536)) {
			error_system(error, recorder->root, name, ENOMEM);
			got = -1;
			break;
		}
		got = read(fd, recorder->buffer + size, recorder->room - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			error_system(error, recorder->root, name, errno);
		if (got <= 0)
			break;
		size += (size_t)got;
	}
	(void)close(fd);
	return got < 0 ? -1 : (ssize_t)size;
}

/**
 * pft_recorder_file - write a file of the directory as it is now
 * @recorder: from pft_recorder_open()
 * @name: its name
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_recorder_file(struct pft_recorder *recorder, const char *name, struct pft_error *error)
{
	ssize_t size = read_file(recorder, name, error);

	return size >= 0 &&
	       pft_recorder_text(recorder, name, recorder->buffer, (size_t)size, error);
}

static bool flush_lane(struct pft_recorder *recorder, unsigned int cpu, struct pft_error *error)
{
	struct lane *lane = &recorder->lane[cpu];
	size_t records = lane->head.count * sizeof(*lane->records);
	size_t losses = lane->head.nr_losses * sizeof(*lane->losses);
	size_t size = sizeof(lane->head) + records + losses;
	struct block block = { .type = BLOCK_RECORDS, .cpu = cpu, .count = lane->head.count };

	if (!lane->head.count && !lane->head.nr_losses)
		return true;
	if (!grow(recorder, size)) {
		errno = ENOMEM;
		return failed(recorder, error);
	}
	block.from_ns = pft_now_ns();
	block.to_ns = block.from_ns;
	if (lane->head.count) {
		block.from_ns = lane->records[0].time_ns;
		block.to_ns = lane->records[lane->head.count - 1].time_ns;
	}
	memcpy(recorder->buffer, &lane->head, sizeof(lane->head));
	memcpy(recorder->buffer + sizeof(lane->head), lane->records, records);
	if (losses)
		memcpy(recorder->buffer + sizeof(lane->head) + records, lane->losses, losses);
	if (!block_write(recorder->packer, &block, recorder->buffer, size))
		return failed(recorder, error);
	recorder->stats.bytes = block_packer_bytes(recorder->packer);
	lane->head.count = 0;
	lane->head.nr_losses = 0;
	return true;
}

static struct lane *get_lane(struct pft_recorder *recorder, unsigned int cpu)
{
	struct lane *lane;

	if (cpu >= recorder->nr_lanes) {
		lane = reallocarray(recorder->lane, cpu + 1, sizeof(*lane));
		if (!lane)
			return NULL;
		memset(lane + recorder->nr_lanes, 0, (cpu + 1 - recorder->nr_lanes) * sizeof(*lane));
		recorder->lane = lane;
		recorder->nr_lanes = cpu + 1;
	}
	lane = &recorder->lane[cpu];
	if (lane->records && lane->losses)
		return lane;
	lane->records = calloc(RECORDS_MAX, sizeof(*lane->records));
	lane->losses = calloc(LOSSES_MAX, sizeof(*lane->losses));
	lane->head.record_size = sizeof(*lane->records);
	if (lane->records && lane->losses)
		return lane;
	free(lane->records);
	free(lane->losses);
	memset(lane, 0, sizeof(*lane));
	return NULL;
}

/**
 * pft_recorder_lost - records of a CPU were lost behind the last one
 * @recorder: from pft_recorder_open()
 * @cpu: the CPU
 * @lost: how many
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_recorder_lost(struct pft_recorder *recorder, unsigned int cpu, uint64_t lost,
		       struct pft_error *error)
{
	struct lane *lane = get_lane(recorder, cpu);
	struct recording_loss *loss;

	if (!lane) {
		errno = ENOMEM;
		return failed(recorder, error);
	}
	recorder->stats.lost += lost;
	loss = lane->head.nr_losses ? &lane->losses[lane->head.nr_losses - 1] : NULL;
	if (!loss || loss->index != lane->head.count) {
		loss = &lane->losses[lane->head.nr_losses++];
		*loss = (struct recording_loss){ .index = lane->head.count };
	}
	loss->lost += lost;
	return true;
}

/**
 * pft_recorder_add - record a fault
 * @recorder: from pft_recorder_open()
 * @record: the record
 * @lost: how many of its CPU were lost just before it
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_recorder_add(struct pft_recorder *recorder, const struct pft_record *record,
		      uint64_t lost, struct pft_error *error)
{
	struct lane *lane = get_lane(recorder, record->cpu);

	if (!lane) {
		errno = ENOMEM;
		return failed(recorder, error);
	}
	if (lost && !pft_recorder_lost(recorder, record->cpu, lost, error))
		return false;
	lane->records[lane->head.count++] = *record;
	recorder->stats.records++;
	return lane->head.count < RECORDS_MAX || flush_lane(recorder, record->cpu, error);
}

/**
 * pft_recorder_snapshot - write what the files of the directory say now
 * @recorder: from pft_recorder_open()
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_recorder_snapshot(struct pft_recorder *recorder, struct pft_error *error)
{
	struct pft_totals totals;
	unsigned int i;

	for (i = 0; i < recorder->nr_lanes; i++)
		if (!flush_lane(recorder, i, error))
			return false;
	if (!pft_totals_read(recorder->root, &totals, error))
		return false;
	/* Names come rarely and are many. */
	if (recorder->files != pft_totals_value(&totals, "files") ||
	    recorder->forgotten != pft_totals_value(&totals, "files_forgotten")) {
		if (!pft_recorder_file(recorder, "files", error) && !pft_error_is_missing(error))
			return false;
		recorder->files = pft_totals_value(&totals, "files");
		recorder->forgotten = pft_totals_value(&totals, "files_forgotten");
	}
	for (i = 0; i < sizeof(snapshot_files) / sizeof(snapshot_files[0]); i++)
		if (!pft_recorder_file(recorder, snapshot_files[i], error) &&
		    !pft_error_is_missing(error))
			return false;
	recorder->stats.snapshots++;
	return true;
}

/**
 * pft_recorder_end - complete a recording
 * @recorder: from pft_recorder_open()
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_recorder_end(struct pft_recorder *recorder, struct pft_error *error)
{
	struct block block = { .type = BLOCK_END };

	if (!pft_recorder_snapshot(recorder, error))
		return false;
	block.from_ns = pft_now_ns();
	if (!block_write(recorder->packer, &block, NULL, 0))
		return failed(recorder, error);
	recorder->stats.bytes = block_packer_bytes(recorder->packer);
	return true;
}

/**
 * pft_recorder_stats - how it goes
 * @recorder: from pft_recorder_open()
 *
 * Return: valid as long as the recorder.
 */
const struct pft_recorder_stats *pft_recorder_stats(const struct pft_recorder *recorder)
{
	return &recorder->stats;
}

/**
 * pft_recorder_free - done, whether it was ended or not
 * @recorder: from pft_recorder_open(), or NULL
 */
void pft_recorder_free(struct pft_recorder *recorder)
{
	unsigned int i;

	if (!recorder)
		return;
	for (i = 0; i < recorder->nr_lanes; i++) {
		free(recorder->lane[i].records);
		free(recorder->lane[i].losses);
	}
	free(recorder->lane);
	free(recorder->buffer);
	block_packer_free(recorder->packer);
	free(recorder);
}
