// SPDX-License-Identifier: GPL-2.0
/* Fake pftrace directories for tests. */

#include <ftw.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"

/* Makes an empty directory; @dir has room for 64 bytes. */
void fake_dir(char *dir)
{
	strcpy(dir, "/tmp/pftrace-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fake_remove(const char *dir)
{
	assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void write_bytes(const char *dir, const char *name, const void *bytes, size_t size)
{
	char path[512], *slash;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (slash = path + strlen(dir) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void fake_file(const char *dir, const char *name, const char *text)
{
	write_bytes(dir, name, text, strlen(text));
}

void fake_format(const char *dir)
{
	fake_file(dir, "format", "abi 2.0\nrecord_size 128\n");
}

/* For tests of what is below a root: cmocka's setup and teardown. */
char fake_root_dir[64];
struct pft_root *fake_root;
struct pft_error fake_error;

int fake_root_setup(void **state)
{
	(void)state;
	fake_dir(fake_root_dir);
	fake_format(fake_root_dir);
	fake_root = pft_root_open(fake_root_dir, &fake_error);
	return fake_root ? 0 : -1;
}

int fake_root_teardown(void **state)
{
	(void)state;
	pft_root_close(fake_root);
	fake_remove(fake_root_dir);
	return 0;
}

void fake_ring_make(struct fake_ring *ring, uint32_t cpu, uint64_t slots)
{
	struct pft_ring_header *header = &ring->header;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	memset(ring, 0, sizeof(*ring));
	header->magic = PFT_RING_MAGIC;
	header->abi_major = PFT_ABI_MAJOR;
	header->abi_minor = PFT_ABI_MINOR;
	header->record_size = sizeof(struct pft_record);
	header->cpu = cpu;
	header->data_offset = page;
	header->slots = slots;
	header->size = page + (slots * sizeof(struct pft_record) + page - 1) / page * page;
	ring->bytes = header->size;
	ring->image = calloc(1, ring->bytes);
	assert_non_null(ring->image);
}

/* The writer: one more record, which may overwrite the oldest. */
struct pft_record *fake_ring_add(struct fake_ring *ring, uint64_t time_ns)
{
	struct pft_ring_header *header = &ring->header;
	struct pft_record *record;

	record = (struct pft_record *)(ring->image + header->data_offset +
		(header->head & (header->slots - 1)) * sizeof(*record));
	memset(record, 0, sizeof(*record));
	record->pos = header->head;
	record->time_ns = time_ns;
	record->cpu = (uint16_t)header->cpu;
	header->reserve = ++header->head;
	return record;
}

void fake_ring_write(const struct fake_ring *ring, const char *dir)
{
	char name[32];

	memcpy(ring->image, &ring->header, sizeof(ring->header));
	snprintf(name, sizeof(name), "cpu/cpu%u.map", ring->header.cpu);
	write_bytes(dir, name, ring->image, ring->bytes);
}

/* As read(2) gives it: the records that are left, in order. */
void fake_ring_write_plain(const struct fake_ring *ring, const char *dir)
{
	const struct pft_ring_header *header = &ring->header;
	uint64_t first = header->head > header->slots ? header->head - header->slots : 0, pos;
	size_t size = sizeof(struct pft_record);
	char name[32], *bytes;

	bytes = malloc(header->slots * size);
	assert_non_null(bytes);
	for (pos = first; pos < header->head; pos++)
		memcpy(bytes + (pos - first) * size, ring->image + header->data_offset +
		       (pos & (header->slots - 1)) * size, size);
	snprintf(name, sizeof(name), "cpu/cpu%u", header->cpu);
	write_bytes(dir, name, bytes, (header->head - first) * size);
	free(bytes);
}

void fake_ring_free(struct fake_ring *ring)
{
	free(ring->image);
	ring->image = NULL;
}

static void fill(struct pft_record *record, unsigned int i)
{
	record->address = 0x7f11c0a41000 + i * 0x1000ULL;
	record->ip = 0x55d0c0a41010;
	record->vma_start = 0x7f11c0000000;
	record->vma_end = 0x7f11c4000000;
	record->vma_pgoff = 16;
	record->latency_ns = 700 + i;
	record->pid = 5000874;
	record->tgid = 5000873;
	record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE;
	record->access = PFT_WRITE;
	record->cause = PFT_CAUSE_ZERO;
	record->level = PFT_LEVEL_PTE;
	record->area = PFT_AREA_HEAP;
	record->cgroup = 4242;
	strcpy(record->comm, "postgres");
}

static void fill_file(struct pft_record *record, uint32_t file)
{
	record->cause = PFT_CAUSE_FILE;
	record->area = PFT_AREA_FILE;
	record->file = file;
	record->dev = 0x801;
	record->ino = 131;
}

static struct pft_record *add_invalid(struct fake_ring *ring, uint64_t time_ns,
				      enum pft_cause cause)
{
	struct pft_record *record = fake_ring_add(ring, time_ns);

	fill(record, 0);
	record->class = PFT_INVALID;
	record->cause = (uint8_t)cause;
	record->order = PFT_ORDER_NONE;
	record->latency_ns = 0;
	return record;
}

/* No mapping: file 7 is below, the stack above. */
static void fill_hole(struct pft_record *record, uint64_t address)
{
	record->perms = PFT_PERM_HOLE;
	record->address = address;
	record->vma_start = 0x7f11c4000000;
	record->vma_end = 0x7ffd00000000;
	record->vma_pgoff = 0;
	record->below_perms = PFT_PERM_VMA | PFT_PERM_READ;
	record->above_perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_WRITE;
	record->below_area = PFT_AREA_FILE;
	record->above_area = PFT_AREA_STACK;
	record->file = 7;
	record->area = PFT_AREA_NONE;
	record->stack_limit = 8 << 20;
}

static void add_refused(struct fake_ring *ring)
{
	struct pft_record *record;

	fill_hole(add_invalid(ring, 1070000000, PFT_CAUSE_UNMAPPED), 0x7f11c4000018);
	fill_hole(add_invalid(ring, 1070000001, PFT_CAUSE_STACK), 0x7ffd00000000 - 8192);
	record = add_invalid(ring, 1070000002, PFT_CAUSE_WRITE_DENIED);
	fill_file(record, 9);
	record->cause = PFT_CAUSE_WRITE_DENIED;
	record->level = PFT_LEVEL_PROT;
	record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_EXEC;
	record = add_invalid(ring, 1070000003, PFT_CAUSE_UACCESS);
	record->origin = PFT_KERNEL;
	fill_hole(record, 16);
	record->vma_start = 0;
	record->below_perms = 0;
	record->below_area = PFT_AREA_NONE;
	record->file = 0;
	record->syscall = (uint16_t)seccomp_syscall_resolve_name("read");
}

/* The rings of a golden directory: of five records on CPU 1, three are gone. */
void fake_rings(const char *dir)
{
	struct fake_ring ring;
	struct pft_record *record;
	unsigned int i;

	fake_ring_make(&ring, 0, 32);
	for (i = 0; i < 3; i++)
		fill(fake_ring_add(&ring, 1000000000ULL + i * 20000000), i);
	record = fake_ring_add(&ring, 1060000001);
	record->class = PFT_INVALID;
	record->cause = PFT_CAUSE_NULL;
	record->order = PFT_ORDER_NONE;
	record->address = 8;
	record->pid = record->tgid = 5002502;
	record->origin = PFT_KERNEL;
	memcpy(record->comm, "a,\"b\\\033[31m\nc\xff", 13);
	record = fake_ring_add(&ring, 1060000002);
	fill(record, 9);
	fill_file(record, 7);
	record->class = PFT_MAJOR;
	record->access = PFT_EXEC;
	record->origin = PFT_GUP;
	record->retries = 1;
	record->fault_flags = 0x254;
	record->result = 4;
	record->order = 4;
	record->latency_ns = 8400123;
	record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_EXEC | PFT_PERM_SHARED;
	/* A file whose name could not be kept, and one with a hostile name. */
	record = fake_ring_add(&ring, 1060000003);
	fill(record, 10);
	fill_file(record, 99);
	record->level = PFT_LEVEL_PMD;
	record->order = 9;
	record->cgroup = 77;
	record = fake_ring_add(&ring, 1060000004);
	fill(record, 11);
	fill_file(record, 8);
	add_refused(&ring);
	fake_ring_write(&ring, dir);
	fake_ring_free(&ring);

	fake_ring_make(&ring, 1, 2);
	for (i = 0; i < 5; i++)
		fill(fake_ring_add(&ring, 1005000000ULL + i * 10000000), 100 + i);
	fake_ring_write(&ring, dir);
	fake_ring_free(&ring);
}
