// SPDX-License-Identifier: GPL-2.0
/* Adds records up by class, cause and place. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tally.h"

#define HUGE	(2ULL << 20)

_Static_assert(sizeof(struct tally_place_key) == 16, "no padding in a key");
_Static_assert(sizeof(struct tally_map_key) == 32, "no padding in a key");

static struct tally_place *get_place(struct tally *tally, const struct pft_record *record)
{
	struct tally_place_key key = {
		.class = record->class, .cause = record->cause,
		.area = record->area, .file = record->file,
	};

	/* In a hole, these are of the mapping below: the fault was on none. */
	if (!(record->perms & PFT_PERM_VMA)) {
		key.area = PFT_AREA_NONE;
		key.file = 0;
	}
	if (!tally->places.limit)
		hashtab_init(&tally->places, sizeof(struct tally_place), sizeof(key), UINT32_MAX);
	return hashtab_get(&tally->places, &key);
}

/* Which part of the file, and in which order. */
static void add_offset(struct tally_place *place, const struct pft_record *record)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), at;

	if (!(record->perms & PFT_PERM_VMA) || !(record->dev || record->ino))
		return;
	at = record->vma_pgoff * page + (record->address - record->vma_start) / page * page;
	if (!place->has_offset) {
		place->has_offset = true;
		place->from = at;
		place->to = at + page;
	} else {
		place->forward += at > place->last;
		place->backward += at < place->last;
	}
	if (at < place->from)
		place->from = at;
	if (at + page > place->to)
		place->to = at + page;
	place->last = at;
}

/* First touches that a huge page would have spared. */
static void add_small(struct tally_map *map, const struct pft_record *record)
{
	uint64_t region = record->address / HUGE;

	if (record->order || region * HUGE < record->vma_start ||
	    (region + 1) * HUGE > record->vma_end)
		return;
	map->small_regions += !map->small || region != map->last_region;
	map->small++;
	map->small_ns += record->latency_ns;
	map->last_region = region;
}

/* By mapping, as far as there is room. */
static void add_map(struct tally *tally, const struct pft_record *record)
{
	struct tally_map_key key = {
		.start = record->vma_start, .ino = record->ino, .dev = record->dev,
		.pid = record->tgid, .area = record->area,
	};
	bool cached = record->cause == PFT_CAUSE_FILE;
	struct tally_touch *touch;
	struct tally_map *map;

	if (record->class != PFT_MINOR || !(record->perms & PFT_PERM_VMA) ||
	    (!cached && record->cause != PFT_CAUSE_ZERO && record->cause != PFT_CAUSE_SHMEM))
		return;
	if (!tally->maps.limit)
		hashtab_init(&tally->maps, sizeof(*map), sizeof(key), TALLY_MAPS_MAX);
	map = hashtab_get(&tally->maps, &key);
	if (!map)
		return;
	touch = cached ? &map->cached : &map->zero;
	if (record->vma_end > map->end)
		map->end = record->vma_end;
	map->file = record->file ? record->file : map->file;
	memcpy(map->comm, record->comm, sizeof(map->comm));
	map->comm[sizeof(map->comm) - 1] = '\0';
	touch->count++;
	touch->pages += record->order < 32 ? 1ULL << record->order : 1;
	touch->ns += record->latency_ns;
	if (record->cause == PFT_CAUSE_ZERO)
		add_small(map, record);
}

/**
 * tally_add - one more record
 * @tally: where to; all zero before the first one
 * @record: the record
 *
 * Return: false where memory ran out, or the record is of a later ABI; then it
 * is left out.
 */
bool tally_add(struct tally *tally, const struct pft_record *record)
{
	struct spread **spread;
	struct tally_place *place;

	if (record->class >= PFT_NR_CLASSES || record->cause >= PFT_NR_CAUSES)
		return false;
	spread = &tally->spread[record->class][record->cause];
	if (!*spread)
		*spread = calloc(1, sizeof(**spread));
	place = get_place(tally, record);
	if (!*spread || !place)
		return false;
	spread_add(*spread, record->latency_ns);
	place->count++;
	place->ns += record->latency_ns;
	add_offset(place, record);
	add_map(tally, record);
	tally->records++;
	tally->ns += record->latency_ns;
	return true;
}

/**
 * tally_fini - give its memory back
 * @tally: any; it is empty afterwards
 */
void tally_fini(struct tally *tally)
{
	unsigned int i, j;

	for (i = 0; i < PFT_NR_CLASSES; i++)
		for (j = 0; j < PFT_NR_CAUSES; j++)
			free(tally->spread[i][j]);
	hashtab_fini(&tally->places);
	hashtab_fini(&tally->maps);
	memset(tally, 0, sizeof(*tally));
}
