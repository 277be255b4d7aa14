#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Why each fault happened, where translation stopped, and what got mapped: for
# each kind of fault as faultgen, which made it, says.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

mapfile -t cases < <(faultgen list | awk '!/^(hold|numa|migrate) / { print $1 }')
tmpfs=(file-warm file-cow shared-write)
devices=(/dev/pftrace-page /dev/pftrace-pfn)
plan $((2 * (${#cases[@]} + ${#tmpfs[@]} + ${#devices[@]}) + 1 + 7 + 2 + honest_tests))

modprobe zram 2>/dev/null && echo 256M >/sys/block/zram0/disksize &&
	mkswap /dev/zram0 >/dev/null && swapon /dev/zram0 &&
	at_exit rmmod zram && at_exit swapoff /dev/zram0
insmod /pftrace/lazy.ko || bail "the driver of the test does not load"
at_exit rmmod lazy

load buffer_kb=2048

# too_old CASE: does this kernel lack what the case is about? Or this CPU.
# Whatever else faultgen finds impossible is a fault of this test.
too_old() {
	case $1 in
	thp)	# PREEMPT_RT has none
		[ ! -e /sys/kernel/mm/transparent_hugepage ] ;;
	mthp)
		older 6 8 || [ ! -e /sys/kernel/mm/transparent_hugepage ] ;;
	guard)
		older 6 13 ;;
	pkey)
		! grep -qw ospke /proc/cpuinfo ;;
	*)
		false ;;
	esac
}

# check NAME ARGS...: a case of faultgen; each of its faults is compared. What
# faultgen says is left in made.json.
check() {
	local name=$1 status=0
	shift

	faultgen "$@" >made.json 2>made.err || status=$?
	if [ "$status" = 77 ] && too_old "${!#}"; then
		skip "$(cat made.err)" "$name" 2
	elif [ "$status" -ne 0 ]; then
		not_ok "$name: faultgen" "$(cat made.err made.json)"
		not_ok "$name: faultgen"
	else
		explained "$name" "cause, level and size of each fault"
	fi
}

for c in "${cases[@]}"; do
	check "$c" --dir . "$c"
done
for c in "${tmpfs[@]}"; do
	check "$c on tmpfs" --dir /dev/shm "$c"
done
for dev in "${devices[@]}"; do
	check "device $dev" --device "$dev" device
done
faultgen --dir /dev/shm mkwrite >/dev/null 2>made.err
is $? 77 "tmpfs never asks before a first write"

# The classic ones, as a person sees them.
# lines COLUMN...: of the faults that made.json tells of, in `trace`, how often
# which. faultgen's clock was read before the first and behind the last of them, a
# little apart; what else it did there was at other addresses.
lines() {
	jq -r '"\(.pid) \(.t0_ns) \(.t1_ns)", (.where[] | "\(.start) \(.end)")' made.json |
		while read -r a b c; do
			[ -z "$c" ] && printf '0x%016x 0x%016x\n' "$a" "$b" || echo "$a $b $c"
		done | awk -v columns="$*" '
		FNR == NR && NF == 3 { pid = $1; from = $2; to = $3; next }
		FNR == NR { start[++ranges] = $1; end[ranges] = $2; next }
		/^# +TIME/ { for (i = 2; i <= NF; i++) at[$i] = i - 1; n = split(columns, c, " "); next }
		$at["PID"] == pid && $at["TIME"] * 1e9 >= from - 1e5 && $at["TIME"] * 1e9 <= to + 1e5 {
			line = ""
			for (i = 1; i <= n; i++)
				line = line " " $at[c[i]]
			for (i = 1; i <= ranges; i++)
				if ($at["ADDRESS"] >= start[i] && $at["ADDRESS"] < end[i]) {
					seen[line]++
					break
				}
		}
		END { for (line in seen) print seen[line] line | "sort" }' - $d/trace
}

faultgen heap 8 >made.json
is "$(lines CLASS CAUSE LEVEL ACC BY SIZE)" "8 minor zero pte w user 4K" \
	"first touch of memory from malloc"
faultgen anon 8 >made.json
is "$(lines CLASS CAUSE LEVEL ACC BY SIZE)" "1 minor zero pmd w user 4K
7 minor zero pte w user 4K" "first touch of fresh memory: one makes the page table"
# killed CASE COLUMN...: what is recorded of a process that its fault kills.
killed() {
	faultgen --kill "$1" 1 >made.json
	lines "${@:2}"
	grep -o '"name":"SIG[A-Z]*"\|"killed":true' made.json
}
dead='"name":"SIGSEGV"
"killed":true'
is "$(killed wild CLASS CAUSE ACC)" "1 invalid unmapped w
$dead" "a wild pointer"
is "$(killed write-text CLASS CAUSE LEVEL ACC PERM)" "1 invalid write-denied prot w r-xp
$dead" "a write to code"
is "$(killed exec-heap CLASS CAUSE LEVEL ACC PERM)" "1 invalid exec-denied prot x rw-p
$dead" "a jump into the heap"
faultgen --dir . exec-cold 3 >made.json
is "$(lines CLASS CAUSE ACC PERM)" "3 major file x r-xp" "code that is not in memory"
number "majors were among them" "$(total major)" -ge 20

# Everything that was recorded, of the cases and of this: programs that start
# others, sort, pack, make file systems, write and read files, map and fork.
mix() {
	mkdir "$1"
	cp -r "$(dirname "$0")" "$1/cases"
	tar -cf - -C "$1" cases | gzip | gzip -dc | tar -tf - | sort -R | sort -u |
		awk '{ n++ } END { print n }'
	seq 20000 | sort -rn | sha256sum
	find /usr -type f -print0 | head -z -n 200 | xargs -0 sha1sum | tail -n 1
	truncate -s 16M "$1/fs"
	mke2fs -q -t ext4 "$1/fs"
	dd if=/dev/zero of="$1/zeroes" bs=1M count=8 status=none
	cmp -s "$1/zeroes" "$1/fs"
	jq -n '[range(20000)] | map(tostring) | length'
	faultgen --threads 4 threads 400
	faultgen forks 20
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		bash -c 'read -r a </proc/self/stat; (echo "$a") | cat'
	done
	rm -r "$1"
}
mix one >one.out 2>&1 &
mix two >two.out 2>&1
wait
is "$(grep -c . one.out)" "$(grep -c . two.out)" "the mix of work was done"
ok "all records have a cause" faultcheck causes
diag "$(awk 'NR == 1 || $2 != "all" { print $1, $2, $3 }' $d/causes | column -t)"
honest
