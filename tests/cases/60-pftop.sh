#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 450
# pftop on the real module: what it says is what the kernel and faultgen say.
#
# Left out: lockdown. It cannot be left again, so it would spoil the machine for
# the cases that follow.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

export LC_ALL=C TERM=dumb
unset SUDO_UID SUDO_GID
screen_awk=$(dirname "$0")/screen.awk
plan $((24 + 35 + 28 + 30 + 32 + honest_tests + 6))

gone() {
	! kill -0 "$1" 2>/dev/null
}

# hold NAME N: a process of this name that makes N faults now and at each step.
# Sets held, its parent, pid, and what faultgen says of the newest step.
hold() {
	[ -p to ] || mkfifo to from
	ln -s /usr/bin/faultgen "$1"
	"./$1" hold "$2" <to >from &
	held=$!
	exec 3>to 4<from
	read -r -u 4 said
	pid=$(jq .pid <<<"$said")
}

step() {
	echo >&3
	read -r -u 4 said
	# The ones before, for the sum of all steps.
	printf '%s\n' "$said" >>steps
}

let_go() {
	exec 3>&-
	cat <&4 >/dev/null
	exec 4<&-
	wait "$held"
}

# now: the kernel's counts of the held process.
now() {
	jq -r '.now | "\(.minor) \(.major) \(.invalid)"' <<<"$said"
}

# --- snapshots ---

load buffer_kb=1024
faultgen forks 20 >forks.json
faultgen null 7 >null.json
hold held 200

for form in --json --csv -t; do
	case $form in
	--json)
		got=$(pftop -b -n 1 $form -p "$pid" | jq -r '.processes[] |
			"\(.pid) \(.minor) \(.major) \(.invalid) \(.comm)"') ;;
	--csv)
		got=$(pftop -b -n 1 $form -p "$pid" | csv pid minor major invalid comm) ;;
	-t)
		got=$(pftop -b -n 1 $form -p "$pid" | sed 1,5d | awk '{ print $1, $3, $4, $5, $9 }') ;;
	esac
	is "${got/.\/held/held}" "$pid $(now) held" "$form: the kernel's counts of a process"
done
is "$(pftop -b -n 1 -H --json -p "$pid" | jq -r '.threads[] |
	"\(.pid) \(.tid) \(.minor) \(.major) \(.invalid)"')" \
	"$pid $pid $(now)" "and of its thread"
is "$(pftop -b -n 1 --json -p "$held" | jq -r '.processes[] | "\(.minor) \(.major)"')" \
	"$(kernel_counts $held)" "and of a process that only /proc knows"

both=$(printf '%s\n' "$held" "$pid" | sort -n)
for filter in "-p $held,$pid" "-C held"; do
	# shellcheck disable=SC2086
	is "$(pftop -b -n 1 --csv $filter | csv pid | sort -n)" "$both" "$filter: these two only"
done
is "$(pftop -b -n 1 --csv -C hel)" "$(pftop -b -n 1 --csv -C nobody)" \
	"-C takes whole names"

# What ended is listed: each process of faultgen with its own counts.
ended() {
	pftop -b -n 1 --json >all.json
	jq -r '.processes[] | select(.state == "exited") |
		"\(.pid) \(.minor) \(.major) \(.invalid)"' all.json >ended
	jq -r '.processes[] | "\(.pid) \(.minor) \(.major) \(.invalid)"' \
		forks.json null.json >made
	[ "$(grep -Fxc -f made ended)" -eq "$(wc -l <made)" ]
}
ok "what ended is listed with faultgen's counts" wait_for ended
is "$(wc -l <made)" 21 "all 21 of them"
number "refused faults are among them" "$(jq '.totals.invalid' all.json)" -ge 7

for sort in "minor:[-.minor, .pid]:[.minor, .pid]" "pid:-.pid:.pid" \
	    "comm:[.comm, -.minor, .pid]:-1"; do
	IFS=: read -r column falling rising <<<"$sort"
	pftop -b -n 1 --json -s "$column" >sorted.json
	ok "-s $column" jq -e ".processes | length > 20 and . == sort_by($falling)" sorted.json
	[ "$rising" = -1 ] && continue
	pftop -b -n 1 --json -s "$column" -r >sorted.json
	ok "-s $column -r" jq -e "[.processes[].$column] | length > 20 and . == sort" sorted.json
