// SPDX-License-Identifier: GPL-2.0
/*
 * Reads recordings: finds the blocks of the file, and gives each text as it was
 * at the time that is looked at. Nothing in the file is believed before it is
 * checked.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "private.h"
#include "recording.h"

#define BLOCKS_MAX	(1U << 22)
#define CPUS_MAX	8192

/* A snapshot is complete when this is in the file: it is written last. */
static const char last_text[] = "totals";

static bool add_block(struct recording *recording, const struct block *block)
{
	unsigned int room = recording->room ? recording->room * 2 : 1024;
	struct block *more;

	if (recording->count == recording->room) {
		more = reallocarray(recording->block, room, sizeof(*more));
		if (!more)
			return false;
		recording->block = more;
		recording->room = room;
	}
	recording->block[recording->count++] = *block;
	return true;
}

static void note_damage(struct recording *recording, enum block_status status, uint64_t at)
{
	(void)snprintf(recording->damage, sizeof(recording->damage), status == BLOCK_CUT ?
		       "it is cut off at byte %llu" : "it is damaged at byte %llu",
		       (unsigned long long)at);
}

/* Unpacked here already, so that damage is where it all ends, not where a view meets it. */
static enum block_status check(const struct recording *recording, const struct block *block)
{
	enum block_status status;
	void *data = NULL;
	size_t size;

	status = block_read(recording->fd, block, &data, &size);
	free(data);
	return status;
}

/* All blocks up to the end or the first damage; false without memory. */
static bool scan(struct recording *recording, uint64_t next)
{
	enum block_status status;
	struct block block;
	uint64_t at;

	while (recording->count < BLOCKS_MAX) {
		at = next;
		status = block_next(recording->fd, &next, &block);
		if (status == BLOCK_NO_MORE)
			return true;
		if (status == BLOCK_OK)
			status = check(recording, &block);
		if (status == BLOCK_OK && block.type == BLOCK_RECORDS &&
		    block.cpu >= CPUS_MAX)
			status = BLOCK_BAD;
		if (status != BLOCK_OK) {
			note_damage(recording, status, at);
			return true;
		}
		if (block.type == BLOCK_END)
			recording->complete = true;
		if (!add_block(recording, &block))
			return false;
	}
	note_damage(recording, BLOCK_BAD, next);
	return true;
}

static int compare_texts(const void *a, const void *b, void *arg)
{
	const struct block *blocks = arg;
	unsigned int i = *(const unsigned int *)a, j = *(const unsigned int *)b;
	const struct block *x = &blocks[i], *y = &blocks[j];
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	return (i > j) - (i < j);
}

static bool index_blocks(struct recording *recording)
{
	bool seen[CPUS_MAX] = { 0 };
	unsigned int i;

	recording->text = calloc((size_t)recording->count + 1, sizeof(*recording->text));
	recording->cpu = calloc(CPUS_MAX, sizeof(*recording->cpu));
	if (!recording->text || !recording->cpu)
		return false;
	for (i = 0; i < recording->count; i++) {
		if (recording->block[i].type == BLOCK_TEXT)
			recording->text[recording->nr_texts++] = i;
		else if (recording->block[i].type == BLOCK_RECORDS)
			seen[recording->block[i].cpu] = true;
	}
	qsort_r(recording->text, recording->nr_texts, sizeof(*recording->text), compare_texts,
		recording->block);
	for (i = 0; i < CPUS_MAX; i++)
		if (seen[i])
			recording->cpu[recording->nr_cpus++] = i;
	return true;
}

/**
 * recording_open - open the file that a root is
 * @root: its path is that of the file
 * @error: why not
 *
 * All of it is looked at: pft_root_rewind() goes back to the beginning.
 *
 * Return: to be closed with recording_close(), or NULL.
 */
struct recording *recording_open(const struct pft_root *root, struct pft_error *error)
{
	struct recording *recording = calloc(1, sizeof(*recording));
	unsigned int major, minor;
	enum block_status status;
	uint64_t next;

