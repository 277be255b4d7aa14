/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libpftrace: the way from user space to the pftrace module. Opens its debugfs
 * directory, reads its counters and tables, and reads or maps its rings.
 *
 * No function here prints, exits or changes a signal. Objects are not for two
 * threads at once; different objects are.
 */
#ifndef LIBPFTRACE_H
#define LIBPFTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uapi/pftrace.h>

#define PFT_DEFAULT_ROOT	"/sys/kernel/debug/pftrace"

/**
 * enum pft_code - what went wrong
 * @PFT_OK: nothing
 * @PFT_ERR_ACCESS: the files are for root only (EACCES)
 * @PFT_ERR_LOCKDOWN: the kernel forbids it to root, too (EPERM)
 * @PFT_ERR_NO_DEBUGFS: debugfs is not mounted there
 * @PFT_ERR_NO_MODULE: debugfs is there, pftrace is not
 * @PFT_ERR_NO_ROOT: the directory asked for is not one of pftrace
 * @PFT_ERR_ABI: the module speaks another major version of the ABI
 * @PFT_ERR_FORMAT: a file is not in the form that this library knows
 * @PFT_ERR_NO_RING: this CPU has no ring
 * @PFT_ERR_SYSTEM: anything else; see @err of struct pft_error
 */
enum pft_code {
	PFT_OK,
	PFT_ERR_ACCESS,
	PFT_ERR_LOCKDOWN,
	PFT_ERR_NO_DEBUGFS,
	PFT_ERR_NO_MODULE,
	PFT_ERR_NO_ROOT,
	PFT_ERR_ABI,
	PFT_ERR_FORMAT,
	PFT_ERR_NO_RING,
	PFT_ERR_SYSTEM,
};

/**
 * struct pft_error - one error, complete enough to be explained later
 * @code: what went wrong
 * @err: errno at that time, 0 where there was none
 * @major: ABI major of the module, for PFT_ERR_ABI
 * @minor: ABI minor of the module, for PFT_ERR_ABI
 * @path: the file it happened with
 * @detail: what was wrong with the content, for PFT_ERR_FORMAT
 */
struct pft_error {
	enum pft_code code;
	int err;
	unsigned int major;
	unsigned int minor;
	char path[256];
	char detail[128];
};

void pft_error_message(const struct pft_error *error, char *text, size_t size);

struct pft_root;

struct pft_root *pft_root_open(const char *dir, struct pft_error *error);
void pft_root_close(struct pft_root *root);
const char *pft_root_dir(const struct pft_root *root);
unsigned int pft_root_abi_minor(const struct pft_root *root);
bool pft_root_is_live(const struct pft_root *root);

#define PFT_TOTALS_MAX	96

/**
 * struct pft_total - one line of `totals`
 * @name: its name
 * @text: its value as written
 * @value: its value as a number
 * @is_number: @value is valid
 */
struct pft_total {
	char name[32];
	char text[48];
	uint64_t value;
	bool is_number;
};

/**
 * struct pft_totals - the file `totals`
 * @count: lines of it
 * @total: the lines; those above PFT_TOTALS_MAX are dropped
 */
struct pft_totals {
	unsigned int count;
	struct pft_total total[PFT_TOTALS_MAX];
};

bool pft_totals_read(const struct pft_root *root, struct pft_totals *totals,
		     struct pft_error *error);
const struct pft_total *pft_totals_find(const struct pft_totals *totals, const char *name);
uint64_t pft_totals_value(const struct pft_totals *totals, const char *name);

/**
 * enum pft_table_kind - which table
 * @PFT_PIDS: living processes
 * @PFT_THREADS: living threads
 * @PFT_EXITED: ended processes, newest first
 */
enum pft_table_kind {
	PFT_PIDS,
	PFT_THREADS,
	PFT_EXITED,
};