done

# Updates. The one begun after this was called is the second behind the last
# whole one: the next may be under way.
has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

await_update() {
	number=$(($(wc -l <updates) + 2))
	wait_for has_lines updates $number
}

minor_in() {
	sed -n "$1p" updates | jq --argjson pid "$pid" '.processes[] | select(.pid == $pid).minor'
}

pftop -b -d 0.1 --json >updates &
batch=$!
await_update
first=$number
before=$(minor_in $first)
step
await_update
is $(($(minor_in $number) - before)) 200 "two updates differ by what was touched between them"
is "$(minor_in $number)" "$(now | cut -d ' ' -f 1)" "and the later one is the kernel's count"
# Rates and intervals have three digits.
is "$(sed -n "$((first + 1)),${number}p" updates | jq -s --argjson pid "$pid" '
	[.[] | .interval_s as $s | .processes[] | select(.pid == $pid).minor_per_s * $s] |
	add | . > 196 and . < 204')" true "rates times intervals make the same number"
faultgen anon 30 >made.json
one=$(jq .pid made.json)
ok "a process ends between two updates" wait_for grep -q "\"pid\":$one,[^}]*\"exited\"" updates
await_update
kill $batch
wait $batch
is $? 0 "SIGTERM ends it well"
is "$(jq -r --argjson pid "$one" '.processes[] | select(.pid == $pid and .state == "exited") |
	"\(.minor) \(.major) \(.invalid)"' updates)" \
	"$(jq -r '.life | "\(.minor) \(.major) \(.invalid)"' made.json)" \
	"it is listed once, with faultgen's counts"
is "$(jq -s '[.[].processes | map(.pid) | length - (unique | length)] | add' updates)" 0 \
	"no update lists a process twice"
is "$(pftop -b -n 2 -d 0.1 --json | wc -l)" 2 "-n 2: two updates"

# --- events ---

pftop events -p "$pid" --json >held.json &
by_pid=$!
pftop events -C faultgen --json >named.json &
by_name=$!
for reader in $by_pid $by_name; do
	wait_for polls "$reader" || bail "pftop events does not start"
done
: >steps
step
step
ok "-p: the events come" wait_for has_lines held.json 400
ok "each fault of two steps once, and nothing else" cmp <(events_of <held.json) <(expected steps)
is "$(jq -r '"\(.pid) \(.comm)"' held.json | sort -u)" "$pid held" "all of this process"
ok "in the order of time" sort -c -n <(jq .time_ns held.json)

for c in "anon 40" "null 5" "write-text 3" "file-cold 3" "gup 20" "threads 80"; do
	# shellcheck disable=SC2086
	faultgen --dir . $c >made.json || bail "faultgen $c"
	expected made.json >made
	events_here() {
		grep -F "\"pid\":$(jq .pid made.json)," named.json | events_of >named
		grep -Fx -f made named >here
		[ "$(wc -l <here)" -ge "$(wc -l <made)" ]
	}
	WAIT_POLLS=100 wait_for events_here
	ok "-C: each fault of \"$c\" once" cmp here made
done
is "$(jq -r .comm named.json | sort -u)" faultgen "all of this name"
kill -INT $by_pid
kill -TERM $by_name
wait $by_pid
is $? 0 "SIGINT ends it well"
wait $by_name
is $? 0 "so does SIGTERM"

# With nothing recorded any more, what the rings hold is what `trace` shows.
echo 128 >$d/buffer_kb
faultgen threads 3000 >/dev/null
echo 0 >$d/enable
# The fields that both have: FILE and COMM are the Nth and the next; pftop adds
# an offset to FILE and leaves out the zeroes of addresses.
fields() {
	awk -v n="$1" '/^#/ || $1 == "TIME" { next }
		{ sub(/^0x0*/, "", $10); sub(/^0x0*/, "", $11); sub(/\+0x[0-9a-f]*$/, "", $n) }
		{ for (i = 1; i <= 17; i++) printf "%s ", $i; print $n, $(n + 1) }'
}

fields 20 <$d/trace >trace.txt
pftop events -a --dump | fields 18 >dump.txt
ok "--dump is what trace shows" diff dump.txt trace.txt
is "$(pftop events -a --dump --no-map | fields 18 | cksum)" \
	"$(cksum <trace.txt)" "with read(2), too"
