// SPDX-License-Identifier: GPL-2.0
/* Fake pftrace directories for tests. */

#include <ftw.h>
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
	fake_file(dir, "format", "abi 1.0\nrecord_size 128\n");
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
	strcpy(record->comm, "postgres");
}

/* The rings of the golden directory "basic": three of 40 were lost on CPU 1. */
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
	record->address = 8;
	record->pid = record->tgid = 5002502;
	record->origin = PFT_KERNEL;
	memcpy(record->comm, "a,\"b\\\033[31m\nc\xff", 13);
	record = fake_ring_add(&ring, 1060000002);
	fill(record, 9);
	record->class = PFT_MAJOR;
	record->access = PFT_EXEC;
	record->origin = PFT_GUP;
	record->retries = 1;
	record->fault_flags = 0x254;
	record->result = 4;
	record->perms = PFT_PERM_VMA | PFT_PERM_READ | PFT_PERM_EXEC | PFT_PERM_SHARED;
	fake_ring_write(&ring, dir);
	fake_ring_free(&ring);

	fake_ring_make(&ring, 1, 2);
	for (i = 0; i < 5; i++)
		fill(fake_ring_add(&ring, 1005000000ULL + i * 10000000), 100 + i);
	fake_ring_write(&ring, dir);
	fake_ring_free(&ring);
}
