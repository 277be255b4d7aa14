// SPDX-License-Identifier: GPL-2.0
/* Names of code: the one place where views ask for them. */

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

/* Those of the process that was asked for last are kept for a while. */
static const struct pft_maps *live_maps(struct codenames *names, uint32_t pid)
{
	uint64_t now = pft_now_ns();

	if (pid != names->maps.pid || now >= names->again_ns) {
		pft_maps_free(&names->maps);
		names->known = pft_maps_read(&names->maps, pid);
		names->maps.pid = pid;
		names->again_ns = now + AGAIN_NS;
	}
	return names->known ? &names->maps : NULL;
}

static const struct pft_maps *maps_of(struct codenames *names, uint32_t pid)
{
	if (names->get_maps)
		return names->get_maps(names->arg, pid);
	return names->live ? live_maps(names, pid) : NULL;
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
