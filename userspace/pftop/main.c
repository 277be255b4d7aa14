// SPDX-License-Identifier: GPL-2.0
/* pftop: shows the page faults that the pftrace module counts and records. */

#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "pftop.h"

int main(int argc, char **argv)
{
	struct options options;
	int ret;

	(void)setlocale(LC_ALL, "");
	/* JSON, CSV and --sort have a point, whatever the user's language. */
	(void)setlocale(LC_NUMERIC, "C");
	/* A closed pipe is a write that fails, not a death. */
	(void)signal(SIGPIPE, SIG_IGN);
	ret = options_parse(&options, argc, argv);
	if (ret)
		return ret < 0 ? EXIT_OK : ret;
	switch (options.command) {
	case COMMAND_LIVE:
		break;
	case COMMAND_EVENTS:
		return events_main(&options);
	case COMMAND_RUN:
		return run_main(&options);
	case COMMAND_DOCTOR:
		return doctor_main(&options);
	case COMMAND_RECORD:
		return record_main(&options);
	case COMMAND_REPORT:
		return report_main(&options);
	}
	return live_main(&options);
}
