// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that the kernel refuses: they end in a signal, or in EFAULT.
 *
 * None of them is in ru_minflt or ru_majflt. That each access made exactly
 * one is known from the signal it sent, which is caught, or which kills.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faultgen.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

#define RW		(PROT_READ | PROT_WRITE)

/* Bytes that stack-overflow lets the stack have beyond what it has. */
#define STACK_ROOM	(128UL << 10)

/**
 * struct refused - a kind of refused fault
 * @signo: signal it sends, 0 for EFAULT
 * @si_code: its code
 * @access: 'r', 'w' or 'x'
 * @cause: why it is refused
 * @level: where translation stops, or empty if prepare() says
 * @stride: bytes from one fault to the next: 0, or 1 for a page
 * @prepare: make what is needed for so many; returns the first address
 * @poke: make one fault; returns only where it was refused with EFAULT
 */
struct refused {
	int signo;
	int si_code;
	char access;
	const char *cause;
	const char *level;
	unsigned int stride;
	unsigned long (*prepare)(struct fg *fg, unsigned long count);
	void (*poke)(unsigned long address);
};

static char signal_stack[64 << 10] __attribute__((aligned(16)));
static sigjmp_buf back;
static siginfo_t caught;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	caught = *info;
	siglongjmp(back, 1);
}

static void catch(int signo)
{
	const stack_t stack = {
		.ss_sp = signal_stack,
		.ss_size = sizeof(signal_stack),
	};
	/* siglongjmp() does not restore the mask: do not set one. */
	struct sigaction action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	if (sigaltstack(&stack, NULL) || sigaction(signo, &action, NULL))
		fail("cannot catch signal %d: %s", signo, strerror(errno));
}

static void poke_read(unsigned long address)
{
	(void)*(volatile char *)address;
}

static void poke_write(unsigned long address)
{
	*(volatile char *)address = 1;
}

static void poke_call(unsigned long address)
{
	((void (*)(void))address)();
}

/*
 * getcpu() does a single put_user(), so it makes one refused fault and gives
 * up. write(2) and its like first try to fault in the buffer, then copy up to
 * the bad byte, and may try again: several faults for one EFAULT.
 */
static void poke_getcpu(unsigned long address)
{
	if (syscall(SYS_getcpu, address, NULL, NULL) != -1 || errno != EFAULT)
		fail("getcpu(0x%lx) was not refused", address);
}

/* Half a page per call: none of the pages on the way down is left out. */
static __attribute__((noinline)) int recurse(int depth)
{
	volatile char frame[2048];

	frame[0] = (char)depth;
	if (depth < 0)
		return 0;
	return recurse(depth + 1) + frame[0];
}

static void poke_recurse(unsigned long address)
{
	(void)address;
	recurse(0);
}

/* Of the one page that a case goes to, where it is found out by prepare(). */
static const char *level = "";

static unsigned long prepare_null(struct fg *fg, unsigned long count)
{
	struct fg_map map;

	(void)count;
	if (maps_find(8, &map))
		skip(fg, "there is memory mapped at address 0");
	/* Without anything in the lowest 512 GiB there is no table for them. */
	if (maps_room(8, FG_PUD_TABLE - 8, 1) == 8)
		level = "p4d";
	return 8;
}

/* A hole that stays one: the pages on both its sides are taken. */
static unsigned long prepare_hole(struct fg *fg, unsigned long count)
{
	unsigned long start = area_map(fg, count * fg->page, fg->page,
				       PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
				       -1);
	struct fg_map map;

	if (munmap((void *)start, count * fg->page) || maps_find(start, &map))
		fail("cannot make a hole at 0x%lx", start);
	return start;
}

static unsigned long prepare_text(struct fg *fg, unsigned long count)
{
	(void)fg;
	(void)count;
	return (unsigned long)poke_write;
}

static unsigned long prepare_heap(struct fg *fg, unsigned long count)
{
	unsigned long start = area_map(fg, fg->page, fg->page,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);

	(void)count;
	/* Only a page that is there is refused at the first try: x86 takes
	 * the fetch from an absent page for a read and brings the page.
	 */
	area_write(start, 0, 1);
	return start;
}

