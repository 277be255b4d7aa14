// SPDX-License-Identifier: GPL-2.0
/* The writer of a ring, out of module/ring.h. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake.h"
#include "ring.h"
#include "writer.h"

#define WORDS	(sizeof(struct pft_record) / sizeof(u64))

struct writer_ring {
	struct pft_ring ring;
	struct pft_buf buf;
};

/**
 * writer_open - make a ring and begin to write it
 * @writer: to be filled
 * @dir: a fake directory
 * @cpu: whose ring
 * @slots: records that it holds, a power of two
 */
void writer_open(struct writer *writer, const char *dir, unsigned int cpu, uint64_t slots)
{
	struct fake_ring image;
	struct pft_buf *buf;
	char path[128];
	int fd;

	memset(writer, 0, sizeof(*writer));
	writer->cpu = cpu;
	writer->slots = slots;
	writer->ring = calloc(1, sizeof(*writer->ring));
	assert_non_null(writer->ring);
	fake_ring_make(&image, cpu, slots);
	fake_ring_write(&image, dir);
	buf = &writer->ring->buf;
	buf->size = image.bytes;
	buf->mask = slots - 1;
	fake_ring_free(&image);
	snprintf(path, sizeof(path), "%s/cpu/cpu%u.map", dir, cpu);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	buf->header = mmap(NULL, buf->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(buf->header, MAP_FAILED);
	close(fd);
	buf->slots = (struct pft_record *)((char *)buf->header + buf->header->data_offset);
	writer->ring->ring.buf = buf;
}

/* What a record says, in one number. */
uint64_t writer_hash(const struct pft_record *record)
{
	u64 words[WORDS], sum = 0;
	size_t i;

	memcpy(words, record, sizeof(words));
	for (i = 0; i < WORDS; i++)
		sum = (sum ^ words[i]) * 0x9E3779B97F4A7C15ULL;
	return sum ^ sum >> 32;
}

/**
 * writer_put - one more record
 * @writer: from writer_open()
 * @record: what to write; its pos is @writer->written
 */
void writer_put(struct writer *writer, const struct pft_record *record)
{
	struct pft_buf *buf = NULL;
	u64 words[WORDS], *to = (u64 *)pft_ring_reserve(&writer->ring->ring, &buf);
	size_t i;

	assert_non_null(to);
	memcpy(words, record, sizeof(words));
	/* The first is the position, which is there already. */
	for (i = 1; i < WORDS; i++)
		WRITE_ONCE(to[i], words[i]);
	pft_ring_publish(&writer->ring->ring, buf);
	writer->sum += writer_hash(record);
	writer->written++;
}

/**
 * writer_close - give the memory back
 * @writer: from writer_open()
 */
void writer_close(struct writer *writer)
{
	munmap(writer->ring->buf.header, writer->ring->buf.size);
	free(writer->ring);
}
