// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that find no page table, no table above it, and so on.
 *
 * Where an address has no table is computed from what was touched: regions are
 * used in which nothing is mapped. The kernel's own count of page tables
 * (VmPTE in /proc/self/status) says whether that was right.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "faultgen.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

/* Nothing of a program is here, whoever made it: 1 TiB. */
#define LOWEST		(1UL << 40)

/**
 * struct kind - faults of one level
 * @level: where translation stops
 * @stride: what an entry of that level maps; so far apart are the faults
 * @around: what the table maps that the entry is in; all of them are in one
 * @tables: page tables that each fault makes, as VmPTE counts them: tables of
 *	the second level from the top are not in it
 * @from: lowest address
 */
struct kind {
	const char *level;
	unsigned long stride;
	unsigned long around;
	unsigned int tables;
	unsigned long from;
};

static const struct kind kinds[] = {
	{ "pte", 4096, FG_PTE_TABLE, 0, LOWEST },
	{ "pmd", FG_PTE_TABLE, FG_PMD_TABLE, 1, LOWEST },
	{ "pud", FG_PMD_TABLE, FG_PUD_TABLE, 2, LOWEST },
	{ "p4d", FG_PUD_TABLE, FG_P4D_TABLE, 3, LOWEST },
	{ "pgd", FG_P4D_TABLE, 0, 3, FG_P4D_TABLE },
};

#define NKINDS	(sizeof(kinds) / sizeof(kinds[0]))

/* Bytes of page tables that this process has. */
static unsigned long tables_kb(void)
{
	static char text[4096];
	unsigned long kb;
	const char *p;
	size_t n;
	FILE *f = fopen("/proc/self/status", "re");

	if (!f)
		fail("cannot read /proc/self/status: %s", strerror(errno));
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	p = strstr(text, "VmPTE:");
	if (!p || sscanf(p, "VmPTE: %lu kB", &kb) != 1)
		fail("/proc/self/status has no VmPTE");
	return kb;
}

static bool fifth(struct fg *fg)
{
	void *p = mmap((void *)FG_P4D_TABLE, fg->page, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		munmap(p, fg->page);
	return p == (void *)FG_P4D_TABLE;
}

/* Where N faults of a kind can be made; 0 if that is nowhere. */
static unsigned long room(struct fg *fg, const struct kind *kind,
			  unsigned long n)
{
	unsigned long size = n * kind->stride + fg->page;
	unsigned long start, align = kind->around;
	void *p;

	/*
	 * The lower levels: a region of what the table maps, whose first entry
	 * is used to make that table. At the top it is there in any case.
	 */
	if (strcmp(kind->level, "p4d") == 0 || !kind->around)
		align = kind->stride;
	else if (size > kind->around)
		skip(fg, "%lu faults of level %s do not fit in one table", n,
		     kind->level);
	start = kind->around ?
		maps_room(kind->from, size > align ? size : align, align) :
		kind->from;
	if (!start)
		return 0;
	p = mmap((void *)start, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		 MAP_FIXED_NOREPLACE, -1, 0);
	if (p == MAP_FAILED)
		return 0;
	if ((unsigned long)p != start) {
		munmap(p, size);
		return 0;
	}
	area_add(start, size, false);
	if (align != kind->stride)
		area_write(start, 0, 1);
	return align != kind->stride ? start + kind->stride : start;
}

/**
 * level_work() - touch regions that have no page table, of all levels
 * @fg: the run
 */
void level_work(struct fg *fg)
{
	unsigned long i, have, expected = 0, before, made;
	struct fg_range *ranges[NKINDS];
	unsigned int n = 0;

	/* The fifth level: whether this CPU and this kernel have it. */
	have = fifth(fg) ? NKINDS : NKINDS - 1;

	for (i = 0; i < have; i++) {
		const struct kind *kind = &kinds[i];
		unsigned long count = fg->n / have + (i < fg->n % have);
		unsigned long start;

		if (!count)
			break;
		start = room(fg, kind, count);
		if (!start)
			skip(fg, "no room for %lu faults of level %s", count,
			     kind->level);
		ranges[n] = report_range(fg, start, kind->stride, count, 'w',
					 FG_MINOR, "zero");
		report_level(ranges[n++], kind->level, kind->level);
		expected += count * kind->tables * (fg->page >> 10);
	}
	tables_kb();
	window_warm(fg);
	before = tables_kb();
	for (i = 0; i < n; i++)
		window_make(fg, ranges[i]);
	made = tables_kb() - before;
	if (made != expected)
		fail("level: %lu KiB of page tables were made, not %lu", made,
		     expected);
}
