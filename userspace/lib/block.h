/* SPDX-License-Identifier: GPL-2.0 */
/* A recording's blocks, each a pair of frames as zstd(1) reads them. */
#ifndef PFT_BLOCK_H
#define PFT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define BLOCK_MAJOR	1
#define BLOCK_MINOR	0

/* Bytes in a block, unpacked; a reader never allocates more for one. */
#define BLOCK_MAX	(16U << 20)
#define BLOCK_NAME_MAX	64

/**
 * enum block_type - what a block holds
 * @BLOCK_TEXT: a text file as it was at a time
 * @BLOCK_RECORDS: records of one CPU
 * @BLOCK_END: nothing: the recording is complete
 */
enum block_type {
	BLOCK_TEXT = 1,
	BLOCK_RECORDS,
	BLOCK_END,
};

/**
 * struct block - one block's description
 * @type: enum block_type; others are skipped
 * @cpu: of BLOCK_RECORDS
 * @count: of BLOCK_RECORDS: how many
 * @from_ns: CLOCK_MONOTONIC of its first record, or of the text
 * @to_ns: of its last record
 * @name: of BLOCK_TEXT
 * @offset: of its content in the file, in bytes
 * @packed: bytes there
 */
struct block {
	uint32_t type;
	uint32_t cpu;
	uint32_t count;
	uint64_t from_ns;
	uint64_t to_ns;
	char name[BLOCK_NAME_MAX];
	uint64_t offset;
	uint32_t packed;
};

/**
 * enum block_status - how a look for a block ended
 * @BLOCK_OK: it is there
 * @BLOCK_NO_MORE: the file ends properly before it
 * @BLOCK_CUT: the file ends within it
 * @BLOCK_BAD: what is there is none
 * @BLOCK_FAIL: errno says why
 */
enum block_status {
	BLOCK_OK,
	BLOCK_NO_MORE,
	BLOCK_CUT,
	BLOCK_BAD,
	BLOCK_FAIL,
};

struct block_packer;

struct block_packer *block_packer_new(int fd);
bool block_packer_start(struct block_packer *packer);
bool block_write(struct block_packer *packer, const struct block *block, const void *data,
		 size_t size);
uint64_t block_packer_bytes(const struct block_packer *packer);
void block_packer_free(struct block_packer *packer);

enum block_status block_start(int fd, unsigned int *major, unsigned int *minor, uint64_t *next);
enum block_status block_next(int fd, uint64_t *next, struct block *block);
enum block_status block_read(int fd, const struct block *block, void **data, size_t *size);

#endif /* PFT_BLOCK_H */
