// SPDX-License-Identifier: GPL-2.0
/*
 * "pftop record" under load: the program itself, on two rings that the module's
 * own code writes meanwhile. Each record follows from its CPU, its position and
 * its time, so that what comes out of the recording can be held against what
 * went in: nothing is torn, twice or gone without being told, and where it is
 * told that something was lost, it was.
 *
 * 2,000 processes are alive at any time, of which one ends and another begins
 * every 32 faults; each executes another program halfway. Some of them are real:
 * for those there is something to be found in /proc.
 *
 * With RECORD_SECONDS=600, and RECORD_RATE=200000 (per second), the last test
 * takes that long; a second else.
 */

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "block.h"
#include "fake.h"
#include "writer.h"

#define CPUS		2U
#define SLOTS		8192U	/* 1 MiB, as by default */
#define MANY_SLOTS	262144U	/* 32 MiB */
#define SMALL_SLOTS	1024U
#define ALIVE		2000U
#define REAL		50U
#define FIRST_PID	5000000U	/* above all that can be real */
#define FAULTS_IN_A_ROW	16U
#define FAULTS_PER_PROCESS	32U
#define LIMIT_MS	60000	/* only a broken pftop takes this long */

#ifdef __SANITIZE_ADDRESS__
#define SETTLED		100000U	/* records per CPU */
#define OWN_HEAP	true	/* freed memory is kept, to see it used */
#else
#define SETTLED		500000U
#define OWN_HEAP	false
#endif

/* Buffers of libc may come late. A sight of each process would be 3 MB more. */
#define SLACK_KB	512

static const unsigned int cpus[CPUS] = { 0, 5 };
static struct writer writer[CPUS];
static pid_t real[REAL];
static char path[128];

/**
 * struct session - "pftop record" at work
 * @pid: its process
 * @terminal: its terminal
 * @line: what it says there, from the last line on
 * @used: of that
 * @told: lines of progress that told of more faults than the one before
 * @faults: what the last one told
 * @fd: the recording
 * @next: where its next block begins
 * @texts: snapshots so far
 * @before: those of them that have no record before them
 * @within: those of them that have records before and behind them
 * @recorded: records per CPU so far
 */
struct session {
	pid_t pid;
	int terminal;
	char line[256];
	size_t used;
	unsigned int told;
	uint64_t faults;
	int fd;
	uint64_t next;
	unsigned int texts;
	unsigned int before;
	unsigned int within;
	uint64_t recorded[CPUS];
};

static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 31) * 0x9e3779b97f4a7c15ULL;
	return value ^ value >> 29;
}

/* The fault of this position: @time_ns is all that cannot be told from that. */
static void make_record(struct pft_record *record, unsigned int cpu, uint64_t pos, uint64_t time_ns)
{
	uint64_t fault = pos * CPUS + (cpu == cpus[1]), row = mix(fault / FAULTS_IN_A_ROW);
	uint64_t oldest = fault / FAULTS_PER_PROCESS, process = oldest + row % ALIVE;
	bool is_file = row % 8 == 1, is_real = process % 16 == 0;

	memset(record, 0, sizeof(*record));
	record->pos = pos;
	record->time_ns = time_ns;
	record->cpu = (uint16_t)cpu;
	record->tgid = is_real ? (uint32_t)real[process / 16 % REAL] : FIRST_PID + (uint32_t)process;
	record->pid = record->tgid;
	record->vma_start = 0x7f0000000000 + (process << 24);
	record->vma_end = record->vma_start + (1 << 24);
	record->address = record->vma_start + (fault % 4096 << 12);
	record->ip = is_real ? (uintptr_t)make_record : 0x401000 + mix(row) % 64 * 24;
	record->latency_ns = 500 + mix(time_ns ^ fault) % 1024;
	record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE;
	record->access = PFT_WRITE;
	record->cause = PFT_CAUSE_ZERO;
	record->level = PFT_LEVEL_PTE;
	record->area = PFT_AREA_HEAP;
	record->cgroup = 4242;
	if (is_file) {
		record->cause = PFT_CAUSE_FILE;
		record->area = PFT_AREA_FILE;
		record->file = 1 + row % 100;
		record->dev = 0x801;
		record->ino = 131 + row % 100;
		record->access = PFT_READ;
	}
	/* Young ones have the name of the shell that forked them. */
	if (is_real)
		strcpy(record->comm, "test_load");
	else if (process - oldest > ALIVE / 2)
		strcpy(record->comm, "sh");
	else
		snprintf(record->comm, sizeof(record->comm), "cc%llu",
			 (unsigned long long)process % 10);
}

