#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Filters decide on records, to the last one, and on nothing else.
#
# Setting the first filter changes code that runs in every fault: see 41.
# emulator: single
# timeout: 240

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

f=$d/filter
all=(pid comm class cause min_latency_us cgroup)

# kinds NAME...: what values these columns have
kinds() {
	columns "$@" | sort -u | paste -sd ,
}

unset_all() {
	local name

	for name in "${all[@]}"; do
		echo >$f/"$name"
	done
	echo 1 >$d/enable
	echo 1 >$d/clear
}

readback() {
	(cd $f && head -v -n 1 "${all[@]}")
}

# sums: is each fault a record, or filtered? Tracing is off for that.
sums() {
	local off

	echo 0 >$d/enable
	off=$(awk '{ v[$1] = $2 }
		END { print v["minor"] + v["major"] + v["invalid"] - v["records"] - v["filtered"] }
		' $d/totals)
	echo 1 >$d/enable
	[ "$off" = 0 ] || echo "faults - records - filtered = $off"
	[ "$off" = 0 ]
}

# Faulters that wait: a line on their input, and they make N faults.
# hold NAME N: starts one, sets NAME_pid and NAME_in
hold() {
	local pipe=$1.pipe fd

	mkfifo "$pipe"
	faultgen hold "$2" <"$pipe" >"$1.out" &
	exec {fd}>"$pipe"
	wait_for test -s "$1.out" || bail "faultgen hold does not start"
	printf -v "$1_in" %s "$fd"
	printf -v "$1_pid" %s "$(head -n 1 "$1.out" | jq .pid)"
}

# again NAME...: N faults of each of them, ended when this returns
again() {
	local name fd lines

	for name; do
		fd=${name}_in
		lines=$(wc -l <"$name.out")
		echo >&"${!fd}"
		# shellcheck disable=SC2016
		wait_for sh -c '[ "$(wc -l <"$1")" -gt "$2" ]' sh "$name.out" "$lines" ||
			bail "faultgen hold does not go on"
	done
}

errors=(
	"pid x EINVAL" "pid 1,2,x EINVAL" "pid 0 ERANGE" "pid -1 EINVAL" "pid 0x10 EINVAL"
	"pid 4194305 ERANGE" "pid 99999999999999999999 ERANGE" "pid 1.5 EINVAL"
	"class x EINVAL" "class minor,x EINVAL" "class MINOR EINVAL" "class min EINVAL"
	"cause x EINVAL" "cause zero,cow,x EINVAL" "cause 1 EINVAL"
	"min_latency_us x EINVAL" "min_latency_us 1_2 EINVAL" "min_latency_us 1,2 EINVAL"
	"min_latency_us -1 EINVAL" "min_latency_us 4294967296 ERANGE"
	"cgroup foo EINVAL" "cgroup /no/such/group ENOENT" "cgroup 123456789012 ENOENT"
	"cgroup -1 EINVAL" "cgroup 99999999999999999999 ERANGE"
	"comm a\\000b EINVAL"
)
plan $((74 + 2 * ${#errors[@]} + ${#all[@]} + honest_tests))

load buffer_kb=16384
is "$(cd $f && cat "${all[@]}" | tr -d '\n')" "" "at first none is set"
faultgen anon 100 >made.json
ok "and all is recorded" faultcheck records made.json
is "$(total filtered)" 0 "none is filtered"

# pid
hold a 50
hold b 50
hold c 50
echo "$a_pid" >$f/pid
echo 1 >$d/clear
again a b c
is "$(kinds PID)" "$a_pid" "pid: records of that process alone"
is "$(columns PID | wc -l) 0 0" "$(counts pids "$a_pid")" "each of its faults"
is "$(counts pids "$b_pid")" "$(counts pids "$a_pid")" "others are counted as ever"
ok "each fault is a record, or filtered" sums
number "filtered were the others, at least" "$(total filtered)" -ge 100
echo "$b_pid,$c_pid $b_pid" >$f/pid
echo 1 >$d/clear
again a b c
is "$(kinds PID)" "$(printf '%s\n' "$b_pid" "$c_pid" | sort | paste -sd ,)" \
	"pid: two, one of them named twice"
is "$(cat $f/pid)" "$(printf '%s\n' "$b_pid" "$c_pid" | sort -n | paste -sd ' ')" \
	"they are shown once, in order"
for pid in "$a_pid" "$b_pid" "$c_pid"; do
	{ seq $((pid + 100000)) $((pid + 100300)); seq $((pid > 700 ? pid - 700 : 1)) $pid; } |
		sort -R >many
	cat many >$f/pid
	echo 1 >$d/clear
	again a b c
	is "$(columns PID | grep -cx "$pid") 0 0" "$(counts pids "$pid")" \
		"pid: found among $(wc -l <many)"
done
unset_all

# comm
cp "$(type -P faultgen)" 'fault gen'
cp "$(type -P faultgen)" 'st*r'
cp "$(type -P faultgen)" star
run_names() {
	echo 1 >$d/clear
	'./fault gen' anon 20 >blank.json
	'./st*r' anon 20 >asterisk.json
	./star anon 20 >star.json
	faultgen anon 20 >plain.json
}
# comm_is PATTERN RECORDED NAME
comm_is() {
	printf '%s\n' "$1" >$f/comm
	run_names
	is "$(kinds COMM)" "$2" "comm: $3"
}
comm_is 'fault\040gen' 'fault gen' "a name with a blank"
ok "all of its records" faultcheck records blank.json
ok "its counts" faultcheck counts blank.json
ok "and those of another" faultcheck counts star.json
comm_is 'st*r' 'st*r,star' "an asterisk stands for any number"
comm_is 'st\052r' 'st*r' "\\052 stands for itself"
comm_is 'st\*r' 'st*r' "as does one behind a backslash"
comm_is 'fault?en' 'faultgen' "a question mark stands for one"
comm_is 'fault?gen [s]t[a-c]r' 'fault gen,star' "two patterns, with classes"
comm_is $'star\nfaultgen' 'faultgen,star' "one on each line"
ok "all records of the second" faultcheck records plain.json
unset_all

# class
make_all() {
	echo 1 >$d/enable
	echo 1 >$d/clear
	faultgen --dir . file-cold 4 >major.json
	faultgen null 3 >null.json
	faultgen anon 20 >anon.json
	faultgen cow 20 >cow.json
	echo 0 >$d/enable
}
echo minor >$f/class
make_all
is "$(kinds CLASS) $(columns CLASS | wc -l)" "minor $(total minor)" "class: minor, all of them"
number "others are counted" $(($(total major) * $(total invalid))) -ge 12
printf 'major\ninvalid\n' >$f/class
make_all
is "$(kinds CLASS) $(columns CLASS | wc -l)" \
	"invalid,major $(($(total major) + $(total invalid)))" "class: two"
unset_all

# cause
echo zero,null >$f/cause
make_all
is "$(kinds CAUSE)" null,zero "cause: two"
ok "cause: all of the one" faultcheck records anon.json
ok "cause: all of the other" faultcheck records null.json
ok "what is not recorded is counted" faultcheck counts cow.json
unset_all

# min_latency_us: the device takes ten times as long
if slow_device slow 200; then
	echo 20000 >$f/min_latency_us
	echo 1 >$d/clear
	faultgen --dir slow file-cold 6 >major.json
	faultgen anon 100 >anon.json
	faultgen null 3 >null.json
	is "$(columns CLASS LATENCY_NS | awk '$1 != "invalid" && $2 < 20000000' | wc -l)" 0 \
		"min_latency_us: no faster one"
	ok "all slower ones" faultcheck records major.json
	ok "refused ones pass" faultcheck records null.json
	ok "fast ones are counted" faultcheck counts anon.json
else
	skip "no dm-delay" "min_latency_us" 4
fi
unset_all

# cgroup
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
groups=/sys/fs/cgroup$own
mkdir -p "$groups/one/below" "$groups/o ther" || bail "no cgroup2"
at_exit rmdir "$groups/one/below" "$groups/one" "$groups/o ther"
in_group() {
	local group=$1
	shift
	(echo "$BASHPID" >"$groups/$group/cgroup.procs" && exec "$@")
}
run_groups() {
	echo 1 >$d/clear
	in_group one faultgen anon 20 >one.json
	in_group one/below faultgen anon 20 >below.json
	in_group 'o ther' faultgen anon 20 >other.json
}
ids() {
	(cd "$groups" && stat -c %i "$@") | sort | paste -sd ,
}
echo "$own/one" >$f/cgroup
run_groups
is "$(kinds CGROUP)" "$(ids one one/below)" "cgroup: a path, and what is below it"
ok "all records of the one" faultcheck records one.json
ok "and of the one below" faultcheck records below.json
ids one/below >$f/cgroup
run_groups
is "$(kinds CGROUP)" "$(ids one/below)" "cgroup: an id"
ok "all of its records" faultcheck records below.json
ok "counts of the others" faultcheck counts one.json
echo "$own/o\\040ther $(ids one/below)" >$f/cgroup
run_groups
is "$(kinds CGROUP)" "$(ids 'o ther' one/below)" "cgroup: two, one with a blank"

# Together
echo 'fault*' >$f/comm
echo zero >$f/cause
run_groups
is "$(kinds CGROUP COMM CAUSE | tr , '\n' | cut -d ' ' -f 2-| sort -u)" "faultgen zero" \
	"cgroup, comm and cause: all hold"
is "$(kinds CGROUP)" "$(ids 'o ther' one/below)" "each of them"
ok "and nothing is lost for it" faultcheck records other.json
echo major >$f/class
run_groups
is "$(columns CLASS | wc -l)" 0 "no fault is zero and major"
unset_all

# What is read can be written.
echo "7 3,5" >$f/pid
printf 'a\\040b [x-z]*\tc\\134d \001\n' >$f/comm
echo invalid,minor >$f/class
echo oom cow >$f/cause
echo 00250 >$f/min_latency_us
echo "$own/o\\040ther 1" >$f/cgroup
readback >before
for name in "${all[@]}"; do
	cat $f/"$name" >"saved.$name"
	cat "saved.$name" >$f/"$name"
done
is "$(readback)" "$(cat before)" "what was read is the same when it is written"
is "$(tail -qn 1 saved.* | cat -v)" "cow oom
$own/o\\040ther 1
minor invalid
a\\040b [x-z]* c\\134d \\001
250
3 5 7" "and says what was meant" ||
	diag "$(tail saved.*)"
is "$(od -c saved.comm | grep -c '001 ')" 0 "no control character is shown"

# A list with an error in it, and what else cannot be.
for e in "${errors[@]}"; do
	read -r name value want <<<"${e/\\/\\\\}"
	is "$(error_of "filter/$name" "$value")" "$want" "$name: $value"
	is "$(readback)" "$(cat before)" "and nothing has changed"
done
is "$(error_of filter/comm "$(printf 'a%.0s' {1..64})")" E2BIG "comm: a pattern of 64 bytes"
is "$(error_of filter/comm "$(seq 65 | paste -sd ' ')")" E2BIG "comm: 65 patterns"
is "$(error_of filter/pid "$(seq 1025 | paste -sd ' ')")" E2BIG "pid: 1025 of them"
is "$(error_of filter/pid "$(seq 4000000 4002000 | paste -sd ' ')")" E2BIG \
	"pid: more than can be, a page at a time"
is "$(seq 4000000 4003000 | dd bs=65536 iflag=fullblock of=$f/pid 2>&1 | grep -c 'too long')" \
	1 "more than 16384 bytes"
fails "too many, as bash writes them" eval "echo $(seq 4000000 4001100 | paste -sd ' ') >$f/pid"
fails "an error in a later line" eval "printf '1\n2\nx\n3\n' >$f/pid"
is "$(readback)" "$(cat before)" "none of that changed anything"
seq 4000000 4000900 | paste -sd ' ' >many
echo "$(<many)" >$f/pid
is "$(cat $f/pid)" "$(<many)" "901 of them, which bash writes in pieces"
exec 9>$f/pid
echo 1 >&9
echo 2 >&9
is "$(cat $f/pid)" "$(<many)" "a list that is not whole yet is not in force"
exec 9>&-
is "$(cat $f/pid)" "1 2" "it is when the file is closed"
echo "3 5 7" >$f/pid
printf 'minor\0' | dd of=$f/class 2>nul
number "a NUL is refused" "$(grep -c 'Invalid argument' nul)" -eq 1
for name in "${all[@]}"; do
	echo >$f/"$name"
	is "$(cat $f/"$name")" "" "$name: an empty line takes it away"
done

# Switched off and on; under load.
echo "$a_pid" >$f/pid
echo 0 >$d/enable
echo 1 >$d/enable
is "$(cat $f/pid)" "$a_pid" "it stays when tracing is switched off and on"
faulting() {
	while [ ! -e stop ]; do
		faultgen threads 500
		faultgen null 5
	done >/dev/null
}
faulting &
load=$!
echo 1 >$d/clear
for ((i = 0; i < 30; i++)); do
	# Both have A and not the load's processes: any mixture would show.
	seq -s ' ' 1 2 >$f/pid && echo "$a_pid" >$f/pid &&
		echo "$a_pid $b_pid" >$f/pid || break
	again a
	echo 'faultgen' >$f/comm && echo >$f/comm || break
done
is $i 30 "written 120 times under load"
is "$(kinds PID | tr , '\n' | grep -vx -e "$a_pid" -e "$b_pid" -e 1 -e 2)" "" \
	"never a record that no filter let pass"
is "$(columns PID | grep -cx "$a_pid")" 1500 "and each of those that passed all"
number "the others went on" "$(total filtered)" -ge 1500
for ((i = 0; i < 20; i++)); do
	echo >$f/pid && echo "$a_pid" >$f/pid || break
done
is $i 20 "the only one, set and taken away under load"
ok "each fault is a record, or filtered" sums
touch stop
wait $load
unset_all
faultgen anon 50 >made.json
ok "after that all is recorded" faultcheck records made.json
honest

# Parameters
unload
ok "parameters: loads" insmod /pftrace/pftrace.ko filter_pid=1,2,3 \
	filter_comm='"fault\040gen st*r"' filter_class=invalid,minor filter_cause=zero \
	filter_min_latency_us=7 filter_cgroup="$own"
is "$(cd $f && cat "${all[@]}" | paste -sd ,)" \
	"1 2 3,fault\\040gen st*r,minor invalid,zero,7,$own" "they are what the files say"
unload
insmod /pftrace/pftrace.ko filter_comm='"fault\040gen st*r"'
run_names
is "$(kinds COMM)" 'fault gen,st*r,star' "and hold"
ok "all records that pass" faultcheck records asterisk.json
ok "counts of all" faultcheck counts plain.json
for name in a b c; do
	fd=${name}_in
	exec {fd}>&-
done
