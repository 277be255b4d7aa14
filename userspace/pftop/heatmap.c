// SPDX-License-Identifier: GPL-2.0
/*
 * The cells of one process in stretches of addresses: one for each VMA with
 * faults, from the first page touched to the last. The emptiness in between,
 * which is nearly all of an address space, is left out.
 */

#include <stdlib.h>
#include <string.h>

#include "heatmap.h"

/* Faults without a VMA that are farther apart than this have nothing in common. */
#define APART		(1ULL << 30)

/* A stretch of addresses that VMAs had, perhaps one after the other. */
struct range {
	uint64_t start;
	uint64_t end;
	const struct profile_vma *vma;
};

struct bin {
	uint64_t address;
	uint64_t faults;
};

static uint64_t faults_of(const uint64_t *count)
{
	return count[PFT_MINOR] + count[PFT_MAJOR] + count[PFT_INVALID];
}

static int compare_ranges(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static int compare_bins(const void *a, const void *b)
{
	const struct bin *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

/* The VMAs of the process; those that overlap are one. */
static unsigned int make_ranges(struct range *range, const struct profile *profile, uint32_t pid)
{
	const struct profile_vma *vma;
	unsigned int i, count = 0, kept = 0;

	for (i = 0; i < profile->vmas.count; i++) {
		vma = hashtab_row(&profile->vmas, i);
		if (vma->key.pid == pid && vma->end)
			range[count++] = (struct range){ vma->start, vma->end, vma };
	}
	if (!count)
		return 0;
	qsort(range, count, sizeof(*range), compare_ranges);
	for (i = 1; i < count; i++) {
		if (range[i].start >= range[kept].end) {
			range[++kept] = range[i];
			continue;
		}
		if (range[i].end > range[kept].end)
			range[kept].end = range[i].end;
		if (faults_of(range[i].vma->count) > faults_of(range[kept].vma->count))
			range[kept].vma = range[i].vma;
	}
	return kept + 1;
}

/* The bins of addresses of the process that had faults, in order. */
static unsigned int make_bins(struct bin *bin, struct heatmap *map)
{
	const struct heat *heat = &map->profile->heat;
	const struct heat_cell *cell;
	unsigned int i, count = 0, kept = 0;

	for (i = 0; i < heat->cells.count; i++) {
		cell = heat_cell(heat, i);
		if (cell->key.pid != map->pid)
			continue;
		if (!count || cell->key.time < map->from)
			map->from = cell->key.time;
		if (!count || cell->key.time > map->to)
			map->to = cell->key.time;
		bin[count++] = (struct bin){ cell->key.address, faults_of(cell->count) };
	}
	if (!count)
		return 0;
	qsort(bin, count, sizeof(*bin), compare_bins);
	for (i = 1; i < count; i++) {
		if (bin[i].address == bin[kept].address)
			bin[kept].faults += bin[i].faults;
		else
			bin[++kept] = bin[i];
	}
	return kept + 1;
}

static void make_regions(struct heatmap *map, const struct range *range, unsigned int ranges,
			 const struct bin *bin, unsigned int bins)
{
	uint64_t bytes = map->profile->heat.bin_bytes;
	struct heatmap_region *region = NULL;
	const struct profile_vma *vma;
	unsigned int i, at = 0;

	for (i = 0; i < bins; i++) {
		while (at < ranges && range[at].end <= bin[i].address * bytes)
			at++;
		vma = NULL;
		if (at < ranges && range[at].start / bytes <= bin[i].address)
			vma = range[at].vma;
		if (!region || region->vma != vma ||
		    (!vma && (bin[i].address - region->last) > APART / bytes)) {
			region = &map->region[map->count++];
			*region = (struct heatmap_region){ .first = bin[i].address, .vma = vma };
		}
		region->last = bin[i].address;
		region->touched++;
		region->faults += bin[i].faults;
	}
}

/**
 * heatmap_make - the heatmap of a process
 * @map: to be filled
 * @profile: with its faults; it must stay as it is
 * @pid: the process
 *
 * Return: false where memory ran out. heatmap_fini() is needed in any case.
 */
bool heatmap_make(struct heatmap *map, const struct profile *profile, uint32_t pid)
{
	struct range *range = calloc(profile->vmas.count + 1UL, sizeof(*range));
	struct bin *bin = calloc(profile->heat.cells.count + 1UL, sizeof(*bin));
	unsigned int bins;

	memset(map, 0, sizeof(*map));
	map->profile = profile;
	map->pid = pid;
	if (range && bin) {
		bins = make_bins(bin, map);
		map->region = calloc(bins + 1UL, sizeof(*map->region));
		if (map->region)
			make_regions(map, range, make_ranges(range, profile, pid), bin, bins);
	}
	free(range);
	free(bin);
	return map->region;
}

/**
 * heatmap_fini - give its memory back
 * @map: from heatmap_make()
 */
void heatmap_fini(struct heatmap *map)
{
	free(map->region);
	memset(map, 0, sizeof(*map));
}

/**
 * heatmap_find - the region of a cell
 * @map: from heatmap_make()
 * @address_bin: address of a cell of the process
 *
 * Return: the region, or NULL where it is in none.
 */
const struct heatmap_region *heatmap_find(const struct heatmap *map, uint64_t address_bin)
{
	unsigned int low = 0, high = map->count, at;

	while (low < high) {
		at = low + (high - low) / 2;
		if (map->region[at].last < address_bin)
			low = at + 1;
		else
			high = at;
	}
	return low < map->count && map->region[low].first <= address_bin ? &map->region[low] :
									    NULL;
}
