// SPDX-License-Identifier: GPL-2.0
/*
 * faultgen CASE [N]: the table of cases, and the command line.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faultgen.h"

#define MAX_N		(1UL << 20)
#define MAX_MANY	(1UL << 16)
#define MAX_THREADS	256
#define MAX_FAULTS	4096

static const struct fg_case cases[] = {
	{ "anon", "minor: write to untouched anonymous memory", 64,
	  .work = anon_work },
	{ "heap", "minor: write to memory from malloc", 16,
	  .work = anon_heap_work },
	{ "anon-read", "minor: read untouched anonymous memory", 64,
	  .work = anon_read_work },
	{ "cow", "minor: write to pages shared since fork", 64,
	  .before = anon_cow_before, .work = anon_cow_work },
	{ "shmem", "minor: write to untouched shared anonymous memory", 64,
	  .work = anon_shmem_work },
	{ "memfd", "minor: write to an untouched memfd", 64,
	  .work = anon_memfd_work },
	{ "stack", "minor: let the stack grow, page by page", 16,
	  .work = anon_stack_work },
	{ "mlock", "minor: mlock untouched anonymous memory (GUP)", 8,
	  .work = anon_mlock_work },
	{ "thp", "minor: touch memory that comes as huge pages", 4,
	  .work = huge_thp_work, .huge = true },
	{ "mthp", "minor: touch memory that comes by 64 KiB", 16,
	  .before = huge_small_before, .work = huge_small_work,
	  .huge = true },
	{ "hugetlb", "minor: touch reserved huge pages", 4,
	  .before = huge_tlb_before, .work = huge_tlb_work },
	{ "swap", "major: read pages that are in swap only", 16,
	  .work = swap_work },
	{ "file-warm", "minor: read a mapped file that is cached", 64,
	  .work = file_warm_work },
	{ "file-cold", "major: read a mapped file that is not cached", 16,
	  .work = file_cold_work },
	{ "file-cow", "minor: write to a private mapping of a cached file", 64,
	  .work = file_cow_work },
	{ "shared-write", "minor: write to a shared mapping of a cached file",
	  64, .work = file_shared_work },
	{ "mkwrite", "minor: write to clean pages that have been read", 64,
	  .work = file_mkwrite_work },
	{ "exec-cold", "major: call code in a file that is not cached", 16,
	  .work = file_exec_work },
	{ "device", "minor: touch a mapping that the kernel fills, see --device",
	  16, .work = device_work },
	{ "uffd-missing", "touch memory that userfaultfd fills", 16,
	  .work = uffd_missing_work },
	{ "uffd-wp", "write to memory that userfaultfd protects", 16,
	  .work = uffd_wp_work },
	{ "race", "minor: two threads touch the same pages", 1024,
	  .work = race_first_work },
	{ "spurious", "minor: read a page while another moves to its place", 16,
	  .work = race_spurious_work },
	{ "migrate", "minor: read pages while they are under migration", 4,
	  .work = race_migrate_work, .huge = true },
	{ "numa", "minor: hints for NUMA balancing", 64,
	  .before = race_numa_before, .work = race_numa_work },
	{ "level", "minor: touch regions with no page table yet", 16,
	  .work = level_work },
	{ "null", "invalid: write to address 8", 4,
	  .work = refused_work, .arg = &refused_null, .kills = true },
	{ "wild", "invalid: write where nothing is mapped", 4,
	  .work = refused_work, .arg = &refused_wild, .kills = true },
	{ "write-text", "invalid: write to own code", 4,
	  .work = refused_work, .arg = &refused_text, .kills = true },
	{ "exec-heap", "invalid: jump into memory that is not executable", 4,
	  .work = refused_work, .arg = &refused_exec, .kills = true },
	{ "prot-none", "invalid: read memory mapped without access", 4,
	  .work = refused_work, .arg = &refused_prot_none, .kills = true },
	{ "pkey", "invalid: write against a protection key", 4,
	  .work = refused_work, .arg = &refused_pkey, .kills = true },
	{ "guard", "invalid: write to a guard page in a mapping", 4,
	  .work = refused_work, .arg = &refused_guard, .kills = true },
	{ "past-eof", "invalid: read a mapping behind the end of its file", 4,
	  .work = refused_work, .arg = &refused_past_eof, .kills = true },
	{ "efault", "invalid: give a bad pointer to a system call", 4,
	  .work = refused_work, .arg = &refused_efault },
	{ "stack-overflow", "invalid: recurse beyond the end of the stack", 4,
	  .work = refused_work, .arg = &refused_stack, .kills = true },
	{ "threads", "minor: threads that fault at once, N in all", 64,
	  .work = process_threads_work },
	{ "forks", "minor: N short-lived processes, with a few faults each",
	  16, .drive = process_forks_drive, .many = true },
	{ "pid-reuse", "minor: N processes in turn with the same process id",
	  4, .drive = process_reuse_drive, .many = true },
	{ "gup", "minor: process_vm_readv of a child's untouched memory", 64,
	  .work = process_gup_work },
	{ "exec", "minor: half before, half after executing itself", 64,
	  .work = exec_work },
	{ "thread-exec", "minor: the same, exec called by another thread", 64,
	  .work = exec_thread_work },
	{ "hold", "minor: N, and N more for each line of input", 64,
	  .drive = hold_drive },
};

#define NCASES	(sizeof(cases) / sizeof(cases[0]))

/**
 * case_find() - the case of a name
 * @name: as typed
 *
 * Return: the case, or NULL.
 */
