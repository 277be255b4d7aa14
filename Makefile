# SPDX-License-Identifier: GPL-2.0
#
# pftrace: the module, its reader and their tests. "make help" says what
# there is. The module's own makefile is Kbuild.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/pftrace
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
MODDIR ?= /lib/modules/$(KVER)/updates
DESTDIR ?=

# What the manuals refer to.
DOCS := $(addprefix Documentation/,debugfs.md report.md report.schema.json pftop.schema.json)

# Where pftop and its completions were built.
BUILT ?= userspace

INSTALL ?= install
DEPMOD ?= depmod

# The bench takes these from the command line or the environment.
export KERNELS CASES JOBS CASE_LIMIT TIME_SCALE HOOK FUZZ_RUNS

KBUILD_PRODUCTS := \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
	-o -name '.*.cmd' -o -name 'Module.symvers' -o -name 'modules.order' \)

all: module userspace

module: $(KDIR)/Makefile
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

$(KDIR)/Makefile:
	@echo "The headers of kernel $(KVER) are not installed:" >&2
	@echo "    sudo apt-get install linux-headers-$(KVER)" >&2
	@echo "or name another kernel's: make KDIR=/lib/modules/VERSION/build" >&2
	@exit 1

userspace:
	$(MAKE) -C userspace all completion

install: install-module install-userspace

install-module:
	@test -e pftrace.ko || { echo "pftrace.ko is not built: make" >&2; exit 1; }
	$(INSTALL) -d $(DESTDIR)$(MODDIR)
	$(INSTALL) -m 0644 pftrace.ko $(DESTDIR)$(MODDIR)
	$(if $(DESTDIR),,$(DEPMOD) -a $(KVER))

install-userspace:
	@test -x $(BUILT)/pftop/pftop || { echo "pftop is not built: make" >&2; exit 1; }
	$(INSTALL) -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(MANDIR)/man4 $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -d $(DESTDIR)$(DOCDIR) $(DESTDIR)$(BASHDIR) $(DESTDIR)$(ZSHDIR)
	$(INSTALL) -m 0755 $(BUILT)/pftop/pftop $(DESTDIR)$(SBINDIR)
	$(INSTALL) -m 0644 Documentation/pftrace.4 $(DESTDIR)$(MANDIR)/man4
	$(INSTALL) -m 0644 Documentation/pftop.8 $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -m 0644 $(DOCS) $(DESTDIR)$(DOCDIR)
	$(INSTALL) -m 0644 $(BUILT)/completion/pftop $(DESTDIR)$(BASHDIR)
	$(INSTALL) -m 0644 $(BUILT)/completion/_pftop $(DESTDIR)$(ZSHDIR)

uninstall:
	rm -f $(DESTDIR)$(MODDIR)/pftrace.ko $(DESTDIR)$(SBINDIR)/pftop
	rm -f $(DESTDIR)$(MANDIR)/man8/pftop.8 $(DESTDIR)$(MANDIR)/man4/pftrace.4
	rm -f $(DESTDIR)$(BASHDIR)/pftop $(DESTDIR)$(ZSHDIR)/_pftop
	rm -f $(addprefix $(DESTDIR)$(DOCDIR)/,$(notdir $(DOCS)))
	rmdir $(DESTDIR)$(DOCDIR) 2>/dev/null || :
	$(if $(DESTDIR),,$(DEPMOD) -a $(KVER))

# Not with kbuild: its headers may have gone since.
clean:
	find . -maxdepth 1 -type f $(KBUILD_PRODUCTS) -delete
	find module tests/modules -type f $(KBUILD_PRODUCTS) -delete
	$(MAKE) -C userspace clean
	$(MAKE) -C tests/unit clean
	$(MAKE) -C tests/fuzz clean
	rm -rf tests/html/build

setup:
	@scripts/setup

unit:
	$(MAKE) -C tests/unit check

valgrind:
	$(MAKE) -C tests/unit valgrind

fuzz:
	$(MAKE) -C tests/fuzz check

model:
	@tests/model/run

selftest:
	@tests/vm/selftest

page:
	@tests/html/run

check:
	@scripts/check

check-kernels:
	@scripts/check-kernels

check-debug:
	@scripts/check-debug

stress:
	@scripts/stress $(STRESS)

selftests-mm:
	@scripts/selftests

lint:
	@scripts/lint

demo:
	@scripts/demo

cost:
	@scripts/cost

help:
	@echo "all        module and userspace (the default)"
	@echo "module     pftrace.ko for KDIR=$(KDIR)"
	@echo "userspace  pftop and faultgen"
	@echo "install    module to $(MODDIR), pftop to $(SBINDIR),"
	@echo "           manuals, documents and completions below $(PREFIX)/share"
	@echo "uninstall  remove them"
	@echo "clean      remove what was built"
	@echo
	@echo "demo       boot a virtual machine and watch it fault (KERNEL=6.1)"
	@echo "check      every test: unit tests, then the cases in virtual machines"
	@echo "           (KERNELS=\"6.1 7.2\", CASES=\"exact* ring*\", JOBS=3)"
	@echo "check-kernels the cases on every kernel, those for arm64 too"
	@echo "check-debug the cases on a kernel with KASAN, lockdep, RCU checks and more"
	@echo "stress     all that is bad for a tracer of faults, at once (STRESS_ROUNDS=3)"
	@echo "selftests-mm the kernel's own tests of memory management, with and without pftrace"
	@echo "unit       only the unit tests"
	@echo "valgrind   the unit tests under valgrind"
	@echo "fuzz       only broken recordings, by libFuzzer (FUZZ_RUNS=5000)"
	@echo "model      only the model of the ring, on weakly ordered memory"
	@echo "selftest   only the tests of the test bench"
	@echo "page       only the tests of a report's page, in a headless Chromium"
	@echo "lint       checkpatch, kernel-doc, sparse, W=1, arm64, clang-tidy, cppcheck,"
	@echo "           codespell, shellcheck"
	@echo "cost       what tracing adds to a page fault, in instructions"
	@echo "setup      install what demo and check need on this machine"
	@echo
	@echo "Documentation/testing.md tells more."

.PHONY: all module userspace install install-module install-userspace uninstall
.PHONY: clean setup unit valgrind fuzz model selftest check check-kernels check-debug stress selftests-mm lint demo
.PHONY: cost help page
