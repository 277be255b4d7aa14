// SPDX-License-Identifier: GPL-2.0
/* Recordings made by hand. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "block.h"
#include "fake_recording.h"
#include "recording.h"

/* Begins the file DIR/recording, with a format in it. */
void fake_recording_begin(struct fake_recording *recording, const char *dir)
{
	snprintf(recording->path, sizeof(recording->path), "%s/recording", dir);
	recording->fd = open(recording->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(recording->fd >= 0);
	recording->packer = block_packer_new(recording->fd);
	assert_non_null(recording->packer);
	assert_true(block_packer_start(recording->packer));
	fake_recording_text(recording, "format", 0, "abi 2.0\nrecord_size 128\n");
}

/* A text as it was at @ns; that of "totals" is the end of a snapshot. */
void fake_recording_text(struct fake_recording *recording, const char *name, uint64_t ns,
			 const char *text)
{
	struct block block = { .type = BLOCK_TEXT, .from_ns = ns, .to_ns = ns };

	snprintf(block.name, sizeof(block.name), "%s", name);
	assert_true(block_write(recording->packer, &block, text, strlen(text)));
}

/* Records of a CPU, by time; @lost of them just before the first. */
void fake_recording_records(struct fake_recording *recording, unsigned int cpu,
			    const struct pft_record *records, unsigned int count, uint64_t lost)
{
	struct recording_records head = {
		.record_size = sizeof(*records), .count = count, .nr_losses = lost > 0,
	};
	struct recording_loss loss = { .lost = lost };
	struct block block = {
		.type = BLOCK_RECORDS, .cpu = cpu, .count = count,
		.from_ns = records[0].time_ns, .to_ns = records[count - 1].time_ns,
	};
	size_t bytes = count * sizeof(*records), size = sizeof(head) + bytes;
	char *data = malloc(size + sizeof(loss));

	assert_non_null(data);
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), records, bytes);
	memcpy(data + size, &loss, sizeof(loss));
	assert_true(block_write(recording->packer, &block, data,
				size + (lost ? sizeof(loss) : 0)));
	free(data);
}

void fake_recording_end(struct fake_recording *recording)
{
	const struct block block = { .type = BLOCK_END };

	assert_true(block_write(recording->packer, &block, NULL, 0));
	block_packer_free(recording->packer);
	assert_int_equal(close(recording->fd), 0);
}
