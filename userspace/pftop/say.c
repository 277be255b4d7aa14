// SPDX-License-Identifier: GPL-2.0
/* Errors and warnings. */

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "options.h"
#include "safe.h"
#include "say.h"

/**
 * say - write a line to standard error, with the name of the program before it
 * @fmt: as for printf(3), without the end of the line; names may be raw
 */
void say(const char *fmt, ...)
{
	char text[2 * PATH_MAX], safe[4 * sizeof(text)];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	(void)safe_text(safe, sizeof(safe), text, safe_locale_is_utf8());
	(void)fprintf(stderr, "pftop: %s\n", safe);
}

/**
 * say_usage - say what is wrong with the command line
 * @what: what it is
 * @name: the word in question, or NULL
 *
 * Return: EXIT_USAGE.
 */
int say_usage(const char *what, const char *name)
{
	say("%s%s%s (try pftop --help)", what, name ? " " : "", name ? name : "");
	return EXIT_USAGE;
}
