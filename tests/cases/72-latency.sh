#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Histograms and counts by cause: against the records, against the counts of
# processes, against a device that is known to be slow, against the kernel's own
# function graph tracer.
#
# That tracer replaces instructions of a busy function: see 40-unload.sh.
# emulator: single
# timeout: 300

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

# In the middle of a bucket: what a fault takes on top of its device must not lead
# into the next one.
delay_ms=190 slow_faults=8

t=/sys/kernel/tracing
plan $((27 + 8 + honest_tests))

# row CLASS CAUSE COLUMN...: values of a line of `causes`.
row() {
	awk -v class="$1" -v cause="$2" -v columns="${*:3}" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(columns, want); next }
		$1 == class && $2 == cause {
			for (i = 1; i <= n; i++)
				printf "%s%s", $at[want[i]], i < n ? " " : "\n" }' $d/causes
}

# records: class, cause and latency of each record.
records() {
	columns CLASS CAUSE LATENCY_NS | sort -k1,1 -k2,2 -k3n
}

# by_cause FILE...: each cause and the sum of its column, where that is not 0.
by_cause() {
	awk 'FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
		{ for (i = 1; i < NF && name[i] != "OTHER"; i++) ;
		  for (; name[i] != "COMM"; i++) n[tolower(name[i])] += $i }
		END { for (c in n) if (n[c]) print c, n[c] }' "${@/#/$d/}" | sort
}

# uneven FILE...: lines whose causes do not add up to their classes.
uneven() {
	awk 'FNR == 1 { for (i = 1; i <= NF; i++) { name[i] = $i; at[$i] = i } next }
		{ sum = 0
		  for (i = at["OTHER"]; name[i] != "COMM"; i++) sum += $i
		  if (sum != $at["MINOR"] + $at["MAJOR"] + $at["INVALID"]) print FILENAME, $0 }' \
		"${@/#/$d/}"
}

# within PERCENT A B: the two differ by no more than PERCENT of B.
within() {
	awk -v p="$1" -v a="$2" -v b="$3" 'BEGIN {
		d = a - b
		exit !(b > 0 && (d < 0 ? -d : d) * 100 <= b * p) }'
}

slow=
! slow_device slow $delay_ms || slow=1

# Faults of many kinds; then the records, which tell the same one by one.
load buffer_kb=8192
faultgen anon 1000 >/dev/null
faultgen threads 800 >/dev/null
faultgen forks 40 >/dev/null
faultgen file-warm 100 >/dev/null
faultgen cow 200 >/dev/null
faultgen null 7 >/dev/null
faultgen past-eof 5 >/dev/null
if [ "$slow" ]; then
	device_reads slow faultgen --dir slow file-cold $slow_faults >made.json
	reads_of "$(jq .pid made.json)" | sort -n >device.txt
fi
faultgen hold 20 </dev/null >/dev/null
echo 0 >$d/enable
cp $d/causes causes.txt
cp $d/latency latency.txt
records >records.txt

is "$(total records)" "$(wc -l <records.txt)" "each fault has its record"
is "$(awk 'NR > 1 && $2 != "all" { print $1, $2, $3 }' causes.txt | sort)" \
	"$(awk '{ n[$1 " " $2]++ } END { for (k in n) print k, n[k] }' records.txt | sort)" \
	"causes: as many as records"
is "$(awk 'NR > 1 && $2 != "all" && $4 != "-" { print $1, $2, $4, $5, $6 }' causes.txt | sort)" \
	"$(awk '$3 > 0 { k = $1 " " $2; n[k]++; t[k] += $3; if ($3 > max[k]) max[k] = $3 }
		END { for (k in t) printf "%s %.0f %d %.0f\n", k, t[k], t[k] / n[k], max[k] }' \
		records.txt | sort)" "causes: sum, mean and maximum of the records"
is "$(awk 'NR > 1 && $2 != "all" && $5 > 0 { print $1, $2, $3, $4, $5 }' latency.txt | sort)" \
	"$(awk '$3 > 0 { for (from = 1; from * 2 <= $3; from *= 2) ;
			n[sprintf("%s %s %.0f %.0f", $1, $2, from, from * 2 - 1)]++ }
		END { for (k in n) print k, n[k] }' records.txt | sort)" \
	"latency: each record in its bucket"
is "$(awk 'NR > 1 && NF != 6' latency.txt)" "" "latency: each line has six words"

