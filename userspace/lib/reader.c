// SPDX-License-Identifier: GPL-2.0
/*
 * One CPU's ring, mapped or read(2); or its records in a recording.
 *
 * @next is the position wanted next. Each position below it was either given
 * out or counted as lost, so that always
 *
 *	next - start == read + lost
 *
 * where start is the position at which the reader began. Nothing in a mapping
 * is believed before it is checked: a broken header gives an error, never an
 * access outside the mapping.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "barrier.h"
#include "private.h"
#include "recording.h"

#define RING_SIZE_MAX	(1ULL << 32)
#define READ_RECORDS	256

/*
 * Copies tried before a call gives up for now. A writer that overtakes a reader
 * this often in a row writes more than a ring between two looks.
 */
#define TRIES_MAX	4096

struct pft_reader {
	const struct pft_root *root;
	unsigned int cpu;
	unsigned int flags;
	int fd;
	char path[32];
	uint64_t read;
	uint64_t lost;
	uint64_t next;
	bool started;		/* @next is known */
	uint64_t end;		/* PFT_READ_DUMP: stop at this position */
	uint64_t opened_ns;
	/* mapped */
	const struct pft_ring_header *header;
	const char *slots;
	uint64_t mask;
	size_t size;
	/* read(2) */
	char *buf;
	size_t used;
	size_t filled;
	/* of a recording */
	struct replay *replay;
};

static uint64_t newer(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A copy on a disk may be shorter than its header says; debugfs has no size. */
static bool file_covers(const struct pft_reader *reader, uint64_t size)
{
	struct stat st;

	if (reader->root->live)
		return true;
	return !fstat(reader->fd, &st) && st.st_size >= 0 && (uint64_t)st.st_size >= size;
}

static const char *check_header(const struct pft_reader *reader,
				const struct pft_ring_header *header)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t bytes;

	if (header->magic != PFT_RING_MAGIC)
		return "it does not begin with the magic number";
	if (header->abi_major != PFT_ABI_MAJOR)
		return "its header is of another ABI major";
	if (header->record_size != reader->root->record_size)
		return "its record_size is not the one of format";
	if (header->cpu != reader->cpu)
		return "its header names another CPU";
	if (!header->slots || header->slots & (header->slots - 1))
		return "its number of slots is not a power of two";
	if (header->data_offset < sizeof(*header) || header->data_offset % 8)
		return "its data_offset is wrong";
	if (!header->size || header->size % page || header->size > RING_SIZE_MAX)
		return "its size is wrong";
	if (__builtin_mul_overflow(header->slots, (uint64_t)header->record_size, &bytes) ||
	    __builtin_add_overflow(bytes, header->data_offset, &bytes) || bytes > header->size)
		return "its slots do not fit into its size";
	if (!file_covers(reader, header->size))
		return "it is shorter than its header says";
	return NULL;
}

/* Maps the first page to learn the size, then the whole. */
static bool map_ring(struct pft_reader *reader, struct pft_error *error)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct pft_ring_header copy;
	const char *wrong;
	void *first, *map;

	if (!file_covers(reader, page)) {
		error_format(error, reader->root, reader->path, "it is shorter than a page");
		return false;
	}
	first = mmap(NULL, page, PROT_READ, MAP_SHARED, reader->fd, 0);
	if (first == MAP_FAILED) {
		error_system(error, reader->root, reader->path, errno);
		return false;
	}
	/*
	 * The check is of a copy, and what it found is kept here: the header
	 * of a copied file could change behind our back.
	 */
	memcpy(&copy, first, sizeof(copy));
	wrong = check_header(reader, &copy);
	if (wrong) {
		(void)munmap(first, page);
		error_format(error, reader->root, reader->path, "%s", wrong);
		if (copy.magic == PFT_RING_MAGIC && copy.abi_major != PFT_ABI_MAJOR) {
			error->code = PFT_ERR_ABI;
			error->major = copy.abi_major;
			error->minor = copy.abi_minor;
		}
		return false;
	}
	/* The first mapping goes last: while there is one, no ring is resized. */
	map = mmap(NULL, copy.size, PROT_READ, MAP_SHARED, reader->fd, 0);
	(void)munmap(first, page);
	if (map == MAP_FAILED) {
		error_system(error, reader->root, reader->path, errno);
		return false;
	}
	reader->header = map;
	reader->size = copy.size;
	reader->slots = (const char *)map + copy.data_offset;
	reader->mask = copy.slots - 1;
	return true;
}

/* Oldest position that may still be copied whole. */
static uint64_t oldest(const struct pft_reader *reader)
{
	uint64_t reserve = barrier_load(&reader->header->reserve);
	uint64_t slots = reader->mask + 1;
	uint64_t first = newer(barrier_load(&reader->header->first),
			       barrier_load(&reader->header->cleared));

	return newer(first, reserve > slots ? reserve - slots : 0);
}

