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

#define PFT_ABI_MAJOR	2
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

/*
 * Why it faulted: enumerator, name in all text, meaning. The first group is
 * for faults that were served; a fault of the second group was refused, and
 * its class is invalid. A fault that userfaultfd or a device refused keeps its
 * cause of the first group.
 */
#define PFT_CAUSES(X) \
	X(PFT_CAUSE_OTHER,	"other",	"not known") \
	X(PFT_CAUSE_ZERO,	"zero", \
	  "first touch of anonymous memory: a new page of zeroes") \
	X(PFT_CAUSE_ZERO_READ,	"zero-read", \
	  "read of untouched anonymous memory: the shared page of zeroes") \
	X(PFT_CAUSE_COW,	"cow", \
	  "write to a present page of a private mapping: copied or taken over") \
	X(PFT_CAUSE_FILE,	"file",		"page of a mapped file") \
	X(PFT_CAUSE_FILE_COW,	"file-cow", \
	  "write to a missing page of a private mapping of a file") \
	X(PFT_CAUSE_MKWRITE,	"mkwrite", \
	  "first write to a clean page of a shared mapping of a file") \
	X(PFT_CAUSE_SHMEM,	"shmem",	"page of tmpfs, memfd or shared anonymous memory") \
	X(PFT_CAUSE_SWAP,	"swap",		"page came back from swap") \
	X(PFT_CAUSE_MIGRATE,	"migrate",	"waited for a migration of the page") \
	X(PFT_CAUSE_NUMA,	"numa",		"hint for NUMA balancing") \
	X(PFT_CAUSE_UFFD,	"uffd",		"handed to userfaultfd") \
	X(PFT_CAUSE_HUGETLB,	"hugetlb",	"page of a hugetlbfs mapping") \
	X(PFT_CAUSE_DEVICE,	"device", \
	  "mapping whose pages a driver or the kernel supplies") \
	X(PFT_CAUSE_SPURIOUS,	"spurious",	"the translation was good already") \
	X(PFT_CAUSE_NULL,	"null",		"no VMA, address below 64 KiB") \
	X(PFT_CAUSE_UNMAPPED,	"unmapped",	"no VMA") \
	X(PFT_CAUSE_STACK,	"stack-overflow", "below a stack that may not grow") \
	X(PFT_CAUSE_READ_DENIED, "read-denied",	"read of a VMA that forbids it") \
	X(PFT_CAUSE_WRITE_DENIED, "write-denied", "write to a VMA that forbids it") \
	X(PFT_CAUSE_EXEC_DENIED, "exec-denied",	"jump into a VMA that forbids it") \
	X(PFT_CAUSE_PKEY,	"pkey",		"forbidden by a protection key") \
	X(PFT_CAUSE_KERNEL,	"kernel-address", \
	  "access of user code to an address of the kernel") \
	X(PFT_CAUSE_GUARD,	"guard",	"guard page (MADV_GUARD_INSTALL)") \
	X(PFT_CAUSE_PAST_EOF,	"past-eof",	"page beyond the end of the mapped file") \
	X(PFT_CAUSE_IO_ERROR,	"io-error",	"the page could not be read") \
	X(PFT_CAUSE_POISON,	"poison",	"the page has a hardware error") \
	X(PFT_CAUSE_OOM,	"oom",		"out of memory") \
	X(PFT_CAUSE_UACCESS,	"uaccess",	"bad pointer given to a system call (EFAULT)")

/** enum pft_cause - why it faulted, see PFT_CAUSES */
enum pft_cause {
#define X(id, name, meaning) id,
	PFT_CAUSES(X)
#undef X
	PFT_NR_CAUSES
};

/*
 * Where translation stopped when the fault began: enumerator and name. With
 * four levels of page tables the top one is called p4d, as in the kernel.
 */
#define PFT_LEVELS(X) \
	X(PFT_LEVEL_NONE,	"-")	/* not known */ \
	X(PFT_LEVEL_PGD,	"pgd")	/* the entry there was missing */ \
	X(PFT_LEVEL_P4D,	"p4d") \
	X(PFT_LEVEL_PUD,	"pud") \
	X(PFT_LEVEL_PMD,	"pmd") \
	X(PFT_LEVEL_PTE,	"pte") \
	X(PFT_LEVEL_PROT,	"prot")	/* all were there; the last forbade it */

/** enum pft_level - where translation stopped, see PFT_LEVELS */
enum pft_level {
#define X(id, name) id,
	PFT_LEVELS(X)
#undef X
	PFT_NR_LEVELS
};

/*
 * What kind of mapping: enumerator, and its name in text where it has none of
 * its own (pft_record.file).
 */