	error_clear(error);
	if (!recording) {
		error_system(error, root, NULL, ENOMEM);
		return NULL;
	}
	recording->root = root;
	recording->now_ns = UINT64_MAX;
	recording->fd = open(root->dir, O_RDONLY | O_CLOEXEC);
	if (recording->fd < 0) {
		error_system(error, root, NULL, errno);
		goto fail;
	}
	status = block_start(recording->fd, &major, &minor, &next);
	if (status == BLOCK_FAIL) {
		error_system(error, root, NULL, errno);
		goto fail;
	}
	if (status != BLOCK_OK) {
		error_format(error, root, NULL, "it is no recording of pftop");
		goto fail;
	}
	if (major != BLOCK_MAJOR) {
		error_format(error, root, NULL,
			     "a recording of format %u.%u, this program knows %u.%u", major, minor,
			     BLOCK_MAJOR, BLOCK_MINOR);
		goto fail;
	}
	if (scan(recording, next) && index_blocks(recording))
		return recording;
	error_system(error, root, NULL, ENOMEM);
fail:
	recording_close(recording);
	return NULL;
}

/**
 * recording_close - done with a recording
 * @recording: from recording_open(), or NULL
 */
void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	if (recording->fd >= 0)
		(void)close(recording->fd);
	free(recording->block);
	free(recording->text);
	free(recording->cpu);
	free(recording);
}

/* The first of @name in time that is behind @ns; @behind those before it. */
static unsigned int text_behind(const struct recording *recording, const char *name, uint64_t ns)
{
	unsigned int low = 0, high = recording->nr_texts, middle;
	const struct block *block;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		block = &recording->block[recording->text[middle]];
		order = strcmp(block->name, name);
		if (order < 0 || (!order && block->from_ns <= ns))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct block *text_at(const struct recording *recording, unsigned int index,
				   const char *name)
{
	const struct block *block;

	if (index >= recording->nr_texts)
		return NULL;
	block = &recording->block[recording->text[index]];
	return strcmp(block->name, name) ? NULL : block;
}

/**
 * recording_text - a text as it was at the time that is looked at
 * @recording: from recording_open()
 * @name: its name
 * @error: why not
 *
 * Return: a descriptor of a file in memory that holds it, or -1.
 */
int recording_text(const struct recording *recording, const char *name, struct pft_error *error)
{
	unsigned int behind = text_behind(recording, name, recording->now_ns);
	const struct block *block;
	enum block_status status;
	void *data;
	size_t size, done = 0;
	ssize_t got = 0;
	int fd;

	block = behind ? text_at(recording, behind - 1, name) : NULL;
	if (!block) {
		error_system(error, recording->root, name, ENOENT);
		return -1;
	}
	status = block_read(recording->fd, block, &data, &size);
	if (status == BLOCK_FAIL) {
		error_system(error, recording->root, name, errno);
		return -1;
	}
	if (status != BLOCK_OK) {
		error_format(error, recording->root, name, "damaged at byte %llu",
			     (unsigned long long)block->offset);
		return -1;
	}
	fd = memfd_create("recording", MFD_CLOEXEC);
	while (fd >= 0 && done < size && (got = write(fd, (char *)data + done, size - done)) > 0)
		done += (size_t)got;
	free(data);
	if (fd < 0 || done < size || lseek(fd, 0, SEEK_SET)) {
		error_system(error, recording->root, name, errno);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	return fd;
}

/**
 * recording_step - go on to the next snapshot
 * @recording: from recording_open(), after recording_rewind()
 *
 * Return: false where there is none.
 */
bool recording_step(struct recording *recording)
{
	const struct block *block;

	block = text_at(recording, text_behind(recording, last_text, recording->now_ns), last_text);
	if (!block)
		return false;
	recording->from_ns = recording->now_ns;
	recording->now_ns = block->from_ns;
	return true;
}

/**
 * recording_rewind - go to the first snapshot
 * @recording: from recording_open()
 */
void recording_rewind(struct recording *recording)
{
	recording->now_ns = 0;
	(void)recording_step(recording);
}

/**
 * recording_span - when its first and its last snapshot were taken
 * @recording: from recording_open()
 * @first_ns: where to put the one
 * @last_ns: where to put the other
 *
 * Return: false where there is none.
 */
bool recording_span(const struct recording *recording, uint64_t *first_ns, uint64_t *last_ns)
{
	unsigned int behind = text_behind(recording, last_text, UINT64_MAX);
	const struct block *block = behind ? text_at(recording, behind - 1, last_text) : NULL;

	if (!block)
		return false;
	*last_ns = block->from_ns;
	block = text_at(recording, text_behind(recording, last_text, 0), last_text);
	/* All of them may be of the time 0: then there is none behind it. */
	*first_ns = block ? block->from_ns : 0;
	return true;
}
