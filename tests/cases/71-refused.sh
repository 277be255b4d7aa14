#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Faults that are refused: why, where, by which instruction, and what is around.
#
# Out of memory is not among them: a process that faults without memory is
# killed before its fault fails.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

mapfile -t pokes < <(poke list | grep -v io-error)
kernel_sided=4
plan $((2 * ${#pokes[@]} - kernel_sided + 5 + 2 * honest_tests))

truncate -s 16K file

# too_old NAME: does this kernel lack what it takes? Or this CPU.
too_old() {
	case $1 in
	guard)
		older 6 13 ;;
	poison)
		older 6 6 ;;
	above-all)
		! grep -qw la57 /proc/cpuinfo ;;
	pkey-*)
		! grep -qw ospke /proc/cpuinfo ;;
	time)
		[ "$(uname -m)" = aarch64 ] ;;
	*)
		false ;;
	esac
}

# try NAME [FILE]: one refused fault, compared with what its process knows.
try() {
	local status=0

	poke "$@" >made.json || status=$?
	if [ "$status" = 77 ] && too_old "$1"; then
		skip "$(cat made.json)" "$1"
	elif [ "$status" -ne 0 ]; then
		not_ok "$1" "$(cat made.json)"
	else
		ok "$1" faultcheck records made.json
	fi
	[ "$1" != past-eof ] || truncate -s 16K file
}

load buffer_kb=4096
for p in "${pokes[@]}"; do
	try "$p" file
done
is "$(total no_neighbours)" 0 \
	"the neighbours could be seen each time"

# becomes TABLE: what the device does from now on.
becomes() {
	dmsetup suspend --nolockfs bad && dmsetup load bad "$1" && dmsetup resume bad
}

mapped_device bad "linear LOOP 0" || bail "there is no loop device or no device mapper"
dmsetup table bad >good
awk '{ print $1, $2, "error" }' good >broken
yes | head -c 16K >bad/file
exec 9<bad/file
mount -o remount,ro bad
echo 1 >/proc/sys/vm/drop_caches
becomes broken || bail "dmsetup"
before=$(total invalid)
# By its descriptor: the directory cannot be read, either.
try io-error /dev/fd/9
is $(($(total invalid) - before)) 1 "once"
exec 9<&-
becomes good || bail "dmsetup"
is "$(head -c 4 bad/file | tr '\n' .)" "y.y." "the device works again, and so does the file"
honest
unload

# Seen by the signal that follows: the same causes, and nothing around.
load reject=signal buffer_kb=4096
for p in "${pokes[@]}"; do
	case $p in
	getcpu | getcpu-denied | time | ioctl)
		continue ;;
	esac
	try "$p" file
done
is "$(total reject_hook)" signal "all by the signal"
honest
