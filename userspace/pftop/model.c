// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots and their differences. Views do not read files: they look here.
 *
 * A process without a line had no fault since load or clear, so one that is new
 * in a snapshot has had all its faults since the snapshot before.
 */

#include <errno.h>
#include <stdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define ENDED_MAX	1024	/* as many as the module lists */

/**
 * model_init - a model without a snapshot
 * @model: to be filled
 * @root: where snapshots come from; must stay open
 */
void model_init(struct model *model, const struct pft_root *root)
{
	memset(model, 0, sizeof(*model));
	model->root = root;
}

/**
 * model_fini - give its memory back
 * @model: from model_init()
 */
void model_fini(struct model *model)
{
	pft_table_free(&model->now);
	pft_table_free(&model->then);
	pft_table_free(&model->exited);
	pft_fresh_free(&model->known);
	free(model->rows);
	free(model->ended);
	free(model->index.slots);
	free(model->live.slots);
	proc_fini(&model->proc);
	recent_fini(&model->recent);
	memset(model, 0, sizeof(*model));
}

static uint32_t row_id(const struct pft_row *row)
{
	return row->tid ? row->tid : row->pid;
}

static uint32_t hash(uint32_t id)
{
	return id * 2654435769U;
}

static bool index_table(struct model_index *index, const struct pft_table *table)
{
	uint32_t size = 64, at, i;
	uint32_t *slots;

	while (size < table->count * 2)
		size *= 2;
	if (size > index->size) {
		slots = realloc(index->slots, size * sizeof(*slots));
		if (!slots)
			return false;
		index->slots = slots;
		index->size = size;
	}
	memset(index->slots, 0, index->size * sizeof(*index->slots));
	for (i = 0; i < table->count; i++) {
		at = hash(row_id(&table->row[i])) & (index->size - 1);
		while (index->slots[at])
			at = (at + 1) & (index->size - 1);
		index->slots[at] = i + 1;
	}
	return true;
}

static const struct pft_row *index_find(const struct model_index *index,
					const struct pft_table *table, uint32_t id)
{
	uint32_t at = hash(id) & (index->size - 1);

	for (; index->slots[at]; at = (at + 1) & (index->size - 1))
		if (row_id(&table->row[index->slots[at] - 1]) == id)
			return &table->row[index->slots[at] - 1];
	return NULL;
}

static bool went_back(const struct pft_row *now, const struct pft_row *then)
{
	unsigned int i;

	for (i = 0; i < PFT_NR_CLASSES; i++)
		if (now->count[i] < then->count[i])
			return true;
	for (i = 0; i < PFT_NR_CAUSES; i++)
		if (now->cause[i] < then->cause[i])
			return true;
	return now->ns[0] < then->ns[0] || now->ns[1] < then->ns[1];
}

/* "zero:84%"; by hand, as each row has two of them at each update. */
static void name_top(struct model_top *top)
{
	unsigned int percent = (unsigned int)lrint(top->percent);
	char *to = stpcpy(top->text, pft_cause_name(top->cause));

	*to++ = ':';
	if (percent >= 100)
		*to++ = (char)('0' + percent / 100);
	if (percent >= 10)
		*to++ = (char)('0' + percent / 10 % 10);
	*to++ = (char)('0' + percent % 10);
	*to++ = '%';
	*to = '\0';
}

static void set_top(struct model_top *top, const struct pft_row *now, const struct pft_row *then)
{
	uint64_t count, most = 0, sum = 0;
	unsigned int i;

	memset(top, 0, sizeof(*top));
	for (i = 0; i < PFT_NR_CAUSES; i++) {
		count = now->cause[i] - then->cause[i];
		sum += count;
		if (count <= most)
			continue;
		most = count;
		top->cause = i;
	}
	if (!sum)
		return;
	top->percent = (double)most / (double)sum * 100;
	name_top(top);
}

/* Fills the differences of a row; @then is what it was before, or NULL. */
static void set_delta(struct model_row *row, const struct pft_row *then, double interval_s,
		      bool has_rate)
{
	static const struct pft_row zero;
	unsigned int i;

	/* Counts never fall: this is another process with the same number. */
	if (!then || went_back(&row->row, then))
		then = &zero;
	for (i = 0; i < PFT_NR_CLASSES; i++)
		row->delta[i] = row->row.count[i] - then->count[i];
	row->delta_ns = row->row.ns[0] - then->ns[0] + row->row.ns[1] - then->ns[1];
	set_top(&row->top_total, &row->row, &zero);
	row->has_rate = has_rate && interval_s > 0;
	if (!row->has_rate)
		return;
	set_top(&row->top, &row->row, then);
	for (i = 0; i < PFT_NR_CLASSES; i++)
		row->rate[i] = (double)row->delta[i] / interval_s;
	row->fault_percent = (double)row->delta_ns / interval_s / 1e7;
}

