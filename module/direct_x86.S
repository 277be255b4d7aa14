/* SPDX-License-Identifier: GPL-2.0 */
/*
 * handle_mm_fault() calls this at its entry, where it would call __fentry__().
 * On the stack are the address behind that call, and below it the address
 * that handle_mm_fault() is to return to. The rest of handle_mm_fault() is
 * called from here, and then its caller is returned to past the first address.
 *
 * Two ordinary frames, one within the other, are what an unwinder sees while
 * handle_mm_fault() runs: it finds handle_mm_fault() twice.
 */
#include <linux/linkage.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

#include "direct.h"

SYM_FUNC_START(pft_direct_call)
	ENDBR
	pushq	%rbp
	movq	%rsp, %rbp
	subq	$PFT_DIRECT_ROOM, %rsp
	movq	%rdi, -8(%rbp)
	movq	%rsi, -16(%rbp)
	movq	%rdx, -24(%rbp)
	movq	%rcx, -32(%rbp)
	movq	%rsp, %r8
	call	pft_direct_begins
	movq	-8(%rbp), %rdi
	movq	-16(%rbp), %rsi
	movq	-24(%rbp), %rdx
	movq	-32(%rbp), %rcx
	call	handle_mm_fault + PFT_FENTRY_END
	movl	%eax, %esi
	movq	%rsp, %rdi
	call	pft_direct_ends
	leave
	addq	$8, %rsp
	/* for objtool: from here it is as if this had been called by the caller */
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(pft_direct_call)
