# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What cases need of pftrace, on top of lib.sh.

d=/sys/kernel/debug/pftrace

# load PARAMETER=VALUE...: the module; it is unloaded when the case ends.
load() {
	insmod /pftrace/pftrace.ko "$@" || bail "the module does not load"
	at_exit unload
}

unload() {
	! grep -q '^pftrace ' /proc/modules || rmmod pftrace
}

# total NAME: a value of `totals`.
total() {
	awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' $d/totals
}

# counts FILE PID: minor, major and invalid of a process in pids or exited.
counts() {
	awk -v pid="$2" '$1 == pid { print $2, $3, $4; exit }' "$d/$1"
}

# kernel_counts PID: minor and major faults as the kernel counts them.
kernel_counts() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $8, $10 }'
}

# slow_device DIRECTORY MS: mount a file system there whose device answers MS
# late. Fails where that cannot be had. Undone at the end of the case.
slow_device() {
	local loop

	modprobe -a loop dm-delay 2>/dev/null || return 1
	truncate -s 64M "$1.img"
	loop=$(losetup -f --show "$1.img") || bail "losetup"
	at_exit losetup -d "$loop"
	echo "0 $(blockdev --getsz "$loop") delay $loop 0 $2" | dmsetup create "$1" ||
		bail "dmsetup"
	at_exit dmsetup remove "$1"
	dmsetup mknodes "$1"
	mke2fs -q -t ext4 "/dev/mapper/$1" || bail "mke2fs"
	mkdir "$1"
	mount "/dev/mapper/$1" "$1" || bail "mount"
	at_exit umount "$1"
}

# honest: three tests, at the end of a case: nothing was missed, and the audit
# agrees with the kernel about every thread that ended.
honest() {
	is "$(total audit_mismatches)" 0 "audit: counts equal the kernel's" ||
		diag "$(grep audit $d/totals)"
	number "audit: there were threads to audit" "$(total audited_threads)" -gt 0
	is "$(grep missed_ $d/totals | awk '$2 != 0')" '' "nothing was missed"
}
honest_tests=3
