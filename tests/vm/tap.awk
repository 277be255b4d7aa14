# SPDX-License-Identifier: GPL-2.0
#
# Judge TAP. Prints "PASSED FAILED SKIPPED" and then one line per problem.
# Every problem that is not a failed test of its own counts as one failure.
#
#	awk -f tap.awk			what guest-cases says of one case
#	awk -v plain=1 -f tap.awk	TAP alone, any number of plans one
#					after the other, each before its tests

function problem(text)
{
	failed++
	problems[++nr_problems] = text
}

# Then that says it all: what is missing is no problem of its own.
function cut_short()
{
	return !plain && (!ended || timeout || status > 128)
}

# The end of what one plan covers.
function finish(	i)
{
	if (bailed)
		return
	if (!planned) {
		if (seen || !plain && !cut_short())
			problem("no plan (1..N)")
	} else if (plan == 0) {
		if (seen)
			problem("the plan says to skip all, but tests were run")
		else if (reason == "")
			problem("the whole case was skipped without a reason")
		else
			skipped++
	} else if (seen != plan && !cut_short()) {
		problem("the plan says " plan " tests, " seen " were run")
	}
}

function start()
{
	planned = seen = plan = late = 0
	reason = ""
}

BEGIN {
	passed = failed = skipped = 0
	start()
}

{
	sub(/\r$/, "")
	line = $0
}

!plain && /^@@begin / {
	limit = $3
	next
}

!plain && /^@@left / {
	sub(/^@@left /, "")
	left[++nr_left] = "left behind: " $0
	next
}

!plain && /^@@timeout$/ {
	timeout = 1
	next
}

!plain && /^@@end / {
	ended = 1
	status = $3
	next
}

/^Bail out!/ {
	sub(/^Bail out![ \t]*/, "")
	problem("bailed out: " ($0 == "" ? "no reason given" : $0))
	bailed = 1
	next
}

/^1\.\.[0-9]+/ {
	if (planned) {
		if (plain) {
			finish()
			start()
		} else {
			problem("a second plan: " line)
			next
		}
	}
	late = seen > 0
	if (late && plain)
		problem("a plan after its tests")
	planned = 1
	plan = substr($1, 4) + 0
	if (match(line, /# *[Ss][Kk][Ii][Pp][^ \t]*[ \t]*/))
		reason = substr(line, RSTART + RLENGTH)
	next
}

# The first remarks behind a test that failed say why.
/^#/ {
	if (remarks > 0) {
		remarks--
		problems[++nr_problems] = "    " $0
	}
	next
}

/^(not )?ok([ \t]|$)/ {
	bad = $1 == "not"
	remarks = 0
	number = bad ? $3 : $2
	seen++
	if (planned && late)
		problem("a test after the plan at the end: " line)
	if (number !~ /^[0-9]+$/)
		problem("a test without a number: " line)
	else if (number + 0 != seen)
		problem("test " number + 0 " where " seen " should be")
	if (match(line, /# *[Ss][Kk][Ii][Pp][^ \t]*[ \t]*/)) {
		if (substr(line, RSTART + RLENGTH) == "")
			problem("skipped without a reason: " line)
		else
			skipped++
	} else if (bad) {
		problem(line)
		remarks = 4
	} else {
		passed++
	}
	next
}

END {
	finish()
	if (!plain) {
		if (!ended)
			problem("the machine died or hung during this case")
		else if (timeout)
			problem("killed after " limit " s")
		else if (status > 128)
			problem("died of signal " status - 128)
		else if (status != 0 && !failed)
			problem("exit status " status " although no test failed")
		for (i = 1; i <= nr_left; i++) {
			problem(left[i])
			# that it could not tidy up is told already
			if (cut_short())
				failed--
		}
	}
	print passed, failed, skipped
	for (i = 1; i <= nr_problems; i++)
		print problems[i]
}
