/* SPDX-License-Identifier: GPL-2.0 */
/*
 * faultgen: makes page faults on purpose and says exactly which.
 *
 * The process that the user starts is the reporter. It never makes the
 * faults itself: each case runs in a fresh child (a worker), because only a
 * parent can learn from wait4() what a whole life amounted to. Workers and
 * reporter share one memfd, which also survives an exec of the worker.
 */
#ifndef FAULTGEN_H
#define FAULTGEN_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define FG_VERSION	"0.1.0"
#define FG_EXIT_USAGE	2
#define FG_EXIT_SKIP	77

/* No kernel maps more than one page table around a fault: 2 MiB apart, faults
 * on a file never help each other, whatever fault-around and folio sizes are.
 */
#define FG_FAR		(2UL << 20)

/* What a page table holds, and the table above it, and so on. */
#define FG_PTE_TABLE	(1UL << 21)
#define FG_PMD_TABLE	(1UL << 30)
#define FG_PUD_TABLE	(1UL << 39)
#define FG_P4D_TABLE	(1UL << 48)

#define FG_TEXT		256

enum fg_class {
	FG_MINOR,
	FG_MAJOR,
	FG_INVALID,
	FG_NR_CLASSES
};

/**
 * struct fg_map - one line of /proc/self/maps
 * @start: first address
 * @end: first address behind
 * @offset: offset in the file, in bytes
 * @inode: inode number, 0 without a file
 * @perms: e.g. "rw-p"
 * @path: file or [name], empty if there is none
 */
struct fg_map {
	unsigned long start;
	unsigned long end;
	unsigned long offset;
	unsigned long inode;
	char perms[5];
	char path[FG_TEXT];
};

/**
 * struct fg_range - a set of faults at start + i * stride
 * @start: address of the first fault
 * @stride: bytes from one fault to the next, 0: all at @start
 * @count: number of faults
 * @page_size: bytes that belong to one fault
 * @mapped: bytes that one fault maps, 0 if that is not known
 * @class: enum fg_class
 * @pid: process charged with the faults
 * @tid: thread charged with them
 * @mm_pid: process whose memory it is
 * @access: 'r', 'w' or 'x'
 * @by: "user", "kernel" or "gup"
 * @cause: why they fault
 * @also: why some of them fault instead, or empty
 * @also_why: how that comes
 * @level: where translation stops: "pte", "prot" and so on; empty if that is
 *	not known
 * @first: the same for the first fault in each page table (2 MiB)
 * @span: 0, or: they are anywhere in so many bytes from @start on
 * @grows: the mapping grows down to the page of each
 * @map: the mapping at @start; map.end is 0 where there is none, and then
 * @below_end: is the end of the next mapping below, 0 if there is none
 * @above_start: the start of the next one above, 0 if there is none
 * @below_perms: what the one below allows
 * @above_perms: what the one above allows
 */
struct fg_range {
	unsigned long start;
	unsigned long stride;
	unsigned long count;
	unsigned long page_size;
	unsigned long mapped;
	unsigned long span;
	int class;
	pid_t pid;
	pid_t tid;
	pid_t mm_pid;
	char access;
	char by[8];
	char cause[16];
	char also[16];
	char also_why[64];
	char level[8];
	char first[8];
	bool grows;
	struct fg_map map;
	unsigned long below_end;
	unsigned long above_start;
	char below_perms[5];
	char above_perms[5];
};

/**
 * struct fg_proc - one process and what it amounted to
 * @pid: its process id
 * @made: faults made on purpose, by class
 * @window: growth of ru_minflt and ru_majflt over the windows (no FG_INVALID)
 * @life: the kernel's counts from fork to exit; FG_INVALID is our own
 * @before: the kernel's counts when the last window began
 * @now: the kernel's counts when the last window ended
 * @waited: faults of children that this process waited for: wait4() adds them
 *	to its own, so they are taken off again
 * @t0_ns: CLOCK_MONOTONIC when the first window began
 * @t1_ns: CLOCK_MONOTONIC when the last window ended
 * @signo: signal that the refused faults sent, 0 for none
 * @si_code: its si_code, where it was caught
 * @signals: how often it was caught
 * @dies: the process expects to be killed by @signo
 */
