// SPDX-License-Identifier: GPL-2.0
/* Names of code: the one place where views ask for them. */

#include <stdlib.h>
#include <string.h>

#include "codename.h"
#include "proc.h"
#include "profile.h"

/* So long the mappings of a process are taken for what they were. */
#define AGAIN_NS	1000000000ULL

/**
 * codenames_init - nothing known yet
 * @names: to be filled
 * @live: process ids are those of this machine
 */
void codenames_init(struct codenames *names, bool live)
{
	memset(names, 0, sizeof(*names));
	names->live = live;
}

/**
 * codenames_fini - give its memory back
 * @names: from codenames_init()
 */
void codenames_fini(struct codenames *names)
{
	pft_symbols_close(names->symbols);
	pft_maps_free(&names->maps);
	memset(names, 0, sizeof(*names));
}

/**
 * codenames_recorded - look at a recording
 * @names: from codenames_init()
 * @root: the recording; must stay open
 */
void codenames_recorded(struct codenames *names, const struct pft_root *root)
{
	size_t size;
	void *vdso;

	names->live = false;
	names->root = root;
	names->symbols = pft_symbols_open();
	vdso = pft_vdso_recorded(root, &size);
	if (vdso && names->symbols)
		(void)pft_symbols_vdso(names->symbols, vdso, size);
	free(vdso);
}

/* Those of the process that was asked for last are kept for a while. */
static const struct pft_maps *last_maps(struct codenames *names, uint32_t pid)
{
	uint64_t now = names->root ? pft_root_now_ns(names->root) : pft_now_ns();

	/* All of a recording is looked at at UINT64_MAX: never again. */
	if (pid != names->maps.pid || (now >= names->again_ns && now != UINT64_MAX)) {
		pft_maps_free(&names->maps);
		names->known = names->root ? pft_maps_recorded(&names->maps, names->root, pid) :
					     pft_maps_read(&names->maps, pid);
		names->maps.pid = pid;
		names->born_ns = names->live ? proc_born_ns(pid) : 0;
		names->again_ns = now + AGAIN_NS;
	}
	return names->known ? &names->maps : NULL;
}

static const struct pft_maps *maps_of(struct codenames *names, uint32_t pid)
{
	if (names->get_maps)
		return names->get_maps(names->arg, pid);
	return names->live || names->root ? last_maps(names, pid) : NULL;
}

/**
 * codename_at - what a record tells of its instruction
 * @record: the record
 *
 * Return: that.
 */
struct codename_at codename_at(const struct pft_record *record)
{
	return (struct codename_at){
		.pid = record->tgid, .ip = record->ip, .time_ns = record->time_ns,
		.has_map = record->perms & PFT_PERM_VMA, .address = record->address,
		.dev = record->dev, .ino = record->ino,
	};
}

static bool same_file(const struct pft_map *map, uint32_t dev, uint64_t ino)
{
	return (uint32_t)map->dev == dev && map->ino == ino;
}

/* Another program was there, then or since. @map is what is there now. */
static bool other_code(const struct profile *profile, const struct codename_at *at,
		       const struct pft_map *map)
{
	const struct profile_vma *vma;
	unsigned int i;

	for (i = 0; profile && i < profile->vmas.count; i++) {
		vma = hashtab_row(&profile->vmas, i);
		if (vma->key.pid == at->pid && at->ip >= vma->start && at->ip < vma->end &&
		    !same_file(map, vma->key.dev, vma->key.ino))
			return true;
	}
	return false;
}

/*
 * Mappings are those of now, the address is of then. In between, the process may
 * have begun another program, or its number may be that of another process.
 */
static bool is_other(const struct codenames *names, const struct codename_at *at,
		     const struct pft_maps *maps)
{
	const struct pft_map *map;

	if (at->time_ns && names->born_ns > at->time_ns)
		return true;
	map = pft_maps_find(maps, at->ip);
	if (map && other_code(names->profile, at, map))
		return true;
	if (!at->has_map)
		return false;
	map = pft_maps_find(maps, at->address);
	/* Memory without a file comes and goes; a file in its place is none of it. */
	if (!map)
		return at->dev || at->ino;
	return !same_file(map, at->dev, at->ino);
}

/**
 * codename_find - what is at this address?
 * @names: from codenames_init()
 * @at: the address
 * @name: where to put it; what it points to is valid until the next call
 *
 * Return: false where nothing is known, or what is there now is not what was
 * there then; then @name is all zero.
 */
bool codename_find(struct codenames *names, const struct codename_at *at, struct codename *name)
{
	const struct pft_maps *maps = maps_of(names, at->pid);
	struct pft_symbol symbol;

	memset(name, 0, sizeof(*name));
	if (!maps || is_other(names, at, maps))
		return false;
	if (!names->symbols)
		names->symbols = pft_symbols_open();
	if (!names->symbols || !pft_symbols_find(names->symbols, maps, at->ip, &symbol))
		return false;
	*name = (struct codename){
		.symbol = symbol.name, .offset = symbol.offset,
		.source = symbol.source, .line = symbol.line,
		.file = symbol.file, .file_offset = symbol.file_offset,
	};
	return true;
}
