// SPDX-License-Identifier: GPL-2.0
/* Snapshot, show, wait: the loop of the screen and of batch. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pftop.h"
#include "say.h"
#include "view.h"

static const struct pft_row *find_pid(const struct pft_table *table, uint32_t pid)
{
	unsigned int i;

	for (i = 0; i < table->count; i++)
		if (table->row[i].pid == pid)
			return &table->row[i];
	return NULL;
}

static void say_missing(const struct pft_root *root, const struct pft_table *exited, uint32_t pid)
{
	const struct pft_row *row = find_pid(exited, pid);

	if (pft_root_is_recording(root))
		say("process %u is not in %s", pid, pft_root_dir(root));
	else if (row)
		say("process %u has ended, with %" PRIu64 " minor, %" PRIu64 " major and %" PRIu64
		    " invalid faults", pid, row->count[PFT_MINOR], row->count[PFT_MAJOR],
		    row->count[PFT_INVALID]);
	else if (!pft_root_is_live(root))
		say("process %u is not in %s/pids", pid,
		    pft_root_dir(root));
	else if (proc_exists(pid))
		say("process %u had no fault since pftrace was loaded or cleared", pid);
	else
		say("there is no process %u", pid);
}

/*
 * Each process of -p must be there: a number mistyped must not show nothing. One
 * that ended is shown where a recording comes to it.
 */
static bool check_pids(const struct pft_root *root, const struct options *options)
{
	struct pft_table pids = { 0 }, exited = { 0 };
	struct pft_error error;
	bool ok = false;
	unsigned int i;

	if (!options->nr_pids)
		return true;
	if (!pft_table_read(root, PFT_PIDS, &pids, &error) ||
	    !pft_table_read(root, PFT_EXITED, &exited, &error)) {
		common_error(&error);
		goto out;
	}
	for (i = 0; i < options->nr_pids; i++)
		if (!find_pid(&pids, options->pids[i]) &&
		    !(pft_root_is_recording(root) && find_pid(&exited, options->pids[i])))
			break;
	ok = i == options->nr_pids;
	if (!ok)
		say_missing(root, &exited, options->pids[i]);
out:
	pft_table_free(&pids);
	pft_table_free(&exited);
	return ok;
}

static int loop(struct view *view)
{
	struct pft_error error = { 0 };
	enum view_next next = VIEW_FAIL;
	uint64_t done = 0;

	if (!view->ops->init(view))
		goto out;
	for (;;) {
		next = VIEW_FAIL;
		if (!model_update(view->model, &error))
			break;
		next = view->ops->show(view);
		if (next != VIEW_UPDATE)
			break;
		if (view->options->count && ++done == view->options->count) {
			next = VIEW_QUIT;
			break;
		}
		next = view->ops->wait(view);
		if (next != VIEW_UPDATE)
			break;
	}
out:
	/* The screen goes first: an error is to be seen behind it. */
	view->ops->fini(view);
	if (error.code)
		common_error(&error);
	return next == VIEW_FAIL ? EXIT_ERROR : EXIT_OK;
}

/* A terminal that can show a screen and send keys? */
static bool has_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

/**
 * live_main - the commands "pftop" and "pftop -b"
 * @options: what the command line said
 *
 * Return: exit status.
 */
int live_main(struct options *options)
{
	struct view view = { .options = options };
	struct pft_root *root;
	struct model model;
	int ret = EXIT_ERROR;

	root = common_open(options);
	if (!root)
		return EXIT_ERROR;
	model_init(&model, root);
	model.threads = options->threads;
	if (!check_pids(root, options))
		goto out;
	if (!proc_init(&model.proc, pft_root_is_live(root) ? "/proc" : NULL,
		       pft_root_is_recording(root) ? root : NULL)) {
		(void)fputs("pftop: not enough memory\n", stderr);
		goto out;
	}
	if (options->batch || options->format != FORMAT_TEXT || !has_terminal())
		view.ops = &batch_view;
	else
		view.ops = &screen_view;
	recent_init(&model.recent, root);
	view.model = &model;
	view.root = root;
	pft_root_rewind(root);
	rows_init(&view.rows, options);
	ret = loop(&view);
	rows_fini(&view.rows);
out:
	model_fini(&model);
	pft_root_close(root);
	return ret;
}
