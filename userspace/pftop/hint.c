// SPDX-License-Identifier: GPL-2.0
/*
 * What could be done about faults. Each rule looks for its evidence in the
 * records; where there is too little of it, it says nothing.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "append.h"
#include "hint.h"
#include "units.h"
#include "verdict.h"

/* Below this share of the wall time, in percent, faults are not the trouble. */
#define WALL_SHARE	1

/* Below this share of the time in faults, in percent, these are not. */
#define FAULT_SHARE	10

#define UNIT		32

/**
 * struct evidence - what speaks for a hint
 * @count: faults
 * @ns: their time
 * @places: files that they were on
 * @place: the one of most time, or NULL
 * @map: the mapping, or NULL
 */
struct evidence {
	uint64_t count;
	uint64_t ns;
	unsigned int places;
	const struct tally_place *place;
	const struct tally_map *map;
};

/**
 * struct rule - when to say what
 * @kind: of the hint
 * @least: so many faults at least
 * @look: finds the best evidence that there is
 * @say: writes the sentence; @where is the name of the file, or of the kind of memory
 */
struct rule {
	const char *kind;
	uint64_t least;
	void (*look)(const struct tally *tally, struct evidence *found);
	void (*say)(struct append *text, const struct evidence *found, const char *where,
		    double share);
};

static const struct tally_map *map_of(const struct tally *tally, unsigned int index)
{
	return hashtab_row(&tally->maps, index);
}

static uint64_t pages_of(const struct tally_map *map)
{
	return (map->end - map->key.start) / (uint64_t)sysconf(_SC_PAGESIZE);
}

static void take_map(struct evidence *found, const struct tally_map *map, uint64_t count,
		     uint64_t ns)
{
	if (found->map && ns <= found->ns)
		return;
	found->map = map;
	found->count = count;
	found->ns = ns;
}

/* Adds up all places of a cause; @found->place is the one of most time. */
static void take_places(const struct tally *tally, struct evidence *found,
			bool (*wanted)(const struct tally_place *place))
{
	const struct tally_place *place;
	unsigned int i;

	for (i = 0; i < tally->places.count; i++) {
		place = hashtab_row(&tally->places, i);
		if (!wanted(place))
			continue;
		found->places++;
		found->count += place->count;
		found->ns += place->ns;
		if (!found->place || place->ns > found->place->ns)
			found->place = place;
	}
}

static void put_map(struct append *text, const struct tally_map *map, const char *where)
{
	append(text, "%s at %" PRIx64 "-%" PRIx64 " of %s[%" PRIu32 "]", where, map->key.start,
	       map->end, map->comm, map->key.pid);
}

/* --- files that had to be read --- */

static bool is_file_wait(const struct tally_place *place)
{
	return place->key.class == PFT_MAJOR &&
	       (place->key.cause == PFT_CAUSE_FILE || place->key.cause == PFT_CAUSE_FILE_COW);
}

static void look_read_ahead(const struct tally *tally, struct evidence *found)
{
	take_places(tally, found, is_file_wait);
	/* One file that has most of it is worth its name. */
	if (found->places < 2 || found->place->ns * 2 < found->ns)
		return;
	found->places = 1;
	found->count = found->place->count;
	found->ns = found->place->ns;
}

static void say_read_ahead(struct append *text, const struct evidence *found, const char *where,
			   double share)
{
	char count[UNIT];

	units_grouped(count, sizeof(count), found->count);
	if (found->places > 1)
		append(text, "%s waits for %u mapped files to be read took %.0f %% of the time in faults: reading them before they are needed (readahead(2), or madvise(2) MADV_WILLNEED on their mappings) would take the waits of each together.",
		       count, found->places, share);
	else
		append(text, "%s waits for %s to be read took %.0f %% of the time in faults%s: reading ahead (madvise(2) MADV_WILLNEED, or MAP_POPULATE) would take them together.",
		       count, where, share, verdict_order(found->place));
}

/* --- first touches --- */

/* As many small pages in a stretch of 2 MiB, on average, call for a huge one. */
#define SMALL_PER_2M	64

static uint64_t stretches(const struct tally_map *map)
{
	uint64_t most = (map->end - map->key.start) >> 21;

	/* Threads that take turns begin the same stretch again and again. */
	return map->small_regions < most ? map->small_regions : most;
}

