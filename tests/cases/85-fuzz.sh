#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# Random system calls on all files, by many at a time: nothing breaks, and
# tracing is exact afterwards. FUZZ_OPS says how many calls, FUZZ_SEED which.
# `enable` is among the files, so the kernel's text is patched under load.
# emulator: single

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

files=(README enable totals pids threads exited files causes latency trace format buffer_kb
	filter/{pid,comm,class,cause,min_latency_us,cgroup})
plan $((9 + honest_tests))

load buffer_kb=256
before=$(total memory_kb)
tick=2
! checks_itself || tick=20
fuzz ${FUZZ_SEED:+-s "$FUZZ_SEED"} -t $tick -n "${FUZZ_OPS:-20000}" $d 2>&1 | tee fuzz.out | sed 's/^/# /'
is "${PIPESTATUS[0]}" 0 "nothing crashed, no mapping was written"
# The files offer no splice(2).
is "$(awk '/succeeded$/ && $1 != "splice" && !$2' fuzz.out)" "" "each kind of call succeeded at times"

# All is closed and unmapped, so what was changed can be set back.
ok "filters, size and all counts can be set back" eval \
	"for f in $d/filter/*; do echo >\$f || exit; done; echo 0 >$d/enable &&
	 echo 256 >$d/buffer_kb && echo 1 >$d/clear && echo 1 >$d/enable"
bad=
for f in "${files[@]}"; do
	cat $d/"$f" >text 2>&1 || bad+=" $f"
	[ -s text ] || [[ $f == filter/* ]] || bad+=" $f"
done
is "$bad" "" "all files can be read"
# Names of files come and go.
number "the module has no more memory than before" "$(total memory_kb)" -le $((before + 64))
faultgen --dir . file-cold 16 >made.json
explained "after that"
honest
unload
is "$(cat /proc/modules | grep -c '^pftrace ')" 0 "the module is unloaded"
is "$(grep pft_ /proc/vmallocinfo)" "" "no memory of it is left"
