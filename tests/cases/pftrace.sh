# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What cases need of pftrace, on top of lib.sh.

d=/sys/kernel/debug/pftrace

# load PARAMETER=VALUE...: the module; it is unloaded when the case ends. HOOK of
# tests/vm/run counts where hook= is not among the parameters.
load() {
	insmod /pftrace/pftrace.ko ${HOOK:+"hook=$HOOK"} "$@" || bail "the module does not load"
	at_exit unload
}

unload() {
	! grep -q '^pftrace ' /proc/modules || rmmod pftrace
}

# older MAJOR MINOR: is this kernel older than that?
older() {
	local major minor

	IFS=.- read -r major minor _ </proc/sys/kernel/osrelease
	[ $((major * 1000 + minor)) -lt $(($1 * 1000 + $2)) ]
}

# best_hook: what the module hooks with on this kernel when it may choose. A direct
# call is written for x86-64, and takes what ftrace has since 5.16.
best_hook() {
	if [ "$(uname -m)" != x86_64 ] || older 5 16; then
		echo kretprobe
	else
		echo direct
	fi
}

# total NAME: a value of `totals`.
total() {
	awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' $d/totals
}

# fresh_log: what is in the kernel's log so far is not news any more.
fresh_log() {
	echo "pftrace-case: fresh $((++fresh))" >/dev/kmsg
}
fresh=0

# news: what the module has logged since, a line each: LEVEL TEXT.
news() {
	dmesg -r | sed -n "/pftrace-case: fresh $fresh\$/,\$p" |
		sed -n 's/^<\([0-9]*\)>\[[ 0-9.]*\] pftrace: /\1 /p'
}

# columns NAME...: of all records, by the names in the header of `trace`
columns() {
	awk -v names="$*" '
		/^#.*TIME/ {
			for (i = 2; i <= NF; i++)
				at[$i] = i - 1
			n = split(names, name, " ")
			next
		}
		/^#/ { next }
		{
			for (i = 1; i <= n; i++) {
				text = $at[name[i]]
				# a name may have blanks
				for (j = at[name[i]] + 1; name[i] == "COMM" && j <= NF; j++)
					text = text " " $j
				printf "%s%s", text, i < n ? " " : "\n"
			}
		}' $d/trace
}

# counts FILE PID: minor, major and invalid of a process in pids or exited.
counts() {
	awk -v pid="$2" '$1 == pid { print $2, $3, $4; exit }' "$d/$1"
}

# kernel_counts PID: minor and major faults as the kernel counts them.
kernel_counts() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $8, $10 }'
}

# error_of FILE VALUE: the name of write(2)'s error
error_of() {
	local message

	message=$( { printf %s "$2" | dd of="$d/$1" bs=4096 2>&1 >/dev/null; } 2>&1) &&
		echo none && return
	case $message in
	*'Invalid argument'*) echo EINVAL ;;
	*'out of range'* | *'Numerical result'*) echo ERANGE ;;
	*'Cannot allocate'*) echo ENOMEM ;;
	*'No such file'*) echo ENOENT ;;
	*'Argument list too long'*) echo E2BIG ;;
	*) echo "$message" ;;
	esac
}

# mapped_device DIRECTORY TARGET: mount a new file system there, on a device that
# does what TARGET of the device mapper says; its word LOOP stands for the device
# behind. Fails where that cannot be had. Undone at the end of the case.
mapped_device() {
	local loop

	modprobe -a loop dm-mod 2>/dev/null || return 1
	truncate -s 64M "$1.img"
	loop=$(losetup -f --show "$1.img") || bail "losetup"
	at_exit losetup -d "$loop"
	echo "0 $(blockdev --getsz "$loop") ${2//LOOP/$loop}" | dmsetup create "$1" ||
		bail "dmsetup"
	at_exit dmsetup remove "$1"
	dmsetup mknodes "$1"
	# Through the slow device, whose cache then has what mount(2) reads.
	mke2fs -q -t ext4 "/dev/mapper/$1" || bail "mke2fs"
	mkdir "$1"
	mount "/dev/mapper/$1" "$1" || bail "mount"
	at_exit umount "$1"
}

# slow_device DIRECTORY MS: the same; the device answers reads MS late. It counts
# in jiffies, which stand still while the host runs another CPU than the one that
# counts them: how late is what device_reads() says.
slow_device() {
	modprobe dm-delay 2>/dev/null && mapped_device "$1" "delay LOOP 0 $2 LOOP 0 0"
}

# trace_into NAME: sets tracing, a mount of tracefs for this case, and instance, a
# trace buffer of that name in it. Once in a case.
trace_into() {
	tracing=$PWD/tracing
	instance=$tracing/instances/$1
	mkdir "$tracing"
	mount -t tracefs none "$tracing" || bail "no tracefs"
	at_exit umount "$tracing"
	mkdir "$instance"
	at_exit rmdir "$instance"
}

