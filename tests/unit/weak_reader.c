// SPDX-License-Identifier: GPL-2.0
/*
 * The mapped reader of libpftrace, userspace/lib/reader.c, in the memory of
 * weak.h: its atomics, all of which are in barrier.h, are the compiler's own.
 */
#include "weak.h"

#define __atomic_load_n(p, order) \
	((__typeof__(*(p) + 0))weak_load((p), sizeof(*(p)), (order) != __ATOMIC_RELAXED))
#define __atomic_thread_fence(order) \
	((order) == __ATOMIC_RELAXED ? (void)0 : weak_read_barrier())

#include "../../userspace/lib/reader.c"

#include "weak_reader.h"

/* What reader.c needs of its neighbours; a test has no files. */
void error_clear(struct pft_error *error)
{
	error->code = PFT_OK;
}

void error_system(struct pft_error *error, const struct pft_root *root, const char *path, int err)
{
	(void)root;
	(void)path;
	(void)err;
	error->code = PFT_ERR_SYSTEM;
}

void error_format(struct pft_error *error, const struct pft_root *root, const char *path,
		  const char *fmt, ...)
{
	(void)root;
	(void)path;
	(void)fmt;
	error->code = PFT_ERR_FORMAT;
}

int root_open_file(const struct pft_root *root, const char *path, int flags,
		   struct pft_error *error)
{
	(void)flags;
	error_system(error, root, path, ENOENT);
	return -1;
}

/* No recording, either. */
struct replay *replay_open(const struct recording *recording, unsigned int cpu, unsigned int flags,
			   struct pft_error *error)
{
	(void)recording;
	(void)cpu;
	(void)flags;
	error_system(error, NULL, "", ENOENT);
	return NULL;
}

void replay_close(struct replay *replay)
{
	(void)replay;
}

int replay_next(struct replay *replay, struct pft_record *record, uint64_t *lost,
		struct pft_error *error)
{
	(void)replay;
	(void)record;
	(void)lost;
	error_system(error, NULL, "", ENOENT);
	return -1;
}

uint64_t pft_now_ns(void)
{
	return 0;
}

/**
 * weak_reader_next - pft_reader_next() on memory that a module's ring has
 * @header: its first page
 * @at: what the reader is to know, and then knows
 * @record: filled
 *
 * Return: 1 a record, 0 there is none now, -1 it is broken.
 */
int weak_reader_next(const struct pft_ring_header *header, struct weak_position *at,
		     struct pft_record *record)
{
	static const struct pft_root root = { .record_size = sizeof(struct pft_record) };
	struct pft_reader reader = {
		.root = &root, .next = at->next, .read = at->read, .lost = at->lost,
		.started = true, .header = header,
		.slots = (const char *)header + header->data_offset, .mask = header->slots - 1,
		.end = at->end, .flags = at->end ? PFT_READ_DUMP : 0,
	};
	struct pft_error error;
	int ret = pft_reader_next(&reader, record, &error);

	at->next = reader.next;
	at->read = reader.read;
	at->lost = reader.lost;
	return ret;
}
