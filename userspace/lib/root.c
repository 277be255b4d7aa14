// SPDX-License-Identifier: GPL-2.0
/* The debugfs directory of pftrace, or a recording: found, and its ABI checked. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include "private.h"
#include "recording.h"

#define RECORD_SIZE_MAX	4096

static bool read_abi(char *word, unsigned int *major, unsigned int *minor)
{
	char *point = strchr(word, '.');
	uint64_t a, b;

	if (!point)
		return false;
	*point = '\0';
	if (!line_number(word, &a) || !line_number(point + 1, &b) || a > UINT32_MAX ||
	    b > UINT32_MAX)
		return false;
	*major = (unsigned int)a;
	*minor = (unsigned int)b;
	return true;
}

/* Checks `format`: another major has another record, so nothing can be read. */
static bool check_format(struct pft_root *root, struct pft_error *error)
{
	unsigned int major = 0, minor = 0;
	bool have_abi = false;
	struct line_file *file;
	uint64_t size = 0;
	char *line, *name, *value;
	bool ok = false;

	file = line_open(root, "format", error);
	if (!file)
		return false;
	while ((line = line_next(file, error))) {
		name = line_word(&line);
		value = line_word(&line);
		if (!name || !value)
			continue;
		if (!strcmp(name, "abi") && !have_abi) {
			have_abi = read_abi(value, &major, &minor);
			if (!have_abi) {
				error_format(error, root, "format", "its abi line is not MAJOR.MINOR");
				goto out_close;
			}
		} else if (!strcmp(name, "record_size") && !size) {
			if (!line_number(value, &size))
				size = 0;
		}
	}
	if (error->code)
		goto out_close;
	if (!have_abi) {
		error_format(error, root, "format", "it has no abi line");
		goto out_close;
	}
	if (major != PFT_ABI_MAJOR) {
		error_format(error, root, "format", "ABI %u.%u", major, minor);
		error->code = PFT_ERR_ABI;
		error->major = major;
		error->minor = minor;
		goto out_close;
	}
	if (size < sizeof(struct pft_record) || size > RECORD_SIZE_MAX || size % 8) {
		error_format(error, root, "format",
			     "its record_size must be a multiple of 8 from %zu to %u",
			     sizeof(struct pft_record), RECORD_SIZE_MAX);
		goto out_close;
	}
	root->record_size = (size_t)size;
	root->abi_minor = minor;
	ok = true;
out_close:
	line_close(file);
	return ok;
}

/**
 * pft_root_open - open the debugfs directory of pftrace, or a recording
 * @dir: its path, or NULL for PFT_DEFAULT_ROOT; a file is taken for a recording
 * @error: why not
 *
 * Return: the directory, to be closed with pft_root_close(), or NULL.
 */
struct pft_root *pft_root_open(const char *dir, struct pft_error *error)
{
	struct pft_root *root;
	struct statfs fs;
	struct stat st;
	size_t length;

	error_clear(error);
	if (!dir)
		dir = PFT_DEFAULT_ROOT;
	root = calloc(1, sizeof(*root));
	if (!root) {
		error->code = PFT_ERR_SYSTEM;
		error->err = ENOMEM;
		return NULL;
	}
	length = strlen(dir);
	if (length >= sizeof(root->dir)) {
		(void)snprintf(root->dir, sizeof(root->dir), "%.100s...", dir);
		error_system(error, root, NULL, ENAMETOOLONG);
		goto fail;
	}
	memcpy(root->dir, dir, length + 1);
	while (length > 1 && root->dir[length - 1] == '/')
		root->dir[--length] = '\0';
	if (statfs(root->dir, &fs)) {
		error_system(error, root, NULL, errno);
		goto fail;
	}
	root->live = fs.f_type == DEBUGFS_MAGIC;
	if (!stat(root->dir, &st) && S_ISREG(st.st_mode)) {
		root->recording = recording_open(root, error);
		if (!root->recording)
			goto fail;
	}
	if (check_format(root, error))
		return root;
	/* Cut off, or damaged, before anything is in it. */
	if (root->recording && pft_error_is_missing(error) && pft_root_damage(root))
		error_format(error, root, NULL, "%s", pft_root_damage(root));
fail:
	pft_root_close(root);
	return NULL;
}

