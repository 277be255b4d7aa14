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
bool pft_error_is_missing(const struct pft_error *error);

uint64_t pft_now_ns(void);

const char *pft_class_name(unsigned int value);
const char *pft_access_name(unsigned int value);
const char *pft_origin_name(unsigned int value);
const char *pft_cause_name(unsigned int value);
const char *pft_cause_meaning(unsigned int value);
const char *pft_level_name(unsigned int value);
const char *pft_area_name(unsigned int value);
int pft_class_find(const char *name);
int pft_cause_find(const char *name);
int pft_level_find(const char *name);
int pft_access_find(const char *name);

struct pft_root;

struct pft_root *pft_root_open(const char *dir, struct pft_error *error);
void pft_root_close(struct pft_root *root);
const char *pft_root_dir(const struct pft_root *root);
unsigned int pft_root_abi_minor(const struct pft_root *root);
bool pft_root_is_live(const struct pft_root *root);
bool pft_root_is_recording(const struct pft_root *root);
const char *pft_root_damage(const struct pft_root *root);
void pft_root_rewind(struct pft_root *root);
bool pft_root_step(struct pft_root *root);
void pft_root_whole(struct pft_root *root);
uint64_t pft_root_now_ns(const struct pft_root *root);
bool pft_root_span(const struct pft_root *root, uint64_t *first_ns, uint64_t *last_ns);

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
 * @cause: faults per enum pft_cause
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
	uint64_t cause[PFT_NR_CAUSES];
	char comm[24];
};

/* Rows kept of one table; memory stays below 100 MiB whatever the file says. */
#define PFT_TABLE_MAX	(1U << 18)

/**
 * struct pft_table - a table of rows; all zero is an empty one
 * @count: rows in it
 * @room: rows for which there is memory
 * @dropped: rows behind PFT_TABLE_MAX
 * @has_causes: it has columns of causes; else those of the rows are 0
 * @row: the rows, in the order of the file
 *
 * Its memory is used again by the next pft_table_read() and ends with
 * pft_table_free().
 */
struct pft_table {
	unsigned int count;
	unsigned int room;
	uint64_t dropped;
	bool has_causes;
	struct pft_row *row;
};

bool pft_table_read(const struct pft_root *root, enum pft_table_kind kind,
		    struct pft_table *table, struct pft_error *error);
void pft_table_free(struct pft_table *table);

/* In the place of a cause: all causes of the class. */
#define PFT_CAUSE_ALL		PFT_NR_CAUSES
#define PFT_CAUSE_STATS_MAX	(PFT_NR_CLASSES * (PFT_NR_CAUSES + 1))

/**
 * struct pft_cause_stat - one line of `causes`
 * @class: enum pft_class
 * @cause: enum pft_cause, or PFT_CAUSE_ALL
 * @timed: the times are known; they are 0 for refused faults without duration
 * @count: faults
 * @total_ns: their time
 * @mean_ns: the mean of it
 * @max_ns: the longest
 * @p50_ns: half of them took at most this, estimated; the others likewise
 * @p90_ns: see above
 * @p99_ns: see above
 */
struct pft_cause_stat {
	unsigned int class;
	unsigned int cause;
	bool timed;
	uint64_t count;
	uint64_t total_ns;
	uint64_t mean_ns;
	uint64_t max_ns;
	uint64_t p50_ns;
	uint64_t p90_ns;
	uint64_t p99_ns;
};

/**
 * struct pft_causes - the file `causes`
 * @count: lines of it
 * @stat: the lines
 */
struct pft_causes {
	unsigned int count;
	struct pft_cause_stat stat[PFT_CAUSE_STATS_MAX];
};

bool pft_causes_read(const struct pft_root *root, struct pft_causes *causes,
		     struct pft_error *error);
const struct pft_cause_stat *pft_causes_find(const struct pft_causes *causes, unsigned int class,
					     unsigned int cause);

#define PFT_LATENCY_BUCKETS	64

/**
 * struct pft_latency - the file `latency`, its causes added up
 * @bucket: faults per class and duration: bucket 0 has those without one,
 *	bucket i those of 2^(i-1) to 2^i - 1 ns
 */
struct pft_latency {
	uint64_t bucket[PFT_NR_CLASSES][PFT_LATENCY_BUCKETS];
};