static void set_slow(struct model_row *row)
{
	row->has_p99 = recent_percentile(&row->model->recent, row_id(&row->row), 99, &row->p99_ns);
}

static struct model_row *add_row(struct model *model)
{
	unsigned int room = model->room ? model->room * 2 : 256;
	struct model_row *rows;

	if (model->nr_rows == model->room) {
		rows = realloc(model->rows, room * sizeof(*rows));
		if (!rows)
			return NULL;
		model->rows = rows;
		model->room = room;
	}
	rows = &model->rows[model->nr_rows++];
	memset(rows, 0, sizeof(*rows));
	rows->model = model;
	return rows;
}

static bool keep_ended(struct model *model, const struct model_row *row)
{
	if (!model->ended) {
		model->ended = malloc(ENDED_MAX * sizeof(*model->ended));
		if (!model->ended)
			return false;
	}
	if (model->nr_ended == ENDED_MAX) {
		memmove(model->ended, model->ended + 1, (ENDED_MAX - 1) * sizeof(*row));
		model->nr_ended--;
	}
	model->ended[model->nr_ended++] = *row;
	return true;
}

/* Processes that ended a short while ago, for which the interval is over. */
static bool add_ended(struct model *model)
{
	unsigned int i, kept = 0;
	struct model_row *row;

	for (i = 0; i < model->nr_ended; i++) {
		if (model->moment.time_ns - model->ended[i].ended_ns >= model->keep_ns)
			continue;
		if (index_find(&model->live, &model->now, model->ended[i].row.pid))
			continue;	/* the number is in use again */
		model->ended[kept++] = model->ended[i];
		row = add_row(model);
		if (!row)
			return false;
		*row = model->ended[kept - 1];
		row->has_rate = false;
		row->has_p99 = false;
		memset(&row->top, 0, sizeof(row->top));
		memset(row->delta, 0, sizeof(row->delta));
	}
	model->nr_ended = kept;
	return true;
}

/*
 * A process that ended between the reading of `pids` and of `exited` is in both:
 * what it ended with counts. It has the same parent, and counts never fall, so
 * one that lives with a number used again is told from it, but for a sibling
 * that had the number within this interval: that one is left to the next update.
 */
static void drop_living(struct model *model, const struct pft_row *ended, uint64_t *ns)
{
	const struct pft_row *now = index_find(&model->live, &model->now, ended->pid);
	struct model_row *row;

	if (!now || now->ppid != ended->ppid || went_back(ended, now))
		return;
	/* Those alive were added first, in the order of their table. */
	row = &model->rows[now - model->now.row];
	*ns -= row->delta_ns;
	row->delta_ns = 0;
	row->row.pid = 0;
}

static void remove_dropped(struct model *model)
{
	unsigned int i, kept = 0;

	for (i = 0; i < model->nr_rows; i++)
		if (model->rows[i].row.pid)
			model->rows[kept++] = model->rows[i];
	model->nr_rows = kept;
}

/* Processes that ended in this interval. */
static bool add_exited(struct model *model, const struct pft_table *then, bool has_rate,
		       uint64_t *ns)
{
	struct model_row *row;
	bool first_look = !model->known.slots;
	unsigned int i, fresh;
	uint64_t grown;

	if (!pft_fresh_take(&model->known, &model->exited, &fresh))
		return false;
	model->exited_unseen = 0;
	if (then && !model->known.overlap) {
		grown = pft_totals_value(&model->totals, "exited") -
			pft_totals_value(&model->before, "exited");
		if (grown > fresh)
			model->exited_unseen = grown - fresh;
	}
	for (i = fresh; i-- > 0;) {
		row = add_row(model);
		if (!row)
			return false;
		row->row = model->exited.row[i];
		row->has_causes = model->exited.has_causes;
		row->exited = true;
		row->ended_ns = model->moment.time_ns;
		set_delta(row, then ? index_find(&model->index, then, row->row.pid) : NULL,
			  model->interval_s, has_rate);
		set_slow(row);
		*ns += row->delta_ns;
		drop_living(model, &row->row, ns);
		if (first_look && !model->list_old) {
			model->nr_rows--;
			continue;
		}
		if (model->keep_ns && !keep_ended(model, row))
			return false;
	}
	remove_dropped(model);
	return true;
}