/**
 * pft_root_close - done with a directory
 * @root: from pft_root_open(), or NULL
 *
 * Readers and streams opened from it must be closed first.
 */
void pft_root_close(struct pft_root *root)
{
	if (!root)
		return;
	recording_close(root->recording);
	free(root);
}

/**
 * pft_root_dir - path of the directory
 * @root: from pft_root_open()
 *
 * Return: the path, valid as long as @root.
 */
const char *pft_root_dir(const struct pft_root *root)
{
	return root->dir;
}

/**
 * pft_root_abi_minor - minor version of the ABI that the module speaks
 * @root: from pft_root_open()
 *
 * Return: the minor; the major is PFT_ABI_MAJOR.
 */
unsigned int pft_root_abi_minor(const struct pft_root *root)
{
	return root->abi_minor;
}

/**
 * pft_root_is_live - is this the running kernel?
 * @root: from pft_root_open()
 *
 * Return: false for a copy of the files, whose process ids mean nothing here.
 */
bool pft_root_is_live(const struct pft_root *root)
{
	return root->live;
}

/**
 * pft_root_is_recording - is it a file of "pftop record"?
 * @root: from pft_root_open()
 *
 * Return: false for a directory.
 */
bool pft_root_is_recording(const struct pft_root *root)
{
	return root->recording;
}

/**
 * pft_root_damage - what is wrong with a recording
 * @root: from pft_root_open()
 *
 * Return: a sentence without its end, or NULL where it is whole. What is before
 * the damage can be read.
 */
const char *pft_root_damage(const struct pft_root *root)
{
	if (!root->recording)
		return NULL;
	if (*root->recording->damage)
		return root->recording->damage;
	return root->recording->complete ? NULL : "it was not ended: pftop record was killed";
}

/**
 * pft_root_rewind - go to the first snapshot of a recording
 * @root: from pft_root_open()
 *
 * Before, all of a recording is looked at: its last snapshot and all records.
 * From now on it is as it was at the time of a snapshot, and readers that are
 * opened with PFT_READ_OLDEST begin behind the snapshot before.
 */
void pft_root_rewind(struct pft_root *root)
{
	if (root->recording)
		recording_rewind(root->recording);
}

/**
 * pft_root_step - go on to the next snapshot of a recording
 * @root: after pft_root_rewind()
 *
 * Return: false where there is none.
 */
bool pft_root_step(struct pft_root *root)
{
	return root->recording && recording_step(root->recording);
}

/**
 * pft_root_whole - look at all of a recording again
 * @root: from pft_root_open()
 */
void pft_root_whole(struct pft_root *root)
{
	if (!root->recording)
		return;
	root->recording->from_ns = 0;
	root->recording->now_ns = UINT64_MAX;
}

/**
 * pft_root_now_ns - the time that is looked at
 * @root: from pft_root_open()
 *
 * Return: CLOCK_MONOTONIC, ns: now, or that of the snapshot; UINT64_MAX where
 * all of a recording is looked at.
 */
uint64_t pft_root_now_ns(const struct pft_root *root)
{
	return root->recording ? root->recording->now_ns : pft_now_ns();
}

/**
 * pft_root_span - the time that a recording is of
 * @root: from pft_root_open()
 * @first_ns: where to put the time of its first snapshot, CLOCK_MONOTONIC
 * @last_ns: the same of the last one
 *
 * Return: false where it is no recording, or one without a snapshot.
 */
bool pft_root_span(const struct pft_root *root, uint64_t *first_ns, uint64_t *last_ns)
{
	return root->recording && recording_span(root->recording, first_ns, last_ns);
}

/**
 * root_open_file - open a file of the directory
 * @root: the directory
 * @path: file below it
 * @flags: of open(2); O_CLOEXEC is added
 * @error: why not
 *
 * Return: a file descriptor or -1.
 */
int root_open_file(const struct pft_root *root, const char *path, int flags,
		   struct pft_error *error)
{
	char full[PATH_MAX + 64];
	int fd;

	if (root->recording)
		return recording_text(root->recording, path, error);
	(void)snprintf(full, sizeof(full), "%s/%s", root->dir, path);
	do {
		fd = open(full, flags | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0)
		error_system(error, root, path, errno);
	return fd;
}
