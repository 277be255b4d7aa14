// SPDX-License-Identifier: GPL-2.0
/*
 * Faults of several threads and processes.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "faultgen.h"

#define RW		(PROT_READ | PROT_WRITE)
#define MAX_THREADS	256

/* Processes that `forks` has alive at once. */
#define AT_ONCE		16

static struct thread {
	unsigned long start;
	unsigned long count;
	unsigned long page;
	pid_t tid;
	pthread_t thread;
	struct rusage before, after;
} threads[MAX_THREADS];

static pthread_barrier_t ready, go, done;

static void *thread_main(void *arg)
{
	struct thread *t = arg;

	t->tid = (pid_t)syscall(SYS_gettid);
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&go);
	getrusage(RUSAGE_THREAD, &t->before);
	area_write(t->start, t->page, t->count);
	getrusage(RUSAGE_THREAD, &t->after);
	pthread_barrier_wait(&done);
	return NULL;
}

static void thread_check(const struct fg *fg, const struct thread *t)
{
	unsigned long minor = (unsigned long)(t->after.ru_minflt -
					      t->before.ru_minflt);

	if (minor != t->count || t->after.ru_majflt != t->before.ru_majflt)
		fail("%s: thread %d made %lu minor faults, but the kernel counted %lu and %ld major",
		     fg->c->name, t->tid, t->count, minor,
		     t->after.ru_majflt - t->before.ru_majflt);
}

/**
 * process_threads_work() - threads that fault at once, N faults together
 * @fg: the run
 */
void process_threads_work(struct fg *fg)
{
	unsigned int n = fg->threads;
	unsigned int i;

	pthread_barrier_init(&ready, NULL, n + 1);
	pthread_barrier_init(&go, NULL, n + 1);
	pthread_barrier_init(&done, NULL, n + 1);
	for (i = 0; i < n; i++) {
		struct thread *t = &threads[i];

		t->count = fg->n / n + (i < fg->n % n);
		t->page = fg->page;
		t->start = area_map(fg, t->count * fg->page, fg->page, RW,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1);
		t->thread = worker_thread(fg, thread_main, t);
	}
	pthread_barrier_wait(&ready);
	for (i = 0; i < n; i++)
		report_range(fg, threads[i].start, fg->page, threads[i].count,
			     'w', FG_MINOR, "zero")->tid = threads[i].tid;
	window_warm(fg);
	window_begin(fg->proc);
	pthread_barrier_wait(&go);
	pthread_barrier_wait(&done);
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);
	for (i = 0; i < n; i++) {
		pthread_join(threads[i].thread, NULL);
		thread_check(fg, &threads[i]);
	}
}

/* How many pages the next short-lived process touches. */
static unsigned int few;

/* Lean on purpose: this process is to have few faults in all. */
static void few_work(struct fg *fg)
{
	window_prime(fg->proc);
	window_begin(fg->proc);
	area_write(fg->start, fg->page, few);
	window_end(fg->proc);
	report_made(fg, FG_MINOR, few);
}

static struct fg_range *few_range(struct fg *fg)
{
	return report_range(fg, fg->start, fg->page, few, 'w', FG_MINOR,
			    "zero");
}

static void few_started(struct fg_range *range, pid_t pid)
{
	range->pid = pid;
	range->tid = pid;
	range->mm_pid = pid;
}

/**
 * process_forks_drive() - N short-lived processes, each with a few faults
 * @fg: the run
 */
void process_forks_drive(struct fg *fg)
{
	unsigned long i;

	few = fg->faults;
	fg->start = area_map(fg, few * fg->page, fg->page, RW,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1);
	for (i = 0; i < fg->n; i++) {
		struct fg_range *range = few_range(fg);

		if (i >= AT_ONCE)
			worker_wait(fg, -1);
		few_started(range, worker_fork(fg, few_work));
	}
	for (i = 0; i < fg->n && i < AT_ONCE; i++)
		worker_wait(fg, -1);
}

static pid_t fork_again(struct fg *fg, pid_t wanted)
{
	const struct timespec pause = { 0, 1000000 };
	unsigned int tries;
	pid_t pid = -1;

	/* Somebody else may have got the id: wait for its end, for a while. */
	for (tries = 0; pid < 0 && tries < 5000; tries++) {
		pid = worker_fork_as(fg, few_work, wanted);
		if (pid > 0)
			break;
		if (errno != EEXIST)
			skip(fg, "a process id cannot be chosen: clone3: %s",
			     strerror(errno));
		nanosleep(&pause, NULL);
	}
	if (pid < 0)
		skip(fg, "process id %d is taken by another process", wanted);
	return pid;
}

/**
 * process_reuse_drive() - N processes, one after another, of the same id
 * @fg: the run
 *
 * Each makes one fault more than the one before it, to tell them apart.
 * clone3() gives the id: writing to ns_last_pid would leave a gap in which
 * another process can take it.
 */
void process_reuse_drive(struct fg *fg)
{
	struct fg_range *range;
	unsigned long i;
	pid_t pid;

	few = fg->faults;
	fg->start = area_map(fg, (fg->faults + fg->n) * fg->page, fg->page, RW,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1);
	range = few_range(fg);
	pid = worker_fork(fg, few_work);
	few_started(range, pid);
	worker_wait(fg, pid);
	for (i = 1; i < fg->n; i++) {
		few++;
		range = few_range(fg);
		few_started(range, fork_again(fg, pid));
		worker_wait(fg, pid);
	}
}

static int gate[2];

/* The process whose memory is read: it only lives until the gate closes. */
static void gup_child(struct fg *fg)
{
	char c;

	(void)fg;
	close(gate[1]);
	while (read(gate[0], &c, 1) < 0 && errno == EINTR)
		;
}

/**
 * process_gup_work() - read untouched memory of a child: we are charged
 * @fg: the run
 */
void process_gup_work(struct fg *fg)
{
	unsigned long start = area_map(fg, fg->n * fg->page, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct fg_range *range = report_range(fg, start, fg->page, fg->n, 'r',
					      FG_MINOR, "zero-read");
	unsigned long i;
	pid_t child;

	if (pipe(gate))
		fail("pipe: %s", strerror(errno));
	child = worker_fork(fg, gup_child);
	range->mm_pid = child;
	strcpy(range->by, "gup");
	/* After the fork: what it made read-only must be copied by now. */
	window_warm(fg);
	window_begin(fg->proc);
	for (i = 0; i < fg->n; i++) {
		char c;
		struct iovec to = { &c, 1 };
		struct iovec from = { (void *)(start + i * fg->page), 1 };

		if (process_vm_readv(child, &to, 1, &from, 1, 0) != 1)
			skip(fg, "process_vm_readv: %s", strerror(errno));
	}
	window_end(fg->proc);
	report_made(fg, FG_MINOR, fg->n);
	close(gate[1]);
	worker_wait(fg, child);
}