static bool add_living(struct model *model, const struct pft_table *then, bool has_rate,
		       uint64_t *ns)
{
	const struct pft_row *before;
	struct model_row *row;
	unsigned int i;

	for (i = 0; i < model->now.count; i++) {
		row = add_row(model);
		if (!row)
			return false;
		row->row = model->now.row[i];
		row->has_causes = model->now.has_causes;
		before = then ? index_find(&model->index, then, row_id(&row->row)) : NULL;
		set_delta(row, before, model->interval_s, has_rate);
		set_slow(row);
		*ns += row->delta_ns;
	}
	return true;
}

/* Was there a clear, or was the module loaded anew, since the last snapshot? */
static bool cleared(const struct model *model)
{
	unsigned int i;

	for (i = 0; i < PFT_NR_CLASSES; i++)
		if (pft_totals_value(&model->totals, pft_class_name(i)) <
		    pft_totals_value(&model->before, pft_class_name(i)))
			return true;
	return pft_totals_value(&model->totals, "traced_ns") <
	       pft_totals_value(&model->before, "traced_ns");
}

static void set_rates(struct model *model, bool first)
{
	uint64_t delta;
	unsigned int i;

	for (i = 0; i < PFT_NR_CLASSES; i++) {
		delta = pft_totals_value(&model->totals, pft_class_name(i));
		if (!first)
			delta -= pft_totals_value(&model->before, pft_class_name(i));
		model->rate[i] = model->has_rate ? (double)delta / model->interval_s : 0;
	}
	if (first)
		return;	/* an average is no point of the curve */
	if (model->nr_history == MODEL_HISTORY) {
		for (i = 0; i < PFT_NR_CLASSES; i++)
			memmove(model->history[i], model->history[i] + 1,
				(MODEL_HISTORY - 1) * sizeof(double));
		model->nr_history--;
		model->history_from++;
	}
	for (i = 0; i < PFT_NR_CLASSES; i++)
		model->history[i][model->nr_history] = model->rate[i];
	model->nr_history++;
}

/*
 * What the newest faults took, by the difference of two histograms. Without
 * histograms it is what `causes` says, of all faults since load.
 */
static void set_p99(struct model *model, bool first)
{
	const struct pft_latency *then = first ? NULL : &model->latency_before;
	const struct pft_cause_stat *stat;
	struct model_p99 *p99 = &model->p99;
	unsigned int i;

	memset(p99, 0, sizeof(*p99));
	if (model->has_latency && (first || model->before_latency)) {
		p99->since_load = first;
		for (i = 0; i < PFT_NR_CLASSES; i++)
			p99->known[i] = pft_latency_percentile(&model->latency, then, i, 50,
							       &p99->p50_ns[i]) &&
					pft_latency_percentile(&model->latency, then, i, 99,
							       &p99->ns[i]);
		return;
	}
	p99->since_load = true;
	for (i = 0; i < PFT_NR_CLASSES; i++) {
		stat = pft_causes_find(&model->causes, i, PFT_CAUSE_ALL);
		p99->known[i] = stat && stat->timed;
		p99->p50_ns[i] = p99->known[i] ? stat->p50_ns : 0;
		p99->ns[i] = p99->known[i] ? stat->p99_ns : 0;
	}
}

/* An older module has neither file: then p99 is not known. */
static bool read_latency(struct model *model, struct pft_latency *latency, bool *has,
			 struct pft_error *error)
{
	model->causes.count = 0;
	*has = pft_latency_read(model->root, latency, error);
	if (*has || !pft_error_is_missing(error))
		return *has;
	if (pft_causes_read(model->root, &model->causes, error))
		return true;
	if (!pft_error_is_missing(error))
		return false;
	memset(error, 0, sizeof(*error));
	return true;
}

/*
 * Has no process ended since the snapshot before? Then `exited`, which may have a
 * thousand rows, says what it said. @model->then is the newest table here. A
 * process is in `totals` as ended a moment after it has left `pids`.
 */
