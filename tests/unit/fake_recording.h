/* SPDX-License-Identifier: GPL-2.0 */
/* Recordings made by hand, block by block, with any time a test wants. */
#ifndef FAKE_RECORDING_H
#define FAKE_RECORDING_H

#include "fake.h"

/**
 * struct fake_recording - a recording that is being written
 * @path: the file
 * @fd: open for writing
 */
struct fake_recording {
	char path[128];
	int fd;
	struct block_packer *packer;
};

void fake_recording_begin(struct fake_recording *recording, const char *dir);
void fake_recording_text(struct fake_recording *recording, const char *name, uint64_t ns,
			 const char *text);
void fake_recording_records(struct fake_recording *recording, unsigned int cpu,
			    const struct pft_record *records, unsigned int count, uint64_t lost);
void fake_recording_end(struct fake_recording *recording);

#endif /* FAKE_RECORDING_H */
