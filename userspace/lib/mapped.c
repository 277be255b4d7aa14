// SPDX-License-Identifier: GPL-2.0
/*
 * The file that a process has mapped.
 *
 * The way that cannot err is /proc/PID/map_files: it leads to the very file,
 * also where it was deleted, or lies in another mount namespace. It needs
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE, and the process. Else the path is
 * all there is, and what it leads to now may be another file: an update
 * replaces libraries under their names, and ext4 gives a freed inode number to
 * the next file. So device and inode must be those of the mapping, and the
 * inode must not have changed since the mappings were read.
 *
 * Paths are tried below the root of the process, which is right for
 * containers, and below our own: the kernel tells paths as this process would
 * use them where both share a mount namespace, as after chroot(2).
 *
 * Whoever mapped the file may put a FIFO or a device in its place: so files are
 * opened with O_PATH, looked at, and only then opened for reading.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/openat2.h>

#include "mapped.h"

/**
 * mapped_is_file - is a mapping one of a file?
 * @map: the mapping
 *
 * Return: false for anonymous memory and for what the kernel provides.
 */
bool mapped_is_file(const struct pft_map *map)
{
	return map->ino && map->path[0] == '/';
}

static bool look(struct mapped *file, int fd)
{
	file->fd = fd;
	file->same = false;
	if (fd < 0)
		return false;
	if (!fstat(fd, &file->st) && S_ISREG(file->st.st_mode))
		return true;
	(void)close(fd);
	return false;
}

/* What the link says must be what the mapping says: it may be another one by now. */
static bool has_path(const char *link, const struct pft_map *map)
{
	size_t length = strlen(map->path);
	char path[PATH_MAX + 16];
	ssize_t got;

	got = readlink(link, path, sizeof(path) - 1);
	if (got < 0)
		return false;
	path[got] = '\0';
	return !strncmp(path, map->path, length) &&
	       !strcmp(path + length, map->deleted ? " (deleted)" : "");
}

/*
 * btrfs and overlayfs tell another device in maps than by fstat(), the same
 * inode. Then the path must be the same, too.
 */
static bool look_at_map(const struct pft_maps *maps, const struct pft_map *map,
			struct mapped *file)
{
	char link[96];

	(void)snprintf(link, sizeof(link), "/proc/%u/map_files/%llx-%llx", maps->pid,
		       (unsigned long long)map->start, (unsigned long long)map->end);
	if (!look(file, open(link, O_PATH | O_CLOEXEC)))
		return false;
	file->same = file->st.st_ino == map->ino &&
		     (file->st.st_dev == map->dev || has_path(link, map));
	return true;
}

static uint64_t change_ns(const struct stat *st)
{
	return (uint64_t)st->st_ctim.tv_sec * 1000000000ULL + (uint64_t)st->st_ctim.tv_nsec;
}

static bool look_below(const char *root, const struct pft_maps *maps, const struct pft_map *map,
		       struct mapped *file)
{
	if (!look(file, mapped_open_below(root, map->path)))
		return false;
	file->same = maps->live && file->st.st_ino == map->ino && file->st.st_dev == map->dev &&
		     change_ns(&file->st) < maps->read_ns;
	return true;
}

/**
 * mapped_next - the next file that may be the one of a mapping
 * @maps: mappings of the process
 * @map: one of them, with a file
 * @step: 0 for the first one
 * @file: to be filled; its descriptor is to be closed
 *
 * The best one is first.
 *
 * Return: false after the last one.
 */
bool mapped_next(const struct pft_maps *maps, const struct pft_map *map, unsigned int *step,
		 struct mapped *file)
{
	switch (*step) {
	case 0:
		*step = 1;
		if (maps->live && look_at_map(maps, map, file))
			return true;
		/* fall through */
	case 1:
		*step = 2;
		if (maps->root && look_below(maps->root, maps, map, file))
			return true;
		/* fall through */
	case 2:
		*step = 3;
		return look_below("/", maps, map, file);
	default:
		return false;
	}
}

/**
 * mapped_open_below - find a file below another root
 * @root: the root: links in @path lead no further
 * @path: path of the file, as a process with that root would use it
 *
 * Return: a descriptor of O_PATH, or -1.
 */
int mapped_open_below(const char *root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	char full[PATH_MAX];
	int dir, fd;

	dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	fd = (int)syscall(__NR_openat2, dir, path, &how, sizeof(how));
	/* Not there, or kept from us by a filter that is older than it. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM) &&
	    snprintf(full, sizeof(full), "%s/%s", root, path) < (int)sizeof(full))
		fd = open(full, O_PATH | O_CLOEXEC);
	(void)close(dir);
	return fd;
}

/**
 * mapped_reopen - open a file for reading that was found
 * @fd: of O_PATH; it stays open
 *
 * Return: a descriptor, or -1, also for what is not an ordinary file.
 */
int mapped_reopen(int fd)
{
	char path[64];
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return -1;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}
