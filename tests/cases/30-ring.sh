#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The rings lose nothing silently: read + lost = written, for every reader.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

sizes=(4 16 64 1024)
plan $((7 * ${#sizes[@]} + 12 + honest_tests))

# Sum of read and lost, as `trace` text tells.
text_sum() {
	awk '/^# lost/ { lost += $3; next } /^#/ { next } { n++ } END { print n + lost }' "$1"
}

for kb in "${sizes[@]}"; do
	load buffer_kb="$kb"

	# Three readers at once, there before the burst: text, binary, mapped.
	# The last one is slow.
	ringreader text >text.out &
	text=$!
	ringreader read >read.out &
	read=$!
	ringreader --slow map >map.out &
	map=$!
	for r in text read map; do
		wait_for grep -q ready $r.out || bail "$r reader does not start"
	done
	faultgen threads 3000 >made.json
	faultgen anon 2000 >made2.json
	# No more faults than these are recorded; the readers end when they
	# have caught up with what was written.
	echo 0 >$d/enable
	written=$(total records)
	kill -USR1 $text $read $map
	for r in text read map; do
		wait "${!r}"
		is $? 0 "$kb KiB: the $r reader found each record whole and in order"
		is "$(awk -v w="$written" '/^sum/ { print $2 + $3 + $4 - w, ($3 + $4 <= w) }' $r.out)" \
			"0 1" "$kb KiB: $r: before + read + lost = written" ||
			diag "written $written" "$(cat $r.out)"
	done
	# (a reader's "lost" is what its position jumped over)
	is "$(faultcheck drain | awk '{ print $1 + $2 }')" "$written" \
		"$kb KiB: a reader that comes later"
	unload
done

# A reader at the heels of the writer sees nothing unfinished.
load buffer_kb=64
taskset -c 1 ringreader --busy map >map.out &
map=$!
wait_for grep -q ready map.out || bail "the busy reader does not start"
taskset -c 0 faultgen anon 20000 >/dev/null
kill -USR1 $map
wait $map
is $? 0 "a busy reader finds each record whole"
number "and reads at its heels" "$(awk '/^sum/ { print $3 }' map.out)" -ge 512
unload

load buffer_kb=64
faultgen threads 3000 >/dev/null
echo 0 >$d/enable
cat $d/trace >trace.txt
is "$(text_sum trace.txt)" "$(($(total records) - $(total overwritten)))" \
	"trace shows all that was not overwritten"
cat $d/trace >again.txt
ok "and the same when read again" cmp trace.txt again.txt
ok "in the order of time" sort -c -n -k1,1 <(grep -v '^#' trace.txt)
is "$(awk '$1 == "overwritten" { print ($2 > 0) }' $d/totals)" 1 "some were overwritten"

# Readers come and go.
echo 1 >$d/enable
faultgen threads 200000 >/dev/null &
busy=$!
n=0
while kill -0 $busy 2>/dev/null; do
	head -n 3 $d/trace >/dev/null
	head -c 1280 $d/cpu/cpu0 >/dev/null
	ringreader read >/dev/null &
	r=$!
	kill -9 $r
	wait $r
	n=$((n + 1))
done 2>/dev/null
wait $busy
number "readers came and went under load" $n -gt 0

# A reader that is blocked is woken, and ends on a signal.
cat $d/trace_pipe >pipe.txt &
pipe=$!
wait_for test -s pipe.txt
faultgen anon 5 >made.json
pid=$(jq .pid made.json)
ok "trace_pipe follows" wait_for grep -q " $pid .* faultgen" pipe.txt
kill -INT $pipe
kill $pipe
wait $pipe
number "and ends on a signal" $? -ge 128
cat $d/cpu/cpu0 >/dev/null &
cat=$!
kill -9 $cat
wait $cat
is $? 137 "so does a reader of records, killed"

fails "less than one record cannot be read" dd if=$d/cpu/cpu0 of=/dev/null bs=127 count=1
fails "a mapping cannot be written" ringreader writable
honest
