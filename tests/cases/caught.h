/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a process knows itself of a fault that was refused: by the signal, or by the
 * place of the system call. For one source file of a program.
 */
#ifndef PFT_TEST_CAUGHT_H
#define PFT_TEST_CAUGHT_H

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <ucontext.h>

static struct {
	volatile int signo, code;
	volatile unsigned long address, ip;
} seen;

/* Where it goes on behind a signal. */
static sigjmp_buf back;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *uc = context;

	seen.signo = sig;
	seen.code = info->si_code;
	seen.address = (unsigned long)info->si_addr;
#ifdef __x86_64__
	seen.ip = uc->uc_mcontext.gregs[REG_RIP];
#else
	seen.ip = uc->uc_mcontext.pc;
#endif
	siglongjmp(back, 1);
}

/* On a stack of its own, for the other one may be what faults. 0, or -1 and errno. */
static int catch_signals(void)
{
	static char room[65536];
	stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	struct sigaction action = {
		.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	return sigaltstack(&stack, NULL) || sigaction(SIGSEGV, &action, NULL) ||
	       sigaction(SIGBUS, &action, NULL) ? -1 : 0;
}

/* A system call whose place is known: @ip is the address behind the instruction. */
static __attribute__((noinline)) long call(long nr, long a, long b, long c, long d,
					   unsigned long *ip)
{
#ifdef __x86_64__
	register long r10 asm("r10") = d;
	long result;

	asm volatile("syscall\n1:\tlea 1b(%%rip), %%rcx"
		     : "=a" (result), "=&c" (*ip)
		     : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10) : "r11", "memory");
	return result;
#else
	register long x8 asm("x8") = nr;
	register long x0 asm("x0") = a;
	register long x1 asm("x1") = b;
	register long x2 asm("x2") = c;
	register long x3 asm("x3") = d;
	unsigned long at;

	asm volatile("svc #0\n1:\tadr %1, 1b" : "+r" (x0), "=&r" (at)
		     : "r" (x8), "r" (x1), "r" (x2), "r" (x3) : "memory");
	*ip = at;
	return x0;
#endif
}

#endif /* PFT_TEST_CAUGHT_H */
