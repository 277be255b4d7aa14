// SPDX-License-Identifier: GPL-2.0
/* Recordings: what was put in comes out; damage is found, and never a crash. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"

#define RECORDS	9000U	/* more than two blocks of a CPU */

static char path[128];

static void make_record(struct pft_record *record, unsigned int i)
{
	memset(record, 0, sizeof(*record));
	record->pos = i / 2;
	record->time_ns = 1000 + i;
	record->cpu = i % 2 ? 3 : 0;
	record->address = i * 0x9e3779b97f4a7c15ULL;
	record->latency_ns = i * 7;
	record->tgid = 1 + i % 50;
	snprintf(record->comm, sizeof(record->comm), "name%u", i % 100);
}

/* What is lost before record @i. */
static uint64_t loss_before(unsigned int i)
{
	return i == 0 ? 5 : i == 4096 ? 7 : i % 1000 == 999 ? i : 0;
}

static void put_totals(unsigned int minor)
{
	char text[64];

	snprintf(text, sizeof(text), "minor %u\nfiles 1\n", minor);
	fake_file(fake_root_dir, "totals", text);
}

/* @count records in @parts, a snapshot behind each part; @end: properly ended. */
static void make(unsigned int count, unsigned int parts, bool end)
{
	struct pft_recorder *recorder;
	struct pft_record record;
	unsigned int i;
	int fd;

	snprintf(path, sizeof(path), "%s/recording", fake_root_dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	put_totals(0);
	recorder = pft_recorder_open(fake_root, fd, &fake_error);
	assert_non_null(recorder);
	for (i = 0; i < count; i++) {
		make_record(&record, i);
		assert_true(pft_recorder_add(recorder, &record, loss_before(i), &fake_error));
		if (i % (count / parts) == count / parts - 1) {
			put_totals(i + 1);
			assert_true(pft_recorder_snapshot(recorder, &fake_error));
		}
	}
	assert_true(pft_recorder_lost(recorder, 3, 11, &fake_error));
	assert_true(pft_recorder_lost(recorder, 3, 2, &fake_error));
	assert_int_equal(pft_recorder_stats(recorder)->records, count);
	if (end)
		assert_true(pft_recorder_end(recorder, &fake_error));
	pft_recorder_free(recorder);
	assert_int_equal(close(fd), 0);
}

static struct pft_root *open_it(void)
{
	struct pft_root *root = pft_root_open(path, &fake_error);

	if (!root)
		print_message("%s: %s\n", fake_error.path, fake_error.detail);
	assert_non_null(root);
	assert_true(pft_root_is_recording(root));
	assert_false(pft_root_is_live(root));
	return root;
}

static void test_whole(void **state)
{
	struct pft_record record, want;
	struct pft_totals totals;
	struct pft_stream *stream;
	struct pft_root *root;
	uint64_t lost, sum = 0;
	unsigned int i;

	(void)state;
	make(RECORDS, 3, true);
	root = open_it();
	assert_null(pft_root_damage(root));
	assert_true(pft_totals_read(root, &totals, &fake_error));
	assert_int_equal(pft_totals_value(&totals, "minor"), RECORDS);
	stream = pft_stream_open(root, PFT_READ_OLDEST, &fake_error);
	assert_non_null(stream);
	assert_int_equal(pft_stream_cpus(stream), 2);
	for (i = 0; i < RECORDS; i++) {
		assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 1);
		make_record(&want, i);
		assert_memory_equal(&record, &want, sizeof(want));
		assert_int_equal(lost, loss_before(i));
		sum += lost;
	}
	assert_int_equal(pft_stream_next(stream, &record, &lost, &fake_error), 0);
	assert_int_equal(pft_stream_read(stream), RECORDS);
	assert_int_equal(pft_stream_lost(stream), sum + 13);
	assert_int_equal(pft_stream_untold(stream, 1), 13);
	pft_stream_close(stream);
	pft_root_close(root);
}

/* A snapshot after the other; each has the records since the one before. */
static void test_steps(void **state)
{
	struct pft_record record;
	struct pft_totals totals;
	struct pft_stream *stream;
	struct pft_root *root;
	unsigned int step, seen;
	uint64_t lost, before;

	(void)state;
	make(RECORDS, 3, true);
	root = open_it();
	pft_root_rewind(root);
	/* The recorder's texts have the time of this machine, its records do not. */
	for (step = 1; step <= 3; step++) {
		before = pft_root_now_ns(root);
		assert_true(pft_totals_read(root, &totals, &fake_error));
		assert_int_equal(pft_totals_value(&totals, "minor"), step * (RECORDS / 3));
		stream = pft_stream_open(root, PFT_READ_OLDEST, &fake_error);
		assert_non_null(stream);
		for (seen = 0; pft_stream_next(stream, &record, &lost, &fake_error) > 0; seen++)
			;
		/* All are older than the first snapshot. */
		assert_int_equal(seen, step == 1 ? RECORDS : 0);
		pft_stream_close(stream);
		assert_true(pft_root_step(root));
		assert_true(pft_root_now_ns(root) > before);
	}
	assert_false(pft_root_step(root));
	pft_root_close(root);
}

