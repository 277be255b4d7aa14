#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# What pftrace must never do: show anything to others, tell where the kernel is,
# show memory that nobody set, let a mapping be written, take memory without
# bound, be loaded twice, or stop at a signal.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

plan $((29 + honest_tests))

available() {
	awk '/^MemAvailable/ { print $2 }' /proc/meminfo
}

# kernel_addresses FILE...: what is in the kernel's half of the addresses
kernel_addresses() {
	grep -aoh '\(0x\)\?ffff[0-9a-f]\{12\}' "$@"
}

texts() {
	local f

	for f in README totals pids threads exited files causes latency trace format; do
		cat $d/$f || echo "cannot read $f"
	done >texts.out 2>&1
}

# Leftovers of others are in the memory that the module gets: nothing clears it
# (init_on_alloc=0, see scripts/qemu.sh).
ok "the machine clears no memory by itself" grep -qw init_on_alloc=0 /proc/cmdline
secure dirty $(($(available) / 1024 / 2))
dmesg -C
load buffer_kb=64

# Faults of all kinds, also those that the kernel makes on behalf of processes.
for c in null wild write-text exec-heap prot-none past-eof efault stack-overflow anon cow gup \
	 mlock forks shmem file-cold exec threads; do
	faultgen --dir . $c >/dev/null 2>&1
done
insmod /pftrace/refuse.ko && refuser /dev/pftrace-refuse 10 >/dev/null
rmmod refuse
# Nothing is written while it is looked at.
echo 0 >$d/enable
ok "no address of the kernel, no byte that nobody set in records and mappings" secure bytes
texts
is "$(kernel_addresses texts.out)" "" "no address of the kernel in any line"
is "$(tr -d '\n -~' <texts.out | od -An -tx1 | head -n 3)" "" "lines are printable"
is "$(dmesg | kernel_addresses | grep -v 0xffffffffffff)" "" "none in the log"

# What a process itself asks for is told: that is its own number.
echo 1 >$d/enable
poke kernel-read >poke.out
echo 0 >$d/enable
address=$(sed -n 's/.*"start":"\(0x[0-9a-f]*\)".*/\1/p' poke.out)
ok "an address that a process wanted to go to is the only one" secure bytes "$address"
texts
is "$(kernel_addresses texts.out | sort -u)" "$address" "in the lines, too"

# Rings that were used half: the rest of their memory is as it was allocated.
echo 4096 >$d/buffer_kb
echo 1 >$d/enable
faultgen anon 300 >/dev/null
echo 0 >$d/enable
ok "nothing in a ring that is new" secure bytes "$address"
echo 1 >$d/enable
ok "a mapping can never be written" secure write

# Others, who were given the directory, and then also the right to enter it.
mapfile -t names < <(cd $d && find . -mindepth 1 ! -type d -printf '%P\n')
is "$(find $d /sys/module/pftrace/parameters -mindepth 1 -perm /0077 ! -path '*/parameters')" "" \
	"modes: nothing for others"
is "$(stat -c %a $d)" 700 "the directory neither"
ok "others get nothing" as_user secure others 5 "${names[@]}" 5<$d
chmod 755 $d $d/cpu $d/filter
# What is left to them is to see the names, if root wants that.
is "$(as_user secure others 5 "${names[@]}" 5<$d | grep -v '^#')" $'.: list\n.: change to it' \
	"nor where they may enter the directory"
chmod 700 $d $d/cpu $d/filter

# Memory: what an open file takes, and what is written to one.
echo 64 >$d/buffer_kb
before=$(available)
# hold_open TIMES FILE...: opens each file as often; how many KiB one takes
hold_open() {
	local n=$1 i files=() start opened out
	shift

	for ((i = 0; i < n; i++)); do
		files+=("$@")
	done
	start=$(available)
	coproc HOLD { exec secure hold "${files[@]}"; }
	out=${HOLD[1]}
	read -r opened <&"${HOLD[0]}"
	[ "$opened" -eq ${#files[@]} ] || diag "only $opened of ${#files[@]} were opened"
	echo $(((start - $(available)) / opened))
	eval "exec $out>&-"
	# shellcheck disable=SC2153
	wait "$HOLD_PID"
}
lists=() others=()
for f in "${names[@]}"; do
	case $f in
	pids | threads | exited) lists+=("$d/$f") ;;
	clear) ;;
	*) others+=("$d/$f") ;;
	esac