is "$(pftop events -a -n 7 | sed 1d | wc -l)" 7 "-n 7: seven events"

# Read and lost add up to what was written, for a reader that is overtaken.
sum_of() {
	awk -F '[:,]' '/^{"lost":/ { lost += $2; next } { n++ }
		END { print n + lost, (lost > 0) }' "$1"
}

echo 16 >$d/buffer_kb
for form in "" --no-map; do
	echo 1 >$d/enable
	# read(2) knows where it began only behind an older record.
	taskset -c 0 true
	taskset -c 1 true
	echo 0 >$d/enable
	before=$(total records)
	# shellcheck disable=SC2086
	pftop events $form --json >lossy.json &
	reader=$!
	wait_for polls $reader
	[ -n "$form" ] ||
		fails "the ring is not resized while it is mapped" eval "echo 64 >$d/buffer_kb"
	kill -STOP $reader
	echo 1 >$d/enable
	taskset -c 0 faultgen anon 500 >/dev/null
	taskset -c 1 faultgen anon 500 >/dev/null
	echo 0 >$d/enable
	written=$(($(total records) - before))
	kill -CONT $reader
	adds_up() {
		[ "$(sum_of lossy.json)" = "$written 1" ]
	}
	ok "read + lost = written, and some were lost${form:+, $form}" wait_for adds_up ||
		diag "written $written" "$(sum_of lossy.json)"
	kill $reader
	wait $reader
done
is "$(cat $d/buffer_kb)" 16 "its size is what it was"

# A reader of our output that goes ends it, even when nothing happens.
mkfifo pipe
pftop events -p "$pid" >pipe &
reader=$!
exec 5<pipe
wait_for polls $reader
exec 5<&-
ok "a closed pipe ends it" wait_for gone $reader
wait $reader
is $? 0 "with status 0"
echo 1 >$d/enable

# Ended while nobody reads what it writes.
writes() {
	grep -q pipe_write "/proc/$1/stack"
}

# Bit 1 of the last digit.
takes_sigint() {
	grep -q '^SigCgt:.*[2367abef]$' "/proc/$1/status"
}

signalled() {
	! takes_sigint "$1"
}

for signals in 1 2; do
	pftop -b -d 0.1 --json >pipe &
	batch=$!
	exec 5<pipe
	ok "it waits for the reader of a pipe" wait_for writes $batch
	ok "and takes signals" takes_sigint $batch
	kill -INT $batch
	wait_for signalled $batch
	if [ $signals = 1 ]; then
		ok "a signal: its last update is whole" jq -es "length > 0" <&5
		wait $batch
		is $? 0 "and the status 0"
	else
		kill -INT $batch
		wait $batch
		is $? 130 "the same signal again ends it at once"
	fi
	exec 5<&-
done

# The signal comes while it writes the last line it has, and then nothing happens. A
# mapped ring is looked at now and then anyway.
echo 0 >$d/enable
exec 5<>pipe
dd if=/dev/zero of=pipe bs=4096 oflag=nonblock 2>/dev/null
pftop events --no-map -p "$pid" >pipe &
reader=$!
wait_for writes $reader
kill -INT $reader
wait_for signalled $reader
head -c 65536 <&5 >/dev/null
ok "a signal before it waits ends it" wait_for gone $reader
kill -9 $reader 2>/dev/null
wait $reader
is $? 0 "with status 0"
exec 5<&-

# Resized while it is read and while updates are made.
before=$(total records)
pftop events --no-map --json >resized.json &
reader=$!
pftop -b -d 0.1 --json >updates &
batch=$!
wait_for polls $reader
wait_for has_lines updates 1
echo 1 >$d/enable
faultgen threads 10000 >/dev/null &
load=$!
failed=0
for kb in 64 4 1024 128; do
	echo $kb >$d/buffer_kb || failed=1
	await_update || failed=1
done
is $failed 0 "resized under load and under readers"
wait $load
# What was lost is known with the next record of that CPU.
taskset -c 0 true
taskset -c 1 true
echo 0 >$d/enable
written=$(($(total records) - before))
all_there() {
	[ "$(sum_of resized.json | cut -d ' ' -f 1)" = $written ]
}
ok "read + lost = written across the sizes" wait_for all_there ||
	diag "written $written" "$(sum_of resized.json)"
