#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# What pftop says of causes, files, durations and refused faults, held against
# the kernel's counts, the mappings that the test made, and the module's text.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

export LC_ALL=C TERM=dumb
unset SUDO_UID SUDO_GID

# run COMMAND...: its report in JSON is in report, its output in out.
run() {
	pftop --json -o report -- "$@" >out
}

# sums: what the tables by cause and by file add up to, per class; the kernel's
# counts and its own of refused faults; time by cause, and of the counters.
sums() {
	jq -r 'def class($c): [.causes[] | select(.class == $c).count] | add // 0;
		def column($c): [.files[][$c]] | add // 0;
		"\(class("minor")) \(class("major")) \(class("invalid")) " +
		"\(column("minor")) \(column("major")) \(column("invalid")) " +
		"\([.causes[].time_ns // 0] | add == $r.fault_ns) \(.records.complete)"' \
		--argjson r "$(cat report)" report
}

# kernels INVALID: what sums must print if the kernel's word holds.
kernels() {
	jq -r --argjson i "$1" '"\(.kernel.minor) \(.kernel.major) \($i) " * 2 + "true true"' report
}

# cause CLASS CAUSE: its count, 0 where it is not listed. CLASS may be any.
cause() {
	jq --arg class "$1" --arg cause "$2" \
		'[.causes[] | select(.class == $class or $class == "any") | select(.cause == $cause).count] |
		add // 0' report
}

# Before 6.0 a fault that makes a page of a shared file dirty is retried for that,
# and counted as major.
shared=minor
! older 6 0 || shared=any

# of_file NAME CLASS: faults of this class on this file.
of_file() {
	jq --arg name "$1" --arg class "$2" \
		'[.files[] | select(.file == $name)[$class]] | add // 0' report
}

load buffer_kb=4096

# --- by cause ---

cases=("anon 300:minor zero" "anon-read 200:minor zero-read" "cow 150:minor cow"
	"shmem 100:minor shmem" "file-cold 12:major file" "mkwrite 20:$shared mkwrite"
	"null 9:invalid null" "wild 3:invalid unmapped" "write-text 4:invalid write-denied"
	"efault 5:invalid uaccess")
for c in "${cases[@]}"; do
	read -r made n class name <<<"${c/:/ }"
	run faultgen --dir . "$made" "$n"
	# What else it takes is little, but of the same causes.
	number "$made: at least $n of $class $name" "$(cause "$class" "$name")" -ge "$n"
	[ "$class" != invalid ] ||
		is "$(cause "$class" "$name")" "$n" "$made: and no other was refused"
	is "$(sums)" "$(kernels "$([ "$class" = invalid ] && echo "$n" || echo 0)")" \
		"$made: by cause and by file, all that the kernel counted, and the time"
done

# Twice as many make a difference of exactly as many.
run faultgen anon 500
few=$(cause minor zero)
run faultgen anon 1500
is $(($(cause minor zero) - few)) 1000 "zero: a thousand more"

run sh -c 'faultgen anon 400 >/dev/null & faultgen shmem 300 >/dev/null; wait'
number "children of CMD count: zero" "$(cause minor zero)" -ge 400
number "and shmem" "$(cause $shared shmem)" -ge 300
is "$(sums)" "$(kernels 0)" "and all add up to the kernel's counts"
run faultgen forks 120
is "$(jq .processes report) $(sums)" "121 $(kernels 0)" "so do those of many that end"

pftop -o text -- faultgen null 2 >out
ok "text: a line for the cause" grep -Eq '^  invalid null +2 +- +- +-  no mapping$' text
ok "text: what was refused" grep -q '2 faults were refused: null' text
ok "text: counts and records" \
	grep -q "counts agree with the kernel's .*; no fault was missed; no record was lost\.$" text
pftop --csv -o csv -- faultgen anon 100 >out
is "$(awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$at["table"] == "cause" { by_cause += $at["count"] }
	$at["table"] == "class" { by_class += $at["count"] }
	$at["table"] == "file" { by_file += $at["count"] }
	END { print (by_cause > 100 && by_cause == by_class && by_class == by_file) }' csv)" 1 \
	"CSV: three tables with one sum"

# --- by file ---

# A file of this test, with a name of its own, 16 pages of which are touched.
name=$'by file, "quoted"\nand so on'
touches=()
for i in {0..15}; do
	touches+=(touch "$i")
