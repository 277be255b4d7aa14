// SPDX-License-Identifier: GPL-2.0
/* The command "pftop doctor": can it run here, and what to do if not. */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include "doctor.h"
#include "output.h"
#include "pftop.h"
#include "units.h"

static void say(struct doctor *doctor, enum doctor_state state, const char *name, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));

static void say(struct doctor *doctor, enum doctor_state state, const char *name, const char *fmt,
		...)
{
	struct doctor_check *check;
	va_list args;

	if (doctor->count == DOCTOR_MAX)
		return;
	check = &doctor->check[doctor->count++];
	check->state = state;
	(void)snprintf(check->name, sizeof(check->name), "%s", name);
	va_start(args, fmt);
	(void)vsnprintf(check->text, sizeof(check->text), fmt, args);
	va_end(args);
}

static FILE *open_below(const struct doctor *doctor, const char *path)
{
	char full[4096];

	(void)snprintf(full, sizeof(full), "%s%s", doctor->base, path);
	return fopen(full, "re");
}

/* The first line of a file; false where there is none. */
static bool first_line(const struct doctor *doctor, const char *path, char *line, int size)
{
	FILE *file;
	bool ok;

	errno = 0;
	file = open_below(doctor, path);
	if (!file)
		return false;
	ok = fgets(line, size, file);
	(void)fclose(file);
	return ok;
}

static bool has_symbol(const struct doctor *doctor, const char *symbol, bool *known)
{
	FILE *file = open_below(doctor, "/proc/kallsyms");
	char line[640], name[512];
	bool found = false;

	*known = file;
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		/* There are more than a hundred thousand lines: most end here. */
		found = strstr(line, symbol) && sscanf(line, "%*s %*s %511s", name) == 1 &&
			!strcmp(name, symbol);
	(void)fclose(file);
	return found;
}

static void check_kprobes(struct doctor *doctor)
{
	static const char name[] = "kprobes";
	static const char path[] = "/sys/kernel/debug/kprobes/enabled";
	char line[32];
	bool known;

	if (!has_symbol(doctor, "register_kretprobe", &known)) {
		if (known)
			say(doctor, DOCTOR_FAIL, name,
			    "not in this kernel: it needs CONFIG_KPROBES and CONFIG_KRETPROBES");
		else
			say(doctor, DOCTOR_NOTE, name, "unknown: /proc/kallsyms cannot be read");
		return;
	}
	if (first_line(doctor, path, line, sizeof(line)) && line[0] == '0')
		say(doctor, DOCTOR_FAIL, name, "disarmed: echo 1 | sudo tee %s", path);
	else
		say(doctor, DOCTOR_OK, name, "ok");
}

/* Where kprobes are called by ftrace, they do nothing without it. */
static void check_ftrace(struct doctor *doctor)
{
	char line[32];

	if (first_line(doctor, "/proc/sys/kernel/ftrace_enabled", line, sizeof(line)) &&
	    line[0] == '0')
		say(doctor, DOCTOR_NOTE, "ftrace",
		    "switched off: sudo sysctl kernel.ftrace_enabled=1");
}

static void check_module(struct doctor *doctor)
{
	static const char name[] = "module pftrace";
	char path[4096], line[8];

	(void)snprintf(path, sizeof(path), "%s/sys/module/pftrace", doctor->base);
	if (!access(path, F_OK))
		say(doctor, DOCTOR_OK, name, "ok");
	else if (!first_line(doctor, "/proc/modules", line, sizeof(line)) && errno == ENOENT)
		say(doctor, DOCTOR_FAIL, name,
		    "this kernel cannot load modules: it needs CONFIG_MODULES");
	else
		say(doctor, DOCTOR_FAIL, name, "not loaded: sudo modprobe pftrace");
}

