// SPDX-License-Identifier: GPL-2.0
/*
 * What the records of one process, or of all, add up to: by VMA, instruction and
 * page, by time and address; and the newest refused ones as they are. One pass,
 * bounded memory. What has no room is counted.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profile.h"

#define VMAS		4096
#define CODE		16384
#define PAGES		32768
#define CELLS		32768
#define REFUSED		1000

_Static_assert(sizeof(struct profile_vma_key) == 32, "no padding in a key");
_Static_assert(sizeof(struct profile_place_key) == 16, "no padding in a key");

static unsigned int or_usual(unsigned int value, unsigned int usual)
{
	return value ? value : usual;
}

/**
 * profile_init - no records yet
 * @profile: to be filled
 * @options: what to add up; it is copied
 *
 * Return: false where memory ran out.
 */
bool profile_init(struct profile *profile, const struct profile_options *options)
{
	memset(profile, 0, sizeof(*profile));
	profile->options = *options;
	profile->options.refused = or_usual(options->refused, REFUSED);
	profile->page_mask = ~((uint64_t)sysconf(_SC_PAGESIZE) - 1);
	hashtab_init(&profile->vmas, sizeof(struct profile_vma), sizeof(struct profile_vma_key),
		     or_usual(options->vmas, VMAS));
	hashtab_init(&profile->code, sizeof(struct profile_code),
		     sizeof(struct profile_place_key), or_usual(options->code, CODE));
	hashtab_init(&profile->pages, sizeof(struct profile_page),
		     sizeof(struct profile_place_key), or_usual(options->pages, PAGES));
	heat_init(&profile->heat, or_usual(options->cells, CELLS));
	profile->refused = malloc(profile->options.refused * sizeof(*profile->refused));
	return profile->refused;
}

/**
 * profile_fini - give its memory back
 * @profile: from profile_init(), also where that failed
 */
void profile_fini(struct profile *profile)
{
	hashtab_fini(&profile->vmas);
	hashtab_fini(&profile->code);
	hashtab_fini(&profile->pages);
	heat_fini(&profile->heat);
	free(profile->refused);
	memset(profile, 0, sizeof(*profile));
}

static void add_vma(struct profile *profile, const struct pft_record *record)
{
	struct profile_vma_key key = { .pid = record->tgid };
	bool has_vma = record->perms & PFT_PERM_VMA;
	struct profile_vma *vma;

	/* In a hole, what is in the record is of the neighbours. */
	if (has_vma) {
		key.area = record->area;
		key.dev = record->dev;
		key.ino = record->ino;
		key.anchor = record->area == PFT_AREA_STACK ? record->vma_end : record->vma_start;
	}
	vma = hashtab_get(&profile->vmas, &key);
	if (!vma) {
		profile->dropped_vmas++;
		return;
	}
	if (has_vma) {
		if (!vma->end || record->vma_start < vma->start)
			vma->start = record->vma_start;
		if (record->vma_end > vma->end)
			vma->end = record->vma_end;
		/* A name comes late, or not at all; it does not go. */
		vma->file = record->file ? record->file : vma->file;
		vma->perms = record->perms;
	}
	vma->count[record->class]++;
	vma->ns += record->latency_ns;
	vma->cause[record->cause]++;
	/* What the architecture refused has no duration. */
	if (record->latency_ns)
		spread_add(&vma->spread, record->latency_ns);
}

/* How much the mapping of a fault says of the program: its code, a file, little. */
static unsigned int proof(const struct pft_record *record)
{
	if (!(record->perms & PFT_PERM_VMA))
		return 0;
	if (record->ip >= record->vma_start && record->ip < record->vma_end)
		return 3;
	return record->dev || record->ino ? 2 : 1;
}

static void add_code(struct profile *profile, const struct pft_record *record)
{
	const struct profile_place_key key = { record->ip, record->tgid };
	struct profile_code *code = hashtab_get(&profile->code, &key);

	if (!code) {
		profile->dropped_code++;
		return;
	}
	memcpy(code->comm, record->comm, sizeof(code->comm));
	code->comm[sizeof(code->comm) - 1] = '\0';
	if (proof(record) >= code->proof) {
		code->proof = proof(record);
		code->at = codename_at(record);
	}
	code->at.time_ns = record->time_ns;
	code->count[record->class]++;
	code->ns += record->latency_ns;
	code->cause[record->cause]++;
}

static void add_page(struct profile *profile, const struct pft_record *record)
{
	const struct profile_place_key key = { record->address & profile->page_mask,
					       record->tgid };
	struct profile_page *page = hashtab_get(&profile->pages, &key);

	if (!page) {
		profile->dropped_pages++;
		return;
	}
	page->count[record->class]++;
	page->ns += record->latency_ns;
	page->cause = record->cause;
	if (record->perms & PFT_PERM_VMA) {
		page->area = record->area;
		page->file = record->file ? record->file : page->file;
	}
}

static void add_refused(struct profile *profile, const struct pft_record *record)
{
	unsigned int room = profile->options.refused;

	profile->refused[profile->next_refused] = *record;
	profile->next_refused = (profile->next_refused + 1) % room;
	if (profile->nr_refused < room)
		profile->nr_refused++;
	else
		profile->dropped_refused++;
}

/**
 * profile_add - one more record
 * @profile: from profile_init()
 * @record: the record; of another process it is left out
 */
void profile_add(struct profile *profile, const struct pft_record *record)
{
	if (profile->options.pid && record->tgid != profile->options.pid)
		return;
	if (record->class >= PFT_NR_CLASSES || record->cause >= PFT_NR_CAUSES) {
		profile->dropped_unknown++;
		return;
	}
	if (!profile->records || record->time_ns < profile->first_ns)
		profile->first_ns = record->time_ns;
	if (record->time_ns > profile->last_ns)
		profile->last_ns = record->time_ns;
	profile->records++;
	profile->count[record->class]++;
	profile->ns += record->latency_ns;
	if (record->class == PFT_INVALID)
		add_refused(profile, record);
	if (profile->options.only_refused)
		return;
	add_vma(profile, record);
	add_code(profile, record);
	add_page(profile, record);
	heat_add(&profile->heat, record);
}

/**
 * profile_refused - a refused fault, whole
 * @profile: from profile_init()
 * @index: below its nr_refused; 0 is the newest
 *
 * Return: the record.
 */
const struct pft_record *profile_refused(const struct profile *profile, unsigned int index)
{
	unsigned int room = profile->options.refused;

	return &profile->refused[(profile->next_refused + room - 1 - index) % room];
}