done
run mapper open "$PWD/$name" map 0 16 "${touches[@]}"
shown=$PWD/${name/$'\n'/\\012}
is "$(($(of_file "$shown" minor) + $(of_file "$shown" major)))" 16 "a file by its name"
# The touches are of several causes: lowest and highest of all, hexadecimal.
is "$(jq -r --arg name "$shown" '.causes[] | select(.file == $name) |
	.file_from, .file_to' report | awk '{ print length($1), $1 }' | sort -k1,1n -k2 |
	sed -n '1s/.* //p;$s/.* //p' | xargs)" "0x0 0x10000" \
	"and which part of it"
run mapper named mine 5 map 0 1
number "named memory" "$(of_file "[anon:mine]" minor)" -ge 0

# A device that is known to be slow.
if slow_device slow 60; then
	device_reads slow run faultgen --dir slow file-cold 10
	reader=$(jq .pid out)
	is "$(reads_of "$reader" | wc -l)" 10 "slow: the device was read for each fault"
	device=$(reads_of "$reader" | jq -s '{longest: max, all: add}')
	made=$(jq -r '.where[0].file' out)
	is "$(of_file "$made" major)" 10 "its file, the majors that were made"
	is "$(jq --argjson device "$device" '[.causes[] |
		select(.class == "major" and .cause == "file")][0] |
		.time_ns >= $device.all and .p99_ns >= $device.longest and
		.p99_ns <= .time_ns and (.time_ns / .count | floor) == .mean_ns' report)" \
		true "mean, p99 and time know how long it took" ||
		diag "$device $(jq -c '.causes' report)"
	is "$(jq -r .verdict report | grep -c "^One file explains .*${made##*/} was read")" 1 \
		"and the sentence names it" || diag "$(jq .verdict report)"
else
	skip "this kernel has no loop or dm-delay" "slow" 4
fi

# --- records that are lost, or kept out ---

echo invalid >$d/filter/class
run faultgen anon 300
echo >$d/filter/class
is "$(jq -r '"\(.records.complete) \(.records.read) \(.agrees)"' report)" "false 0 true" \
	"filtered: said, and counts still agree"
is "$(jq -r '"\(.records.filtered_on_machine >= 300)"' report)" true "and how many"
is "$(jq '[.causes[] | select(.class != "invalid").count] | add == $k' \
	--argjson k "$(jq '.kernel.minor + .kernel.major' report)" report)" true \
	"and counts by cause are the kernel's all the same"

echo 16 >$d/buffer_kb
pftop -o text -- faultgen threads 20000 >out
ok "lost: counts agree" grep -q "counts agree with the kernel's" text
ok "and an estimate is marked" grep -Eq '^  minor zero +~?2[0-9],[0-9]{3} +~' text || diag "$(cat text)"
ok "and on how many it rests" \
	grep -Eq '^what is marked .* of [0-9,]+ of the 2[0-9],[0-9]{3} faults;.* overwritten' text
echo 4096 >$d/buffer_kb

# --- live ---

# hold: a process that makes 200 faults now and at each line written to 3.
mkfifo to from
faultgen hold 200 <to >from &
held=$!
exec 3>to 4<from
read -r -u 4 said
pid=$(jq .pid <<<"$said")

has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

pftop -b -d 4 --json -p "$pid" >updates &
batch=$!
wait_for has_lines updates 1
# However slow the machine is, all of them are between two updates.
kill -STOP $batch
wait_for grep -q '^State:.T' /proc/$batch/status
before=$(wc -l <updates)
echo >&3
read -r -u 4 said
kill -CONT $batch
wait_for has_lines updates $((before + 1))
kill $batch
wait $batch
echo 0 >$d/enable
row=$(sed -n $((before + 1))p updates | jq -c '.interval_s as $s | .processes[0] + { interval_s: $s }')
is "$(jq -r '"\(.top_cause) \(.top_cause_percent | round)"' <<<"$row")" "zero 100" "top cause: zero, 100 %"
is "$(jq -r '"\(.cause_zero)"' <<<"$row")" \
	"$(awk -v pid="$pid" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$1 == pid { print $at["ZERO"] }' $d/pids)" "zero: the module's count"
# The newest 200 of this process, by the module's text.
awk -v pid="$pid" '$3 == pid { print $17 }' $d/trace | tail -n 200 >ns
is "$(jq .p99_ns <<<"$row")" "$(sort -n ns | sed -n 198p)" "p99: the 198th of 200"
is "$(jq --argjson ns "$(awk '{ n += $1 } END { print n }' ns)" \
	'.fault_percent - $ns / .interval_s / 1e7 | fabs < 0.01' <<<"$row")" true \
	"FAULT%: their time as a share of the interval"
echo 1 >$d/enable
is "$(pftop -b -n 1 -t -p "$pid" --columns pid,zero,comm | sed 1,5d | xargs)" \
	"$pid $(jq .cause_zero <<<"$row") faultgen" "--columns: a cause"
titles=$(COLUMNS=80 pftop -b -n 1 -p "$pid" | sed -n 5p)
is "$(xargs <<<"$titles")" "PID USER MIN/s MAJ/s INV FAULT% P99 TOP CAUSE COMMAND" "the titles"
exec 3>&-
cat <&4 >/dev/null
exec 4<&-
wait $held

# --- events: filters, held against the module's text ---

echo 1 >$d/clear
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
mkdir -p "/sys/fs/cgroup$own/pftop" || bail "no cgroup2"
at_exit rmdir "/sys/fs/cgroup$own/pftop"
(echo "$BASHPID" >"/sys/fs/cgroup$own/pftop/cgroup.procs" && exec faultgen anon 60 >/dev/null)
id=$(stat -c %i "/sys/fs/cgroup$own/pftop")
for c in "null 3" "cow 30" "write-text 2" "exec-heap 2" "file-cold 5" "level 3"; do
	# shellcheck disable=SC2086
	faultgen --dir . $c >/dev/null
done
faultgen --dir . file-cold 4 >cold
made=$(jq -r '.where[0].file' cold) maker=$(jq .pid cold)
echo 0 >$d/enable

# by CONDITION: lines of trace for which this awk condition holds.
by() {
	awk '/^#/ { next } '"$1"' { n++ } END { print n + 0 }' $d/trace
}

for f in "--class invalid:\$5 == \"invalid\"" "--class minor,major:\$5 != \"invalid\"" \
	 "--cause zero,null:\$6 == \"zero\" || \$6 == \"null\"" "--level pmd,pud:\$7 ~ /^p[mu]d\$/" \
	 "--access x:\$8 == \"x\"" "--access r,w:\$8 != \"x\"" \
	 "--min-latency 50:\$17 >= 50000" "--file ${made##*/}:\$20 == \"$made\"" \
	 "--file $made:\$20 == \"$made\"" "--file [stack]:\$20 == \"[stack]\"" \
	 "--cgroup $id:\$18 == $id" "-p $maker:\$3 == $maker" "-C faultgen:\$21 == \"faultgen\"" \
	 "-C faultgen --class minor --cause cow --level prot --access w:\$21 == \"faultgen\" && \$5 == \"minor\" && \$6 == \"cow\" && \$7 == \"prot\" && \$8 == \"w\""; do
	args=${f%%:*} want=$(by "${f#*:}")
	# shellcheck disable=SC2086
	is "$(pftop events --dump --json $args | wc -l) $(pftop events --dump --csv $args | wc -l)" \
		"$want $((want + 1))" "events $args: as many as in trace"
	number "and there are some" "$want" -gt 0
done
for c in "--class majr:minor major invalid" "--cause nul: null unmapped" \
	 "--level l1:pgd p4d pud pmd pte prot" "--access rw:r w x"; do
	# shellcheck disable=SC2086
	pftop events --dump ${c%%:*} >/dev/null 2>err
	is "$? $(grep -c -- "${c#*:}" err)" "2 1" "events ${c%%:*}: names the words there are"
done
echo 1 >$d/enable

# --- refused faults, told when the process is gone ---

for what in heap code null read stack; do
	said=$(stray $what) || bail "stray $what"
	read -r pid words <<<"$said"
	is "$(pftop events --dump --class invalid --json | jq -r --argjson pid "$pid" \
		'select(.pid == $pid).why')" "$words" "stray $what: $words"
done
is "$(total no_neighbours)" 0 "the neighbours were seen each time"

honest
done_testing
