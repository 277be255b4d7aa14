/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_REPORT_H
#define PFTOP_REPORT_H

#include "family.h"
#include "output.h"

/**
 * struct report - what a run was
 * @command: the program
 * @pid: its process
 * @status: as from wait4()
 * @start_ns: when it began
 * @end_ns: when it ended
 * @kernel: faults as wait4() gave them, minor and major
 * @before: totals before it began
 * @file: where to write; opened before the run, so that it cannot fail behind it
 * @output: how to write
 */
struct report {
	const char *command;
	uint32_t pid;
	int status;
	uint64_t start_ns;
	uint64_t end_ns;
	uint64_t kernel[2];
	struct pft_totals before;
	FILE *file;
	struct output output;
};

bool report_open(struct report *report, const char *path, enum format format);
bool report_write(struct report *report, const struct family *family);
void report_close(struct report *report);

#endif /* PFTOP_REPORT_H */
