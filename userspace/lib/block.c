// SPDX-License-Identifier: GPL-2.0
/*
 * The frame of a recording. A block is two frames of the zstd format: a
 * "skippable" one that describes it, and one with its content and a checksum.
 * So a reader can step over a block without unpacking it, and zstd(1) can unpack
 * a whole recording. The description is repeated within the checked content.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>

#include "block.h"

/* Any of 0x184d2a50 to 5f makes zstd skip the frame. */
#define SKIPPABLE	0x184d2a57U
#define START_SIGN	"pftrace recording\n"
#define ORDER_MARK	0x01020304U
#define LEVEL		1

struct start_frame {
	uint32_t skippable;
	uint32_t size;
	char sign[20];
	uint32_t order;
	uint32_t major;
	uint32_t minor;
};

struct head_frame {
	uint32_t skippable;
	uint32_t size;
	uint32_t packed;
	uint32_t type;
	uint32_t cpu;
	uint32_t count;
	uint64_t from_ns;
	uint64_t to_ns;
	char name[BLOCK_NAME_MAX];
};

#define BODY_OF(frame)	((uint32_t)(sizeof(frame) - 2 * sizeof(uint32_t)))

/**
 * struct block_packer - writes blocks
 * @fd: where to; stays the caller's
 * @context: of zstd
 * @plain: a description and a content, to be packed
 * @packed: head and packed content, to be written
 * @bytes: written
 */
struct block_packer {
	int fd;
	ZSTD_CCtx *context;
	char *plain;
	char *packed;
	uint64_t bytes;
};

/**
 * block_packer_new - get ready to write blocks
 * @fd: an empty file or a pipe; stays the caller's
 *
 * Return: to be freed with block_packer_free(), or NULL without memory.
 */
struct block_packer *block_packer_new(int fd)
{
	struct block_packer *packer = calloc(1, sizeof(*packer));

	if (!packer)
		return NULL;
	packer->fd = fd;
	packer->context = ZSTD_createCCtx();
	packer->plain = malloc(BLOCK_MAX);
	packer->packed = malloc(sizeof(struct head_frame) + ZSTD_compressBound(BLOCK_MAX));
	if (packer->context && packer->plain && packer->packed &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel, LEVEL)) &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1)))
		return packer;
	block_packer_free(packer);
	return NULL;
}

/**
 * block_packer_free - done with writing
 * @packer: from block_packer_new(), or NULL
 */
void block_packer_free(struct block_packer *packer)
{
	if (!packer)
		return;
	(void)ZSTD_freeCCtx(packer->context);
	free(packer->plain);
	free(packer->packed);
	free(packer);
}

static bool write_all(struct block_packer *packer, const void *data, size_t size)
{
	const char *from = data;
	ssize_t done;

	while (size) {
		done = write(packer->fd, from, size);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		from += done;
		size -= (size_t)done;
		packer->bytes += (uint64_t)done;
	}
	return true;
}

/**
 * block_packer_start - write what a recording begins with
 * @packer: from block_packer_new()
 *
 * Return: false on an error, which errno tells.
 */
bool block_packer_start(struct block_packer *packer)
{
	struct start_frame start = {
		.skippable = SKIPPABLE, .size = BODY_OF(start), .sign = START_SIGN,
		.order = ORDER_MARK, .major = BLOCK_MAJOR, .minor = BLOCK_MINOR,
	};

	return write_all(packer, &start, sizeof(start));
}

/**
 * block_write - write a block
 * @packer: after block_packer_start()
 * @block: what it is; offset and packed are not looked at
 * @data: its content
 * @size: bytes of it; with the description at most BLOCK_MAX
 *
 * Return: false on an error, which errno tells; then the file ends within a
 * block, and a reader will see that.
 */
bool block_write(struct block_packer *packer, const struct block *block, const void *data,
		 size_t size)
{
	struct head_frame head = {
		.skippable = SKIPPABLE, .size = BODY_OF(head), .type = block->type,
		.cpu = block->cpu, .count = block->count, .from_ns = block->from_ns,
		.to_ns = block->to_ns,
	};
	size_t packed;

	if (size > BLOCK_MAX - sizeof(head)) {
		errno = EFBIG;
		return false;
	}
	memcpy(head.name, block->name, sizeof(head.name));
	memcpy(packer->plain, &head, sizeof(head));
	if (size)
		memcpy(packer->plain + sizeof(head), data, size);
	packed = ZSTD_compress2(packer->context, packer->packed + sizeof(head),
				ZSTD_compressBound(BLOCK_MAX), packer->plain,
				sizeof(head) + size);
	if (ZSTD_isError(packed)) {
		errno = ENOMEM;
		return false;
	}
	head.packed = (uint32_t)packed;
	memcpy(packer->packed, &head, sizeof(head));
	return write_all(packer, packer->packed, sizeof(head) + packed);
}

/**
 * block_packer_bytes - how much was written
 * @packer: from block_packer_new()
 *
 * Return: bytes.
 */
uint64_t block_packer_bytes(const struct block_packer *packer)
{
	return packer->bytes;
}

