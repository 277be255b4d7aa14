#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tracepoint pftrace:fault, through tracefs and by the tools that use it.
#
# Listening to a tracepoint changes code that runs in every fault: see 41.
# emulator: single
# disk: tools
# timeout: 240

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

plan $((44 + 2 * honest_tests))

# made FILE: what faultgen made, and its whole life: "IN-RANGE ALL"
made() {
	jq -r '"\([.where[].count] | add) \(.life.minor + .life.major + .life.invalid)"' "$1"
}

# seen FILE: the same of lines that have tgid=N and address=0xN: those of the
# process that faultgen names, within the range that it names, and all.
seen() {
	local pid start end

	read -r pid start end < <(jq -r '"\(.pid) \(.where[0].start) \(.where[0].end)"' "$1")
	sed -n "s/.* tgid=$pid .* address=\(0x[0-9a-f]*\) .*/\1/p" |
		while read -r address; do
			echo $((address >= start && address < end))
		done | awk '{ n += $1 } END { print n + 0, NR }'
}

# fields FILE KEY...: kinds of values that these have in the faults made
fields() {
	local file=$1 pid start end line key text
	shift

	read -r pid start end < <(jq -r '"\(.pid) \(.where[0].start) \(.where[0].end)"' "$file")
	grep " tgid=$pid " | while read -r line; do
		[[ $line =~ \ address=(0x[0-9a-f]+) ]]
		((BASH_REMATCH[1] >= start && BASH_REMATCH[1] < end)) || continue
		text=
		for key; do
			[[ $line =~ \ $key=([^ ]*) ]]
			text+="${BASH_REMATCH[1]} "
		done
		echo "$text"
	done | sort -u | sed 's/ $//' | paste -sd ,
}

load
trace_into pftrace

# tracefs
event=$tracing/events/pftrace/fault
ok "the event is there" grep -qx 'name: fault' $event/format
is "$(grep -c PFT_ $event/format)" 0 "its format has numbers, not enumerators"
for name in address ip vma_start vma_end pgoff latency_ns ino cgroup tid tgid dev file comm result \
	    retries class cause level access origin perms order area; do
	grep -q "field:.* $name\(\[16\]\)\?;" $event/format || diag "no $name"
done >missing
is "$(cat missing)" "" "all fields are"
is "$(cat $event/enable)" 0 "at first it is off"
echo 1 >$instance/events/pftrace/fault/enable
faultgen anon 100 >anon.json
faultgen null 3 >null.json
faultgen --dir . file-cold 4 >file.json
faultgen cow 10 >cow.json
echo 0 >$instance/events/pftrace/fault/enable
grep -v '^#' $instance/trace >events
is "$(seen anon.json <events)" "$(made anon.json)" "tracefs: each fault once: anon"
is "$(seen file.json <events)" "$(made file.json)" "tracefs: file-cold"
is "$(seen cow.json <events)" "$(made cow.json)" "tracefs: cow"
is "$(seen null.json <events)" "$(made null.json)" "tracefs: null, which is refused"
is "$(fields anon.json class cause access origin comm perms area <events)" \
	'minor zero w user faultgen r|w|vma [anon]' "names for numbers: anon"
is "$(fields null.json class cause access origin level latency_ns perms <events)" \
	'invalid null w user p4d 0 hole' "null" ||
	diag "$(grep cause=null events)"
is "$(fields null.json area pgoff dev ino <events)" '- 0x0 0x0 0' "which is in no mapping"
is "$(fields file.json class cause access perms area dev ino <events)" \
	"major file r r|s|vma [file] $(printf '0x%x' "$(stat -c %d .)") $(jq '.where[0].inode' file.json)" \
	"file-cold"
is "$(fields cow.json class cause level <events)" 'minor cow prot' "cow"
is "$(fields anon.json vma pgoff <events | cut -d ' ' -f 1)" \
	"$(jq -r '.where[0] | "\(.vma_start[2:])-\(.vma_end[2:])"' anon.json)" "the mapping"
