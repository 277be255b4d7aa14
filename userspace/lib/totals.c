// SPDX-License-Identifier: GPL-2.0
/* The file `totals`: names and values, whatever names there are. */

#include <stdio.h>
#include <string.h>

#include "private.h"

static void strip_end(char *text)
{
	size_t length = strlen(text);

	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		text[--length] = '\0';
}

static void add_total(struct pft_totals *totals, char *line)
{
	struct pft_total *total;
	char *name = line_word(&line);

	if (!name || totals->count == PFT_TOTALS_MAX)
		return;
	total = &totals->total[totals->count++];
	(void)snprintf(total->name, sizeof(total->name), "%s", name);
	line += strspn(line, " \t");
	strip_end(line);
	(void)snprintf(total->text, sizeof(total->text), "%s", line);
	total->value = 0;
	total->is_number = line_number(line, &total->value);
}

/**
 * pft_totals_read - read the file `totals`
 * @root: from pft_root_open()
 * @totals: to be filled anew
 * @error: why not
 *
 * Return: true where it was read. A name that is not there is no error.
 */
bool pft_totals_read(const struct pft_root *root, struct pft_totals *totals,
		     struct pft_error *error)
{
	struct line_file *file;
	char *line;

	totals->count = 0;
	file = line_open(root, "totals", error);
	if (!file)
		return false;
	while ((line = line_next(file, error)))
		add_total(totals, line);
	line_close(file);
	return error->code == PFT_OK;
}

/**
 * pft_totals_find - look a name up
 * @totals: from pft_totals_read()
 * @name: a name
 *
 * Return: its line, or NULL where this module does not have it.
 */
const struct pft_total *pft_totals_find(const struct pft_totals *totals, const char *name)
{
	unsigned int i;

	for (i = 0; i < totals->count; i++)
		if (!strcmp(totals->total[i].name, name))
			return &totals->total[i];
	return NULL;
}

/**
 * pft_totals_value - look a number up
 * @totals: from pft_totals_read()
 * @name: a name
 *
 * Return: its value, or 0 where this module does not have it.
 */
uint64_t pft_totals_value(const struct pft_totals *totals, const char *name)
{
	const struct pft_total *total = pft_totals_find(totals, name);

	return total && total->is_number ? total->value : 0;
}
