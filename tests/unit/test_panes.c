// SPDX-License-Identifier: GPL-2.0
/*
 * The live screen as a person sees it: in tmux, on terminals of several sizes,
 * key by key, compared with screens that a person has read
 * (tests/golden/screens/WxH/NAME). With UPDATE=1 they are written anew.
 *
 * There updates come only when a key asks for one, so that what is seen depends
 * on the keys alone.
 */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"
#include "sgr.h"

#define GOLDEN		"../golden/screens"
#define LIMIT_MS	20000	/* only a broken pftop takes this long */
#define POLL_MS		20
#define BIG		65536

#define PID		5000873

static char dir[64];
static unsigned int server;	/* a socket for each: one that ends may still have the last */

/**
 * struct step - keys, and the screen that they lead to
 * @name: of the file that holds it
 * @keys: as tmux(1) names them, with blanks between
 * @act: what is done before, or NULL
 * @flags: for capture-pane: with -e colours and the like are part of it
 */
struct step {
	const char *name;
	const char *keys;
	void (*act)(void);
	const char *flags;
};

/* --- what there is to be seen --- */

static struct pft_record *add(struct fake_ring *ring, uint64_t ms, uint32_t pid, const char *comm)
{
	struct pft_record *record = fake_ring_add(ring, 1000000000ULL + ms * 1000000);

	record->pid = record->tgid = pid;
	snprintf(record->comm, sizeof(record->comm), "%s", comm);
	record->level = PFT_LEVEL_PTE;
	record->cgroup = 4242;
	return record;
}

static void on_vma(struct pft_record *record, uint64_t start, uint64_t end, uint64_t at,
		   unsigned int perms, enum pft_area area)
{
	record->vma_start = start;
	record->vma_end = end;
	record->address = at;
	record->perms = (uint8_t)(PFT_PERM_VMA | perms);
	record->area = (uint8_t)area;
}

static void on_heap(struct pft_record *record, unsigned int page)
{
	on_vma(record, 0x55d0c1000000, 0x55d0c1400000, 0x55d0c1000010 + page * 4096ULL,
	       PFT_PERM_READ | PFT_PERM_WRITE, PFT_AREA_HEAP);
	record->cause = page % 8 ? PFT_CAUSE_ZERO : PFT_CAUSE_COW;
	record->access = PFT_WRITE;
	record->ip = 0x55d0c0a41010;
	record->latency_ns = 600 + page;
}

static void on_file(struct pft_record *record, uint32_t file, unsigned int page, uint64_t ns)
{
	on_vma(record, 0x7f11c0000000 + file * 0x10000000ULL,
	       0x7f11c0200000 + file * 0x10000000ULL,
	       0x7f11c0000100 + file * 0x10000000ULL + page * 4096ULL,
	       PFT_PERM_READ | PFT_PERM_EXEC, PFT_AREA_FILE);
	record->file = file;
	record->dev = 0x801;
	record->ino = 100 + file;
	record->class = ns > 100000 ? PFT_MAJOR : PFT_MINOR;
	record->cause = PFT_CAUSE_FILE;
	record->access = PFT_EXEC;
	record->ip = record->address;
	record->latency_ns = ns;
}

static void refuse(struct pft_record *record, enum pft_cause cause)
{
	record->class = PFT_INVALID;
	record->cause = (uint8_t)cause;
	record->order = PFT_ORDER_NONE;
	record->latency_ns = 0;
}

static void in_hole(struct pft_record *record, uint64_t address)
{
	record->perms = PFT_PERM_HOLE;
	record->address = address;
	record->ip = 0x55d0c0a42044;
	record->vma_start = 0x55d0c1400000;
	record->vma_end = 0x7f1230000000;
	record->below_perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE;
	record->below_area = PFT_AREA_HEAP;
	record->above_perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_EXEC;
	record->above_area = PFT_AREA_FILE;
	record->above_file = 7;
	record->stack_limit = 8 << 20;
}

