# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Judge one case. Sourced.

judge_dir=$(dirname "${BASH_SOURCE[0]}")

# judge_case OUTPUT LOG: what the case printed, the kernel's log of that time.
# Sets verdict (ok, skip, FAIL), passed, failed, skipped and the array
# problems.
judge_case() {
	local findings

	mapfile -t problems < <(awk -f "$judge_dir/tap.awk" "$1")
	read -r passed failed skipped <<<"${problems[0]}"
	unset 'problems[0]'
	findings=$(awk -f "$judge_dir/klog.awk" "$2")
	if [ -n "$findings" ]; then
		failed=$((failed + 1))
		problems+=("the kernel's log has:")
		mapfile -t -O 1000 problems <<<"$findings"
	fi
	if [ "$failed" -gt 0 ]; then
		verdict=FAIL
	elif [ "$passed" -eq 0 ]; then
		verdict=skip
	else
		verdict=ok
	fi
}

# skip_reasons OUTPUT: one line, for a person.
skip_reasons() {
	sed -n 's/^\(1\.\.0\|\(not \)\{0,1\}ok .*\)# *[Ss][Kk][Ii][Pp][^ ]* *//p' \
		"$1" | sort -u | head -n 3 | paste -sd ';'
}