/* What the kernel was booted with. */
static bool has_parameter(const struct doctor *doctor, const char *parameter)
{
	char line[4096], *word, *rest;

	if (!first_line(doctor, "/proc/cmdline", line, sizeof(line)))
		return false;
	for (word = strtok_r(line, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
		if (!strcmp(word, parameter))
			return true;
	return false;
}

static void check_debugfs(struct doctor *doctor)
{
	static const char place[] = "/sys/kernel/debug";
	FILE *file = open_below(doctor, "/proc/self/mounts");
	char line[4096], dir[1024], type[64], other[1024] = "";
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %1023s %63s", dir, type) != 2 || strcmp(type, "debugfs") != 0)
			continue;
		found = !strcmp(dir, place);
		if (!found)
			memcpy(other, dir, sizeof(other));
	}
	if (file)
		(void)fclose(file);
	if (found)
		say(doctor, DOCTOR_OK, "debugfs", "ok, at %s", place);
	else if (*other)
		say(doctor, DOCTOR_NOTE, "debugfs", "at %s: pftop --debugfs %s/pftrace", other, other);
	else if (has_parameter(doctor, "debugfs=off"))
		say(doctor, DOCTOR_FAIL, "debugfs", "switched off: boot without debugfs=off");
	else if (has_parameter(doctor, "debugfs=no-mount"))
		say(doctor, DOCTOR_FAIL, "debugfs",
		    "cannot be mounted: boot without debugfs=no-mount");
	else
		say(doctor, DOCTOR_FAIL, "debugfs",
		    "not mounted: sudo mount -t debugfs none %s", place);
}

static void check_lockdown(struct doctor *doctor)
{
	char line[128], *begin, *end;

	if (!first_line(doctor, "/sys/kernel/security/lockdown", line, sizeof(line))) {
		say(doctor, DOCTOR_OK, "lockdown", "none");
		return;
	}
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (!end) {
		say(doctor, DOCTOR_NOTE, "lockdown", "unknown");
		return;
	}
	*end = '\0';
	if (!strcmp(begin + 1, "none"))
		say(doctor, DOCTOR_OK, "lockdown", "none");
	else
		say(doctor, DOCTOR_NOTE, "lockdown",
		    "%s: rings are read, not mapped; set up the module with its parameters",
		    begin + 1);
}

/**
 * doctor_machine - checks of the machine
 * @doctor: with @base and @uname filled
 */
void doctor_machine(struct doctor *doctor)
{
	say(doctor, DOCTOR_OK, "kernel", "%s %s", doctor->uname.release, doctor->uname.machine);
	check_kprobes(doctor);
	check_ftrace(doctor);
	check_module(doctor);
	check_debugfs(doctor);
	check_lockdown(doctor);
}

/* The hooks are there, but somebody has made them ineffective. */
static bool check_armed(struct doctor *doctor, const struct pft_totals *totals,
			const struct pft_total *hook)
{
	const struct pft_total *kprobes = pft_totals_find(totals, "kprobes");
	bool all = !hook || strcmp(hook->text, "direct") != 0;

	if (!kprobes || strcmp(kprobes->text, "disarmed") != 0)
		return true;
	say(doctor, DOCTOR_FAIL, "hooks", "disarmed: %s not seen; kprobes/enabled in debugfs, or "
	    "sysctl kernel.ftrace_enabled, is 0", all ? "faults are" : "refused faults are");
	return false;
}

static void check_tracing(struct doctor *doctor, const struct pft_totals *totals)
{
	const struct pft_total *hook = pft_totals_find(totals, "hook");
	const struct pft_total *reject = pft_totals_find(totals, "reject_hook");

	if (pft_totals_find(totals, "enabled") && !pft_totals_value(totals, "enabled")) {
		say(doctor, DOCTOR_NOTE, "tracing", "off: echo 1 | sudo tee %s/enable",
		    doctor->debugfs);
		return;	/* what is off has no hooks to judge */
	}
	say(doctor, DOCTOR_OK, "tracing", "on, hook %s", hook ? hook->text : "unknown");
	if (!check_armed(doctor, totals, hook) || !reject)
		return;
	if (!strcmp(reject->text, "none"))
		say(doctor, DOCTOR_NOTE, "invalid faults",
		    "most are not seen: no function to hook was found in this kernel");
	else if (!strcmp(reject->text, "signal"))
		say(doctor, DOCTOR_NOTE, "invalid faults",
		    "seen by their signals; those that end in EFAULT are not seen");
	else
		say(doctor, DOCTOR_OK, "invalid faults", "ok, hook %s", reject->text);
}

struct miss {
	const char *name;
	const char *what;
	const char *remedy;
};

static const struct miss misses[] = {
	{ "missed_no_instance", "fault", "not seen: load pftrace with a larger maxactive" },
	{ "missed_reentry", "hook hit", "inside a hook, skipped" },
	{ "missed_table_full", "fault", "of threads not listed: load pftrace with a larger max_threads" },
	{ "missed_no_ring", "fault", "counted but not recorded: their CPU has no ring" },
};

static void check_misses(struct doctor *doctor, const struct pft_totals *totals)
{
	bool any = false;
	uint64_t count;
	size_t i;

	for (i = 0; i < sizeof(misses) / sizeof(misses[0]); i++) {
		count = pft_totals_value(totals, misses[i].name);
		if (!count)
			continue;
		any = true;
		say(doctor, DOCTOR_NOTE, misses[i].name, "%" PRIu64 " %s%s %s", count,
		    misses[i].what, units_s(count), misses[i].remedy);
	}
	if (!any)
		say(doctor, DOCTOR_OK, "misses", "none");
}

static void check_audit(struct doctor *doctor, const struct pft_totals *totals)
{
	uint64_t threads = pft_totals_value(totals, "audited_threads");
	uint64_t wrong = pft_totals_value(totals, "audit_mismatches");
	uint64_t missing = pft_totals_value(totals, "audit_missing");

	if (!pft_totals_find(totals, "audited_threads"))
		return;
	if (!wrong)
		say(doctor, DOCTOR_OK, "audit", "ok, %" PRIu64 " thread%s with the kernel",
		    threads, threads == 1 ? " agrees" : "s agree");
	else
		say(doctor, DOCTOR_NOTE, "audit", "%" PRIu64 " of %" PRIu64
		    " thread%s differ%s from the kernel: %" PRIu64 " fault%s missing, %" PRIu64
		    " too many", wrong, threads, units_s(threads), wrong == 1 ? "s" : "", missing,
		    units_s(missing), pft_totals_value(totals, "audit_surplus"));
}

static void check_rings(struct doctor *doctor, const struct pft_root *root)
{
	unsigned int i, mapped = 0, cpus;
	struct pft_stream *stream;
	struct pft_error error;
	char text[640];

	stream = pft_stream_open(root, 0, &error);
	if (!stream) {
		pft_error_message(&error, text, sizeof(text));
		say(doctor, DOCTOR_FAIL, "rings", "%s", text);
		return;
	}
	cpus = pft_stream_cpus(stream);
	for (i = 0; i < cpus; i++)
		mapped += pft_reader_is_mapped(pft_stream_reader(stream, i));
	pft_stream_close(stream);
	say(doctor, DOCTOR_OK, "rings", "ok, %u CPU%s, %u mapped", cpus, units_s(cpus),
	    mapped);
}

/**
 * doctor_module - checks of the files of the module
 * @doctor: with @debugfs filled
 */
void doctor_module(struct doctor *doctor)
{
	struct pft_totals totals;
	struct pft_error error;
	struct pft_root *root;
	char text[640];

	root = pft_root_open(doctor->debugfs, &error);
	if (!root) {
		pft_error_message(&error, text, sizeof(text));
		say(doctor, DOCTOR_FAIL, error.code == PFT_ERR_ABI ? "ABI" : "access", "%s", text);
		say(doctor, DOCTOR_SKIP, "tracing, misses, audit", "not checked");
		return;
	}
	say(doctor, DOCTOR_OK, "access", "ok");
	say(doctor, DOCTOR_OK, "ABI", "ok, module %d.%u, pftop %d.%d", PFT_ABI_MAJOR,
	    pft_root_abi_minor(root), PFT_ABI_MAJOR, PFT_ABI_MINOR);
	if (pft_totals_read(root, &totals, &error)) {
		check_tracing(doctor, &totals);
		check_rings(doctor, root);
		check_misses(doctor, &totals);
		check_audit(doctor, &totals);
	} else {
		pft_error_message(&error, text, sizeof(text));
		say(doctor, DOCTOR_FAIL, "totals", "%s", text);
	}
	pft_root_close(root);
}

/**
 * doctor_can_run - the verdict
 * @doctor: after the checks
 *
 * Return: true where no check failed.
 */
bool doctor_can_run(const struct doctor *doctor)
{
	unsigned int i;

	for (i = 0; i < doctor->count; i++)
		if (doctor->check[i].state == DOCTOR_FAIL)
			return false;
	return true;
}

#define CHECK	(*(const struct doctor_check *)item)

static struct cell get_name(const void *item) { return cell_text(CHECK.name); }
static struct cell get_text(const void *item) { return cell_text(CHECK.text); }

static struct cell get_state(const void *item)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok",
		[DOCTOR_NOTE] = "note",
		[DOCTOR_FAIL] = "fail",
		[DOCTOR_SKIP] = "skipped",
	};

	return cell_text(names[CHECK.state]);
}