static unsigned long prepare_prot_none(struct fg *fg, unsigned long count)
{
	return area_map(fg, count * fg->page, fg->page, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static unsigned long prepare_past_eof(struct fg *fg, unsigned long count)
{
	return file_map_short(fg, count * fg->page);
}

/*
 * The stack is grown to its limit here, so that in the window the recursion
 * meets only pages that are there, and then the end.
 */
static unsigned long prepare_stack(struct fg *fg, unsigned long count)
{
	struct rlimit limit;
	struct fg_map map;
	unsigned long size, a;

	(void)count;
	if (!maps_find((unsigned long)&limit, &map) ||
	    getrlimit(RLIMIT_STACK, &limit))
		fail("cannot find the stack");
	size = map.end - map.start + STACK_ROOM;
	if (limit.rlim_cur != RLIM_INFINITY && size > limit.rlim_cur)
		size = limit.rlim_cur & ~(fg->page - 1);
	limit.rlim_cur = size;
	if (setrlimit(RLIMIT_STACK, &limit))
		fail("cannot limit the stack to %lu bytes: %s", size,
		     strerror(errno));
	for (a = map.start; a > map.end - size; a -= fg->page)
		area_write(a - fg->page, 0, 1);
	/* The lowest page of the stack has been touched just now. */
	if ((map.end - size) & (FG_PTE_TABLE - 1))
		level = "pte";
	/* One fault in the page below; where exactly, the signal tells. */
	return map.end - size - fg->page;
}

/* Memory with a page at each place, and a protection key that forbids all. */
static unsigned long prepare_pkey(struct fg *fg, unsigned long count)
{
	size_t size = count * fg->page;
	unsigned long start = area_map(fg, size, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);

	if (key < 0)
		skip(fg, "there are no protection keys: pkey_alloc: %s",
		     strerror(errno));
	area_write(start, fg->page, count);
	if (pkey_mprotect((void *)start, size, RW, key))
		skip(fg, "pkey_mprotect: %s", strerror(errno));
	return start;
}

static unsigned long prepare_guard(struct fg *fg, unsigned long count)
{
	size_t size = count * fg->page;
	unsigned long start = area_map(fg, size, fg->page, RW,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (madvise((void *)start, size, MADV_GUARD_INSTALL))
		skip(fg, "madvise(MADV_GUARD_INSTALL): %s (since 6.13)",
		     strerror(errno));
	return start;
}

/* No page table is made for a fault that is refused: each of them finds none. */
const struct refused refused_null = {
	.signo = SIGSEGV, .si_code = SEGV_MAPERR,
	.access = 'w', .cause = "null", .level = "",
	.prepare = prepare_null, .poke = poke_write
};

const struct refused refused_wild = {
	.signo = SIGSEGV, .si_code = SEGV_MAPERR, .stride = 1,
	.access = 'w', .cause = "unmapped", .level = "pmd",
	.prepare = prepare_hole, .poke = poke_write
};

const struct refused refused_text = {
	.signo = SIGSEGV, .si_code = SEGV_ACCERR,
	.access = 'w', .cause = "write-denied", .level = "prot",
	.prepare = prepare_text, .poke = poke_write
};

const struct refused refused_exec = {
	.signo = SIGSEGV, .si_code = SEGV_ACCERR,
	.access = 'x', .cause = "exec-denied", .level = "prot",
	.prepare = prepare_heap, .poke = poke_call
};

const struct refused refused_prot_none = {
	.signo = SIGSEGV, .si_code = SEGV_ACCERR, .stride = 1,
	.access = 'r', .cause = "read-denied", .level = "pmd",
	.prepare = prepare_prot_none, .poke = poke_read
};

const struct refused refused_past_eof = {
	.signo = SIGBUS, .si_code = BUS_ADRERR, .stride = 1,
	.access = 'r', .cause = "past-eof", .level = "pmd",
	.prepare = prepare_past_eof, .poke = poke_read
};

const struct refused refused_efault = {
	.stride = 1,
	.access = 'w', .cause = "uaccess", .level = "pmd",
	.prepare = prepare_hole, .poke = poke_getcpu
};

const struct refused refused_stack = {
	.signo = SIGSEGV, .si_code = SEGV_MAPERR,
	.access = 'w', .cause = "stack-overflow", .level = "",
	.prepare = prepare_stack, .poke = poke_recurse
};

const struct refused refused_pkey = {
	.signo = SIGSEGV, .si_code = SEGV_PKUERR, .stride = 1,
	.access = 'w', .cause = "pkey", .level = "prot",
	.prepare = prepare_pkey, .poke = poke_write
};

const struct refused refused_guard = {
	.signo = SIGSEGV, .si_code = SEGV_MAPERR, .stride = 1,
	.access = 'w', .cause = "guard", .level = "pte",
	.prepare = prepare_guard, .poke = poke_write
};

static void check_signal(struct fg *fg, const struct refused *r,
			 struct fg_range *range, unsigned long address)
{
	unsigned long at = (unsigned long)caught.si_addr;

	if (r == &refused_stack && !fg->proc->signals &&
	    (at & ~(fg->page - 1)) == address)
		range->start = at;
	if (r == &refused_stack)
		address = range->start;
	if (caught.si_signo != r->signo || caught.si_code != r->si_code ||
	    at != address)
		fail("%s: expected signal %d, code %d at 0x%lx, but got %d, %d at 0x%lx",
		     fg->c->name, r->signo, r->si_code, address,
		     caught.si_signo, caught.si_code, at);
	fg->proc->signals++;
}

static void refuse(struct fg *fg, const struct refused *r,
		   struct fg_range *range, unsigned long address)
{
	if (!sigsetjmp(back, 0)) {
		r->poke(address);
		if (r->signo)
			fail("%s: access to 0x%lx was not refused",
			     fg->c->name, address);
	} else {
		check_signal(fg, r, range, address);
	}
	report_made(fg, FG_INVALID, 1);
}

/**
 * refused_work() - make refused faults; which, the case's arg says
 * @fg: the run
 *
 * With --kill one fault, which is not caught.
 */
void refused_work(struct fg *fg)
{
	const struct refused *r = fg->c->arg;
	unsigned long count = fg->kill ? 1 : fg->n;
	unsigned long start = r->prepare(fg, count);
	unsigned long stride = r->stride * fg->page;
	struct fg_range *range = report_range(fg, start, stride, count,
					      r->access, FG_INVALID, r->cause);
	unsigned long i;

	report_level(range, *r->level ? r->level : level,
		     *r->level ? r->level : level);

	if (!r->signo)
		strcpy(range->by, "kernel");
	fg->proc->signo = r->signo;
	fg->proc->si_code = r->si_code;
	if (!fg->kill && r->signo)
		catch(r->signo);
	window_warm(fg);
	if (fg->kill) {
		/* A core dump would read, and so fault in, more memory. */
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
		fg->proc->dies = true;
		report_made(fg, FG_INVALID, 1);
		window_begin(fg->proc);
		r->poke(start);
		return;
	}
	window_begin(fg->proc);
	for (i = 0; i < count; i++)
		refuse(fg, r, range, start + i * stride);
	window_end(fg->proc);
}