/* Reads all that can be read. Every record must be one that was written. */
static void read_all(unsigned int *seen, bool *bad)
{
	struct pft_root *root = pft_root_open(path, &fake_error);
	struct pft_record record, want;
	struct pft_totals totals;
	struct pft_stream *stream;
	uint64_t lost;
	int ret = 0;

	*seen = 0;
	*bad = true;
	if (!root)
		return;
	(void)pft_totals_read(root, &totals, &fake_error);
	stream = pft_stream_open(root, PFT_READ_OLDEST, &fake_error);
	if (stream) {
		while ((ret = pft_stream_next(stream, &record, &lost, &fake_error)) > 0) {
			make_record(&want, (unsigned int)(record.time_ns - 1000));
			assert_memory_equal(&record, &want, sizeof(want));
			(*seen)++;
		}
	}
	*bad = !stream || ret < 0 || pft_root_damage(root);
	pft_stream_close(stream);
	pft_root_close(root);
}

static void *load(size_t *size)
{
	struct stat st;
	char *image;
	FILE *file;

	assert_int_equal(stat(path, &st), 0);
	*size = (size_t)st.st_size;
	image = malloc(*size);
	assert_non_null(image);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(image, 1, *size, file), *size);
	fclose(file);
	return image;
}

static void store(const char *image, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(image, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void test_cut(void **state)
{
	unsigned int seen, before = 0;
	size_t size, i;
	char *image;
	bool bad;

	(void)state;
	make(60, 3, true);
	image = load(&size);
	for (i = 0; i < size; i++) {
		store(image, i);
		read_all(&seen, &bad);
		assert_true(bad);
		/* Never less than of a shorter file. */
		assert_true(seen >= before);
		before = seen;
	}
	assert_int_equal(before, 60);
	store(image, size);
	read_all(&seen, &bad);
	assert_false(bad);
	free(image);
}

/* A recording that was killed: all up to there, and it is said. */
static void test_killed(void **state)
{
	struct pft_root *root;
	unsigned int seen;
	bool bad;

	(void)state;
	make(60, 3, false);
	read_all(&seen, &bad);
	assert_int_equal(seen, 60);
	root = open_it();
	assert_non_null(strstr(pft_root_damage(root), "killed"));
	pft_root_close(root);
}

static void test_flipped(void **state)
{
	unsigned int seen, bit, unseen = 0;
	size_t size, i;
	char *image;
	bool bad;

	(void)state;
	make(60, 3, true);
	image = load(&size);
	for (i = 0; i < size; i++) {
		bit = (unsigned int)(i * 7 % 8);
		image[i] = (char)(image[i] ^ (1 << bit));
		store(image, size);
		read_all(&seen, &bad);
		if (!bad)
			unseen++;
		image[i] = (char)(image[i] ^ (1 << bit));
	}
	/* What is not looked at may be damaged unseen: texts that were not read. */
	assert_true(unseen < size / 2);
	free(image);
}

static void test_foreign(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "%s/recording", fake_root_dir);
	store("", 0);
	assert_null(pft_root_open(path, &fake_error));
	assert_int_equal(fake_error.code, PFT_ERR_FORMAT);
	store("PERFILE2................................................", 56);
	assert_null(pft_root_open(path, &fake_error));
	assert_non_null(strstr(fake_error.detail, "no recording"));
}

static void test_version(void **state)
{
	unsigned int major = 2;
	size_t size;
	char *image;

	(void)state;
	make(60, 3, true);
	image = load(&size);
	memcpy(image + 32, &major, sizeof(major));
	store(image, size);
	assert_null(pft_root_open(path, &fake_error));
	assert_non_null(strstr(fake_error.detail, "format 2.0, this program knows 1.0"));
	free(image);
}

static void test_full_disk(void **state)
{
	struct pft_recorder *recorder;
	struct pft_record record;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	bool ok = true;
	unsigned int i;

	(void)state;
	put_totals(0);
	assert_null(pft_recorder_open(fake_root, fd, &fake_error));
	assert_int_equal(fake_error.err, ENOSPC);
	close(fd);
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	recorder = pft_recorder_open(fake_root, fd, &fake_error);
	assert_non_null(recorder);
	assert_int_equal(dup2(open("/dev/full", O_WRONLY), fd), fd);
	for (i = 0; i < RECORDS && ok; i++) {
		make_record(&record, i);
		ok = pft_recorder_add(recorder, &record, 0, &fake_error);
	}
	assert_false(ok);
	assert_int_equal(fake_error.err, ENOSPC);
	pft_recorder_free(recorder);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_steps, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_cut, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_killed, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_flipped, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_foreign, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_version, fake_root_setup, fake_root_teardown),
		cmocka_unit_test_setup_teardown(test_full_disk, fake_root_setup,
						fake_root_teardown),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
