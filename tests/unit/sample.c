// SPDX-License-Identifier: GPL-2.0
/* A recording of nine faults, whose sums were worked out by hand. */

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "sample.h"

/* Later than any snapshot that the recorder takes: then all times are ours. */
#define START	(1ULL << 60)
#define US	1000ULL

char sample_path[128];

/**
 * struct fault - a fault of the sample
 * @us: when, from the start of the recording
 * @cpu: its CPU
 * @lost: records lost before it
 * @class: its class
 * @cause: why
 * @pid: process
 * @tid: thread
 * @comm: name of the thread
 * @address: of the fault
 * @vma: first address of the mapping, 0: none
 * @end: behind its last one
 * @area: its kind
 * @ip: instruction; 1: sample_marker()
 * @ns: how long it took
 */
struct fault {
	unsigned int us;
	uint16_t cpu;
	uint64_t lost;
	uint8_t class;
	uint8_t cause;
	uint32_t pid;
	uint32_t tid;
	const char *comm;
	uint64_t address;
	uint64_t vma;
	uint64_t end;
	uint8_t area;
	uint64_t ip;
	uint64_t ns;
};

#define HEAP	0x10000000, 0x10010000, PFT_AREA_HEAP
#define DATA	0x20000000, 0x20100000, PFT_AREA_FILE
#define ANON	0x30000000, 0x30001000, PFT_AREA_ANON
#define NONE	0, 0, PFT_AREA_NONE
#define HOSTILE	"x\033;<b>"

static const struct fault faults[] = {
	{ 0, 0, 0, PFT_MINOR, PFT_CAUSE_ZERO, 77, 77, "alpha", 0x10000008, HEAP, 1, 1000 },
	{ 1000, 0, 0, PFT_MINOR, PFT_CAUSE_ZERO, 77, 78, "worker", 0x10001010, HEAP, 1, 3000 },
	{ 12000, 3, 5, PFT_MAJOR, PFT_CAUSE_FILE, 77, 77, "alpha", 0x20000000, DATA, 0x5000,
	  2000000 },
	{ 25000, 0, 0, PFT_MINOR, PFT_CAUSE_FILE, 99, 99, "beta", 0x20001000, DATA, 0x400000, 500 },
	{ 30000, 3, 0, PFT_INVALID, PFT_CAUSE_NULL, 99, 99, "beta", 8, NONE, 0x400010, 0 },
	{ 31000, 0, 7, PFT_MINOR, PFT_CAUSE_COW, 99, 99, "beta", 0x30000000, ANON, 0, 4000 },
	{ 40000, 0, 0, PFT_MINOR, PFT_CAUSE_ZERO, 300, 300, HOSTILE, 0x10000008, HEAP, 1, 250 },
	{ 41000, 0, 0, PFT_MINOR, PFT_CAUSE_ZERO, 77, 77, "alpha", 0x10000ff0, HEAP, 1, 2000 },
	{ 45000, 0, 0, PFT_INVALID, PFT_CAUSE_PAST_EOF, 77, 77, "alpha", 0x20001000, DATA, 0x5000,
	  700 },
};

#define COUNT	(sizeof(faults) / sizeof(faults[0]))

/* Whoever asks for symbols finds this one. */
__attribute__((noinline)) void sample_marker(void)
{
	__asm__ volatile("nop\n\tnop\n\tnop");
}

static void fill(struct pft_record *record, const struct fault *fault)
{
	memset(record, 0, sizeof(*record));
	record->time_ns = START + fault->us * US;
	record->cpu = fault->cpu;
	record->class = fault->class;
	record->cause = fault->cause;
	record->tgid = fault->pid;
	record->pid = fault->tid;
	snprintf(record->comm, sizeof(record->comm), "%s", fault->comm);
	record->address = fault->address;
	record->vma_start = fault->vma;
	record->vma_end = fault->end;
	record->area = fault->area;
	record->perms = PFT_PERM_HOLE;
	if (fault->vma)
		record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE;
	if (fault->area == PFT_AREA_FILE) {
		record->file = 7;
		record->dev = 0x801;
		record->ino = 131;
		record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_SHARED;
	}
	record->ip = fault->ip == 1 ? (uintptr_t)sample_marker + 1 : fault->ip;
	record->latency_ns = fault->ns;
}

static void put_text(struct pft_recorder *recorder, const char *name, const void *text, size_t size)
{
	assert_true(pft_recorder_text(recorder, name, text, size, &fake_error));
}

