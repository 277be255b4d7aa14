// SPDX-License-Identifier: GPL-2.0
/* What every command does first, and how errors are said. */

#include <stdio.h>

#include "pftop.h"
#include "say.h"

/**
 * common_error - say an error of the library
 * @error: the error
 */
void common_error(const struct pft_error *error)
{
	char text[640];

	pft_error_message(error, text, sizeof(text));
	say("%s", text);
}

/**
 * common_open - open the directory that the options ask for
 * @options: the options
 *
 * Return: the directory, or NULL after an error that was said.
 */
struct pft_root *common_open(const struct options *options)
{
	struct pft_error error;
	struct pft_root *root = pft_root_open(options->debugfs, &error);

	if (!root)
		common_error(&error);
	return root;
}

/**
 * common_open_module - the same, of what is to be watched while it goes on
 * @options: the options
 *
 * Return: the directory, or NULL after an error that was said.
 */
struct pft_root *common_open_module(const struct options *options)
{
	struct pft_root *root = common_open(options);

	if (!root || !pft_root_is_recording(root))
		return root;
	say("%s is a recording, which is over: this needs the directory of pftrace",
	    pft_root_dir(root));
	pft_root_close(root);
	return NULL;
}