/**
 * struct pft_row - one process or thread
 * @pid: process id
 * @tid: thread id; 0 in tables of processes
 * @ppid: process that created it, 0 where that is not known
 * @count: faults per enum pft_class
 * @retries: attempts that were not the last one of their fault
 * @ns: time in faults, ns, for PFT_MINOR and PFT_MAJOR
 * @last_addr: address of the newest fault
 * @comm: its name, raw: it may hold any byte but NUL
 */
struct pft_row {
	uint32_t pid;
	uint32_t tid;
	uint32_t ppid;
	uint64_t count[PFT_NR_CLASSES];
	uint64_t retries;
	uint64_t ns[2];
	uint64_t last_addr;
	char comm[24];
};

/* Rows kept of one table; memory stays below 30 MiB whatever the file says. */
#define PFT_TABLE_MAX	(1U << 18)

/**
 * struct pft_table - a table of rows; all zero is an empty one
 * @count: rows in it
 * @room: rows for which there is memory
 * @dropped: rows behind PFT_TABLE_MAX
 * @row: the rows, in the order of the file
 *
 * Its memory is used again by the next pft_table_read() and ends with
 * pft_table_free().
 */
struct pft_table {
	unsigned int count;
	unsigned int room;
	uint64_t dropped;
	struct pft_row *row;
};

bool pft_table_read(const struct pft_root *root, enum pft_table_kind kind,
		    struct pft_table *table, struct pft_error *error);
void pft_table_free(struct pft_table *table);

/**
 * struct pft_fresh - remembers what `exited` held; all zero remembers nothing
 * @overlap: some row was there before, or it was never read before: else
 *	more processes may have come and gone in between than the file holds
 *
 * The rest is private to fresh.c.
 */
struct pft_fresh {
	bool overlap;
	uint64_t *slots;
	uint32_t size;
};

bool pft_fresh_take(struct pft_fresh *fresh, struct pft_table *exited, unsigned int *count);
void pft_fresh_free(struct pft_fresh *fresh);

/**
 * enum pft_reader_flags - how to read rings
 * @PFT_READ_OLDEST: begin with the oldest record held, not with the next one
 * @PFT_READ_NO_MAP: use read(2) even where the ring can be mapped
 * @PFT_READ_DUMP: end at what was there when the ring was opened
 */
enum pft_reader_flags {
	PFT_READ_OLDEST = 1,
	PFT_READ_NO_MAP = 2,
	PFT_READ_DUMP = 4,
};

struct pft_reader;

struct pft_reader *pft_reader_open(const struct pft_root *root, unsigned int cpu,
				   unsigned int flags, struct pft_error *error);
void pft_reader_close(struct pft_reader *reader);
int pft_reader_next(struct pft_reader *reader, struct pft_record *record,
		    struct pft_error *error);
int pft_reader_fd(const struct pft_reader *reader);
bool pft_reader_is_mapped(const struct pft_reader *reader);
unsigned int pft_reader_cpu(const struct pft_reader *reader);
uint64_t pft_reader_read(const struct pft_reader *reader);
uint64_t pft_reader_lost(const struct pft_reader *reader);

struct pft_stream;

struct pft_stream *pft_stream_open(const struct pft_root *root, unsigned int flags,
				   struct pft_error *error);
void pft_stream_close(struct pft_stream *stream);
int pft_stream_next(struct pft_stream *stream, struct pft_record *record, uint64_t *lost,
		    struct pft_error *error);
void pft_stream_watch(struct pft_stream *stream, int fd);
int pft_stream_wait(struct pft_stream *stream, int timeout_ms, struct pft_error *error);
unsigned int pft_stream_cpus(const struct pft_stream *stream);
const struct pft_reader *pft_stream_reader(const struct pft_stream *stream, unsigned int index);
uint64_t pft_stream_read(const struct pft_stream *stream);
uint64_t pft_stream_untold(const struct pft_stream *stream, unsigned int index);
uint64_t pft_stream_lost(const struct pft_stream *stream);

#endif /* LIBPFTRACE_H */
