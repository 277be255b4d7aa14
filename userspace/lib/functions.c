// SPDX-License-Identifier: GPL-2.0
/*
 * The functions of an ELF file, by address.
 *
 * An address has the name of a function only inside of what the symbol says is
 * its size. The nearest symbol before would often be right, and wrong wherever
 * the symbols of some functions were stripped. libdwfl finds the symbol tables
 * (.symtab, .dynsym, .gnu_debugdata); it looks for an address from the first
 * symbol to the last, so that they are sorted here.
 */

#include <stdlib.h>
#include <string.h>

#include "functions.h"

/* Global before weak before local; then the one with fewer underscores. */
static unsigned int rank(const char *name, unsigned int bind)
{
	unsigned int score = 0;

	if (bind == STB_LOCAL)
		score = 200;
	else if (bind != STB_GLOBAL)
		score = 100;
	return score + (unsigned int)strspn(name, "_");
}

static bool is_code(const GElf_Sym *sym, GElf_Word shndx)
{
	switch (GELF_ST_TYPE(sym->st_info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
	case STT_NOTYPE:
		return sym->st_size && shndx != SHN_UNDEF && shndx != SHN_ABS;
	default:
		return false;
	}
}

static int compare(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return strcmp(y->name, x->name);
}

/**
 * functions_read - read the functions of a file
 * @all: to be filled; empty where there are none, or no memory
 * @module: the file; it keeps the names
 */
void functions_read(struct functions *all, Dwfl_Module *module)
{
	int count = dwfl_module_getsymtab(module), i;
	struct function *function;
	const char *name;
	uint64_t reach = 0;
	GElf_Addr address;
	GElf_Word shndx;
	GElf_Sym sym;
	size_t at;

	memset(all, 0, sizeof(*all));
	if (count <= 0)
		return;
	all->function = calloc((size_t)count, sizeof(*all->function));
	if (!all->function)
		return;
	for (i = 0; i < count; i++) {
		name = dwfl_module_getsym_info(module, i, &sym, &address, &shndx, NULL, NULL);
		if (!name || !*name || !is_code(&sym, shndx) || address + sym.st_size < address)
			continue;
		function = &all->function[all->count++];
		function->start = address;
		function->end = address + sym.st_size;
		function->name = name;
		function->rank = rank(name, GELF_ST_BIND(sym.st_info));
	}
	qsort(all->function, all->count, sizeof(*all->function), compare);
	for (at = 0; at < all->count; at++) {
		function = &all->function[at];
		if (function->end > reach)
			reach = function->end;
		function->reach = reach;
	}
}

/**
 * functions_find - the function that an address is in
 * @all: the functions
 * @address: the address
 *
 * Return: of those that hold it, the one that begins last, by its best name;
 * NULL where there is none.
 */
const struct function *functions_find(const struct functions *all, uint64_t address)
{
	size_t low = 0, high = all->count, middle;
	const struct function *function;

	/* The first one that begins behind the address. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (all->function[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	while (low--) {
		function = &all->function[low];
		if (function->reach <= address)
			break;
		if (function->end > address)
			return function;
	}
	return NULL;
}

/**
 * functions_free - give its memory back
 * @all: any; it is empty afterwards
 */
void functions_free(struct functions *all)
{
	free(all->function);
	memset(all, 0, sizeof(*all));
}
