# SPDX-License-Identifier: GPL-2.0
#
# awk -v rows=24 -v cols=80 -f screen.awk FILE: what an xterm of this size shows
# after all that FILE sent to it. Knows what terminfo's xterm entry can say;
# anything else it names on standard error, and then its status is 1.

function blank(n)
{
	return n > 0 ? substr(spaces, 1, n) : ""
}

function scroll(from, to, n,	i)
{
	# n > 0: up, n < 0: down
	for (; n > 0; n--) {
		for (i = from; i < to; i++)
			line[i] = line[i + 1]
		line[to] = blank(cols)
	}
	for (; n < 0; n++) {
		for (i = to; i > from; i--)
			line[i] = line[i - 1]
		line[from] = blank(cols)
	}
}

function linefeed()
{
	if (y == bottom)
		scroll(top, bottom, 1)
	else if (y < rows)
		y++
}

function put(s,	part)
{
	while (s != "") {
		if (x > cols) {
			x = 1
			linefeed()
		}
		part = substr(s, 1, cols - x + 1)
		s = substr(s, length(part) + 1)
		line[y] = substr(line[y], 1, x - 1) part substr(line[y], x + length(part))
		x += length(part)
		last = substr(part, length(part))
	}
}

function erase(row, from, to)
{
	line[row] = substr(line[row], 1, from - 1) blank(to - from + 1) substr(line[row], to + 1)
}

function erase_display(what,	i)
{
	for (i = 1; i <= rows; i++)
		if (what == 2 || (what == 1 && i < y) || (!what && i > y))
			line[i] = blank(cols)
	if (what != 2)
		erase(y, what ? 1 : x, what ? x : cols)
}

function delete_characters(n)
{
	n = min(n, cols - x + 1)
	line[y] = substr(line[y], 1, x - 1) substr(line[y], x + n) blank(n)
}

function insert_blanks(n)
{
	line[y] = substr(substr(line[y], 1, x - 1) blank(n) substr(line[y], x), 1, cols)
}

function min(a, b) { return a < b ? a : b }
function max(a, b) { return a > b ? a : b }

function control(args, final,	p, n, m)
{
	if (args ~ /^[?>=]/ || final ~ /[mlht]/)
		return		# colours, modes, titles: nothing that is shown
	split(args, p, ";")
	n = p[1] + 0
	m = max(n, 1)
	if (final == "H") {
		y = min(m, rows)
		x = min(max(p[2] + 0, 1), cols)
	}
	else if (final == "d") y = min(m, rows)
	else if (final == "G") x = min(m, cols)
	else if (final == "A") y = max(y - m, 1)
	else if (final == "B") y = min(y + m, rows)
	else if (final == "C") x = min(x + m, cols)
	else if (final == "D") x = max(x - m, 1)
	else if (final == "J") erase_display(n)
	else if (final == "K") erase(y, n ? 1 : x, n == 1 ? x : cols)
	else if (final == "X") erase(y, x, min(x + m - 1, cols))
	else if (final == "b") for (; m > 0; m--) put(last)
	else if (final == "P") delete_characters(m)
	else if (final == "@") insert_blanks(m)
	else if (final == "L") scroll(y, bottom, -m)
	else if (final == "M") scroll(y, bottom, m)
	else if (final == "S") scroll(top, bottom, m)
	else if (final == "T") scroll(top, bottom, -m)
	else if (final == "r") {
		top = m
		bottom = p[2] ? p[2] + 0 : rows
		x = y = 1
	}
	else unknown = unknown " CSI" args final
}

# One escape sequence at the beginning of s; its length, 0 if it is not whole.
function escape(s,	n)
{
	if (match(s, /^\033\[[0-9;?>=]*[@-~]/)) {
		n = RLENGTH
		control(substr(s, 3, n - 3), substr(s, n, 1))
		return n
	}
	if (match(s, /^\033\[[0-9;?>=]*$/) || length(s) < 2)
		return 0
	if (s ~ /^\033[()]/)
		return length(s) < 3 ? 0 : 3
	if (s ~ /^\033M/) {
		if (y == top)
			scroll(top, bottom, -1)
		else
			y = max(y - 1, 1)
		return 2
	}
	if (s ~ /^\033[=>78]/)
		return 2
	unknown = unknown " ESC" substr(s, 2, 1)
	return 2
}

BEGIN {
	spaces = sprintf("%" cols "s", "")
	for (i = 1; i <= rows; i++)
		line[i] = spaces
	x = y = top = 1
	bottom = rows
}

{ text = text (NR > 1 ? "\n" : "") $0 }

END {
	while (text != "") {
		if (match(text, /^[^\001-\037]+/)) {
			put(substr(text, 1, RLENGTH))
			n = RLENGTH
		} else {
			c = substr(text, 1, 1)
			n = 1
			if (c == "\033") {
				n = escape(text)
				if (!n)
					break
			}
			else if (c == "\r") x = 1
			else if (c == "\n") linefeed()
			else if (c == "\b") x = max(x - 1, 1)
			else if (c == "\t") x = min(int((x + 7) / 8) * 8 + 1, cols)
			else unknown = unknown " control character"
		}
		text = substr(text, n + 1)
	}
	for (i = 1; i <= rows; i++) {
		sub(/ +$/, "", line[i])
		print line[i]
	}
	if (unknown != "") {
		print "unknown:" unknown >"/dev/stderr"
		exit 1
	}
}