struct fg_proc {
	pid_t pid;
	uint64_t made[FG_NR_CLASSES];
	uint64_t window[FG_NR_CLASSES];
	uint64_t life[FG_NR_CLASSES];
	uint64_t before[FG_NR_CLASSES];
	uint64_t now[FG_NR_CLASSES];
	uint64_t waited[FG_NR_CLASSES];
	uint64_t t0_ns;
	uint64_t t1_ns;
	int signo;
	int si_code;
	uint64_t signals;
	bool dies;
};

/**
 * struct fg_setting - a setting of the system that the run changed
 * @path: its file
 * @old: what was there
 */
struct fg_setting {
	char path[FG_TEXT];
	char old[64];
};

#define FG_SETTINGS	4

/**
 * struct fg_report - what workers tell the reporter, in shared memory
 * @max_procs: room in @procs
 * @max_ranges: room behind @procs, see report_ranges()
 * @nprocs: processes in use
 * @nranges: ranges in use
 * @skip: why the case cannot run here, else empty
 * @path: file to remove at the end, else empty
 * @nsettings: settings in use
 * @settings: to be put back at the end
 * @procs: the processes
 */
struct fg_report {
	unsigned int max_procs;
	unsigned int max_ranges;
	unsigned int nprocs;
	unsigned int nranges;
	char skip[FG_TEXT];
	char path[FG_TEXT];
	unsigned int nsettings;
	struct fg_setting settings[FG_SETTINGS];
	struct fg_proc procs[];
};

struct fg;

/**
 * struct fg_case - a kind of fault
 * @name: as typed by the user
 * @help: one line
 * @n: default of N
 * @work: makes the faults, in a worker
 * @before: prepares in the reporter before the worker is forked, or NULL
 * @drive: runs the workers itself, or NULL for one worker (or N with --kill)
 * @arg: the case's own
 * @many: as many processes and ranges as N says
 * @kills: --kill makes sense
 * @huge: wants huge pages
 */
struct fg_case {
	const char *name;
	const char *help;
	unsigned long n;
	void (*work)(struct fg *fg);
	void (*before)(struct fg *fg);
	void (*drive)(struct fg *fg);
	const void *arg;
	bool many;
	bool kills;
	bool huge;
};

/**
 * struct fg - one run
 * @c: the case
 * @n: N
 * @threads: --threads
 * @faults: --faults
 * @dir: directory for files
 * @device: device to map, NULL for the kernel's own mapping
 * @kill: --kill
 * @page: page size
 * @start: memory that fg_case.before made
 * @report: shared memory
 * @report_fd: its descriptor
 * @proc: this process, NULL in the reporter
 */
struct fg {
	const struct fg_case *c;
	unsigned long n;
	unsigned int threads;
	unsigned int faults;
	const char *dir;
	const char *device;
	bool kill;
	unsigned long page;
	unsigned long start;
	struct fg_report *report;
	int report_fd;
	struct fg_proc *proc;
};

/* main.c */
const struct fg_case *case_find(const char *name);

/* area.c */
unsigned long area_map(struct fg *fg, size_t size, unsigned long align,
		       int prot, int flags, int fd);
void area_write(unsigned long start, unsigned long stride, unsigned long n);
void area_read(unsigned long start, unsigned long stride, unsigned long n);
void area_call(unsigned long start, unsigned long stride, unsigned long n);
bool area_owns(unsigned long start, unsigned long end);
bool area_fresh(unsigned long start, unsigned long end);
void area_settle(void);
void area_add(unsigned long start, size_t size, bool fresh);

/* maps.c */
int maps_open(void);
bool maps_next(struct fg_map *map);
void maps_close(void);
bool maps_find(unsigned long address, struct fg_map *map);
unsigned long maps_room(unsigned long from, size_t size, unsigned long align);
void maps_around(unsigned long address, struct fg_range *range);

