// SPDX-License-Identifier: GPL-2.0
/* Why a fault was refused, as a sentence: what is at its address or around. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <seccomp.h>
#include <unistd.h>

#include "explain.h"
#include "units.h"

/* Farther from any mapping an address is not near it by accident. */
#define FAR	(1ULL << 30)

#define UNIT	32

/*
 * What to call a mapping in a sentence: the last part of its path. A file may
 * be called "[heap]": then the whole path tells it from the heap.
 */
static const char *short_name(const char *name)
{
	const char *last;

	if (!name || !*name || !strcmp(name, "-"))
		return "an unknown mapping";
	last = name[0] == '/' ? strrchr(name, '/') + 1 : name;
	return *last && (last == name || *last != '[') ? last : name;
}

static void perms_text(char *to, unsigned int perms)
{
	to[0] = perms & PFT_PERM_READ ? 'r' : '-';
	to[1] = perms & PFT_PERM_WRITE ? 'w' : '-';
	to[2] = perms & PFT_PERM_EXEC ? 'x' : '-';
	to[3] = '\0';
}

/* What the access was, to be followed by where. */
static const char *verb(const struct pft_record *record)
{
	switch (record->access) {
	case PFT_WRITE:
		return "write to";
	case PFT_EXEC:
		return "jump into";
	default:
		return "read of";
	}
}

/* An address below 64 KiB, as it comes from a NULL with an offset. */
static void null_text(char *to, size_t size, const struct pft_record *record)
{
	const char *jump = record->access == PFT_EXEC ? "jump to " : "";

	if (record->address)
		(void)snprintf(to, size, "%sNULL + 0x%" PRIx64, jump, (uint64_t)record->address);
	else
		(void)snprintf(to, size, "%sNULL", jump);
}

static void stack_text(char *to, size_t size, const struct pft_record *record, uint64_t distance,
		       const char *name)
{
	char bytes[UNIT], limit[UNIT];

	(void)units_bytes(bytes, sizeof(bytes), distance);
	if (record->stack_limit == UINT64_MAX)
		(void)snprintf(limit, sizeof(limit), "none");
	else
		(void)units_bytes(limit, sizeof(limit), record->stack_limit);
	(void)snprintf(to, size, "%s below %s, rlimit %s", bytes, name, limit);
}

/* There is no VMA at the address: how far are the next ones? */
static void hole_text(char *to, size_t size, const struct pft_record *record,
		      const struct explain_names *names)
{
	bool has_below = record->below_perms & PFT_PERM_VMA && record->address >= record->vma_start;
	bool has_above = record->above_perms & PFT_PERM_VMA && record->address < record->vma_end;
	uint64_t past = record->address - record->vma_start;
	uint64_t before = record->vma_end - record->address;
	char bytes[UNIT];

	if (record->cause == PFT_CAUSE_STACK && has_above) {
		stack_text(to, size, record, before, short_name(names->above));
		return;
	}
	if (!has_below && !has_above) {
		(void)snprintf(to, size, "nothing is mapped anywhere near");
		return;
	}
	if (has_below && (!has_above || past <= before)) {
		(void)units_bytes(bytes, sizeof(bytes), past);
		if (!past)
			(void)snprintf(to, size, "right behind the end of %s",
				       short_name(names->below));
		else if (past < FAR)
			(void)snprintf(to, size, "%s past the end of %s", bytes,
				       short_name(names->below));
		else
			(void)snprintf(to, size, "far from any mapping: %s past %s", bytes,
				       short_name(names->below));
		return;
	}
	/* A stray pointer, perhaps; but the stack may have ended above it. */
	if (record->above_area == PFT_AREA_STACK && before < FAR) {
		stack_text(to, size, record, before, short_name(names->above));
		return;
	}
	(void)units_bytes(bytes, sizeof(bytes), before);
	(void)snprintf(to, size, "%s%s below %s", before < FAR ? "" : "far from any mapping: ",
		       bytes, short_name(names->above));
}

/* Where an address is, whatever was wrong with it. */
static void place_text(char *to, size_t size, const struct pft_record *record,
		       const struct explain_names *names)
{
	char perms[4];

	if (record->perms & PFT_PERM_VMA) {
		perms_text(perms, record->perms);
		(void)snprintf(to, size, "%s %s of %s", verb(record), perms,
			       short_name(names->own));
	} else if (record->address < 65536) {
		null_text(to, size, record);
	} else if (record->perms & PFT_PERM_HOLE) {
		hole_text(to, size, record, names);
	} else {
		(void)snprintf(to, size, "%s an address with unknown neighbours", verb(record));
	}
}

