/* SPDX-License-Identifier: GPL-2.0 */
/* A recording, opened for reading: what a pftrace directory holds, over time. */
#ifndef PFT_RECORDING_H
#define PFT_RECORDING_H

#include "block.h"
#include "libpftrace.h"

/**
 * struct recording - an open recording
 * @root: whose it is
 * @fd: the file
 * @block: all of its blocks, in the order of the file
 * @count: of them
 * @room: blocks for which there is memory
 * @text: those with text, by name and time
 * @nr_texts: of them
 * @cpu: CPUs that have records, rising
 * @nr_cpus: of them
 * @from_ns: nothing before this is told, see pft_root_step()
 * @now_ns: nothing behind this is
 * @complete: it was ended properly
 * @damage: where it was found to be damaged, or empty
 */
struct recording {
	const struct pft_root *root;
	int fd;
	struct block *block;
	unsigned int count;
	unsigned int room;
	unsigned int *text;
	unsigned int nr_texts;
	unsigned int *cpu;
	unsigned int nr_cpus;
	uint64_t from_ns;
	uint64_t now_ns;
	bool complete;
	char damage[96];
};

/* What a block of records begins with; records and losses follow. */
struct recording_records {
	uint32_t record_size;
	uint32_t count;
	uint32_t nr_losses;
	uint32_t reserved;
};

/* So many of this CPU were lost just before the record of this index; behind the last one, too. */
struct recording_loss {
	uint32_t index;
	uint32_t reserved;
	uint64_t lost;
};

struct recording *recording_open(const struct pft_root *root, struct pft_error *error);
void recording_close(struct recording *recording);
int recording_text(const struct recording *recording, const char *name, struct pft_error *error);
bool recording_step(struct recording *recording);
void recording_rewind(struct recording *recording);
bool recording_span(const struct recording *recording, uint64_t *first_ns, uint64_t *last_ns);

struct replay;

struct replay *replay_open(const struct recording *recording, unsigned int cpu, unsigned int flags,
			   struct pft_error *error);
int replay_next(struct replay *replay, struct pft_record *record, uint64_t *lost,
		struct pft_error *error);
void replay_close(struct replay *replay);

#endif /* PFT_RECORDING_H */