static void put(struct writer *to)
{
	struct pft_record record;

	make_record(&record, to->cpu, to->written, pft_now_ns());
	writer_put(to, &record);
}

static uint64_t written(void)
{
	return writer[0].written + writer[1].written;
}

/* What the module says each second; in one piece, as it does. */
static void put_file(const char *name, const char *text)
{
	char from[128], to[128];

	fake_file(fake_root_dir, "new", text);
	snprintf(from, sizeof(from), "%s/new", fake_root_dir);
	snprintf(to, sizeof(to), "%s/%s", fake_root_dir, name);
	assert_int_equal(rename(from, to), 0);
}

static void put_tables(void)
{
	static const char head[] =
		"PID PPID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR COMM\n";
	static char text[ALIVE * 96 + sizeof(head)];
	uint64_t oldest = written() / FAULTS_PER_PROCESS;
	size_t used = (size_t)sprintf(text, "%s", head);
	unsigned int i;

	for (i = 0; i < ALIVE; i++)
		used += (size_t)sprintf(text + used, "%u 1 %u 0 0 0 %u 0 0x7f0000000000 sh\n",
					FIRST_PID + (uint32_t)oldest + i, ALIVE - i,
					(ALIVE - i) * 1000);
	put_file("pids", text);
	put_file("exited", head);
	snprintf(text, sizeof(text), "minor %llu\nmajor 0\ninvalid 0\ncpus 2\nfiles 100\nhook direct\n",
		 (unsigned long long)written());
	put_file("totals", text);
}

static void start(struct session *session, const char *delay)
{
	struct winsize size = { .ws_row = 24, .ws_col = 120 };
	unsigned int major, minor;

	memset(session, 0, sizeof(*session));
	snprintf(path, sizeof(path), "%s/recording", fake_root_dir);
	(void)unlink(path);
	session->pid = forkpty(&session->terminal, NULL, NULL, &size);
	assert_true(session->pid >= 0);
	if (!session->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl(getenv("PFTOP"), "pftop", "record", "-o", path, "-d", delay, "--debugfs",
		      fake_root_dir, (char *)NULL);
		_exit(126);
	}
	session->fd = -1;
	do {
		struct pollfd fd = { .fd = session->terminal, .events = POLLIN };

		if (poll(&fd, 1, 5) && !(fd.revents & POLLIN))
			fail_msg("pftop has ended");
		if (session->fd < 0)
			session->fd = open(path, O_RDONLY | O_CLOEXEC);
	} while (session->fd < 0 ||
		 block_start(session->fd, &major, &minor, &session->next) != BLOCK_OK);
}

/* A carriage return begins each line of progress. */
static void take_line(struct session *session)
{
	unsigned long long seconds, faults;

	if (sscanf(session->line, "\033[Kpftop: %llu s, %llu faults", &seconds, &faults) != 2)
		return;
	session->told += faults > session->faults;
	session->faults = faults;
}

/* Reads what it says, for @ms at most; false at its end. */
static bool listen(struct session *session, int ms)
{
	struct pollfd fd = { .fd = session->terminal, .events = POLLIN };
	char text[512];
	ssize_t got, i;

	if (poll(&fd, 1, ms) <= 0)
		return true;
	got = read(session->terminal, text, sizeof(text));
	for (i = 0; i < got; i++) {
		if (text[i] == '\r') {
			session->line[session->used] = '\0';
			take_line(session);
			session->used = 0;
		} else if (session->used < sizeof(session->line) - 1) {
			session->line[session->used++] = text[i];
		}
	}
	return got > 0;
}