/* The guard that a thread library puts below a thread's stack. */
static void guard_text(char *to, size_t size, const struct pft_record *record)
{
	char bytes[UNIT], whole[UNIT];

	(void)units_bytes(bytes, sizeof(bytes), record->vma_end - record->address);
	(void)units_bytes(whole, sizeof(whole), record->vma_end - record->vma_start);
	(void)snprintf(to, size, "%s below the stack of a thread, in its guard of %s", bytes,
		       whole);
}

/* A bad pointer given to a system call, which it answered with EFAULT. */
static void syscall_text(char *to, size_t size, const struct pft_record *record,
			 const struct explain_names *names)
{
	/* It is kept in 16 bits: -1 says that there was none. */
	int number = record->syscall == UINT16_MAX ? -1 : record->syscall;
	char place[EXPLAIN_MAX], *name = NULL;

	place_text(place, sizeof(place), record, names);
	if (number < 0) {
		(void)snprintf(to, size, "bad pointer to the kernel (EFAULT): %s", place);
		return;
	}
	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
	if (name)
		(void)snprintf(to, size, "bad pointer to %s(2) (EFAULT): %s", name, place);
	else
		(void)snprintf(to, size, "bad pointer to system call %d (EFAULT): %s", number,
			       place);
	free(name);
}

static void file_text(char *to, size_t size, const struct pft_record *record,
		      const struct explain_names *names)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), offset;
	const char *name = short_name(names->own);
	char bytes[UNIT];

	offset = (record->vma_pgoff * page + record->address - record->vma_start) / page * page;
	(void)units_bytes(bytes, sizeof(bytes), offset);
	switch (record->cause) {
	case PFT_CAUSE_PAST_EOF:
		(void)snprintf(to, size, "%s has no page at %s: it ends before", name, bytes);
		break;
	case PFT_CAUSE_IO_ERROR:
		(void)snprintf(to, size, "the page of %s at %s could not be read", name, bytes);
		break;
	default:
		(void)snprintf(to, size, "the page of %s has a hardware error", name);
		break;
	}
}

/**
 * explain - say why a fault was refused
 * @to: where to write; empty where there is nothing to say
 * @size: bytes there
 * @record: the fault
 * @names: names of its mappings
 *
 * Return: true for a fault that was refused.
 */
bool explain(char *to, size_t size, const struct pft_record *record,
	     const struct explain_names *names)
{
	*to = '\0';
	if (record->class != PFT_INVALID)
		return false;
	switch (record->cause) {
	case PFT_CAUSE_UACCESS:
		syscall_text(to, size, record, names);
		break;
	case PFT_CAUSE_STACK:
		if (record->perms & PFT_PERM_VMA)
			guard_text(to, size, record);
		else
			place_text(to, size, record, names);
		break;
	case PFT_CAUSE_NULL:
		null_text(to, size, record);
		break;
	case PFT_CAUSE_PKEY:
		place_text(to, size, record, names);
		(void)snprintf(to + strlen(to), size - strlen(to), ", by a protection key");
		break;
	case PFT_CAUSE_KERNEL:
		(void)snprintf(to, size, "%s an address of the kernel", verb(record));
		break;
	case PFT_CAUSE_GUARD:
		(void)snprintf(to, size, "guard page in %s (MADV_GUARD_INSTALL)",
			       short_name(names->own));
		break;
	case PFT_CAUSE_PAST_EOF:
	case PFT_CAUSE_IO_ERROR:
	case PFT_CAUSE_POISON:
		file_text(to, size, record, names);
		break;
	case PFT_CAUSE_OOM:
		(void)snprintf(to, size, "no memory left for a page of %s", short_name(names->own));
		break;
	case PFT_CAUSE_UFFD:
		(void)snprintf(to, size, "refused by userfaultfd, in %s", short_name(names->own));
		break;
	case PFT_CAUSE_DEVICE:
		(void)snprintf(to, size, "refused by the driver of %s", short_name(names->own));
		break;
	case PFT_CAUSE_UNMAPPED:
	case PFT_CAUSE_READ_DENIED:
	case PFT_CAUSE_WRITE_DENIED:
	case PFT_CAUSE_EXEC_DENIED:
		place_text(to, size, record, names);
		break;
	default:
		(void)snprintf(to, size, "refused in %s: %s", short_name(names->own),
			       pft_cause_meaning(record->cause));
		break;
	}
	return true;
}
