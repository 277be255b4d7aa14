// SPDX-License-Identifier: GPL-2.0
/* The record as text: a line of `trace`, and its own description, `format`. */
#include <linux/build_bug.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "record.h"

const char *const pft_class_names[PFT_NR_CLASSES] = {
	[PFT_MINOR] = "minor",
	[PFT_MAJOR] = "major",
	[PFT_INVALID] = "invalid",
};

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

const char *const pft_cause_names[PFT_NR_CAUSES] = {
#define X(id, name, meaning) \
	[id] = name,
	PFT_CAUSES(X)
#undef X
};

static const char *const level_names[] = {
#define X(id, name) \
	[id] = name,
	PFT_LEVELS(X)
#undef X
};

static const char *const area_names[] = {
#define X(id, name) \
	[id] = name,
	PFT_AREAS(X)
#undef X
};

/* First line of `trace`. */
const char pft_record_header[] = {
	"#          TIME CPU     PID     TID CLASS   CAUSE          LEVEL ACC BY     ADDRESS            IP                 VMA PERM PGOFF SIZE RETRIES LATENCY_NS CGROUP DEV:INO FILE COMM\n"
};

/**
 * pft_escape - one character as text
 * @to: where, four bytes; no NUL is written
 * @c: the character, not NUL
 * @also: what has a meaning there, beside control characters
 *
 * Control characters, and those of @also, become \ooo: a newline in a name
 * must not begin a line, nor an escape reach a terminal.
 *
 * Context: any.
 * Return: bytes written.
 */
size_t pft_escape(char *to, unsigned char c, const char *also)
{
	if (c >= ' ' && c != 0x7f && !strchr(also, c)) {
		*to = c;
		return 1;
	}
	to[0] = '\\';
	to[1] = '0' + (c >> 6);
	to[2] = '0' + ((c >> 3) & 7);
	to[3] = '0' + (c & 7);
	return 4;
}

/**
 * pft_comm_text - a thread's name, safe to print
 * @to: PFT_COMM_TEXT bytes
 * @comm: PFT_COMM_LEN bytes, of which any may be NUL
 */
void pft_comm_text(char *to, const char *comm)
{
	size_t i;

	for (i = 0; i < PFT_COMM_LEN && comm[i]; i++)
		to += pft_escape(to, comm[i], "\\");
	*to = '\0';
}

static void perms_text(char *to, u8 perms)
{
	to[0] = '-';
	to[1] = '\0';
	if (!(perms & PFT_PERM_VMA))
		return;
	to[0] = perms & PFT_PERM_READ ? 'r' : '-';
	to[1] = perms & PFT_PERM_WRITE ? 'w' : '-';
	to[2] = perms & PFT_PERM_EXEC ? 'x' : '-';
	to[3] = perms & PFT_PERM_SHARED ? 's' : 'p';
	to[4] = '\0';
}

/* 4K, 64K, 2M, 1G; or "-". */
static void size_text(char *to, size_t room, u8 order)
{
	unsigned int shift = PAGE_SHIFT + order;

	if (order == PFT_ORDER_NONE)
		snprintf(to, room, "-");
	else if (shift < 20)
		snprintf(to, room, "%uK", 1U << (shift - 10));
	else if (shift < 30)
		snprintf(to, room, "%uM", 1U << (shift - 20));
	else
		snprintf(to, room, "%uG", 1U << (shift - 30));
}

/* The name of the file, or what kind of mapping it is. */
static int file_text(char *to, size_t room, u32 file, u8 area)
{
	size_t n = 0;

	if (file)
		n = pft_file_text(file, to, min_t(size_t, room, PFT_FILE_TEXT));
	return n ?: scnprintf(to, room, "%s", area_names[area]);
}

/**
 * pft_record_text - one line
 * @to: where
 * @size: room there, PFT_RECORD_TEXT is enough
 * @rec: the record
 *
 * Context: may sleep.
 * Return: bytes written without the NUL.
 */
