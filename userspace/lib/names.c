// SPDX-License-Identifier: GPL-2.0
/* Names of what a record's small numbers mean, from the tables of the uapi. */

#include <string.h>

#include "libpftrace.h"

static const char *const class_names[PFT_NR_CLASSES] = { "minor", "major", "invalid" };
static const char *const access_names[PFT_NR_ACCESSES] = { "r", "w", "x" };
static const char *const origin_names[PFT_NR_ORIGINS] = { "user", "kernel", "gup" };

static const char *const cause_names[PFT_NR_CAUSES] = {
#define X(id, name, meaning) [id] = (name),
	PFT_CAUSES(X)
#undef X
};

static const char *const cause_meanings[PFT_NR_CAUSES] = {
#define X(id, name, meaning) [id] = (meaning),
	PFT_CAUSES(X)
#undef X
};

static const char *const level_names[PFT_NR_LEVELS] = {
#define X(id, name) [id] = (name),
	PFT_LEVELS(X)
#undef X
};

static const char *const area_names[PFT_NR_AREAS] = {
#define X(id, name) [id] = (name),
	PFT_AREAS(X)
#undef X
};

/* A number from a later minor version of the ABI has no name here. */
static const char *name_of(const char *const *names, unsigned int count, unsigned int value)
{
	return value < count && names[value] ? names[value] : "?";
}

static int find(const char *const *names, unsigned int count, const char *name)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (names[i] && !strcmp(names[i], name))
			return (int)i;
	return -1;
}

/**
 * pft_class_name - name of a class
 * @value: enum pft_class
 *
 * Return: its name; "?" for a number that has none, as for all of these.
 */
const char *pft_class_name(unsigned int value)
{
	return name_of(class_names, PFT_NR_CLASSES, value);
}

/**
 * pft_access_name - letter of an access
 * @value: enum pft_access
 *
 * Return: "r", "w" or "x".
 */
const char *pft_access_name(unsigned int value)
{
	return name_of(access_names, PFT_NR_ACCESSES, value);
}

/**
 * pft_origin_name - who made the access
 * @value: enum pft_origin
 *
 * Return: its name.
 */
const char *pft_origin_name(unsigned int value)
{
	return name_of(origin_names, PFT_NR_ORIGINS, value);
}

/**
 * pft_cause_name - name of a cause
 * @value: enum pft_cause
 *
 * Return: its name.
 */
const char *pft_cause_name(unsigned int value)
{
	return name_of(cause_names, PFT_NR_CAUSES, value);
}

/**
 * pft_cause_meaning - what a cause means
 * @value: enum pft_cause
 *
 * Return: a few words.
 */
const char *pft_cause_meaning(unsigned int value)
{
	return name_of(cause_meanings, PFT_NR_CAUSES, value);
}

/**
 * pft_level_name - name of a level of the page table
 * @value: enum pft_level
 *
 * Return: its name.
 */
const char *pft_level_name(unsigned int value)
{
	return name_of(level_names, PFT_NR_LEVELS, value);
}

/**
 * pft_area_name - name of a kind of mapping
 * @value: enum pft_area
 *
 * Return: its name, in brackets as in /proc/PID/maps.
 */
const char *pft_area_name(unsigned int value)
{
	return name_of(area_names, PFT_NR_AREAS, value);
}

/**
 * pft_class_find - look a class up
 * @name: its name
 *
 * Return: enum pft_class, or -1.
 */
int pft_class_find(const char *name)
{
	return find(class_names, PFT_NR_CLASSES, name);
}

/**
 * pft_cause_find - look a cause up
 * @name: its name
 *
 * Return: enum pft_cause, or -1.
 */
int pft_cause_find(const char *name)
{
	return find(cause_names, PFT_NR_CAUSES, name);
}

/**
 * pft_level_find - look a level up
 * @name: its name
 *
 * Return: enum pft_level, or -1.
 */
int pft_level_find(const char *name)
{
	return find(level_names, PFT_NR_LEVELS, name);
}

/**
 * pft_access_find - look an access up
 * @name: its letter
 *
 * Return: enum pft_access, or -1.
 */
int pft_access_find(const char *name)
{
	return find(access_names, PFT_NR_ACCESSES, name);
}
