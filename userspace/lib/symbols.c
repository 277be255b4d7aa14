// SPDX-License-Identifier: GPL-2.0
/*
 * Names for addresses of processes. Files are kept open as long as they are
 * remembered, so that their inode numbers mean nothing else meanwhile.
 */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demangle.h"
#include "mapped.h"
#include "module.h"

#define MODULES_MAX	96
#define BYTES_MAX	((size_t)512 << 20)
/* No vDSO is larger, nor mapped below this where it is one of 64 bits. */
#define VDSO_MAX	(1U << 20)
#define VDSO_64_START	(1ULL << 32)

/**
 * struct entry - a file that is remembered
 * @module: the file, or NULL
 * @used: when it was asked last
 * @st: what the file was then: another one must not get its names
 * @root_dev: the root below which its debug information was looked for
 * @root_ino: the same
 */
struct entry {
	struct module *module;
	uint64_t used;
	struct stat st;
	dev_t root_dev;
	ino_t root_ino;
};

/**
 * struct vdso - an image of the vDSO
 * @bytes: it
 * @size: its bytes, as it is mapped
 * @module: its functions
 */
struct vdso {
	void *bytes;
	size_t size;
	struct module *module;
};

struct pft_symbols {
	uint64_t now;
	struct debug_dirs dirs;
	struct vdso own;
	struct vdso recorded;
	struct entry entry[MODULES_MAX];
	char name[1024];
};

/**
 * pft_vdso_copy - the code that this kernel maps into each process
 * @size: where to put its bytes
 *
 * Return: a copy of it, for free(), or NULL where there is none.
 */
void *pft_vdso_copy(size_t *size)
{
	struct pft_maps maps;
	void *copy = NULL;
	unsigned int i;
	int mem;

	mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	if (mem < 0)
		return NULL;
	if (!pft_maps_read(&maps, (uint32_t)getpid()))
		memset(&maps, 0, sizeof(maps));
	for (i = 0; i < maps.count; i++) {
		if (strcmp(maps.map[i].path, "[vdso]") != 0)
			continue;
		*size = (size_t)(maps.map[i].end - maps.map[i].start);
		copy = malloc(*size);
		if (!copy || pread(mem, copy, *size, (off_t)maps.map[i].start) == (ssize_t)*size)
			break;
		free(copy);
		copy = NULL;
	}
	pft_maps_free(&maps);
	(void)close(mem);
	return copy;
}

/* Takes @bytes. */
static bool vdso_open(struct vdso *vdso, void *bytes, size_t size)
{
	module_close(vdso->module);
	free(vdso->bytes);
	vdso->bytes = bytes;
	vdso->size = size;
	vdso->module = bytes ? module_open_memory(bytes, size) : NULL;
	return vdso->module;
}

/**
 * pft_symbols_open - be ready to find names
 *
 * Debug information is looked for in /usr/lib/debug, beside the files, and
 * nowhere else: no server is asked.
 *
 * Return: to be closed with pft_symbols_close(), or NULL where memory ran out.
 */
struct pft_symbols *pft_symbols_open(void)
{
	struct pft_symbols *symbols = calloc(1, sizeof(*symbols));
	size_t size = 0;
	void *bytes;

	if (!symbols)
		return NULL;
	bytes = pft_vdso_copy(&size);
	if (bytes)
		(void)vdso_open(&symbols->own, bytes, size);
	if (pft_symbols_debug_dir(symbols, "/usr/lib/debug"))
		return symbols;
	pft_symbols_close(symbols);
	return NULL;
}

/**
 * pft_symbols_close - forget all
 * @symbols: from pft_symbols_open(), or NULL
 */
void pft_symbols_close(struct pft_symbols *symbols)
{
	unsigned int i;

	if (!symbols)
		return;
	for (i = 0; i < MODULES_MAX; i++)
		module_close(symbols->entry[i].module);
	for (i = 0; i < symbols->dirs.count; i++)
		free(symbols->dirs.dir[i]);
	(void)vdso_open(&symbols->own, NULL, 0);
	(void)vdso_open(&symbols->recorded, NULL, 0);
	free(symbols);
}

/**
 * pft_symbols_debug_dir - look for debug information in one more directory
 * @symbols: from pft_symbols_open()
 * @dir: its path; what is asked for from now on is looked for there first
 *
 * Return: false where there is no room for it.
 */
bool pft_symbols_debug_dir(struct pft_symbols *symbols, const char *dir)
{
	struct debug_dirs *dirs = &symbols->dirs;
	char *copy;

	if (dirs->count == DEBUG_DIRS_MAX || strlen(dir) >= PATH_MAX / 2)
		return false;
	copy = strdup(dir);
	if (!copy)
		return false;
	memmove(&dirs->dir[1], &dirs->dir[0], dirs->count * sizeof(dirs->dir[0]));
	dirs->dir[0] = copy;
	dirs->count++;
	return true;
}

/**
 * pft_symbols_vdso - use this code for mappings that are not of this system
 * @symbols: from pft_symbols_open()
 * @bytes: as pft_vdso_copy() gave it there
 * @size: bytes of it
 *
 * Return: false where it is too large, or memory ran out.
 */
bool pft_symbols_vdso(struct pft_symbols *symbols, const void *bytes, size_t size)
{
	void *copy = size && size <= VDSO_MAX ? malloc(size) : NULL;

	if (!copy)
		return false;
	memcpy(copy, bytes, size);
	return vdso_open(&symbols->recorded, copy, size);
}