kill $reader $batch
wait $reader
is $? 0 "the reader of events lived on"
wait $batch
is $? 0 "so did the one that makes updates"
echo 1 >$d/enable
let_go

# --- pftop -- CMD ---

# report: what the report in JSON says of the counts.
report() {
	jq -r '"\([.classes[].count] | map(tostring) | join(" ")) \(.processes) \(.agrees)"' report
}

# listed PID: counts of a process that ended. It arrives there a grace period
# behind its end.
listed() {
	wait_for grep -q "^ *$1 " $d/exited
	counts exited "$1"
}

is "$(status_of pftop --json -o report -- faultgen anon 100)" 0 "status 0"
is "$(jq .command report) $(jq -r .made.minor out)" '"faultgen" 100' "it ran"
child=$(jq .pid out) leader=$(jq .pid report)
read -r minor major invalid < <({ listed "$leader"; listed "$child"; } |
	awk '{ a += $1; b += $2; c += $3 } END { print a, b, c }')
is "$(report)" "$minor $major $invalid 2 true" "its faults and its child's, as the kernel has them"
is "$(jq -r '"\(.kernel.minor) \(.kernel.major)"' report)" "$minor $major" "wait4() says the same"
is "$(status_of pftop --json -o report -- faultgen null 9)" 0 "refused faults"
is "$(jq -r '.classes[] | select(.class == "invalid").count' report)" 9 "are all counted"
is "$(status_of pftop --json -o report -- faultgen forks 60)" 0 "forks"
is "$(jq -r '"\(.processes) \(.agrees) \(.ended_unseen)"' report)" "61 true 0" "are all found"
number "with the faults of all" "$(jq '.classes[0].count' report)" -ge \
	"$(jq '[.processes[].minor] | add' out)"
is "$(status_of pftop --json -o report -- faultgen file-cold 3)" 0 "majors"
is "$(jq -r '"\(.classes[1].count >= 3) \(.agrees)"' report)" "true true" "are counted, too"

is "$(status_of pftop -- sh -c 'echo hello; exit 3')" 3 "status 3"
is "$(head -n 1 out)" hello "CMD's output comes first"
is "$(sed -n 's/.*agree with the kernel.s (\(.*\) = \(.*\) minor + \(.*\) major).*/\1 \2 \3/p' \
	out | tr -d , | awk '{ print ($1 > 0 && $1 == $2 + $3) }')" 1 "the text says that counts agree"
ok "and that nothing was missed" grep -q "no fault was missed" out
is "$(status_of pftop -- sh -c 'kill -9 $$')" 137 "killed by SIGKILL: 128 + 9"
ok "which is said" grep -q "killed by signal 9" out
is "$(status_of pftop -- ./nothing)" 127 "no such program: 127"
ok "which is said" grep -q "cannot run ./nothing: No such file" err
: >plain
is "$(status_of pftop -- ./plain)" 126 "not a program: 126"

export SUDO_UID=1000 SUDO_GID=1000
is "$(status_of pftop -o /dev/null -- sh -c 'id -u; id -g; id -G; printenv HOME USER')" 0 \
	"under sudo"
is "$(xargs <out)" "1000 1000 1000 /home/user user" "CMD is the user who called"
is "$(status_of pftop --json -o report -- faultgen anon 10)" 0 "whose faults"
is "$(report | awk '{ print $NF }')" true "are counted all the same"
SUDO_UID=x
is "$(status_of pftop -- sh -c 'touch ran')" 1 "half a user: 1"
ok "and nothing is run as root" test ! -e ran
unset SUDO_UID SUDO_GID

# The shell ends, its child does not.
mkfifo quit up
exec 5<>quit
is "$(status_of pftop --json -o report -- \
	sh -c '{ echo >up; read -r line; rm up; } <quit & read -r line <up')" 0 \
	"a child outlives CMD"
is "$(jq -r '"\(.processes) \(.still_running) \(.agrees)"' report)" "2 1 true" "it is counted apart"
echo >&5
wait_for test ! -e up
exec 5>&-

# --- what is wrong, and what to do about it ---

