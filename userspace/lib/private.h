/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of libpftrace share with each other only. */
#ifndef PFT_PRIVATE_H
#define PFT_PRIVATE_H

#include <limits.h>
#include <sys/types.h>

#include "libpftrace.h"

/* Longest line: a path of 4,095 bytes, each of which may be written as \ooo. */
#define PFT_LINE_MAX	20000

/**
 * struct pft_root - an open pftrace directory
 * @record_size: bytes from one record to the next, at least as many as we know
 * @abi_minor: ABI minor of the module
 * @live: it is on debugfs; else it is a copy, made elsewhere or for a test
 * @recording: it is a file of "pftop record", not a directory; or NULL
 * @dir: its path
 *
 * Files are opened by path each time, so that a module that was loaded again
 * is found again.
 */
struct pft_root {
	size_t record_size;
	unsigned int abi_minor;
	bool live;
	struct recording *recording;
	char dir[PATH_MAX];
};

/* Bytes behind the last one read, so that words of 8 can be looked at. */
#define LINE_SLACK	8

/**
 * struct line_file - reads a text file line by line
 * @fd: the file
 * @path: its name below the root, for messages
 * @root: whose file
 * @start: first byte not yet given out
 * @end: behind the last byte read
 * @eof: nothing more to read
 * @buf: what was read
 */
struct line_file {
	int fd;
	const char *path;
	const struct pft_root *root;
	size_t start;
	size_t end;
	bool eof;
	char buf[32768];
};

void error_clear(struct pft_error *error);
void error_system(struct pft_error *error, const struct pft_root *root, const char *path, int err);
void error_format(struct pft_error *error, const struct pft_root *root, const char *path,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

int root_open_file(const struct pft_root *root, const char *path, int flags,
		   struct pft_error *error);

struct line_file *line_open(const struct pft_root *root, const char *path,
			    struct pft_error *error);
char *line_next(struct line_file *file, struct pft_error *error);
void line_close(struct line_file *file);
char *line_word(char **rest);
char *line_skip(char *text);
bool line_decimal(char **rest, uint64_t *value);
unsigned int line_split(char *line, char **words, unsigned int max);
bool line_header(struct line_file *file, const char *const *names, unsigned int count,
		 unsigned int *at, struct pft_error *error);
bool line_number(const char *word, uint64_t *value);
void line_unescape(char *to, size_t size, const char *from);

#endif /* PFT_PRIVATE_H */
