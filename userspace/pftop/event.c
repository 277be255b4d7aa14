// SPDX-License-Identifier: GPL-2.0
/* A record as one line: its columns for people, JSON and CSV. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "event.h"
#include "units.h"

#define RECORD		(((const struct event *)item)->record)
#define EVENT		(*(const struct event *)item)
#define GETTER(name)	static struct cell get_##name(const void *item)

GETTER(time) { return cell_text(EVENT.time); }
GETTER(time_ns) { return cell_uint(RECORD.time_ns); }
GETTER(cpu) { return cell_uint(RECORD.cpu); }
GETTER(pos) { return cell_uint(RECORD.pos); }
GETTER(pid) { return cell_uint(RECORD.tgid); }
GETTER(tid) { return cell_uint(RECORD.pid); }
GETTER(class) { return cell_text(pft_class_name(RECORD.class)); }
GETTER(cause) { return cell_text(pft_cause_name(RECORD.cause)); }
GETTER(level) { return cell_text(pft_level_name(RECORD.level)); }
GETTER(access) { return cell_text(pft_access_name(RECORD.access)); }
GETTER(origin) { return cell_text(pft_origin_name(RECORD.origin)); }
GETTER(address) { return cell_hex(RECORD.address); }
GETTER(ip) { return cell_hex(RECORD.ip); }
GETTER(vma) { return *EVENT.vma ? cell_text(EVENT.vma) : cell_none(); }
GETTER(vma_start) { return EVENT.has_vma ? cell_hex(RECORD.vma_start) : cell_none(); }
GETTER(vma_end) { return EVENT.has_vma ? cell_hex(RECORD.vma_end) : cell_none(); }
GETTER(perms) { return *EVENT.perms ? cell_text(EVENT.perms) : cell_none(); }
GETTER(perm) { return EVENT.has_vma ? cell_text(EVENT.perms) : cell_none(); }
GETTER(pgoff) { return EVENT.has_vma ? cell_hex(RECORD.vma_pgoff) : cell_none(); }
GETTER(size) { return EVENT.bytes ? cell_text(EVENT.size) : cell_none(); }
GETTER(bytes) { return EVENT.bytes ? cell_uint(EVENT.bytes) : cell_none(); }
GETTER(retries) { return cell_uint(RECORD.retries); }
GETTER(latency) { return cell_uint(RECORD.latency_ns); }
GETTER(place) { return *EVENT.place ? cell_text(EVENT.place) : cell_none(); }
GETTER(file) { return *EVENT.name ? cell_text(EVENT.name) : cell_none(); }
GETTER(offset) { return EVENT.has_vma ? cell_hex(EVENT.offset) : cell_none(); }
GETTER(dev) { return *EVENT.dev ? cell_text(EVENT.dev) : cell_none(); }
GETTER(ino) { return *EVENT.dev ? cell_uint(RECORD.ino) : cell_none(); }
GETTER(cgroup) { return cell_uint(RECORD.cgroup); }
/* One has the place of the other. */
GETTER(flags)
{
	return RECORD.cause == PFT_CAUSE_UACCESS ? cell_none() : cell_hex(RECORD.fault_flags);
}

GETTER(syscall)
{
	return RECORD.cause == PFT_CAUSE_UACCESS ? cell_uint(RECORD.syscall) : cell_none();
}

GETTER(result) { return cell_hex(RECORD.result); }
GETTER(comm) { return cell_text(RECORD.comm); }
GETTER(why) { return *EVENT.why ? cell_text(EVENT.why) : cell_none(); }

#define PEOPLE	SHOW_RATES

/* For people the first ones are those of the module's file `trace`. */
static const struct column event_columns[] = {
	{ "time", "TIME", 16, false, 0, PEOPLE, get_time },
	{ "time_ns", "", 0, false, 0, SHOW_DATA, get_time_ns },
	{ "cpu", "CPU", 3, false, 0, PEOPLE | SHOW_DATA, get_cpu },
	{ "pos", "", 0, false, 0, SHOW_DATA, get_pos },
	{ "pid", "PID", 7, false, 0, PEOPLE | SHOW_DATA, get_pid },
	{ "tid", "TID", 7, false, 0, PEOPLE | SHOW_DATA, get_tid },
	{ "class", "CLASS", 7, true, 0, PEOPLE | SHOW_DATA, get_class },
	{ "cause", "CAUSE", 14, true, 0, PEOPLE | SHOW_DATA, get_cause },
	{ "level", "LEVEL", 5, true, 0, PEOPLE | SHOW_DATA, get_level },
	{ "access", "ACC", 3, true, 0, PEOPLE | SHOW_DATA, get_access },
	{ "by", "BY", 6, true, 0, PEOPLE | SHOW_DATA, get_origin },
	{ "address", "ADDRESS", 18, false, 0, PEOPLE | SHOW_DATA, get_address },
	{ "ip", "IP", 18, false, 0, PEOPLE | SHOW_DATA, get_ip },
	{ "vma", "VMA", 25, true, 0, PEOPLE | SHOW_WHOLE, get_vma },
	{ "vma_start", "", 0, false, 0, SHOW_DATA, get_vma_start },
	{ "vma_end", "", 0, false, 0, SHOW_DATA, get_vma_end },
	{ "perms", "PERM", 4, true, 0, PEOPLE | SHOW_WHOLE, get_perms },
	{ "perm", "", 0, true, 0, SHOW_DATA, get_perm },
	{ "pgoff", "PGOFF", 8, false, 0, PEOPLE | SHOW_DATA, get_pgoff },
	{ "size", "SIZE", 4, false, 0, PEOPLE, get_size },
	{ "size_bytes", "", 0, false, 0, SHOW_DATA, get_bytes },
	{ "retries", "RETRIES", 7, false, 0, PEOPLE | SHOW_DATA, get_retries },
	{ "latency_ns", "LATENCY_NS", 10, false, 0, PEOPLE | SHOW_DATA, get_latency },
	{ "place", "FILE", 24, true, 0, PEOPLE | SHOW_WHOLE | SHOW_WORD, get_place },
	{ "file", "", 0, true, 0, SHOW_DATA, get_file },
	{ "file_offset", "", 0, false, 0, SHOW_DATA, get_offset },
	{ "dev", "", 0, true, 0, SHOW_DATA, get_dev },
	{ "ino", "", 0, false, 0, SHOW_DATA, get_ino },
	{ "cgroup", "", 0, false, 0, SHOW_DATA, get_cgroup },
	{ "fault_flags", "", 0, false, 0, SHOW_DATA, get_flags },
	{ "syscall", "", 0, false, 0, SHOW_DATA, get_syscall },
	{ "result", "", 0, false, 0, SHOW_DATA, get_result },
	{ "comm", "COMM", 15, true, 0, PEOPLE | SHOW_DATA | SHOW_WHOLE | SHOW_WORD, get_comm },
	{ "why", "WHY", 0, true, 0, PEOPLE | SHOW_DATA, get_why },
};

