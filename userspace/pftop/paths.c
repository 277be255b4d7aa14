// SPDX-License-Identifier: GPL-2.0
/*
 * Names of files by their id. `files` is read when an id is not known, but not
 * for each of them: one whose name the module could not keep never gets known.
 * A name is there a moment after its first record, so it is read again, and no
 * more than a tenth of the time goes into that.
 */

#include <stdio.h>
#include <string.h>

#include "paths.h"

#define AGAIN_NS_MIN	5000000ULL

static void look(struct paths *paths, uint64_t now)
{
	struct pft_error error;
	uint64_t took;

	/* No name is no reason to stop: the number is in the record. */
	if (!pft_files_read(paths->root, &paths->files, &error))
		paths->missing = pft_error_is_missing(&error);
	took = pft_now_ns() - now;
	paths->again_ns = now + took + (took * 10 > AGAIN_NS_MIN ? took * 10 : AGAIN_NS_MIN);
}

/**
 * paths_init - nothing known yet
 * @paths: to be filled
 * @root: where to look; must stay open
 */
void paths_init(struct paths *paths, const struct pft_root *root)
{
	memset(paths, 0, sizeof(*paths));
	paths->root = root;
}

/**
 * paths_get - the path of a file
 * @paths: from paths_init()
 * @id: pft_record.file
 * @to: where to write it, raw: any byte may be in it
 * @size: bytes there
 *
 * Return: false where it is not known; then @to is empty.
 */
bool paths_get(struct paths *paths, uint32_t id, char *to, size_t size)
{
	const struct pft_file *file;
	uint64_t now;

	*to = '\0';
	if (!id || paths->missing)
		return false;
	file = pft_files_find(&paths->files, id);
	if (!file) {
		now = pft_now_ns();
		if (now < paths->again_ns)
			return false;
		look(paths, now);
		file = pft_files_find(&paths->files, id);
	}
	if (!file || !*file->path)
		return false;
	(void)snprintf(to, size, "%s", file->path);
	return true;
}

/**
 * paths_name - what to call a mapping
 * @paths: from paths_init()
 * @id: pft_record.file
 * @area: pft_record.area
 * @to: where to write its path, or what kind of mapping it is
 * @size: bytes there
 */
void paths_name(struct paths *paths, uint32_t id, unsigned int area, char *to, size_t size)
{
	if (!paths_get(paths, id, to, size))
		(void)snprintf(to, size, "%s", pft_area_name(area));
}

/**
 * paths_fini - give its memory back
 * @paths: from paths_init()
 */
void paths_fini(struct paths *paths)
{
	pft_files_free(&paths->files);
	memset(paths, 0, sizeof(*paths));
}
