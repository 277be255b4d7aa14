// SPDX-License-Identifier: GPL-2.0
/*
 * An ELF file as libdwfl reads it. It is read, not mapped: a file that shrinks
 * meanwhile is an error, not a SIGBUS. libdwfl gets each file from here, and so
 * opens none, and asks no server for any.
 */

#include <string.h>
#include <unistd.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>

#include "image.h"

/* Debug information takes memory as its file is large. */
#define LINES_MAX	(256LL << 20)

/* libdwfl's callback: the file is open already. */
static int give_elf(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		    char **file_name, Elf **elf)
{
	(void)module;
	(void)name;
	(void)base;
	(void)file_name;
	*elf = *userdata;
	return -1;
}

/* libdwfl's callback: a file of debug information is an image of its own. */
static int give_no_debuginfo(Dwfl_Module *module, void **userdata, const char *name,
			     Dwarf_Addr base, const char *file_name, const char *link,
			     GElf_Word crc, char **debug_name)
{
	(void)module;
	(void)userdata;
	(void)name;
	(void)base;
	(void)file_name;
	(void)link;
	(void)crc;
	(void)debug_name;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = give_elf,
	.find_debuginfo = give_no_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* Addresses that the segments of a file cover. */
static bool bounds(Elf *elf, uint64_t *low, uint64_t *high)
{
	bool found = false;
	size_t count, i;
	uint64_t end;
	GElf_Phdr ph;

	if (elf_getphdrnum(elf, &count))
		return false;
	for (i = 0; i < count && gelf_getphdr(elf, (int)i, &ph); i++) {
		end = ph.p_vaddr + ph.p_memsz;
		if (ph.p_type != PT_LOAD || end < ph.p_vaddr)
			continue;
		if (!found) {
			*low = ph.p_align ? ph.p_vaddr & -ph.p_align : ph.p_vaddr;
			*high = end;
		}
		found = true;
		if (end > *high)
			*high = end;
	}
	return found && *low < *high;
}

/**
 * image_first_address - where a file begins
 * @elf: the file
 * @first: where to put its first address
 *
 * Return: false where it has no segment.
 */
bool image_first_address(Elf *elf, uint64_t *first)
{
	uint64_t high;

	return bounds(elf, first, &high);
}

/**
 * image_open - make an image of a file
 * @image: to be filled
 * @elf: the file
 * @fd: where it is read from, or -1 for memory
 *
 * Return: true, and @elf and @fd are the image's, to be given back with
 * image_close(). Else they are still the caller's.
 */
bool image_open(struct image *image, Elf *elf, int fd)
{
	uint64_t low, high;
	void **userdata;

	memset(image, 0, sizeof(*image));
	image->alt_fd = -1;
	if (!bounds(elf, &low, &high))
		return false;
	image->dwfl = dwfl_begin(&callbacks);
	if (!image->dwfl)
		return false;
	dwfl_report_begin(image->dwfl);
	image->module = dwfl_report_module(image->dwfl, "file", low, high);
	(void)dwfl_report_end(image->dwfl, NULL, NULL);
	if (!image->module || !dwfl_module_info(image->module, &userdata, NULL, NULL, NULL, NULL,
						NULL, NULL)) {
		dwfl_end(image->dwfl);
		image->dwfl = NULL;
		return false;
	}
	*userdata = elf;
	image->elf = elf;
	image->fd = fd;
	return true;
}

/**
 * image_close - done with an image
 * @image: from image_open(), or all zero; it is all zero afterwards
 */
void image_close(struct image *image)
{
	GElf_Addr bias;

	if (!image->dwfl)
		return;
	/* libdwfl ends the file only where it has asked for it. */
	(void)dwfl_module_getelf(image->module, &bias);
	dwfl_end(image->dwfl);
	if (image->alt)
		(void)dwarf_end(image->alt);
	if (image->alt_elf)
		(void)elf_end(image->alt_elf);
	if (image->alt_fd >= 0)
		(void)close(image->alt_fd);
	if (image->fd >= 0)
		(void)close(image->fd);
	memset(image, 0, sizeof(*image));
}

/**
 * image_has_section - does a file have this section, with content?
 * @image: the file
 * @name: of the section
 *
 * Return: it does.
 */
bool image_has_section(const struct image *image, const char *name)
{
	const char *its_name;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t names;

	if (elf_getshdrstrndx(image->elf, &names))
		return false;
	while ((scn = elf_nextscn(image->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type == SHT_NOBITS)
			continue;
		its_name = elf_strptr(image->elf, names, shdr.sh_name);
		if (its_name && !strcmp(its_name, name))
			return true;
	}
	return false;
}

/*
 * libdw would look for the other file where this one says, which may be a FIFO.
 * It does not look any more once it has one.
 */
static bool load_alt(struct image *image, Dwarf *dwarf, const struct debug_dirs *dirs)
{
	const char *name;
	const void *id;
	ssize_t size;

	size = dwelf_dwarf_gnu_debugaltlink(dwarf, &name, &id);
	if (!size)
		return true;
	if (size < 0)
		return false;
	image->alt_fd = debug_file_find_alt(dirs, id, (size_t)size);
	if (image->alt_fd < 0)
		return false;
	image->alt_elf = elf_begin(image->alt_fd, ELF_C_READ, NULL);
	image->alt = dwarf_begin_elf(image->alt_elf, DWARF_C_READ, NULL);
	if (image->alt)
		dwarf_setalt(dwarf, image->alt);
	return image->alt;
}

/**
 * image_load_lines - read the debug information of a file
 * @image: the file
 * @dirs: where to look for what it shares with others
 *
 * Return: true where there is some that can be used.
 */
bool image_load_lines(struct image *image, const struct debug_dirs *dirs)
{
	Dwarf_Addr bias = 0;
	Dwarf *dwarf;
	off_t size;

	if (image->asked)
		return image->dwarf;
	image->asked = true;
	size = image->fd >= 0 ? lseek(image->fd, 0, SEEK_END) : 0;
	if (size > LINES_MAX || !image_has_section(image, ".debug_line"))
		return false;
	dwarf = dwfl_module_getdwarf(image->module, &bias);
	if (!dwarf || bias || !load_alt(image, dwarf, dirs))
		return false;
	image->dwarf = dwarf;
	return true;
}

/* Compilers that write no .debug_aranges leave nothing but to ask each unit. */
static bool find_unit(struct image *image, uint64_t address, Dwarf_Die *unit)
{
	Dwarf_Addr bias;
	Dwarf_Die *die = NULL;

	if (dwarf_addrdie(image->dwarf, address, unit))
		return true;
	while ((die = dwfl_module_nextcu(image->module, die, &bias))) {
		if (dwarf_haspc(die, address) != 1)
			continue;
		*unit = *die;
		return true;
	}
	return false;
}

/**
 * image_line - the source line that an address comes from
 * @image: a file for which image_load_lines() said true
 * @address: the address, as the file has it
 * @line: where to put the line
 *
 * Return: the source file, valid as long as @image, or NULL.
 */
const char *image_line(struct image *image, uint64_t address, unsigned int *line)
{
	Dwarf_Line *row;
	Dwarf_Die unit;
	int number;

	if (!find_unit(image, address, &unit))
		return NULL;
	row = dwarf_getsrc_die(&unit, address);
	/* Line 0 is code that comes from none. */
	if (!row || dwarf_lineno(row, &number) || number <= 0)
		return NULL;
	*line = (unsigned int)number;
	return dwarf_linesrc(row, NULL, NULL);
}
