// SPDX-License-Identifier: GPL-2.0
/*
 * Names are bytes that any program chose: of threads, of files, of commands, of
 * the recording itself. Through every output that there is: none of them gets
 * out as it is where it could drive a terminal, break a line, or end what it
 * stands in.
 */

#include <jansson.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_recording.h"

#define SECOND		1000000000ULL
#define FIRST_PID	5000000U
#define LIMIT_MS	30000	/* only a broken pftop takes this long */

static const char *const names[] = {
	"\033]0;owned\007",		/* sets a title */
	"\033[2Jx",
	"one\ntwo 3",
	"<script>x()",
	"</script>",
	"\342\200\256rtl",		/* from right to left */
	"\302\233" "2J",		/* the same as ESC [, as one character */
	"\377\376bad",
	"cut \342\202",
	"a;b,c\"d 7",
	"=cmd|'x'!A",
	"\177\b\r\t",
};

#define NAMES	(sizeof(names) / sizeof(names[0]))

static struct fake_recording recording;
static char *output;
static size_t nr_output;

/* As the module and /proc write it: what is not printable as \ooo. */
static const char *escaped(const char *name)
{
	static char text[256];
	size_t used = 0;

	for (; *name; name++)
		used += (size_t)sprintf(text + used, *name > ' ' && *name < 0x7f ? "%c" : "\\%03o",
					(unsigned char)*name);
	return text;
}

static void make_texts(void)
{
	static char pids[8192], files[8192], text[1024];
	size_t at_pids, at_files, i;

	at_pids = (size_t)sprintf(pids, "PID PPID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR COMM\n");
	at_files = (size_t)sprintf(files, "ID DEV INO PATH\n");
	for (i = 0; i < NAMES; i++) {
		at_pids += (size_t)sprintf(pids + at_pids, "%zu 1 20 20 1 0 1000 1000 0x1 %s\n",
					   FIRST_PID + i, escaped(names[i]));
		at_files += (size_t)sprintf(files + at_files, "%zu 08:01 %zu /srv/%s\n", i + 1,
					    i + 1, escaped(names[i]));
		/* Raw: nothing can be trusted to have escaped it. */
		sprintf(text, "7f0000000000-7f0000400000 r-xp 00000000 08:01 %zu /srv/%s\n", i + 1,
			i % 2 ? escaped(names[i]) : names[i]);
		sprintf(pids + sizeof(pids) - 64, "proc/%zu/maps", FIRST_PID + i);
		fake_recording_text(&recording, pids + sizeof(pids) - 64, 1, text);
		sprintf(pids + sizeof(pids) - 64, "proc/%zu/cmdline", FIRST_PID + i);
		fake_recording_text(&recording, pids + sizeof(pids) - 64, 1, names[i]);
	}
	fake_recording_text(&recording, "files", 1, files);
	fake_recording_text(&recording, "pids", SECOND, pids);
	fake_recording_text(&recording, "exited", SECOND, pids);
	fake_recording_text(&recording, "totals", SECOND,
			    "minor 20\nmajor 20\ninvalid 1\ncpus 1\ntraced_ns 1\nhook \033[2J\n");
	fake_recording_text(&recording, "pids", 2 * SECOND, pids);
	fake_recording_text(&recording, "exited", 2 * SECOND,
			    "PID PPID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR COMM\n");
	fake_recording_text(&recording, "totals", 2 * SECOND,
			    "minor 40\nmajor 40\ninvalid 2\ncpus 1\ntraced_ns 2\nhook \033[2J\n");
}

static void make_records(void)
{
	struct pft_record record[22 * NAMES] = { 0 }, *r = record;
	size_t i, j;

	for (i = 0; i < NAMES; i++) {
		/* Of the first, so much that advice names it. */
		for (j = 0; j < 22; j++, r++) {
			r->time_ns = SECOND + (uint64_t)(r - record) + 1;
			r->tgid = r->pid = FIRST_PID + (uint32_t)i;
			r->class = j < 20 ? PFT_MAJOR : j == 20 ? PFT_MINOR : PFT_INVALID;
			r->cause = j < 20 ? PFT_CAUSE_FILE : j == 20 ? PFT_CAUSE_ZERO :
								       PFT_CAUSE_WRITE_DENIED;
			r->latency_ns = j >= 21 ? 0 : i ? 1000000 : 100000000;
			r->perms = PFT_PERM_VMA | PFT_PERM_READ;
			r->vma_start = 0x7f0000000000;
			r->vma_end = 0x7f0000400000;
			r->address = r->vma_start + j * 4096;
			r->ip = r->vma_start + 0x1234;
			r->area = PFT_AREA_FILE;
			r->dev = 0x801;
			r->ino = i + 1;
			r->file = (uint32_t)i + 1;
			memcpy(r->comm, names[i], strnlen(names[i], sizeof(r->comm) - 1));
		}
	}
	fake_recording_records(&recording, 0, record, (unsigned int)(r - record), 0);
}