is "$(fields anon.json cgroup <events)" \
	"$(stat -c %i "/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)")" "the cgroup"

# The filters hold for it, too.
echo 'zero' >$d/filter/cause
echo >$instance/trace
echo 1 >$instance/events/pftrace/fault/enable
faultgen cow 10 >cow.json
faultgen anon 10 >anon.json
echo 0 >$instance/events/pftrace/fault/enable
grep -v '^#' $instance/trace >events
is "$(grep -o ' cause=[^ ]*' events | sort -u)" ' cause=zero' "filtered: no others"
is "$(seen anon.json <events | cut -d ' ' -f 1)" 10 "filtered: all that pass"
echo >$d/filter/cause
before=$(wc -l <$instance/trace)
faultgen anon 10 >/dev/null
is "$(wc -l <$instance/trace)" "$before" "off: no events"

# Other users of the same fault
echo 1 >$instance/events/pftrace/fault/enable
faultgen anon 50 >anon.json
ok "the record is made as well" faultcheck records anon.json
echo 0 >$instance/events/pftrace/fault/enable

with_tools

# perf: with stacks
ok "perf record" tool perf record -q -a -g -e pftrace:fault -o perf.data -- sh -c '
	faultgen anon 100 >anon.json
	faultgen null 3 >null.json
	faultgen --dir . file-cold 4 >file.json'
tool perf script -i perf.data >perf.txt 2>perf.err || diag "$(cat perf.err)"
grep ' pftrace:fault: ' perf.txt >events
is "$(tool perf script -i perf.data --show-lost-events 2>/dev/null | grep -c PERF_RECORD_LOST)" 0 \
	"perf lost nothing"
is "$(seen anon.json <events)" "$(made anon.json)" "perf: each fault once: anon"
is "$(seen null.json <events)" "$(made null.json)" "perf: null"
is "$(seen file.json <events)" "$(made file.json)" "perf: file-cold"
is "$(fields anon.json class cause access perms <events)" 'minor zero w r|w|vma' \
	"perf: names for numbers: anon"
is "$(fields null.json class cause perms <events)" 'invalid null hole' "perf: null"
# An event with its stack is a paragraph.
stacks() {
	awk -v RS= -v pid=" tgid=$(jq .pid "$1") " -v what="$2" '
		index($0, pid) && index($0, what) { print; print "" }' perf.txt
}
stacks anon.json ' cause=zero level=pte access=w origin=user ' >stacks.txt
paragraphs() {
	awk -v RS= -v has="$1" 'index($0, has) { n++ } END { print n + 0 }' "$2"
}
# unwound FILE N: do all stacks lead through the exception to the very
# instruction that faulted, and N or more of them to a function of faultgen?
# The perf of 6.1 tells where in its file that is: the last three digits are the
# same.
unwound() {
	awk -v RS= -F '\n' '
		match($1, / ip=0x[0-9a-f]+/) {
			ip = substr($1, RSTART + 6, RLENGTH - 6)
			for (i = 2; i < NF && $i !~ / (asm_exc_page_fault|el0t_64_sync)\+/; i++)
				;
			split($(i + 1), word, " ")
			if (length(word[1]) < 9)
				ip = substr(ip, length(ip) - 2)
			if (substr(word[1], length(word[1]) - length(ip) + 1) != ip)
				print
			else if ($(i + 1) ~ /[^\]] \(\/usr\/bin\/faultgen\)/)
				n++
		}
		END {
			print n + 0, "of faultgen,", NR, "in all"
			exit !(n >= '"$2"')
		}' "$1" >unwound.txt && [ "$(wc -l <unwound.txt)" -eq 1 ]
}
made=$(paragraphs cause=zero stacks.txt)
number "perf: they have stacks" "$made" -ge 100
# through NAME: do the stacks lead to the instruction that faulted?
through() {
	if [ "$(total hook)" = kretprobe ] && older 5 16; then
		skip "before 5.16 the kernel's stacks end at a kretprobe" "$1"
		return
	fi
	ok "$1" unwound stacks.txt 100 || diag "$(tail -n 30 unwound.txt)"
}
through "through the exception to the instruction of the program"
if [ "$(total hook)" = direct ]; then
	is "$(paragraphs ' pft_direct_call+' stacks.txt) $(paragraphs ' handle_mm_fault+' stacks.txt)" \
		"$made $made" "and handle_mm_fault() is in them, behind the hook" ||
		diag "$(head -n 30 stacks.txt)"
