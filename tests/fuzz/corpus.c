// SPDX-License-Identifier: GPL-2.0
/*
 * corpus DIR: makes inputs to begin with: a recording as blocks, the same as a
 * file, whole and cut, and files that are none.
 */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block.h"
#include "blocks.h"
#include "libpftrace.h"
#include "recording.h"

static const char *dir;
static char blocks[1 << 16];
static size_t used;

static void put_input(const char *name, char kind, const void *data, size_t size)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	if (!file || fputc(kind, file) == EOF || fwrite(data, 1, size, file) != size || fclose(file))
		err(1, "%s", path);
}

static void add(const struct fuzz_block *head, const void *data, size_t size)
{
	struct fuzz_block block = *head;

	block.size = (uint32_t)size;
	if (used + sizeof(block) + size > sizeof(blocks))
		errx(1, "a corpus that large is no corpus");
	memcpy(blocks + used, &block, sizeof(block));
	memcpy(blocks + used + sizeof(block), data, size);
	used += sizeof(block) + size;
}

static void text(const char *name, uint32_t ms, const char *content)
{
	struct fuzz_block head = { .type = BLOCK_TEXT, .name = FUZZ_NAMES, .ms = ms };
	uint8_t i;

	for (i = 0; i < FUZZ_NAMES; i++)
		if (!strcmp(fuzz_names[i], name))
			head.name = i;
	add(&head, content, strlen(content));
}

/* A record of each cause, on mappings of each kind. */
static void records(uint8_t cpu, uint32_t ms, uint64_t lost)
{
	struct {
		struct recording_records head;
		struct pft_record record[PFT_NR_CAUSES];
		struct recording_loss loss;
	} data;
	const struct fuzz_block head = {
		.type = BLOCK_RECORDS, .cpu = cpu, .ms = ms, .count = PFT_NR_CAUSES,
	};
	struct pft_record *record;
	unsigned int i;

	memset(&data, 0, sizeof(data));
	data.head.record_size = sizeof(*record);
	data.head.count = PFT_NR_CAUSES;
	data.head.nr_losses = lost > 0;
	data.loss.lost = lost;
	for (i = 0; i < PFT_NR_CAUSES; i++) {
		record = &data.record[i];
		record->pos = i;
		record->time_ns = ms * 1000000ULL + i;
		record->vma_start = 0x7f0000000000 + i % 5 * 0x1000000;
		record->vma_end = record->vma_start + 0x400000;
		record->address = record->vma_start + i * 4096ULL;
		record->ip = 0x7f0000001234;
		record->latency_ns = 1000 + i;
		record->pid = record->tgid = 42;
		record->cause = (uint8_t)i;
		record->class = i >= PFT_CAUSE_NULL ? PFT_INVALID : i % 2;
		record->perms = PFT_PERM_READ | (i % 6 == 5 ? PFT_PERM_HOLE : PFT_PERM_VMA);
		record->area = (uint8_t)(i % PFT_NR_AREAS);
		record->access = i % PFT_NR_ACCESSES;
		record->origin = i % PFT_NR_ORIGINS;
		record->level = i % PFT_NR_LEVELS;
		record->order = i % 3 ? 0 : PFT_ORDER_NONE;
		record->file = i % 2 * 7;
		record->dev = 0x801;
		record->ino = 1234;
		record->cpu = cpu;
		strcpy(record->comm, "cc1");
	}
	add(&head, &data, sizeof(data) - (lost ? 0 : sizeof(data.loss)));
}

static void snapshot(uint32_t ms, unsigned int minor)
{
	static const char head[] =
		"PID PPID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR zero COMM\n";
	char content[512];

	snprintf(content, sizeof(content), "%s42 1 %u 1 0 0 %u 0 0x1000 3 cc1\n", head, minor, minor);
	text("pids", ms, content);
	text("exited", ms, head);
	snprintf(content, sizeof(content), "PID TID MINOR COMM\n42 42 %u a\\033b\n", minor);
	text("threads", ms, content);
	text("causes", ms, "CLASS CAUSE COUNT TOTAL_NS MEAN_NS MAX_NS P50_NS P90_NS P99_NS\n"
	     "minor all 5 100 20 50 10 20 30\nmajor zero 5 - - - - - -\n");
	text("latency", ms, "CLASS CAUSE 0 1 2\nminor zero 0 4 5\n");
	snprintf(content, sizeof(content),
		 "minor %u\nmajor 1\ninvalid 2\ncpus 2\nfiles 1\ntraced_ns %u000000\nhook direct\n",
		 minor, ms);
	text("totals", ms, content);
}

static void make_blocks(void)
{
	text("format", 0, "abi 2.0\nrecord_size 128\n");
	text("host", 1, "kernel 6.12\nmachine x86_64\nstart_ns 1000000\n"
	     "start_wall_ns 1700000000000000000\ncommand cc1 -O2\npid 42\n");
	text("proc/42/cmdline", 1, "cc1 -O2\n");
	text("proc/42/maps", 1,
	     "7f0000000000-7f0000400000 r-xp 00001000 08:01 1234 /usr/lib/none.so (deleted)\n"
	     "7f0001000000-7f0001400000 rw-p 00000000 00:00 0 [heap]\n"
	     "7f0002000000-7f0002400000 r-xp 00000000 00:00 0 [vdso]\n");
	text("proc/42/build-ids", 1, "0x7f0000000000 0123456789abcdef0123456789abcdef01234567\n");
	text("files", 1, "ID DEV INO PATH\n7 08:01 1234 /srv/a\\040b\\033.bin\n");
	snapshot(2, 10);
	records(0, 3, 0);
	records(1, 4, 12);
	snapshot(1000, 100);
	records(0, 1001, 3);
	snapshot(2000, 200);
}

/* The blocks as pftop record would write them. */
static char *pack(size_t *size)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct block_packer *packer = block_packer_new(fd);
	struct fuzz_block head;
	const char *from = blocks;
	struct block block;
	char *file;

	if (!packer || !block_packer_start(packer))
		err(1, "packing");
	for (; from < blocks + used; from += head.size) {
		memcpy(&head, from, sizeof(head));
		from += sizeof(head);
		memset(&block, 0, sizeof(block));
		block.type = head.type;
		block.cpu = head.cpu;
		block.count = head.count;
		block.from_ns = head.ms * 1000000ULL;
		block.to_ns = block.from_ns + 1000000;
		if (head.name < FUZZ_NAMES)
			strcpy(block.name, fuzz_names[head.name]);
		if (!block_write(packer, &block, from, head.size))
			err(1, "packing");
	}
	*size = block_packer_bytes(packer);
	block_packer_free(packer);
	file = malloc(*size);
	if (!file || pread(fd, file, *size, 0) != (ssize_t)*size)
		err(1, "packing");
	close(fd);
	return file;
}

int main(int argc, char **argv)
{
	static const char foreign[] = "PERFILE2\0\0\0\0\0\0\0\0\x68";
	size_t size;
	char *file;

	if (argc != 2)
		errx(2, "usage: corpus DIR");
	dir = argv[1];
	make_blocks();
	put_input("blocks", FUZZ_BLOCKS, blocks, used);
	file = pack(&size);
	put_input("file", FUZZ_FILE, file, size);
	put_input("cut", FUZZ_FILE, file, size * 2 / 3);
	put_input("start", FUZZ_FILE, file, 48);
	put_input("foreign", FUZZ_FILE, foreign, sizeof(foreign));
	put_input("empty", FUZZ_FILE, "", 0);
	free(file);
	return 0;
}
