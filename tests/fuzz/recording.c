// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a recording that may be anything, as pftop does: opened, its snapshots
 * one after the other, all records, the report in each of its forms. Nothing is
 * expected of it but that it ends, and in bounded memory.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block.h"
#include "blocks.h"
#include "digest.h"
#include "digest_json.h"
#include "html.h"
#include "model.h"

/* Updates of one input: more say nothing new. */
#define STEPS	16

static int fd = -1;
static struct block_packer *packer;
static char path[64];
static FILE *nowhere;

static void start(void)
{
	fd = memfd_create("recording", MFD_CLOEXEC);
	packer = block_packer_new(fd);
	nowhere = fopen("/dev/null", "w");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || !packer || !nowhere)
		abort();
}

static void put_file(const uint8_t *data, size_t size)
{
	if (write(fd, data, size) != (ssize_t)size)
		abort();
}

static void put_blocks(const uint8_t *data, size_t size)
{
	struct fuzz_block head;
	struct block block;
	size_t taken;

	if (!block_packer_start(packer))
		abort();
	while (size >= sizeof(head)) {
		memcpy(&head, data, sizeof(head));
		data += sizeof(head);
		size -= sizeof(head);
		taken = head.size < size ? head.size : size;
		memset(&block, 0, sizeof(block));
		block.type = head.type;
		block.cpu = head.cpu;
		block.count = head.count;
		block.from_ns = head.ms * 1000000ULL;
		block.to_ns = block.from_ns + 1000000;
		if (head.name < FUZZ_NAMES)
			snprintf(block.name, sizeof(block.name), "%s", fuzz_names[head.name]);
		if (!block_write(packer, &block, data, taken))
			abort();
		data += taken;
		size -= taken;
	}
}

/* What the screen and -b do. */
static void step(struct pft_root *root)
{
	struct pft_error error;
	struct model model;
	unsigned int i, row;

	pft_root_rewind(root);
	model_init(&model, root);
	recent_init(&model.recent, root);
	if (!proc_init(&model.proc, NULL, root))
		abort();
	for (i = 0; i < STEPS && model_update(&model, &error); i++) {
		for (row = 0; row < model.nr_rows; row++)
			model_name(&model, &model.rows[row]);
		model.threads = i % 4 == 3;
		if (!pft_root_step(root))
			break;
	}
	model_fini(&model);
	pft_root_whole(root);
}

static void put_tables(struct digest *digest, enum format format)
{
	const struct column *columns[COLUMNS_MAX];
	struct output output;
	unsigned int i, row;

	output_init(&output, format, nowhere);
	for (i = 0; i < nr_digest_tables; i++) {
		output.ops->begin(&output);
		output.ops->table(&output, NULL, columns, digest_tables[i].columns(SHOW_DATA, columns));
		for (row = 0; row < digest_tables[i].count(digest); row++)
			output.ops->row(&output, digest_tables[i].row(digest, row));
		output.ops->end(&output);
	}
	output_fini(&output);
}

/* What pftop report does. */
static void report(struct pft_root *root)
{
	struct options options = { 0 };
	struct pft_error error = { 0 };
	struct digest digest;
	char *json = NULL;
	size_t size = 0;
	bool failed;
	FILE *memory;

	if (digest_read(&digest, root, &options, &error) || digest.breakdown.cause) {
		memory = open_memstream(&json, &size);
		if (!memory)
			abort();
		digest_json(&digest, memory, &failed);
		if (fclose(memory) || failed || !html_write(nowhere, json, size))
			abort();
		free(json);
		put_tables(&digest, FORMAT_TEXT);
		put_tables(&digest, FORMAT_CSV);
		(void)digest_folded(&digest, nowhere);
	}
	digest_fini(&digest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pft_error error;
	struct pft_root *root;
	char text[640];

	if (fd < 0)
		start();
	if (!size || ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		return 0;
	if (data[0] == FUZZ_BLOCKS)
		put_blocks(data + 1, size - 1);
	else
		put_file(data + 1, size - 1);
	root = pft_root_open(path, &error);
	if (!root) {
		pft_error_message(&error, text, sizeof(text));
		if (!error.code || !*text)
			abort();
		return 0;
	}
	(void)pft_root_damage(root);
	step(root);
	report(root);
	pft_root_close(root);
	return 0;
}
