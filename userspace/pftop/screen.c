// SPDX-License-Identifier: GPL-2.0
/* The live screen: puts composed lines on the terminal and takes keys. */

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

#include "compose.h"
#include "safe.h"
#include "view.h"

#define TABLE_TOP	(COMPOSE_HEADER + 1)
#define KEEP_NS		5000000000ULL	/* ended processes stay this long */
#define KEY_ESCAPE	27

enum prompt {
	PROMPT_NONE,
	PROMPT_SEARCH,
	PROMPT_FILTER,
	PROMPT_USER,
	PROMPT_DELAY,
};

static const char *const prompt_text[] = {
	[PROMPT_NONE] = "",
	[PROMPT_SEARCH] = "search: ",
	[PROMPT_FILTER] = "only commands with (empty for all): ",
	[PROMPT_USER] = "only of user (empty for all): ",
	[PROMPT_DELAY] = "seconds between updates: ",
};

static const char footer[] =
	"F1 help  F6 sort  t totals  H threads  / search  \\ filter  u user  q quit";

static const char *const help_lines[] = {
	"pftop shows which processes have page faults.",
	"",
	"MIN/s MAJ/s  minor and major faults per second",
	"INV          refused faults: they ended in a signal or in EFAULT",
	"FAULT%       time in faults, in percent of one CPU (of wall time)",
	"TOP CAUSE    why most of them were, and how many of them",
	"p50 p99      half, and 99 %, of the faults took at most this",
	"lost         faults counted, but not recorded or not listed",
	"missed       faults that the hook could not take",
	"audited      ended threads whose counts were held against the kernel's",
	"",
	"F1 h ?       this help            q            quit",
	"t            totals or rates      H            threads or processes",
	"< > F6       sort by column       R r          the other way round",
	"/            search               \\            only these commands",
	"u            only this user       d            seconds between updates",
	"Space        pause                arrows, PgUp, PgDn, Home, End  move",
	"",
	"Press any key.",
};

#define NR_HELP_LINES	((int)(sizeof(help_lines) / sizeof(help_lines[0])))

struct screen {
	SCREEN *terminal;
	struct compose compose;
	unsigned int selected;
	unsigned int top;
	bool colors;
	bool paused;
	bool help;
	enum prompt prompt;
	char input[64];
	char note[96];
	uint64_t due_ns;
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* A signal must not leave the terminal as it is: it ends the loop instead. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	size_t i;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaction(numbers[i], &action, NULL);
}

static void set_columns(struct view *view)
{
	struct screen *screen = view->private;

	compose_init(&screen->compose, COLS > 0 ? (unsigned int)COLS : 80, safe_locale_is_utf8(),
		     view->rows.totals, view->options->threads);
	if (view->options->columns)
		compose_choose(&screen->compose, view->options->columns);
}

static bool screen_init(struct view *view)
{
	struct screen *screen = calloc(1, sizeof(*screen));
	const char *no_color = getenv("NO_COLOR");

	view->private = screen;
	if (!screen) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return false;
	}
	screen->terminal = newterm(NULL, stdout, stdin);
	if (!screen->terminal) {
		(void)fprintf(stderr, "pftop: the terminal %s is not known here: use pftop -b\n",
			      getenv("TERM"));
		return false;
	}
	catch_signals();
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)curs_set(0);
	set_escdelay(50);
	if (has_colors() && !(no_color && *no_color)) {
		screen->colors = start_color() == OK && use_default_colors() == OK;
		(void)init_pair(1, COLOR_RED, -1);
		(void)init_pair(2, COLOR_CYAN, -1);
	}
	view->model->keep_ns = KEEP_NS;
	screen->due_ns = pft_now_ns();
	set_columns(view);
	return true;
}

/* Puts as much of a line as there is room for. */
static void put_line(int y, const char *text, attr_t attributes)
{
	wchar_t wide[COMPOSE_LINE];
	size_t length = mbstowcs(wide, text, COMPOSE_LINE - 1);
	int columns = 0, width, count = 0;

	if (y >= LINES || length == (size_t)-1)
		return;
	wide[length < COMPOSE_LINE ? length : COMPOSE_LINE - 1] = L'\0';
	for (; wide[count]; count++) {
		width = wcwidth(wide[count]);
		columns += width > 0 ? width : 0;
		if (columns > COLS)
			break;
	}
	(void)attrset(attributes);
	(void)mvaddnwstr(y, 0, wide, count);
	(void)attrset(A_NORMAL);
}

static unsigned int table_lines(void)
{
	return LINES > TABLE_TOP + 1 ? (unsigned int)(LINES - TABLE_TOP - 1) : 1;
}

/* Keeps the selected row within the list and within the screen. */
static void scroll_to(struct view *view)
{
	struct screen *screen = view->private;
	unsigned int lines = table_lines(), count = view->rows.count;

	if (screen->selected >= count)
		screen->selected = count ? count - 1 : 0;
	if (screen->top > screen->selected)
		screen->top = screen->selected;
	if (screen->selected >= screen->top + lines)
		screen->top = screen->selected - lines + 1;
	if (screen->top + lines > count)
		screen->top = count > lines ? count - lines : 0;
}

