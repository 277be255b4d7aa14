// SPDX-License-Identifier: GPL-2.0
/* The command "pftop events": one line per fault. */

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "pftop.h"
#include "proc.h"

static volatile sig_atomic_t stopped;

/**
 * struct event - a record with what its columns need as text
 * @record: the record
 * @time: seconds since boot
 * @vma: first and last address of its VMA
 * @perm: permissions of its VMA
 * @has_vma: it had one
 */
struct event {
	struct pft_record record;
	char time[32];
	char vma[40];
	char perm[8];
	bool has_vma;
};

#define RECORD		(((const struct event *)item)->record)
#define EVENT		(*(const struct event *)item)
#define GETTER(name)	static struct cell get_##name(const void *item)

static const char *name_of(const char *const *names, unsigned int count, unsigned int value)
{
	return value < count ? names[value] : "?";
}

static const char *const class_names[] = { "minor", "major", "invalid" };
static const char *const access_names[] = { "r", "w", "x" };
static const char *const origin_names[] = { "user", "kernel", "gup" };

_Static_assert(sizeof(class_names) / sizeof(char *) == PFT_NR_CLASSES, "a name per class");
_Static_assert(sizeof(access_names) / sizeof(char *) == PFT_NR_ACCESSES, "a name per access");
_Static_assert(sizeof(origin_names) / sizeof(char *) == PFT_NR_ORIGINS, "a name per origin");

GETTER(time) { return cell_text(EVENT.time); }
GETTER(time_ns) { return cell_uint(RECORD.time_ns); }
GETTER(cpu) { return cell_uint(RECORD.cpu); }
GETTER(pos) { return cell_uint(RECORD.pos); }
GETTER(pid) { return cell_uint(RECORD.tgid); }
GETTER(tid) { return cell_uint(RECORD.pid); }
GETTER(class) { return cell_text(name_of(class_names, PFT_NR_CLASSES, RECORD.class)); }
GETTER(access) { return cell_text(name_of(access_names, PFT_NR_ACCESSES, RECORD.access)); }
GETTER(origin) { return cell_text(name_of(origin_names, PFT_NR_ORIGINS, RECORD.origin)); }
GETTER(address) { return cell_hex(RECORD.address); }
GETTER(ip) { return cell_hex(RECORD.ip); }
GETTER(vma) { return EVENT.has_vma ? cell_text(EVENT.vma) : cell_none(); }
GETTER(vma_start) { return EVENT.has_vma ? cell_hex(RECORD.vma_start) : cell_none(); }
GETTER(vma_end) { return EVENT.has_vma ? cell_hex(RECORD.vma_end) : cell_none(); }
GETTER(perm) { return EVENT.has_vma ? cell_text(EVENT.perm) : cell_none(); }
GETTER(pgoff) { return EVENT.has_vma ? cell_hex(RECORD.vma_pgoff) : cell_none(); }
GETTER(retries) { return cell_uint(RECORD.retries); }
GETTER(latency) { return cell_uint(RECORD.latency_ns); }
GETTER(flags) { return cell_hex(RECORD.fault_flags); }
GETTER(result) { return cell_hex(RECORD.result); }
GETTER(comm) { return cell_text(RECORD.comm); }

#define PEOPLE	SHOW_RATES

static const struct column event_columns[] = {
	{ "time", "TIME", 16, false, 0, PEOPLE, get_time },
	{ "time_ns", "", 0, false, 0, SHOW_DATA, get_time_ns },
	{ "cpu", "CPU", 3, false, 0, PEOPLE | SHOW_DATA, get_cpu },
	{ "pos", "", 0, false, 0, SHOW_DATA, get_pos },
	{ "pid", "PID", 7, false, 0, PEOPLE | SHOW_DATA, get_pid },
	{ "tid", "TID", 7, false, 0, PEOPLE | SHOW_DATA, get_tid },
	{ "class", "CLASS", 7, true, 0, PEOPLE | SHOW_DATA, get_class },
	{ "access", "ACC", 3, true, 0, PEOPLE | SHOW_DATA, get_access },
	{ "by", "BY", 6, true, 0, PEOPLE | SHOW_DATA, get_origin },
	{ "address", "ADDRESS", 18, false, 0, PEOPLE | SHOW_DATA, get_address },
	{ "ip", "IP", 18, false, 0, PEOPLE | SHOW_DATA, get_ip },
	{ "vma", "VMA", 25, true, 0, PEOPLE | SHOW_WHOLE, get_vma },
	{ "vma_start", "", 0, false, 0, SHOW_DATA, get_vma_start },
	{ "vma_end", "", 0, false, 0, SHOW_DATA, get_vma_end },
	{ "perm", "PERM", 4, true, 0, PEOPLE | SHOW_DATA, get_perm },
	{ "pgoff", "PGOFF", 8, false, 0, PEOPLE | SHOW_DATA, get_pgoff },
	{ "retries", "RETRIES", 7, false, 0, PEOPLE | SHOW_DATA, get_retries },
	{ "latency_ns", "LATENCY_NS", 10, false, 0, PEOPLE | SHOW_DATA, get_latency },
	{ "fault_flags", "", 0, false, 0, SHOW_DATA, get_flags },
	{ "result", "", 0, false, 0, SHOW_DATA, get_result },
	{ "comm", "COMM", 0, true, 0, PEOPLE | SHOW_DATA, get_comm },
};

