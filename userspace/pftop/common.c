// SPDX-License-Identifier: GPL-2.0
/* What every command does first, and how errors are said. */

#include <stdio.h>

#include "pftop.h"

/**
 * common_error - say an error of the library
 * @error: the error
 */
void common_error(const struct pft_error *error)
{
	char text[640];

	pft_error_message(error, text, sizeof(text));
	(void)fprintf(stderr, "pftop: %s\n", text);
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

	if (!root) {
		common_error(&error);
	} else if (pft_root_is_recording(root) &&
		   options->command & (COMMAND_RUN | COMMAND_RECORD)) {
		(void)fprintf(stderr, "pftop: %s is a recording: this needs the directory of pftrace (%s)\n",
			      options->debugfs, PFT_DEFAULT_ROOT);
		pft_root_close(root);
		root = NULL;
	}
	return root;
}