/* Process 77 has the mappings of this program. */
static void put_maps(struct pft_recorder *recorder)
{
	struct pft_build_ids *ids = pft_build_ids_open();
	static char text[1 << 16], line[256];
	struct pft_maps maps;
	unsigned int i, j;
	size_t size;
	FILE *file = fopen("/proc/self/maps", "r");

	assert_non_null(file);
	size = fread(text, 1, sizeof(text), file);
	assert_in_range(size, 1, sizeof(text) - 1);
	fclose(file);
	put_text(recorder, "proc/77/maps", text, size);
	assert_true(pft_maps_read(&maps, (uint32_t)getpid()));
	pft_maps_build_ids(&maps, ids);
	*text = '\0';
	for (i = 0; i < maps.count; i++) {
		size = (size_t)snprintf(line, sizeof(line), "0x%" PRIx64 " ", maps.map[i].start);
		for (j = 0; j < maps.map[i].build_id_size; j++)
			size += (size_t)snprintf(line + size, sizeof(line) - size, "%02x",
						 maps.map[i].build_id[j]);
		if (j)
			strcat(strcat(text, line), "\n");
	}
	put_text(recorder, "proc/77/build-ids", text, strlen(text));
	pft_maps_free(&maps);
	pft_build_ids_close(ids);
}

static void put_totals(unsigned int scale)
{
	char text[512];

	snprintf(text, sizeof(text), "minor %u\nretries %u\nfiltered %u\nmissed_reentry %u\n"
		 "audited_threads %u\naudit_mismatches %u\nfiles 1\ncpus 2\nhook direct\n",
		 100 * scale, 10 + 2 * scale, scale, 3, 40 * scale, scale);
	fake_file(fake_root_dir, "totals", text);
}

/* Refused ones that took 1, 2, 3 ... ns, each at a page and by an instruction of its own. */
static void add_more(struct pft_recorder *recorder, unsigned int count)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct pft_record record;
	unsigned int i;

	for (i = 0; i < count; i++) {
		fill(&record, &faults[4]);
		record.cpu = 0;
		record.time_ns = START + 46000 * US + i;
		record.cause = PFT_CAUSE_UNMAPPED;
		record.address = (1ULL << 40) + i * page;
		record.ip = 0x500000 + i;
		record.latency_ns = i + 1;
		assert_true(pft_recorder_add(recorder, &record, 0, &fake_error));
	}
}

/* In the directory of fake_root_setup(); @more refused faults behind those nine. */
void sample_make(unsigned int more)
{
	static const char host[] = "kernel 6.1.0-test\nmachine x86_64\npftop 0.1.0\n"
		"start_ns 1152921504606846976\nstart_wall_ns 1700000000500000000\n"
		"pid 77\npid 99\npid 300\ncommand ./alpha --fast\n";
	static const char command[] = "./alpha\0--fast";
	struct pft_recorder *recorder;
	struct pft_record record;
	size_t i;
	int fd;

	snprintf(sample_path, sizeof(sample_path), "%s/recording", fake_root_dir);
	fd = open(sample_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	put_totals(1);
	fake_file(fake_root_dir, "files", "ID DEV INO PATH\n7 08:01 131 /srv/data\\040file\n");
	fake_file(fake_root_dir, "pids",
		  "PID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR PPID COMM\n"
		  "77 3 1 1 0 6000 2000000 0x20001000 50 alpha\n");
	fake_file(fake_root_dir, "exited",
		  "PID MINOR MAJOR INVALID RETRIES MINOR_NS MAJOR_NS LAST_ADDR PPID COMM\n"
		  "99 2 0 1 0 4500 0 0x30000000 77 beta\n");
	recorder = pft_recorder_open(fake_root, fd, &fake_error);
	assert_non_null(recorder);
	put_text(recorder, "host", host, sizeof(host) - 1);
	assert_true(pft_recorder_snapshot(recorder, &fake_error));
	put_text(recorder, "proc/77/cmdline", command, sizeof(command));
	put_maps(recorder);
	for (i = 0; i < COUNT; i++) {
		fill(&record, &faults[i]);
		assert_true(pft_recorder_add(recorder, &record, faults[i].lost, &fake_error));
	}
	add_more(recorder, more);
	assert_true(pft_recorder_lost(recorder, 3, 11, &fake_error));
	put_totals(3);
	assert_true(pft_recorder_end(recorder, &fake_error));
	pft_recorder_free(recorder);
	assert_int_equal(close(fd), 0);
}
