// SPDX-License-Identifier: GPL-2.0
/* The command "pftop events": one line per fault. */

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "event.h"
#include "filter.h"
#include "output.h"
#include "pftop.h"
#include "proc.h"
#include "say.h"
#include "stop.h"
#include "units.h"

/**
 * struct follower - the command at work
 * @options: what the command line said
 * @dump: no more than there is
 * @stream: where records come from
 * @paths: names of their files
 * @output: where they go to
 * @event: the newest one
 * @done: events written
 */
struct follower {
	const struct options *options;
	bool dump;
	struct pft_stream *stream;
	struct paths *paths;
	struct output *output;
	struct event event;
	uint64_t done;
};

/* CSV has no room for anything but rows: there it goes to standard error. */
static void put_lost(struct output *output, uint64_t lost, unsigned int cpu)
{
	struct cell cell = cell_uint(lost);

	switch (output->format) {
	case FORMAT_TEXT:
		(void)fprintf(output->file, "# lost %" PRIu64 " record%s of CPU %u\n", lost,
			      units_s(lost), cpu);
		break;
	case FORMAT_JSON:
		output->ops->begin(output);
		output->ops->value(output, NULL, "lost", &cell);
		cell = cell_uint(cpu);
		output->ops->value(output, NULL, "cpu", &cell);
		output->ops->end(output);
		break;
	case FORMAT_CSV:
		(void)fprintf(stderr, "pftop: lost %" PRIu64 " record%s of CPU %u\n", lost,
			      units_s(lost), cpu);
		break;
	}
}

static void put_event(struct output *output, const struct event *event)
{
	output->ops->begin(output);
	output->ops->row(output, event);
	output->ops->end(output);
}

/* Names cost more than numbers, so the filters on numbers come first. */
static bool wanted(const struct follower *follower, struct event *event)
{
	const struct options *options = follower->options;

	if (!options_wants(options, event->record.tgid, event->record.comm) ||
	    !filter_wants(&options->filter, &event->record))
		return false;
	event_fill(event, follower->paths);
	return filter_wants_name(&options->filter, event->name);
}

/* Writes what is there. Return: 1 to go on, 0 to end, -1 on an error. */
static int drain(struct follower *follower, struct pft_error *error)
{
	const struct options *options = follower->options;
	struct output *output = follower->output;
	struct event *event = &follower->event;
	uint64_t lost;
	int ret;

	while (!stop_asked() &&
	       (ret = pft_stream_next(follower->stream, &event->record, &lost, error))) {
		if (ret < 0)
			return -1;
		if (lost)
			put_lost(output, lost, event->record.cpu);
		if (!wanted(follower, event))
			continue;
		put_event(output, event);
		if (options->count && ++follower->done == options->count)
			return 0;
		if (ferror(output->file))
			return 1;	/* output_flush() says it */
	}
	return !stop_asked();
}

static int follow(struct follower *follower)
{
	struct pft_stream *stream = follower->stream;
	struct output *output = follower->output;
	struct pft_error error = { 0 };
	unsigned int i;
	uint64_t lost;
	int more, flushed;

	for (;;) {
		more = drain(follower, &error);
		if (more > 0 && follower->dump) {
			for (i = 0; i < pft_stream_cpus(stream); i++) {
				lost = pft_stream_untold(stream, i);
				if (lost)
					put_lost(output, lost,
						 pft_reader_cpu(pft_stream_reader(stream, i)));
			}
			more = 0;
		}
		flushed = output_flush(output);
		if (flushed)
			return flushed < 0 ? EXIT_ERROR : EXIT_OK;
		/* Where nothing happens, no write would ever tell. */
		if (!more || output_gone(output))
			return EXIT_OK;
		if (more < 0 || pft_stream_wait(stream, -1, &error)) {
			common_error(&error);
			return EXIT_ERROR;
		}
	}
}

/* A process that is gone can have no more faults. */
static bool check_pids(const struct pft_root *root, const struct options *options)
{
	unsigned int i;

	if (options->all || !pft_root_is_live(root))
		return true;
	for (i = 0; i < options->nr_pids; i++) {
		if (proc_exists(options->pids[i]))
			continue;
		say("there is no process %u", options->pids[i]);
		return false;
	}
	return true;
}

/**
 * events_main - the command "pftop events"
 * @options: what the command line said
 *
 * Return: exit status.
 */
int events_main(const struct options *options)
{
	struct follower follower = { 0 };
	const struct column *columns[COLUMNS_MAX];
	struct pft_error error;
	struct pft_root *root;
	struct output output;
	struct paths paths;
	unsigned int flags = 0;
	int ret = EXIT_ERROR;

	root = common_open(options);
	if (!root)
		return EXIT_ERROR;
	if (!check_pids(root, options))
		goto out;
	/* A recording is over: all of it, and no more. */
	follower.dump = options->dump || pft_root_is_recording(root);
	flags |= options->all || follower.dump ? PFT_READ_OLDEST : 0;
	flags |= follower.dump ? PFT_READ_DUMP : 0;
	flags |= options->no_map ? PFT_READ_NO_MAP : 0;
	follower.stream = pft_stream_open(root, flags, &error);
	if (!follower.stream) {
		common_error(&error);
		goto out;
	}
	stop_on_signals(SA_RESETHAND);
	pft_stream_watch(follower.stream, STDOUT_FILENO, stop_fd());
	output_init(&output, options->format, stdout);
	paths_init(&paths, root);
	follower.options = options;
	follower.output = &output;
	follower.paths = &paths;
	output.ops->table(&output, NULL, columns, event_columns_for(options->format, columns));
	ret = follow(&follower);
	paths_fini(&paths);
	output_fini(&output);
	pft_stream_close(follower.stream);
out:
	pft_root_close(root);
	return ret;
}
