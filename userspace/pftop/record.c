// SPDX-License-Identifier: GPL-2.0
/* The command "pftop record": keeps records, and what is needed to understand them. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "family.h"
#include "pace.h"
#include "pftop.h"
#include "say.h"
#include "sights.h"
#include "stop.h"
#include "units.h"

#define PENDING_MAX	16384U
#define LOOK_NS		50000000ULL
#define SETTLE_NS	3000000000ULL

/**
 * struct pending - a record that may or may not be wanted
 * @record: the record
 * @lost: how many of its CPU were lost just before it
 */
struct pending {
	struct pft_record record;
	uint64_t lost;
};

/**
 * struct session - the command at work
 * @options: what the command line said
 * @root: what is recorded
 * @fd: the file
 * @recorder: writes to it
 * @stream: where records come from
 * @sights: processes met
 * @child: the program that is run, if any
 * @family: its processes
 * @pending: records whose process is not yet known to be of them
 * @count: of those, below PENDING_MAX between two calls of drain()
 * @taken_ns: time of the last one that was taken out of the rings
 * @looked_ns: when the family was looked at
 * @due_ns: when the next snapshot is to be taken
 * @start_ns: when the recording began
 * @progress: the progress is told, on a terminal
 */
struct session {
	const struct options *options;
	struct pft_root *root;
	int fd;
	struct pft_recorder *recorder;
	struct pft_stream *stream;
	struct sights sights;
	struct child child;
	struct family family;
	struct pending *pending;
	unsigned int count;
	uint64_t taken_ns;
	uint64_t looked_ns;
	uint64_t due_ns;
	uint64_t start_ns;
	bool progress;
};

/* A file that may be overwritten: empty, or a recording. */
static bool may_replace(int fd, const char *path)
{
	static const char sign[] = "pftrace recording\n";
	char start[sizeof(sign) - 1];
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size)
		return true;
	if (pread(fd, start, sizeof(start), 8) == (ssize_t)sizeof(start) &&
	    !memcmp(start, sign, sizeof(start)))
		return true;
	say("%s exists and is no recording of pftop: remove it, or name another file", path);
	return false;
}

/* Standard output: of pftop alone, and for no person to read. */
static bool open_pipe(struct session *session)
{
	if (session->options->argv) {
		say("%s writes to standard output, too: give -o the name of a file",
		    session->options->argv[0]);
		return false;
	}
	if (isatty(STDOUT_FILENO)) {
		say("a recording is not for a terminal: give -o the name of a file, or pipe it");
		return false;
	}
	session->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	if (session->fd < 0)
		say("standard output: %s", strerror(errno));
	return session->fd >= 0;
}

static bool open_file(struct session *session)
{
	const char *path = session->options->output;

	if (!strcmp(path, "-"))
		return open_pipe(session);
	session->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (session->fd >= 0 && !may_replace(session->fd, path))
		return false;
	if (session->fd < 0 || (ftruncate(session->fd, 0) && errno != EINVAL)) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	return true;
}

/* What the machine is, and what was asked for: lines of a name and a value. */
static bool write_host(struct session *session, struct pft_error *error)
{
	const struct options *options = session->options;
	struct timespec wall;
	struct utsname name;
	char *text = NULL;
	size_t size = 0;
	unsigned int i;
	FILE *file;
	bool ok;

	file = open_memstream(&text, &size);
	if (!file)
		return false;
	session->start_ns = pft_now_ns();
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	if (!uname(&name))
		(void)fprintf(file, "kernel %s\nmachine %s\n", name.release, name.machine);
	(void)fprintf(file, "pftop " PFTOP_VERSION "\nstart_ns %" PRIu64 "\nstart_wall_ns %llu\n",
		      session->start_ns,
		      (unsigned long long)wall.tv_sec * 1000000000 + (unsigned long)wall.tv_nsec);
	for (i = 0; i < options->nr_pids; i++)
		(void)fprintf(file, "pid %" PRIu32 "\n", options->pids[i]);
	for (i = 0; options->argv && options->argv[i]; i++)
		(void)fprintf(file, "%s%s", i ? " " : "command ", options->argv[i]);
	ok = !fclose(file) && pft_recorder_text(session->recorder, "host", text, size, error);
	free(text);
	return ok;
}

