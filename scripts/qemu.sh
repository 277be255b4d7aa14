# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How the bench's virtual machines are put together. Sourced after common.sh.
#
#	vm_job DIR COMMAND ARGS...	what the machine is to do
#	vm_terminal DIR			before that: it gets this terminal
#	vm_prepare IMAGE DIR		the machine's files, in DIR; sets the
#					array qemu, its command
#	vm_run DIR			run it here; sets vm_status
#
# The kernel's log goes to DIR/console.log. A second line, the job's, is standard
# input and output of qemu. arch is that of kernel_row().

# Emulation only: the same everywhere, and fast enough.
vm_accel=(-accel "tcg,thread=multi" -smp "${VM_CPUS:-2}")

# vm_threads multi|single|nodes: a host thread for each CPU, or one for all; or
# one each, and there are two NUMA nodes with half of the CPUs and of the memory.
vm_threads() {
	local cpus=${VM_CPUS:-2} half=$((vm_memory / 2))M

	vm_accel[1]=tcg,thread=${1/nodes/multi}
	[ "$1" = nodes ] || return 0
	[ $((cpus % 2)) -eq 0 ] || die "VM_CPUS=$cpus: two nodes need an even number"
	# A socket each: siblings on two nodes make the kernel warn.
	vm_accel[3]="$cpus,sockets=2"
	vm_accel+=(-object "memory-backend-ram,id=m0,size=$half"
		-object "memory-backend-ram,id=m1,size=$half"
		-numa "node,nodeid=0,cpus=0-$((cpus / 2 - 1)),memdev=m0"
		-numa "node,nodeid=1,cpus=$((cpus / 2))-$((cpus - 1)),memdev=m1")
}
# One virtual CPU whose clock counts instructions: for measurements.
vm_icount=(-accel tcg -icount "shift=0,sleep=off" -smp 1)
vm_memory=${VM_MEMORY:-1536}
# Debian's package of the emulator.
declare -A vm_package=([amd64]=qemu-system-x86 [arm64]=qemu-system-arm)

# vm_checked: for a kernel that checks itself, which needs memory for what it
# notes of each object and each byte. Without kasan_multi_shot KASAN would tell
# the first error and no other.
vm_checked() {
	vm_memory=${VM_MEMORY:-3072}
	vm_append=kasan_multi_shot
}
vm_append=

# A disk of scripts/tools, if the machine is to have it. It is not written to.
vm_tools=

# vm_terminal DIR: the job gets this terminal: its kind and its size.
vm_terminal() {
	local dir=$1 d term=${TERM:-dumb}

	[ -t 0 ] && [ -t 1 ] || die "this needs a terminal"
	job_mode=terminal job_term=$term
	read -r job_rows job_cols < <(stty size)
	[ "$job_rows" -gt 0 ] || job_rows=24 job_cols=80
	# A terminal that the machine may not know.
	for d in "${HOME:-/}/.terminfo" /etc/terminfo /lib/terminfo \
		 /usr/share/terminfo; do
		[ -e "$d/${term:0:1}/$term" ] || continue
		mkdir -p "$dir/job/usr/share/terminfo/${term:0:1}"
		cp "$d/${term:0:1}/$term" \
			"$dir/job/usr/share/terminfo/${term:0:1}"
		break
	done
}

# vm_job DIR COMMAND ARGS...: what the machine is to do.
vm_job() {
	local dir=$1
	shift

	mkdir -p "$dir/job/pftrace"
	{
		printf 'job_mode=%q\n' "${job_mode:-raw}"
		printf 'job_rows=%q job_cols=%q\n' "${job_rows:-24}" \
			"${job_cols:-80}"
		printf 'job_term=%q\n' "${job_term:-dumb}"
		case $arch in
		amd64)	echo job_tty=/dev/ttyS1 ;;
		arm64)	echo job_tty=/dev/hvc0 ;;
		esac
		printf 'job_command=('
		printf ' %q' "$@"
		printf ' )\n'
	} >"$dir/job/pftrace/job"
}