static const struct column doctor_columns[] = {
	{ "check", "check", 22, true, 0, SHOW_RATES | SHOW_DATA, get_name },
	{ "state", "state", 0, true, 0, SHOW_DATA, get_state },
	{ "text", "result", 0, true, 0, SHOW_RATES | SHOW_DATA, get_text },
};

#define NR_DOCTOR_COLUMNS	(sizeof(doctor_columns) / sizeof(doctor_columns[0]))

static int write_checks(const struct doctor *doctor, enum format format)
{
	const struct column *columns[NR_DOCTOR_COLUMNS];
	struct cell can_run = cell_bool(doctor_can_run(doctor));
	unsigned int i, count = 0;
	struct output output;
	int ret;

	for (i = 0; i < NR_DOCTOR_COLUMNS; i++)
		if (doctor_columns[i].show & (format == FORMAT_TEXT ? SHOW_RATES : SHOW_DATA))
			columns[count++] = &doctor_columns[i];
	output_init(&output, format, stdout);
	output.ops->begin(&output);
	output_schema(&output, "pftop-doctor");
	output.ops->value(&output, NULL, "can_run", &can_run);
	output.ops->table(&output, "checks", columns, count);
	for (i = 0; i < doctor->count; i++)
		output.ops->row(&output, &doctor->check[i]);
	output.ops->end(&output);
	ret = output_flush(&output);
	output_fini(&output);
	return ret;
}

/**
 * doctor_main - the command "pftop doctor"
 * @options: what the command line said
 *
 * Return: exit status: 1 where pftop cannot run here.
 */
int doctor_main(const struct options *options)
{
	struct doctor *doctor = calloc(1, sizeof(*doctor));
	struct statfs fs;
	bool copy;
	int ret;

	if (!doctor) {
		(void)fputs("pftop: not enough memory\n", stderr);
		return EXIT_ERROR;
	}
	doctor->base = "";
	doctor->debugfs = options->debugfs ? options->debugfs : PFT_DEFAULT_ROOT;
	(void)uname(&doctor->uname);
	/* Files copied from elsewhere say nothing of this machine. */
	copy = !statfs(doctor->debugfs, &fs) && fs.f_type != DEBUGFS_MAGIC;
	if (!copy || !options->debugfs)
		doctor_machine(doctor);
	doctor_module(doctor);
	ret = write_checks(doctor, options->format) < 0 || !doctor_can_run(doctor);
	free(doctor);
	return ret ? EXIT_ERROR : EXIT_OK;
}
