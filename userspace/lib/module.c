// SPDX-License-Identifier: GPL-2.0
/* One ELF file, with what was split off it: its functions and lines. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "module.h"

#define SEGMENTS_MAX	64
/* Answers that are remembered: a list on a screen asks the same ones again. */
#define ANSWERS		256

/**
 * struct segment - a part of the file that is mapped
 * @offset: where it begins in the file
 * @size: its bytes there
 * @address: where the file wants it
 * @exec: it is code
 */
struct segment {
	uint64_t offset;
	uint64_t size;
	uint64_t address;
	bool exec;
};

struct answer {
	uint64_t address;
	bool valid;
	struct module_place place;
};

/**
 * struct module - one ELF file
 * @main: the file that is mapped
 * @debug: what was split off it
 * @id: its build id
 * @is_64: it is one of 64 bits
 * @loaded: functions were read, the debug file was looked for
 * @bytes: memory that it takes, about
 * @segments: of @segment
 * @segment: its segments
 * @functions: those of @debug, or of @main
 * @answer: answers given lately, or NULL
 */
struct module {
	struct image main;
	struct image debug;
	struct build_id id;
	bool is_64;
	bool loaded;
	size_t bytes;
	unsigned int segments;
	struct segment segment[SEGMENTS_MAX];
	struct functions functions;
	struct answer *answer;
};

static void read_segments(struct module *module, Elf *elf)
{
	struct segment *segment;
	size_t count, i;
	GElf_Phdr ph;

	if (elf_getphdrnum(elf, &count))
		return;
	for (i = 0; i < count && module->segments < SEGMENTS_MAX; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph))
			return;
		if (ph.p_type != PT_LOAD)
			continue;
		segment = &module->segment[module->segments++];
		segment->offset = ph.p_offset;
		segment->size = ph.p_filesz;
		segment->address = ph.p_vaddr;
		segment->exec = ph.p_flags & PF_X;
	}
}

/* A file that is none of code becomes a module without anything in it. */
static struct module *make(Elf *elf, int fd)
{
	struct module *module = calloc(1, sizeof(*module));

	if (module && elf && elf_kind(elf) == ELF_K_ELF) {
		build_id_read(&module->id, elf);
		module->is_64 = gelf_getclass(elf) == ELFCLASS64;
		read_segments(module, elf);
		if (image_open(&module->main, elf, fd))
			return module;
		module->segments = 0;
	}
	(void)elf_end(elf);
	if (module) {
		/* It stays open: its inode number is not given to another one. */
		module->main.fd = fd;
	} else if (fd >= 0) {
		(void)close(fd);
	}
	return module;
}

/**
 * module_open - read a file
 * @fd: the file, which is the module's from now on
 * @size: bytes of it
 *
 * Return: the module, to be closed with module_close(), or NULL where memory
 * ran out.
 */
struct module *module_open(int fd, off_t size)
{
	(void)elf_version(EV_CURRENT);
	return make(size > ELF_FILE_MAX ? NULL : elf_begin(fd, ELF_C_READ, NULL), fd);
}

/**
 * module_open_memory - read a file that is in memory
 * @bytes: the file, which must stay there
 * @size: bytes of it
 *
 * Return: as module_open().
 */
struct module *module_open_memory(const void *bytes, size_t size)
{
	(void)elf_version(EV_CURRENT);
	return make(elf_memory((char *)bytes, size), -1);
}

/**
 * module_close - done with a file
 * @module: from module_open(), or NULL
 */
void module_close(struct module *module)
{
	if (!module)
		return;
	functions_free(&module->functions);
	if (!module->main.dwfl && module->main.fd >= 0)
		(void)close(module->main.fd);
	image_close(&module->main);
	image_close(&module->debug);
	free(module->answer);
	free(module);
}

/**
 * module_build_id - the build id of a file
 * @module: the file
 *
 * Return: its build id, which is empty where it has none.
 */
