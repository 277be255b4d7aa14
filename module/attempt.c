// SPDX-License-Identifier: GPL-2.0
/* What is rare about an attempt: it is one of several, or it fails. */
#include "attempt.h"
#include "reject.h"

/*
 * Is this attempt the next of the fault whose last attempt ended in RETRY?
 * The architecture repeats at once, with FAULT_FLAG_TRIED, or, if the attempt
 * was one under the VMA lock, without that flag (do_user_addr_fault()). If the
 * repetition never came (a fatal signal, the VMA is gone) the next fault of
 * the thread is another one.
 */
static bool is_next_attempt(const struct pft_thread *thread, const struct pft_fault *fault)
{
	if (thread->pending_page != (fault->address & PAGE_MASK))
		return false;
	if (fault->flags & FAULT_FLAG_TRIED)
		return true;
	return (thread->pending_flags & FAULT_FLAG_VMA_LOCK) &&
	       !(fault->flags & FAULT_FLAG_VMA_LOCK);
}

/**
 * pft_attempt_settle - what is left of the thread's last attempt
 * @thread: entry of current
 * @fault: the attempt that begins; it may be the next of the same fault
 *
 * Context: as pft_attempt_begins().
 */
noinline void pft_attempt_settle(struct pft_thread *thread, struct pft_fault *fault)
{
	if (thread->epoch != READ_ONCE(pft_epoch)) {
		pft_thread_renew(thread);
		return;
	}
	if (thread->state == PFT_RETRYING && is_next_attempt(thread, fault)) {
		fault->start = thread->pending_start;
		fault->what |= (u64)thread->pending_retries << PFT_RETRIES_SHIFT;
		/* What the CPU met; meanwhile the page may have come. */
		fault->more = thread->pending_more;
	}
	pft_thread_set_state(thread, PFT_SETTLED);
}

/**
 * pft_attempt_retry - the attempt ended in VM_FAULT_RETRY
 * @fault: the attempt
 *
 * Context: as pft_attempt_begins().
 */
noinline void pft_attempt_retry(const struct pft_fault *fault)
{
	struct pft_thread *thread = fault->thread;
	u64 retries = fault->what >> PFT_RETRIES_SHIFT;

	__this_cpu_inc(pft_cpu.totals.nr[PFT_TOTAL_RETRIES]);
	if (!thread)
		return;
	/* One word: needs no thread->seq to be read whole. */
	WRITE_ONCE(thread->counts.retries, thread->counts.retries + 1);
	thread->pending_page = fault->address & PAGE_MASK;
	thread->pending_start = fault->start;
	thread->pending_more = fault->more;
	thread->pending_flags = fault->flags;
	thread->pending_retries = min_t(u64, retries + 1, U16_MAX);
	pft_thread_set_state(thread, PFT_RETRYING);
}

/**
 * pft_attempt_failed - the attempt ended in VM_FAULT_ERROR
 * @fault: the attempt
 * @result: of handle_mm_fault()
 *
 * Context: as pft_attempt_begins().
 */
noinline void pft_attempt_failed(struct pft_fault *fault, vm_fault_t result)
{
	struct pft_thread *thread = fault->thread;

	pft_cause_failed(fault, result);
	if (thread && pft_reject_follows(pft_fault_origin(fault), result)) {
		thread->pending_page = fault->address & PAGE_MASK;
		pft_thread_set_state(thread, PFT_REFUSING);
	}
}
