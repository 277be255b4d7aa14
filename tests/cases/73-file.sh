#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which file a fault was on: told when the process has exited, by the name that
# the file had when it faulted.
# timeout: 300
#
# Probes are set and taken off under load at the end: Documentation/testing.md.
# emulator: single

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

modprobe -a loop overlay 2>/dev/null

# records PID: of `trace`: ADDRESS VMA-START PGOFF CLASS DEV:INO FILE
records() {
	columns PID ADDRESS VMA PGOFF CLASS DEV:INO FILE | awk -v pid="$1" '
		$1 == pid { split($3, vma, "-"); print $2, vma[1], $4, $5, $6, $7 }'
}

# escaped PATH: as `trace` shows it.
escaped() {
	local s=$1
	s=${s//\\/\\134} s=${s// /\\040} s=${s//$'\n'/\\012} s=${s//$'\t'/\\011} s=${s//|/\\174}
	printf %s "$s"
}

# told NAME VERBS... -- NAME_OF_FILE...: run mapper; when it is gone, each page
# that it touched must be told with that name and the identity and offset that
# /proc/self/maps had.
told() {
	local name=$1 verbs=() pid got='' wanted='' address pgoff ident out=mapper.out
	shift
	while [ "$1" != -- ]; do
		verbs+=("$1")
		shift
	done
	shift
	mapper "${verbs[@]}" >$out 2>mapper.err || {
		not_ok "$name" "$(<mapper.err)"
		return
	}
	{
		read -r pid
		while read -r address pgoff ident; do
			wanted+="$address $pgoff $ident $(escaped "$1")"$'\n'
			[ $# -eq 1 ] || shift
		done
	} <$out
	got=$(records "$pid" | awk '
		NR == FNR { wanted[$1]; next }
		$1 in wanted { print $1, $3, $5, $6 }' <(tail -n +2 $out) -)
	is "$got" "${wanted%$'\n'}" "$name"
}

# file_system NAME MKFS...: mount one there from a file.
file_system() {
	local loop
	truncate -s 64M "$1.img"
	loop=$(losetup -f --show "$1.img") || bail losetup
	at_exit losetup -d "$loop"
	mke2fs -q -t ext4 "$loop" || bail mke2fs
	mkdir "$1"
	mount "$loop" "$1" || bail mount
	at_exit eval "! mountpoint -q $1 || umount $1"
}

plan 61

# Nothing of this is to use the directories of the other cases.
file_system ext4
mkdir tmpfs lower upper work overlay bound
mount -t tmpfs tmpfs tmpfs
at_exit umount tmpfs
# Layers of an overlay cannot be on one.
mkdir tmpfs/{lower,upper,work}
truncate -s 64K tmpfs/lower/old
here=$PWD

load buffer_kb=4096
# What is read again and again is short then.
echo mapper >$d/filter/comm

for fs in ext4 tmpfs; do
	p=$here/$fs
	told "$fs: a file" open "$p/a" map 0 4 touch 0 touch 3 -- "$p/a"
	told "$fs: not from its beginning" open "$p/a" map 5 4 touch 2 -- "$p/a"
	told "$fs: renamed between two faults" \
		open "$p/a" map 0 4 touch 0 settle rename "$p/a" "$p/b" touch 1 -- "$p/a" "$p/b"
	told "$fs: renamed over another" open "$p/c" open "$p/b" map 0 4 touch 0 \
		settle rename "$p/b" "$p/c" touch 1 -- "$p/b" "$p/c"
	told "$fs: unlinked between two faults" open "$p/d" map 0 4 touch 0 unlink "$p/d" touch 1 -- \
		"$p/d" "$p/d (deleted)"
	mkdir -p "$p/dir/sub"
	told "$fs: a directory above it renamed" open "$p/dir/sub/a" map 0 4 touch 0 \
		settle rename "$p/dir" "$p/other" touch 1 -- "$p/dir/sub/a" "$p/other/sub/a"
	: >"$p/one"
	ln "$p/one" "$p/two"
	told "$fs: two names of one inode" open "$p/one" map 0 2 touch 0 open "$p/two" map 0 2 touch 1 \
		-- "$p/one" "$p/two"
	name=$p/$'blank tab\tline\nback\\slash |pipe (deleted)'
	told "$fs: a name with blanks and worse" open "$name" map 0 1 touch 0 -- "$name"
	told "$fs: in the place of one deleted" \
		open "$p/x1" map 0 1 touch 0 unlink "$p/x1" open "$p/x2" map 0 1 touch 0 -- "$p/x1" "$p/x2"
	mount --bind "$fs" bound
	told "$fs: through a bind mount" open "$p/c" map 0 1 touch 0 open "$here/bound/c" map 0 1 touch 0 \
		-- "$p/c" "$here/bound/c"
	wait_for umount bound
done

# An inode number that is used again, for another name.
number_of() {
	stat -c %i "$1"
}
reused=
for i in 1 2 3 4 5 6 7 8; do
	mapper open "$here/ext4/first$i" map 0 1 touch 0 >first.out
	was=$(number_of "ext4/first$i")
	rm "ext4/first$i"
	: >"ext4/second$i"
	[ "$(number_of "ext4/second$i")" = "$was" ] || continue
	reused=$i
	break
done
if [ "$reused" ]; then
	told "an inode number used again" open "$here/ext4/second$reused" map 0 1 touch 0 -- \
		"$here/ext4/second$reused"
	is "$(records "$(head -n 1 first.out)" | awk -v ino=":$was" 'index($5, ino) { print $6 }' | sort -u)" \
		"$here/ext4/first$reused" "and the first one has its own name"
else
	skip "ext4 gave none back" "an inode number used again" 2
fi

if mount -t overlay -o lowerdir=tmpfs/lower,upperdir=tmpfs/upper,workdir=tmpfs/work overlay overlay; then
	at_exit umount overlay
	p=$here/overlay
	told "overlayfs: a new file" open "$p/new" map 0 2 touch 0 -- "$p/new"
	told "overlayfs: a file of the lower layer, copied up" open "$p/old" map 1 2 touch 0 -- "$p/old"
	told "overlayfs: unlinked" open "$p/new" map 0 2 touch 0 unlink "$p/new" touch 1 -- \
		"$p/new" "$p/new (deleted)"
else
	skip "no overlayfs" "overlayfs" 3
fi

told "memfd" memfd 'my fd' map 0 2 touch 0 touch 1 -- '/memfd:my fd (deleted)'
told "shared anonymous memory" shared 2 touch 1 -- '/dev/zero (deleted)'
told "memory of System V" sysv 2 touch 1 -- '/SYSV00000000 (deleted)'
before=$(</proc/sys/vm/nr_hugepages)
at_exit eval "echo $before >/proc/sys/vm/nr_hugepages"
echo $((before + 2)) >/proc/sys/vm/nr_hugepages
if [ "$(</proc/sys/vm/nr_hugepages)" -gt "$before" ]; then
	told "huge pages" huge 2 touch 0 touch 512 -- '/anon_hugepage (deleted)'
else
	skip "no huge pages are left" "huge pages"
fi
status=0
mapper named mine 2 >/dev/null 2>&1 || status=$?
if [ $status -eq 77 ]; then
	skip "kernel without CONFIG_ANON_VMA_NAME" "named anonymous memory" 2
else
	told "named anonymous memory" named mine 2 touch 0 named yours 2 touch 0 named mine 2 touch 1 -- \
		'[anon:mine]' '[anon:yours]' '[anon:mine]'
	status=0
	mapper shared 1 call mine >/dev/null 2>&1 || status=$?
	if [ $status -eq 77 ]; then
		skip "shared memory cannot be named before 6.2" "named shared memory"
	else
		told "named shared memory" shared 2 touch 0 call mine touch 1 -- \
			'/dev/zero (deleted)' '[anon_shmem:mine]'
	fi
fi

# A program that is no more, nor its file.
mkdir ext4/bin
cp "$(type -P mapper)" ext4/bin
ext4/bin/mapper open "$here/tmpfs/a" map 0 1 touch 0 >program.out
rm ext4/bin/mapper
is "$(records "$(head -n 1 program.out)" | awk 'index($6, "/ext4/") { print $6 }' | sort -u)" \
	"$here/ext4/bin/mapper" "a program that is gone"

# What is no file has the name of its area.
areas=$(records "$(head -n 1 mapper.out)" | awk '$6 ~ /^\[/ { print $6 }' | sort -u | xargs)
for area in '[heap]' '[stack]' '[anon]' '[vdso]'; do
	ok "$area" grep -qF "$area" <<<"$areas" || diag "$areas"
done

# A refused fault, which is the first that is seen of the files.
told "refused by a mapping of a file" open "$here/tmpfs/denied" map 0 1 deny touch 0 -- \
	"$here/tmpfs/denied"
mapper gap "$here/tmpfs/be low" "$here/tmpfs/ab|ove" >mapper.out
is "$(records "$(head -n 1 mapper.out)" | awk '$4 == "invalid" { print $6 }')" \
	"$here/tmpfs/be\\040low|$here/tmpfs/ab\\174ove" "between two files"

# Each file is listed once, with the identity that stat(1) tells.
told "a file met by many" open "$here/ext4/many" map 0 1 touch 0 -- "$here/ext4/many"
for i in 1 2 3 4 5 6 7 8; do
	mapper open "$here/ext4/many" map 0 1 touch 0 >/dev/null &
done
wait
is "$(awk -v path="$here/ext4/many" '$NF == path { print $2, $3 }' $d/files)" \
	"$(mountpoint -d ext4 | sed 's/^\([0-9]*\):\([0-9]*\)$/printf "%02x:%02x" \1 \2/' | sh) $(stat -c %i ext4/many)" \
	"is in the list, once"
is "$(awk 'FNR > 1' $d/files | grep -c .)" "$(total files)" "the list is as long as totals say"
is "$(total files_dropped)" 0 "nothing was dropped"

# A path of several thousand bytes: whole in files, its end in trace.
long=$here/tmpfs
for i in 1 2 3 4 5 6 7 8 9 10; do
	long+=/$(printf '%0200d' "$i")
done
mkdir -p "$long"
mapper open "$long/end" map 0 1 touch 0 >mapper.out
ok "files: a path of $((${#long} + 4)) bytes" grep -qF " $long/end" $d/files
file=$(records "$(head -n 1 mapper.out)" | awk 'index($6, "/end") { print $6 }')
ok "trace: its end" [ "${file:0:3} ${long: -100}/end ${#file}" = "... ${file: -104} 255" ] ||
	diag "$file"

# Short references: a file system can go as soon as its users have.
told "before it is unmounted" open "$here/ext4/last" map 0 1 touch 0 -- "$here/ext4/last"
ok "it can be unmounted" wait_for umount ext4

# all_told OUT: the lines of `mapper many` that `trace` has; those that it does
# not have must be without any name.
all_told() {
	records "$(head -n 1 "$1")" | awk '
		NR == FNR { if (NF == 4) wanted[$1] = $4; next }
		!($1 in wanted) || $4 == "invalid" || $5 == "-" { next }
		$6 == wanted[$1] { right++; next }
		$6 == "[shmem]" { none++; next }
		{ wrong++; print "# wrong:", $1, $6, "not", wanted[$1] }
		END { print right + 0, none + 0, wrong + 0 }' "$1" -
}

# Many, as quick as can be, each in the memory of the one before.
echo 1 >$d/clear
is "$(total files_forgotten)" 0 "clear: none is forgotten"
mapper many "$here/tmpfs" 300 >many.out
read -r right none wrong < <(all_told many.out)
is "$((right + none)) $wrong" "300 0" "300 files: no wrong name"
number "those without have been counted" "$(total files_dropped)" -eq "$none"
number "most have one" "$right" -gt 200
unload

# More files than are to be kept.
for bad in 15 65537 x; do
	fails "max_files=$bad: does not load" insmod /pftrace/pftrace.ko max_files=$bad
done
load buffer_kb=4096 max_files=16
mapper many "$here/tmpfs" 300 >many.out
# Whoever reads meets files of his own.
echo 0 >$d/enable
is "$(total files)" 16 "max_files=16: so many are kept"
read -r right none wrong < <(all_told many.out)
is "$((right + none)) $wrong" "300 0" "no wrong name"
number "the last ones have theirs" "$right" -ge 1
number "some have been forgotten, and counted" "$(total files_forgotten)" -gt 0
is "$(awk 'END { print NR - 1 }' $d/files)" 16 "files lists what is kept"
echo 1 >$d/enable
mapper open "$here/tmpfs/next" map 0 1 touch 0 >mapper.out
echo 0 >$d/enable
ok "the next one is kept" grep -q " $here/tmpfs/next$" $d/files

# One CPU, and it is not given back until all are met: the worker comes late.
unload
load buffer_kb=4096
cpu1=/sys/devices/system/cpu/cpu1/online
if [ -e $cpu1 ] && echo 0 >$cpu1; then
	at_exit eval "echo 1 >$cpu1"
	chrt -f 50 mapper many "$here/tmpfs" 200 >many.out
	echo 1 >$cpu1
	read -r right none wrong < <(all_told many.out)
	is "$((right + none)) $wrong" "200 0" "a full queue: no wrong name"
	number "names are missing" "$none" -gt 0
	number "and counted" "$(total files_dropped)" -ge "$none"
	told "afterwards all is well" open "$here/tmpfs/after" map 0 1 touch 0 -- "$here/tmpfs/after"
else
	skip "the CPU cannot be taken away" "a full queue" 4
fi
unload

# Unloaded with names under way: no file stays in use. The pause is for the rounds,
# which share one host CPU with it.
mkdir busy
mount -t tmpfs busy busy
at_exit eval "! mountpoint -q busy || umount busy"
meeting() {
	while [ ! -e stop ]; do
		nice -n 19 mapper many "$here/busy" 100 >/dev/null
		sleep 0.3
	done
}
meeting &
meeting &
at_exit touch stop
is "$(reload 30 /pftrace/pftrace.ko pftrace "buffer_kb=64 max_threads=2048 max_files=16" 2>reload.err)" 30 \
	"30 rounds of loading and unloading meanwhile" || diag "$(<reload.err)"
touch stop
wait
ok "the file system can be unmounted" wait_for umount busy
