// SPDX-License-Identifier: GPL-2.0
/* Lines of `exited` and `pids`, which are to be those of the kernel. */
#include <string.h>

#include "faultcheck.h"

struct line {
	long long pid, minor, major, invalid;
	bool taken;
};

static struct line *lines;
static size_t nr_lines;

static void read_lines(const char *name)
{
	FILE *f = open_file(name);
	char *line = NULL;
	size_t room = 0;

	if (getline(&line, &room, f) <= 0 || !strstr(line, "PID      MINOR    MAJOR INVALID"))
		differs("%s: unknown header: %s", name, line ? line : "");
	while (getline(&line, &room, f) > 0) {
		struct line new = {};

		if (sscanf(line, "%lld %lld %lld %lld", &new.pid, &new.minor, &new.major,
			   &new.invalid) != 4)
			differs("%s: cannot be read: %s", name, line);
		lines = grow(lines, (nr_lines + 1) * sizeof(*lines));
		lines[nr_lines++] = new;
	}
	free(line);
	fclose(f);
}

/*
 * The line of a process. `exited` is newest first, so the last k users of a
 * process id have the first k lines with it. Among these the order is that in
 * which the kernel freed them, which may differ from that of their ends: one
 * with the right counts is taken if there is one, else the first that is left.
 */
static struct line *find_line(const struct line *want, size_t k)
{
	struct line *left = NULL;
	size_t j;

	for (j = 0; j < nr_lines && k; j++) {
		if (lines[j].pid != want->pid)
			continue;
		k--;
		if (lines[j].taken)
			continue;
		if (lines[j].minor == want->minor && lines[j].major == want->major &&
		    lines[j].invalid == want->invalid)
			return &lines[j];
		if (!left)
			left = &lines[j];
	}
	return left;
}

void check_counts(const json_t *json)
{
	json_t *processes = json_object_get(json, "processes");
	size_t i, j, k, n = json_array_size(processes);

	read_lines("exited");
	read_lines("pids");
	if (!n)
		differs("faultgen names no process");
	for (i = n; i-- > 0;) {
		const json_t *p = json_array_get(processes, i);
		struct line want = {
			.pid = number(p, "pid"),
			.minor = number(p, "minor"),
			.major = number(p, "major"),
			.invalid = number(p, "invalid"),
		};

		struct line *line;

		for (j = 0, k = 0; j < n; j++)
			k += number(json_array_get(processes, j), "pid") == want.pid;
		line = find_line(&want, k);
		if (!line) {
			if (want.minor + want.major + want.invalid)
				differs("process %lld is not listed", want.pid);
			continue;
		}
		line->taken = true;
		if (line->minor != want.minor || line->major != want.major ||
		    line->invalid != want.invalid)
			differs("process %lld: pftrace %lld/%lld/%lld, kernel %lld/%lld/%lld (minor/major/invalid)",
				want.pid, line->minor, line->major, line->invalid,
				want.minor, want.major, want.invalid);
	}
}