/* Goes over what was added to the recording. */
static void follow(struct session *session)
{
	struct block block;

	while (block_next(session->fd, &session->next, &block) == BLOCK_OK) {
		if (block.type == BLOCK_RECORDS) {
			session->recorded[block.cpu == cpus[1]] += block.count;
			if (!session->before)
				session->before = session->texts;
			session->within = session->texts - session->before;
		} else {
			session->texts += !strcmp(block.name, "totals");
		}
	}
}

/* Waits for more in the recording. */
static void wait_for_more(struct session *session)
{
	uint64_t limit = pft_now_ns() + LIMIT_MS * 1000000ULL, before = session->next;

	for (;;) {
		follow(session);
		if (session->next != before)
			return;
		if (!listen(session, 1) || pft_now_ns() > limit)
			fail_msg("the recording does not grow: %s", session->line);
	}
}

/* From the first snapshot on it records. */
static void begin(struct session *session, const char *delay)
{
	start(session, delay);
	while (!session->texts)
		wait_for_more(session);
}

static void interrupt(struct session *session)
{
	assert_int_equal(kill(session->pid, SIGINT), 0);
}

/* To the end. Its last line must tell what was recorded and lost. */
static void finish(struct session *session, struct rusage *usage)
{
	int status;

	while (listen(session, LIMIT_MS))
		;
	assert_int_equal(wait4(session->pid, &status, 0, usage), session->pid);
	assert_int_equal(status, 0);
	close(session->terminal);
	close(session->fd);
}

