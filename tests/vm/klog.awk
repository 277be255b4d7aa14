# SPDX-License-Identifier: GPL-2.0
#
# Find what must not be in a kernel log. Prints the line that tells and what
# follows it (a trace, mostly); nothing if all is well.
#
# A program's own crash is none of it: cases crash programs on purpose.

function bad(line)
{
	# "traps: a.out[73] general protection fault ip:..."
	if (line ~ /(^|[^a-z])traps: /)
		return 0
	# What the kernel says at boot of CPUs that qemu makes up.
	if (line ~ /(RETBleed|Spectre|MDS|TAA|MMIO|SRBDS|GDS|ITS|VMSCAPE).*WARNING|WARNING.*(RETBleed|Spectre|spectre)/)
		return 0
	return line ~ /\[ cut here \]/ ||
	       line ~ /WARNING:/ ||
	       line ~ /(^|[^A-Za-z_])BUG([: ]|$)/ ||
	       line ~ /Oops/ ||
	       line ~ /Kernel panic/ ||
	       line ~ /general protection/ ||
	       line ~ /double fault/ ||
	       line ~ /unable to handle/ ||
	       line ~ /(possible|inconsistent) .*lock(ing|s)?( |$)/ ||
	       line ~ /INFO: (task|rcu|possible|trying|suspicious|inconsistent|HARDIRQ|SOFTIRQ)/ ||
	       line ~ /(blocked for more than|blocked on an? )/ ||
	       line ~ /detected (expedited )?stall/ ||
	       line ~ /rcu.*stall/ ||
	       line ~ /(soft|hard) (lockup|LOCKUP)/ ||
	       line ~ /scheduling while atomic/ ||
	       line ~ /sleeping function called/ ||
	       line ~ /kmemleak: / && line !~ /([Aa]utomatic memory scanning|detector initialized|Cannot allocate a scan area)/ ||
	       line ~ /unreferenced object/ ||
	       line ~ /ODEBUG: / ||
	       line ~ /lockdep is turned off/ ||
	       line ~ /suspicious RCU usage/ ||
	       line ~ /[Ii]nvalid wait context/ ||
	       line ~ /using [a-z_]*smp_processor_id\(\)/ ||
	       line ~ /(KASAN|KCSAN|KMSAN|KFENCE|UBSAN): / ||
	       line ~ /refcount_t: / ||
	       line ~ /list_(add|del) corruption/ ||
	       line ~ /(Bad page|Bad rss-counter|bad page state)/ ||
	       line ~ /page allocation failure/ ||
	       line ~ /(Objects remaining|Slab cache still has objects|leaked )/ ||
	       line ~ /(cannot create duplicate filename|already present!)/ ||
	       line ~ /Unknown symbol|disagrees about version/ ||
	       line ~ /stack segment|stack-protector|stack guard page/ ||
	       line ~ /trace.*recursion|recursive fault/
}

{
	sub(/\r$/, "")
}

# A data race that KCSAN has found, up to a line of "=". The kernel has many of its
# own: what counts is one whose title, or one of the two innermost functions of
# either side, is of the module. Not the trampoline below which each fault is.
/BUG: KCSAN: / {
	race = $0
	ours = /\[pftrace\]/
	frames = 2
	next
}

race != "" && /==========/ {
	if (ours)
		print (seen++ ? "--\n" : "") race
	race = ""
	next
}

race != "" && /pftrace-bench: / {
	# its end got lost
	if (ours)
		print (seen++ ? "--\n" : "") race
	race = ""
}

race != "" {
	race = race "\n" $0
	if (/(read|write|read-write|assert no (accesses|writes))( \([a-z ,]*\))? to 0x/)
		frames = 0
	else if (++frames <= 2 && /\[pftrace\]/ && !/ pft_direct_call\+/)
		ours = 1
	next
}

END {
	if (race != "" && ours)
		print race
}

# A new bench marker ends what belongs to a finding.
/pftrace-bench: / {
	rest = 0
	next
}

bad($0) {
	if (rest == 0 && seen++)
		print "--"
	rest = 40
}

# Registers, code bytes and frames that the unwinder is not sure of.
function noise(line)
{
	return line ~ /\] (RSP|RAX|RDX|RBP|R10|R13|FS|CS|CR2|DR0|DR3|PKRU|Code): ?/ ||
	       line ~ /(Hardware name:|Modules linked in:|\]  \? )/
}

rest > 0 {
	rest--
	if (!noise($0))
		print
}
