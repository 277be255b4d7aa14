/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the pftrace module and user space share: the fault record and the
 * header of a ring mapping. This is the only definition of either.
 *
 * Versioning: PFT_ABI_MAJOR changes when a reader built for the old layout
 * would misread the new one. PFT_ABI_MINOR changes when reserved room gets a
 * meaning; old readers go on working. A reader must refuse another major.
 */
#ifndef _UAPI_PFTRACE_H
#define _UAPI_PFTRACE_H

#include <linux/types.h>

#define PFT_ABI_MAJOR	1
#define PFT_ABI_MINOR	0

#define PFT_COMM_LEN	16

/**
 * enum pft_class - how a fault ended
 * @PFT_MINOR: served without waiting for I/O; the kernel added it to min_flt
 * @PFT_MAJOR: had to wait for I/O; the kernel added it to maj_flt
 * @PFT_INVALID: refused: it ended in a signal or in EFAULT
 * @PFT_NR_CLASSES: number of classes
 */
enum pft_class {
	PFT_MINOR,
	PFT_MAJOR,
	PFT_INVALID,
	PFT_NR_CLASSES
};

/**
 * enum pft_access - what the faulting access wanted
 * @PFT_READ: data read
 * @PFT_WRITE: data write
 * @PFT_EXEC: instruction fetch
 * @PFT_NR_ACCESSES: number of accesses
 */
enum pft_access {
	PFT_READ,
	PFT_WRITE,
	PFT_EXEC,
	PFT_NR_ACCESSES
};

/**
 * enum pft_origin - who made the access
 * @PFT_USER: an instruction of the process itself
 * @PFT_KERNEL: the kernel, copying from or to the process in a system call
 * @PFT_GUP: the kernel, by get_user_pages() and the like; there is no
 *	instruction, and the memory may be another process's
 * @PFT_NR_ORIGINS: number of origins
 */
enum pft_origin {
	PFT_USER,
	PFT_KERNEL,
	PFT_GUP,
	PFT_NR_ORIGINS
};

/* Bits of pft_record.perms: permissions of the VMA when the fault began. */
#define PFT_PERM_READ	0x01	/* VM_READ */
#define PFT_PERM_WRITE	0x02	/* VM_WRITE */
#define PFT_PERM_EXEC	0x04	/* VM_EXEC */
#define PFT_PERM_SHARED	0x08	/* VM_SHARED, else private */
#define PFT_PERM_VMA	0x80	/* a VMA was seen; else vma_* are 0 */

/**
 * struct pft_record - one completed or refused fault
 * @pos: position in its CPU's ring, from 0, never wraps. A gap between two
 *	records that follow each other is the number of records lost.
 * @time_ns: CLOCK_MONOTONIC when the fault ended, in ns; never decreases
 *	within one CPU's ring
 * @address: faulting address, as exact as the architecture gives it
 * @ip: instruction of the process: the one that faulted; for PFT_KERNEL the
 *	one that entered the kernel, 0 in a kernel thread; 0 for PFT_GUP
 * @vma_start: first address of the VMA
 * @vma_end: first address behind the VMA
 * @vma_pgoff: offset of vma_start in its file, in pages of the kernel
 * @latency_ns: from the fault's first attempt to its end, in ns; 0 for a
 *	fault refused by the architecture, which has no duration
 * @pid: thread id (init namespace) of the task charged with the fault
 * @tgid: process id (init namespace)
 * @fault_flags: FAULT_FLAG_* of the last attempt, as this kernel numbers
 *	them; 0 for a fault refused by the architecture
 * @result: vm_fault_t of the last attempt, as this kernel numbers it; 0 for
 *	a fault refused by the architecture
 * @comm: name of the thread, NUL-terminated; bytes behind the NUL are 0 or
 *	left from an earlier name of the same thread
 * @class: enum pft_class
 * @access: enum pft_access
 * @origin: enum pft_origin
 * @perms: PFT_PERM_*
 * @cpu: CPU on which the fault ended
 * @retries: attempts before the last one (they ended in VM_FAULT_RETRY),
 *	at most 65,535
 * @reserved: zero
 */
struct pft_record {
	__u64 pos;
	__u64 time_ns;
	__u64 address;
	__u64 ip;
	__u64 vma_start;
	__u64 vma_end;
	__u64 vma_pgoff;
	__u64 latency_ns;
	__u32 pid;
	__u32 tgid;
	__u32 fault_flags;
	__u32 result;
	char comm[PFT_COMM_LEN];
	__u8 class;
	__u8 access;
	__u8 origin;
	__u8 perms;
	__u16 cpu;
	__u16 retries;
	__u64 reserved[3];
};

#define PFT_RING_MAGIC	0x676e697274667031ULL	/* "1pftring" in memory */

/**
 * struct pft_ring_header - first page of a mapping of cpu/cpuN.map
 * @magic: PFT_RING_MAGIC
 * @abi_major: PFT_ABI_MAJOR of the module
 * @abi_minor: PFT_ABI_MINOR of the module
 * @record_size: sizeof(struct pft_record)
 * @cpu: whose ring this is
 * @data_offset: from the start of the mapping to slot 0, in bytes
 * @slots: number of slots, a power of two; position p is in slot
 *	p & (slots - 1)
 * @size: bytes of the whole mapping, a multiple of the page size
 * @reserved0: zero
 * @reserve: one more than the newest position whose slot may be being
 *	written. Position p is overwritten once reserve > p + slots.
 * @head: one more than the newest published position
 * @first: no position below this was ever in this mapping
 * @cleared: no position below this is wanted any more ("clear")
 * @reserved1: zero
 *
 * How to read position p: load @head with acquire; p must be below it. Copy
 * the slot. Then, behind a read barrier, load @reserve: if it is greater than
 * p + @slots the copy may be torn and position p is lost.
 */
struct pft_ring_header {
	__u64 magic;
	__u32 abi_major;
	__u32 abi_minor;
	__u32 record_size;
	__u32 cpu;
	__u64 data_offset;
	__u64 slots;
	__u64 size;
	__u64 reserved0[2];
	__u64 reserve;
	__u64 head;
	__u64 first;
	__u64 cleared;
	__u64 reserved1[4];
};

#endif /* _UAPI_PFTRACE_H */
