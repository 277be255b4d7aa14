/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the harness takes. The first byte says which:
 *
 *	FUZZ_FILE	the bytes of a file, as they are
 *	FUZZ_BLOCKS	blocks that are not packed yet, each a struct fuzz_block and its
 *			content: checksums hold, so that what is in them is reached
 */
#ifndef FUZZ_BLOCKS_H
#define FUZZ_BLOCKS_H

#include <stdint.h>

#define FUZZ_FILE	'f'
#define FUZZ_BLOCKS	'b'

/**
 * struct fuzz_block - a block, small and without a checksum
 * @type: enum block_type
 * @name: index into fuzz_names; others stand for none
 * @cpu: of records
 * @ms: time of the text, or of the first record
 * @size: bytes of content that follow; the rest of the input where it has less
 * @count: of records
 */
struct fuzz_block {
	uint8_t type;
	uint8_t name;
	uint8_t cpu;
	uint8_t reserved;
	uint32_t ms;
	uint32_t size;
	uint32_t count;
};

static const char *const fuzz_names[] = {
	"format", "host", "totals", "pids", "threads", "exited", "causes", "latency", "files",
	"vdso", "proc/42/maps", "proc/42/build-ids", "proc/42/cmdline",
};

#define FUZZ_NAMES	(sizeof(fuzz_names) / sizeof(fuzz_names[0]))

#endif /* FUZZ_BLOCKS_H */
