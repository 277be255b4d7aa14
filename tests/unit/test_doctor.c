// SPDX-License-Identifier: GPL-2.0
/* What the doctor says of machines that are not this one. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "fake.h"

#define DEBUGFS_MOUNT	"none /sys/kernel/debug debugfs rw,relatime 0 0\n"

static char dir[64];
static struct doctor doctor;

static int setup(void **state)
{
	(void)state;
	fake_dir(dir);
	memset(&doctor, 0, sizeof(doctor));
	doctor.base = dir;
	strcpy(doctor.uname.release, "6.1.0-50-cloud-amd64");
	strcpy(doctor.uname.machine, "x86_64");
	fake_file(dir, "proc/kallsyms", "0000000000000000 T register_kprobe\n"
		  "0000000000000000 T register_kretprobe\t[kernel]\n");
	fake_file(dir, "proc/modules", "pftrace 100000 0 - Live 0x0000000000000000 (OE)\n");
	fake_file(dir, "proc/self/mounts", "proc /proc proc rw 0 0\n" DEBUGFS_MOUNT);
	fake_file(dir, "sys/module/pftrace/initstate", "live\n");
	fake_file(dir, "sys/kernel/debug/kprobes/enabled", "1\n");
	fake_file(dir, "sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_remove(dir);
	return 0;
}

static void expect(const char *name, enum doctor_state state, const char *text)
{
	unsigned int i;

	for (i = 0; i < doctor.count; i++) {
		if (strcmp(doctor.check[i].name, name) != 0)
			continue;
		assert_string_equal(doctor.check[i].text, text);
		assert_int_equal(doctor.check[i].state, state);
		return;
	}
	fail_msg("nothing was said of %s", name);
}

static void test_all_well(void **state)
{
	(void)state;
	doctor_machine(&doctor);
	expect("kernel", DOCTOR_OK, "6.1.0-50-cloud-amd64 x86_64");
	expect("kprobes", DOCTOR_OK, "ok");
	expect("module pftrace", DOCTOR_OK, "ok");
	expect("debugfs", DOCTOR_OK, "ok, at /sys/kernel/debug");
	expect("lockdown", DOCTOR_OK, "none");
	assert_true(doctor_can_run(&doctor));
}

static void forget(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fake_remove(path);
}

static void test_kprobes(void **state)
{
	(void)state;
	fake_file(dir, "sys/kernel/debug/kprobes/enabled", "0\n");
	doctor_machine(&doctor);
	expect("kprobes", DOCTOR_FAIL,
	       "disarmed: echo 1 | sudo tee /sys/kernel/debug/kprobes/enabled");
	assert_false(doctor_can_run(&doctor));
	doctor.count = 0;
	fake_file(dir, "proc/kallsyms", "0000000000000000 T register_kretprobes\n");
	doctor_machine(&doctor);
	expect("kprobes", DOCTOR_FAIL,
	       "not in this kernel: it needs CONFIG_KPROBES and CONFIG_KRETPROBES");
	doctor.count = 0;
	forget("proc/kallsyms");
	doctor_machine(&doctor);
	expect("kprobes", DOCTOR_NOTE, "unknown: /proc/kallsyms cannot be read");
	assert_true(doctor_can_run(&doctor));
}

static void test_module(void **state)
{
	(void)state;
	forget("sys/module");
	fake_file(dir, "proc/modules", "");
	doctor_machine(&doctor);
	expect("module pftrace", DOCTOR_FAIL, "not loaded: sudo modprobe pftrace");
	doctor.count = 0;
	forget("proc/modules");
	doctor_machine(&doctor);
	expect("module pftrace", DOCTOR_FAIL,
	       "this kernel cannot load modules: it needs CONFIG_MODULES");
}

static void test_debugfs(void **state)
{
	(void)state;
	fake_file(dir, "proc/self/mounts", "proc /proc proc rw 0 0\ndebugfs /x tmpfs rw 0 0\n");
	doctor_machine(&doctor);
	expect("debugfs", DOCTOR_FAIL,
	       "not mounted: sudo mount -t debugfs none /sys/kernel/debug");
	doctor.count = 0;
	fake_file(dir, "proc/self/mounts", "none /mnt debugfs rw 0 0\n");
	doctor_machine(&doctor);
	expect("debugfs", DOCTOR_NOTE, "at /mnt: pftop --debugfs /mnt/pftrace");
}

static void test_no_debugfs(void **state)
{
	(void)state;
	fake_file(dir, "proc/self/mounts", "proc /proc proc rw 0 0\n");
	fake_file(dir, "proc/cmdline", "quiet debugfs=offline debugfs=off\n");
	doctor_machine(&doctor);
	expect("debugfs", DOCTOR_FAIL, "switched off: boot without debugfs=off");
	doctor.count = 0;
	fake_file(dir, "proc/cmdline", "debugfs=no-mount quiet");
	doctor_machine(&doctor);
	expect("debugfs", DOCTOR_FAIL, "cannot be mounted: boot without debugfs=no-mount");
	doctor.count = 0;
	fake_file(dir, "proc/cmdline", "xdebugfs=off debugfs=on\n");
	doctor_machine(&doctor);
	expect("debugfs", DOCTOR_FAIL,
	       "not mounted: sudo mount -t debugfs none /sys/kernel/debug");
}

static void test_ftrace(void **state)
{
	(void)state;
	fake_file(dir, "proc/sys/kernel/ftrace_enabled", "0\n");
	doctor_machine(&doctor);
	expect("ftrace", DOCTOR_NOTE, "switched off: sudo sysctl kernel.ftrace_enabled=1");
	assert_true(doctor_can_run(&doctor));
}

static void test_lockdown(void **state)
{
	(void)state;
	fake_file(dir, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	doctor_machine(&doctor);
	expect("lockdown", DOCTOR_NOTE,
	       "integrity: rings are read, not mapped; set up the module with its parameters");
	assert_true(doctor_can_run(&doctor));
	doctor.count = 0;
	fake_file(dir, "sys/kernel/security/lockdown", "rubbish\n");
	doctor_machine(&doctor);
	expect("lockdown", DOCTOR_NOTE, "unknown");
	doctor.count = 0;
	forget("sys/kernel/security");
	doctor_machine(&doctor);
	expect("lockdown", DOCTOR_OK, "none");
}

/* One of each. */
static void test_single(void **state)
{
	(void)state;
	fake_format(dir);
	fake_file(dir, "totals", "enabled 1\nhook direct\nmissed_no_instance 1\nmissed_reentry 1\n"
		  "audited_threads 1\naudit_mismatches 1\naudit_missing 1\naudit_surplus 0\n");
	fake_rings(dir);
	doctor.debugfs = dir;
	doctor_module(&doctor);
	expect("missed_no_instance", DOCTOR_NOTE,
	       "1 fault not seen: load pftrace with a larger maxactive");
	expect("missed_reentry", DOCTOR_NOTE, "1 hook hit inside a hook, skipped");
	expect("audit", DOCTOR_NOTE,
	       "1 of 1 thread differs from the kernel: 1 fault missing, 0 too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_well, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kprobes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_module, setup, teardown),
		cmocka_unit_test_setup_teardown(test_debugfs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_debugfs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ftrace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lockdown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_single, setup, teardown),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
