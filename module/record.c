// SPDX-License-Identifier: GPL-2.0
/* The record as text: a line of `trace`, and its own description, `format`. */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "record.h"

static const char *const class_names[] = {
	[PFT_MINOR] = "minor",
	[PFT_MAJOR] = "major",
	[PFT_INVALID] = "invalid",
};

static_assert(ARRAY_SIZE(class_names) == PFT_NR_CLASSES);

static const char access_names[] = {
	[PFT_READ] = 'r',
	[PFT_WRITE] = 'w',
	[PFT_EXEC] = 'x',
};

static_assert(ARRAY_SIZE(access_names) == PFT_NR_ACCESSES);

static const char *const origin_names[] = {
	[PFT_USER] = "user",
	[PFT_KERNEL] = "kernel",
	[PFT_GUP] = "gup",
};

static_assert(ARRAY_SIZE(origin_names) == PFT_NR_ORIGINS);

/* First line of `trace`. */
const char pft_record_header[] = {
	"#          TIME CPU     PID     TID CLASS   ACC BY     ADDRESS            IP                 VMA PERM PGOFF RETRIES LATENCY_NS COMM\n"
};

/**
 * pft_comm_text - a thread's name, safe to print
 * @to: PFT_COMM_TEXT bytes
 * @comm: PFT_COMM_LEN bytes, of which any may be NUL
 *
 * Control characters and the backslash become \ooo; a newline in a name
 * must not begin a line, nor an escape reach a terminal.
 */
void pft_comm_text(char *to, const char *comm)
{
	size_t i;

	for (i = 0; i < PFT_COMM_LEN && comm[i]; i++) {
		unsigned char c = comm[i];

		if (c < ' ' || c == 0x7f || c == '\\')
			to += sprintf(to, "\\%03o", c);
		else
			*to++ = c;
	}
	*to = '\0';
}

/**
 * pft_record_text - one line
 * @to: where
 * @size: room there, PFT_RECORD_TEXT is enough
 * @rec: the record
 *
 * Return: bytes written without the NUL.
 */
int pft_record_text(char *to, size_t size, const struct pft_record *rec)
{
	char vma[2 * 16 + 2] = "-", perms[5] = "-", pgoff[19] = "-", comm[PFT_COMM_TEXT];
	u32 ns;
	u64 s = div_u64_rem(rec->time_ns, NSEC_PER_SEC, &ns);

	if (rec->perms & PFT_PERM_VMA) {
		snprintf(vma, sizeof(vma), "%llx-%llx", rec->vma_start, rec->vma_end);
		perms[0] = rec->perms & PFT_PERM_READ ? 'r' : '-';
		perms[1] = rec->perms & PFT_PERM_WRITE ? 'w' : '-';
		perms[2] = rec->perms & PFT_PERM_EXEC ? 'x' : '-';
		perms[3] = rec->perms & PFT_PERM_SHARED ? 's' : 'p';
		perms[4] = '\0';
		snprintf(pgoff, sizeof(pgoff), "0x%llx", rec->vma_pgoff);
	}
	pft_comm_text(comm, rec->comm);
	return scnprintf(to, size,
			 "%5llu.%09u %3u %7u %7u %-7s %c   %-6s 0x%016llx 0x%016llx %s %s %s %u %llu %s\n",
			 s, ns, rec->cpu, rec->tgid, rec->pid, class_names[rec->class],
			 access_names[rec->access], origin_names[rec->origin], rec->address,
			 rec->ip, vma, perms, pgoff, rec->retries, rec->latency_ns, comm);
}

#define FIELD(name, type, meaning) \
	{ #name, offsetof(struct pft_record, name), sizeof_field(struct pft_record, name), \
	  type, meaning }

static const struct {
	const char *name;
	size_t offset, size;
	const char *type;
	const char *meaning;
} fields[] = {
	FIELD(pos, "u64", "position in its CPU's ring; a gap is a loss"),
	FIELD(time_ns, "u64", "CLOCK_MONOTONIC at the end of the fault, ns"),
	FIELD(address, "u64", "faulting address"),
	FIELD(ip, "u64", "user instruction; behind the system call if BY is kernel; 0 for gup"),
	FIELD(vma_start, "u64", "first address of the VMA"),
	FIELD(vma_end, "u64", "first address behind the VMA"),
	FIELD(vma_pgoff, "u64", "file offset of vma_start, in pages"),
	FIELD(latency_ns, "u64", "from the first attempt to the end, ns"),
	FIELD(pid, "u32", "thread id"),
	FIELD(tgid, "u32", "process id"),
	FIELD(fault_flags, "u32", "FAULT_FLAG_* of this kernel, last attempt"),
	FIELD(result, "u32", "vm_fault_t of this kernel, last attempt"),
	FIELD(comm, "char", "thread name, NUL-terminated"),
	FIELD(class, "u8", "0 minor, 1 major, 2 invalid"),
	FIELD(access, "u8", "0 r, 1 w, 2 x"),
	FIELD(origin, "u8", "0 user, 1 kernel, 2 gup"),
	FIELD(perms, "u8", "1 r, 2 w, 4 x, 8 shared, 128 a VMA was seen"),
	FIELD(cpu, "u16", "CPU on which the fault ended"),
	FIELD(retries, "u16", "attempts before the last one"),
	FIELD(reserved, "u64", "zero"),
};

/**
 * pft_record_format - describe the record, field by field
 * @m: where to print
 */
void pft_record_format(struct seq_file *m)
{
	size_t i;

	seq_printf(m, "abi         %u.%u\n", PFT_ABI_MAJOR, PFT_ABI_MINOR);
	seq_printf(m, "record_size %zu\n", sizeof(struct pft_record));
	seq_puts(m, "#FIELD      OFFSET SIZE TYPE MEANING\n");
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		seq_printf(m, "%-11s %6zu %4zu %-4s %s\n", fields[i].name, fields[i].offset,
			   fields[i].size, fields[i].type, fields[i].meaning);
}