static int setup(void **state)
{
	char hostile[160];

	fake_root_setup(state);
	fake_recording_begin(&recording, fake_root_dir);
	fake_recording_text(&recording, "host", 0,
			    "kernel \033[2J\nmachine \342\200\256\nstart_ns 1000000000\n"
			    "start_wall_ns 1700000000000000000\ncommand \033]0;owned\007 <script>x()\n");
	make_texts();
	make_records();
	fake_recording_end(&recording);
	/* Its own name is no better. */
	snprintf(hostile, sizeof(hostile), "%s/\033]0;owned\007<script>x()", fake_root_dir);
	if (rename(recording.path, hostile))
		return -1;
	setenv("FILE", hostile, 1);
	snprintf(hostile, sizeof(hostile), "%s/page", fake_root_dir);
	setenv("PAGE", hostile, 1);
	return 0;
}

static int teardown(void **state)
{
	free(output);
	output = NULL;
	return fake_root_teardown(state);
}

/* What a shell command writes to either of its outputs. */
static void run(const char *command)
{
	FILE *pipe = popen(command, "r"), *memory;
	char part[65536];
	size_t got;

	free(output);
	memory = open_memstream(&output, &nr_output);
	assert_true(pipe && memory);
	while ((got = fread(part, 1, sizeof(part), pipe)))
		fwrite(part, 1, got, memory);
	fclose(memory);
	assert_true(WIFEXITED(pclose(pipe)));
}

/* Lines of characters that are there to be read, and nothing else. */
static void assert_harmless(const char *command)
{
	static const char *const bad[] = { "\342\200\256", "\302\233", "<script>x()" };
	unsigned char byte;
	json_t *string;
	bool text = !strstr(command, "; cat ");
	size_t i;

	if (!nr_output)
		fail_msg("%s: nothing", command);
	for (i = 0; i < nr_output; i++) {
		byte = (unsigned char)output[i];
		if ((byte < ' ' && byte != '\n' && (text || byte != '\t')) || byte == 0x7f)
			fail_msg("%s: byte %#x at %zu:\n%.200s", command, byte, i,
				 output + (i > 100 ? i - 100 : 0));
	}
	/* Markup is harmless where nothing makes a page of it. */
	for (i = 0; i < (text ? 2U : 3U); i++)
		if (strstr(output, bad[i]))
			fail_msg("%s: has \"%s\"", command, bad[i]);
	/* Well-formed UTF-8 is what jansson takes. */
	string = json_string(output);
	if (!string)
		fail_msg("%s: no UTF-8", command);
	json_decref(string);
}

static void assert_json_lines(const char *command)
{
	char *line, *rest = output;
	json_error_t error;
	json_t *document;

	while ((line = strsep(&rest, "\n")) && *line) {
		document = json_loads(line, JSON_REJECT_DUPLICATES, &error);
		if (!document)
			fail_msg("%s: %s", command, error.text);
		json_decref(document);
	}
}

static void test_outputs(void **state)
{
	static const char *const commands[] = {
		"report \"$FILE\"",
		"report \"$FILE\" --json",
		"report \"$FILE\" --folded",
		"report \"$FILE\" --html \"$PAGE\"; cat \"$PAGE\"",
		"-b --debugfs \"$FILE\"",
		"-b --json --debugfs \"$FILE\"",
		"-b --csv --debugfs \"$FILE\"",
		"events --debugfs \"$FILE\"",
		"events --json --debugfs \"$FILE\"",
		"events --csv --debugfs \"$FILE\"",
		"report \"$FILE.none\"",
		"report \"$FILE\" --table \"$FILE\"",
		"report \"$FILE\" --html \"$FILE/x\"",
		"-p 1 --debugfs \"$FILE\"",
		"\"$FILE\"",
		"--sort \"$FILE\"",
		"\"--$FILE\"",
		"\"--co$FILE\"",
		"\"--batch=$FILE\"",
		"-b\"$(printf '\\033')\"",
		"-b\"$(printf '\\377')\"",
		"record -o \"$FILE/x\" --debugfs \"$FILE\"",
		"--debugfs \"$FILE\" -- \"$FILE\"",
	};
	static const char *const locales[] = { "C", "C.UTF-8" };
	char command[512];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		for (j = 0; j < 2; j++) {
			snprintf(command, sizeof(command), "LC_ALL=%s timeout 60 $PFTOP %s 2>&1 </dev/null",
				 locales[j], commands[i]);
			run(command);
			assert_harmless(command);
			if (strstr(command, "--json"))
				assert_json_lines(command);
		}
	}
}