static void make_rings(const char *root)
{
	struct pft_record *record;
	struct fake_ring ring;
	unsigned int i;

	fake_ring_make(&ring, 0, 1024);
	for (i = 0; i < 200; i++) {
		on_heap(add(&ring, i * 10, PID, "postgres"), i);
		if (i % 10 == 0)
			on_file(add(&ring, i * 10 + 1, PID, "postgres"), 7, i / 10 * 7 % 50,
				i % 30 ? 2100 : 8400123);
		if (i == 120)
			on_heap(add(&ring, i * 10 + 2, 5002411, "cc1"), 3);
	}
	fake_ring_write_plain(&ring, root);
	fake_ring_free(&ring);

	fake_ring_make(&ring, 1, 64);
	for (i = 0; i < 12; i++) {
		record = add(&ring, 400 + i * 20, PID, "postgres");
		on_file(record, 8, i % 3, 900);
		on_vma(record, 0x7ffd00000000 - i * 4096ULL, 0x7ffd00100000,
		       0x7ffd00000000 - i * 4096ULL + 8, PFT_PERM_READ | PFT_PERM_WRITE,
		       PFT_AREA_STACK);
		record->file = 0;
		record->dev = 0;
		record->ino = 0;
		record->cause = PFT_CAUSE_ZERO;
		record->access = PFT_WRITE;
	}
	on_file(add(&ring, 700, PID, "postgres"), 8, 1, 4200);
	record = add(&ring, 710, PID, "postgres");
	refuse(record, PFT_CAUSE_UNMAPPED);
	in_hole(record, 0x55d0c1400018);
	record = add(&ring, 720, 5002502, "a\033[31m\nc");
	refuse(record, PFT_CAUSE_NULL);
	record->address = 8;
	record->access = PFT_WRITE;
	record->ip = 0x401136;
	record = add(&ring, 730, PID, "pg worker");
	on_file(record, 8, 2, 0);
	record->access = PFT_WRITE;
	record->pid = PID + 1;
	refuse(record, PFT_CAUSE_WRITE_DENIED);
	record = add(&ring, 740, PID, "postgres");
	record->origin = PFT_KERNEL;
	in_hole(record, 16);
	refuse(record, PFT_CAUSE_UACCESS);
	record->syscall = 0xffff;
	for (i = 0; i < 4; i++) {
		record = add(&ring, 750 + i, 5002600, "bad");
		on_file(record, 7, 50 + i, 900);
		refuse(record, PFT_CAUSE_PAST_EOF);
	}
	fake_ring_write_plain(&ring, root);
	fake_ring_free(&ring);
}

/* --- a terminal --- */

static void run(const char *command)
{
	if (system(command))
		fail_msg("this failed: %s", command);
}

static void tmux(const char *fmt, ...)
{
	char rest[1024], command[1280];
	va_list args;

	va_start(args, fmt);
	vsnprintf(rest, sizeof(rest), fmt, args);
	va_end(args);
	snprintf(command, sizeof(command), "tmux -S %s/tmux%u -f %s/tmux.conf %s", dir, server,
		 dir, rest);
	run(command);
}

static void start(unsigned int width, unsigned int height, const char *env, const char *options)
{
	char here[256];

	assert_non_null(getcwd(here, sizeof(here)));
	server++;
	tmux("-u new-session -d -x %u -y %u 'cd %s && env -u NO_COLOR LC_ALL=C.UTF-8 %s %s -d 3600 --debugfs %s/screen %s; echo $? >%s/status'",
	     width, height, here, env, getenv("PFTOP"), dir, options, dir);
}

static void capture(char *text, const char *flags)
{
	char path[128];
	size_t got;
	FILE *file;

	tmux("capture-pane -p %s >%s/now", flags, dir);
	snprintf(path, sizeof(path), "%s/now", dir);
	file = fopen(path, "r");
	assert_non_null(file);
	got = fread(text, 1, BIG - 1, file);
	text[got] = '\0';
	fclose(file);
	if (*flags)
		sgr_plain(text, BIG);
}