static bool none_ended(const struct model *model, const struct pft_totals *totals)
{
	unsigned int i, left = 0;

	if (!model->updates || model->before_threads || !pft_totals_find(totals, "exited") ||
	    pft_totals_value(totals, "exited") != pft_totals_value(&model->totals, "exited"))
		return false;
	for (i = 0; i < model->then.count; i++)
		left += index_find(&model->live, &model->now, model->then.row[i].pid) != NULL;
	return left == model->now.count;
}

/**
 * model_read - take a snapshot; what was the newest becomes the one before
 * @model: from model_init()
 * @error: why not
 *
 * Return: false on an error; then the model is as it was, except that the
 * tables are not to be used.
 */
bool model_read(struct model *model, struct pft_error *error)
{
	struct pft_latency latency;
	struct pft_totals totals;
	struct pft_table table;
	struct moment moment = model->moment;
	bool has_latency;

	moment_take(&moment, model->root);
	if (!pft_totals_read(model->root, &totals, error))
		return false;
	if (!pft_table_read(model->root, model->threads ? PFT_THREADS : PFT_PIDS, &model->then,
			    error))
		return false;
	if (!model->threads && !none_ended(model, &totals) &&
	    !pft_table_read(model->root, PFT_EXITED, &model->exited, error))
		return false;
	if (!read_latency(model, &latency, &has_latency, error))
		return false;
	model->latency_before = model->latency;
	model->before_latency = model->has_latency;
	model->latency = latency;
	model->has_latency = has_latency;
	table = model->then;
	model->then = model->now;
	model->now = table;
	model->before = model->totals;
	model->totals = totals;
	model->before_ns = model->moment.time_ns;
	model->moment = moment;
	return true;
}

/**
 * model_compute - work out how the two snapshots differ
 * @model: after model_read()
 *
 * Return: false where memory ran out.
 */
bool model_compute(struct model *model)
{
	const struct pft_table *then = &model->then;
	uint64_t cpus, ns = 0;
	bool first, rows_first, has_rate;

	first = !model->updates || cleared(model);
	/* Threads and processes cannot be compared. */
	rows_first = !first && model->threads != model->before_threads;
	model->updates++;
	model->before_threads = model->threads;
	model->since_load = first;
	if (first)
		model->interval_s = (double)pft_totals_value(&model->totals, "traced_ns") / 1e9;
	else
		model->interval_s = (double)(model->moment.time_ns - model->before_ns) / 1e9;
	model->has_rate = model->interval_s > 0;
	set_rates(model, first);
	set_p99(model, first);
	recent_update(&model->recent, model->threads);

	model->nr_rows = 0;
	if (first) {
		pft_fresh_free(&model->known);
		model->nr_ended = 0;
	}
	if (first || rows_first)
		then = NULL;
	if (!index_table(&model->index, &model->then) || !index_table(&model->live, &model->now))
		return false;
	has_rate = model->has_rate && !rows_first;
	if (!add_living(model, then, has_rate, &ns))
		return false;
	if (!model->threads &&
	    (!add_ended(model) || !add_exited(model, then, has_rate, &ns)))
		return false;
	cpus = pft_totals_value(&model->totals, "cpus");
	model->fault_percent = 0;
	if (has_rate && cpus)
		model->fault_percent = (double)ns / model->interval_s / 1e7 / (double)cpus;
	return true;
}

/**
 * model_update - model_read() and model_compute()
 * @model: from model_init()
 * @error: why not
 *
 * Return: false on an error.
 */
bool model_update(struct model *model, struct pft_error *error)
{
	if (!model_read(model, error))
		return false;
	if (model_compute(model))
		return true;
	memset(error, 0, sizeof(*error));
	error->code = PFT_ERR_SYSTEM;
	error->err = ENOMEM;
	return false;
}

/**
 * model_name - fill in owner and command line of a row
 * @model: its model
 * @row: the row
 *
 * Costs some system calls the first time a process is asked for, so it is done
 * for rows that are shown only.
 */
void model_name(struct model *model, struct model_row *row)
{
	const struct proc_info *info;

	/* A recording has the command lines of processes only: their threads have the same. */
	if (row->row.tid && row->row.tid != row->row.pid && !model->proc.recording)
		info = proc_get(&model->proc, row->row.tid, row->row.comm, true);
	else
		info = proc_get(&model->proc, row->row.pid, row->row.comm, !row->exited);
	row->user = info && info->has_user ? info->user : NULL;
	row->command = info ? info->command : NULL;
}