static void look_huge(const struct tally *tally, struct evidence *found)
{
	const struct tally_map *map;
	unsigned int i;

	for (i = 0; i < tally->maps.count; i++) {
		map = map_of(tally, i);
		if (map->small && map->small >= stretches(map) * SMALL_PER_2M)
			take_map(found, map, map->small, map->small_ns);
	}
}

static void say_huge(struct append *text, const struct evidence *found, const char *where,
		     double share)
{
	char count[UNIT], huge[UNIT];

	append(text, "%s first touches in ", units_grouped(count, sizeof(count), found->count));
	put_map(text, found->map, where);
	append(text, " fell into whole stretches of 2 MiB and took %.0f %% of the time in faults: huge pages (madvise(2) MADV_HUGEPAGE; for malloc(3), GLIBC_TUNABLES=glibc.malloc.hugetlb=1) would make about %s of them.",
	       share, units_grouped(huge, sizeof(huge), stretches(found->map)));
}

static bool is_mapped_by_itself(const struct tally_map *map)
{
	return map->key.area != PFT_AREA_HEAP && map->key.area != PFT_AREA_STACK;
}

/* Most of it was touched, once: it would not be wasted. */
static void look_populate(const struct tally *tally, struct evidence *found)
{
	const struct tally_map *map;
	const struct tally_touch *touch;
	unsigned int i;

	for (i = 0; i < tally->maps.count; i++) {
		map = map_of(tally, i);
		touch = &map->zero;
		if (is_mapped_by_itself(map) && touch->pages * 2 >= pages_of(map) &&
		    touch->pages < pages_of(map) * 2)
			take_map(found, map, touch->count, touch->ns);
	}
}

static void say_populate(struct append *text, const struct evidence *found, const char *where,
			 double share)
{
	char count[UNIT], pages[UNIT], all[UNIT];

	append(text, "%s first touches brought %s of the %s pages in ",
	       units_grouped(count, sizeof(count), found->count),
	       units_grouped(pages, sizeof(pages), found->map->zero.pages),
	       units_grouped(all, sizeof(all), pages_of(found->map)));
	put_map(text, found->map, where);
	append(text, " and took %.0f %% of the time in faults: MAP_POPULATE, or madvise(2) MADV_POPULATE_WRITE, would bring them in one call.",
	       share);
}

/* Each page was new more than once. */
static void look_keep(const struct tally *tally, struct evidence *found)
{
	const struct tally_map *map;
	unsigned int i;

	for (i = 0; i < tally->maps.count; i++) {
		map = map_of(tally, i);
		if (map->zero.pages >= pages_of(map) * 2)
			take_map(found, map, map->zero.count, map->zero.ns);
	}
}

static void say_keep(struct append *text, const struct evidence *found, const char *where,
		     double share)
{
	char count[UNIT], all[UNIT];

	append(text, "%s first touches in ", units_grouped(count, sizeof(count), found->count));
	put_map(text, found->map, where);
	append(text, ", which has %s pages, took %.0f %% of the time in faults: the memory was given back and taken again. Keeping it would spare most of them (for malloc(3): mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD).",
	       units_grouped(all, sizeof(all), pages_of(found->map)), share);
}

/* --- what was in memory already --- */

static void look_prefault(const struct tally *tally, struct evidence *found)
{
	const struct tally_map *map;
	unsigned int i;

	for (i = 0; i < tally->maps.count; i++) {
		map = map_of(tally, i);
		take_map(found, map, map->cached.count, map->cached.ns);
	}
}

static void say_prefault(struct append *text, const struct evidence *found, const char *where,
			 double share)
{
	char count[UNIT];

	append(text, "%s faults mapped pages that were in memory already, in ",
	       units_grouped(count, sizeof(count), found->count));
	put_map(text, found->map, where);
	append(text, ", and took %.0f %% of the time in faults: MAP_POPULATE, or madvise(2) MADV_POPULATE_READ, would map them in one call.",
	       share);
}

/* --- swap and fork --- */

static bool is_swap(const struct tally_place *place)
{
	return place->key.cause == PFT_CAUSE_SWAP;
}

static void look_swap(const struct tally *tally, struct evidence *found)
{
	take_places(tally, found, is_swap);
}

static void say_swap(struct append *text, const struct evidence *found, const char *where,
		     double share)
{
	char count[UNIT];

	append(text, "%s pages came back from swap, most of the time in %s, and took %.0f %% of the time in faults: memory was short. mlock(2) keeps what must not wait; more memory (memory.high or memory.max of the cgroup) or a lower vm.swappiness keeps more of the rest.",
	       units_grouped(count, sizeof(count), found->count), where, share);
}