static bool slurp(const char *path, char *text)
{
	FILE *file = fopen(path, "r");
	size_t got;

	if (!file)
		return false;
	got = fread(text, 1, BIG - 1, file);
	text[got] = '\0';
	fclose(file);
	return true;
}

static void until(const char *text)
{
	static char now[BIG];
	unsigned int ms;

	for (ms = 0; ms < LIMIT_MS; ms += POLL_MS) {
		capture(now, "");
		if (strstr(now, text))
			return;
		usleep(POLL_MS * 1000);
	}
	fail_msg("\"%s\" is not seen:\n%s", text, now);
}

/* q ends it well: a sanitizer that had something to say would end it otherwise. */
static void stop(void)
{
	char path[128], status[16] = "";
	unsigned int ms;
	FILE *file;

	snprintf(path, sizeof(path), "%s/status", dir);
	tmux("send-keys q");
	for (ms = 0; !strchr(status, '\n') && ms < LIMIT_MS; ms += POLL_MS) {
		usleep(POLL_MS * 1000);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (!fgets(status, sizeof(status), file))
			*status = '\0';
		fclose(file);
	}
	assert_int_equal(unlink(path), 0);
	assert_string_equal(status, "0\n");
	tmux("kill-server");
}

/* For UPDATE: a screen that stays as it is for a while. */
static void settle(const char *path, const char *flags)
{
	static char now[BIG], before[BIG];
	unsigned int same = 0, ms;
	FILE *file;

	for (ms = 0; same < 20 && ms < LIMIT_MS; ms += POLL_MS) {
		usleep(POLL_MS * 1000);
		capture(now, flags);
		same = strcmp(now, before) || strlen(now) < 20 ? 0 : same + 1;
		strcpy(before, now);
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(now, file);
	fclose(file);
}

/* Until the screen is the one in the file. */
static void compare(const char *size, const char *name, const char *flags)
{
	static char now[BIG], expected[BIG];
	char path[256];
	unsigned int ms;

	snprintf(path, sizeof(path), "%s/%s", GOLDEN, size);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%s/%s", GOLDEN, size, name);
	if (getenv("UPDATE")) {
		settle(path, flags);
		return;
	}
	if (!slurp(path, expected))
		fail_msg("%s is not there: UPDATE=1 makes it", path);
	for (ms = 0; ms < LIMIT_MS; ms += POLL_MS) {
		capture(now, flags);
		if (!strcmp(now, expected))
			return;
		usleep(POLL_MS * 1000);
	}
	fail_msg("%s is not what is seen:\n%s", path, now);
}

/* --- the keys --- */

/* One more has ended. */
static void end_one(void)
{
	char line[256], command[512];
	unsigned int i;
	int used;

	used = snprintf(line, sizeof(line), "5002700 7 0 1 0 900 0 0x0 1");
	for (i = 0; i < PFT_NR_CAUSES; i++)
		used += snprintf(line + used, sizeof(line) - (size_t)used, " %d",
				 i == PFT_CAUSE_ZERO ? 7 : i == PFT_CAUSE_NULL);
	snprintf(command, sizeof(command), "sed -i '1a\\%s gone' %s/screen/exited", line, dir);
	run(command);
}

/* Each key, and what it leads to from where the one before has led. */
static const struct step steps[] = {
	{ "start", "", NULL, "" },
	{ "help", "F1", NULL, "" },
	{ "help", "x h", NULL, "" },
	{ "help", "x ?", NULL, "" },
	{ "sort-next", "x F6", NULL, "-e" },
	{ "sort-next", "'>' '<'", NULL, "-e" },
	{ "sort-before", "'<' '<'", NULL, "-e" },
	{ "start", "'>'", NULL, "" },
	{ "reverse", "R", NULL, "" },
	{ "totals", "R t", NULL, "" },
	{ "start", "t", NULL, "" },
	{ "threads", "H", NULL, "" },
	{ "exited", "H", end_one, "" },
	{ "search-ask", "/", NULL, "" },
	{ "search", "b a d Enter", NULL, "-e" },
	{ "search-none", "/ z z z Enter", NULL, "" },
	{ "filter-ask", "\\\\", NULL, "" },
	{ "filter", "p g x BSpace BSpace o Enter", NULL, "" },
	{ "user-ask", "\\\\ Enter u", NULL, "" },
	{ "user", "n o b o d y Enter", NULL, "" },
	{ "pid-ask", "u Enter p", NULL, "" },
	{ "pid", "5 0 0 2 4 1 1 , 5 0 0 2 6 0 0 Enter", NULL, "" },
	{ "pid-bad", "p x Enter", NULL, "" },
	{ "command", "p Enter c", NULL, "" },
	{ "pause", "c Space", NULL, "" },
	{ "delay-ask", "Space d", NULL, "" },
	{ "delay-bad", "7 x Enter", NULL, "" },
	{ "end", "Escape End", NULL, "-e" },
	{ "home", "PPage Home", NULL, "-e" },
	{ "home", "NPage PPage Down Up", NULL, "-e" },
	{ "refused", "e", NULL, "" },
	{ "refused-pid", "p 5 0 0 2 5 0 2 Enter", NULL, "" },
	{ "refused-end", "p Enter End", NULL, "-e" },
	{ "refused-into", "Up Enter", NULL, "" },
	{ "refused-end2", "Escape", NULL, "" },
	{ "list-again", "Escape", NULL, "" },
	{ "vmas", "Home Down Enter", NULL, "" },
	{ "vmas-sort", "'<'", NULL, "-e" },
	{ "vmas-reverse", "R", NULL, "-e" },
	{ "code", "Tab", NULL, "" },
	{ "pages", "Tab", NULL, "" },
	{ "pages-end", "End", NULL, "" },
	{ "heatmap", "Tab", NULL, "" },
	{ "code2", "2", NULL, "" },
	{ "heatmap", "4", NULL, "" },
	{ "pages", "3", NULL, "" },
	{ "vmas-reverse", "1", NULL, "-e" },
	{ "list-again", "Escape", NULL, "" },
};

struct size {
	unsigned int width;
	unsigned int height;
	const char *name;
};

static void test_keys(void **state)
{
	const struct size *size = *state;
	size_t i;

	start(size->width, size->height, "NO_COLOR=1", "");
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].act)
			steps[i].act();
		if (*steps[i].keys)
			tmux("send-keys %s", steps[i].keys);
		compare(size->name, steps[i].name, steps[i].flags);
	}
	stop();
}

