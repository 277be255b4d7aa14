// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of all CPUs as one stream in order of time.
 *
 * Each reader holds one record; the oldest of them goes out. That is the right
 * order only if no CPU can still bring an older one, so a record waits until
 * all rings were looked at HOLD_NS behind its own time: a writer needs far less
 * from reading the clock to publishing. A record that comes later than that
 * goes out late, out of order, and is never dropped.
 */

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"
#include "recording.h"

#define HOLD_NS		2000000ULL
#define CPUS_MAX	8192

struct source {
	struct pft_reader *reader;
	struct pft_record record;
	bool held;		/* @record is valid */
	uint64_t lost;		/* records lost up to @record */
	uint64_t told;		/* of these, how many the caller knows of */
};

struct pft_stream {
	const struct pft_root *root;
	unsigned int flags;
	unsigned int count;
	struct source *source;
	struct pollfd *fds;	/* one per source, and two that are watched */
	uint64_t horizon;	/* empty sources have nothing older */
	bool fresh;		/* a record was given since the last wait */
	unsigned int idle_ms;
};

static int recording_cpus(const struct recording *recording, unsigned int **list,
			  struct pft_error *error)
{
	size_t bytes = recording->nr_cpus * sizeof(**list);

	*list = malloc(bytes + 1);
	if (!*list) {
		error_system(error, recording->root, "cpu", ENOMEM);
		return -1;
	}
	memcpy(*list, recording->cpu, bytes);
	return (int)recording->nr_cpus;
}