# The percentile of the records is within the bounds told; the estimate, too.
awk 'FILENAME == "records.txt" {
		if ($3 > 0) { k = $1 " " $2; v[k, ++n[k]] = $3 }
		next }
	FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$2 != "all" && $at["TOTAL_NS"] != "-" {
		k = $1 " " $2
		split("50 90 99", percent)
		for (i = 1; i <= 3; i++) {
			rank = int((n[k] * percent[i] + 99) / 100)
			split($at["P" percent[i] "_BOUNDS"], b, "-")
			e = $at["P" percent[i] "_NS"]
			judged++
			if (v[k, rank] < b[1] || v[k, rank] > b[2] ||
			    e < b[1] || e > b[2] || e > $at["MAX_NS"])
				print k, "P" percent[i], v[k, rank], e, b[1], b[2]
		}
	}
	END { print "judged", judged > "judged.txt" }' records.txt causes.txt >wrong.txt
is "$(<wrong.txt)" "" "percentiles are in the bounds told"
number "and many were looked at" "$(awk '{ print $2 }' judged.txt)" -ge 15

for class in minor major invalid; do
	is "$(awk -v class=$class '$1 == class && $2 == "all" { print $3 }' causes.txt |
		grep . || echo 0)" "$(total $class)" "$class: all = totals"
	is "$(awk -v class=$class '$1 == class && $2 != "all" { n += $3 } END { print n + 0 }' \
		causes.txt)" "$(total $class)" "$class: the causes add up to totals"
done
is "$(row minor all TOTAL_NS)" \
	"$(awk 'FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { s += $at["MINOR_NS"] }
		END { printf "%.0f", s }' $d/pids $d/exited)" \
	"time in minor faults: all = the sum of all processes"

# A fault that the architecture refused has no duration.
is "$(row invalid null COUNT TOTAL_NS MEAN_NS MAX_NS P99_NS P99_BOUNDS)" "7 - - - - -" \
	"refused faults have no times"
is "$(grep -c '^invalid null ' latency.txt)" 0 "and are in no bucket"
is "$(row invalid past-eof COUNT)" 5 "those refused later"
number "have times" "$(row invalid past-eof TOTAL_NS)" -gt 0

# Processes and threads.
is "$(by_cause pids exited)" \
	"$(awk 'NR > 1 && $2 != "all" { n[$2] += $3 } END { for (c in n) print c, n[c] }' causes.txt |
		sort)" "by cause: living + exited = causes"
is "$(uneven pids exited)" "" "by process: the causes add up to the classes"
is "$(uneven threads)" "" "by thread, too"

if [ "$slow" ]; then
	is "$(wc -l <device.txt)" $slow_faults "a slow device: it was read for each fault"
	is "$(row major file COUNT P50_BOUNDS)" "$slow_faults $(awk '
		NR * 2 >= '$slow_faults' {
			for (from = 1; from * 2 <= $1; from *= 2) ;
			printf "%.0f-%.0f", from, from * 2 - 1
			exit
		}' device.txt)" "p50 is in the bucket of what it took"
	# The wait is in the first attempt; it would not be there in the last.
	number "faults that took several attempts" \
		"$(columns CLASS RETRIES | awk '$1 == "major" && $2 > 0' | wc -l)" -ge 1
	number "the longest took at least what the device took" "$(row major file MAX_NS)" \
		-ge "$(tail -1 device.txt)"
	number "and all, in sum" "$(row major file TOTAL_NS)" -ge "$(jq -s add device.txt)"
else
	skip "this kernel has no loop or dm-delay" "a slow device" 5
fi

honest
echo 1 >$d/clear
is "$(cat $d/causes $d/latency | grep -vc ^CLASS)" 0 "clear empties both"
echo 1 >$d/enable