#define NR_EVENT_COLUMNS	(sizeof(event_columns) / sizeof(event_columns[0]))

_Static_assert(NR_EVENT_COLUMNS <= COLUMNS_MAX, "COLUMNS_MAX holds all columns");

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static void catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;	/* no SA_RESTART: poll(2) is to return */
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static void fill_event(struct event *event)
{
	const struct pft_record *record = &event->record;
	unsigned int perms = record->perms;

	(void)snprintf(event->time, sizeof(event->time), "%llu.%09llu",
		       record->time_ns / 1000000000, record->time_ns % 1000000000);
	event->has_vma = perms & PFT_PERM_VMA;
	(void)snprintf(event->vma, sizeof(event->vma), "%llx-%llx", record->vma_start,
		       record->vma_end);
	(void)snprintf(event->perm, sizeof(event->perm), "%c%c%c%c",
		       perms & PFT_PERM_READ ? 'r' : '-', perms & PFT_PERM_WRITE ? 'w' : '-',
		       perms & PFT_PERM_EXEC ? 'x' : '-', perms & PFT_PERM_SHARED ? 's' : 'p');
}

/* CSV has no room for anything but rows: there it goes to standard error. */
static void put_lost(struct output *output, uint64_t lost, unsigned int cpu)
{
	struct cell cell = cell_uint(lost);

	switch (output->format) {
	case FORMAT_TEXT:
		(void)fprintf(output->file, "# lost %" PRIu64 " records of CPU %u\n", lost, cpu);
		break;
	case FORMAT_JSON:
		output->ops->begin(output);
		output->ops->value(output, NULL, "lost", &cell);
		cell = cell_uint(cpu);
		output->ops->value(output, NULL, "cpu", &cell);
		output->ops->end(output);
		break;
	case FORMAT_CSV:
		(void)fprintf(stderr, "pftop: lost %" PRIu64 " records of CPU %u\n", lost, cpu);
		break;
	}
}

static void put_event(struct output *output, struct event *event)
{
	fill_event(event);
	output->ops->begin(output);
	output->ops->row(output, event);
	output->ops->end(output);
}

/* Writes what is there. Return: 1 to go on, 0 to end, -1 on an error. */
static int drain(struct pft_stream *stream, struct output *output, const struct options *options,
		 uint64_t *done, struct pft_error *error)
{
	struct event event;
	uint64_t lost;
	int ret;

	while (!stopped && (ret = pft_stream_next(stream, &event.record, &lost, error))) {
		if (ret < 0)
			return -1;
		if (lost)
			put_lost(output, lost, event.record.cpu);
		if (!options_wants(options, event.record.tgid, event.record.comm))
			continue;
		put_event(output, &event);
		if (options->count && ++*done == options->count)
			return 0;
		if (ferror(output->file))
			return 1;	/* output_flush() says it */
	}
	return !stopped;
}

static int follow(struct pft_stream *stream, struct output *output, const struct options *options)
{
	struct pft_error error = { 0 };
	uint64_t done = 0, lost;
	unsigned int i;
	int more, flushed;

	for (;;) {
		more = drain(stream, output, options, &done, &error);
		if (more > 0 && options->dump) {
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
		(void)fprintf(stderr, "pftop: there is no process %u\n", options->pids[i]);
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
	const struct column *columns[COLUMNS_MAX];
	struct pft_stream *stream;
	struct pft_error error;
	struct pft_root *root;
	struct output output;
	unsigned int i, count = 0, flags = 0;
	int ret = EXIT_ERROR;

	root = common_open(options);
	if (!root)
		return EXIT_ERROR;
	if (!check_pids(root, options))
		goto out;
	flags |= options->all ? PFT_READ_OLDEST : 0;
	flags |= options->dump ? PFT_READ_DUMP : 0;
	flags |= options->no_map ? PFT_READ_NO_MAP : 0;
	stream = pft_stream_open(root, flags, &error);
	if (!stream) {
		common_error(&error);
		goto out;
	}
	catch_signals();
	pft_stream_watch(stream, STDOUT_FILENO);
	output_init(&output, options->format, stdout);
	for (i = 0; i < NR_EVENT_COLUMNS; i++)
		if (event_columns[i].show & (options->format == FORMAT_TEXT ? PEOPLE : SHOW_DATA))
			columns[count++] = &event_columns[i];
	output.ops->table(&output, NULL, columns, count);
	ret = follow(stream, &output, options);
	output_fini(&output);
	pft_stream_close(stream);
out:
	pft_root_close(root);
	return ret;
}
