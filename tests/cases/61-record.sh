#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# What was recorded is what happened, also later and elsewhere.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

export LC_ALL=C TERM=dumb
unset SUDO_UID SUDO_GID

# value FILE FILTER: of the report on a recording
value() {
	pftop report "$1" --json | jq -r "$2"
}

# --- a command ---

load buffer_kb=4096
for c in "anon 300" "file-cold 20" "null 5" "forks 8" "threads 200" "write-text 3"; do
	# shellcheck disable=SC2086
	is "$(status_of pftop record -o a.pft -- faultgen --dir . $c)" 0 "$c: recorded"
	grep '^{' out | tail -n 1 >made.json
	pftop report a.pft --table processes --csv | csv pid minor major invalid | sort >got
	jq -r '.processes[] | "\(.pid) \(.minor) \(.major) \(.invalid)"' made.json | sort >wanted
	is "$(comm -13 got wanted)" "" "$c: each process has the kernel's counts"
	sum=$(awk '{ n += $2 + $3 + $4 } END { print n }' got)
	pftop events --dump --json --debugfs a.pft | events_of >got
	expected made.json >wanted
	is "$(comm -13 got wanted)" "" "$c: each fault made is there"
	is "$(value a.pft '[.totals.faults, .totals.lost, .source.complete] | join(" ")')" \
		"$sum 0 true" "$c: these are all, nothing is lost, and it was ended"
done
# The first look finds no record of CPU 0: that is no error.
broken=0
for _ in {1..20}; do
	taskset -c 1 pftop record -o a.pft -- true 2>said || broken=$((broken + 1))
done
is "$broken $(<said)" "0 $(grep '^pftop: recorded' said)" "with a CPU that is idle"
is "$(status_of pftop record -o a.pft -- sh -c 'exit 7')" 7 "the status is that of the command"
is "$(status_of pftop record -o a.pft -- sh -c 'kill -9 $$')" 137 "or its signal"
is "$(status_of pftop record -o a.pft -- ./nothing)" 127 "or that there is none"

# --- the whole machine, until a signal ---

# recording: it has begun; its first snapshot is in the file.
begun() {
	[ "$(pftop -b -n 1 --csv --debugfs "$1" 2>/dev/null | wc -l)" -gt 1 ]
}

for signal in INT TERM; do
	pftop record -o all.pft -d 0.2 2>said &
	recorder=$!
	wait_for begun all.pft || bail "it does not begin: $(<said)"
	faultgen --dir . file-cold 30 >made.json
	fails "what is recorded from stays loaded" rmmod pftrace
	kill -$signal $recorder
	wait $recorder
	is $? 0 "SIG$signal ends it well"
	pftop report all.pft --table processes --csv | csv pid minor major invalid >got
	jq -r '.processes[] | "\(.pid) \(.minor) \(.major) \(.invalid)"' made.json >wanted
	is "$(grep -Fxc -f wanted got)" "$(wc -l <wanted)" "with all that ran meanwhile"
done
pid=$(jq .pid made.json)
is "$(pftop report all.pft -p "$pid" --table processes --csv | csv pid)" "$pid" "-p: of these"
is "$(pftop report all.pft -C faultgen --json | jq '.totals.faults')" \
	"$(pftop events --dump --json --debugfs all.pft -C faultgen | wc -l)" "-C: of this name"

# --- losses ---

# Recorded and lost is what was written, for a reader that cannot keep up.
echo 4 >$d/buffer_kb
for form in "" "-C faultgen"; do
	echo 1 >$d/enable
	taskset -c 0 true
	taskset -c 1 true
	echo 0 >$d/enable
	# shellcheck disable=SC2086
	pftop record -o loss.pft $form 2>said &
	recorder=$!
	wait_for begun loss.pft
	before=$(total records)
	echo 1 >$d/enable
	kill -STOP $recorder
	faultgen threads 2000 >/dev/null
	echo 0 >$d/enable
	kill -CONT $recorder
	written=$(($(total records) - before))
	kill -INT $recorder
	wait $recorder
	read -r faults lost left < <(value loss.pft '[.totals.faults, .totals.lost, 0] | join(" ")')
	number "lost some${form:+ ($form)}" "$lost" -gt 1000
	[ "$form" ] || is $((faults + lost)) $written "recorded and lost is what was written"
	ok "and says so" grep -q ", $lost lost" said
done
echo 1024 >$d/buffer_kb
echo 1 >$d/enable

# --- a pipe ---