/* May the ring go on from here? 1 a record, 0 none now, -1 broken. */
static int next_mapped(struct pft_reader *reader, struct pft_record *record,
		       struct pft_error *error)
{
	const struct pft_ring_header *header = reader->header;
	uint64_t head, low, slots = reader->mask + 1;
	unsigned int tries;

	for (tries = 0; tries < TRIES_MAX; tries++) {
		head = barrier_load_acquire(&header->head);
		if (reader->flags & PFT_READ_DUMP && head > reader->end)
			head = reader->end;
		if (reader->next >= head)
			return 0;
		low = oldest(reader);
		if (low > reader->next) {
			/* What is behind the end of a dump is not asked for. */
			low = low > head ? head : low;
			reader->lost += low - reader->next;
			reader->next = low;
			continue;
		}
		barrier_copy(record, reader->slots + (size_t)(reader->next & reader->mask) *
			     reader->root->record_size, sizeof(*record));
		barrier_read();
		if (barrier_load(&header->reserve) > reader->next + slots)
			continue;	/* overtaken: oldest() has moved */
		if (record->pos != reader->next) {
			error_format(error, reader->root, reader->path,
				     "position %llu holds record %llu",
				     (unsigned long long)reader->next,
				     (unsigned long long)record->pos);
			return -1;
		}
		reader->next++;
		reader->read++;
		return 1;
	}
	return 0;
}

static int fill_buffer(struct pft_reader *reader, struct pft_error *error)
{
	size_t room = READ_RECORDS * reader->root->record_size;
	ssize_t got;

	do {
		got = read(reader->fd, reader->buf, room);
	} while (got < 0 && errno == EINTR);
	reader->used = 0;
	reader->filled = 0;
	if (got < 0) {
		if (errno == EAGAIN)
			return 0;
		error_system(error, reader->root, reader->path, errno);
		return -1;
	}
	if ((size_t)got % reader->root->record_size) {
		error_format(error, reader->root, reader->path, "it gave a part of a record");
		return -1;
	}
	reader->filled = (size_t)got;
	return got > 0;
}

/* The next record of the buffer, not yet accounted. */
static int peek_read(struct pft_reader *reader, struct pft_record *record,
		     struct pft_error *error)
{
	int ret;

	if (reader->used == reader->filled) {
		ret = fill_buffer(reader, error);
		if (ret <= 0)
			return ret;
	}
	memcpy(record, reader->buf + reader->used, sizeof(*record));
	return 1;
}

static int next_read(struct pft_reader *reader, struct pft_record *record,
		     struct pft_error *error)
{
	int ret;

	for (;;) {
		ret = peek_read(reader, record, error);
		if (ret <= 0)
			return ret;
		/* Records come in order of time, so the rest is newer, too. */
		if (reader->flags & PFT_READ_DUMP && record->time_ns > reader->opened_ns)
			return 0;
		reader->used += reader->root->record_size;
		if (!reader->started) {
			if (!(reader->flags & PFT_READ_OLDEST) &&
			    record->time_ns < reader->opened_ns) {
				reader->next = record->pos + 1;
				continue;
			}
			/*
			 * read(2) does not tell where it began. Without an older
			 * record the first one is the beginning.
			 */
			if (!reader->next)
				reader->next = record->pos;
			reader->started = true;
		}
		break;
	}
	if (record->pos < reader->next) {
		error_format(error, reader->root, reader->path, "record %llu came after %llu",
			     (unsigned long long)record->pos,
			     (unsigned long long)reader->next - 1);
		return -1;
	}
	reader->lost += record->pos - reader->next;
	reader->next = record->pos + 1;
	reader->read++;
	return 1;
}

static int next_replayed(struct pft_reader *reader, struct pft_record *record,
			 struct pft_error *error)
{
	uint64_t lost = 0;
	int ret = replay_next(reader->replay, record, &lost, error);

	reader->lost += lost;
	reader->read += ret > 0;
	return ret;
}

static void start_mapped(struct pft_reader *reader)
{
	uint64_t head = barrier_load_acquire(&reader->header->head);

	reader->end = head;
	reader->next = head;
	if (reader->flags & PFT_READ_OLDEST) {
		uint64_t low = oldest(reader);

		reader->next = low < head ? low : head;
	}
	reader->started = true;
}

static bool open_mapped(struct pft_reader *reader, struct pft_error *error)
{
	(void)snprintf(reader->path, sizeof(reader->path), "cpu/cpu%u.map", reader->cpu);
	reader->fd = root_open_file(reader->root, reader->path, O_RDONLY | O_NONBLOCK, error);
	if (reader->fd < 0)
		return false;
	if (!map_ring(reader, error)) {
		(void)close(reader->fd);
		reader->fd = -1;
		return false;
	}
	start_mapped(reader);
	return true;
}

