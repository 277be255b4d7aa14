// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on mappings whose pages a driver or the kernel itself supplies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faultgen.h"

/* A device that is given: each page once. */
static void touch_device(struct fg *fg)
{
	struct fg_range *range;
	unsigned long start;
	struct stat st;
	int fd = open(fg->device, O_RDWR | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		skip(fg, "%s: %s", fg->device, strerror(errno));
	if (!S_ISCHR(st.st_mode))
		skip(fg, "%s is not a character device", fg->device);
	start = area_map(fg, fg->n * fg->page, fg->page, PROT_READ | PROT_WRITE,
			 MAP_SHARED, fd);
	range = report_range(fg, start, fg->page, fg->n, 'w', FG_MINOR,
			     "device");
	window_touch(fg, range);
}

/*
 * The first page of the vDSO, taken away again after each touch. Its entry is
 * missing then, but the page table stays.
 */
static void touch_vdso(struct fg *fg)
{
	unsigned long start = getauxval(AT_SYSINFO_EHDR);
	struct fg_range *range;
	unsigned long i;

	if (!start)
		skip(fg, "there is no vDSO");
	range = report_range(fg, start, 0, fg->n, 'r', FG_MINOR, "device");
	report_level(range, "pte", "pte");
	window_warm(fg);
	munlock((void *)start, fg->page);
	for (i = 0; i < fg->n; i++) {
		if (madvise((void *)start, fg->page, MADV_DONTNEED))
			skip(fg, "madvise(MADV_DONTNEED) of the vDSO: %s",
			     strerror(errno));
		window_begin(fg->proc);
		area_read(start, 0, 1);
		window_end(fg->proc);
	}
	report_made(fg, FG_MINOR, fg->n);
}

/**
 * device_work() - touch a mapping of a driver, or of the kernel itself
 * @fg: the run
 */
void device_work(struct fg *fg)
{
	if (fg->device)
		touch_device(fg);
	else
		touch_vdso(fg);
}
