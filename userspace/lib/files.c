// SPDX-License-Identifier: GPL-2.0
/* The file `files`: paths of mapped files by their id. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "private.h"

enum column {
	COL_ID,
	COL_DEV,
	COL_INO,
	COL_PATH,
	NR_COLS
};

static const char *const col_names[NR_COLS] = { "ID", "DEV", "INO", "PATH" };

/* @kind has for each column of the file which one it is, NR_COLS for others. */
static bool read_header(struct line_file *file, unsigned int *kind, unsigned int *count,
			struct pft_error *error)
{
	char *line = line_next(file, error), *word;
	bool found[NR_COLS + 1] = { false };
	unsigned int i;

	if (error->code)
		return false;
	*count = 0;
	while (line && *count < PFT_FILE_COLUMNS_MAX && (word = line_word(&line))) {
		for (i = 0; i < NR_COLS; i++)
			if (!strcmp(word, col_names[i]))
				break;
		found[i] = true;
		kind[(*count)++] = i;
	}
	for (i = 0; i < NR_COLS; i++) {
		if (found[i])
			continue;
		error_format(error, file->root, file->path, "its header has no %s", col_names[i]);
		return false;
	}
	if (kind[*count - 1] != COL_PATH) {
		error_format(error, file->root, file->path, "PATH is not its last column");
		return false;
	}
	return true;
}

/* As in /proc/PID/maps: 08:01 */
static bool read_dev(char *word, uint64_t *dev)
{
	char *colon = strchr(word, ':'), *end;
	unsigned long major, minor;

	if (!colon || colon == word || !colon[1])
		return false;
	errno = 0;
	major = strtoul(word, &end, 16);
	if (errno || end != colon || major > 0xfff)
		return false;
	minor = strtoul(colon + 1, &end, 16);
	if (errno || *end || minor > 0xfffff)
		return false;
	*dev = makedev((unsigned int)major, (unsigned int)minor);
	return true;
}

static bool read_row(struct pft_file *row, char *line, const unsigned int *kind,
		     unsigned int count)
{
	unsigned int i;
	uint64_t value;
	char *word;

	memset(row, 0, sizeof(*row));
	for (i = 0; i < count; i++) {
		if (kind[i] == COL_PATH) {
			line += strspn(line, " \t");
			line_unescape(line, strlen(line) + 1, line);
			row->path = strdup(line);
			return row->path;
		}
		word = line_word(&line);
		if (!word)
			return false;
		switch (kind[i]) {
		case COL_ID:
			if (!line_number(word, &value) || value > UINT32_MAX)
				return false;
			row->id = (uint32_t)value;
			break;
		case COL_DEV:
			if (strcmp(word, "-") != 0 && !read_dev(word, &row->dev))
				return false;
			break;
		case COL_INO:
			if (strcmp(word, "-") != 0 && !line_number(word, &row->ino))
				return false;
			break;
		default:
			break;
		}
	}
	return false;
}

static bool make_room(struct pft_files *files)
{
	unsigned int room = files->room ? files->room * 2 : 256;
	struct pft_file *file;

	if (files->count < files->room)
		return true;
	file = realloc(files->file, room * sizeof(*file));
	if (!file)
		return false;
	files->file = file;
	files->room = room;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct pft_file *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static bool read_rows(struct line_file *file, struct pft_files *files, struct pft_error *error)
{
	unsigned int kind[PFT_FILE_COLUMNS_MAX], count, row = 0;
	char *line;

	if (!read_header(file, kind, &count, error))
		return false;
	while ((line = line_next(file, error))) {
		row++;
		if (files->count == PFT_FILES_MAX) {
			files->dropped++;
			continue;
		}
		if (!make_room(files)) {
			error_system(error, file->root, file->path, ENOMEM);
			return false;
		}
		if (!read_row(&files->file[files->count], line, kind, count)) {
			error_format(error, file->root, file->path,
				     "row %u does not fit its header", row);
			return false;
		}
		files->count++;
	}
	if (files->count)
		qsort(files->file, files->count, sizeof(*files->file), compare);
	return error->code == PFT_OK;
}

static void forget(struct pft_files *files)
{
	unsigned int i;

	for (i = 0; i < files->count; i++)
		free(files->file[i].path);
	files->count = 0;
	files->dropped = 0;
}

/**
 * pft_files_read - read the file `files`
 * @root: from pft_root_open()
 * @files: to be filled anew; zeroed before its first use
 * @error: why not; see pft_error_is_missing()
 *
 * Return: true where it was read. Else it is empty.
 */
bool pft_files_read(const struct pft_root *root, struct pft_files *files, struct pft_error *error)
{
	struct line_file *file;
	bool ok = false;

	forget(files);
	file = line_open(root, "files", error);
	if (file) {
		ok = read_rows(file, files, error);
		line_close(file);
	}
	if (!ok)
		forget(files);
	return ok;
}

/**
 * pft_files_find - look a file up
 * @files: from pft_files_read()
 * @id: pft_record.file
 *
 * Return: the file, or NULL where it is not listed.
 */
const struct pft_file *pft_files_find(const struct pft_files *files, uint32_t id)
{
	const struct pft_file key = { .id = id };

	if (!files->count)
		return NULL;
	return bsearch(&key, files->file, files->count, sizeof(key), compare);
}

/**
 * pft_files_free - give its memory back
 * @files: any; it is empty afterwards
 */
void pft_files_free(struct pft_files *files)
{
	forget(files);
	free(files->file);
	memset(files, 0, sizeof(*files));
}