#define NR_EVENT_COLUMNS	(sizeof(event_columns) / sizeof(event_columns[0]))

_Static_assert(NR_EVENT_COLUMNS <= COLUMNS_MAX, "COLUMNS_MAX holds all columns");

/**
 * event_columns_for - choose the columns of events
 * @format: for this format
 * @list: where to put them, COLUMNS_MAX
 *
 * Return: how many.
 */
unsigned int event_columns_for(enum format format, const struct column **list)
{
	unsigned int i, count = 0;

	for (i = 0; i < NR_EVENT_COLUMNS; i++)
		if (event_columns[i].show & (format == FORMAT_TEXT ? PEOPLE : SHOW_DATA))
			list[count++] = &event_columns[i];
	return count;
}

static void perms_text(char *to, size_t size, unsigned int perms)
{
	if (perms & PFT_PERM_VMA)
		(void)snprintf(to, size, "%c%c%c%c", perms & PFT_PERM_READ ? 'r' : '-',
			       perms & PFT_PERM_WRITE ? 'w' : '-',
			       perms & PFT_PERM_EXEC ? 'x' : '-',
			       perms & PFT_PERM_SHARED ? 's' : 'p');
	else
		(void)snprintf(to, size, "-");
}

/* The mapping, or what is around where there is none, as `trace` has it. */
static void fill_vma(struct event *event)
{
	const struct pft_record *record = &event->record;
	char below[8], above[8];

	event->has_vma = record->perms & PFT_PERM_VMA;
	*event->vma = '\0';
	*event->perms = '\0';
	if (event->has_vma) {
		(void)snprintf(event->vma, sizeof(event->vma), "%" PRIx64 "-%" PRIx64,
			       (uint64_t)record->vma_start, (uint64_t)record->vma_end);
		perms_text(event->perms, sizeof(event->perms), record->perms);
	} else if (record->perms & PFT_PERM_HOLE) {
		(void)snprintf(event->vma, sizeof(event->vma), "%" PRIx64 "..%" PRIx64,
			       (uint64_t)record->vma_start, (uint64_t)record->vma_end);
		perms_text(below, sizeof(below), record->below_perms);
		perms_text(above, sizeof(above), record->above_perms);
		(void)snprintf(event->perms, sizeof(event->perms), "%s|%s", below, above);
	}
}

/* Offset in the file, or in a mapping that has none. */
static uint64_t offset_of(const struct pft_record *record)
{
	uint64_t offset = record->address - record->vma_start;

	if (record->dev || record->ino)
		offset += record->vma_pgoff * (uint64_t)sysconf(_SC_PAGESIZE);
	return offset;
}

static void fill_names(struct event *event, struct paths *paths)
{
	const struct pft_record *record = &event->record;
	char below[PATHS_MAX] = "", above[PATHS_MAX] = "";
	const struct explain_names names = { event->name, below, above };

	*event->name = '\0';
	*event->place = '\0';
	*event->dev = '\0';
	event->offset = 0;
	if (event->has_vma) {
		paths_name(paths, record->file, record->area, event->name, sizeof(event->name));
		event->offset = offset_of(record);
		(void)snprintf(event->place, sizeof(event->place), "%s+0x%" PRIx64, event->name,
			       event->offset);
		if (record->dev || record->ino)
			(void)snprintf(event->dev, sizeof(event->dev), "%02x:%02x",
				       major(record->dev), minor(record->dev));
	} else if (record->perms & PFT_PERM_HOLE) {
		paths_name(paths, record->file, record->below_area, below, sizeof(below));
		paths_name(paths, record->above_file, record->above_area, above, sizeof(above));
	}
	(void)explain(event->why, sizeof(event->why), record, &names);
}

/**
 * event_fill - put the record's meaning into words
 * @event: its @record is set
 * @paths: where the names of files are
 */
void event_fill(struct event *event, struct paths *paths)
{
	const struct pft_record *record = &event->record;

	(void)snprintf(event->time, sizeof(event->time), "%" PRIu64 ".%09" PRIu64,
		       (uint64_t)record->time_ns / 1000000000,
		       (uint64_t)record->time_ns % 1000000000);
	event->bytes = units_page_bytes(record->order);
	(void)units_mapped(event->size, sizeof(event->size), event->bytes);
	fill_vma(event);
	fill_names(event, paths);
}
