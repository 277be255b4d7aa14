// SPDX-License-Identifier: GPL-2.0
/* Errors: kept as data where they happen, put into words here. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include "private.h"

/**
 * error_clear - no error
 * @error: to clear
 */
void error_clear(struct pft_error *error)
{
	memset(error, 0, sizeof(*error));
}

static void set_path(struct pft_error *error, const struct pft_root *root, const char *path)
{
	size_t size = sizeof(error->path);
	int length;

	length = snprintf(error->path, size, "%s%s%s", root->dir, path ? "/" : "",
			  path ? path : "");
	if (length >= (int)size)
		memcpy(error->path + size - 4, "...", 4);
}

/* Why is a file not there? */
static enum pft_code missing_code(const struct pft_root *root, const char *path)
{
	char parent[PATH_MAX];
	struct statfs fs;
	char *slash;

	if (path && !access(root->dir, F_OK))
		return PFT_ERR_SYSTEM;
	if (strcmp(root->dir, PFT_DEFAULT_ROOT) != 0)
		return PFT_ERR_NO_ROOT;
	(void)snprintf(parent, sizeof(parent), "%s", root->dir);
	slash = strrchr(parent, '/');
	*slash = '\0';
	if (statfs(parent, &fs) || fs.f_type != DEBUGFS_MAGIC)
		return PFT_ERR_NO_DEBUGFS;
	return PFT_ERR_NO_MODULE;
}

/**
 * error_system - a system call failed
 * @error: to fill
 * @root: whose file
 * @path: file below the root, or NULL for the root itself
 * @err: its errno
 *
 * The errno decides, never the uid: a file system or a security module may
 * allow or forbid what the uid alone would not tell.
 */
void error_system(struct pft_error *error, const struct pft_root *root, const char *path, int err)
{
	error_clear(error);
	set_path(error, root, path);
	error->err = err;
	switch (err) {
	case EACCES:
		error->code = PFT_ERR_ACCESS;
		break;
	case EPERM:
		error->code = PFT_ERR_LOCKDOWN;
		break;
	case ENOENT:
	case ENOTDIR:
		error->code = missing_code(root, path);
		break;
	case ENXIO:
		/* debugfs says the same of a module that is being unloaded. */
		error->code = path && !strncmp(path, "cpu/", 4) ? PFT_ERR_NO_RING :
								  PFT_ERR_NO_MODULE;
		break;
	default:
		error->code = PFT_ERR_SYSTEM;
		break;
	}
}

/**
 * error_format - a file has a content that we do not understand
 * @error: to fill
 * @root: whose file
 * @path: file below the root
 * @fmt: what is wrong with it
 */
void error_format(struct pft_error *error, const struct pft_root *root, const char *path,
		  const char *fmt, ...)
{
	va_list args;

	error_clear(error);
	set_path(error, root, path);
	error->code = PFT_ERR_FORMAT;
	va_start(args, fmt);
	(void)vsnprintf(error->detail, sizeof(error->detail), fmt, args);
	va_end(args);
}

/**
 * pft_error_message - say what went wrong and what to do
 * @error: the error
 * @text: where to write, one sentence or two without a newline
 * @size: bytes there
 */
void pft_error_message(const struct pft_error *error, char *text, size_t size)
{
	const char *path = error->path;

	switch (error->code) {
	case PFT_OK:
		(void)snprintf(text, size, "no error");
		break;
	case PFT_ERR_ACCESS:
		(void)snprintf(text, size, "no access to %s: reading pftrace needs root (sudo pftop)",
			       path);
		break;
	case PFT_ERR_LOCKDOWN:
		(void)snprintf(text, size,
			       "the kernel does not allow opening %s: kernel lockdown or a security module forbids it (see: cat /sys/kernel/security/lockdown)",
			       path);
		break;
	case PFT_ERR_NO_DEBUGFS:
		(void)snprintf(text, size,
			       "debugfs is not mounted at /sys/kernel/debug: sudo mount -t debugfs none /sys/kernel/debug");
		break;
	case PFT_ERR_NO_MODULE:
		(void)snprintf(text, size, "pftrace is not loaded: sudo modprobe pftrace");
		break;
	case PFT_ERR_NO_ROOT:
		(void)snprintf(text, size,
			       "%s is not there: --debugfs needs the directory of pftrace (%s)",
			       path, PFT_DEFAULT_ROOT);
		break;
	case PFT_ERR_ABI:
		(void)snprintf(text, size,
			       "the module speaks pftrace ABI %u.%u, this program %d.%d: install both from the same release",
			       error->major, error->minor, PFT_ABI_MAJOR, PFT_ABI_MINOR);
		break;
	case PFT_ERR_FORMAT:
		(void)snprintf(text, size, "%s is not understood: %s", path, error->detail);
		break;
	case PFT_ERR_NO_RING:
		(void)snprintf(text, size, "%s: this CPU has no ring (it was never online)", path);
		break;
	case PFT_ERR_SYSTEM:
		(void)snprintf(text, size, "%s: %s", path, strerror(error->err));
		break;
	}
}

/**
 * pft_error_is_missing - was it only that this module has no such file?
 * @error: from a failed reading of one file
 *
 * Return: true where an older module would say the same.
 */
bool pft_error_is_missing(const struct pft_error *error)
{
	return error->code == PFT_ERR_SYSTEM && error->err == ENOENT;
}