# refused NAME MESSAGE ARGUMENT COMMAND...: each command of pftop, run by
# COMMAND, fails with this message, and status 1.
refused() {
	local name=$1 message=$2 argument=$3 c
	shift 3

	for c in "-b -n 1 @" "events -n 1 @" "@ -- touch ran" "doctor @"; do
		# shellcheck disable=SC2086
		is "$(status_of "$@" pftop ${c/@/$argument}) $(cat err out | grep -c -- "$message")" \
			"1 1" "$name: pftop ${c/@/$argument}" || diag "$(cat err out)"
	done
}

is "$(status_of pftop doctor)" 0 "doctor: it can run"
is "$(pftop doctor --json | jq -c '[.can_run, ([.checks[].state] | unique)]')" '[true,["ok"]]' \
	"all is well" || diag "$(cat out)"
ok "it names the rings" grep -q "^rings  *ok, $(total cpus) CPUs, $(total cpus) mapped" out
echo 0 >$d/enable
is "$(status_of pftop doctor) $(grep -c '^tracing  *off: echo 1 | sudo tee' out)" "0 1" \
	"doctor: off is said, and is no error"
is "$(status_of pftop -- touch ran) $(grep -c 'tracing is off: echo 1' err)" "1 1" \
	"no report on CMD where nothing is traced"
echo 1 >$d/enable

refused "not root" "needs root" "" as_user
refused "debugfs is not mounted" "debugfs is not mounted at .*mount -t debugfs" "" \
	unshare -m sh -c 'umount -l /sys/kernel/debug && exec "$@"' sh
mkdir copy
cp $d/totals $d/pids $d/exited $d/threads copy
sed 's/^abi .*/abi 9.4/' $d/format >copy/format
refused "another ABI" "speaks pftrace ABI 9.4, this program 2\\.[0-9]" "--debugfs copy"
ok "CMD was never run" test ! -e ran

for args in --nonsense "-s nonsense" "-p 1x" "-n 0" "-d 0.01" nonsense "--json --csv" \
	    "events -d 1"; do
	# shellcheck disable=SC2086
	is "$(status_of pftop $args) $(wc -c <out) $(grep -c 'pftop: ' err)" "2 0 1" "usage: $args" ||
		diag "$(cat err)"
done

read -r minor major invalid < <(listed "$one")
is "$(status_of pftop -b -n 1 -p "$one") $(cat err)" \
	"1 pftop: process $one has ended, with $minor minor, $major major and $invalid invalid faults" \
	"a process that has ended"
is "$(status_of pftop events -p "$one") $(cat err)" "1 pftop: there is no process $one" \
	"events: a process that has ended"
hold shown 150
echo 1 >$d/clear
is "$(status_of pftop -b -n 1 -p "$one") $(cat err)" "1 pftop: there is no process $one" \
	"a process that nobody remembers"
is "$(status_of pftop -b -n 1 -p "$pid") $(cat err)" \
	"1 pftop: process $pid had no fault since pftrace was loaded or cleared" \
	"a process without a fault"
before=$(now)
step

# --- the live screen ---

# screen ARGS...: pftop on a terminal of its own. What is written to 5 is typed.
screen() {
	rm -f tty.*
	: >typescript
	TERM=xterm script -qefc "stty rows 24 cols 100; stty -g >tty.before
		(exec sh -c 'echo \$\$ >tty.pid; exec pftop $*'); echo \$? >tty.status
		stty -g >tty.after" typescript <keys >/dev/null 3>&- 4<&- &
	script=$!
	exec 5>keys
}

# shows PATTERN: a line of the screen is like this now.
shows() {
	# The first line is script's own.
	sed 1d typescript | awk -v rows=24 -v cols=100 -f "$screen_awk" >now.txt 2>now.err
	[ ! -s now.err ] && grep -Eq -- "$1" now.txt
}

shows_not() {
	shows "$2" && ! grep -Eq -- "$1" now.txt
}

on_screen() {
	if WAIT_POLLS=150 wait_for shows "$2"; then
		pass "$1"
	else
		not_ok "$1" "$(cat now.txt now.err)"
	fi
}

# row COUNTS: how the line of the held process begins.
row() {
	local counts="$*"

	echo "^ *$pid root  *${counts// /  *}  *0 "
}

