// SPDX-License-Identifier: GPL-2.0
/* A heatmap on the terminal. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "append.h"
#include "heatmap.h"
#include "screen.h"
#include "units.h"

#define BRAILLE		0x2800

/* Few to many. */
static const char ramp[] = ".:-=+*#";

#define STEPS		((int)sizeof(ramp) - 1)

/* 0 for none, else up to STEPS: each step is the same factor. */
static int step_of(uint64_t faults, uint64_t top)
{
	if (!faults)
		return 0;
	if (top < 2)
		return STEPS;
	return 1 + (int)(log((double)faults) / log((double)top) * (STEPS - 1) + 0.5);
}

static unsigned int class_of(const struct heatmap_char *at)
{
	if (at->classes & 1U << PFT_INVALID)
		return PFT_INVALID;
	return at->classes & 1U << PFT_MAJOR ? PFT_MAJOR : PFT_MINOR;
}

/* Without dots, the two rare classes have letters of their own. */
static wchar_t sign_of(const struct screen *screen, const struct heatmap_char *at, int step)
{
	if (screen->utf8)
		return BRAILLE + at->dots;
	if (class_of(at) == PFT_INVALID)
		return L'X';
	return class_of(at) == PFT_MAJOR ? L'M' : (wchar_t)(unsigned char)ramp[step - 1];
}

/* Dots have no letters for the rare classes; without colours there is this. */
static attr_t class_attributes(const struct screen *screen, unsigned int class)
{
	if (screen->colors || !screen->utf8 || class == PFT_MINOR)
		return screen_class_color(screen, class);
	return class == PFT_INVALID ? A_REVERSE : A_UNDERLINE;
}

static void put_char(const struct screen *screen, int y, int x, const struct heatmap_char *at,
		     uint64_t top)
{
	int step = step_of(at->faults, top);
	wchar_t sign;

	if (!step)
		return;
	sign = sign_of(screen, at, step);
	(void)attrset(class_attributes(screen, class_of(at)) |
		      (step > STEPS * 2 / 3 ? A_BOLD : 0));
	(void)mvaddnwstr(y, x, &sign, 1);
	(void)attrset(A_NORMAL);
}

static void put_picture(const struct screen *screen, const struct heatmap_picture *picture,
			int top, int left)
{
	unsigned int x, y;

	for (y = 0; y < picture->height; y++) {
		screen_put(top + (int)y, picture->label[y], A_NORMAL);
		for (x = 0; x < picture->width; x++)
			put_char(screen, top + (int)y, left + (int)x,
				 &picture->at[y * picture->width + x], picture->top);
	}
}

/* How to tell the classes from each other. */
static const char *classes_text(const struct screen *screen)
{
	if (!screen->utf8)
		return ". few # many M major X refused";
	return screen->colors ? "cyan: major, red: refused" :
				"underlined: major, reversed: refused";
}

/* What is seen, and what is not. */
static void put_legend(const struct screen *screen, const struct heatmap *map,
		       const struct heatmap_picture *picture, int y)
{
	const struct heat *heat = &map->profile->heat;
	char text[COMPOSE_LINE], bytes[32], time[32];
	struct append line = { text, sizeof(text), 0 };

	append(&line, "%s   a dot: %s, %s or more", classes_text(screen),
	       units_bytes(bytes, sizeof(bytes), heat->bin_bytes),
	       units_time(time, sizeof(time), heat->bin_ns));
	if (picture->hidden)
		append(&line, "   no lines for %" PRIu64 " fault%s", picture->hidden_faults,
		       units_s(picture->hidden_faults));
	screen_put(y, text, A_NORMAL);
	if (y < LINES)
		(void)mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
}

/* Below: how long it is from the left to the right. */
static void put_axis(const struct heatmap *map, int y, int left, int width)
{
	uint64_t bins = map->to - map->from + 1;
	char text[COMPOSE_LINE], time[32];

	(void)units_time(time, sizeof(time), bins * map->profile->heat.bin_ns);
	(void)snprintf(text, sizeof(text), "%*s0%*s", left, "", width - 1, time);
	screen_put(y, text, A_NORMAL);
}

/**
 * screen_heat_show - the heatmap of the process of a profile
 * @screen: the screen
 * @profile: what to show
 * @top: from this line of the terminal on
 */
void screen_heat_show(struct screen *screen, const struct profile *profile, int top)
{
	/* The legend, the axis and the footer have a line each. */
	int lines = LINES - top - 3, left = COLS >= 100 ? 36 : 28, width = COLS - left;
	struct heatmap_picture picture = { 0 };
	struct heatmap map;

	if (lines < 1 || width < 2)
		return;
	picture.height = (unsigned int)lines;
	picture.width = (unsigned int)width;
	picture.label_width = (unsigned int)left - 1;
	if (!heatmap_make(&map, profile, profile->options.pid) ||
	    !heatmap_draw(&picture, &map, &screen->paths, screen->utf8)) {
		screen->failed = true;
	} else if (map.count) {
		put_legend(screen, &map, &picture, top);
		put_picture(screen, &picture, top + 1, left);
		put_axis(&map, top + 1 + (int)picture.height, left, width);
	} else {
		screen_put(top, "no fault of it was read yet", A_NORMAL);
	}
	heatmap_picture_fini(&picture);
	heatmap_fini(&map);
}
