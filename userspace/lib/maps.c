// SPDX-License-Identifier: GPL-2.0
/* The mappings of a process: /proc/PID/maps, parsed. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "libpftrace.h"

#define TEXT_MAX	((size_t)PFT_MAPS_MAX * 512)

static char no_path[1];

static bool read_hex(const char **at, char end, uint64_t *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *from = *at, *digit;

	*value = 0;
	while (**at && (digit = strchr(digits, **at))) {
		*value = *value << 4 | (uint64_t)(digit - digits);
		(*at)++;
	}
	if (*at == from || *at - from > 16 || **at != end)
		return false;
	(*at)++;
	return true;
}

/* The kernel writes a newline in a path as \012, and nothing else of it otherwise. */
static void unescape(char *path)
{
	char *to = path;

	while (*path) {
		if (!strncmp(path, "\\012", 4)) {
			*to++ = '\n';
			path += 4;
		} else {
			*to++ = *path++;
		}
	}
	*to = '\0';
}

static void take_path(struct pft_map *map, char *path)
{
	static const char suffix[] = " (deleted)";
	size_t length;

	path += strspn(path, " ");
	map->path = path;
	unescape(path);
	length = strlen(path);
	if (length < sizeof(suffix) || strcmp(path + length - (sizeof(suffix) - 1), suffix) != 0)
		return;
	path[length - (sizeof(suffix) - 1)] = '\0';
	map->deleted = true;
}

/* 7f0000000000-7f0000001000 r-xp 00002000 08:01 1234   /path */
static bool parse_line(struct pft_map *map, char *line)
{
	const char *at = line;
	uint64_t major, minor;
	char *stop;

	memset(map, 0, sizeof(*map));
	if (!read_hex(&at, '-', &map->start) || !read_hex(&at, ' ', &map->end) ||
	    map->start >= map->end || strnlen(at, 5) < 5 || at[4] != ' ')
		return false;
	memcpy(map->perms, at, 4);
	at += 5;
	if (!read_hex(&at, ' ', &map->offset) || !read_hex(&at, ':', &major) ||
	    !read_hex(&at, ' ', &minor) || major > 0xfff || minor > 0xfffff ||
	    *at < '0' || *at > '9')
		return false;
	map->dev = makedev((unsigned int)major, (unsigned int)minor);
	errno = 0;
	map->ino = strtoull(at, &stop, 10);
	if (errno || (*stop && *stop != ' '))
		return false;
	if (*stop)
		take_path(map, line + (stop - line));
	else
		map->path = no_path;
	return true;
}

/*
 * The kernel writes the file piece by piece: a mapping that grew in between is
 * told again, with what was told before.
 */
static bool clip(struct pft_map *map, uint64_t told)
{
	if (map->end <= told)
		return false;
	if (map->start < told) {
		if (map->ino)
			map->offset += told - map->start;
		map->start = told;
	}
	return true;
}

/* Takes @maps->text apart; it becomes the paths. */
static bool parse(struct pft_maps *maps)
{
	char *line = maps->text, *end;
	unsigned int room = 0;
	struct pft_map *map;
	uint64_t told = 0;

	for (; *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		else
			end = line + strlen(line);
		if (maps->count == PFT_MAPS_MAX) {
			maps->dropped++;
			continue;
		}
		if (maps->count == room) {
			room = room ? room * 2 : 64;
			map = realloc(maps->map, room * sizeof(*map));
			if (!map)
				return false;
			maps->map = map;
		}
		map = &maps->map[maps->count];
		if (!parse_line(map, line))
			return false;
		if (!clip(map, told))
			continue;
		told = map->end;
		maps->count++;
	}
	return true;
}

/**
 * pft_maps_parse - take a text of /proc/PID/maps apart
 * @maps: to be filled; whatever it holds is not freed
 * @pid: whose it is
 * @text: the text, which may end anywhere behind a line
 * @size: its bytes
 *
 * These are the mappings of a process that may be gone, or of another machine:
 * @maps is not live. The caller may give it a root (from malloc()) and build ids.
 *
 * Return: false where the text is not one of maps, or memory ran out; then
 * @maps is empty. What is read is to be freed with pft_maps_free().
 */
bool pft_maps_parse(struct pft_maps *maps, uint32_t pid, const char *text, size_t size)
{
	memset(maps, 0, sizeof(*maps));
	if (memchr(text, '\0', size))
		return false;
	maps->pid = pid;
	maps->text = malloc(size + 1);
	if (maps->text) {
		memcpy(maps->text, text, size);
		maps->text[size] = '\0';
		if (parse(maps))
			return true;
	}
	pft_maps_free(maps);
	return false;
}

/* @cut: there was more than anyone has. */
static char *read_all(const char *path, size_t *size, bool *cut)
{
	size_t room = 16384, used = 0;
	char *text = malloc(room), *more;
	ssize_t got = -1;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && text) {
		got = read(fd, text + used, room - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
		if (used < room)
			continue;
		if (room >= TEXT_MAX) {
			*cut = true;
			while (used && text[used - 1] != '\n')
				used--;
			got = 0;
			break;
		}
		more = realloc(text, room * 2);
		if (!more) {
			got = -1;
			break;
		}
		text = more;
		room *= 2;
	}
	if (fd >= 0)
		(void)close(fd);
	if (!text || fd < 0 || got < 0) {
		free(text);
		return NULL;
	}
	*size = used;
	return text;
}

/**
 * pft_maps_read - the mappings that a process has now
 * @maps: to be filled; whatever it holds is not freed
 * @pid: the process
 *
 * Return: false where it is gone, or not ours to see; then @maps is empty. A
 * process that is ending has no mappings: that is no error. What is read is to
 * be freed with pft_maps_free().
 */
bool pft_maps_read(struct pft_maps *maps, uint32_t pid)
{
	struct timespec now;
	bool cut = false, ok;
	char path[64];
	char *text;
	size_t size;

	memset(maps, 0, sizeof(*maps));
	/* The clock of a file's times of change. */
	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	(void)snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	text = read_all(path, &size, &cut);
	if (!text)
		return false;
	ok = pft_maps_parse(maps, pid, text, size);
	free(text);
	if (!ok)
		return false;
	(void)snprintf(path, sizeof(path), "/proc/%u/root", pid);
	maps->root = strdup(path);
	maps->live = true;
	maps->dropped += cut;
	maps->read_ns = (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
	if (maps->root)
		return true;
	pft_maps_free(maps);
	return false;
}

static int compare(const void *key, const void *element)
{
	const uint64_t address = *(const uint64_t *)key;
	const struct pft_map *map = element;

	if (address < map->start)
		return -1;
	return address >= map->end;
}

/**
 * pft_maps_find - the mapping that an address is in
 * @maps: the mappings
 * @address: the address
 *
 * Return: the mapping, valid as long as @maps, or NULL.
 */
const struct pft_map *pft_maps_find(const struct pft_maps *maps, uint64_t address)
{
	if (!maps->count)
		return NULL;
	return bsearch(&address, maps->map, maps->count, sizeof(*maps->map), compare);
}

/**
 * pft_maps_free - give its memory back
 * @maps: from pft_maps_parse() or pft_maps_read(), or all zero; it is all zero
 *	afterwards
 */
void pft_maps_free(struct pft_maps *maps)
{
	free(maps->map);
	free(maps->text);
	free(maps->root);
	memset(maps, 0, sizeof(*maps));
}
