// SPDX-License-Identifier: GPL-2.0
/* What is known of a refused fault, in the few lines that one looks for. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "append.h"
#include "crash.h"
#include "safe.h"

/**
 * crash_end - what the program got
 * @record: a refused fault
 *
 * Return: the signal or error, in words.
 */
const char *crash_end(const struct pft_record *record)
{
	/* To the kernel's own access there is no signal: the call fails. */
	if (record->cause == PFT_CAUSE_UACCESS || record->origin != PFT_USER)
		return "EFAULT";
	switch (record->cause) {
	case PFT_CAUSE_NULL:
	case PFT_CAUSE_UNMAPPED:
	case PFT_CAUSE_STACK:
	case PFT_CAUSE_KERNEL:
		return "SIGSEGV (SEGV_MAPERR)";
	case PFT_CAUSE_READ_DENIED:
	case PFT_CAUSE_WRITE_DENIED:
	case PFT_CAUSE_EXEC_DENIED:
		return "SIGSEGV (SEGV_ACCERR)";
	case PFT_CAUSE_PKEY:
		return "SIGSEGV (SEGV_PKUERR)";
	case PFT_CAUSE_GUARD:
		return "SIGSEGV";
	case PFT_CAUSE_PAST_EOF:
		return "SIGBUS (BUS_ADRERR)";
	case PFT_CAUSE_POISON:
		return "SIGBUS (BUS_MCEERR_AR)";
	case PFT_CAUSE_OOM:
		return "no memory";
	default:
		return "SIGBUS";
	}
}

static const char *access_text(unsigned int access)
{
	static const char *const texts[] = {
		[PFT_READ] = "read of", [PFT_WRITE] = "write to", [PFT_EXEC] = "jump to",
	};

	return access < PFT_NR_ACCESSES ? texts[access] : "access to";
}

/* Who did what where, and what came of it. */
static void head(struct append *line, const struct event *event, bool utf8)
{
	const struct pft_record *record = &event->record;
	char comm[8 * PFT_COMM_LEN];

	(void)safe_text(comm, sizeof(comm), record->comm, utf8);
	append(line, "%s[%u] %s: %s 0x%" PRIx64 ", %s", comm, record->tgid,
	       pft_cause_name(record->cause), access_text(record->access),
	       (uint64_t)record->address, crash_end(record));
}

/* Which code did it. */
static void code(struct append *line, const struct event *event, struct codenames *names, bool utf8)
{
	const struct pft_record *record = &event->record;
	char text[CRASH_LINE / 2];
	struct codename_at at;
	struct codename name;

	append(line, "  at ");
	if (!record->ip) {
		append(line, "the kernel");
	} else {
		at = codename_at(record);
		(void)codename_find(names, &at, &name);
		(void)safe_text(text, sizeof(text), name.symbol ? name.symbol : "?", utf8);
		append(line, "%s", text);
		if (name.symbol)
			append(line, "+0x%" PRIx64, name.offset);
		(void)safe_text(text, sizeof(text), name.source ? name.source :
				name.file ? name.file : "", utf8);
		if (name.source)
			append(line, " (%s:%u)", text, name.line);
		else if (name.file)
			append(line, " (%s+0x%" PRIx64 ")", text, name.file_offset);
		append(line, ", ip 0x%" PRIx64, (uint64_t)record->ip);
	}
	append(line, ", thread %u, CPU %u, %s s", record->pid, record->cpu, event->time);
}

/* What is mapped there, or around. */
static void mapping(struct append *line, const struct event *event, bool utf8)
{
	char place[CRASH_LINE / 2];

	append(line, "  in ");
	if (!*event->vma) {
		append(line, "no mapping that is known");
		return;
	}
	(void)safe_text(place, sizeof(place), event->place, utf8);
	append(line, "%s%s %s%s%s", event->has_vma ? "" : "no mapping: the hole ", event->vma,
	       event->perms, *place ? " " : "", place);
}

/**
 * crash_compose - put a refused fault into lines
 * @crash: to be filled
 * @record: the fault
 * @paths: where the names of files are
 * @names: where those of code are
 * @utf8: the terminal takes UTF-8
 */
void crash_compose(struct crash *crash, const struct pft_record *record, struct paths *paths,
		   struct codenames *names, bool utf8)
{
	struct append line[CRASH_LINES];
	char why[CRASH_LINE - 8];
	unsigned int i;

	crash->event.record = *record;
	event_fill(&crash->event, paths);
	for (i = 0; i < CRASH_LINES; i++)
		line[i] = (struct append){ crash->line[i], CRASH_LINE, 0 };
	head(&line[0], &crash->event, utf8);
	(void)safe_text(why, sizeof(why), crash->event.why, utf8);
	append(&line[1], "  %s", why);
	code(&line[2], &crash->event, names, utf8);
	mapping(&line[3], &crash->event, utf8);
}
