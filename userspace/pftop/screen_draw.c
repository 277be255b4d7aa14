// SPDX-License-Identifier: GPL-2.0
/* What panes have in common: lines, titles, and a list to move in. */

#include <stdlib.h>
#include <wchar.h>

#include "screen.h"

/**
 * screen_put - as much of a line as there is room for
 * @y: which line of the terminal
 * @text: printable
 * @attributes: of ncurses
 */
void screen_put(int y, const char *text, attr_t attributes)
{
	wchar_t wide[COMPOSE_LINE];
	size_t length = mbstowcs(wide, text, COMPOSE_LINE - 1);
	int columns = 0, width, count = 0;

	if (y < 0 || y >= LINES || length == (size_t)-1)
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

/**
 * screen_put_titles - the titles of a table
 * @compose: the table
 * @y: which line of the terminal
 * @sort: the column that is sorted by
 */
void screen_put_titles(const struct compose *compose, int y, const struct column *sort)
{
	unsigned int at, width;
	char titles[COMPOSE_LINE];

	compose_titles(compose, titles);
	screen_put(y, titles, A_NORMAL);
	if (y >= LINES)
		return;
	(void)mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
	if (compose_title_at(compose, sort, &at, &width) && at < (unsigned int)COLS)
		(void)mvchgat(y, (int)at, (int)width, A_BOLD | A_UNDERLINE, 0, NULL);
}

/**
 * screen_class_color - how to tell a class of faults from the others
 * @screen: the screen
 * @class: enum pft_class
 *
 * Return: attributes of ncurses.
 */
attr_t screen_class_color(const struct screen *screen, unsigned int class)
{
	if (!screen->colors || class == PFT_MINOR)
		return A_NORMAL;
	return class == PFT_INVALID ? COLOR_PAIR(1) : COLOR_PAIR(2);
}

/**
 * scroll_to - keep the selected line within the list and within the screen
 * @scroll: where it is
 * @count: lines of the list
 * @lines: of the screen for it
 */
void scroll_to(struct scroll *scroll, unsigned int count, unsigned int lines)
{
	if (scroll->selected >= count)
		scroll->selected = count ? count - 1 : 0;
	if (scroll->top > scroll->selected)
		scroll->top = scroll->selected;
	if (scroll->selected >= scroll->top + lines)
		scroll->top = scroll->selected - lines + 1;
	if (scroll->top + lines > count)
		scroll->top = count > lines ? count - lines : 0;
}

static void move_by(struct scroll *scroll, long step)
{
	long to = (long)scroll->selected + step;

	scroll->selected = to > 0 ? (unsigned int)to : 0;
}

/**
 * scroll_key - move in a list
 * @scroll: where it is
 * @key: a key
 * @count: lines of the list
 * @lines: of the screen for it
 *
 * Return: false where the key is none to move with.
 */
bool scroll_key(struct scroll *scroll, int key, unsigned int count, unsigned int lines)
{
	switch (key) {
	case KEY_UP:
		move_by(scroll, -1);
		break;
	case KEY_DOWN:
		move_by(scroll, 1);
		break;
	case KEY_PPAGE:
		move_by(scroll, -(long)lines);
		break;
	case KEY_NPAGE:
		move_by(scroll, (long)lines);
		break;
	case KEY_HOME:
		scroll->selected = 0;
		break;
	case KEY_END:
		scroll->selected = count;
		break;
	default:
		return false;
	}
	scroll_to(scroll, count, lines);
	return true;
}

/**
 * screen_next_sort - the column beside the one that is sorted by
 * @compose: the table
 * @now: the one that is
 * @step: 1 or -1
 *
 * Return: a column that is shown; @now where there is none.
 */
const struct column *screen_next_sort(const struct compose *compose, const struct column *now,
				      int step)
{
	int i, count = (int)compose->count;

	for (i = 0; i < count; i++)
		if (compose->columns[i] == now)
			break;
	if (i == count)
		i = step > 0 ? -1 : 0;
	return count ? compose->columns[(i + step + count) % count] : now;
}
