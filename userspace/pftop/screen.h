/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_SCREEN_H
#define PFTOP_SCREEN_H

#include <curses.h>

#include "codename.h"
#include "compose.h"
#include "paths.h"
#include "profile.h"
#include "view.h"

#define SCREEN_DEPTH	6	/* panes on top of each other */

#define SCREEN_KEY_ESCAPE	27

struct screen;

/**
 * enum pane_next - what a key was good for
 * @PANE_UNKNOWN: nothing: the screen may know it
 * @PANE_DONE: it was taken
 * @PANE_UPDATE: a new snapshot is wanted
 * @PANE_LEAVE: the pane is to go
 */
enum pane_next {
	PANE_UNKNOWN,
	PANE_DONE,
	PANE_UPDATE,
	PANE_LEAVE,
};

/**
 * struct pane - something that fills the screen
 * @footer: its keys, for the last line
 * @init: makes what it needs, NULL where memory ran out
 * @update: a new snapshot is there; false where memory ran out. May be NULL.
 * @show: writes all lines but the last
 * @key: takes a key
 * @fini: gives back what @init made. May be NULL.
 */
struct pane {
	const char *footer;
	void *(*init)(struct screen *screen);
	bool (*update)(struct screen *screen, void *private);
	void (*show)(struct screen *screen, void *private);
	enum pane_next (*key)(struct screen *screen, void *private, int key);
	void (*fini)(void *private);
};

/**
 * struct scroll - a selected line, and what is on the screen
 * @selected: the line
 * @top: the first one on the screen
 */
struct scroll {
	unsigned int selected;
	unsigned int top;
};

/**
 * struct screen - the live screen
 * @terminal: of ncurses
 * @view: whose
 * @utf8: it takes UTF-8
 * @colors: it has colours, and they are wanted
 * @comm: names, not command lines
 * @paused: no updates
 * @failed: memory ran out
 * @pane: what fills it; the last one is seen
 * @private: what their init made
 * @depth: how many there are
 * @pid: process to look into, for its pane
 * @paths: names of files
 * @names: names of code
 * @note: said in the last line, until the next key
 * @question: what is asked there, or NULL
 * @answer: takes the answer
 * @input: the answer so far
 * @due_ns: when the next update is
 */
struct screen {
	SCREEN *terminal;
	struct view *view;
	bool utf8;
	bool colors;
	bool comm;
	bool paused;
	bool failed;
	const struct pane *pane[SCREEN_DEPTH];
	void *private[SCREEN_DEPTH];
	unsigned int depth;
	uint32_t pid;
	struct paths paths;
	struct codenames names;
	char note[96];
	const char *question;
	void (*answer)(struct screen *screen, void *private, const char *text);
	char input[64];
	uint64_t due_ns;
};

extern const struct pane list_pane;
extern const struct pane process_pane;
extern const struct pane refused_pane;
extern const struct pane help_pane;

void screen_open(struct screen *screen, const struct pane *pane);
void screen_ask(struct screen *screen, const char *question,
		void (*answer)(struct screen *screen, void *private, const char *text));
void screen_put(int y, const char *text, attr_t attributes);
void screen_put_titles(const struct compose *compose, int y, const struct column *sort);
attr_t screen_class_color(const struct screen *screen, unsigned int class);
uint64_t screen_budget_ns(const struct screen *screen);

void scroll_to(struct scroll *scroll, unsigned int count, unsigned int lines);
bool scroll_key(struct scroll *scroll, int key, unsigned int count, unsigned int lines);
const struct column *screen_next_sort(const struct compose *compose, const struct column *now,
				      int step);

void screen_heat_show(struct screen *screen, const struct profile *profile, int top);

#endif /* PFTOP_SCREEN_H */