/* A wide terminal, and one whose size changes. */
static void test_resize(void **state)
{
	(void)state;
	start(200, 60, "", "");
	compare("200x60", "start", "");
	tmux("send-keys Enter");
	compare("200x60", "vmas", "");
	tmux("send-keys 4");
	compare("200x60", "heatmap", "");
	tmux("resize-window -x 80 -y 24");
	compare("80x24", "heatmap-of-resized", "");
	tmux("resize-window -x 20 -y 5");
	compare("20x5", "heatmap", "");
	tmux("send-keys 1");
	compare("20x5", "vmas", "");
	tmux("send-keys Escape");
	compare("20x5", "list", "");
	tmux("resize-window -x 200 -y 60");
	tmux("send-keys Home");
	compare("200x60", "start", "");
	stop();
}

/* What is said by colour, and by what where there are none. */
static void test_colors(void **state)
{
	static const char *const keys[] = { "", "Enter", "4", "Escape e" };
	static const char *const names[] = { "list", "vmas", "heatmap", "refused" };
	char name[64];
	size_t i, j;

	(void)state;
	for (i = 0; i < 2; i++) {
		start(80, 24, i ? "NO_COLOR=1" : "", "");
		for (j = 0; j < 4; j++) {
			if (*keys[j])
				tmux("send-keys %s", keys[j]);
			snprintf(name, sizeof(name), "%s-%s", i ? "plain" : "color", names[j]);
			compare("80x24", name, "-e");
		}
		stop();
	}
}

