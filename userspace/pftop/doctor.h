/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_DOCTOR_H
#define PFTOP_DOCTOR_H

#include <stdbool.h>
#include <sys/utsname.h>

#include "libpftrace.h"

#define DOCTOR_MAX	24

/**
 * enum doctor_state - what a check found
 * @DOCTOR_OK: good
 * @DOCTOR_NOTE: it works, but something is worth to know
 * @DOCTOR_FAIL: it cannot work
 * @DOCTOR_SKIP: not checked, because of an earlier one
 */
enum doctor_state {
	DOCTOR_OK,
	DOCTOR_NOTE,
	DOCTOR_FAIL,
	DOCTOR_SKIP,
};

/**
 * struct doctor_check - one check
 * @name: what was looked at
 * @state: what was found
 * @text: in words, with what to do
 */
struct doctor_check {
	char name[48];
	enum doctor_state state;
	char text[640];
};

/**
 * struct doctor - all checks
 * @base: put before each absolute path; "" but in tests
 * @uname: the kernel
 * @debugfs: directory of pftrace
 * @check: the checks
 * @count: of them
 */
struct doctor {
	const char *base;
	struct utsname uname;
	const char *debugfs;
	struct doctor_check check[DOCTOR_MAX];
	unsigned int count;
};

void doctor_machine(struct doctor *doctor);
void doctor_module(struct doctor *doctor);
bool doctor_can_run(const struct doctor *doctor);

#endif /* PFTOP_DOCTOR_H */