bool pft_latency_read(const struct pft_root *root, struct pft_latency *latency,
		      struct pft_error *error);
bool pft_latency_percentile(const struct pft_latency *now, const struct pft_latency *then,
			    unsigned int class, unsigned int percent, uint64_t *ns);

/* Files kept of one reading of `files`, and columns that it may have. */
#define PFT_FILES_MAX		(1U << 17)
#define PFT_FILE_COLUMNS_MAX	16

/**
 * struct pft_file - one line of `files`
 * @id: pft_record.file
 * @dev: its device, as makedev(3) makes it
 * @ino: its inode
 * @path: its path, raw: it may hold any byte but NUL
 */
struct pft_file {
	uint32_t id;
	uint64_t dev;
	uint64_t ino;
	char *path;
};

/**
 * struct pft_files - the file `files`; all zero is an empty one
 * @count: files in it
 * @room: files for which there is memory
 * @dropped: files behind PFT_FILES_MAX
 * @file: the files, by their id
 */
struct pft_files {
	unsigned int count;
	unsigned int room;
	uint64_t dropped;
	struct pft_file *file;
};

bool pft_files_read(const struct pft_root *root, struct pft_files *files, struct pft_error *error);
const struct pft_file *pft_files_find(const struct pft_files *files, uint32_t id);
void pft_files_free(struct pft_files *files);

/**
 * struct pft_fresh - remembers what `exited` held; all zero remembers nothing
 * @overlap: some row was there before, or it was never read before: else
 *	more processes may have come and gone in between than the file holds
 *
 * The rest is private to fresh.c.
 */