/* The same for all processes of this machine; it is in no file. */
static bool write_vdso(struct session *session, struct pft_error *error)
{
	size_t size = 0;
	void *bytes = pft_vdso_copy(&size);
	bool ok = !bytes || pft_recorder_text(session->recorder, "vdso", bytes, size, error);

	free(bytes);
	return ok;
}

static void tell_progress(const struct session *session, bool last)
{
	const struct pft_recorder_stats *stats = pft_recorder_stats(session->recorder);
	uint64_t seconds = (pft_now_ns() - session->start_ns) / 1000000000;
	char bytes[32];

	if (!last && !session->progress)
		return;
	(void)fprintf(stderr, "%spftop: %s%" PRIu64 " s, %" PRIu64 " fault%s, %s, %" PRIu64 " lost%s",
		      session->progress ? "\r\033[K" : "", last ? "recorded " : "", seconds,
		      stats->records, units_s(stats->records),
		      units_bytes(bytes, sizeof(bytes), stats->bytes), stats->lost,
		      last ? "\n" : "");
}

static bool wanted(const struct session *session, const struct pft_record *record)
{
	const struct options *options = session->options;

	if (session->child.argv && !family_has(&session->family, record->tgid))
		return false;
	return options_wants(options, record->tgid, record->comm) &&
	       filter_wants(&options->filter, record);
}

/* A loss is told even where the record behind it is not wanted. */
static bool put(struct session *session, const struct pending *pending, struct pft_error *error)
{
	const struct pft_record *record = &pending->record;

	if (!wanted(session, record))
		return !pending->lost || pft_recorder_lost(session->recorder, record->cpu,
							   pending->lost, error);
	return pft_recorder_add(session->recorder, record, pending->lost, error) &&
	       sights_take(&session->sights, record, session->recorder, error);
}

/* Whose child a process is only the module's tables tell: records wait for them. */
static bool sort_pending(struct session *session, struct pft_error *error)
{
	unsigned int i;

	if (session->child.argv) {
		if (!family_look(&session->family, error))
			return false;
		session->looked_ns = pft_now_ns();
	}
	for (i = 0; i < session->count; i++)
		if (!put(session, &session->pending[i], error))
			return false;
	session->count = 0;
	return true;
}

/*
 * What is there now, but no more than there is room for: under a flood of faults
 * snapshots and signals have their turn, too.
 *
 * Return: 1 there may be more, 0 that was all, -1 error.
 */
static int drain(struct session *session, struct pft_error *error)
{
	struct pending *pending;
	bool full;
	int ret;

	do {
		pending = &session->pending[session->count];
		ret = pft_stream_next(session->stream, &pending->record, &pending->lost, error);
		if (ret <= 0)
			break;
		session->taken_ns = pending->record.time_ns;
	} while (++session->count < PENDING_MAX);
	full = session->count == PENDING_MAX;
	if (ret < 0)
		return -1;
	if ((full || !session->child.argv || pft_now_ns() - session->looked_ns > LOOK_NS) &&
	    !sort_pending(session, error))
		return -1;
	return full;
}

/* All that was there when it was called. */
static bool drain_all(struct session *session, struct pft_error *error)
{
	uint64_t now = pft_now_ns();
	int ret;

	do {
		ret = drain(session, error);
	} while (ret > 0 && session->taken_ns < now);
	return ret >= 0;
}

static bool snapshot(struct session *session, struct pft_error *error)
{
	if (pft_now_ns() < session->due_ns)
		return true;
	if (!sort_pending(session, error) || !pft_recorder_snapshot(session->recorder, error))
		return false;
	tell_progress(session, false);
	session->due_ns = pace_next(session->due_ns, session->options->delay, pft_now_ns());
	return true;
}

