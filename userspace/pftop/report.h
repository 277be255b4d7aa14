/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_REPORT_H
#define PFTOP_REPORT_H

#include "breakdown.h"
#include "gather.h"
#include "hint.h"
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

/**
 * struct report_sum - what is worked out of it
 * @report: the run
 * @family: its processes, after the last look
 * @gather: their records
 * @count: faults per class
 * @faults: all of them
 * @class_ns: time in minor and major faults
 * @ns: their sum
 * @wall_ns: how long it took
 * @share: @ns in percent of that
 * @agrees: counts are the kernel's
 * @breakdown: by cause and file
 * @verdict: what dominated, raw
 * @hints: what could be done about it
 */
struct report_sum {
	const struct report *report;
	const struct family *family;
	const struct gather *gather;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t faults;
	uint64_t class_ns[2];
	uint64_t ns;
	uint64_t wall_ns;
	double share;
	bool agrees;
	struct breakdown breakdown;
	char verdict[2 * PATHS_MAX];
	struct hints hints;
};

/* Names in `totals` of what was missed. */
#define REPORT_NR_MISSED	4
extern const char *const report_missed_names[REPORT_NR_MISSED];

bool report_open(struct report *report, const char *path, enum format format);
bool report_write(struct report *report, const struct family *family,
		  const struct gather *gather);
uint64_t report_grown(const struct report_sum *sum, const char *name);
void report_data(struct output *output, const struct report_sum *sum);
void report_close(struct report *report);

#endif /* PFTOP_REPORT_H */
