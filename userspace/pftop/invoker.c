// SPDX-License-Identifier: GPL-2.0
/*
 * The user who called sudo: CMD runs as that user, pftop needs root only for
 * itself.
 */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "invoker.h"

/* An id as sudo writes it. (uid_t)-1 means "leave as it is" to setresuid(). */
static bool read_id(const char *name, unsigned int *id)
{
	const char *text = getenv(name);
	unsigned long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value >= UINT32_MAX)
		return false;
	*id = (unsigned int)value;
	return true;
}

static bool find_groups(struct invoker *invoker)
{
	int count = 64;

	for (;;) {
		gid_t *groups = realloc(invoker->groups, (size_t)count * sizeof(*groups));

		if (!groups)
			return false;
		invoker->groups = groups;
		invoker->nr_groups = count;
		if (getgrouplist(invoker->name, invoker->gid, groups, &invoker->nr_groups) >= 0)
			return true;
		/* Some versions leave the count as it was. */
		count = invoker->nr_groups > count ? invoker->nr_groups : count * 2;
	}
}

static bool no_memory(void)
{
	(void)fputs("pftop: not enough memory\n", stderr);
	return false;
}

/**
 * invoker_find - who called sudo?
 * @invoker: to be filled
 *
 * Nobody did where SUDO_UID and SUDO_GID are not set, or where this process
 * could not become that user anyway.
 *
 * Return: false after an error that was said.
 */
bool invoker_find(struct invoker *invoker)
{
	const struct passwd *entry;

	memset(invoker, 0, sizeof(*invoker));
	if (geteuid() || !getenv("SUDO_UID"))
		return true;
	/* Half a user is none: rather not run than run as root by mistake. */
	if (!read_id("SUDO_UID", &invoker->uid) || !read_id("SUDO_GID", &invoker->gid)) {
		(void)fputs("pftop: SUDO_UID and SUDO_GID do not name a user\n", stderr);
		return false;
	}
	entry = getpwuid(invoker->uid);
	if (entry) {
		invoker->name = strdup(entry->pw_name);
		invoker->home = strdup(entry->pw_dir);
		if (!invoker->name || !invoker->home || !find_groups(invoker))
			return no_memory();
	}
	invoker->known = true;
	return true;
}

/**
 * invoker_become - become that user, for good
 * @invoker: from invoker_find()
 *
 * In a child, before exec. The order matters: root is given up last.
 *
 * Return: false on an error; see errno.
 */
bool invoker_become(const struct invoker *invoker)
{
	if (!invoker->known)
		return true;
	if (invoker->name ? setgroups((size_t)invoker->nr_groups, invoker->groups) :
			    setgroups(1, &invoker->gid))
		return false;
	if (setresgid(invoker->gid, invoker->gid, invoker->gid) ||
	    setresuid(invoker->uid, invoker->uid, invoker->uid))
		return false;
	if (!invoker->name)
		return true;
	return !setenv("HOME", invoker->home, 1) && !setenv("USER", invoker->name, 1) &&
	       !setenv("LOGNAME", invoker->name, 1);
}

/**
 * invoker_fini - give its memory back
 * @invoker: from invoker_find(), or all zero
 */
void invoker_fini(struct invoker *invoker)
{
	free(invoker->name);
	free(invoker->home);
	free(invoker->groups);
	memset(invoker, 0, sizeof(*invoker));
}