#define PFT_AREAS(X) \
	X(PFT_AREA_NONE,	"-")	/* no VMA, or not known */ \
	X(PFT_AREA_ANON,	"[anon]") \
	X(PFT_AREA_HEAP,	"[heap]")	/* brk */ \
	X(PFT_AREA_STACK,	"[stack]")	/* of the main thread */ \
	X(PFT_AREA_FILE,	"[file]")	/* of a file system on a device */ \
	X(PFT_AREA_SHMEM,	"[shmem]")	/* tmpfs, memfd, shared anonymous */ \
	X(PFT_AREA_HUGETLB,	"[hugetlb]") \
	X(PFT_AREA_DEVICE,	"[device]") \
	X(PFT_AREA_VDSO,	"[vdso]") \
	X(PFT_AREA_SPECIAL,	"[special]")	/* [vvar] and others of the kernel */

/** enum pft_area - kind of mapping, see PFT_AREAS */
enum pft_area {
#define X(id, name) id,
	PFT_AREAS(X)
#undef X
	PFT_NR_AREAS
};

/* pft_record.order when it is not known what got mapped. */
#define PFT_ORDER_NONE	0xff

/* Bits of pft_record.perms: permissions of the VMA when the fault began. */
#define PFT_PERM_READ	0x01	/* VM_READ */
#define PFT_PERM_WRITE	0x02	/* VM_WRITE */
#define PFT_PERM_EXEC	0x04	/* VM_EXEC */
#define PFT_PERM_SHARED	0x08	/* shared, as /proc/PID/maps says; else private */
#define PFT_PERM_HOLE	0x40	/* no VMA; pft_record tells of the neighbours */
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
 * @vma_start: first address of the VMA; for PFT_PERM_HOLE the end of the
 *	nearest VMA below, 0 if there is none
 * @vma_end: first address behind the VMA; for PFT_PERM_HOLE the start of the
 *	nearest VMA above, 0 if there is none
 * @vma_pgoff: offset of vma_start in its file, in pages of the kernel
 * @above_file: only for PFT_PERM_HOLE, of the nearest VMA above: as @file
 * @below_perms: only for PFT_PERM_HOLE, of the nearest VMA below: as @perms
 * @above_perms: the same, of the nearest VMA above
 * @below_area: as @area
 * @above_area: as @area
 * @latency_ns: from the fault's first attempt to its end, in ns; 0 for a
 *	fault refused by the architecture, which has no duration
 * @pid: thread id (init namespace) of the task charged with the fault
 * @tgid: process id (init namespace)
 * @dev: device of the VMA's file, as makedev(3) makes it; 0 without a file
 * @fault_flags: FAULT_FLAG_* of the last attempt, as this kernel numbers
 *	them, the low 16 bits
 * @syscall: for PFT_CAUSE_UACCESS instead: number of the system call
 * @result: vm_fault_t of the last attempt, as this kernel numbers it, the
 *	low 16 bits; 0 for a fault refused by the architecture
 * @comm: name of the thread, NUL-terminated; bytes behind the NUL are 0 or
 *	left from an earlier name of the same thread
 * @class: enum pft_class
 * @access: enum pft_access
 * @origin: enum pft_origin
 * @perms: PFT_PERM_*
 * @cpu: CPU on which the fault ended
 * @retries: attempts before the last one (they ended in VM_FAULT_RETRY),
 *	at most 65,535
 * @cause: enum pft_cause
 * @level: enum pft_level
 * @order: log2 of the number of pages in what got mapped, or PFT_ORDER_NONE
 * @area: enum pft_area of the VMA
 * @file: which name of a file, or of named anonymous memory: an ID in
 *	`files`; 0 if there is none, or if it could not be kept. For
 *	PFT_PERM_HOLE, of the nearest VMA below.
 * @ino: inode number of the VMA's file, as /proc/PID/maps shows it
 * @stack_limit: for PFT_PERM_HOLE instead: RLIMIT_STACK in bytes
 * @cgroup: id of the thread's cgroup (v2)
 */
struct pft_record {
	__u64 pos;
	__u64 time_ns;
	__u64 address;
	__u64 ip;
	__u64 vma_start;
	__u64 vma_end;
	union {
		__u64 vma_pgoff;
		struct {
			__u32 above_file;
			__u8 below_perms;
			__u8 above_perms;
			__u8 below_area;
			__u8 above_area;
		};
	};
	__u64 latency_ns;
	__u32 pid;
	__u32 tgid;
	__u32 dev;
	union {
		__u16 fault_flags;
		__u16 syscall;
	};
	__u16 result;
	char comm[PFT_COMM_LEN];
	__u8 class;
	__u8 access;
	__u8 origin;
	__u8 perms;
	__u16 cpu;
	__u16 retries;
	__u8 cause;
	__u8 level;
	__u8 order;
	__u8 area;
	__u32 file;
	union {
		__u64 ino;
		__u64 stack_limit;
	};
	__u64 cgroup;
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