/* window.c */
void window_warm(struct fg *fg);
void window_prime(struct fg_proc *proc);
void window_begin(struct fg_proc *proc);
void window_end(struct fg_proc *proc);
void window_make(struct fg *fg, const struct fg_range *range);
void window_touch(struct fg *fg, const struct fg_range *range);
void window_touch_probed(struct fg *fg, struct fg_range *range,
			 unsigned long address);
uint64_t window_minor(const struct fg_proc *proc);
uint64_t window_now_ns(void);

/* report.c */
void report_create(struct fg *fg, unsigned int procs, unsigned int ranges);
void report_attach(struct fg *fg, int fd);
struct fg_range *report_ranges(struct fg_report *report);
struct fg_range *report_range(struct fg *fg, unsigned long start,
			      unsigned long stride, unsigned long count,
			      char access, enum fg_class class,
			      const char *cause);
void report_level(struct fg_range *range, const char *level, const char *first);
void report_also(struct fg_range *range, const char *cause, const char *why);
void report_made(struct fg *fg, enum fg_class class, unsigned long count);
void report_print(const struct fg *fg);
void report_print_step(const struct fg *fg, unsigned long step);
void report_skip(const struct fg *fg) __attribute__((noreturn));
int report_check(const struct fg *fg);
void report_tidy(void);
int report_memfd(const char *name);
void fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));
void skip(struct fg *fg, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* worker.c */
void worker_settle(bool huge);
pid_t worker_fork(struct fg *fg, void (*work)(struct fg *fg));
pid_t worker_fork_as(struct fg *fg, void (*work)(struct fg *fg), pid_t pid);
void worker_wait(struct fg *fg, pid_t pid);
void worker_drive(struct fg *fg);
pthread_t worker_thread(struct fg *fg, void *(*main)(void *), void *arg);

/* anon.c */
void anon_work(struct fg *fg);
void anon_heap_work(struct fg *fg);
void anon_read_work(struct fg *fg);
void anon_cow_before(struct fg *fg);
void anon_cow_work(struct fg *fg);
void anon_shmem_work(struct fg *fg);
void anon_mlock_work(struct fg *fg);
void anon_memfd_work(struct fg *fg);
void anon_stack_work(struct fg *fg);

/* swap.c */
void swap_work(struct fg *fg);

/* huge.c */
unsigned long huge_size(struct fg *fg);
void huge_thp_work(struct fg *fg);
void huge_small_before(struct fg *fg);
void huge_small_work(struct fg *fg);
void huge_tlb_before(struct fg *fg);
void huge_tlb_work(struct fg *fg);

/* uffd.c */
void uffd_missing_work(struct fg *fg);
void uffd_wp_work(struct fg *fg);

/* race.c */
void race_first_work(struct fg *fg);
void race_spurious_work(struct fg *fg);
void race_migrate_work(struct fg *fg);
void race_numa_before(struct fg *fg);
void race_numa_work(struct fg *fg);

/* level.c */
void level_work(struct fg *fg);

/* device.c */
void device_work(struct fg *fg);

/* setting.c */
int setting_change(struct fg *fg, const char *path, const char *value);
void setting_restore(struct fg_report *report);

/* file.c */
void file_warm_work(struct fg *fg);
void file_cold_work(struct fg *fg);
void file_cow_work(struct fg *fg);
void file_shared_work(struct fg *fg);
void file_mkwrite_work(struct fg *fg);
void file_exec_work(struct fg *fg);
unsigned long file_map_short(struct fg *fg, size_t size);

/* refused.c */
struct refused;
extern const struct refused refused_null, refused_wild, refused_text,
	refused_exec, refused_prot_none, refused_past_eof, refused_efault,
	refused_stack, refused_pkey, refused_guard;
void refused_work(struct fg *fg);

/* process.c */
void process_threads_work(struct fg *fg);
void process_forks_drive(struct fg *fg);
void process_reuse_drive(struct fg *fg);
void process_gup_work(struct fg *fg);

/* exec.c */
void exec_work(struct fg *fg);
void exec_thread_work(struct fg *fg);
int exec_resume(int argc, char **argv);

/* hold.c */
void hold_drive(struct fg *fg);

#endif /* FAULTGEN_H */
