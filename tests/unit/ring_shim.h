/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ring.c, table.c and hist.c use of the kernel, for user space. Shared words are
 * C11 atomics, so that ThreadSanitizer checks that nothing else is shared;
 * the order between them is the kernel's, barrier for barrier. With WEAK_MEMORY
 * defined they go through the weakly ordered memory of weak.h instead.
 */
#ifndef RING_SHIM_H
#define RING_SHIM_H

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <linux/types.h>

typedef __u64 u64;
typedef __u32 u32;

#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define max(a, b)	((a) > (b) ? (a) : (b))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#ifdef WEAK_MEMORY
#include "weak.h"
#define READ_ONCE(x)		((__typeof__((x) + 0))weak_load(&(x), sizeof(x), false))
#define WRITE_ONCE(x, v)	weak_store(&(x), sizeof(x), (u64)(uintptr_t)(v), false)
#define barrier()		__asm__ __volatile__("" ::: "memory")
#define smp_load_acquire(p)	weak_load((p), sizeof(*(p)), true)
#define smp_store_release(p, v)	weak_store((p), sizeof(*(p)), (v), true)
#define smp_wmb()		weak_write_barrier()
#define smp_rmb()		weak_read_barrier()
#else
#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define data_race(expr)		(expr)
#define barrier()		__asm__ __volatile__("" ::: "memory")
#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#if defined(__x86_64__)
#define smp_wmb()		barrier()
#define smp_rmb()		barrier()
#elif defined(__aarch64__)
#define smp_wmb()		__asm__ __volatile__("dmb ishst" ::: "memory")
#define smp_rmb()		__asm__ __volatile__("dmb ishld" ::: "memory")
#else
#error "no barriers for this architecture"
#endif
#endif /* WEAK_MEMORY */

#define PAGE_SIZE	4096UL
#define PAGE_ALIGN(x)	(((x) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))

#define GFP_KERNEL	0
#define kzalloc(size, flags)	calloc(1, (size))
#define kfree(p)		free(p)
#define vzalloc(size)		calloc(1, (size))
#define vmalloc_user(size)	calloc(1, (size))
#define vfree(p)		free(p)

struct kref {
	int n;
};

static inline void kref_init(struct kref *ref)
{
	ref->n = 1;
}

static inline void kref_get(struct kref *ref)
{
	__atomic_add_fetch(&ref->n, 1, __ATOMIC_RELAXED);
}

static inline void kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	if (!__atomic_sub_fetch(&ref->n, 1, __ATOMIC_ACQ_REL))
		release(ref);
}

static inline unsigned int ilog2(u64 n)
{
	return 63 - __builtin_clzll(n);
}

static inline unsigned long __fls(unsigned long word)
{
	return 63 - (unsigned long)__builtin_clzl(word);
}

static inline u64 roundup_pow_of_two(u64 n)
{
	return n <= 1 ? 1 : 1ULL << (ilog2(n - 1) + 1);
}

/* include/linux/hash.h, hash_64() */
static inline u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return (uintptr_t)ptr * 0x61C8864680B583EBULL >> (64 - bits);
}

#endif /* RING_SHIM_H */