# measured COMMAND ARGS...: run faultgen under the function graph tracer of the
# kernel, which measures each call of handle_mm_fault() by itself. Sets
# graph_calls, graph_ns, inner_calls, inner_ns (of __handle_mm_fault(), if that
# is traced), and from `exited` minor, major, retries, minor_ns, major_ns of the
# same process; both.txt has a line for each call: what the tracer measured, and
# what the record says, which is another call's where there were retries.
measured() {
	local pid

	echo >$t/trace
	(
		echo $BASHPID >$t/set_ftrace_pid
		echo 1 >$t/tracing_on
		exec faultgen "$@" >made.json
	) || return 1
	echo 0 >$t/tracing_on
	pid=$(jq .pid made.json)
	read -r graph_calls graph_ns inner_calls inner_ns < <(grep -- "-$pid " $t/trace | awk '
		{ for (i = 2; i <= NF && $i != "us"; i++) ; }
		i > NF { next }
		/[^a-z_]__handle_mm_fault/ { m++; in_ns += $(i - 1) * 1000; next }
		/[^a-z_]handle_mm_fault/ { n++; ns += $(i - 1) * 1000 }
		END { printf "%d %.0f %d %.0f\n", n, ns, m, in_ns }')
	paste <(grep -- "-$pid " $t/trace | awk '
		{ for (i = 2; i <= NF && $i != "us"; i++) ; }
		i <= NF && /[^a-z_]handle_mm_fault/ { printf "%.0f\n", $(i - 1) * 1000 }') \
		<(columns PID LATENCY_NS SIZE | awk -v pid="$pid" '$1 == pid { print $2, $3 }') >both.txt
	read -r minor major retries minor_ns major_ns < <(awk -v pid="$pid" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$1 == pid { print $at["MINOR"], $at["MAJOR"], $at["RETRIES"], $at["MINOR_NS"],
			$at["MAJOR_NS"]; exit }' $d/exited)
	diag "$*: function graph $graph_calls calls, $graph_ns ns, in it $inner_calls, $inner_ns ns;" \
		"pftrace $minor minor, $major major, $retries retries, $minor_ns + $major_ns ns"
}

# The tracer's span of handle_mm_fault() is the outer one: it begins before
# ours, at the same first instruction, and ends behind what we do when the
# function has returned. Ours begins with the first thing that our hook does, so
# the look at the page tables is in both spans, and the counting and recording
# at the end only in the tracer's. That and the tracer's own part are a few
# thousand instructions; where a fault is longer by a factor of a hundred they
# are below 1 %, and 2 % holds: huge pages, and a slow device; on a kernel that
# checks itself they are several times as many, and it is 5 %. Where a fault is
# short, our time is between the tracer's and that of __handle_mm_fault(), which
# is all but a little of handle_mm_fault(), and in ours.
# On arm64 ours is the outer span: there a kprobe is a breakpoint, in front of
# what ftrace calls.
if ! mountpoint -q $t; then
	mount -t tracefs nodev $t && at_exit umount $t
fi
if ! grep -qw function_graph $t/available_tracers; then
	skip "this kernel has no function graph tracer" "independent measurement" 8
	exit
fi
at_exit eval "echo nop >$t/current_tracer; echo >$t/set_ftrace_filter
	echo >$t/set_ftrace_pid; echo 0 >$t/options/funcgraph-tail; echo 1 >$t/tracing_on"
percent=2
! checks_itself || percent=5
echo 0 >$t/tracing_on
echo handle_mm_fault >$t/set_ftrace_filter
echo function_graph >$t/current_tracer
echo 1 >$t/options/function-fork
echo 1 >$t/options/funcgraph-proc
echo 1 >$t/options/funcgraph-tail

# One by one: where the host takes the CPU away between the two clocks, one fault
# is off, and not by little. What is wrong with our clock would show in all.
if measured thp 60; then
	is "$graph_calls" $((minor + major + retries)) "huge pages: the same faults"
	ok "and the time of most, within $percent %" \
		awk -v p=$percent -v wanted="$graph_calls" '
		NF == 3 { pairs++ }
		$3 == "2M" { n++; d = $1 - $2; off += (d < 0 ? -d : d) * 100 > $1 * p }
		END { print pairs, n, off; exit !(pairs == wanted && n >= 60 && off * 2 < n) }' both.txt
	diag "$(awk '$3 == "2M" { printf "%.4f\n", $2 / $1 }' both.txt | sort -n |
		awk '{ v[NR] = $1 } END { print "ratios:", v[1], v[int((NR + 1) / 2)], v[NR] }')"
else
	skip "$(head -c 200 made.json)" "huge pages" 2
fi
if [ "$slow" ]; then
	echo 3 >/proc/sys/vm/drop_caches
	measured --dir slow file-cold $slow_faults
	is "$graph_calls" $((minor + major + retries)) "a slow device: the same attempts"
	ok "and their time, within $percent %" within $percent $((minor_ns + major_ns)) "$graph_ns"
else
	skip "this kernel has no loop or dm-delay" "a slow device" 2
fi
if grep -qx '__handle_mm_fault' $t/available_filter_functions; then
	echo __handle_mm_fault >>$t/set_ftrace_filter
	measured anon 2000
	is "$graph_calls" $((minor + major + retries)) "short faults: the same ones"
	number "each with what is in it" "$inner_calls" -ge 2000
	if [ "$(uname -m)" = aarch64 ]; then
		number "no shorter than they took" "$minor_ns" -ge "$graph_ns"
	else
		number "no longer than they took" "$minor_ns" -le "$graph_ns"
	fi
	number "nor shorter than what is in them" "$minor_ns" -ge "$inner_ns"
else
	skip "no __handle_mm_fault() on this kernel" "short faults" 4
fi
