// SPDX-License-Identifier: GPL-2.0
/*
 * Reads /proc/self/maps without stdio: stdio allocates, and allocating makes
 * mappings and faults of its own.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faultgen.h"

static char buf[4096];
static size_t have, used;
static int maps_fd = -1;

/**
 * maps_open() - begin to read the mappings of this process
 *
 * There is one reader at a time.
 *
 * Return: 0, or -1 with errno set.
 */
int maps_open(void)
{
	have = 0;
	used = 0;
	maps_fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	return maps_fd < 0 ? -1 : 0;
}

/**
 * maps_close() - end what maps_open() began
 */
void maps_close(void)
{
	close(maps_fd);
	maps_fd = -1;
}

static bool next_line(char *line, size_t size)
{
	size_t n = 0;

	for (;;) {
		if (used == have) {
			ssize_t got = read(maps_fd, buf, sizeof(buf));

			if (got <= 0)
				return false;
			have = (size_t)got;
			used = 0;
		}
		char c = buf[used++];

		if (c == '\n')
			break;
		if (n + 1 < size)
			line[n++] = c;
	}
	line[n] = '\0';
	return true;
}

/**
 * maps_next() - the next mapping
 * @map: filled in
 *
 * Return: false when there is none left.
 */
bool maps_next(struct fg_map *map)
{
	static char line[512];
	char *p = line;
	size_t n;

	if (!next_line(line, sizeof(line)))
		return false;
	map->start = strtoul(p, &p, 16);
	map->end = strtoul(p + 1, &p, 16);
	for (n = 0; n < 4; n++)
		map->perms[n] = p[n + 1];
	map->perms[4] = '\0';
	map->offset = strtoul(p + 6, &p, 16);
	p += strcspn(p + 1, " ") + 1;	/* the device */
	map->inode = strtoul(p, &p, 10);
	p += strspn(p, " ");
	for (n = 0; n + 1 < sizeof(map->path) && p[n]; n++)
		map->path[n] = p[n];
	map->path[n] = '\0';
	return true;
}

/**
 * maps_find() - the mapping that holds an address
 * @address: to be looked up
 * @map: filled in if there is one
 *
 * Return: whether there is one.
 */
bool maps_find(unsigned long address, struct fg_map *map)
{
	bool found = false;

	if (maps_open())
		fail("cannot read /proc/self/maps (is /proc mounted?)");
	while (!found && maps_next(map))
		found = address >= map->start && address < map->end;
	maps_close();
	return found;
}

/**
 * maps_room() - address space where nothing is mapped
 * @from: lowest address
 * @size: bytes, more than 0
 * @align: alignment, a power of two
 *
 * Return: an address, or 0 if there is no such room below the stack.
 */
unsigned long maps_room(unsigned long from, size_t size, unsigned long align)
{
	static struct fg_map map;
	unsigned long start = (from + align - 1) & ~(align - 1);
	bool found = false;

	if (maps_open())
		fail("cannot read /proc/self/maps (is /proc mounted?)");
	while (!found && maps_next(&map)) {
		found = start + size <= map.start;
		if (!found && map.end > start)
			start = (map.end + align - 1) & ~(align - 1);
	}
	maps_close();
	return found ? start : 0;
}

/**
 * maps_around() - the mappings next to a hole
 * @address: in the hole
 * @range: what is said of a hole is filled in
 */
void maps_around(unsigned long address, struct fg_range *range)
{
	static struct fg_map map;

	if (maps_open())
		fail("cannot read /proc/self/maps (is /proc mounted?)");
	while (maps_next(&map)) {
		/* Above all that a process can have. */
		if (!strcmp(map.path, "[vsyscall]"))
			continue;
		if (map.start > address) {
			range->above_start = map.start;
			memcpy(range->above_perms, map.perms,
			       sizeof(map.perms));
			break;
		}
		range->below_end = map.end;
		memcpy(range->below_perms, map.perms, sizeof(map.perms));
	}
	maps_close();
}