static int compare_cpus(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

/* CPU of a file name cpuN or cpuN.map, or -1. */
static long cpu_of_name(const char *name)
{
	char *end;
	long cpu;

	if (strncmp(name, "cpu", 3) != 0 || name[3] < '0' || name[3] > '9')
		return -1;
	cpu = strtol(name + 3, &end, 10);
	if (cpu >= CPUS_MAX || (*end && strcmp(end, ".map") != 0))
		return -1;
	return cpu;
}

/* Numbers of the CPUs that have a file, in order; -1 on an error. */
static int list_cpus(const struct pft_root *root, unsigned int **list, struct pft_error *error)
{
	bool *seen;
	char path[PATH_MAX + 8];
	struct dirent *entry;
	unsigned int count = 0;
	DIR *dir = NULL;
	long cpu;

	if (root->recording)
		return recording_cpus(root->recording, list, error);
	seen = calloc(CPUS_MAX, sizeof(*seen));
	*list = malloc(CPUS_MAX * sizeof(**list));
	if (!seen || !*list) {
		error_system(error, root, "cpu", ENOMEM);
		goto fail;
	}
	(void)snprintf(path, sizeof(path), "%s/cpu", root->dir);
	dir = opendir(path);
	if (!dir) {
		error_system(error, root, "cpu", errno);
		goto fail;
	}
	while ((entry = readdir(dir))) {
		cpu = cpu_of_name(entry->d_name);
		if (cpu < 0 || seen[cpu])
			continue;
		seen[cpu] = true;
		(*list)[count++] = (unsigned int)cpu;
	}
	(void)closedir(dir);
	free(seen);
	qsort(*list, count, sizeof(**list), compare_cpus);
	return (int)count;
fail:
	free(seen);
	free(*list);
	*list = NULL;
	return -1;
}

static bool open_readers(struct pft_stream *stream, const unsigned int *cpus, unsigned int count,
			 struct pft_error *error)
{
	struct pft_reader *reader;
	unsigned int i;

	for (i = 0; i < count; i++) {
		reader = pft_reader_open(stream->root, cpus[i], stream->flags, error);
		if (!reader && error->code == PFT_ERR_NO_RING)
			continue;	/* this CPU was never online */
		if (!reader)
			return false;
		stream->source[stream->count].reader = reader;
		stream->fds[stream->count].fd = pft_reader_fd(reader);
		stream->fds[stream->count].events = POLLIN;
		stream->count++;
	}
	pft_stream_watch(stream, -1, -1);
	if (!stream->count && !stream->root->recording) {
		error_format(error, stream->root, "cpu", "no CPU has a ring");
		return false;
	}
	return true;
}

/**
 * pft_stream_open - open the rings of all CPUs
 * @root: from pft_root_open(); must stay open as long as the stream
 * @flags: PFT_READ_*
 * @error: why not
 *
 * Return: a stream to be closed with pft_stream_close(), or NULL.
 */
struct pft_stream *pft_stream_open(const struct pft_root *root, unsigned int flags,
				   struct pft_error *error)
{
	struct pft_stream *stream;
	unsigned int *cpus = NULL;
	int count;

	error_clear(error);
	count = list_cpus(root, &cpus, error);
	if (count < 0)
		return NULL;
	stream = calloc(1, sizeof(*stream));
	if (stream) {
		stream->root = root;
		/* Nothing is added to a recording any more. */
		stream->flags = root->recording ? flags | PFT_READ_DUMP : flags;
		stream->source = calloc((size_t)count + 1, sizeof(*stream->source));
		stream->fds = calloc((size_t)count + 2, sizeof(*stream->fds));
	}
	if (!stream || !stream->source || !stream->fds)
		error_system(error, root, "cpu", ENOMEM);
	else if (open_readers(stream, cpus, (unsigned int)count, error))
		goto out;
	pft_stream_close(stream);
	stream = NULL;
out:
	free(cpus);
	return stream;
}

/**
 * pft_stream_close - done with all rings
 * @stream: from pft_stream_open(), or NULL
 */
void pft_stream_close(struct pft_stream *stream)
{
	unsigned int i;

	if (!stream)
		return;
	for (i = 0; i < stream->count; i++)
		pft_reader_close(stream->source[i].reader);
	free(stream->source);
	free(stream->fds);
	free(stream);
}

static int hold(struct source *source, struct pft_error *error)
{
	int ret;

	/* Not "held = ret > 0": see "Flags that the emulator loses" in testing.md. */
	source->held = false;
	ret = pft_reader_next(source->reader, &source->record, error);
	if (ret <= 0)
		return ret;
	source->held = true;
	source->lost = pft_reader_lost(source->reader);
	return ret;
}

/* Looks at every source that holds nothing; false on an error. */
static bool refill(struct pft_stream *stream, struct pft_error *error)
{
	struct source *source;
	unsigned int i;
	uint64_t now = pft_now_ns();

	for (i = 0; i < stream->count; i++) {
		source = &stream->source[i];
		if (!source->held && hold(source, error) < 0)
			return false;
	}
	if (stream->flags & PFT_READ_DUMP)
		stream->horizon = UINT64_MAX;
	else
		stream->horizon = now > HOLD_NS ? now - HOLD_NS : 0;
	return true;
}

static struct source *oldest_held(struct pft_stream *stream)
{
	struct source *source, *best = NULL;
	unsigned int i;

	for (i = 0; i < stream->count; i++) {
		source = &stream->source[i];
		if (source->held && (!best || source->record.time_ns < best->record.time_ns))
			best = source;
	}
	return best;
}

/**
 * pft_stream_next - take the next record of all CPUs; never waits
 * @stream: from pft_stream_open()
 * @record: where to copy it
 * @lost: where to put how many records of its CPU were lost just before it
 * @error: why not, where -1 is returned
 *
 * Return: 1 a record, 0 there is none now (with PFT_READ_DUMP: none any more),
 * -1 error.
 */
int pft_stream_next(struct pft_stream *stream, struct pft_record *record, uint64_t *lost,
		    struct pft_error *error)
{
	struct source *source = oldest_held(stream);

	if (!source || source->record.time_ns > stream->horizon) {
		if (!refill(stream, error))
			return -1;
		source = oldest_held(stream);
		if (!source || source->record.time_ns > stream->horizon)
			return 0;
	}
	*record = source->record;
	*lost = source->lost - source->told;
	source->told = source->lost;
	stream->fresh = true;
	/* If this fails, so will the next refill(), which then tells. */
	(void)hold(source, error);
	return 1;
}

/**
 * pft_stream_watch - what else ends pft_stream_wait(), as long as it is so
 * @stream: from pft_stream_open()
 * @output: a file that is written to, when its reader has gone; or -1
 * @input: a file, when it can be read; or -1
 *
 * Both stay the caller's.
 */
void pft_stream_watch(struct pft_stream *stream, int output, int input)
{
	struct pollfd *fds = &stream->fds[stream->count];

	/* No events: poll(2) tells of POLLERR and POLLHUP in any case. */
	fds[0] = (struct pollfd){ .fd = output };
	fds[1] = (struct pollfd){ .fd = input, .events = POLLIN };
}

static int wait_ms(struct pft_stream *stream, struct pollfd *fds, nfds_t count, int ms,
		   struct pft_error *error)
{
	int ret = poll(fds, count, ms);

	if (ret >= 0)
		return ret;
	if (errno == EINTR)
		return 0;
	error_system(error, stream->root, "cpu", errno);
	return -1;
}

/**
 * pft_stream_wait - wait until it is worth to call pft_stream_next() again
 * @stream: from pft_stream_open(), after pft_stream_next() returned 0
 * @timeout_ms: at most this long, or -1
 * @error: why not, where -1 is returned
 *
 * Returns early on a signal.
 *
 * Return: 0, or -1 on an error.
 */
int pft_stream_wait(struct pft_stream *stream, int timeout_ms, struct pft_error *error)
{
	int ms, ret;

	/* A record is held back: it goes out when the time has come. */
	if (oldest_held(stream)) {
		ms = (int)(HOLD_NS / 1000000) + 1;
		if (timeout_ms >= 0 && timeout_ms < ms)
			ms = timeout_ms;
		return wait_ms(stream, NULL, 0, ms, error);
	}
	/*
	 * Some files are always ready: a copy on a disk, or a mapping, of which
	 * the kernel cannot know how far we are. Do not spin on them.
	 */
	if (stream->fresh)
		stream->idle_ms = 0;
	else
		stream->idle_ms = stream->idle_ms < 32 ? stream->idle_ms * 2 + 1 : 50;
	stream->fresh = false;
	ret = wait_ms(stream, stream->fds, stream->count + 2, timeout_ms, error);
	if (ret > 0 && stream->idle_ms)
		ret = wait_ms(stream, NULL, 0, (int)stream->idle_ms, error);
	return ret < 0 ? -1 : 0;
}

/**
 * pft_stream_cpus - number of rings
 * @stream: from pft_stream_open()
 *
 * Return: the number.
 */
unsigned int pft_stream_cpus(const struct pft_stream *stream)
{
	return stream->count;
}

/**
 * pft_stream_reader - one of its rings, to look at its counts
 * @stream: from pft_stream_open()
 * @index: below pft_stream_cpus()
 *
 * Return: the reader, which stays the stream's.
 */
const struct pft_reader *pft_stream_reader(const struct pft_stream *stream, unsigned int index)
{
	return stream->source[index].reader;
}

/**
 * pft_stream_read - records taken from all rings
 * @stream: from pft_stream_open()
 *
 * Return: the number, without those still held back.
 */
uint64_t pft_stream_read(const struct pft_stream *stream)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < stream->count; i++)
		sum += pft_reader_read(stream->source[i].reader) - stream->source[i].held;
	return sum;
}

/**
 * pft_stream_untold - records lost behind the last one that was given out
 * @stream: from pft_stream_open()
 * @index: which ring, below pft_stream_cpus()
 *
 * Return: the number of those lost that no pft_stream_next() has told.
 */
uint64_t pft_stream_untold(const struct pft_stream *stream, unsigned int index)
{
	const struct source *source = &stream->source[index];

	return pft_reader_lost(source->reader) - source->told;
}

/**
 * pft_stream_lost - records lost from all rings
 * @stream: from pft_stream_open()
 *
 * Return: the number.
 */
uint64_t pft_stream_lost(const struct pft_stream *stream)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < stream->count; i++)
		sum += pft_reader_lost(stream->source[i].reader);
	return sum;
}
