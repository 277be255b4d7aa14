/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_HEATMAP_H
#define PFTOP_HEATMAP_H

#include "paths.h"
#include "profile.h"

#define HEATMAP_LABEL	160

/**
 * struct heatmap_region - a stretch of addresses with faults
 * @first: the lowest one, / bin_bytes
 * @last: the highest one, / bin_bytes
 * @vma: the VMA there, of those at the same place the one with most faults;
 *	NULL where there is none
 * @touched: bins with faults
 * @faults: how many
 */
struct heatmap_region {
	uint64_t first;
	uint64_t last;
	const struct profile_vma *vma;
	uint64_t touched;
	uint64_t faults;
};

/**
 * struct heatmap - where and when a process had its faults
 * @profile: what it was made of
 * @pid: the process
 * @from: time of its first faults, / bin_ns
 * @to: time of its last faults, / bin_ns
 * @region: by address
 * @count: of them
 */
struct heatmap {
	const struct profile *profile;
	uint32_t pid;
	uint64_t from;
	uint64_t to;
	struct heatmap_region *region;
	unsigned int count;
};

/**
 * struct heatmap_char - a character of the picture
 * @dots: with dots, which of them are set, as in the Unicode block of Braille
 * @classes: a bit per enum pft_class
 * @faults: how many
 */
struct heatmap_char {
	unsigned char dots;
	unsigned char classes;
	uint64_t faults;
};

/**
 * struct heatmap_picture - a heatmap as characters: time goes right, addresses
 *	go down
 * @width: characters
 * @height: lines
 * @label_width: columns of the terminal for a label
 * @at: the characters, line by line
 * @label: what each line is, printable
 * @top: the most faults of a character
 * @hidden: regions for which there was no line
 * @hidden_faults: faults there
 */
struct heatmap_picture {
	unsigned int width;
	unsigned int height;
	unsigned int label_width;
	struct heatmap_char *at;
	char (*label)[HEATMAP_LABEL];
	uint64_t top;
	unsigned int hidden;
	uint64_t hidden_faults;
};

bool heatmap_make(struct heatmap *map, const struct profile *profile, uint32_t pid);
void heatmap_fini(struct heatmap *map);
const struct heatmap_region *heatmap_find(const struct heatmap *map, uint64_t address_bin);
bool heatmap_draw(struct heatmap_picture *picture, const struct heatmap *map,
		  struct paths *paths, bool utf8);
void heatmap_picture_fini(struct heatmap_picture *picture);

#endif /* PFTOP_HEATMAP_H */
