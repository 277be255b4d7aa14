// SPDX-License-Identifier: GPL-2.0
/*
 * Workers: the processes that fault, and how the reporter learns from wait4()
 * what each amounted to.
 */
#include <errno.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faultgen.h"

#define STACK_SIZE	(256UL << 10)

/**
 * worker_settle() - switch off what makes faults behind a worker's back
 * @huge: the case wants huge pages
 *
 * Workers inherit all of it from the reporter.
 */
void worker_settle(bool huge)
{
	static const struct rlimit no_core = { 0, 0 };

	/* khugepaged takes pages away for a moment to make them one. */
	if (!huge)
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	/* NUMA balancing makes hinting faults, but not under a policy. */
	syscall(SYS_set_mempolicy, MPOL_LOCAL, NULL, 0);
	setrlimit(RLIMIT_CORE, &no_core);
}

/**
 * worker_fork_as() - start a worker with a given process id
 * @fg: the run; the worker takes the next free place in its report
 * @work: what it does; it ends when this returns
 * @pid: the wanted id, 0 for any
 *
 * Return: its id, or -1 with errno set.
 */
pid_t worker_fork_as(struct fg *fg, void (*work)(struct fg *fg), pid_t pid)
{
	struct fg_report *report = fg->report;
	struct fg_proc *proc = &report->procs[report->nprocs];
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	pid_t child;

	if (report->nprocs >= report->max_procs)
		fail("no room for another process");
	/* Before the child runs: it may fork workers of its own. */
	report->nprocs++;
	/* A raw clone3 knows no fork handlers. The child needs none. */
	if (pid)
		child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	else
		child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fg->proc = proc;
		proc->pid = (pid_t)syscall(SYS_getpid);
		work(fg);
		_exit(0);
	}
	if (child > 0)
		proc->pid = child;
	else
		report->nprocs--;
	return child;
}

/**
 * worker_fork() - start a worker
 * @fg: the run; the worker takes the next free place in its report
 * @work: what it does; it ends when this returns
 *
 * Return: its process id. Does not return where fork fails.
 */
pid_t worker_fork(struct fg *fg, void (*work)(struct fg *fg))
{
	pid_t pid = worker_fork_as(fg, work, 0);

	if (pid < 0)
		fail("cannot fork: %s", strerror(errno));
	return pid;
}

static struct fg_proc *find(struct fg_report *report, pid_t pid)
{
	unsigned int i;

	/* The newest: with pid reuse there are several of one id. */
	for (i = report->nprocs; i-- > 0;)
		if (report->procs[i].pid == pid)
			return &report->procs[i];
	fail("a child that we did not start ended: %d", pid);
}

/*
 * The window of a process that its fault killed is still open. From its
 * beginning on the kernel must have counted nothing: what life has more than
 * there was then, is what the window saw.
 */
static void end_killed(struct fg_proc *proc)
{
	int c;

	for (c = FG_MINOR; c <= FG_MAJOR; c++)
		proc->window[c] = proc->life[c] - proc->before[c];
	proc->t1_ns = window_now_ns();
	proc->signals++;
}

/**
 * worker_wait() - wait for a worker and note what its life amounted to
 * @fg: the run
 * @pid: which one, -1 for any
 *
 * Ends this process where the worker failed or skipped the case.
 */
void worker_wait(struct fg *fg, pid_t pid)
{
	struct fg_proc *proc;
	struct rusage ru;
	int status;

	do {
		pid = wait4(pid, &status, 0, &ru);
	} while (pid < 0 && errno == EINTR);
	if (pid < 0)
		fail("cannot wait for a worker: %s", strerror(errno));
	proc = find(fg->report, pid);
	proc->life[FG_MINOR] = (uint64_t)ru.ru_minflt - proc->waited[FG_MINOR];
	proc->life[FG_MAJOR] = (uint64_t)ru.ru_majflt - proc->waited[FG_MAJOR];
	proc->life[FG_INVALID] = proc->made[FG_INVALID];
	if (fg->proc) {
		fg->proc->waited[FG_MINOR] += (uint64_t)ru.ru_minflt;
		fg->proc->waited[FG_MAJOR] += (uint64_t)ru.ru_majflt;
	}

	if (WIFEXITED(status) && WEXITSTATUS(status) == FG_EXIT_SKIP)
		report_skip(fg);
	if (proc->dies && WIFSIGNALED(status) &&
	    WTERMSIG(status) == proc->signo) {
		end_killed(proc);
		return;
	}
	if (WIFSIGNALED(status))
		fail("%s: worker %d was killed by signal %d", fg->c->name, pid,
		     WTERMSIG(status));
	if (proc->dies)
		fail("%s: worker %d outlived a fault that should kill it",
		     fg->c->name, pid);
	if (WEXITSTATUS(status)) {
		report_tidy();
		_exit(EXIT_FAILURE);
	}
}

/**
 * worker_drive() - the usual way to run a case
 * @fg: the run
 *
 * One worker makes all faults, or with --kill each worker makes one.
 */
void worker_drive(struct fg *fg)
{
	unsigned long n = fg->kill ? fg->n : 1;

	while (n--) {
		worker_wait(fg, worker_fork(fg, fg->c->work));
		report_tidy();
	}
}

/**
 * worker_thread() - start a thread whose stack is faulted in already
 * @fg: the run
 * @main: what it does
 * @arg: its argument
 *
 * Return: the thread. Does not return where there can be none.
 */
pthread_t worker_thread(struct fg *fg, void *(*main)(void *), void *arg)
{
	unsigned long stack = area_map(fg, STACK_SIZE, fg->page,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	area_write(stack, fg->page, STACK_SIZE / fg->page);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, (void *)stack, STACK_SIZE);
	err = pthread_create(&thread, &attr, main, arg);
	if (err)
		fail("cannot start a thread: %s", strerror(err));
	pthread_attr_destroy(&attr);
	return thread;
}
