/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring in a file of a fake directory, written with the module's own code
 * while pftop has it mapped.
 */
#ifndef WRITER_H
#define WRITER_H

#include <stdint.h>

#include <uapi/pftrace.h>

/**
 * struct writer - the only one who writes to the ring of a CPU
 * @cpu: whose ring
 * @slots: records that it holds
 * @written: records so far, which is the next position, too
 * @sum: of writer_hash() of all of them
 *
 * The rest is private to writer.c.
 */
struct writer {
	unsigned int cpu;
	uint64_t slots;
	uint64_t written;
	uint64_t sum;

	struct writer_ring *ring;
};

void writer_open(struct writer *writer, const char *dir, unsigned int cpu, uint64_t slots);
void writer_put(struct writer *writer, const struct pft_record *record);
uint64_t writer_hash(const struct pft_record *record);
void writer_close(struct writer *writer);

#endif /* WRITER_H */
