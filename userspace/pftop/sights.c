// SPDX-License-Identifier: GPL-2.0
/*
 * What /proc says of the processes that a recording is about: their command
 * lines and mappings. A process is looked at when it is first met, when it has
 * another name than before, and when it runs code that was not mapped at the last
 * look; all that takes no more than a tenth of the time.
 *
 * As many are remembered as there are slots; then those go that had no fault for
 * the longest time. One that comes back is looked at again.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sights.h"

#define SETS		2048U
#define WAYS		8U
#define TEXT_MAX	(1U << 20)
#define AGAIN_NS_MIN	5000000ULL
#define AGAIN_NS_MAX	1000000000ULL
#define SHARE		10

struct range {
	uint64_t start;
	uint64_t end;
};

/**
 * struct sight - a process that was looked at
 * @pid: its id, 0 for an empty slot
 * @count: of @range
 * @comm: its name then
 * @range: where it may run code, rising
 * @met_ns: time of its last record
 * @again_ns: not to be looked at before this
 * @pause_ns: how long the last pause was
 */
struct sight {
	uint32_t pid;
	unsigned int count;
	char comm[PFT_COMM_LEN];
	struct range *range;
	uint64_t met_ns;
	uint64_t again_ns;
	uint64_t pause_ns;
};

/**
 * sights_init - none yet
 * @sights: to be filled
 *
 * Return: false where memory ran out.
 */
bool sights_init(struct sights *sights)
{
	memset(sights, 0, sizeof(*sights));
	sights->slot = calloc((size_t)SETS * WAYS, sizeof(*sights->slot));
	sights->text = malloc(TEXT_MAX);
	sights->ids = pft_build_ids_open();
	sights->began_ns = pft_now_ns();
	return sights->slot && sights->text && sights->ids;
}

/**
 * sights_fini - give the memory back
 * @sights: from sights_init(), or all zero
 */
void sights_fini(struct sights *sights)
{
	uint32_t i;

	for (i = 0; sights->slot && i < SETS * WAYS; i++)
		free(sights->slot[i].range);
	free(sights->slot);
	free(sights->text);
	pft_build_ids_close(sights->ids);
	sights->ids = NULL;
	sights->slot = NULL;
	sights->text = NULL;
}

/* The slot of a process, or else the one of its set that it may take. */
static struct sight *slot_of(const struct sights *sights, uint32_t pid)
{
	size_t first = (size_t)((pid * 2654435761U >> 16) % SETS) * WAYS;
	struct sight *set = &sights->slot[first], *best = set;
	unsigned int i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].pid == pid)
			return &set[i];
		if (set[i].met_ns < best->met_ns)
			best = &set[i];
	}
	return best;
}

/* Bytes read; -1 where it cannot be read. */
static ssize_t read_text(const struct sights *sights, uint32_t pid, const char *name)
{
	size_t size = 0;
	ssize_t got;
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu32 "/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (size < TEXT_MAX - 1) {
		got = read(fd, sights->text + size, TEXT_MAX - 1 - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		size += (size_t)got;
	}
	(void)close(fd);
	sights->text[size] = '\0';
	return (ssize_t)size;
}

/* Where code can be. */
static void note_ranges(struct sight *sight, const struct pft_maps *maps)
{
	unsigned int i, count = 0;
	struct range *range;

	for (i = 0; i < maps->count; i++)
		count += maps->map[i].perms[2] == 'x';
	range = reallocarray(sight->range, count + 1UL, sizeof(*range));
	if (!range)
		return;
	sight->range = range;
	sight->count = 0;
	for (i = 0; i < maps->count; i++)
		if (maps->map[i].perms[2] == 'x')
			range[sight->count++] = (struct range){ maps->map[i].start,
								maps->map[i].end };
}

/* A line for each mapping that has one: its first address, and the id. */
static bool write_ids(const struct sight *sight, const struct pft_maps *maps,
		      struct pft_recorder *recorder, struct pft_error *error)
{
	char name[64], *text = NULL;
	const struct pft_map *map;
	size_t size = 0;
	unsigned int i, j;
	FILE *file;
	bool ok;