# -: standard output, which must be free for it.
pftop record -o - -n 1 -d 0.1 2>said | cat >pipe.pft
is "$(value pipe.pft .source.complete)" true "a recording through a pipe"
fails "is no file" test -e -
is "$(status_of pftop record -o - -- true)" 1 "but none beside what a command writes"
ok "which is said" grep -q 'true writes to standard output, too' err
is "$(status_of script -qefc "pftop record -o - -n 1" typescript)" 1 "nor on a terminal"
ok "which is said" grep -q 'not for a terminal' typescript

# --- files that are not what they should be ---

printf 'my diary\n' >diary
is "$(status_of pftop record -o diary -- true) $(<diary)" "1 my diary" "another file is not overwritten"
ok "which is said" grep -q 'diary exists and is no recording' err
is "$(status_of pftop report diary)" 1 "nor taken for a recording"
ok "which is said, too" grep -q 'diary' err
is "$(status_of pftop record -o ./no/where -- true)" 1 "no such directory"
is "$(status_of pftop report none.pft)" 1 "no such file"
is "$(status_of pftop record -- true)" 2 "no file named: wrong usage"

size=$(stat -c %s all.pft)
bad=
for cut in 0 1 7 30 $((size / 3)) $((size / 2)) $((size - 1)); do
	head -c "$cut" all.pft >cut.pft
	status=$(status_of pftop report cut.pft)
	# Either it says what is wrong, or tells what is there and that it is not all.
	if [ "$status" = 0 ]; then
		grep -qiE 'not ended|damaged|cut off|incomplete' out err || bad+=" $cut:silent"
	elif [ "$status" != 1 ] || ! grep -q cut.pft err; then
		bad+=" $cut:$status"
	fi
done
is "$bad" "" "cut off anywhere: told"
bad=
for at in 100 $((size / 4)) $((size / 2)) $((size - 40)); do
	cp all.pft hurt.pft
	printf '\xff\x00\x5a\xa5' | dd of=hurt.pft bs=1 seek="$at" conv=notrunc 2>/dev/null
	status=$(status_of pftop report hurt.pft)
	if [ "$status" = 0 ]; then
		grep -qi damaged out err || bad+=" $at:silent"
	elif [ "$status" != 1 ] || ! grep -q hurt.pft err; then
		bad+=" $at:$status"
	fi
done
is "$bad" "" "four bytes overwritten: told"

# Killed in the middle, and a full disk: what is there can be read.
pftop record -o killed.pft -d 0.2 2>/dev/null &
recorder=$!
wait_for begun killed.pft
faultgen anon 500 >made.json
told() {
	pftop report killed.pft --table processes --csv 2>/dev/null | csv pid | grep -qx "$(jq .pid made.json)"
}
ok "it can be read while it is written" wait_for told
kill -KILL $recorder
wait $recorder
ok "and after its writer was killed" told
mkdir small
mount -t tmpfs -o size=400k none small
at_exit umount small
# However many records a slow machine loses.
pftop record -o small/a.pft 2>err &
recorder=$!
while kill -0 $recorder 2>/dev/null; do
	faultgen threads 5000 >/dev/null
done
wait $recorder
is $? 1 "a full disk ends it"
ok "which is said" grep -q 'No space left on device' err
number "and what had room is there" "$(value small/a.pft .totals.faults 2>err)" -gt 10000
ok "but not all" grep -qiE 'not ended|cut off' err

# --- elsewhere ---

is "$(status_of pftop record -o a.pft -- faultgen --dir . file-cold 12)" 0 "a last one"
grep '^{' out | tail -n 1 >made.json
chmod 0644 a.pft
honest
unload
umount /sys/kernel/debug/tracing 2>/dev/null
ok "without the module, for any user" as_user pftop report "$PWD/a.pft"
is "$(pftop report a.pft --table processes --csv | csv pid minor major invalid |
	grep -Fxc "$(jq -r '.processes[] | "\(.pid) \(.minor) \(.major) \(.invalid)"' made.json)")" 1 \
	"the same counts"
pftop report a.pft --folded >folded
is "$(awk '{ n += $NF } END { print n }' folded)" "$(value a.pft .totals.faults)" "--folded: all faults"
is "$(grep -vcE '^[^;]+(;[^;]+)+ [0-9]+$' folded)" 0 "in lines of frames and a number"
ok "--html: a page" pftop report a.pft --html page.html
is "$(grep -ciE '(src|href)="?(https?:)?//' page.html)" 0 "that asks for nothing elsewhere"
done_testing
