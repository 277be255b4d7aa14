/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every atomic access of user space to a mapped ring. The writer is the module
 * on another CPU; uapi/pftrace.h says how a position is read.
 */
#ifndef PFT_BARRIER_H
#define PFT_BARRIER_H

#include <stddef.h>
#include <linux/types.h>

/* A word of a record, whatever fields it holds. */
typedef __u64 __attribute__((may_alias)) barrier_word;

/* Pairs with the release of head, ring.publish in module/ring.h. */
static inline __u64 barrier_load_acquire(const __u64 *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline __u64 barrier_load(const __u64 *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

/*
 * Keeps the copy of a slot before the load that judges it. Pairs with the write
 * barrier behind the reservation, ring.reserve in module/ring.h.
 */
static inline void barrier_read(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/*
 * Copies a slot that may be written meanwhile. Whole words, so that a race is a
 * torn record and never undefined behaviour. @bytes is a multiple of 8.
 */
static inline void barrier_copy(void *to, const void *from, size_t bytes)
{
	const barrier_word *src = from;
	barrier_word *dst = to;
	size_t i;

	for (i = 0; i < bytes / sizeof(*src); i++)
		dst[i] = __atomic_load_n(&src[i], __ATOMIC_RELAXED);
}

#endif /* PFT_BARRIER_H */