struct pft_fresh {
	bool overlap;
	/* private: */
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
 * @PFT_READ_WHOLE: begin a recording at its beginning, not at the snapshot
 *	before the one that is looked at
 */
enum pft_reader_flags {
	PFT_READ_OLDEST = 1,
	PFT_READ_NO_MAP = 2,
	PFT_READ_DUMP = 4,
	PFT_READ_WHOLE = 8,
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
void pft_stream_watch(struct pft_stream *stream, int output, int input);
int pft_stream_wait(struct pft_stream *stream, int timeout_ms, struct pft_error *error);
unsigned int pft_stream_cpus(const struct pft_stream *stream);
const struct pft_reader *pft_stream_reader(const struct pft_stream *stream, unsigned int index);
uint64_t pft_stream_read(const struct pft_stream *stream);
uint64_t pft_stream_untold(const struct pft_stream *stream, unsigned int index);
uint64_t pft_stream_lost(const struct pft_stream *stream);

/* Mappings kept of one process: twice what the kernel allows by default. */
#define PFT_MAPS_MAX		(1U << 17)
#define PFT_BUILD_ID_MAX	64

/**
 * struct pft_map - one mapping of a process
 * @start: its first byte
 * @end: behind its last byte
 * @offset: of @start in the file, bytes
 * @dev: device of the file, as makedev(3) makes it; 0 without a file
 * @ino: inode of the file; 0 without a file
 * @perms: as the kernel writes them, "r-xp"
 * @path: path of the file, raw: it may hold any byte but NUL; or what the
 *	kernel calls the mapping ("[stack]"), or ""
 * @deleted: the file has no name any more; " (deleted)" is not in @path
 * @build_id: build id of the file
 * @build_id_size: its bytes, 0: not known
 */
struct pft_map {
	uint64_t start;
	uint64_t end;
	uint64_t offset;
	uint64_t dev;
	uint64_t ino;
	char perms[5];
	char *path;
	bool deleted;
	unsigned char build_id[PFT_BUILD_ID_MAX];
	unsigned int build_id_size;
};

/**
 * struct pft_maps - the mappings of a process; all zero is none
 * @pid: the process
 * @count: mappings
 * @dropped: mappings behind PFT_MAPS_MAX, or 1 where the text is longer than
 *	any of so many
 * @map: the mappings, by address
 * @root: directory in which paths are looked up, or NULL for ours
 * @live: read from the running system, with pft_maps_read()
 * @read_ns: when, as CLOCK_REALTIME, ns
 * @text: private to maps.c
 */
struct pft_maps {
	uint32_t pid;
	unsigned int count;
	uint64_t dropped;
	struct pft_map *map;
	char *root;
	bool live;
	uint64_t read_ns;
	char *text;
};

bool pft_maps_parse(struct pft_maps *maps, uint32_t pid, const char *text, size_t size);
bool pft_maps_read(struct pft_maps *maps, uint32_t pid);
const struct pft_map *pft_maps_find(const struct pft_maps *maps, uint64_t address);
void pft_maps_free(struct pft_maps *maps);

struct pft_build_ids;

struct pft_build_ids *pft_build_ids_open(void);
void pft_build_ids_close(struct pft_build_ids *ids);
void pft_maps_build_ids(struct pft_maps *maps, struct pft_build_ids *ids);

/**
 * struct pft_symbol - what is at an address
 * @name: the function, demangled and raw: it may hold any byte but NUL; NULL
 *	where it is not known for sure
 * @offset: of the address in the function, bytes
 * @source: source file, raw, or NULL where it is not known
 * @line: line of it, from 1
 * @file: path of the mapping as in struct pft_map, "[anon]" where it has none;
 *	NULL where nothing is mapped
 * @file_offset: of the address in the file, or in the mapping without a file
 */
struct pft_symbol {
	const char *name;
	uint64_t offset;
	const char *source;
	unsigned int line;
	const char *file;
	uint64_t file_offset;
};

struct pft_symbols;

struct pft_symbols *pft_symbols_open(void);
void pft_symbols_close(struct pft_symbols *symbols);
bool pft_symbols_debug_dir(struct pft_symbols *symbols, const char *dir);
bool pft_symbols_vdso(struct pft_symbols *symbols, const void *bytes, size_t size);
bool pft_symbols_find(struct pft_symbols *symbols, const struct pft_maps *maps, uint64_t ip,
		      struct pft_symbol *symbol);

void *pft_vdso_copy(size_t *size);

/**
 * struct pft_recorder_stats - how a recording goes
 * @records: written, or about to be
 * @lost: told to be lost
 * @snapshots: written
 * @bytes: of the file
 */
struct pft_recorder_stats {
	uint64_t records;
	uint64_t lost;
	uint64_t snapshots;
	uint64_t bytes;
};

/* Processes that a recording may be of. */
#define PFT_HOST_PIDS_MAX	64

/**
 * struct pft_host - where and how a recording was made
 * @kernel: release
 * @machine: architecture
 * @start_ns: when it began, CLOCK_MONOTONIC
 * @start_wall_ns: the same, ns since 1970
 * @command: the program that was run and its arguments, raw; or empty
 * @pids: the processes it is restricted to
 * @nr_pids: of them, 0 for all
 */
struct pft_host {
	char kernel[72];
	char machine[72];
	uint64_t start_ns;
	uint64_t start_wall_ns;
	char command[1024];
	uint32_t pids[PFT_HOST_PIDS_MAX];
	unsigned int nr_pids;
};

char *pft_command_read(const struct pft_root *root, uint32_t pid);
bool pft_maps_recorded(struct pft_maps *maps, const struct pft_root *root, uint32_t pid);
void *pft_vdso_recorded(const struct pft_root *root, size_t *size);
bool pft_host_read(const struct pft_root *root, struct pft_host *host, struct pft_error *error);

struct pft_recorder;

struct pft_recorder *pft_recorder_open(const struct pft_root *root, int fd,
				       struct pft_error *error);
bool pft_recorder_text(struct pft_recorder *recorder, const char *name, const void *data,
		       size_t size, struct pft_error *error);
bool pft_recorder_file(struct pft_recorder *recorder, const char *name, struct pft_error *error);
bool pft_recorder_add(struct pft_recorder *recorder, const struct pft_record *record,
		      uint64_t lost, struct pft_error *error);
bool pft_recorder_lost(struct pft_recorder *recorder, unsigned int cpu, uint64_t lost,
		       struct pft_error *error);
bool pft_recorder_snapshot(struct pft_recorder *recorder, struct pft_error *error);
bool pft_recorder_end(struct pft_recorder *recorder, struct pft_error *error);
const struct pft_recorder_stats *pft_recorder_stats(const struct pft_recorder *recorder);
void pft_recorder_free(struct pft_recorder *recorder);

#endif /* LIBPFTRACE_H */
