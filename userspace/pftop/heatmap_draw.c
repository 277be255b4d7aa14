// SPDX-License-Identifier: GPL-2.0
/* A heatmap as characters of a terminal. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heatmap.h"
#include "safe.h"

/* Lines of a region: from which one on, and how many; none where it is hidden. */
struct place {
	unsigned int from;
	unsigned int lines;
};

/* A character of Braille has two dots in a row, and four rows of them. */
struct scale {
	unsigned int across;
	unsigned int down;
};

static uint64_t bins_of(const struct heatmap_region *region)
{
	return region->last - region->first + 1;
}

/* The region of most faults that has no line yet. */
static unsigned int next_shown(const struct heatmap *map, const struct place *place)
{
	unsigned int i, best = map->count;

	for (i = 0; i < map->count; i++)
		if (!place[i].lines &&
		    (best == map->count || map->region[i].faults > map->region[best].faults))
			best = i;
	return best;
}

/* The region whose lines are the fullest, and could be more. */
static unsigned int next_grown(const struct heatmap *map, const struct place *place,
			       unsigned int down)
{
	unsigned int i, best = map->count;
	double full, fullest = 0;

	for (i = 0; i < map->count; i++) {
		if (!place[i].lines ||
		    bins_of(&map->region[i]) <= (uint64_t)place[i].lines * down)
			continue;
		full = (double)map->region[i].touched / place[i].lines;
		if (full > fullest) {
			fullest = full;
			best = i;
		}
	}
	return best;
}

/* Who gets which lines? Those of most faults one each, then the fullest ones more. */
static void share_lines(struct heatmap_picture *picture, const struct heatmap *map,
			struct place *place, unsigned int down)
{
	unsigned int left = picture->height, i, at, from = 0;

	for (; left && (at = next_shown(map, place)) < map->count; left--)
		place[at].lines = 1;
	for (; left && (at = next_grown(map, place, down)) < map->count; left--)
		place[at].lines++;
	for (i = 0; i < map->count; i++) {
		place[i].from = from;
		from += place[i].lines;
		if (place[i].lines)
			continue;
		picture->hidden++;
		picture->hidden_faults += map->region[i].faults;
	}
	picture->height = from;
}

/* Where @bin of @bins is, of @dots; never behind the last one. */
static unsigned int scaled(uint64_t bin, uint64_t bins, unsigned int dots)
{
	double at = (double)bin * dots / (double)bins;

	return at < dots ? (unsigned int)at : dots - 1;
}

/* A cell is a row of dots, of one at least. */
static void put_cell(struct heatmap_picture *picture, const struct heatmap *map,
		     const struct heat_cell *cell, const struct scale *scale, unsigned int y)
{
	/* Unicode numbers the lowest row, which came later, behind the others. */
	static const unsigned char dots[4][2] = { { 1, 8 }, { 2, 16 }, { 4, 32 }, { 64, 128 } };
	unsigned int across = picture->width * scale->across, x, end, i;
	uint64_t bins = map->to - map->from + 1, faults = 0;
	struct heatmap_char *at;
	unsigned char classes = 0;

	for (i = 0; i < PFT_NR_CLASSES; i++) {
		faults += cell->count[i];
		classes |= cell->count[i] ? 1U << i : 0;
	}
	x = scaled(cell->key.time - map->from, bins, across);
	end = cell->key.time == map->to ? across :
		scaled(cell->key.time - map->from + 1, bins, across);
	do {
		at = &picture->at[y / scale->down * picture->width + x / scale->across];
		at->dots |= dots[y % scale->down][x % scale->across];
		at->classes |= classes;
		at->faults += faults;
		if (at->faults > picture->top)
			picture->top = at->faults;
	} while (++x < end);
}

