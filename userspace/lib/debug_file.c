// SPDX-License-Identifier: GPL-2.0
/*
 * Debug information that was split off a file, found on this machine's disks.
 *
 * libdwfl has a search of its own. It also asks servers (debuginfod), and it
 * knows nothing of the root of a process; so this is another one. A file that
 * is found must have the build id of the one it belongs to, or, where that has
 * none, the check sum that its .gnu_debuglink has.
 */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <elfutils/libdwelf.h>

#include "debug_file.h"
#include "mapped.h"

/**
 * struct wanted - what the file must have
 * @id: this build id
 * @crc: or this check sum
 */
struct wanted {
	const struct build_id *id;
	GElf_Word crc;
};

static void crc_table(uint32_t *table)
{
	uint32_t i, bit, value;

	for (i = 0; i < 256; i++) {
		value = i;
		for (bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
		table[i] = value;
	}
}

/* The check sum of .gnu_debuglink: CRC-32, as in zip. */
static bool has_crc(int fd, uint32_t wanted)
{
	unsigned char buf[65536];
	uint32_t table[256], crc = ~0U;
	off_t at = 0;
	ssize_t got, i;

	crc_table(table);
	while ((got = pread(fd, buf, sizeof(buf), at)) > 0) {
		for (i = 0; i < got; i++)
			crc = crc >> 8 ^ table[(crc ^ buf[i]) & 0xff];
		at += got;
	}
	return !got && ~crc == wanted;
}

static bool fits(int fd, const struct wanted *wanted)
{
	struct build_id id;
	Elf *elf;

	if (!wanted->id->size)
		return has_crc(fd, wanted->crc);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return false;
	build_id_read(&id, elf);
	(void)elf_end(elf);
	return build_id_equal(wanted->id, id.byte, id.size);
}

static int try(const char *root, const char *path, const struct wanted *wanted)
{
	int found = mapped_open_below(root, path), fd;
	struct stat st;

	if (found < 0)
		return -1;
	fd = mapped_reopen(found);
	(void)close(found);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && st.st_size <= ELF_FILE_MAX && fits(fd, wanted))
		return fd;
	(void)close(fd);
	return -1;
}

static int by_id(const struct debug_dirs *dirs, const char *root, const struct wanted *wanted)
{
	char name[2 * PFT_BUILD_ID_MAX + 1], path[PATH_MAX];
	unsigned int i;
	int fd = -1;

	if (wanted->id->size < 2)
		return -1;
	for (i = 0; i < wanted->id->size; i++)
		(void)snprintf(name + (size_t)i * 2, 3, "%02x", wanted->id->byte[i]);
	for (i = 0; fd < 0 && i < dirs->count; i++) {
		(void)snprintf(path, sizeof(path), "%s/.build-id/%.2s/%s.debug", dirs->dir[i],
			       name, name + 2);
		fd = try(root, path, wanted);
	}
	return fd;
}

static int by_link(const struct debug_dirs *dirs, const char *root, const char *path,
		   const char *link, const struct wanted *wanted)
{
	const char *slash = strrchr(path, '/');
	char full[PATH_MAX];
	unsigned int i;
	int length, fd;

	if (!slash || strchr(link, '/'))
		return -1;
	length = (int)(slash - path);
	/* Its own name would lead it to itself. */
	fd = -1;
	if (strcmp(slash + 1, link) != 0 &&
	    snprintf(full, sizeof(full), "%.*s/%s", length, path, link) < PATH_MAX)
		fd = try(root, full, wanted);
	if (fd < 0 &&
	    snprintf(full, sizeof(full), "%.*s/.debug/%s", length, path, link) < PATH_MAX)
		fd = try(root, full, wanted);
	for (i = 0; fd < 0 && i < dirs->count; i++) {
		if (snprintf(full, sizeof(full), "%s%.*s/%s", dirs->dir[i], length, path, link) <
		    PATH_MAX)
			fd = try(root, full, wanted);
	}
	return fd;
}

/**
 * debug_file_find - find the debug information of a file
 * @dirs: where to look
 * @elf: the file
 * @id: its build id
 * @path: its path
 *
 * Our own root comes first: a container can replace what is below its own.
 *
 * Return: a descriptor, or -1.
 */
int debug_file_find(const struct debug_dirs *dirs, Elf *elf, const struct build_id *id,
		    const char *path)
{
	const char *roots[] = { "/", dirs->root }, *link;
	struct wanted wanted = { .id = id };
	unsigned int i;
	int fd = -1;

	link = dwelf_elf_gnu_debuglink(elf, &wanted.crc);
	for (i = 0; fd < 0 && i < 2 && roots[i]; i++) {
		fd = by_id(dirs, roots[i], &wanted);
		if (fd < 0 && link)
			fd = by_link(dirs, roots[i], path, link, &wanted);
	}
	return fd;
}

/**
 * debug_file_find_alt - find what several debug files share
 * @dirs: where to look
 * @id: its build id, as their .gnu_debugaltlink has it
 * @size: bytes of that
 *
 * Return: a descriptor, or -1.
 */
int debug_file_find_alt(const struct debug_dirs *dirs, const void *id, size_t size)
{
	const char *roots[] = { "/", dirs->root };
	struct build_id copy = { .size = (unsigned int)size };
	const struct wanted wanted = { .id = &copy };
	unsigned int i;
	int fd = -1;

	if (size > sizeof(copy.byte))
		return -1;
	memcpy(copy.byte, id, size);
	for (i = 0; fd < 0 && i < 2 && roots[i]; i++)
		fd = by_id(dirs, roots[i], &wanted);
	return fd;
}