const struct fg_case *case_find(const char *name)
{
	size_t i;

	for (i = 0; i < NCASES; i++)
		if (!strcmp(cases[i].name, name))
			return &cases[i];
	return NULL;
}

static void list(void)
{
	size_t i;

	for (i = 0; i < NCASES; i++)
		printf("%-15s %s\n", cases[i].name, cases[i].help);
}

static void help(void)
{
	puts("Usage: faultgen [OPTIONS] CASE [N]\n"
	     "       faultgen list\n"
	     "Makes N page faults of one kind, exactly (race, spurious, migrate, numa: at\n"
	     "least), and prints what it made as JSON.\n"
	     "\n"
	     "  --dir DIR      where files are made ($TMPDIR, else /tmp)\n"
	     "  --device FILE  device: map this one (the vDSO)\n"
	     "  --threads T    threads: number of threads (8)\n"
	     "  --faults K     forks, pid-reuse: faults of each process (4)\n"
	     "  --kill         do not catch the signal of a refused fault: N processes\n"
	     "                 are killed, one after another\n"
	     "  --json         print JSON (there is no other form)\n"
	     "  -h, --help     this text\n"
	     "  -V, --version  version\n"
	     "\n"
	     "Exit status: 0, 1 error or the kernel counted something else, 2 usage,\n"
	     "77 the case cannot run here.\n"
	     "\n"
	     "Cases:");
	list();
}

static __attribute__((noreturn)) void usage(const char *what, const char *arg)
{
	fprintf(stderr, "faultgen: %s%s%s (faultgen -h tells the usage)\n",
		what, arg ? ": " : "", arg ? arg : "");
	exit(FG_EXIT_USAGE);
}

static unsigned long number(const char *text, unsigned long max,
			    const char *what)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || !value ||
	    value > max) {
		fprintf(stderr, "faultgen: %s must be 1 to %lu, not %s\n", what,
			max, *text ? text : "empty");
		exit(FG_EXIT_USAGE);
	}
	return value;
}

static void options(struct fg *fg, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "device", required_argument, NULL, 'D' },
		{ "threads", required_argument, NULL, 't' },
		{ "faults", required_argument, NULL, 'f' },
		{ "kill", no_argument, NULL, 'k' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "hV", longs, NULL)) != -1) {
		switch (c) {
		case 'd':
			fg->dir = optarg;
			break;
		case 'D':
			fg->device = optarg;
			break;
		case 't':
			fg->threads = (unsigned int)number(optarg, MAX_THREADS,
							   "--threads");
			break;
		case 'f':
			fg->faults = (unsigned int)number(optarg, MAX_FAULTS,
							  "--faults");
			break;
		case 'k':
			fg->kill = true;
			break;
		case 'j':
			break;
		case 'h':
			help();
			exit(EXIT_SUCCESS);
		case 'V':
			puts("faultgen " FG_VERSION);
			exit(EXIT_SUCCESS);
		default:
			exit(FG_EXIT_USAGE);
		}
	}
}

static void arguments(struct fg *fg, int argc, char **argv)
{
	bool many;

	options(fg, argc, argv);
	if (optind == argc)
		usage("no case given", NULL);
	if (argc - optind > 2)
		usage("too many arguments", argv[optind + 2]);
	if (!strcmp(argv[optind], "list")) {
		list();
		exit(EXIT_SUCCESS);
	}
	fg->c = case_find(argv[optind]);
	if (!fg->c)
		usage("unknown case", argv[optind]);
	if (fg->kill && !fg->c->kills)
		usage("nothing is killed by this case", fg->c->name);
	many = fg->c->many || fg->kill;
	fg->n = fg->c->n;
	if (optind + 1 < argc)
		fg->n = number(argv[optind + 1], many ? MAX_MANY : MAX_N, "N");
	if (fg->threads > fg->n)
		fg->threads = (unsigned int)fg->n;
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	struct fg fg = {
		.threads = 8,
		.faults = 4,
		.dir = tmp && *tmp ? tmp : "/tmp",
		.page = (unsigned long)sysconf(_SC_PAGESIZE),
	};
	unsigned int room = 2;

	if (argc > 1 && !strcmp(argv[1], "@resume"))
		return exec_resume(argc, argv);
	arguments(&fg, argc, argv);
	if (fg.c->many || fg.kill)
		room = (unsigned int)fg.n + 1;
	/* Four levels of page tables, or five, in the case level. */
	if (room < 5)
		room = 5;
	report_create(&fg, room, room > fg.threads ? room : fg.threads);
	worker_settle(fg.c->huge);
	if (fg.c->before)
		fg.c->before(&fg);
	if (fg.c->drive)
		fg.c->drive(&fg);
	else
		worker_drive(&fg);
	report_tidy();
	report_print(&fg);
	return report_check(&fg);
}