# vm_machine: begin the array qemu; set vm_console, the kernel's, vm_boot, what it
# is to be told at boot, and vm_line, the second line.
vm_machine() {
	case $arch in
	amd64)
		# cx16 off because the emulated cmpxchg16b crashes kernels from
		# 6.12 on.
		qemu=(qemu-system-x86_64 -cpu "max,cx16=off")
		vm_console=ttyS0
		# The kernel panics where its timer does not tick in time, and with
		# a busy host it does not.
		vm_boot=no_timer_check
		vm_line=(-serial chardev:job) ;;
	arm64)
		# Pointer authentication as the architecture has it takes longer
		# than all else that is emulated.
		qemu=(qemu-system-aarch64 -M "virt,gic-version=3"
			-cpu "${VM_CPU:-max,pauth-impdef=on}")
		vm_console=ttyAMA0
		vm_boot=
		vm_line=(-device virtio-serial-pci
			-device "virtconsole,chardev=job") ;;
	esac
	command -v "${qemu[0]}" >/dev/null ||
		die "${qemu[0]} is not here; scripts/setup ${vm_package[$arch]}" \
			"installs it"
}

# vm_prepare IMAGE DIR: after vm_job; files that the caller puts below
# DIR/job are in the machine, too.
vm_prepare() {
	local image=$1 dir=$2 append

	(cd "$dir/job" && find . -mindepth 1 -print0 |
		cpio -0 -o -H newc -R 0:0 --quiet) >"$dir/job.cpio"
	cat "$image/base.cpio" "$image/overlay.cpio" "$dir/job.cpio" \
		>"$dir/initrd"
	rm -rf "$dir/job" "$dir/job.cpio"
	rm -f "$dir/scratch"
	truncate -s "${VM_SCRATCH:-2G}" "$dir/scratch"
	: >"$dir/console.log"
	vm_machine
	append="console=$vm_console loglevel=7 panic=-1 oops=panic printk.time=1"
	# The kernel replaces instructions of its own while it boots, which the
	# emulator, with more than one thread, cannot follow if another CPU runs.
	# guest-init starts the others.
	append+=" maxcpus=1 init_on_alloc=0 $vm_boot $vm_append ${VM_APPEND:-}"
	qemu+=(-nodefaults -no-user-config -no-reboot
		-display none "${vm_accel[@]}" -m "$vm_memory"
		-kernel "$image/vmlinuz" -initrd "$dir/initrd"
		-append "$append"
		-drive "file=$dir/scratch,format=raw,if=virtio,cache=unsafe"
		-serial "file:$dir/console.log"
		-chardev "stdio,id=job,signal=off" "${vm_line[@]}")
	[ -z "$vm_tools" ] || qemu+=(-drive
		"file=$vm_tools,format=raw,if=virtio,readonly=on")
}

# vm_run DIR: run the machine on standard input and output. Sets vm_status to
# the status of the job, or 125 if there is none because the machine died.
vm_run() {
	local dir=$1 saved=''

	if [ "${job_mode:-raw}" = terminal ]; then
		saved=$(stty -g)
		# qemu makes the terminal raw, so Ctrl-C is the machine's.
		setpriv --pdeathsig KILL "${qemu[@]}" || :
		stty "$saved"
	else
		setpriv --pdeathsig KILL "${qemu[@]}" </dev/null || :
	fi
	vm_status=$(sed -n 's/.*pftrace-bench: status \([0-9]*\).*/\1/p' \
		"$dir/console.log" | tail -n 1)
	if [ -z "$vm_status" ]; then
		tail -n 40 "$dir/console.log" >&2
		say "the machine ended before its job"
		vm_status=125
	fi
}

# vm_tidy DIR: the big files go, the logs stay.
vm_tidy() {
	rm -f "$1/initrd" "$1/scratch"
}
