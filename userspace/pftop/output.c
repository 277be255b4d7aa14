// SPDX-License-Identifier: GPL-2.0
/* What all output formats have in common. */

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "output.h"
#include "safe.h"

/**
 * output_init - choose a format
 * @output: to be filled
 * @format: the format
 * @file: where to write; stays the caller's
 */
void output_init(struct output *output, enum format format, FILE *file)
{
	static const struct output_ops *const all[] = {
		[FORMAT_TEXT] = &text_ops,
		[FORMAT_JSON] = &json_ops,
		[FORMAT_CSV] = &csv_ops,
	};

	memset(output, 0, sizeof(*output));
	output->ops = all[format];
	output->format = format;
	output->file = file;
	output->utf8 = format != FORMAT_TEXT || safe_locale_is_utf8();
}

/**
 * output_create - open a file to be written
 * @path: its name, or "-" for standard output
 *
 * Return: the file, to be closed with output_close(), or NULL and errno.
 */
FILE *output_create(const char *path)
{
	return strcmp(path, "-") != 0 ? fopen(path, "we") : stdout;
}

/**
 * output_close - a file is complete
 * @file: from output_create()
 *
 * Return: false where not all of it could be written, see errno.
 */
bool output_close(FILE *file)
{
	return file == stdout ? !fflush(file) && !ferror(file) : !fclose(file);
}

/**
 * output_schema - say what kind of document this is
 * @output: from output_init(), after @begin
 * @name: of its kind
 */
void output_schema(struct output *output, const char *name)
{
	struct cell schema = cell_text(name), version = cell_uint(OUTPUT_JSON_VERSION);

	output->ops->value(output, NULL, "schema", &schema);
	output->ops->value(output, NULL, "version", &version);
}

/**
 * output_gone - has the reader of a pipe or socket gone?
 * @output: from output_init()
 *
 * Return: true where nobody will read what is written.
 */
bool output_gone(const struct output *output)
{
	struct pollfd fd = { .fd = fileno(output->file), .events = POLLOUT };

	return poll(&fd, 1, 0) == 1 && fd.revents & (POLLERR | POLLHUP);
}

/**
 * output_flush - bring out what was written
 * @output: from output_init()
 *
 * Return: 0 to go on, 1 where the reader has gone, -1 on an error, which is
 * said.
 */
int output_flush(struct output *output)
{
	if (output->failed) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return -1;
	}
	errno = 0;
	if (!fflush(output->file) && !ferror(output->file))
		return 0;
	/* A write may have failed long ago: then another one tells why. */
	if (!errno) {
		(void)fputc('\n', output->file);
		(void)fflush(output->file);
	}
	if (errno == EPIPE || output_gone(output))
		return 1;
	(void)fprintf(stderr, "pftop: cannot write: %s\n", strerror(errno ? errno : EIO));
	return -1;
}

/**
 * output_fini - done
 * @output: from output_init()
 */
void output_fini(struct output *output)
{
	if (output->ops && output->ops->fini)
		output->ops->fini(output);
	output->ops = NULL;
}