/* Without UTF-8: ASCII and nothing else. */
static void test_c_locale(void **state)
{
	static char now[BIG];
	size_t i;

	(void)state;
	start(80, 24, "LC_ALL=C", "");
	compare("80x24", "c-list", "");
	tmux("send-keys Enter");
	compare("80x24", "c-vmas", "");
	tmux("send-keys 4");
	compare("80x24", "c-heatmap", "");
	capture(now, "");
	for (i = 0; now[i]; i++)
		assert_in_range(now[i], '\n', '~');
	tmux("send-keys e");
	compare("80x24", "c-refused", "");
	stop();
}

/* What comes later is seen later, in each pane; and nothing while it is paused. */
static void test_follow(void **state)
{
	struct pft_record record = { .pos = 59, .time_ns = 5000000000, .tgid = PID, .pid = PID };
	char path[128];
	FILE *file;

	(void)state;
	start(80, 24, "", "-d 0.1 -p 5000873");
	until("postgres");
	tmux("send-keys Enter");
	until(" 236 faults read");
	snprintf(path, sizeof(path), "%s/screen/cpu/cpu1", dir);
	file = fopen(path, "a");
	assert_non_null(file);
	assert_int_equal(fwrite(&record, sizeof(record), 1, file), 1);
	assert_int_equal(fflush(file), 0);
	until(" 237 faults read, 38 records lost");
	refuse(&record, PFT_CAUSE_NULL);
	tmux("send-keys e");
	until("newest first: 3 ");
	record.pos++;
	assert_int_equal(fwrite(&record, sizeof(record), 1, file), 1);
	assert_int_equal(fclose(file), 0);
	until("newest first: 4 ");
	stop();
}

/* A terminal that cannot show a screen gets text. */
static void test_dumb(void **state)
{
	(void)state;
	start(80, 24, "TERM=dumb", "-n 1; cat");
	compare("80x24", "dumb", "");
	tmux("kill-server");
}

static int setup(void **state)
{
	char command[256], root[80];

	(void)state;
	fake_dir(dir);
	snprintf(root, sizeof(root), "%s/screen", dir);
	snprintf(command, sizeof(command), "cp -r ../golden/latency %s", root);
	if (system(command) || system("tmux -V >/dev/null"))
		return -1;
	fake_file(root, "files", "ID DEV INO PATH\n"
		  "7 08:01 107 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
		  "8 08:01 108 /tmp/a\\012b\\040\\033]0;PWN\\007\\040c\n");
	fake_file(dir, "tmux.conf", "set -g status off\nset -sg escape-time 0\n"
		  "set -g default-terminal screen-256color\nset -g remain-on-exit on\n");
	make_rings(root);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	/* Where a test failed, its terminal is still there. */
	snprintf(command, sizeof(command), "tmux -S %s/tmux%u kill-server 2>/dev/null", dir,
		 server);
	(void)!system(command);
	fake_remove(dir);
	return 0;
}

int main(void)
{
	static struct size small = { 80, 24, "80x24" }, large = { 120, 40, "120x40" };
	const struct CMUnitTest tests[] = {
		{ "test_keys 80x24", test_keys, setup, teardown, &small },
		{ "test_keys 120x40", test_keys, setup, teardown, &large },
		cmocka_unit_test_setup_teardown(test_resize, setup, teardown),
		cmocka_unit_test_setup_teardown(test_colors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_c_locale, setup, teardown),
		cmocka_unit_test_setup_teardown(test_follow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dumb, setup, teardown),
	};

	return cmocka_run_group_tests_name("panes", tests, NULL, NULL);
}
