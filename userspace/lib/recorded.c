// SPDX-License-Identifier: GPL-2.0
/* What a recording says of the machine and its processes. */

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private.h"

static void take(struct pft_host *host, const char *name, const char *value)
{
	uint64_t number;
	bool is_number = line_number(value, &number);

	if (!strcmp(name, "kernel"))
		(void)snprintf(host->kernel, sizeof(host->kernel), "%s", value);
	else if (!strcmp(name, "machine"))
		(void)snprintf(host->machine, sizeof(host->machine), "%s", value);
	else if (!strcmp(name, "command"))
		(void)snprintf(host->command, sizeof(host->command), "%s", value);
	else if (!strcmp(name, "start_ns") && is_number)
		host->start_ns = number;
	else if (!strcmp(name, "start_wall_ns") && is_number)
		host->start_wall_ns = number;
	else if (!strcmp(name, "pid") && is_number && number <= UINT32_MAX &&
		 host->nr_pids < PFT_HOST_PIDS_MAX)
		host->pids[host->nr_pids++] = (uint32_t)number;
}

/**
 * pft_host_read - where and how a recording was made
 * @root: from pft_root_open(), a recording
 * @host: to be filled
 * @error: why not
 *
 * Return: false on an error.
 */
bool pft_host_read(const struct pft_root *root, struct pft_host *host, struct pft_error *error)
{
	struct line_file *file;
	char *line, *value;

	memset(host, 0, sizeof(*host));
	file = line_open(root, "host", error);
	if (!file)
		return false;
	while ((line = line_next(file, error))) {
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		take(host, line, value);
	}
	line_close(file);
	return error->code == PFT_OK;
}

#define COMMAND_MAX	4096

/**
 * pft_command_read - command line of a process of a recording
 * @root: from pft_root_open(), a recording
 * @pid: its id
 *
 * Return: with blanks between the arguments, raw, to be freed; NULL where it is
 * not known or has none.
 */
char *pft_command_read(const struct pft_root *root, uint32_t pid)
{
	struct pft_error error;
	char path[64], *text;
	ssize_t size, i;
	int fd;

	(void)snprintf(path, sizeof(path), "proc/%" PRIu32 "/cmdline", pid);
	fd = root_open_file(root, path, O_RDONLY, &error);
	if (fd < 0)
		return NULL;
	text = malloc(COMMAND_MAX);
	size = text ? read(fd, text, COMMAND_MAX - 1) : 0;
	(void)close(fd);
	while (size > 0 && !text[size - 1])
		size--;
	if (size <= 0) {
		free(text);
		return NULL;
	}
	for (i = 0; i < size; i++)
		if (!text[i])
			text[i] = ' ';
	text[size] = '\0';
	return text;
}

/* All of a text; NULL where there is none. */
static void *read_all(const struct pft_root *root, const char *name, size_t *size)
{
	struct pft_error error;
	struct stat st;
	char *data;
	ssize_t got;
	int fd;

	fd = root_open_file(root, name, O_RDONLY, &error);
	if (fd < 0)
		return NULL;
	/* It is in memory: its size is known, and it comes in one piece. */
	data = fstat(fd, &st) ? NULL : malloc((size_t)st.st_size + 1);
	got = data ? read(fd, data, (size_t)st.st_size) : -1;
	(void)close(fd);
	if (got < 0) {
		free(data);
		return NULL;
	}
	data[got] = '\0';
	*size = (size_t)got;
	return data;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *place = c ? strchr(digits, c) : NULL;

	return place ? (int)(place - digits) : -1;
}

static void take_id(struct pft_map *map, const char *text)
{
	size_t i;
	int high, low;

	for (i = 0; i < sizeof(map->build_id); i++) {
		high = digit(text[2 * i]);
		low = high < 0 ? -1 : digit(text[2 * i + 1]);
		if (low < 0)
			break;
		map->build_id[i] = (unsigned char)(16 * high + low);
	}
	map->build_id_size = (unsigned int)i;
}

/* A line for each mapping with a build id: its first address, and the id. */
static void take_ids(struct pft_maps *maps, char *text)
{
	char *line, *rest = text, *word;
	struct pft_map *map;
	uint64_t start;

	while ((line = strsep(&rest, "\n"))) {
		word = line_word(&line);
		if (!word || !line_number(word, &start))
			continue;
		map = (struct pft_map *)pft_maps_find(maps, start);
		word = map && map->start == start ? line_word(&line) : NULL;
		if (word)
			take_id(map, word);
	}
}

/**
 * pft_maps_recorded - mappings of a process of a recording
 * @maps: to be filled; to be freed with pft_maps_free() in any case
 * @root: from pft_root_open(), a recording
 * @pid: its id
 *
 * Return: false where they are not known.
 */
bool pft_maps_recorded(struct pft_maps *maps, const struct pft_root *root, uint32_t pid)
{
	char name[64], *text;
	size_t size;
	bool ok;

	memset(maps, 0, sizeof(*maps));
	(void)snprintf(name, sizeof(name), "proc/%" PRIu32 "/maps", pid);
	text = read_all(root, name, &size);
	if (!text)
		return false;
	ok = pft_maps_parse(maps, pid, text, size);
	free(text);
	(void)snprintf(name, sizeof(name), "proc/%" PRIu32 "/build-ids", pid);
	text = ok ? read_all(root, name, &size) : NULL;
	if (text)
		take_ids(maps, text);
	free(text);
	return ok;
}

/**
 * pft_vdso_recorded - the vDSO of the machine of a recording
 * @root: from pft_root_open(), a recording
 * @size: where to put its bytes
 *
 * Return: to be freed, or NULL where it is not known.
 */
void *pft_vdso_recorded(const struct pft_root *root, size_t *size)
{
	return read_all(root, "vdso", size);
}
