#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel with a debugfs that nobody can mount: there is no way to the module's
# files, so it refuses to load, and says why.
# boot: debugfs=no-mount
# emulator: single

. "$(dirname "$0")/lib.sh"

# Late kernels know only on and off, and take any other word for one of them.
mkdir mnt
if mount -t debugfs none mnt 2>/dev/null; then
	umount mnt
	skip_all "debugfs can be mounted here"
fi
plan 5
fails "refused" insmod /pftrace/pftrace.ko
is "$(dmesg | sed -n 's/^\[[ 0-9.]*\] pftrace: //p' | grep -v '^loading out-of-tree\|^module verif' |
	sed 's/(-[0-9]*)/(N)/')" \
	"debugfs: cannot create pftrace (N): the kernel was booted without debugfs" \
	"one line says why"
ok "nothing is left" test ! -e /sys/module/pftrace
fails "doctor: it cannot be used" pftop doctor
is "$(pftop doctor | sed -n 's/^debugfs  *//p')" \
	"cannot be mounted: boot without debugfs=no-mount" "and says what to do"