static unsigned long peak_kb(const struct session *session)
{
	unsigned long kb = 0;
	char name[64], line[256];
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/status", session->pid);
	file = fopen(name, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		(void)sscanf(line, "VmHWM: %lu", &kb);
	fclose(file);
	assert_true(kb > 0);
	return kb;
}

/**
 * struct found - what a recording has of one CPU
 * @read: records
 * @lost: how many it says were lost
 * @gaps: places where it says so
 * @next: position behind the last one
 * @sum: of writer_hash() of the records
 */
struct found {
	uint64_t read;
	uint64_t lost;
	uint64_t gaps;
	uint64_t next;
	uint64_t sum;
};

static void look_at(struct found *found, const struct pft_record *record, uint64_t lost)
{
	struct pft_record want;

	if (record->pos != found->next + lost)
		fail_msg("CPU %u: record %llu behind %llu, %llu lost", record->cpu,
			 (unsigned long long)record->pos, (unsigned long long)found->next,
			 (unsigned long long)lost);
	make_record(&want, record->cpu, record->pos, record->time_ns);
	assert_memory_equal(record, &want, sizeof(want));
	found->read++;
	found->lost += lost;
	found->gaps += lost > 0;
	found->next = record->pos + 1;
	found->sum += writer_hash(record);
}

/* All of the recording; it has to be complete. */
static void read_back(struct found *found)
{
	struct pft_root *root = pft_root_open(path, &fake_error);
	struct pft_stream *stream;
	struct pft_record record;
	uint64_t lost;
	unsigned int i;
	int ret;

	assert_non_null(root);
	assert_null(pft_root_damage(root));
	memset(found, 0, CPUS * sizeof(*found));
	stream = pft_stream_open(root, PFT_READ_WHOLE, &fake_error);
	assert_non_null(stream);
	assert_int_equal(pft_stream_cpus(stream), CPUS);
	while ((ret = pft_stream_next(stream, &record, &lost, &fake_error)) > 0)
		look_at(&found[record.cpu == cpus[1]], &record, lost);
	assert_int_equal(ret, 0);
	for (i = 0; i < CPUS; i++) {
		lost = pft_stream_untold(stream, i);
		found[i].lost += lost;
		found[i].gaps += lost > 0;
		found[i].next += lost;
	}
	pft_stream_close(stream);
	pft_root_close(root);
}

static void expect_last_line(const struct session *session, const struct found *found)
{
	char want[64];

	snprintf(want, sizeof(want), "%llu faults, ",
		 (unsigned long long)(found[0].read + found[1].read));
	if (!strstr(session->line, "pftop: recorded ") || !strstr(session->line, want))
		fail_msg("\"%s\" does not say \"%s\"", session->line, want);
	snprintf(want, sizeof(want), ", %llu lost",
		 (unsigned long long)(found[0].lost + found[1].lost));
	if (!strstr(session->line, want))
		fail_msg("\"%s\" does not say \"%s\"", session->line, want);
}

static void expect_all(const struct session *session, struct found *found)
{
	unsigned int i;

	read_back(found);
	expect_last_line(session, found);
	for (i = 0; i < CPUS; i++) {
		assert_int_equal(found[i].read + found[i].lost, writer[i].written);
		assert_int_equal(found[i].next, writer[i].written);
		if (!found[i].lost)
			assert_int_equal(found[i].sum, writer[i].sum);
	}
}

static void open_writers(uint64_t slots)
{
	unsigned int i;

	for (i = 0; i < CPUS; i++)
		writer_open(&writer[i], fake_root_dir, cpus[i], slots);
	put_tables();
}

static void close_writers(void)
{
	unsigned int i;

	for (i = 0; i < CPUS; i++)
		writer_close(&writer[i]);
}

/*
 * So many on each CPU, never more ahead of the recording than the ring holds:
 * nothing can be lost.
 */
static void write_kept_up(struct session *session, uint64_t count)
{
	unsigned int i;

	for (;;) {
		for (i = 0; i < CPUS; i++)
			while (writer[i].written < count &&
			       writer[i].written < session->recorded[i] + SLOTS)
				put(&writer[i]);
		if (session->recorded[0] == count && session->recorded[1] == count)
			return;
		put_tables();
		wait_for_more(session);
	}
}

static void test_keeps_up(void **state)
{
	unsigned long settled, peak;
	struct session session;
	struct found found[CPUS];

	(void)state;
	open_writers(SLOTS);
	begin(&session, "0.1");
	write_kept_up(&session, SETTLED);
	settled = peak_kb(&session);
	write_kept_up(&session, 4ULL * SETTLED);
	peak = peak_kb(&session);
	interrupt(&session);
	finish(&session, NULL);
	expect_all(&session, found);
	assert_int_equal(found[0].lost + found[1].lost, 0);
	if (session.told < 3)
		fail_msg("%u lines of progress: %s", session.told, session.line);
	print_message("# peak %lu KiB after %u records, %lu KiB after %u\n", settled,
		      CPUS * SETTLED, peak, 4 * CPUS * SETTLED);
	if (!OWN_HEAP && peak > settled + SLACK_KB)
		fail_msg("%lu KiB after %u records, %lu KiB after %u", settled, CPUS * SETTLED,
			 peak, 4 * CPUS * SETTLED);
	close_writers();
}

/* Faster than anyone could read, and all that is lost is told, with its place. */
static void test_too_fast(void **state)
{
	struct session session;
	struct found found[CPUS];
	uint64_t i;

	(void)state;
	open_writers(SMALL_SLOTS);
	begin(&session, "0.1");
	for (i = 0; i < 4ULL * SETTLED; i++) {
		put(&writer[0]);
		/* The other one in bursts: none, some or all of it can be read. */
		if (i % 4096 < 600)
			put(&writer[1]);
		if (i % 65536 == 0)
			listen(&session, 0);
	}
	interrupt(&session);
	finish(&session, NULL);
	expect_all(&session, found);
	assert_true(found[0].lost && found[1].lost);
	assert_true(found[0].read && found[1].read);
	print_message("# %llu of %llu lost, in %llu places\n",
		      (unsigned long long)(found[0].lost + found[1].lost),
		      (unsigned long long)written(),
		      (unsigned long long)(found[0].gaps + found[1].gaps));
	close_writers();
}

/* Full rings all at once: it does not wait for their end to take a snapshot. */
static void write_backlog(struct session *session)
{
	int status;

	assert_int_equal(kill(session->pid, SIGSTOP), 0);
	assert_int_equal(waitpid(session->pid, &status, WUNTRACED), session->pid);
	while (written() < CPUS * MANY_SLOTS)
		put(&writer[written() % CPUS]);
	assert_int_equal(kill(session->pid, SIGCONT), 0);
	while (session->recorded[0] + session->recorded[1] < written())
		wait_for_more(session);
	assert_true(session->within > 0);
}

/* Faults that do not end: it ends nevertheless when it is told to. */
static void test_flood(void **state)
{
	struct session session;
	struct found found[CPUS];
	uint64_t limit = pft_now_ns() + LIMIT_MS * 1000000ULL, before;
	bool stopped = false;
	unsigned int i;

	(void)state;
	open_writers(MANY_SLOTS);
	begin(&session, "0.1");
	write_backlog(&session);
	before = session.next;
	do {
		for (i = 0; i < 4096; i++)
			put(&writer[i % CPUS]);
		follow(&session);
		if (!stopped && session.next > before + 65536) {
			interrupt(&session);
			stopped = true;
		}
		if (pft_now_ns() > limit)
			fail_msg("it does not %s, after %llu faults", stopped ? "end" : "record",
				 (unsigned long long)written());
	} while (listen(&session, 0));
	finish(&session, NULL);
	read_back(found);
	expect_last_line(&session, found);
	for (i = 0; i < CPUS; i++)
		assert_true(found[i].read && found[i].next <= writer[i].written);
	close_writers();
}

static double cpu_seconds(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

/* So many a second, evenly on both CPUs. What is lost depends on the machine; it is told. */
static void test_paced(void **state)
{
	uint64_t seconds = setting("RECORD_SECONDS", 1), rate = setting("RECORD_RATE", 200000);
	uint64_t start_ns, due = 0, second = 0, end = seconds * rate;
	struct found found[CPUS];
	struct session session;
	struct rusage usage;
	unsigned long peak;
	struct stat st;

	(void)state;
	open_writers(SLOTS);
	begin(&session, "1");
	start_ns = pft_now_ns();
	while (written() < end) {
		while (written() < due && written() < end)
			put(&writer[written() % CPUS]);
		if (written() / rate > second) {
			second = written() / rate;
			put_tables();
		}
		listen(&session, 1);
		due = (uint64_t)((double)(pft_now_ns() - start_ns) / 1e9 * (double)rate);
	}
	peak = peak_kb(&session);
	interrupt(&session);
	finish(&session, &usage);
	expect_all(&session, found);
	assert_int_equal(stat(path, &st), 0);
	print_message("# %llu s, %llu records/s: %llu recorded, %llu lost in %llu places, "
		      "%.1f %% of a CPU, peak %lu KiB, %lld bytes, %.1f a record\n",
		      (unsigned long long)seconds, (unsigned long long)rate,
		      (unsigned long long)(found[0].read + found[1].read),
		      (unsigned long long)(found[0].lost + found[1].lost),
		      (unsigned long long)(found[0].gaps + found[1].gaps),
		      100 * cpu_seconds(&usage) / (double)seconds, peak, (long long)st.st_size,
		      (double)st.st_size / (double)(found[0].read + found[1].read));
	close_writers();
}

static int setup(void **state)
{
	unsigned int i;

	for (i = 0; i < REAL; i++) {
		real[i] = fork();
		if (real[i] < 0)
			return -1;
		if (!real[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
	(void)state;
	return 0;
}

static int teardown(void **state)
{
	unsigned int i;

	for (i = 0; i < REAL; i++) {
		kill(real[i], SIGKILL);
		waitpid(real[i], NULL, 0);
	}
	(void)state;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keeps_up, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_too_fast, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_flood, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_paced, fake_root_setup, fake_root_teardown),
	};

	return cmocka_run_group_tests_name("load", tests, setup, teardown);
}