/* A process of 32 bits has another one. */
static struct module *find_vdso(struct pft_symbols *symbols, const struct pft_maps *maps,
				const struct pft_map *map)
{
	struct vdso *vdso = maps->live ? &symbols->own : &symbols->recorded;

	if (!vdso->module || vdso->size != map->end - map->start ||
	    module_is_64(vdso->module) != (map->start >= VDSO_64_START))
		return NULL;
	return vdso->module;
}

static bool entry_is(const struct entry *entry, const struct stat *st, const struct stat *root)
{
	return entry->module && entry->st.st_ino == st->st_ino && entry->st.st_dev == st->st_dev &&
	       entry->root_ino == root->st_ino && entry->root_dev == root->st_dev;
}

/* Was the file written anew in its place? */
static bool entry_is_fresh(const struct entry *entry, const struct stat *st)
{
	return entry->st.st_size == st->st_size &&
	       entry->st.st_mtim.tv_sec == st->st_mtim.tv_sec &&
	       entry->st.st_mtim.tv_nsec == st->st_mtim.tv_nsec;
}

static void forget(struct entry *entry)
{
	module_close(entry->module);
	memset(entry, 0, sizeof(*entry));
}

/* Modules grow when they are first asked, so that room is made before the next one comes. */
static struct entry *make_room(struct pft_symbols *symbols)
{
	struct entry *entry, *oldest, *empty;
	size_t bytes;
	unsigned int i;

	for (;;) {
		oldest = NULL;
		empty = NULL;
		bytes = 0;
		for (i = 0; i < MODULES_MAX; i++) {
			entry = &symbols->entry[i];
			if (!entry->module) {
				empty = entry;
				continue;
			}
			bytes += module_bytes(entry->module);
			if (!oldest || entry->used < oldest->used)
				oldest = entry;
		}
		if (empty && (bytes <= BYTES_MAX || !oldest))
			return empty;
		forget(oldest);
	}
}

static struct module *open_file(struct pft_symbols *symbols, const struct mapped *file,
				const struct stat *root)
{
	struct entry *entry;
	unsigned int i;
	int fd;

	for (i = 0; i < MODULES_MAX; i++) {
		entry = &symbols->entry[i];
		if (!entry_is(entry, &file->st, root))
			continue;
		if (entry_is_fresh(entry, &file->st)) {
			entry->used = ++symbols->now;
			return entry->module;
		}
		forget(entry);
	}
	fd = mapped_reopen(file->fd);
	if (fd < 0)
		return NULL;
	entry = make_room(symbols);
	entry->module = module_open(fd, file->st.st_size);
	entry->used = ++symbols->now;
	entry->st = file->st;
	entry->root_dev = root->st_dev;
	entry->root_ino = root->st_ino;
	return entry->module;
}

static bool fits(const struct module *module, const struct pft_map *map, bool same)
{
	if (map->build_id_size)
		return build_id_equal(module_build_id(module), map->build_id, map->build_id_size);
	return same;
}

static struct module *find_file(struct pft_symbols *symbols, const struct pft_maps *maps,
				const struct pft_map *map)
{
	struct module *module, *found = NULL;
	unsigned int step = 0;
	struct mapped file;
	struct stat root;

	if (!maps->root || stat(maps->root, &root))
		memset(&root, 0, sizeof(root));
	while (!found && mapped_next(maps, map, &step, &file)) {
		if (file.same || map->build_id_size) {
			module = open_file(symbols, &file, &root);
			if (module && fits(module, map, file.same))
				found = module;
		}
		(void)close(file.fd);
	}
	return found;
}

/**
 * pft_symbols_find - what is at an address of a process
 * @symbols: from pft_symbols_open()
 * @maps: mappings of the process, as they were when it was there
 * @ip: the address
 * @symbol: to be filled; its texts are valid until @symbols is used again, or
 *	@maps freed
 *
 * A name is never a guess: the file must be the one that was mapped, the
 * address inside of a function that is in a symbol table. For live mappings
 * that is the file behind them, or the one under their path, if it is the same
 * inode and did not change since; or one with the build id, where that is
 * known. For others only the build id counts.
 *
 * Return: false where nothing is mapped there.
 */
bool pft_symbols_find(struct pft_symbols *symbols, const struct pft_maps *maps, uint64_t ip,
		      struct pft_symbol *symbol)
{
	const struct pft_map *map = pft_maps_find(maps, ip);
	struct module *module = NULL;
	struct module_place place;

	memset(symbol, 0, sizeof(*symbol));
	if (!map)
		return false;
	symbol->file = map->path[0] ? map->path : "[anon]";
	symbol->file_offset = ip - map->start + map->offset;
	symbols->dirs.root = maps->root;
	if (mapped_is_file(map))
		module = find_file(symbols, maps, map);
	else if (!strcmp(map->path, "[vdso]"))
		module = find_vdso(symbols, maps, map);
	if (!module)
		return true;
	module_find(module, symbol->file_offset, map->perms[2] == 'x', &symbols->dirs, map->path,
		    &place);
	symbol->source = place.source;
	symbol->line = place.line;
	if (!place.name)
		return true;
	demangle(symbols->name, sizeof(symbols->name), place.name);
	symbol->name = symbols->name;
	symbol->offset = place.offset;
	return true;
}
