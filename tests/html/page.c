// SPDX-License-Identifier: GPL-2.0
/* A report on standard input becomes its page on standard output. */

#include <stdio.h>
#include <stdlib.h>

#include "html.h"

int main(void)
{
	size_t size = 0, room = 1 << 20, got;
	char *json = malloc(room);

	while (json && (got = fread(json + size, 1, room - size, stdin)) > 0) {
		size += got;
		if (size == room)
			json = realloc(json, room *= 2);
	}
	if (!json || ferror(stdin) || !html_write(stdout, json, size) || fflush(stdout)) {
		perror("page");
		return 1;
	}
	free(json);
	return 0;
}