# device_reads DIRECTORY COMMAND ARGS...: run it, while the kernel's own events tell
# of the device that is mounted there. reads.txt has a line for each read of a
# file's data: who sent it, and how many ns it took, to the microsecond. Once in a
# case.
device_reads() {
	local device status=0 tracing instance events

	device=$(mountpoint -d "$1")
	shift
	trace_into device
	events=("$instance"/events/block/block_bio_{queue,complete}/enable)
	echo mono >"$instance/trace_clock"
	echo 1 | tee "${events[@]}" >/dev/null
	"$@" || status=$?
	echo 0 | tee "${events[@]}" >/dev/null
	awk -v device="${device/:/,}" '
		!match($0, /block_bio_(queue|complete): /) { next }
		{
			n = split(substr($0, RSTART), w, " ")
			# read ahead or not; M is of what the file system itself needs
			if (n < 6 || w[2] != device || w[3] !~ /^RA?$/)
				next
			for (i = 1; $i != w[1]; i++) ;
			split($(i - 1), t, /[.:]/)
			us = t[1] * 1000000 + t[2]
			if (w[1] == "block_bio_queue:") {
				sub(/ +\[.*/, "")
				sub(/.*-/, "")
				who[w[4]] = $0
				from[w[4]] = us
			} else if (w[4] in from) {
				printf "%d %.0f\n", who[w[4]], (us - from[w[4]]) * 1000
				delete from[w[4]]
			}
		}' "$instance/trace" >reads.txt
	return $status
}

# reads_of PID: how many ns each of its reads took, in order.
reads_of() {
	awk -v pid="$1" '$1 == pid { print $2 }' reads.txt
}

# with_tools: for cases with the line "# disk: tools"; before the first tool().
with_tools() {
	tools=$PWD/tools
	mkdir tools
	mount -t ext4 -o ro /dev/vdb tools || bail "no disk with the tools"
	at_exit umount "$tools"
}

# tool NAME ARGS...: one of them, with libraries that nothing else is to find
tool() {
	local name=$1
	shift

	LD_LIBRARY_PATH=$tools/lib "$tools/bin/$name" "$@"
}

# status_of COMMAND...: its exit status; what it prints is in out and err.
status_of() {
	"$@" >out 2>err </dev/null
	echo $?
}

# checks_itself: is this one of the kernels that scripts/debug-kernel builds?
checks_itself() {
	[ -e /proc/lockdep ] || [ -e /sys/kernel/debug/kcsan ]
}

# polls PID: it waits in poll(2), so all that it opens at the beginning is open.
polls() {
	grep -q poll "/proc/$1/stack"
}

# csv COLUMN...: these columns of a table in CSV. Only COMMAND, the last one,
# may hold commas.
csv() {
	awk -F , -v want="$*" '
		NR == 1 { n = split(want, w, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ for (i = 1; i <= n; i++) printf "%s%s", $at[w[i]], i < n ? " " : "\n" }'
}

# expected FILE: the faults in faultgen's output, a line each, as events_of does.
expected() {
	local tid class access by start stride count rest i

	jq -r '.where[] | [.tid, .class, .access, .by, .start, .stride, .count,
		if .class == "invalid" then "-" else .vma_start, .vma_end, .perms end] |
		map(tostring) | join(" ")' "$1" |
	while read -r tid class access by start stride count rest; do
		for ((i = 0; i < count; i++)); do
			printf '%s %s %s %s 0x%x %s\n' "$tid" "$class" "$access" "$by" \
				$((start + i * stride)) "$rest"
		done
	done | sort
}

# events_of: what `pftop events --json` says on standard input, in the same form.
events_of() {
	jq -r '[.tid, .class, .access, .by, .address,
		if .class == "invalid" then "-" else .vma_start, .vma_end, .perm end] |
		map(tostring) | join(" ")' | sort
}

# explained NAME [RECORDS]: two tests on what faultgen says in made.json: counts,
# and its faults one by one. What was found of them is told.
explained() {
	local out status=0

	out=$(faultcheck both made.json) || status=$?
	if [ $((status & 1)) = 0 ]; then
		pass "$1: counts equal the kernel's"
	else
		not_ok "$1: counts equal the kernel's" "$out"
	fi
	if [ $((status & ~1)) = 0 ]; then
		pass "$1: ${2:-records are the faults made}"
		diag "${out#\# }"
	else
		not_ok "$1: ${2:-records are the faults made}" "$out"
	fi
}

# honest: four tests, at the end of a case: nothing was missed, the audit agrees
# with the kernel about every thread that ended, and it is known why faults
# happened: less than one in a thousand is `other`.
honest() {
	is "$(total audit_mismatches)" 0 "audit: counts equal the kernel's" ||
		diag "$(grep audit $d/totals)"
	number "audit: there were threads to audit" "$(total audited_threads)" -gt 0
	is "$(grep missed_ $d/totals | awk '$2 != 0')" '' "nothing was missed"
	# shellcheck disable=SC2016	# awk's own
	ok "causes are known" awk '
		{ print }
		NR == 1 { header = $2 " " $3; next }
		$2 == "all" { all += $3 }
		$2 == "other" { other += $3 }
		END { exit !(header == "CAUSE COUNT" && all && other * 1000 < all) }' $d/causes
}
honest_tests=4
