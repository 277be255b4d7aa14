#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What every other case takes for granted about the machine it runs in.

. "$(dirname "$0")/lib.sh"
plan 10

is "$(stat -f -c %T /scratch)" ext2/ext3 "/scratch is ext4"
is "$(stat -c %t "$(findmnt -n -o SOURCE /scratch)")" "$(printf %x \
	"$(awk '$2 == "virtblk" { print $1 }' /proc/devices)")" \
	"/scratch is on a virtio disk"
is "$PWD" "/scratch/00-bench" "a case starts in a directory of its own"
ok "debugfs is mounted" mountpoint -q /sys/kernel/debug
is "$(modinfo -F vermagic /pftrace/pftrace.ko | cut -d ' ' -f 1)" \
	"$(uname -r)" "the module was built for this kernel"
fails "the module is not loaded" grep -q '^pftrace ' /proc/modules
is "$(nproc)" 2 "two CPUs"
is "$(as_user id -u)" 1000 "there is a user who is not root"
fails "who cannot read debugfs" as_user ls /sys/kernel/debug
missing=
for p in pftop faultgen awk dmsetup losetup mkswap taskset mke2fs; do
	type -P "$p" >/dev/null || missing+=" $p"
done
is "$missing" "" "the tools are there"
