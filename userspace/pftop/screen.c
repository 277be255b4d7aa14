// SPDX-License-Identifier: GPL-2.0
/* The live screen: the terminal, the loop, and the keys that all panes have. */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "option_value.h"
#include "pace.h"
#include "safe.h"
#include "say.h"
#include "screen.h"
#include "stop.h"

#define KEEP_NS		5000000000ULL	/* ended processes stay this long */

/* One part of the time, in so many, may go into reading records. */
#define BUDGET_SHARE	10

static void open_terminal(struct screen *screen)
{
	const char *no_color = getenv("NO_COLOR");

	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)curs_set(0);
	set_escdelay(50);
	if (!has_colors() || (no_color && *no_color))
		return;
	screen->colors = start_color() == OK && use_default_colors() == OK;
	(void)init_pair(1, COLOR_RED, -1);
	(void)init_pair(2, COLOR_CYAN, -1);
}

static bool screen_init(struct view *view)
{
	struct screen *screen = calloc(1, sizeof(*screen));

	view->private = screen;
	if (!screen) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return false;
	}
	screen->view = view;
	screen->utf8 = safe_locale_is_utf8();
	paths_init(&screen->paths, view->model->root);
	codenames_init(&screen->names, pft_root_is_live(view->model->root));
	screen->terminal = newterm(NULL, stdout, stdin);
	if (!screen->terminal) {
		say("the terminal %s is not known here: use pftop -b", getenv("TERM"));
		return false;
	}
	stop_on_signals(0);
	open_terminal(screen);
	view->model->keep_ns = KEEP_NS;
	if (pft_root_is_recording(view->root))
		codenames_recorded(&screen->names, view->root);
	screen->due_ns = pace_begin(view->options->delay);
	screen_open(screen, &list_pane);
	return !screen->failed;
}

static bool update(struct screen *screen, unsigned int level)
{
	const struct pane *pane = screen->pane[level];

	return !pane->update || pane->update(screen, screen->private[level]);
}

/**
 * screen_open - put a pane on top of those that are there
 * @screen: the screen
 * @pane: the pane; where there are too many already, nothing happens
 */
void screen_open(struct screen *screen, const struct pane *pane)
{
	unsigned int level = screen->depth;

	if (level == SCREEN_DEPTH)
		return;
	screen->pane[level] = pane;
	screen->private[level] = pane->init(screen);
	if (!screen->private[level]) {
		screen->failed = true;
		return;
	}
	screen->depth++;
	/* The first one has no snapshot yet. */
	if (level && !update(screen, level))
		screen->failed = true;
}

static void close_pane(struct screen *screen)
{
	unsigned int level = --screen->depth;

	if (screen->pane[level]->fini)
		screen->pane[level]->fini(screen->private[level]);
}

/* What is below may be old. */
static void leave_pane(struct screen *screen)
{
	if (screen->depth < 2)
		return;
	close_pane(screen);
	if (!update(screen, screen->depth - 1))
		screen->failed = true;
}

/**
 * screen_ask - ask for a line of text
 * @screen: the screen
 * @question: what to ask
 * @answer: what takes it, with the private part of the pane that is seen
 */
void screen_ask(struct screen *screen, const char *question,
		void (*answer)(struct screen *screen, void *private, const char *text))
{
	screen->question = question;
	screen->answer = answer;
	memset(screen->input, 0, sizeof(screen->input));
}

/**
 * screen_budget_ns - the time that an update may take for reading records
 * @screen: the screen
 *
 * Return: ns.
 */
uint64_t screen_budget_ns(const struct screen *screen)
{
	return (uint64_t)(screen->view->options->delay * 1e9 / BUDGET_SHARE);
}

static void draw(struct screen *screen)
{
	unsigned int level = screen->depth - 1;
	char line[COMPOSE_LINE];

	(void)erase();
	screen->pane[level]->show(screen, screen->private[level]);
	if (screen->question)
		(void)snprintf(line, sizeof(line), "%s%s_", screen->question, screen->input);
	else if (*screen->note)
		(void)snprintf(line, sizeof(line), "%s", screen->note);
	else if (screen->paused)
		(void)snprintf(line, sizeof(line), "paused: Space goes on");
	else
		(void)snprintf(line, sizeof(line), "%s", screen->pane[level]->footer);
	screen_put(LINES - 1, line, A_NORMAL);
	(void)refresh();
}

/* The list is always brought up to date: its rows go with the snapshot before. */
static enum view_next screen_show(struct view *view)
{
	struct screen *screen = view->private;

	if (!update(screen, 0) || (screen->depth > 1 && !update(screen, screen->depth - 1))) {
		screen->failed = true;
		return VIEW_FAIL;
	}
	draw(screen);
	return VIEW_UPDATE;
}