	file = open_memstream(&text, &size);
	for (i = 0; file && i < maps->count; i++) {
		map = &maps->map[i];
		if (!map->build_id_size)
			continue;
		(void)fprintf(file, "0x%" PRIx64 " ", map->start);
		for (j = 0; j < map->build_id_size; j++)
			(void)fprintf(file, "%02x", map->build_id[j]);
		(void)fputc('\n', file);
	}
	(void)snprintf(name, sizeof(name), "proc/%" PRIu32 "/build-ids", sight->pid);
	ok = !file || fclose(file) || pft_recorder_text(recorder, name, text, size, error);
	free(text);
	return ok;
}

static bool look(struct sights *sights, struct sight *sight, struct pft_recorder *recorder,
		 struct pft_error *error)
{
	struct pft_maps maps = { 0 };
	char name[64];
	ssize_t size;
	bool ok;

	size = read_text(sights, sight->pid, "cmdline");
	if (size < 0) {
		sights->late++;
		return true;
	}
	(void)snprintf(name, sizeof(name), "proc/%" PRIu32 "/cmdline", sight->pid);
	if (!pft_recorder_text(recorder, name, sights->text, (size_t)size, error))
		return false;
	size = read_text(sights, sight->pid, "maps");
	if (size <= 0) {
		sights->late++;
		return true;
	}
	(void)snprintf(name, sizeof(name), "proc/%" PRIu32 "/maps", sight->pid);
	ok = pft_recorder_text(recorder, name, sights->text, (size_t)size, error);
	if (ok && pft_maps_read(&maps, sight->pid)) {
		note_ranges(sight, &maps);
		pft_maps_build_ids(&maps, sights->ids);
		ok = write_ids(sight, &maps, recorder, error);
	}
	pft_maps_free(&maps);
	return ok;
}

static bool has_code(const struct sight *sight, uint64_t ip)
{
	unsigned int low = 0, high = sight->count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (ip < sight->range[middle].start)
			high = middle;
		else if (ip >= sight->range[middle].end)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/**
 * sights_take - look at the process of a record, if there is reason to
 * @sights: from sights_init()
 * @record: the record
 * @recorder: where to write what was found
 * @error: why not
 *
 * Return: false where the recording failed.
 */
bool sights_take(struct sights *sights, const struct pft_record *record,
		 struct pft_recorder *recorder, struct pft_error *error)
{
	struct sight *sight = slot_of(sights, record->tgid);
	bool known = sight->pid == record->tgid, renamed, ok;
	uint64_t now;

	/* Threads may have names of their own: only that of the first is a sign of exec. */
	renamed = record->pid == record->tgid &&
		  memcmp(sight->comm, record->comm, sizeof(sight->comm)) != 0;
	if (known)
		sight->met_ns = record->time_ns;
	if (known && !renamed && (!record->ip || has_code(sight, record->ip)))
		return true;
	now = pft_now_ns();
	if (known && !renamed && now < sight->again_ns)
		return true;
	if (sights->spent_ns * SHARE > now - sights->began_ns + AGAIN_NS_MIN) {
		sights->put_off++;
		return true;
	}
	if (!known) {
		free(sight->range);
		memset(sight, 0, sizeof(*sight));
	}
	if (!known || renamed)
		sight->pause_ns = AGAIN_NS_MIN;
	else if (sight->pause_ns < AGAIN_NS_MAX)
		sight->pause_ns *= 2;
	sight->pid = record->tgid;
	sight->met_ns = record->time_ns;
	memcpy(sight->comm, record->comm, sizeof(sight->comm));
	ok = look(sights, sight, recorder, error);
	sights->spent_ns += pft_now_ns() - now;
	sight->again_ns = pft_now_ns() + sight->pause_ns;
	return ok;
}
