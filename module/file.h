/* SPDX-License-Identifier: GPL-2.0 */
/* Names of files and of named anonymous memory, kept under ids. */
#ifndef PFT_FILE_H
#define PFT_FILE_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/types.h>

#include "compat/vma_name.h"
#include "uapi/pftrace.h"

/* Longest text that pft_file_text() makes, with its NUL. */
#define PFT_FILE_TEXT	256

/* For pft_escape(): what would end a word, a line or, in `trace`, the name. */
#define PFT_FILE_QUOTED	" \\|"

/**
 * struct pft_file_name - a name that is kept
 * @link: in the list of names, oldest first
 * @nr: how many came before it since the module was loaded, from 1
 * @ino: inode number, as /proc/PID/maps shows it; 0 without file
 * @dev: device, as new_encode_dev() makes it; 0 without file
 * @id: pft_record.file
 * @slot: where it is found by @id
 * @path: as /proc/PID/maps shows it, but nothing in it is escaped
 */
struct pft_file_name {
	struct list_head link;
	u64 nr;
	u64 ino;
	u32 dev;
	u32 id;
	u32 slot;
	char path[];
};

/**
 * struct pft_file_stats - how it goes
 * @names: kept now
 * @forgotten: given up since load or clear, for newer ones or lack of memory
 * @bytes: memory held
 */
struct pft_file_stats {
	u64 names;
	u64 forgotten;
	u64 bytes;
};

u32 pft_file_lookup(const struct vm_area_struct *vma);

int pft_file_init(void);
void pft_file_exit(void);
void pft_file_clear(void);
void pft_file_stats(struct pft_file_stats *stats);

size_t pft_file_text(u32 id, char *to, size_t size);
void pft_file_settle(void);
const struct pft_file_name *pft_file_names_from(u64 nr);
const struct pft_file_name *pft_file_names_next(const struct pft_file_name *name);
void pft_file_names_end(void);

/* Only to be called if there may be a name: see pft_file_id(). */
static __always_inline bool pft_file_named(const struct vm_area_struct *vma, enum pft_area area)
{
	/* A heap or stack with a name is shown as heap or stack all the same. */
	return vma->vm_file || (area == PFT_AREA_ANON && pft_vma_name(vma));
}

/**
 * pft_file_id - under which id the name of a mapping is, or will be, kept
 * @vma: with a reference, or its mm's lock, or its own lock held by the caller
 * @area: pft_cause_area() of it
 *
 * Context: a handler: preemption off, not in an interrupt. Allocates nothing,
 * takes no lock. Writes to shared memory only when it meets a name for the
 * first time.
 * Return: an id, or 0 if there is no name or it cannot be kept.
 */
static __always_inline u32 pft_file_id(const struct vm_area_struct *vma, enum pft_area area)
{
	return unlikely(pft_file_named(vma, area)) ? pft_file_lookup(vma) : 0;
}

#endif /* PFT_FILE_H */