static void set_delay(struct screen *screen, void *private, const char *text)
{
	(void)private;
	if (option_delay(text, &screen->view->options->delay))
		screen->due_ns = pace_begin(screen->view->options->delay);
	else
		(void)snprintf(screen->note, sizeof(screen->note), "a delay is 0.1 to 3600 seconds");
}

static void set_pids(struct screen *screen, void *private, const char *text)
{
	(void)private;
	if (!option_pids(screen->view->options, text))
		(void)snprintf(screen->note, sizeof(screen->note),
			       "process ids are numbers with commas between, %d at most",
			       OPTIONS_PIDS_MAX);
}

static void question_key(struct screen *screen, int key)
{
	size_t length = strlen(screen->input);

	if (key == SCREEN_KEY_ESCAPE) {
		screen->question = NULL;
	} else if (key == '\r' || key == '\n' || key == KEY_ENTER) {
		screen->question = NULL;
		screen->answer(screen, screen->private[screen->depth - 1], screen->input);
	} else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && length) {
		screen->input[length - 1] = '\0';
	} else if (key >= ' ' && key < 127 && length < sizeof(screen->input) - 1) {
		screen->input[length] = (char)key;
		screen->input[length + 1] = '\0';
	}
}

/* A key that the pane does not know. */
static enum view_next common_key(struct screen *screen, int key)
{
	switch (key) {
	case 'q':
		return VIEW_QUIT;
	case SCREEN_KEY_ESCAPE:
		leave_pane(screen);
		break;
	case 'h':
	case '?':
	case KEY_F(1):
		screen_open(screen, &help_pane);
		break;
	case 'e':
		screen_open(screen, &refused_pane);
		break;
	case 'p':
		screen_ask(screen, "only these process ids (empty for all): ", set_pids);
		break;
	case 'd':
		screen_ask(screen, "seconds between updates: ", set_delay);
		break;
	case ' ':
		screen->paused = !screen->paused;
		break;
	default:
		break;
	}
	return VIEW_STAY;
}

static enum view_next one_key(struct screen *screen, int key)
{
	unsigned int level = screen->depth - 1;

	*screen->note = '\0';
	if (screen->question && key != KEY_RESIZE) {
		question_key(screen, key);
		return VIEW_STAY;
	}
	switch (screen->pane[level]->key(screen, screen->private[level], key)) {
	case PANE_UNKNOWN:
		return common_key(screen, key);
	case PANE_UPDATE:
		return VIEW_UPDATE;
	case PANE_LEAVE:
		leave_pane(screen);
		break;
	case PANE_DONE:
		break;
	}
	return VIEW_STAY;
}

/*
 * The terminal has gone: getch() would fail at once for ever. That comes without
 * a signal where it is not ours, or where nobody waits for SIGHUP.
 */
static bool terminal_gone(void)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO }, { .fd = STDOUT_FILENO } };

	/* No events: poll(2) tells of POLLERR and POLLHUP in any case. */
	return poll(fds, 2, 0) > 0;
}

static enum view_next screen_wait(struct view *view)
{
	struct screen *screen = view->private;
	enum view_next next;
	uint64_t now;
	bool late, idle;
	int key;

	while (!stop_asked()) {
		now = pft_now_ns();
		/* Keys are looked for even if updates take longer than the delay. */
		idle = screen->paused || view->model->moment.last;
		late = !idle && now >= screen->due_ns;
		timeout(late ? 0 : idle ? 1000 :
			(int)((screen->due_ns - now) / 1000000) + 1);
		key = getch();
		if (terminal_gone())
			break;
		if (key == ERR) {
			if (!late)
				continue;
			screen->due_ns = pace_next(screen->due_ns, view->options->delay, now);
			(void)pft_root_step(view->root);
			return VIEW_UPDATE;
		}
		next = one_key(screen, key);
		if (next == VIEW_QUIT)
			return next;
		if (next == VIEW_UPDATE) {
			(void)pft_root_step(view->root);
			screen->due_ns = pace_begin(view->options->delay);
			return next;
		}
		/* A key may have changed which rows there are, and in which order. */
		screen->failed |= !update(screen, 0);
		if (screen->failed)
			return VIEW_FAIL;
		draw(screen);
	}
	return VIEW_QUIT;
}

static void screen_fini(struct view *view)
{
	struct screen *screen = view->private;

	if (!screen)
		return;
	while (screen->depth)
		close_pane(screen);
	if (screen->terminal) {
		(void)endwin();
		delscreen(screen->terminal);
	}
	/* Behind the screen, where it is seen. */
	if (screen->failed)
		(void)fputs("pftop: not enough memory\n", stderr);
	paths_fini(&screen->paths);
	codenames_fini(&screen->names);
	free(screen);
}

const struct view_ops screen_view = {
	.init = screen_init,
	.show = screen_show,
	.wait = screen_wait,
	.fini = screen_fini,
};