static void put_cells(struct heatmap_picture *picture, const struct heatmap *map,
		      const struct place *place, const struct scale *scale)
{
	const struct heat *heat = &map->profile->heat;
	const struct heatmap_region *region;
	const struct heat_cell *cell;
	unsigned int i, dots, y;
	uint64_t bins;

	for (i = 0; i < heat->cells.count; i++) {
		cell = heat_cell(heat, i);
		if (cell->key.pid != map->pid)
			continue;
		region = heatmap_find(map, cell->key.address);
		if (!region || !place[region - map->region].lines)
			continue;
		dots = place[region - map->region].lines * scale->down;
		bins = bins_of(region);
		/* With dots to spare each bin has its own. */
		y = scaled(cell->key.address - region->first, bins > dots ? bins : dots, dots);
		put_cell(picture, map, cell, scale,
			 place[region - map->region].from * scale->down + y);
	}
}

/* Behind the address. */
static void name_region(char *label, unsigned int width, const struct heatmap_region *region,
			struct paths *paths, bool utf8)
{
	char name[PATHS_MAX] = "no mapping", *last;
	size_t used = strlen(label);

	if (region->vma)
		paths_name(paths, region->vma->file, region->vma->key.area, name, sizeof(name));
	last = strrchr(name, '/');
	if (width < used + 2)
		return;
	label[used++] = ' ';
	(void)safe_fit(label + used, HEATMAP_LABEL - used, last && last[1] ? last + 1 : name,
		       width - (unsigned int)used, utf8);
}

/* The address where a line begins; in the first line of a region also its name. */
static void put_labels(struct heatmap_picture *picture, const struct heatmap *map,
		       const struct place *place, const struct scale *scale, struct paths *paths,
		       bool utf8)
{
	const struct heatmap_region *region;
	uint64_t bins, dots, first;
	unsigned int i, line;

	for (i = 0; i < map->count; i++) {
		region = &map->region[i];
		dots = (uint64_t)place[i].lines * scale->down;
		bins = bins_of(region) > dots ? bins_of(region) : dots;
		for (line = 0; line < place[i].lines; line++) {
			first = region->first + bins * line / place[i].lines;
			(void)snprintf(picture->label[place[i].from + line], HEATMAP_LABEL,
				       "%12" PRIx64, first * map->profile->heat.bin_bytes);
		}
		if (place[i].lines)
			name_region(picture->label[place[i].from], picture->label_width, region,
				    paths, utf8);
	}
}

/**
 * heatmap_draw - as characters
 * @picture: its @width, @height and @label_width are what there is room for;
 *	the height becomes what it takes
 * @map: from heatmap_make()
 * @paths: where the names of files are
 * @utf8: the terminal takes UTF-8: dots of Braille; else a character is a dot
 *
 * Return: false where memory ran out. heatmap_picture_fini() is needed in any
 * case.
 */
bool heatmap_draw(struct heatmap_picture *picture, const struct heatmap *map,
		  struct paths *paths, bool utf8)
{
	const struct scale scale = { utf8 ? 2 : 1, utf8 ? 4 : 1 };
	struct place *place = calloc(map->count + 1UL, sizeof(*place));

	picture->top = 0;
	picture->hidden = 0;
	picture->hidden_faults = 0;
	picture->at = calloc((size_t)picture->width * picture->height + 1, sizeof(*picture->at));
	picture->label = calloc(picture->height + 1UL, sizeof(*picture->label));
	if (!place || !picture->at || !picture->label) {
		free(place);
		return false;
	}
	share_lines(picture, map, place, scale.down);
	if (picture->width) {
		put_cells(picture, map, place, &scale);
		put_labels(picture, map, place, &scale, paths, utf8);
	}
	free(place);
	return true;
}

/**
 * heatmap_picture_fini - give its memory back
 * @picture: from heatmap_draw()
 */
void heatmap_picture_fini(struct heatmap_picture *picture)
{
	free(picture->at);
	free(picture->label);
	memset(picture, 0, sizeof(*picture));
}