# left: the screen is gone, and the terminal as it was. Four tests.
left() {
	ok "$1: it ends" wait_for gone $script
	exec 5>&-
	wait $script
	is "$(cat tty.status)" 0 "$1: status 0"
	is "$(cat tty.after)" "$(cat tty.before)" "$1: the terminal's settings are what they were"
	is "$(grep -ao $'\e\\[?\\(1049\\|25\\)[hl]' typescript | tail -n 2 | tr '\033' ^ | sort | xargs)" \
		"^[?1049l ^[?25h" "$1: cursor and screen are back"
}

mkfifo keys
screen -t -d 0.1 -p "$pid"
on_screen "screen: the header" \
	"^pftop - [0-9:]+ tracing, $(total cpus) CPUs, hook ${HOOK:-$(best_hook)} +minor .*/s"
on_screen "the losses" "^lost 0   missed 0   audited [0-9]+, 0 mismatches +major"
on_screen "the titles" '^ +PID USER +MINOR +MAJOR +INV +RETRY +TIME TOP CAUSE +COMMAND'
# Since clear: what it had before is not counted.
on_screen "a process, its faults since clear" "$(row 150 0 0)"
step
on_screen "and those that follow" "$(row 300 0 0).* \\./shown hold 150"
is "$(now)" "$(awk '{ print $1 + 300, $2, $3 }' <<<"$before")" "as the kernel counts them"
printf t >&5
on_screen "t: rates" '^ +PID USER +MIN/s +MAJ/s +INV +FAULT% +P99 TOP CAUSE +COMMAND'
printf h >&5
on_screen "h: help" '^Press any key\.'
printf x >&5
on_screen "and back" "^ *$pid root .*shown"
printf '\\nobody\r' >&5
ok "\\: only commands with a text" wait_for shows_not "^ *$pid root" '^ +PID USER'
printf '\\\r' >&5
on_screen "and all again" "^ *$pid root .*shown"
let_go
# For five seconds, which a slow kernel may take to find it.
ok "a process that ends is marked" wait_for grep -aqF "(exited)" typescript
printf q >&5
left "q"

# A process that would drive the terminal with its name.
name=$'\e]0;PWN\a\nZ'
shown='\033]0;PWN\007\012Z'
hold "$name" 30
screen -t -d 0.1 -p "$pid"
on_screen "a hostile name is shown as text" \
	"$(row "$(now)").* \\./\\\\033\\]0;PWN\\\\007\\\\012Z"
kill -TERM "$(cat tty.pid)"
left "SIGTERM"
is "$(grep -ac $'\a\|\e\\]' typescript)" 0 "nothing of it reached the terminal"

# What follows is in the rings still, when nothing else is recorded.
step
echo 0 >$d/enable
is "$(pftop -b -n 1 --csv -C "$name" | csv pid | sort -n)" \
	"$(printf '%s\n' "$held" "$pid" | sort -n)" "-C takes such a name"
is "$(pftop -b -n 1 --json -p "$pid" | jq -r '.processes[].comm')" "$shown" "JSON: as text"
for c in "-b -n 1 -p $pid:6" "-b -n 1 --csv -p $pid:2" "-b -n 1 --json -p $pid:1" \
	 "events --dump -n 3 -p $pid:4" "events --dump -n 3 --csv -p $pid:4" \
	 "events --dump -n 3 --json -p $pid:3"; do
	# shellcheck disable=SC2086
	pftop ${c%:*} >out
	is "$(wc -l <out) $(tr -d '\n' <out | grep -c '[[:cntrl:]]')" "${c##*:} 0" \
		"no control character: pftop ${c%:*}"
done
echo 1 >$d/enable
pftop -o report -- "./$name" anon 3 >out
is $? 0 "a hostile CMD"
is "$(head -n 1 report | grep -c '^\./\\033]0;PWN\\007\\012Z: .* faults')" 1 "is named as text"
let_go

honest

# Last: the module goes while updates are made.
pftop -b -d 0.1 >updates 2>err &
batch=$!
wait_for test -s updates
ok "the module unloads under pftop -b" wait_for rmmod pftrace
wait $batch
is "$? $(cat err)" "1 pftop: pftrace is not loaded: sudo modprobe pftrace" \
	"which ends, and says why"
refused "not loaded" "pftrace is not loaded: sudo modprobe pftrace" ""
