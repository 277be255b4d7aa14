// SPDX-License-Identifier: GPL-2.0
/*
 * Settings of the system that a case needs while it runs. The reporter puts
 * them back, however the run ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "faultgen.h"

static int put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -1 : 0;
}

/* The value; of several words the one in brackets. */
static int get(const char *path, char *value, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[128], *from, *to;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return -1;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	from = strchr(text, '[');
	to = from ? strchr(from, ']') : NULL;
	if (to) {
		*to = '\0';
		from++;
	} else {
		from = text;
	}
	if (strlen(from) >= room) {
		errno = E2BIG;
		return -1;
	}
	strcpy(value, from);
	return 0;
}

/**
 * setting_change() - change a setting for the time of the run
 * @fg: the run
 * @path: its file
 * @value: what to write there
 *
 * In the reporter only.
 *
 * Return: 0, or -1 with errno set.
 */
int setting_change(struct fg *fg, const char *path, const char *value)
{
	struct fg_report *report = fg->report;
	struct fg_setting *setting = &report->settings[report->nsettings];

	if (report->nsettings >= FG_SETTINGS ||
	    strlen(path) >= sizeof(setting->path)) {
		errno = E2BIG;
		return -1;
	}
	strcpy(setting->path, path);
	if (get(path, setting->old, sizeof(setting->old)))
		return -1;
	report->nsettings++;
	return put(path, value);
}

/**
 * setting_restore() - put all back, the last one first
 * @report: the report
 *
 * May be called in a signal handler.
 */
void setting_restore(struct fg_report *report)
{
	while (report->nsettings) {
		const struct fg_setting *setting;

		setting = &report->settings[--report->nsettings];
		put(setting->path, setting->old);
	}
}
