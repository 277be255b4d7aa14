// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that bring more than a page of the CPU's smallest size.
 */
#include <errno.h>
#include <linux/mman.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "faultgen.h"

#define THP		"/sys/kernel/mm/transparent_hugepage/"
#define TLB_SIZE	(2UL << 20)
#define SMALL_SIZE	(64UL << 10)

/**
 * huge_size() - size of a huge page that comes by itself
 * @fg: the run, which is skipped where none does
 *
 * Return: bytes.
 */
unsigned long huge_size(struct fg *fg)
{
	static const char size_file[] = THP "hpage_pmd_size";
	static const char enabled_file[] = THP "enabled";
	char text[64] = "";
	unsigned long size = 0;
	FILE *f;

	f = fopen(enabled_file, "re");
	if (!f || !fgets(text, sizeof(text), f))
		skip(fg, "no transparent huge pages: %s cannot be read",
		     enabled_file);
	fclose(f);
	if (strstr(text, "[never]"))
		skip(fg, "transparent huge pages are off (%s)", enabled_file);
	f = fopen(size_file, "re");
	if (f && fscanf(f, "%lu", &size) != 1)
		size = 0;
	if (f)
		fclose(f);
	return size ? size : FG_FAR;
}

static unsigned long huge_bytes(unsigned long start)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long from, to, kb, bytes = 0;
	bool inside = false;
	char line[512];

	if (!f)
		fail("cannot read /proc/self/smaps: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = start >= from && start < to;
		else if (inside &&
			 sscanf(line, "AnonHugePages: %lu kB", &kb) == 1)
			bytes = kb * 1024;
	}
	fclose(f);
	return bytes;
}

/**
 * huge_thp_work() - first touch of memory that may come as huge pages
 * @fg: the run
 */
void huge_thp_work(struct fg *fg)
{
	unsigned long size = huge_size(fg);
	unsigned long start = area_map(fg, fg->n * size, size,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range;
	unsigned long came;

	if (madvise((void *)start, fg->n * size, MADV_HUGEPAGE))
		skip(fg, "madvise(MADV_HUGEPAGE): %s", strerror(errno));
	range = report_range(fg, start, size, fg->n, 'w', FG_MINOR, "zero");
	range->page_size = size;
	range->mapped = size;
	window_touch(fg, range);

	came = huge_bytes(start);
	if (came != fg->n * size)
		skip(fg, "only %lu of %lu pages of %lu bytes came huge",
		     came / size, fg->n, size);
}


/**
 * huge_small_before() - allow large folios of 64 KiB, and none that is larger
 * @fg: the run
 *
 * As "madvise", so that nobody else gets any.
 */
void huge_small_before(struct fg *fg)
{
	if (access(THP "hugepages-64kB/enabled", F_OK))
		skip(fg, "no large folios of 64 KiB (since 6.8)");
	if (setting_change(fg, THP "hugepages-2048kB/enabled", "never") ||
	    setting_change(fg, THP "hugepages-64kB/enabled", "madvise"))
		skip(fg, "%shugepages-64kB/enabled: %s", THP, strerror(errno));
}

/**
 * huge_small_work() - first touch of memory that comes by 64 KiB
 * @fg: the run
 *
 * Every page is touched; but only one fault in 64 KiB is expected.
 */
void huge_small_work(struct fg *fg)
{
	size_t size = fg->n * SMALL_SIZE;
	unsigned long start = area_map(fg, size, SMALL_SIZE,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range;

	if (madvise((void *)start, size, MADV_HUGEPAGE))
		skip(fg, "madvise(MADV_HUGEPAGE): %s", strerror(errno));
	range = report_range(fg, start, SMALL_SIZE, fg->n, 'w', FG_MINOR,
			     "zero");
	range->page_size = SMALL_SIZE;
	range->mapped = SMALL_SIZE;
	window_warm(fg);
	window_begin(fg->proc);
	area_write(start, fg->page, size / fg->page);
	window_end(fg->proc);
	if (window_minor(fg->proc) != fg->n)
		skip(fg, "not all memory came by 64 KiB: %lu faults for %lu KiB",
		     (unsigned long)window_minor(fg->proc), size >> 10);
	report_made(fg, FG_MINOR, fg->n);
}

static unsigned long number_in(struct fg *fg, const char *path)
{
	unsigned long value = 0;
	FILE *f = fopen(path, "re");

	if (!f || fscanf(f, "%lu", &value) != 1)
		skip(fg, "%s cannot be read", path);
	fclose(f);
	return value;
}

/**
 * huge_tlb_before() - see that N huge pages are reserved
 * @fg: the run
 */
void huge_tlb_before(struct fg *fg)
{
	static const char dir[] = "/sys/kernel/mm/hugepages/hugepages-2048kB/";
	char path[128], value[24];
	unsigned long have;

	snprintf(path, sizeof(path), "%sfree_hugepages", dir);
	have = number_in(fg, path);
	if (have >= fg->n)
		return;
	snprintf(path, sizeof(path), "%snr_hugepages", dir);
	snprintf(value, sizeof(value), "%lu", number_in(fg, path) + fg->n);
	if (setting_change(fg, path, value))
		skip(fg, "%s: %s", path, strerror(errno));
	snprintf(path, sizeof(path), "%sfree_hugepages", dir);
	if (number_in(fg, path) < fg->n)
		skip(fg, "there are no %lu free huge pages", fg->n);
}

/**
 * huge_tlb_work() - first touch of reserved huge pages
 * @fg: the run
 */
void huge_tlb_work(struct fg *fg)
{
	unsigned long start = area_map(fg, fg->n * TLB_SIZE, TLB_SIZE,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS |
				       MAP_HUGETLB | MAP_HUGE_2MB, -1);
	struct fg_range *range = report_range(fg, start, TLB_SIZE, fg->n, 'w',
					      FG_MINOR, "hugetlb");

	range->page_size = TLB_SIZE;
	range->mapped = TLB_SIZE;
	window_touch(fg, range);
}