/* As much as there is, up to @size; -1 on an error. */
static ssize_t read_at(int fd, void *to, size_t size, uint64_t offset)
{
	size_t done = 0;
	ssize_t got;

	while (done < size) {
		got = pread(fd, (char *)to + done, size - done, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/**
 * block_start - look at what a file begins with
 * @fd: the file
 * @major: where to put the version of the format
 * @minor: see @major
 * @next: where to put the offset of the first block
 *
 * Return: BLOCK_OK; BLOCK_BAD where it is no recording of this byte order.
 */
enum block_status block_start(int fd, unsigned int *major, unsigned int *minor, uint64_t *next)
{
	struct start_frame start;
	ssize_t got = read_at(fd, &start, sizeof(start), 0);

	if (got < 0)
		return BLOCK_FAIL;
	if (got < (ssize_t)sizeof(start) || start.skippable != SKIPPABLE ||
	    start.size != BODY_OF(start) || memcmp(start.sign, START_SIGN, sizeof(START_SIGN)) != 0 ||
	    start.order != ORDER_MARK)
		return BLOCK_BAD;
	*major = start.major;
	*minor = start.minor;
	*next = sizeof(start);
	return BLOCK_OK;
}

/**
 * block_next - step to the next block
 * @fd: the file
 * @next: its offset; moved behind it
 * @block: to be filled
 *
 * Nothing is unpacked, so only block_read() finds out about damage within.
 *
 * Return: see enum block_status.
 */
enum block_status block_next(int fd, uint64_t *next, struct block *block)
{
	struct head_frame head;
	ssize_t got = read_at(fd, &head, sizeof(head), *next);
	char last;

	if (got < 0)
		return BLOCK_FAIL;
	if (!got)
		return BLOCK_NO_MORE;
	if (got >= (ssize_t)(2 * sizeof(uint32_t)) &&
	    (head.skippable != SKIPPABLE || head.size != BODY_OF(head)))
		return BLOCK_BAD;
	if (got < (ssize_t)sizeof(head))
		return BLOCK_CUT;
	if (!head.packed || head.packed > ZSTD_compressBound(BLOCK_MAX))
		return BLOCK_BAD;
	memset(block, 0, sizeof(*block));
	block->type = head.type;
	block->cpu = head.cpu;
	block->count = head.count;
	block->from_ns = head.from_ns;
	block->to_ns = head.to_ns;
	memcpy(block->name, head.name, sizeof(block->name) - 1);
	block->offset = *next + sizeof(head);
	block->packed = head.packed;
	got = read_at(fd, &last, 1, block->offset + head.packed - 1);
	if (got < 0)
		return BLOCK_FAIL;
	if (!got)
		return BLOCK_CUT;
	*next = block->offset + head.packed;
	return BLOCK_OK;
}

/* The description within has passed the checksum; the one outside has not. */
static bool same_block(const struct head_frame *head, const struct block *block)
{
	return head->type == block->type && head->cpu == block->cpu &&
	       head->count == block->count && head->from_ns == block->from_ns &&
	       head->to_ns == block->to_ns &&
	       !memcmp(head->name, block->name, sizeof(block->name) - 1);
}

static enum block_status unpack(const void *packed, const struct block *block, void **data,
				size_t *size)
{
	unsigned long long whole = ZSTD_getFrameContentSize(packed, block->packed);
	struct head_frame head;
	enum block_status status = BLOCK_BAD;
	char *plain;

	/* Both values of an unknown size are larger than this. */
	if (whole > BLOCK_MAX || whole < sizeof(head))
		return BLOCK_BAD;
	plain = malloc(whole);
	if (!plain)
		return BLOCK_FAIL;
	if (ZSTD_decompress(plain, whole, packed, block->packed) != whole)
		goto out;
	memcpy(&head, plain, sizeof(head));
	if (!same_block(&head, block))
		goto out;
	*size = whole - sizeof(head);
	/* One byte more, so that a text can be ended. */
	*data = malloc(*size + 1);
	if (!*data) {
		status = BLOCK_FAIL;
		goto out;
	}
	memcpy(*data, plain + sizeof(head), *size);
	status = BLOCK_OK;
out:
	free(plain);
	return status;
}

/**
 * block_read - unpack a block's content
 * @fd: the file
 * @block: from block_next()
 * @data: where to put it; to be freed; there is room for one byte more
 * @size: where to put how many bytes it has
 *
 * Return: BLOCK_OK, BLOCK_BAD where it is damaged, BLOCK_FAIL.
 */
enum block_status block_read(int fd, const struct block *block, void **data, size_t *size)
{
	enum block_status status;
	void *packed = malloc(block->packed);
	ssize_t got;

	if (!packed)
		return BLOCK_FAIL;
	got = read_at(fd, packed, block->packed, block->offset);
	if (got < 0)
		status = BLOCK_FAIL;
	else if (got < (ssize_t)block->packed)
		status = BLOCK_CUT;
	else
		status = unpack(packed, block, data, size);
	free(packed);
	return status;
}