const struct build_id *module_build_id(const struct module *module)
{
	return &module->id;
}

/**
 * module_is_64 - is it a file of 64 bits?
 * @module: the file
 *
 * Return: it is.
 */
bool module_is_64(const struct module *module)
{
	return module->is_64;
}

/**
 * module_bytes - the memory that a file takes
 * @module: the file
 *
 * Return: about how many bytes.
 */
size_t module_bytes(const struct module *module)
{
	return module->bytes;
}

/* Debug information has addresses: they must be those of the file. */
static bool open_debug(struct module *module, int fd)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	uint64_t mine, its;

	if (elf && image_first_address(module->main.elf, &mine) &&
	    image_first_address(elf, &its) && mine == its && image_open(&module->debug, elf, fd))
		return true;
	(void)elf_end(elf);
	(void)close(fd);
	return false;
}

static void load(struct module *module, const struct debug_dirs *dirs, const char *path)
{
	int fd;

	module->loaded = true;
	module->answer = calloc(ANSWERS, sizeof(*module->answer));
	if (!image_has_section(&module->main, ".symtab") ||
	    !image_has_section(&module->main, ".debug_line")) {
		fd = debug_file_find(dirs, module->main.elf, &module->id, path);
		if (fd >= 0 && open_debug(module, fd) &&
		    image_has_section(&module->debug, ".symtab"))
			functions_read(&module->functions, module->debug.module);
	}
	if (!module->functions.count) {
		functions_free(&module->functions);
		functions_read(&module->functions, module->main.module);
	}
	module->bytes = sizeof(*module) + ANSWERS * sizeof(*module->answer) +
			module->functions.count * sizeof(struct function);
}

static void find_line(struct module *module, const struct debug_dirs *dirs, uint64_t address,
		      struct module_place *place)
{
	struct image *image = &module->main;
	bool asked;

	if (module->debug.dwfl && image_has_section(&module->debug, ".debug_line"))
		image = &module->debug;
	asked = image->asked;
	if (!image_load_lines(image, dirs))
		return;
	if (!asked && image->fd >= 0)
		module->bytes += (size_t)lseek(image->fd, 0, SEEK_END);
	place->source = image_line(image, address, &place->line);
}

/* The part of the file that this byte is in: of several, the one that is code as the mapping. */
static const struct segment *find_segment(const struct module *module, uint64_t offset, bool exec)
{
	const struct segment *segment, *other = NULL;
	unsigned int i;

	for (i = 0; i < module->segments; i++) {
		segment = &module->segment[i];
		if (offset < segment->offset || offset - segment->offset >= segment->size)
			continue;
		if (segment->exec == exec)
			return segment;
		other = segment;
	}
	return other;
}

/**
 * module_find - what is at an address
 * @module: the file
 * @file_offset: the address, as a byte of the file
 * @exec: it is mapped as code
 * @dirs: where to look for debug information
 * @path: path of the file
 * @place: to be filled; it is valid as long as @module
 */
void module_find(struct module *module, uint64_t file_offset, bool exec,
		 const struct debug_dirs *dirs, const char *path, struct module_place *place)
{
	const struct segment *segment = find_segment(module, file_offset, exec);
	const struct function *function;
	struct answer *answer;
	uint64_t address;

	memset(place, 0, sizeof(*place));
	if (!segment)
		return;
	address = file_offset - segment->offset + segment->address;
	if (!module->loaded)
		load(module, dirs, path);
	answer = module->answer ? &module->answer[address * 0x9e3779b97f4a7c15ULL >> 56] : NULL;
	if (answer && answer->valid && answer->address == address) {
		*place = answer->place;
		return;
	}
	function = functions_find(&module->functions, address);
	if (function) {
		place->name = function->name;
		place->offset = address - function->start;
	}
	find_line(module, dirs, address, place);
	if (answer) {
		answer->address = address;
		answer->valid = true;
		answer->place = *place;
	}
}