int pft_record_text(char *to, size_t size, const struct pft_record *rec)
{
	char vma[2 * 16 + 3] = "-", perms[10] = "-", pgoff[19] = "-", mapped[16];
	bool hole = rec->perms & PFT_PERM_HOLE;
	char comm[PFT_COMM_TEXT], ident[32] = "-", *end;
	u32 ns;
	int n;
	u64 s = div_u64_rem(rec->time_ns, NSEC_PER_SEC, &ns);

	if (rec->perms & PFT_PERM_VMA) {
		snprintf(vma, sizeof(vma), "%llx-%llx", rec->vma_start, rec->vma_end);
		perms_text(perms, rec->perms);
		snprintf(pgoff, sizeof(pgoff), "0x%llx", rec->vma_pgoff);
		if (rec->ino || rec->dev)
			snprintf(ident, sizeof(ident), "%02x:%02x:%llu",
				 MAJOR(new_decode_dev(rec->dev)), MINOR(new_decode_dev(rec->dev)),
				 rec->ino);
	} else if (hole) {
		snprintf(vma, sizeof(vma), "%llx..%llx", rec->vma_start, rec->vma_end);
		perms_text(perms, rec->below_perms);
		end = perms + strlen(perms);
		*end++ = '|';
		perms_text(end, rec->above_perms);
	}
	pft_comm_text(comm, rec->comm);
	size_text(mapped, sizeof(mapped), rec->order);
	n = scnprintf(to, size,
		      "%5llu.%09u %3u %7u %7u %-7s %-14s %-5s %c   %-6s 0x%016llx 0x%016llx %s %s %s %s %u %llu %llu %s ",
		      s, ns, rec->cpu, rec->tgid, rec->pid, pft_class_names[rec->class],
		      pft_cause_names[rec->cause], level_names[rec->level],
		      access_names[rec->access], origin_names[rec->origin], rec->address,
		      rec->ip, vma, perms, pgoff, mapped, rec->retries, rec->latency_ns,
		      rec->cgroup, ident);
	n += file_text(to + n, size - n, rec->file, hole ? rec->below_area : rec->area);
	if (hole) {
		n += scnprintf(to + n, size - n, "|");
		n += file_text(to + n, size - n, rec->above_file, rec->above_area);
	}
	return n + scnprintf(to + n, size - n, " %s\n", comm);
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
	FIELD(above_file, "u32", "in a hole, at vma_pgoff: file of the VMA above"),
	FIELD(below_perms, "u8", "in a hole: perms of the VMA below"),
	FIELD(above_perms, "u8", "in a hole: perms of the VMA above"),
	FIELD(below_area, "u8", "in a hole: area of the VMA below"),
	FIELD(above_area, "u8", "in a hole: area of the VMA above"),
	FIELD(latency_ns, "u64", "from the first attempt to the end, ns"),
	FIELD(pid, "u32", "thread id"),
	FIELD(tgid, "u32", "process id"),
	FIELD(dev, "u32", "device of the file, as makedev(3)"),
	FIELD(fault_flags, "u16", "FAULT_FLAG_* of this kernel, last attempt"),
	FIELD(syscall, "u16", "for cause uaccess: the system call"),
	FIELD(result, "u16", "vm_fault_t of this kernel, last attempt"),
	FIELD(comm, "char", "thread name, NUL-terminated"),
	FIELD(class, "u8", "0 minor, 1 major, 2 invalid"),
	FIELD(access, "u8", "0 r, 1 w, 2 x"),
	FIELD(origin, "u8", "0 user, 1 kernel, 2 gup"),
	FIELD(perms, "u8", "1 r, 2 w, 4 x, 8 shared, 64 no VMA (hole), 128 a VMA was seen"),
	FIELD(cpu, "u16", "CPU on which the fault ended"),
	FIELD(retries, "u16", "attempts before the last one"),
	FIELD(cause, "u8", "why, a CAUSE below"),
	FIELD(level, "u8", "where translation stopped, a LEVEL below"),
	FIELD(order, "u8", "log2 of the pages mapped; 255 not known"),
	FIELD(area, "u8", "kind of mapping, an AREA below"),
	FIELD(file, "u32", "an ID in `files`, 0 for none; in a hole, of the VMA below"),
	FIELD(ino, "u64", "inode number of the file"),
	FIELD(stack_limit, "u64", "in a hole, at ino: RLIMIT_STACK, bytes"),
	FIELD(cgroup, "u64", "id of the cgroup (v2)"),
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
	seq_puts(m, "#CAUSE         VALUE\n");
	for (i = 0; i < ARRAY_SIZE(pft_cause_names); i++)
		seq_printf(m, "%-14s %5zu\n", pft_cause_names[i], i);
	seq_puts(m, "#LEVEL         VALUE\n");
	for (i = 0; i < ARRAY_SIZE(level_names); i++)
		seq_printf(m, "%-14s %5zu\n", level_names[i], i);
	seq_puts(m, "#AREA          VALUE\n");
	for (i = 0; i < ARRAY_SIZE(area_names); i++)
		seq_printf(m, "%-14s %5zu\n", area_names[i], i);
}
