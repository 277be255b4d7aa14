#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# embed.sh SOURCE OUT: make of page.html, style.css and the scripts the two parts
# of the page, OUT/head and OUT/tail, between which the report goes. The page
# allows just this style and this script, by their hashes.
set -o errexit -o nounset -o pipefail
source=$1 out=$2

# In this order: each file may use those before it.
scripts=(text table chart latency timeline heat_layout heat_canvas heatmap summary tables refused page)

# hash FILE: as a Content-Security-Policy names it.
hash() {
	local hex

	hex=$(sha256sum <"$1")
	printf 'sha256-%s' "$(printf '%b' "$(sed 's/ .*//; s/../\\x&/g' <<<"$hex")" | base64)"
}

# fill FILE STYLE SCRIPT: the template with everything but the report in it.
fill() {
	awk -v style="$2" -v script="$3" -v style_hash="$(hash "$2")" \
	    -v script_hash="$(hash "$3")" '
		function file(name,	line, some) {
			while ((getline line <name) > 0) {
				printf "%s%s", some ? "\n" : "", line
				some = 1
			}
			# its last newline is part of what was hashed
			printf "\n"
		}
		function put(line,	at, mark) {
			while (match(line, /@[A-Z_]+@/)) {
				printf "%s", substr(line, 1, RSTART - 1)
				mark = substr(line, RSTART, RLENGTH)
				line = substr(line, RSTART + RLENGTH)
				if (mark == "@STYLE@")
					file(style)
				else if (mark == "@SCRIPT@")
					file(script)
				else if (mark == "@STYLE_HASH@")
					printf "%s", style_hash
				else if (mark == "@SCRIPT_HASH@")
					printf "%s", script_hash
				else
					printf "%s", mark
			}
			print line
		}
		{ put($0) }' "$1"
}

mkdir -p "$out"
{
	echo "'use strict';"
	for name in "${scripts[@]}"; do
		cat "$source/$name.js"
	done
} >"$out/script"
fill "$source/page.html" "$source/style.css" "$out/script" >"$out/page"

# No name or text of ours may end the elements that they stand in.
! grep -qi '</s' "$source/style.css" "$out/script" || {
	echo "embed.sh: \"</s\" in the style or a script would end it" >&2
	exit 1
}
awk -v head="$out/head" -v tail="$out/tail" '
	(at = index($0, "@REPORT@")) {
		printf "%s", substr($0, 1, at - 1) >head
		print substr($0, at + 8) >tail
		second = 1
		next
	}
	{ print >(second ? tail : head) }' "$out/page"
rm "$out/page" "$out/script"
