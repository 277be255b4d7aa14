// SPDX-License-Identifier: GPL-2.0
/* The heatmaps of a digest as JSON: one for each process with many faults. */

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "digest.h"
#include "digest_json.h"
#include "heatmap.h"
#include "safe.h"

#define MAPS_MAX	20

static json_t *safe_json(const char *text)
{
	char safe[4 * PATHS_MAX];

	(void)safe_text(safe, sizeof(safe), text, true);
	return json_string(safe);
}

static json_t *region_json(struct digest *digest, const struct heatmap_region *region)
{
	uint64_t bytes = digest->profile.heat.bin_bytes;
	char name[PATHS_MAX] = "no mapping";

	if (region->vma && region->vma->end)
		paths_name(&digest->paths, region->vma->file, region->vma->key.area, name,
			   sizeof(name));
	return json_pack("{s:o, s:o, s:o}",
			 "start", json_sprintf("0x%" PRIx64, region->first * bytes),
			 "end", json_sprintf("0x%" PRIx64, (region->last + 1) * bytes),
			 "name", safe_json(name));
}

static json_t *cells_json(const struct digest *digest, const struct heatmap *map)
{
	const struct heat *heat = &digest->profile.heat;
	uint64_t start = digest->host.start_ns / heat->bin_ns;
	const struct heatmap_region *region;
	const struct heat_cell *cell;
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < heat->cells.count; i++) {
		cell = heat_cell(heat, i);
		if (cell->key.pid != map->pid)
			continue;
		region = heatmap_find(map, cell->key.address);
		if (!region)
			continue;
		(void)json_array_append_new(list, json_pack("[I, I, I, I, I, I]",
			(json_int_t)(cell->key.time > start ? cell->key.time - start : 0),
			(json_int_t)(region - map->region),
			(json_int_t)(cell->key.address - region->first),
			(json_int_t)cell->count[PFT_MINOR], (json_int_t)cell->count[PFT_MAJOR],
			(json_int_t)cell->count[PFT_INVALID]));
	}
	return list;
}

static json_t *map_json(struct digest *digest, const struct roster_row *process)
{
	const struct heat *heat = &digest->profile.heat;
	json_t *regions, *object;
	struct heatmap map;
	unsigned int i;

	if (!heatmap_make(&map, &digest->profile, (uint32_t)process->pid))
		return NULL;
	regions = json_array();
	for (i = 0; i < map.count; i++)
		(void)json_array_append_new(regions, region_json(digest, &map.region[i]));
	object = json_pack("{s:I, s:o, s:I, s:I, s:o, s:o}", "pid", (json_int_t)process->pid,
			   "comm", safe_json(process->comm),
			   "bin_ns", (json_int_t)heat->bin_ns,
			   "bin_bytes", (json_int_t)heat->bin_bytes,
			   "regions", regions, "cells", cells_json(digest, &map));
	heatmap_fini(&map);
	return object;
}

/**
 * digest_heatmaps - address against time
 * @digest: from digest_read()
 *
 * Return: a list with the processes of most faults, or NULL without memory.
 */
json_t *digest_heatmaps(struct digest *digest)
{
	json_t *list = json_array(), *map;
	unsigned int i;

	for (i = 0; i < digest->roster.rows.count && i < MAPS_MAX; i++) {
		map = map_json(digest, hashtab_row(&digest->roster.rows, i));
		if (!map) {
			json_decref(list);
			return NULL;
		}
		(void)json_array_append_new(list, map);
	}
	return list;
}