static void draw_header(struct view *view)
{
	struct screen *screen = view->private;
	char lines[COMPOSE_HEADER][COMPOSE_LINE], titles[COMPOSE_LINE];
	unsigned int at, width;
	int i;

	compose_header(&screen->compose, view->model, lines);
	for (i = 0; i < COMPOSE_HEADER; i++)
		put_line(i, lines[i], A_BOLD);
	compose_titles(&screen->compose, titles);
	put_line(COMPOSE_HEADER, titles, A_NORMAL);
	(void)mvchgat(COMPOSE_HEADER, 0, -1, A_REVERSE, 0, NULL);
	if (compose_title_at(&screen->compose, rows_sort(&view->rows), &at, &width) &&
	    at < (unsigned int)COLS)
		(void)mvchgat(COMPOSE_HEADER, (int)at, (int)width, A_BOLD | A_UNDERLINE, 0, NULL);
}

static void draw_rows(struct view *view)
{
	struct screen *screen = view->private;
	unsigned int i, lines = table_lines();
	struct model_row *row;
	char line[COMPOSE_LINE];
	attr_t attributes;

	for (i = 0; i < lines && screen->top + i < view->rows.count; i++) {
		row = view->rows.list[screen->top + i];
		model_name(view->model, row);
		compose_row(&screen->compose, row, line);
		attributes = row->exited ? A_DIM : A_NORMAL;
		if (screen->colors && row->row.count[PFT_INVALID])
			attributes |= COLOR_PAIR(1);
		else if (screen->colors && row->delta[PFT_MAJOR])
			attributes |= COLOR_PAIR(2);
		put_line(TABLE_TOP + (int)i, line, attributes);
		if (screen->top + i == screen->selected)
			(void)mvchgat(TABLE_TOP + (int)i, 0, -1, A_REVERSE, 0, NULL);
	}
}

static void draw_footer(struct view *view)
{
	struct screen *screen = view->private;
	char line[COMPOSE_LINE];

	if (screen->prompt)
		(void)snprintf(line, sizeof(line), "%s%s_", prompt_text[screen->prompt],
			       screen->input);
	else if (*screen->note)
		(void)snprintf(line, sizeof(line), "%s", screen->note);
	else if (screen->paused)
		(void)snprintf(line, sizeof(line), "paused: Space goes on");
	else
		(void)snprintf(line, sizeof(line), "%s", footer);
	put_line(LINES - 1, line, A_NORMAL);
}

static void draw(struct view *view)
{
	struct screen *screen = view->private;
	int i;

	(void)erase();
	if (screen->help) {
		for (i = 0; i < NR_HELP_LINES; i++)
			put_line(i + 1, help_lines[i], A_NORMAL);
	} else {
		scroll_to(view);
		draw_header(view);
		draw_rows(view);
		draw_footer(view);
	}
	(void)refresh();
}

static bool select_and_draw(struct view *view)
{
	if (!rows_select(&view->rows, view->model))
		return false;
	draw(view);
	return true;
}

static enum view_next screen_show(struct view *view)
{
	return select_and_draw(view) ? VIEW_UPDATE : VIEW_FAIL;
}

/* The next sortable column of those that are shown. */
static void move_sort(struct view *view, int step)
{
	const struct compose *compose = &((struct screen *)view->private)->compose;
	const struct column *now = rows_sort(&view->rows);
	int i, count = (int)compose->count;

	for (i = 0; i < count; i++)
		if (compose->columns[i] == now)
			break;
	if (i == count)
		i = step > 0 ? -1 : 0;
	if (count)
		view->rows.sort = compose->columns[(i + step + count) % count];
}

static void search(struct view *view)
{
	struct screen *screen = view->private;
	unsigned int i, at, count = view->rows.count;

	for (i = 1; i <= count && *screen->input; i++) {
		struct model_row *row;

		at = (screen->selected + i) % count;
		row = view->rows.list[at];
		model_name(view->model, row);
		if (strstr(row->row.comm, screen->input) ||
		    (row->command && strstr(row->command, screen->input))) {
			screen->selected = at;
			return;
		}
	}
	if (*screen->input)
		(void)snprintf(screen->note, sizeof(screen->note), "not found: %s", screen->input);
}

static void set_delay(struct view *view)
{
	struct screen *screen = view->private;
	char *end;
	double delay = strtod(screen->input, &end);

	if (end == screen->input || *end || !isfinite(delay) || delay < 0.1 || delay > 3600)
		(void)snprintf(screen->note, sizeof(screen->note), "a delay is 0.1 to 3600 seconds");
	else
		view->options->delay = delay;
}