done
each=$(hold_open 200 "${others[@]}")
number "$((200 * ${#others[@]})) open files take less than 8 KiB each" "${each:-none}" -lt 8
diag "$each KiB"
# A list is copied when it is opened: a line for each process that there is and
# was, up to 1024 of them, and room for more.
each=$(hold_open 100 "${lists[@]}")
number "300 open lists take less than 1 MiB each" "${each:-none}" -lt 1024
diag "$each KiB"
given_back() {
	[ $(($(available) + 16384)) -ge "$before" ]
}
ok "and give it back" wait_for given_back
for f in "$d"/filter/*; do
	head -c 16777216 /dev/zero | tr '\0' '7' | dd of="$f" bs=16M iflag=fullblock
	head -c 16777216 /dev/zero | tr '\0' '\n' | dd of="$f" bs=4096
done 2>dd.out
is "$(grep -c 'error writing' dd.out) $(($(grep -c 'Argument list too long' dd.out) >= 6))" "12 1" \
	"what is too long for a filter is refused"

# Readers hold the memory that a resize replaces; then the next one is refused.
# Rings are vmalloc memory, of which the kernel has a list.
rings() {
	awk '/\[pftrace\]/ { bytes += $2 } END { print bytes + 0 }' /proc/vmallocinfo
}
rings_back() {
	[ "$(rings)" -le "$held_before" ]
}
held_before=$(rings)
before=$(available)
held=()
# Each round takes 64 MiB of what there is.
most=$((before / 65536 + 2))
for ((i = 0; i < most; i++)); do
	mkfifo fifo$i
	secure hold $d/cpu/cpu0 $d/cpu/cpu1 <fifo$i >held$i &
	held+=($!)
	exec {fd}>fifo$i
	fds[i]=$fd
	wait_for grep -q 2 held$i
	[ "$(error_of buffer_kb 32768)" = none ] || break
done
number "a resize that leaves too little is refused" $i -lt $most
diag "after $i, with $(($(available) / 1024)) MiB left of $((before / 1024))"
is "$(error_of buffer_kb 32768)" ENOMEM "with ENOMEM"
number "memory is left" "$(available)" -gt 32768
is "$(dmesg | grep -i 'out of memory')" "" "nobody was killed for it"
number "they hold rings" "$(rings)" -gt $((held_before + (32 << 20)))
for fd in "${fds[@]}"; do
	exec {fd}>&-
done
wait "${held[@]}"
echo 64 >$d/buffer_kb
ok "which come back with the last reader" wait_for rings_back || diag "$held_before, $(rings)"

# Twice.
fails "the module is not loaded twice" insmod /pftrace/pftrace.ko
secure rename /pftrace/pftrace.ko copy.ko
fails "nor a copy that has another name" insmod copy.ko
is "$(dmesg | grep -c 'another copy is loaded')" 1 "and the log says why"
faultgen --dir . file-cold 16 >made.json
ok "the first one goes on: counts" faultcheck both made.json
honest

# Killed where they wait; nothing else writes records.
echo 0 >$d/enable
waiting=()
for f in trace_pipe cpu/cpu0 cpu/cpu1 cpu/cpu0.map; do
	for how in read poll epoll; do
		[ $f.$how != cpu/cpu0.map.read ] || continue
		secure wait $d/$f $how &
		waiting+=($!)
	done
done
blocked() {
	local p

	for p in "${waiting[@]}"; do
		grep -q '^State:.*S (sleeping)' /proc/$p/status || return
	done
}
ok "${#waiting[@]} readers wait" wait_for blocked
kill -9 "${waiting[@]}"
wait "${waiting[@]}" 2>/dev/null
ok "killed, they keep nothing: the module is unloaded" rmmod pftrace
