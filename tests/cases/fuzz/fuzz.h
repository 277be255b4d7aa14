/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_H
#define FUZZ_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#define PAGE		4096UL
#define NAMES_MAX	256
#define NAME_LEN	64
#define FDS		24
#define THREADS		2	/* of a worker */
#define WORKERS_MAX	8
#define AREAS		6	/* mappings of a thread */
#define AREA_SIZE	(8UL << 20)
#define BUFFER		(128UL << 10)

/* The files below dir. */
extern char names[NAMES_MAX][NAME_LEN];
extern unsigned int nr_names;
extern const char *dir;

/* Of one thread; statically there, so that no call here maps memory. */
struct thread {
	unsigned int worker, index;
	uint64_t random;
	char *arena;
	char buffer[BUFFER];
	sigjmp_buf back;
	volatile bool may_crash;
};

extern __thread struct thread *me;

/* Shared with the parent. */
struct shared {
	struct {
		unsigned long todo, next;
	} thread[WORKERS_MAX][THREADS];
	unsigned long made[64], succeeded[64];
	bool wrote;
};

extern struct shared *shared;

/* Numbers of this thread's, and places in its buffer. */
uint64_t mix(uint64_t x);
uint64_t random64(void);
unsigned int below(unsigned int n);
bool one_in(unsigned int n);
int64_t odd_number(void);
size_t odd_size(void);
void *somewhere(size_t size);

/* The table of files, which the threads of a worker share; -1: none. */
extern int fds[FDS];
int some_fd(void);
bool keep(int fd);

char *some_area(void);
size_t some_length(void);
void on_crash(int sig, siginfo_t *info, void *context);

/* One call each. Return whether it succeeded. */
bool do_open(void);
bool do_close(void);
bool do_read(void);
bool do_pread(void);
bool do_readv(void);
bool do_write(void);
bool do_set(void);
bool do_seek(void);
bool do_poll(void);
bool do_epoll(void);
bool do_splice(void);
bool do_ioctl(void);
bool do_change(void);
bool do_fcntl(void);
bool do_send(void);
bool do_look(void);

bool do_mmap(void);
bool do_munmap(void);
bool do_mprotect(void);
bool do_mremap(void);
bool do_madvise(void);
bool do_touch(void);
bool do_remote(void);
bool do_fault(void);

bool do_fork(void);
bool do_kill(void);

#endif /* FUZZ_H */
