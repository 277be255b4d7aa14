// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that userfaultfd hands to a thread of this process.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faultgen.h"

#define RW	(PROT_READ | PROT_WRITE)

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY	1
#endif

static struct uffd {
	int fd;
	bool protect;
	unsigned long page;
	char source[65536] __attribute__((aligned(65536)));
	struct uffd_msg message;
	struct uffdio_copy copy;
	struct uffdio_writeprotect unprotect;
} uffd;

static void serve(unsigned long address)
{
	unsigned long page = address & ~(uffd.page - 1);
	int err;

	if (uffd.protect) {
		uffd.unprotect.range.start = page;
		uffd.unprotect.range.len = uffd.page;
		uffd.unprotect.mode = 0;
		err = ioctl(uffd.fd, UFFDIO_WRITEPROTECT, &uffd.unprotect);
	} else {
		uffd.copy.dst = page;
		uffd.copy.src = (unsigned long)uffd.source;
		uffd.copy.len = uffd.page;
		uffd.copy.mode = 0;
		err = ioctl(uffd.fd, UFFDIO_COPY, &uffd.copy);
	}
	if (err)
		fail("userfaultfd: cannot resolve 0x%lx: %s", address,
		     strerror(errno));
}

/* Ends with the process. */
static void *handler(void *arg)
{
	while (read(uffd.fd, &uffd.message, sizeof(uffd.message)) ==
	       sizeof(uffd.message))
		if (uffd.message.event == UFFD_EVENT_PAGEFAULT)
			serve(uffd.message.arg.pagefault.address);
	fail("userfaultfd: cannot read: %s", strerror(errno));
	return arg;
}

static void open_uffd(struct fg *fg)
{
	struct uffdio_api api = { .api = UFFD_API };

	if (uffd.protect)
		api.features = UFFD_FEATURE_PAGEFAULT_FLAG_WP;
	uffd.page = fg->page;
	uffd.fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (uffd.fd < 0 && errno == EINVAL)	/* before 5.11 there is no such flag */
		uffd.fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd.fd < 0)
		skip(fg, "userfaultfd: %s", strerror(errno));
	if (ioctl(uffd.fd, UFFDIO_API, &api))
		skip(fg, "userfaultfd cannot do this: %s", strerror(errno));
}

static void protect(struct fg *fg, unsigned long start, size_t size)
{
	struct uffdio_writeprotect wp = {
		.range = { .start = start, .len = size },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (ioctl(uffd.fd, UFFDIO_WRITEPROTECT, &wp))
		skip(fg, "userfaultfd: write protection: %s", strerror(errno));
}

/*
 * The fault is tried again when the thread has resolved it, which some kernels
 * count as major: a page more, with a page table of its own, tells.
 */
static void work(struct fg *fg, __u64 mode)
{
	unsigned long last = (fg->n * fg->page + FG_PTE_TABLE - 1) &
			     ~(FG_PTE_TABLE - 1);
	size_t size = last + fg->page;
	unsigned long start = area_map(fg, size, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct uffdio_register reg = {
		.range = { .start = start, .len = size },
		.mode = mode,
	};
	struct fg_range *range;

	uffd.protect = mode == UFFDIO_REGISTER_MODE_WP;
	open_uffd(fg);
	if (ioctl(uffd.fd, UFFDIO_REGISTER, &reg))
		skip(fg, "userfaultfd: register: %s", strerror(errno));
	range = report_range(fg, start, fg->page, fg->n, 'w', FG_MINOR, "uffd");
	if (uffd.protect) {
		area_write(start, fg->page, fg->n);
		area_write(start + last, 0, 1);
		protect(fg, start, size);
		report_level(range, "prot", "prot");
	}
	worker_thread(fg, handler, NULL);
	window_touch_probed(fg, range, start + last);
}

/**
 * uffd_missing_work() - write to missing pages, which a thread supplies
 * @fg: the run
 */
void uffd_missing_work(struct fg *fg)
{
	work(fg, UFFDIO_REGISTER_MODE_MISSING);
}

/**
 * uffd_wp_work() - write to protected pages, which a thread unprotects
 * @fg: the run
 */
void uffd_wp_work(struct fg *fg)
{
	work(fg, UFFDIO_REGISTER_MODE_WP);
}