static bool is_anonymous(const struct tally_place *place)
{
	return place->key.class == PFT_MINOR &&
	       (place->key.area == PFT_AREA_ANON || place->key.area == PFT_AREA_HEAP ||
		place->key.area == PFT_AREA_STACK);
}

static bool is_copy(const struct tally_place *place)
{
	return place->key.cause == PFT_CAUSE_COW && is_anonymous(place);
}

/* What was read first was the page of zeroes: nobody else's. */
static void look_fork(const struct tally *tally, struct evidence *found)
{
	const struct tally_place *place;
	uint64_t zero_read = 0;
	unsigned int i;

	take_places(tally, found, is_copy);
	for (i = 0; i < tally->places.count; i++) {
		place = hashtab_row(&tally->places, i);
		if (place->key.cause == PFT_CAUSE_ZERO_READ && is_anonymous(place))
			zero_read += place->count;
	}
	if (zero_read * 2 > found->count)
		found->count = 0;
}

static void say_fork(struct append *text, const struct evidence *found, const char *where,
		     double share)
{
	char count[UNIT];

	append(text, "%s writes to private pages that were shared, most of the time in %s, took %.0f %% of the time in faults, as after fork(2): posix_spawn(3) or vfork(2) before execve(2) shares no page to be copied, and madvise(2) MADV_DONTFORK keeps large buffers out.",
	       units_grouped(count, sizeof(count), found->count), where, share);
}

static const struct rule rules[] = {
	{ "read-ahead", 16, look_read_ahead, say_read_ahead },
	{ "swap", 16, look_swap, say_swap },
	{ "huge-pages", 1024, look_huge, say_huge },
	{ "keep", 1024, look_keep, say_keep },
	{ "populate", 1024, look_populate, say_populate },
	{ "prefault", 256, look_prefault, say_prefault },
	{ "fork", 1024, look_fork, say_fork },
};

#define NR_RULES	(sizeof(rules) / sizeof(rules[0]))

/* One is left for what else is to be said. */
_Static_assert(NR_RULES < HINTS_MAX, "each rule says at most one thing");

/**
 * hints_add - one more
 * @hints: where to; where there are HINTS_MAX, it is left out
 * @kind: a word; it is not copied
 * @text: a sentence
 */
void hints_add(struct hints *hints, const char *kind, const char *text)
{
	if (hints->count == HINTS_MAX)
		return;
	hints->hint[hints->count].kind = kind;
	(void)snprintf(hints->hint[hints->count].text, HINT_MAX, "%s", text);
	hints->count++;
}

/**
 * hints_make - what do the records justify?
 * @hints: added to
 * @tally: the records
 * @paths: where the names of files are
 * @wall_ns: how long it took to make these faults
 */
void hints_make(struct hints *hints, const struct tally *tally, struct paths *paths,
		uint64_t wall_ns)
{
	char name[PATHS_MAX], sentence[HINT_MAX];
	unsigned int i;

	if (tally->ns * 100 < wall_ns * WALL_SHARE)
		return;
	for (i = 0; i < NR_RULES; i++) {
		struct append text = { sentence, sizeof(sentence), 0 };
		struct evidence found = { 0 };

		rules[i].look(tally, &found);
		if (found.count < rules[i].least || found.ns * 100 < tally->ns * FAULT_SHARE)
			continue;
		if (found.map)
			paths_name(paths, found.map->file, found.map->key.area, name, sizeof(name));
		else
			paths_name(paths, found.place->key.file, found.place->key.area, name, sizeof(name));
		rules[i].say(&text, &found, verdict_base(name),
			     (double)found.ns / (double)tally->ns * 100);
		hints_add(hints, rules[i].kind, sentence);
	}
}

#define ROW		(*(const struct hint *)item)
#define GETTER(name)	static struct cell get_##name(const void *item)

GETTER(kind) { return cell_text(ROW.kind); }
GETTER(text) { return cell_text(ROW.text); }

const struct column hint_columns[HINT_COLUMNS] = {
	{ "kind", "KIND", 10, true, 0, SHOW_RATES | SHOW_DATA, get_kind },
	{ "text", "TEXT", 0, true, 0, SHOW_RATES | SHOW_DATA, get_text },
};