static bool open_read(struct pft_reader *reader, struct pft_error *error)
{
	(void)snprintf(reader->path, sizeof(reader->path), "cpu/cpu%u", reader->cpu);
	reader->fd = root_open_file(reader->root, reader->path, O_RDONLY | O_NONBLOCK, error);
	if (reader->fd < 0)
		return false;
	reader->buf = malloc(READ_RECORDS * reader->root->record_size);
	if (!reader->buf) {
		error_system(error, reader->root, reader->path, ENOMEM);
		return false;
	}
	/* What is there now tells where the reader begins; see next_read(). */
	return fill_buffer(reader, error) >= 0;
}

/* Only a refused mapping is a reason to read(2); a broken one is an error. */
static bool may_fall_back(const struct pft_error *error)
{
	return error->code == PFT_ERR_LOCKDOWN || error->code == PFT_ERR_SYSTEM;
}

/**
 * pft_reader_open - open the ring of one CPU
 * @root: from pft_root_open(); must stay open as long as the reader
 * @cpu: number of the CPU
 * @flags: PFT_READ_*; PFT_READ_DUMP is of use with PFT_READ_OLDEST only
 * @error: why not
 *
 * The ring is mapped where the kernel allows it (lockdown does not), else read.
 *
 * Return: a reader to be closed with pft_reader_close(), or NULL.
 */
struct pft_reader *pft_reader_open(const struct pft_root *root, unsigned int cpu,
				   unsigned int flags, struct pft_error *error)
{
	struct pft_reader *reader = calloc(1, sizeof(*reader));

	error_clear(error);
	if (!reader) {
		error_system(error, root, "cpu", ENOMEM);
		return NULL;
	}
	reader->root = root;
	reader->cpu = cpu;
	reader->flags = flags;
	reader->fd = -1;
	reader->opened_ns = pft_now_ns();
	if (root->recording) {
		reader->replay = replay_open(root->recording, cpu, flags, error);
		if (reader->replay)
			return reader;
		goto fail;
	}
	if (!(flags & PFT_READ_NO_MAP)) {
		if (open_mapped(reader, error))
			return reader;
		if (!may_fall_back(error))
			goto fail;
		error_clear(error);
	}
	if (open_read(reader, error))
		return reader;
fail:
	pft_reader_close(reader);
	return NULL;
}

/**
 * pft_reader_close - done with a ring
 * @reader: from pft_reader_open(), or NULL
 */
void pft_reader_close(struct pft_reader *reader)
{
	if (!reader)
		return;
	if (reader->header)
		(void)munmap((void *)reader->header, reader->size);
	if (reader->fd >= 0)
		(void)close(reader->fd);
	replay_close(reader->replay);
	free(reader->buf);
	free(reader);
}

/**
 * pft_reader_next - take the next record; never waits
 * @reader: from pft_reader_open()
 * @record: where to copy it
 * @error: why not, where -1 is returned
 *
 * Return: 1 a record, 0 there is none now, -1 error.
 */
int pft_reader_next(struct pft_reader *reader, struct pft_record *record,
		    struct pft_error *error)
{
	int ret;

	if (reader->replay)
		ret = next_replayed(reader, record, error);
	else if (reader->header)
		ret = next_mapped(reader, record, error);
	else
		ret = next_read(reader, record, error);
	if (ret > 0)
		record->comm[PFT_COMM_LEN - 1] = '\0';
	return ret;
}

/**
 * pft_reader_fd - for poll(2), which tells when there is a record to take
 * @reader: from pft_reader_open()
 *
 * Return: a file descriptor that stays the reader's.
 */
int pft_reader_fd(const struct pft_reader *reader)
{
	return reader->fd;
}

/**
 * pft_reader_is_mapped - mapped, or read(2)?
 * @reader: from pft_reader_open()
 *
 * Return: true where the ring is mapped.
 */
bool pft_reader_is_mapped(const struct pft_reader *reader)
{
	return reader->header;
}

/**
 * pft_reader_cpu - whose ring it is
 * @reader: from pft_reader_open()
 *
 * Return: number of the CPU.
 */
unsigned int pft_reader_cpu(const struct pft_reader *reader)
{
	return reader->cpu;
}

/**
 * pft_reader_read - how many records were taken
 * @reader: from pft_reader_open()
 *
 * Return: the number.
 */
uint64_t pft_reader_read(const struct pft_reader *reader)
{
	return reader->read;
}

/**
 * pft_reader_lost - how many records were overwritten or forgotten before they
 * could be taken
 * @reader: from pft_reader_open()
 *
 * Return: the number; what is lost is known when the next record is taken.
 */
uint64_t pft_reader_lost(const struct pft_reader *reader)
{
	return reader->lost;
}
