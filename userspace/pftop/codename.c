// SPDX-License-Identifier: GPL-2.0
/* Names of code: the one place where views ask for them. */

#include <stdlib.h>
#include <string.h>

#include "codename.h"

/* So long the mappings of a process are taken for what they were. */
#define AGAIN_NS	1000000000ULL

/**
 * codenames_init - nothing known yet
 * @names: to be filled
 * @live: process ids are those of this machine
 */
void codenames_init(struct codenames *names, bool live)
{
	memset(names, 0, sizeof(*names));
	names->live = live;
}

/**
 * codenames_fini - give its memory back
 * @names: from codenames_init()
 */
void codenames_fini(struct codenames *names)
{
	pft_symbols_close(names->symbols);
	pft_maps_free(&names->maps);
	memset(names, 0, sizeof(*names));
}

/**
 * codenames_recorded - look at a recording
 * @names: from codenames_init()
 * @root: the recording; must stay open
 */
void codenames_recorded(struct codenames *names, const struct pft_root *root)
{
	size_t size;
	void *vdso;

	names->live = false;
	names->root = root;
	names->symbols = pft_symbols_open();
	vdso = pft_vdso_recorded(root, &size);
	if (vdso && names->symbols)
		(void)pft_symbols_vdso(names->symbols, vdso, size);
	free(vdso);
}

/* Those of the process that was asked for last are kept for a while. */
static const struct pft_maps *last_maps(struct codenames *names, uint32_t pid)
{
	uint64_t now = names->root ? pft_root_now_ns(names->root) : pft_now_ns();

	/* All of a recording is looked at at UINT64_MAX: never again. */
	if (pid != names->maps.pid || (now >= names->again_ns && now != UINT64_MAX)) {
		pft_maps_free(&names->maps);
		names->known = names->root ? pft_maps_recorded(&names->maps, names->root, pid) :
					     pft_maps_read(&names->maps, pid);
		names->maps.pid = pid;
		names->again_ns = now + AGAIN_NS;
	}
	return names->known ? &names->maps : NULL;
}

static const struct pft_maps *maps_of(struct codenames *names, uint32_t pid)
{
	if (names->get_maps)
		return names->get_maps(names->arg, pid);
	return names->live || names->root ? last_maps(names, pid) : NULL;
}

/**
 * codename_find - what is at this address?
 * @names: from codenames_init()
 * @pid: process
 * @ip: address
 * @name: where to put it; what it points to is valid until the next call
 *
 * Return: false where nothing is known; then @name is all zero.
 */
bool codename_find(struct codenames *names, uint32_t pid, uint64_t ip, struct codename *name)
{
	const struct pft_maps *maps = maps_of(names, pid);
	struct pft_symbol symbol;

	memset(name, 0, sizeof(*name));
	if (maps && !names->symbols)
		names->symbols = pft_symbols_open();
	if (!maps || !names->symbols || !pft_symbols_find(names->symbols, maps, ip, &symbol))
		return false;
	*name = (struct codename){
		.symbol = symbol.name, .offset = symbol.offset,
		.source = symbol.source, .line = symbol.line,
		.file = symbol.file, .file_offset = symbol.file_offset,
	};
	return true;
}
