// SPDX-License-Identifier: GPL-2.0
/* Build ids of mapped files, remembered per file. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <elfutils/libdwelf.h>

#include "build_id.h"
#include "mapped.h"

#define SLOTS		4096
/* Files opened by one call. */
#define OPENS_MAX	4096

/**
 * struct slot - the build id of one file
 * @dev: its device
 * @ino: its inode; 0: nothing is here
 * @size: its size when it was read
 * @changed: its time of change then: an inode number is used again
 * @id: its build id
 */
struct slot {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
	struct build_id id;
};

struct pft_build_ids {
	unsigned int opens;
	struct slot slot[SLOTS];
};

/**
 * build_id_read - the build id of an ELF file
 * @id: to be filled
 * @elf: the file
 */
void build_id_read(struct build_id *id, Elf *elf)
{
	const void *bytes;
	ssize_t size;

	id->size = 0;
	size = dwelf_elf_gnu_build_id(elf, &bytes);
	if (size <= 0 || size > PFT_BUILD_ID_MAX)
		return;
	id->size = (unsigned int)size;
	memcpy(id->byte, bytes, id->size);
}

/**
 * build_id_equal - is this the build id?
 * @id: a build id
 * @bytes: another one
 * @size: bytes of it
 *
 * Return: false also where there is none.
 */
bool build_id_equal(const struct build_id *id, const void *bytes, size_t size)
{
	return size && id->size == size && !memcmp(id->byte, bytes, size);
}

/**
 * pft_build_ids_open - remember build ids
 *
 * Return: an empty memory of them, to be closed with pft_build_ids_close(), or
 * NULL where there is no room.
 */
struct pft_build_ids *pft_build_ids_open(void)
{
	(void)elf_version(EV_CURRENT);
	return calloc(1, sizeof(struct pft_build_ids));
}

/**
 * pft_build_ids_close - forget build ids
 * @ids: from pft_build_ids_open(), or NULL
 */
void pft_build_ids_close(struct pft_build_ids *ids)
{
	free(ids);
}

static bool slot_is(const struct slot *slot, const struct stat *st)
{
	return slot->ino == st->st_ino && slot->dev == st->st_dev && slot->size == st->st_size &&
	       slot->changed.tv_sec == st->st_ctim.tv_sec &&
	       slot->changed.tv_nsec == st->st_ctim.tv_nsec;
}

static void read_file(struct build_id *id, const struct mapped *file)
{
	Elf *elf;
	int fd;

	id->size = 0;
	if (file->st.st_size > ELF_FILE_MAX)
		return;
	fd = mapped_reopen(file->fd);
	if (fd < 0)
		return;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf) {
		build_id_read(id, elf);
		(void)elf_end(elf);
	}
	(void)close(fd);
}

static const struct build_id *find(struct pft_build_ids *ids, const struct mapped *file)
{
	uint64_t hash = (file->st.st_ino ^ (file->st.st_dev << 20)) * 0x9e3779b97f4a7c15ULL;
	struct slot *slot = &ids->slot[(hash >> 32) % SLOTS];

	if (slot_is(slot, &file->st))
		return &slot->id;
	if (!ids->opens)
		return NULL;
	ids->opens--;
	slot->dev = file->st.st_dev;
	slot->ino = file->st.st_ino;
	slot->size = file->st.st_size;
	slot->changed = file->st.st_ctim;
	read_file(&slot->id, file);
	return &slot->id;
}

static void fill(struct pft_map *map, const struct pft_maps *maps, struct pft_build_ids *ids)
{
	const struct build_id *id;
	unsigned int step = 0;
	struct mapped file;
	bool done = false;

	while (!done && mapped_next(maps, map, &step, &file)) {
		if (file.same) {
			done = true;
			id = find(ids, &file);
			if (id) {
				map->build_id_size = id->size;
				memcpy(map->build_id, id->byte, id->size);
			}
		}
		(void)close(file.fd);
	}
}

/**
 * pft_maps_build_ids - find the build ids of the code that is mapped
 * @maps: from pft_maps_read(), a moment ago: the process should still be there
 * @ids: those that are known already, for all processes
 *
 * Mappings keep a size of 0 where the file has none, or is not found for sure.
 */
void pft_maps_build_ids(struct pft_maps *maps, struct pft_build_ids *ids)
{
	struct pft_map *map;
	unsigned int i;

	ids->opens = OPENS_MAX;
	for (i = 0; i < maps->count; i++) {
		map = &maps->map[i];
		if (map->perms[2] == 'x' && mapped_is_file(map) && !map->build_id_size)
			fill(map, maps, ids);
	}
}
