/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_MODEL_H
#define PFTOP_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "libpftrace.h"
#include "moment.h"
#include "options.h"
#include "proc.h"
#include "recent.h"

#define MODEL_HISTORY	300	/* updates: some minutes of the usual second */

struct model;

/**
 * struct model_top - the cause of most faults
 * @cause: enum pft_cause
 * @percent: its share of the faults; 0 where there are none
 * @text: both: "zero:87%"; or empty
 */
struct model_top {
	unsigned int cause;
	double percent;
	char text[24];
};

/**
 * struct model_row - a process or thread as views show it
 * @model: whose row
 * @row: its counts since load or clear
 * @delta: faults in the interval
 * @delta_ns: time in faults in the interval
 * @rate: faults per second in the interval
 * @fault_percent: time in faults, in percent of one CPU
 * @has_rate: the four above are known
 * @has_causes: its counts per cause are known
 * @top: the cause of most faults in the interval
 * @top_total: the same since load or clear
 * @has_p99: the one below is known
 * @p99_ns: 99 % of its faults in the interval took at most this, of those that
 *	the rings still held
 * @exited: it has ended
 * @ended_ns: when it was first seen as ended
 * @user: owner, or NULL where not known
 * @command: its command line, or NULL where not known
 */
struct model_row {
	const struct model *model;
	struct pft_row row;
	uint64_t delta[PFT_NR_CLASSES];
	uint64_t delta_ns;
	double rate[PFT_NR_CLASSES];
	double fault_percent;
	bool has_rate;
	bool has_causes;
	struct model_top top;
	struct model_top top_total;
	bool has_p99;
	uint64_t p99_ns;
	bool exited;
	uint64_t ended_ns;
	const char *user;
	const char *command;
};

/**
 * struct model_p99 - how long faults of the whole machine took
 * @known: they are valid, per class
 * @p50_ns: half of those with a duration took at most this
 * @ns: 99 % of them did
 * @since_load: of all faults since load or clear; else of the interval
 */
struct model_p99 {
	bool known[PFT_NR_CLASSES];
	uint64_t p50_ns[PFT_NR_CLASSES];
	uint64_t ns[PFT_NR_CLASSES];
	bool since_load;
};

/**
 * struct model_index - finds rows of a table by their id
 * @slots: number of a row plus one, 0 for empty
 * @size: a power of two, or 0
 */
struct model_index {
	uint32_t *slots;
	uint32_t size;
};

/**
 * struct model - the newest snapshot, and how it differs from the one before
 * @root: where snapshots come from
 * @threads: rows are threads
 * @keep_ns: how long an ended process stays in the rows
 * @list_old: the first snapshot shows those that ended before it, too
 * @totals: the newest totals
 * @moment: when the newest snapshot was taken
 * @interval_s: what the rates are about: seconds since the snapshot before or,
 *	where there is none, the time traced since load or clear
 * @since_load: there is none
 * @has_rate: the rates below are known
 * @rate: faults per second of the whole machine
 * @fault_percent: time in faults, percent of all CPUs
 * @exited_unseen: processes that ended in the interval and are not listed
 * @p99: how long faults took
 * @recent: the same for each process; opened by who wants it
 * @history: @rate of the last updates, newest last
 * @nr_history: of them
 * @history_from: updates that were forgotten before them
 * @rows: the rows, unfiltered, in no order
 * @nr_rows: of them
 *
 * The rest is private to model.c.
 */
struct model {
	const struct pft_root *root;
	bool threads;
	uint64_t keep_ns;
	bool list_old;
	struct pft_totals totals;
	struct moment moment;
	double interval_s;
	bool since_load;
	bool has_rate;
	double rate[PFT_NR_CLASSES];
	double fault_percent;
	uint64_t exited_unseen;
	struct model_p99 p99;
	struct recent recent;
	double history[PFT_NR_CLASSES][MODEL_HISTORY];
	unsigned int nr_history;
	uint64_t history_from;
	struct model_row *rows;
	unsigned int nr_rows;

	/* private: */
	unsigned int room;
	unsigned int updates;
	bool before_threads;
	struct pft_totals before;
	uint64_t before_ns;
	struct pft_table now;
	struct pft_table then;
	struct pft_table exited;
	struct pft_fresh known;
	struct model_row *ended;
	unsigned int nr_ended;
	struct model_index index;
	struct model_index live;
	struct proc_cache proc;
	bool has_latency;
	bool before_latency;
	struct pft_latency latency;
	struct pft_latency latency_before;
	struct pft_causes causes;
};

void model_init(struct model *model, const struct pft_root *root);
void model_fini(struct model *model);
bool model_read(struct model *model, struct pft_error *error);
bool model_compute(struct model *model);
bool model_update(struct model *model, struct pft_error *error);
void model_name(struct model *model, struct model_row *row);

#endif /* PFTOP_MODEL_H */