else
	skip "the hook is a kretprobe" "and handle_mm_fault() is in them, behind the hook"
fi
stacks null.json ' cause=null ' >stacks.txt
ok "so do those of refused faults" unwound stacks.txt 3 || diag "$(<unwound.txt)"

# trace-cmd
ok "trace-cmd record" tool trace-cmd record -q -e pftrace -o trace.dat sh -c '
	faultgen anon 100 >anon.json
	faultgen null 3 >null.json'
tool trace-cmd report -i trace.dat >trace.txt 2>trace.err || diag "$(cat trace.err)"
grep ' fault: ' trace.txt >events
is "$(seen anon.json <events)" "$(made anon.json)" "trace-cmd: each fault once: anon"
is "$(seen null.json <events)" "$(made null.json)" "trace-cmd: null"
is "$(fields anon.json class cause access perms <events)" 'minor zero w r|w|vma' \
	"trace-cmd: names for numbers: anon"
is "$(fields null.json class cause perms <events)" 'invalid null hole' "trace-cmd: null"

# bpftrace
cause() {
	awk -v name="$1" '/^#/ { in_causes = /^#CAUSE/ } in_causes && $1 == name { print $2 }' \
		$d/format
}
# shellcheck disable=SC2016
tool bpftrace -o bpf.txt -c "$(type -P faultgen) anon 100" -e '
	tracepoint:pftrace:fault /args->cause == '"$(cause zero)"'/ {
		printf("x tgid=%d comm=%s address=0x%llx class=%d\n", args->tgid, args->comm,
		       args->address, args->class);
		@ns = hist(args->latency_ns);
	}
	END { printf("end\n"); }' >anon.json 2>bpf.err
status=$?
if grep -q "'linux/types.h' file not found" bpf.err; then
	skip "this bpftrace needs the kernel's headers" bpftrace 5
else
	is "$status $(grep -c '^end' bpf.txt)" "0 1" "bpftrace runs" ||
		diag "$(cat bpf.err bpf.txt)"
	is "$(grep -c . bpf.err)" 0 "and says nothing else" || diag "$(cat bpf.err)"
	is "$(sed 's/$/ /' bpf.txt | seen anon.json | cut -d ' ' -f 1)" 100 \
		"bpftrace: each fault once" || diag "$(head -n 5 bpf.txt)"
	is "$(grep " tgid=$(jq .pid anon.json) " bpf.txt | grep -vc ' comm=faultgen .* class=0$')" \
		0 "bpftrace: strings and numbers"
	number "bpftrace: a histogram" "$(grep -c '^\[.*)' bpf.txt)" -ge 1
fi

# Unloading while somebody listens
echo 1 >$instance/events/pftrace/fault/enable
honest
wait_for unload
ok "the module goes although the event is on" [ ! -e $event ]

# The same stacks with the other hook. perf reads the process's memory with
# faults disabled; where it may not, the probe for refused faults is reached
# within a handler. That is no fault.
load hook=kretprobe
ok "kretprobe: perf record" tool perf record -q -a -g -e pftrace:fault -o perf.data -- \
	sh -c 'faultgen anon 100 >anon.json'
tool perf script -i perf.data >perf.txt 2>perf.err || diag "$(cat perf.err)"
stacks anon.json ' cause=zero level=pte access=w origin=user ' >stacks.txt
through "kretprobe: stacks lead to the instruction"
number "what perf did not find is counted apart" "$(total ignored_reentry)" -gt 0
honest