static bool finished(struct session *session)
{
	const struct options *options = session->options;

	if (session->child.argv) {
		child_reap(&session->child);
		return session->child.ended;
	}
	return stop_asked() ||
	       (options->count &&
		pft_recorder_stats(session->recorder)->snapshots > options->count);
}

static bool pause_a_little(struct session *session, struct pft_error *error)
{
	if (!session->child.argv)
		return !pft_stream_wait(session->stream, 20, error);
	child_wait(&session->child, 2);
	return true;
}

/* What was under way when it ended comes in, but not for ever. */
static bool settle(struct session *session, struct pft_error *error)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	uint64_t limit = pft_now_ns() + SETTLE_NS;
	unsigned int i;
	uint64_t lost;

	do {
		(void)nanosleep(&pause, NULL);
		if (!drain_all(session, error) || !sort_pending(session, error))
			return false;
	} while (session->child.argv && !family_settled(&session->family) &&
		 pft_now_ns() < limit);
	for (i = 0; i < pft_stream_cpus(session->stream); i++) {
		lost = pft_stream_untold(session->stream, i);
		if (lost && !pft_recorder_lost(session->recorder,
					       pft_reader_cpu(pft_stream_reader(session->stream, i)),
					       lost, error))
			return false;
	}
	return pft_recorder_end(session->recorder, error);
}

static bool loop(struct session *session, struct pft_error *error)
{
	int more;

	session->due_ns = pft_now_ns();
	while (!finished(session)) {
		more = drain(session, error);
		if (more < 0 || !snapshot(session, error) ||
		    (!more && !pause_a_little(session, error)))
			return false;
	}
	return settle(session, error);
}

/* Return: 0, or the exit status to end with after an error that was said. */
static int begin(struct session *session, struct pft_error *error)
{
	int ret;

	session->stream = pft_stream_open(session->root, 0, error);
	if (!session->stream)
		goto fail;
	session->recorder = pft_recorder_open(session->root, session->fd, error);
	if (!session->recorder || !write_host(session, error) || !write_vdso(session, error))
		goto fail;
	if (!session->options->argv) {
		stop_on_signals(0);
		return 0;
	}
	if (!family_init(&session->family, session->root, error))
		goto fail;
	if (!child_prepare(&session->child, session->options->argv))
		return EXIT_ERROR;
	ret = child_start(&session->child);
	if (!ret && !family_start(&session->family, (uint32_t)session->child.pid)) {
		(void)fputs("pftop: not enough memory\n", stderr);
		ret = EXIT_ERROR;
	}
	return ret;
fail:
	common_error(error);
	return EXIT_ERROR;
}

static int record(struct session *session)
{
	struct pft_error error = { 0 };
	int ret;

	if (!open_file(session))
		return EXIT_ERROR;
	session->pending = malloc(PENDING_MAX * sizeof(*session->pending));
	if (!session->pending || !sights_init(&session->sights)) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return EXIT_ERROR;
	}
	ret = begin(session, &error);
	if (ret)
		return ret;
	session->progress = isatty(STDERR_FILENO) && !session->child.argv;
	if (!loop(session, &error)) {
		tell_progress(session, true);
		common_error(&error);
		return EXIT_ERROR;
	}
	tell_progress(session, true);
	return session->child.argv ? child_exit_status(&session->child) : EXIT_OK;
}

/**
 * record_main - the command "pftop record"
 * @options: what the command line said
 *
 * Return: exit status; with CMD that of CMD, see run_main().
 */
int record_main(const struct options *options)
{
	struct session session = { .options = options, .fd = -1 };
	int ret;

	session.root = common_open_module(options);
	if (!session.root)
		return EXIT_ERROR;
	ret = record(&session);
	child_fini(&session.child);
	if (session.options->argv)
		family_fini(&session.family);
	sights_fini(&session.sights);
	pft_recorder_free(session.recorder);
	pft_stream_close(session.stream);
	free(session.pending);
	if (session.fd >= 0)
		(void)close(session.fd);
	pft_root_close(session.root);
	return ret;
}
