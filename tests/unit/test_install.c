// SPDX-License-Identifier: GPL-2.0
/* What "make install-userspace" puts where, and that "make uninstall" takes it away. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "fake.h"

/* This make is none of the make that runs the tests: it has no options of that one. */
#define MAKE	"env -u MAKEFLAGS -u MAKEOVERRIDES -u MFLAGS make -s -C \"$OLDPWD/../..\" PREFIX=/usr " \
		"KVER=6.1.0-test DESTDIR=%s/root "

static const char files[] =
	"644 usr/share/bash-completion/completions/pftop\n"
	"644 usr/share/doc/pftrace/debugfs.md\n"
	"644 usr/share/doc/pftrace/pftop.schema.json\n"
	"644 usr/share/doc/pftrace/report.md\n"
	"644 usr/share/doc/pftrace/report.schema.json\n"
	"644 usr/share/man/man4/pftrace.4\n"
	"644 usr/share/man/man8/pftop.8\n"
	"644 usr/share/zsh/site-functions/_pftop\n"
	"755 usr/sbin/pftop\n";

/* What @script, run in the directory of the test, writes. It must end well. */
static const char *run(const char *script)
{
	char command[1024], path[128];

	snprintf(command, sizeof(command), "cd %s && { %s\n} >out 2>&1", fake_root_dir, script);
	if (system(command) != 0)
		*command = '\0';
	snprintf(path, sizeof(path), "%s/out", fake_root_dir);
	ask_file(path, ask_out);
	if (!*command)
		fail_msg("%s: %s", script, ask_out);
	return ask_out;
}

static void make(const char *target)
{
	char script[512];

	snprintf(script, sizeof(script), MAKE "BUILT=\"$COMPLETION/..\" %s", fake_root_dir, target);
	assert_string_equal(run(script), "");
}

static void test_install(void **state)
{
	(void)state;
	make("install-userspace");
	assert_string_equal(run("find root -type f -printf '%m %P\n' | LC_ALL=C sort"), files);
	assert_string_equal(run("find root ! -type f ! -type d"), "");
	assert_memory_equal(run("root/usr/sbin/pftop --version"), "pftop ", 6);
	/* Each is what its name says. */
	run("for file in pftop.8 pftrace.4 report.md report.schema.json pftop.schema.json; do "
	    "cmp \"$OLDPWD/../../Documentation/$file\" root/usr/share/*/*/$file || exit 1; done; "
	    "cmp $COMPLETION/pftop root/usr/share/bash*/*/pftop && "
	    "cmp $COMPLETION/_pftop root/usr/share/zsh/*/_pftop");
}

/* The files that the manuals and documents name are there. */
static void test_references(void **state)
{
	(void)state;
	make("install-userspace");
	run("cd root/usr/share && "
	    "sed 's/\\\\-/-/g' man/man?/* | grep -o '/usr/local/share/doc/pftrace/[a-z.]*[a-z]' | "
	    "sort -u >names && test -s names && sed 's|/usr/local/share/||' names | xargs ls && "
	    "grep -oh '([a-z.]*[.]\\(md\\|json\\))' doc/pftrace/report.md | tr -d '()' | sort -u >names && "
	    "test -s names && cd doc/pftrace && xargs ls <../../names");
}

static void test_uninstall(void **state)
{
	(void)state;
	make("install-userspace");
	/* The module, and what somebody else put there. */
	run("mkdir -p root/lib/modules/6.1.0-test/updates && "
	    "touch root/lib/modules/6.1.0-test/updates/pftrace.ko root/usr/sbin/other");
	make("uninstall");
	assert_string_equal(run("find root ! -type d"), "root/usr/sbin/other\n");
	assert_string_equal(run("find root -name '*pftrace*'"), "");
	/* Again: there is nothing to do. */
	make("uninstall");
	/* A directory that holds more stays, and that is no error. */
	make("install-userspace");
	run("touch root/usr/share/doc/pftrace/notes");
	make("uninstall");
	assert_string_equal(run("find root -path '*pftrace*' -type f"),
			    "root/usr/share/doc/pftrace/notes\n");
}

static void test_not_built(void **state)
{
	char script[512];

	(void)state;
	snprintf(script, sizeof(script), "! " MAKE "BUILT=nowhere install-userspace", fake_root_dir);
	assert_memory_equal(run(script), "pftop is not built: make\n", 25);
	run("! test -e root");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_install, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_references, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_uninstall, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_not_built, fake_root_setup, fake_root_teardown),
	};

	return cmocka_run_group_tests_name("install", tests, NULL, NULL);
}
