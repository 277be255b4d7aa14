// SPDX-License-Identifier: GPL-2.0
/* Snapshots one after the other to standard output. */

#include <signal.h>
#include <stdlib.h>

#include "compose.h"
#include "output.h"
#include "pace.h"
#include "stop.h"
#include "view.h"

struct batch {
	struct output output;
	struct compose compose;
	const struct column *data[COLUMNS_MAX];
	unsigned int nr_data;
	uint64_t due_ns;
	bool begun;
};

static bool batch_init(struct view *view)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	unsigned int show = SHOW_DATA, i;

	view->private = batch;
	if (!batch) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return false;
	}
	output_init(&batch->output, view->options->format, stdout);
	if (view->options->format == FORMAT_CSV)
		show |= SHOW_FRAME;
	/* One set of columns for both tables: TID is empty for processes. */
	batch->nr_data = column_select(show, view->options->threads, batch->data);
	compose_init(&batch->compose, 0, batch->output.utf8, view->options->totals,
		     view->options->threads);
	if (view->options->columns) {
		compose_choose(&batch->compose, view->options->columns);
		batch->nr_data = column_select(show & SHOW_FRAME, false, batch->data);
		for (i = 0; i < batch->compose.count && batch->nr_data < COLUMNS_MAX; i++)
			batch->data[batch->nr_data++] = batch->compose.columns[i];
	}
	/*
	 * The first snapshot is of all time since load, so of the ended, too.
	 * As rates for people they would only bury those that live.
	 */
	view->model->list_old = view->options->format != FORMAT_TEXT || view->options->totals;
	batch->due_ns = pace_begin(view->options->delay);
	stop_on_signals(SA_RESETHAND);
	return true;
}

static void show_text(struct view *view)
{
	struct batch *batch = view->private;
	char lines[COMPOSE_HEADER][COMPOSE_LINE], line[COMPOSE_LINE];
	unsigned int i;

	if (batch->begun)
		(void)putchar('\n');
	compose_header(&batch->compose, view->model, lines);
	for (i = 0; i < COMPOSE_HEADER; i++)
		(void)puts(lines[i]);
	compose_titles(&batch->compose, line);
	(void)puts(line);
	for (i = 0; i < view->rows.count; i++) {
		model_name(view->model, view->rows.list[i]);
		compose_row(&batch->compose, view->rows.list[i], line);
		(void)puts(line);
	}
}

static void put_value(struct output *output, const char *group, const char *key, struct cell cell)
{
	output->ops->value(output, group, key, &cell);
}

static void put_summary(struct output *output, const struct model *model)
{
	const struct pft_total *total;
	unsigned int i;

	put_value(output, NULL, "time", cell_real(model->moment.wall_s));
	put_value(output, NULL, "interval_s", cell_real(model->interval_s));
	put_value(output, NULL, "since_load", cell_bool(model->since_load));
	if (model->has_rate) {
		put_value(output, "rates", "minor_per_s", cell_real(model->rate[PFT_MINOR]));
		put_value(output, "rates", "major_per_s", cell_real(model->rate[PFT_MAJOR]));
		put_value(output, "rates", "invalid_per_s", cell_real(model->rate[PFT_INVALID]));
		put_value(output, "rates", "fault_percent", cell_real(model->fault_percent));
	}
	for (i = 0; i < 2; i++)
		put_value(output, "p50_ns", pft_class_name(i), model->p99.known[i] ?
			  cell_uint(model->p99.p50_ns[i]) : cell_none());
	for (i = 0; i < 2; i++)
		put_value(output, "p99_ns", pft_class_name(i), model->p99.known[i] ?
			  cell_uint(model->p99.ns[i]) : cell_none());
	put_value(output, "p99_ns", "since_load", cell_bool(model->p99.since_load));
	for (i = 0; i < model->totals.count; i++) {
		total = &model->totals.total[i];
		put_value(output, "totals", total->name, total->is_number ?
			  cell_uint(total->value) : cell_text(total->text));
	}
	put_value(output, NULL, "exited_unseen", cell_uint(model->exited_unseen));
}

static void show_data(struct view *view)
{
	struct batch *batch = view->private;
	struct output *output = &batch->output;
	unsigned int i;

	output->ops->begin(output);
	output_schema(output, "pftop-update");
	put_summary(output, view->model);
	output->ops->table(output, view->options->threads ? "threads" : "processes", batch->data,
			   batch->nr_data);
	for (i = 0; i < view->rows.count; i++) {
		model_name(view->model, view->rows.list[i]);
		output->ops->row(output, view->rows.list[i]);
	}
	output->ops->end(output);
}

static enum view_next batch_show(struct view *view)
{
	struct batch *batch = view->private;
	int ret;

	if (!rows_select(&view->rows, view->model)) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return VIEW_FAIL;
	}
	if (batch->output.format == FORMAT_TEXT)
		show_text(view);
	else
		show_data(view);
	batch->begun = true;
	ret = output_flush(&batch->output);
	if (ret < 0)
		return VIEW_FAIL;
	return ret ? VIEW_QUIT : VIEW_UPDATE;
}

static enum view_next batch_wait(struct view *view)
{
	struct batch *batch = view->private;

	/* A recording has its own pauses, and nobody looks at this one. */
	if (view->model->moment.recorded)
		return !stop_asked() && pft_root_step(view->root) ? VIEW_UPDATE : VIEW_QUIT;
	if (!stop_sleep(batch->due_ns))
		return VIEW_QUIT;
	batch->due_ns = pace_next(batch->due_ns, view->options->delay, pft_now_ns());
	return VIEW_UPDATE;
}

static void batch_fini(struct view *view)
{
	struct batch *batch = view->private;

	if (batch)
		output_fini(&batch->output);
	free(batch);
}

const struct view_ops batch_view = {
	.init = batch_init,
	.show = batch_show,
	.wait = batch_wait,
	.fini = batch_fini,
};
