#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel that was booted without debugfs: there is no other way in, so the module
# refuses to load, and says why.
# boot: debugfs=off
# emulator: single

. "$(dirname "$0")/lib.sh"
plan 5

is "$(insmod /pftrace/pftrace.ko 2>&1)" \
	"insmod: ERROR: could not insert module /pftrace/pftrace.ko: Operation not permitted" \
	"refused"
is "$(dmesg | sed -n 's/^\[[ 0-9.]*\] pftrace: //p' | grep -v '^loading out-of-tree\|^module verif')" \
	"debugfs: cannot create pftrace (-1): the kernel was booted without debugfs" \
	"one line says why"
ok "nothing is left" test ! -e /sys/module/pftrace
fails "doctor: it cannot run" pftop doctor
is "$(pftop doctor | sed -n 's/^debugfs  *//p')" \
	"switched off: boot without debugfs=off" "and says what to do"
