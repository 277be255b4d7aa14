// SPDX-License-Identifier: GPL-2.0
/* Owner and command line of processes, asked once and remembered. */

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "proc.h"

/**
 * proc_init - an empty cache
 * @cache: to be filled
 * @dir: where /proc is, or NULL where process ids mean nothing here
 * @recording: where they mean something then, or NULL; must stay open
 *
 * Return: false where memory ran out.
 */
bool proc_init(struct proc_cache *cache, const char *dir, const struct pft_root *recording)
{
	bool any = dir || recording;

	cache->dir = dir;
	cache->recording = recording;
	cache->slot = any ? calloc(PROC_SLOTS, sizeof(*cache->slot)) : NULL;
	return cache->slot || !any;
}

/**
 * proc_fini - give its memory back
 * @cache: from proc_init()
 */
void proc_fini(struct proc_cache *cache)
{
	free(cache->slot);
	cache->slot = NULL;
}

/* getpwuid() may ask a network: most processes have the owner of the last one. */
static void user_name(uid_t uid, char *name, size_t size)
{
	static uid_t last_uid;
	static char last_name[24];
	const struct passwd *entry;

	if (!*last_name || uid != last_uid) {
		entry = getpwuid(uid);
		if (entry)
			(void)snprintf(last_name, sizeof(last_name), "%.23s", entry->pw_name);
		else
			(void)snprintf(last_name, sizeof(last_name), "%u", uid);
		last_uid = uid;
	}
	(void)snprintf(name, size, "%s", last_name);
}

static void read_command(int dir, struct proc_info *info)
{
	ssize_t got = -1, i;
	int fd;

	fd = openat(dir, "cmdline", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, info->command, sizeof(info->command) - 1);
		(void)close(fd);
	}
	while (got > 0 && !info->command[got - 1])
		got--;
	if (got <= 0) {
		/* A kernel thread or a zombie. */
		(void)snprintf(info->command, sizeof(info->command), "[%s]", info->comm);
		return;
	}
	for (i = 0; i < got; i++)
		if (!info->command[i])
			info->command[i] = ' ';
	info->command[got] = '\0';
}

static bool ask_recording(const struct pft_root *recording, struct proc_info *info)
{
	char *command = pft_command_read(recording, info->pid);

	if (!command)
		return false;
	(void)snprintf(info->command, sizeof(info->command), "%s", command);
	free(command);
	return true;
}

static bool ask(const struct proc_cache *cache, struct proc_info *info)
{
	struct stat st;
	char path[64];
	int dir;

	if (cache->recording)
		return ask_recording(cache->recording, info);
	(void)snprintf(path, sizeof(path), "%s/%u", cache->dir, info->pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	info->has_user = !fstat(dir, &st);
	if (info->has_user)
		user_name(st.st_uid, info->user, sizeof(info->user));
	read_command(dir, info);
	(void)close(dir);
	return true;
}

/**
 * proc_get - what is known of a process
 * @cache: from proc_init()
 * @pid: its id
 * @comm: its name now; another one than before means that it is asked anew
 * @alive: it may be asked; else only what is remembered is given, but of a recording
 *
 * Return: valid until the next call, or NULL where nothing is known.
 */
const struct proc_info *proc_get(struct proc_cache *cache, uint32_t pid, const char *comm,
				 bool alive)
{
	struct proc_info *info;

	if (!cache->slot)
		return NULL;
	info = &cache->slot[pid % PROC_SLOTS];
	if (info->pid == pid && !strcmp(info->comm, comm))
		return info;
	if (!alive && !cache->recording)
		return NULL;
	memset(info, 0, sizeof(*info));
	info->pid = pid;
	(void)snprintf(info->comm, sizeof(info->comm), "%s", comm);
	if (ask(cache, info))
		return info;
	info->pid = 0;
	return NULL;
}

/**
 * proc_exists - is there such a process?
 * @pid: its id
 *
 * Return: true where there is.
 */
bool proc_exists(uint32_t pid)
{
	return !kill((pid_t)pid, 0) || errno == EPERM;
}

/* Words from the name on to starttime, see proc(5). */
#define BORN_FIELD	20

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	(void)clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/**
 * proc_born_ns - when did a process begin?
 * @pid: its id
 *
 * Return: CLOCK_MONOTONIC, rounded down to a tick; 0 where it is not known.
 */
uint64_t proc_born_ns(uint32_t pid)
{
	char path[64], text[1024], *rest;
	unsigned int field = BORN_FIELD;
	int64_t asleep, born;
	uint64_t ticks;
	FILE *file;
	bool ok;

	(void)snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	ok = fgets(text, sizeof(text), file);
	(void)fclose(file);
	/* A name may hold anything, but nothing behind it has a bracket. */
	rest = ok ? strrchr(text, ')') : NULL;
	while (rest && field--)
		rest = strchr(rest + 1, ' ');
	if (!rest)
		return 0;
	ticks = strtoull(rest, NULL, 10);
	/* It is told by the clock that goes on while the machine sleeps. */
	asleep = clock_ns(CLOCK_BOOTTIME) - clock_ns(CLOCK_MONOTONIC);
	born = (int64_t)(ticks * (1000000000ULL / (unsigned long)sysconf(_SC_CLK_TCK))) - asleep;
	return born > 0 ? (uint64_t)born : 0;
}