/* Each row is one line, in each table. */
static void test_tables(void **state)
{
	static const char *const tables[] = {
		"classes", "causes", "latency", "timeline", "processes", "files", "vmas", "code",
		"pages", "refused", "hints",
	};
	static const char *const formats[] = { "--csv", "--json", "-n 999" };
	char command[512];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (j = 0; j < 3; j++) {
			snprintf(command, sizeof(command),
				 "LC_ALL=C.UTF-8 timeout 60 $PFTOP report \"$FILE\" --table %s %s 2>&1",
				 tables[i], formats[j]);
			run(command);
			assert_harmless(command);
			if (j == 1)
				assert_json_lines(command);
		}
	}
	run("$PFTOP report \"$FILE\" --table files --csv | wc -l");
	assert_int_equal(atoi(output), NAMES + 1);
	run("$PFTOP report \"$FILE\" --table refused --csv | wc -l");
	assert_int_equal(atoi(output), NAMES + 1);
	/* Three frames and a number, whatever is in them. */
	run("$PFTOP report \"$FILE\" --folded | grep -vcE '^[^;]+;[^;]+;[^;]+ [0-9]+$'");
	assert_int_equal(atoi(output), 0);
}

static char seen[1 << 20];
static size_t nr_seen;

static void until(int terminal, const char *text)
{
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	size_t from = nr_seen;
	ssize_t got;

	while (!strstr(seen + from, text)) {
		if (poll(&fd, 1, LIMIT_MS) != 1)
			fail_msg("\"%s\" did not come:\n%s", text, seen + from);
		got = read(terminal, seen + nr_seen, sizeof(seen) - 1 - nr_seen);
		if (got <= 0)
			fail_msg("pftop ended before \"%s\":\n%s", text, seen + from);
		nr_seen += (size_t)got;
	}
}

static void look(const char *locale)
{
	struct winsize size = { .ws_row = 50, .ws_col = 200 };
	static const char *const bad[] = {
		"\033]0;", "\007", "\342\200\256", "\302\233", "\377",
	};
	int terminal, status;
	pid_t child;
	size_t i;

	nr_seen = 0;
	memset(seen, 0, sizeof(seen));
	child = forkpty(&terminal, NULL, NULL, &size);
	assert_true(child >= 0);
	if (!child) {
		setenv("TERM", "vt100", 1);
		setenv("LC_ALL", locale, 1);
		execl(getenv("PFTOP"), "pftop", "-d", "0.1", "--debugfs", getenv("FILE"),
		      (char *)NULL);
		_exit(126);
	}
	until(terminal, "owned\\007");
	assert_int_equal(write(terminal, "e", 1), 1);
	until(terminal, "write-denied");
	assert_int_equal(write(terminal, "\033", 1), 1);
	until(terminal, "COMMAND");
	/* Into the first, the second: mappings, code, pages, heatmap. */
	assert_int_equal(write(terminal, "\r", 1), 1);
	until(terminal, "/srv/");
	assert_int_equal(write(terminal, "2", 1), 1);
	until(terminal, "?");
	assert_int_equal(write(terminal, "3", 1), 1);
	until(terminal, "0x7f0000000000");
	assert_int_equal(write(terminal, "4", 1), 1);
	until(terminal, "7f0000");
	assert_int_equal(write(terminal, "q", 1), 1);
	while (nr_seen < sizeof(seen) - 1) {
		ssize_t got = read(terminal, seen + nr_seen, sizeof(seen) - 1 - nr_seen);

		if (got <= 0)
			break;
		nr_seen += (size_t)got;
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(terminal);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strstr(seen, bad[i]))
			fail_msg("in %s, \"%s\" came to the terminal", locale, bad[i]);
}

static void test_screen(void **state)
{
	(void)state;
	look("C");
	look("C.UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_outputs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_screen, setup, teardown),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