static void answer(struct view *view)
{
	struct screen *screen = view->private;

	switch (screen->prompt) {
	case PROMPT_SEARCH:
		search(view);
		break;
	case PROMPT_FILTER:
		(void)snprintf(view->rows.text, sizeof(view->rows.text), "%s", screen->input);
		break;
	case PROMPT_USER:
		(void)snprintf(view->rows.user, sizeof(view->rows.user), "%.31s", screen->input);
		break;
	case PROMPT_DELAY:
		set_delay(view);
		break;
	case PROMPT_NONE:
		break;
	}
	screen->prompt = PROMPT_NONE;
}

static void prompt_key(struct view *view, int key)
{
	struct screen *screen = view->private;
	size_t length = strlen(screen->input);

	if (key == KEY_ESCAPE)
		screen->prompt = PROMPT_NONE;
	else if (key == '\r' || key == '\n' || key == KEY_ENTER)
		answer(view);
	else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && length)
		screen->input[length - 1] = '\0';
	else if (key >= ' ' && key < 127 && length < sizeof(screen->input) - 1)
		screen->input[length] = (char)key, screen->input[length + 1] = '\0';
}

static void ask(struct screen *screen, enum prompt prompt)
{
	screen->prompt = prompt;
	memset(screen->input, 0, sizeof(screen->input));
}

static void move_selected(struct screen *screen, long step)
{
	long to = (long)screen->selected + step;

	/* scroll_to() keeps it below the end. */
	screen->selected = to > 0 ? (unsigned int)to : 0;
}

static bool move_key(struct view *view, int key)
{
	struct screen *screen = view->private;
	long page = (long)table_lines();

	switch (key) {
	case KEY_UP:
		move_selected(screen, -1);
		return true;
	case KEY_DOWN:
		move_selected(screen, 1);
		return true;
	case KEY_PPAGE:
		move_selected(screen, -page);
		return true;
	case KEY_NPAGE:
		move_selected(screen, page);
		return true;
	case KEY_HOME:
		screen->selected = 0;
		return true;
	case KEY_END:
		screen->selected = view->rows.count;
		return true;
	default:
		return false;
	}
}

static enum view_next command_key(struct view *view, int key)
{
	struct screen *screen = view->private;

	switch (key) {
	case 'q':
		return VIEW_QUIT;
	case 'h':
	case '?':
	case KEY_F(1):
		screen->help = true;
		break;
	case 't':
		view->rows.totals = !view->rows.totals;
		set_columns(view);
		break;
	case 'H':
		view->options->threads = !view->options->threads;
		view->model->threads = view->options->threads;
		set_columns(view);
		return VIEW_UPDATE;
	case '<':
		move_sort(view, -1);
		break;
	case '>':
	case KEY_F(6):
		move_sort(view, 1);
		break;
	case 'r':
	case 'R':
		view->rows.reverse = !view->rows.reverse;
		break;
	case '/':
		ask(screen, PROMPT_SEARCH);
		break;
	case '\\':
		ask(screen, PROMPT_FILTER);
		break;
	case 'u':
		ask(screen, PROMPT_USER);
		break;
	case 'd':
		ask(screen, PROMPT_DELAY);
		break;
	case ' ':
		screen->paused = !screen->paused;
		break;
	case KEY_RESIZE:
		set_columns(view);
		break;
	default:
		(void)move_key(view, key);
		break;
	}
	return VIEW_STAY;
}

static enum view_next one_key(struct view *view, int key)
{
	struct screen *screen = view->private;

	*screen->note = '\0';
	if (screen->help && key != KEY_RESIZE) {
		screen->help = false;
		return VIEW_STAY;
	}
	if (screen->prompt && key != KEY_RESIZE) {
		prompt_key(view, key);
		return VIEW_STAY;
	}
	return command_key(view, key);
}

/* The terminal has gone: getch() would fail at once for ever. */
static bool terminal_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, 0) == 1 && fd.revents & (POLLHUP | POLLERR | POLLNVAL);
}

static enum view_next screen_wait(struct view *view)
{
	struct screen *screen = view->private;
	enum view_next next;
	uint64_t now;
	int key;

	screen->due_ns += (uint64_t)(view->options->delay * 1e9);
	now = pft_now_ns();
	if (screen->due_ns < now)	/* late: do not catch up */
		screen->due_ns = now;
	while (!stopped) {
		now = pft_now_ns();
		if (!screen->paused && now >= screen->due_ns)
			return VIEW_UPDATE;
		timeout(screen->paused ? 1000 : (int)((screen->due_ns - now) / 1000000) + 1);
		key = getch();
		if (key == ERR) {
			if (terminal_gone())
				break;
			continue;
		}
		next = one_key(view, key);
		if (next == VIEW_QUIT)
			return next;
		if (next == VIEW_UPDATE) {
			screen->due_ns = pft_now_ns();
			return next;
		}
		if (!select_and_draw(view))
			return VIEW_FAIL;
	}
	return VIEW_QUIT;
}

static void screen_fini(struct view *view)
{
	struct screen *screen = view->private;

	if (screen && screen->terminal) {
		(void)endwin();
		delscreen(screen->terminal);
	}
	free(screen);
}

const struct view_ops screen_view = {
	.init = screen_init,
	.show = screen_show,
	.wait = screen_wait,
	.fini = screen_fini,
};
