// SPDX-License-Identifier: GPL-2.0
/*
 *	fuzz [-s SEED] [-n OPERATIONS] [-w WORKERS] [-t MILLISECONDS] DIR
 *
 * Random system calls on every file below DIR, which is that of pftrace. Each
 * worker is a process of two threads that share a table of files; each thread has
 * mappings of its own. Now and then a worker is killed where it is, and another
 * one goes on in its place.
 *
 * The operation number I of thread T depends on SEED, T and I alone, so the same
 * SEED makes the same calls again. How the threads interleave is the kernel's.
 * SEED is the time if it is not given, and always printed.
 *
 * A call that blocks is interrupted after MILLISECONDS, 2 if that is not given: on a
 * slow machine so many signals are most of the work.
 *
 * Prints how often each kind of operation was done and how often it succeeded.
 * Fails if a thread crashes where it should not, or if it could write to a
 * mapping.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

char names[NAMES_MAX][NAME_LEN];
unsigned int nr_names;
const char *dir;
__thread struct thread *me;
struct shared *shared;

static uint64_t seed;
static unsigned int tick_ms = 2;
static struct thread threads[THREADS];
static pthread_barrier_t ready;

static const struct {
	const char *name;
	bool (*run)(void);
	unsigned int weight;
} operations[] = {
	{ "open", do_open, 160 },
	{ "close", do_close, 25 },
	{ "read", do_read, 150 },
	{ "pread", do_pread, 50 },
	{ "readv", do_readv, 60 },
	{ "write", do_write, 60 },
	{ "set", do_set, 12 },
	{ "seek", do_seek, 50 },
	{ "mmap", do_mmap, 100 },
	{ "munmap", do_munmap, 15 },
	{ "mprotect", do_mprotect, 40 },
	{ "mremap", do_mremap, 40 },
	{ "madvise", do_madvise, 40 },
	{ "touch", do_touch, 80 },
	{ "remote", do_remote, 40 },
	{ "fork", do_fork, 3 },
	{ "kill", do_kill, 2 },
	{ "poll", do_poll, 20 },
	{ "epoll", do_epoll, 30 },
	{ "splice", do_splice, 30 },
	{ "ioctl", do_ioctl, 30 },
	{ "change", do_change, 30 },
	{ "fcntl", do_fcntl, 30 },
	{ "send", do_send, 10 },
	{ "look", do_look, 20 },
	{ "fault", do_fault, 60 },
};

#define OPERATIONS	(sizeof(operations) / sizeof(*operations))

static void operate(unsigned long number)
{
	unsigned int i, at, sum = 0;

	me->random = mix(seed ^ mix(number ^ (uint64_t)(me->worker * THREADS + me->index) << 48));
	for (i = 0; i < OPERATIONS; i++)
		sum += operations[i].weight;
	at = below(sum);
	for (i = 0; at >= operations[i].weight; i++)
		at -= operations[i].weight;
	__atomic_fetch_add(&shared->made[i], 1, __ATOMIC_RELAXED);
	if (operations[i].run())
		__atomic_fetch_add(&shared->succeeded[i], 1, __ATOMIC_RELAXED);
}

static void on_tick(int sig)
{
	(void)sig;
}

static void *run_thread(void *arg)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };
	struct itimerspec tick = { { 0, tick_ms * 1000000 }, { 0, tick_ms * 1000000 } };
	unsigned long *next;
	timer_t timer;

	me = arg;
	pthread_barrier_wait(&ready);
	next = &shared->thread[me->worker][me->index].next;
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &tick, NULL))
		err(1, "timer");
	while (*next < shared->thread[me->worker][me->index].todo)
		operate((*next)++);
	return NULL;
}

/* A process with its threads, which go on where those before it stopped. */
static void run_worker(unsigned int worker)
{
	struct sigaction tick = { .sa_handler = on_tick };	/* and no SA_RESTART */
	struct sigaction crash = { .sa_sigaction = on_crash, .sa_flags = SA_NODEFER | SA_SIGINFO };
	struct rlimit files = { 128, 128 };
	pthread_t other;
	unsigned int i;

	if (!mallopt(M_ARENA_MAX, 1) || !mallopt(M_MMAP_MAX, 0))
		errx(1, "mallopt");
	for (i = 0; i < FDS; i++)
		fds[i] = -1;
	for (i = 0; i < THREADS; i++) {
		size_t size = (AREAS + 2) * AREA_SIZE;

		threads[i].worker = worker;
		threads[i].index = i;
		threads[i].arena = mmap(NULL, size, PROT_NONE,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (threads[i].arena == MAP_FAILED)
			err(1, "mmap");
	}
	if (setrlimit(RLIMIT_NOFILE, &files) || sigaction(SIGALRM, &tick, NULL) ||
	    sigaction(SIGSEGV, &crash, NULL) || sigaction(SIGBUS, &crash, NULL))
		err(1, "worker");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);
	if (pthread_barrier_init(&ready, NULL, THREADS) ||
	    pthread_create(&other, NULL, run_thread, &threads[1]))
		errx(1, "no thread");
	/*
	 * What is mapped from now on has its address from us: malloc() must not
	 * find room for a heap where calls map and unmap at random. No thread has
	 * begun yet.
	 */
	for (i = 0; i < THREADS; i++)
		munmap(threads[i].arena, (AREAS + 2) * AREA_SIZE);
	run_thread(&threads[0]);
	pthread_join(other, NULL);
	_exit(0);
}

