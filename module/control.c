// SPDX-License-Identifier: GPL-2.0
/*
 * Switching tracing on and off, and clearing it.
 *
 * Off means that no probe is left in a page fault. Births and deaths of
 * threads stay hooked (task.c), so that the lists remain true.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/timekeeping.h>

#include "armed.h"
#include "clock.h"
#include "control.h"
#include "file.h"
#include "latency.h"
#include "probe.h"
#include "reject.h"
#include "rings.h"
#include "task.h"
#include "totals.h"

static bool enable = true;
module_param(enable, bool, 0400);
MODULE_PARM_DESC(enable, "trace from the start (1)");

/* Guards all below, and the probes. */
static DEFINE_MUTEX(control_lock);
static bool enabled;
static u64 enabled_since;	/* ns, while enabled */
static u64 traced_before;	/* ns, up to the last switching off */

static int switch_on(void)
{
	int err;

	pft_clock_init();
	pft_task_epoch_begin();
	err = pft_reject_on();
	if (err)
		return err;
	err = pft_probe_on();
	if (err) {
		pft_reject_off();
		return err;
	}
	/* From here on no fault is missed in silence: threads born are audited. */
	pft_task_audit(true);
	enabled = true;
	enabled_since = ktime_get_ns();
	return 0;
}

static void switch_off(void)
{
	pft_task_audit(false);
	pft_probe_off();
	pft_reject_off();
	enabled = false;
	traced_before += ktime_get_ns() - enabled_since;
}

/**
 * pft_control_enable - switch tracing on or off
 * @on: which
 *
 * Context: may sleep.
 * Return: 0, also if nothing changes, or a negative errno.
 */
int pft_control_enable(bool on)
{
	int err = 0;

	mutex_lock(&control_lock);
	if (on && !enabled)
		err = switch_on();
	else if (!on && enabled)
		switch_off();
	mutex_unlock(&control_lock);
	return err;
}

/**
 * pft_control_clear - zero all counts, forget all records
 *
 * The probes are off for a moment, so that no counter changes while it is
 * being zeroed. Faults of that moment are neither before nor after.
 *
 * Context: may sleep.
 * Return: 0, or a negative errno if the probes could not be set again; then
 * tracing is off.
 */
int pft_control_clear(void)
{
	bool was_on;
	int err = 0;

	mutex_lock(&control_lock);
	was_on = enabled;
	if (was_on)
		switch_off();
	pft_totals_clear();
	pft_latency_clear();
	pft_task_clear();
	pft_rings_clear();
	pft_file_clear();
	pft_probe_clear();
	pft_reject_clear();
	traced_before = 0;
	if (was_on)
		err = switch_on();
	mutex_unlock(&control_lock);
	return err;
}

/**
 * pft_control_state - what is on, and what went by unseen
 * @state: filled
 *
 * Context: may sleep.
 */
void pft_control_state(struct pft_control_state *state)
{
	mutex_lock(&control_lock);
	state->enabled = enabled;
	state->traced_ns = traced_before;
	if (enabled)
		state->traced_ns += ktime_get_ns() - enabled_since;
	state->no_instance = pft_probe_no_instance();
	state->nested = pft_probe_nested();
	state->ignored = pft_reject_nested();
	state->hook = pft_probe_name();
	state->reject_hook = pft_reject_name();
	state->kprobes = pft_armed_name();
	mutex_unlock(&control_lock);
}

/**
 * pft_control_init - check the parameters, begin to trace unless enable=0
 *
 * Context: may sleep.
 * Return: 0 or a negative errno (logged).
 */
int pft_control_init(void)
{
	int err = pft_probe_check();

	if (!err)
		err = pft_reject_check();
	if (!err && enable)
		err = pft_control_enable(true);
	if (err)
		pft_probe_exit();
	return err;
}

/**
 * pft_control_exit - off, for good
 *
 * Context: may sleep.
 */
void pft_control_exit(void)
{
	pft_control_enable(false);
	pft_probe_exit();
}