static pid_t start(unsigned int worker)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		run_worker(worker);
	return pid;
}

static void find_names(const char *under)
{
	char path[512];
	struct dirent *entry;
	DIR *list;

	snprintf(path, sizeof(path), "%s/%s", dir, under);
	list = opendir(path);
	if (!list)
		err(1, "%s", path);
	while ((entry = readdir(list))) {
		char name[300];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s%s%s", under, *under ? "/" : "", entry->d_name);
		if (strlen(name) >= NAME_LEN || nr_names == NAMES_MAX)
			errx(1, "too many names");
		strcpy(names[nr_names++], name);
		if (entry->d_type == DT_DIR)
			find_names(name);
	}
	closedir(list);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static unsigned long done(unsigned int workers)
{
	unsigned long sum = 0;
	unsigned int i, j;

	for (i = 0; i < workers; i++)
		for (j = 0; j < THREADS; j++)
			sum += __atomic_load_n(&shared->thread[i][j].next, __ATOMIC_RELAXED);
	return sum;
}

int main(int argc, char **argv)
{
	unsigned int workers = 2, i, j, killed = 0, kills = 12, alive, tenths = 1;
	unsigned long total = 20000;
	struct timespec pause = { 0, 20000000 };
	pid_t pids[WORKERS_MAX] = {};
	int opt, status = 0;
	bool crashed = false;
	pid_t pid;

	seed = (uint64_t)time(NULL) * 1000003 + (uint64_t)getpid();
	while ((opt = getopt(argc, argv, "s:n:w:t:")) != -1) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (opt == 'n')
			total = strtoul(optarg, NULL, 0);
		else if (opt == 'w')
			workers = (unsigned int)strtoul(optarg, NULL, 0);
		else if (opt == 't')
			tick_ms = (unsigned int)strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (optind + 1 != argc || !workers || workers > WORKERS_MAX || !tick_ms || tick_ms > 999)
		errx(2, "usage: fuzz [-s SEED] [-n OPERATIONS] [-w WORKERS] [-t MILLISECONDS] DIR");
	dir = argv[optind];
	find_names("");
	qsort(names, nr_names, NAME_LEN, compare);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	printf("seed %llu: %lu operations, %u workers, %u files\n", (unsigned long long)seed,
	       total, workers, nr_names);
	fflush(stdout);
	for (i = 0; i < workers; i++) {
		for (j = 0; j < THREADS; j++)
			shared->thread[i][j].todo = total / (workers * THREADS);
		pids[i] = start(i);
	}
	for (alive = workers; alive;) {
		pid = waitpid(-1, &status, WNOHANG);
		for (i = 0; pid > 0 && i < workers; i++)
			if (pids[i] == pid) {
				pids[i] = 0;
				alive--;
				if (!WIFEXITED(status) || WEXITSTATUS(status)) {
					printf("worker %u: status 0x%x at operations %lu and %lu\n",
					       i, status, shared->thread[i][0].next,
					       shared->thread[i][1].next);
					crashed = true;
				}
			}
		if (pid > 0)
			continue;
		if (done(workers) > tenths * (total / 10)) {
			printf("%u0 %%\n", tenths++);
			fflush(stdout);
		}
		/* One is killed where it is, and goes on as another process. */
		if (killed < kills && done(workers) > (killed + 1) * (total / (kills + 1))) {
			i = killed % workers;
			if (pids[i] && !kill(pids[i], SIGKILL)) {
				waitpid(pids[i], &status, 0);
				pids[i] = start(i);
			}
			killed++;
		}
		nanosleep(&pause, NULL);
	}
	for (i = 0; i < OPERATIONS; i++)
		printf("%-9s %8lu of %8lu succeeded\n", operations[i].name, shared->succeeded[i],
		       shared->made[i]);
	if (shared->wrote)
		puts("a mapping was written to");
	printf("seed %llu: %lu operations, %u workers killed\n", (unsigned long long)seed,
	       done(workers), killed);
	return crashed || shared->wrote;
}
