// SPDX-License-Identifier: GPL-2.0
/* A digest as one JSON document: the schema "pftop-report". */

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "digest_json.h"

/* Rows of the long tables; what is more is told by "more". */
#define ROWS_MAX	1000

static void put(struct output *output, const char *group, const char *key, struct cell cell)
{
	output->ops->value(output, group, key, &cell);
}

static uint64_t total(const struct pft_totals *totals, const char *name)
{
	return pft_totals_value(totals, name);
}

static void put_source(struct output *output, const struct digest *digest)
{
	const struct pft_total *hook = pft_totals_find(&digest->after, "hook");
	const struct pft_host *host = &digest->host;
	char abi[32];

	(void)snprintf(abi, sizeof(abi), "%d.%u", PFT_ABI_MAJOR, pft_root_abi_minor(digest->root));
	put(output, "source", "file", cell_text(pft_root_dir(digest->root)));
	put(output, "source", "kernel", cell_text(host->kernel));
	put(output, "source", "machine", cell_text(host->machine));
	put(output, "source", "cpus", cell_uint(total(&digest->after, "cpus")));
	put(output, "source", "hook", hook ? cell_text(hook->text) : cell_none());
	put(output, "source", "abi", cell_text(abi));
	put(output, "source", "start_s", cell_real((double)host->start_wall_ns / 1e9));
	put(output, "source", "duration_ns", cell_uint(digest->end_ns > host->start_ns ?
						       digest->end_ns - host->start_ns : 0));
	put(output, "source", "complete", cell_bool(!pft_root_damage(digest->root)));
	put(output, "source", "command", *host->command ? cell_text(host->command) : cell_none());
}

static void put_totals(struct output *output, const struct digest *digest)
{
	static const char *const missed[] = {
		"missed_no_instance", "missed_reentry", "missed_table_full", "missed_no_ring",
	};
	const uint64_t *count = digest->count;
	unsigned int i;

	put(output, "totals", "faults", cell_uint(digest->records));
	put(output, "totals", "minor", cell_uint(count[PFT_MINOR]));
	put(output, "totals", "major", cell_uint(count[PFT_MAJOR]));
	put(output, "totals", "invalid", cell_uint(count[PFT_INVALID]));
	put(output, "totals", "fault_ns", cell_uint(digest_ns(digest)));
	put(output, "totals", "records", cell_uint(digest->records));
	put(output, "totals", "others", cell_uint(digest->others));
	put(output, "totals", "lost", cell_uint(digest->lost));
	/* Of the whole machine, by its counters. */
	put(output, "totals", "retries", cell_uint(digest_grown(digest, "retries")));
	put(output, "totals", "filtered", cell_uint(digest_grown(digest, "filtered")));
	for (i = 0; i < sizeof(missed) / sizeof(missed[0]); i++)
		put(output, "missed", missed[i], cell_uint(digest_grown(digest, missed[i])));
	put(output, "audit", "threads", cell_uint(digest_grown(digest, "audited_threads")));
	put(output, "audit", "mismatches", cell_uint(digest_grown(digest, "audit_mismatches")));
}

static void put_table(struct output *output, struct digest *digest,
		      const struct digest_table *table)
{
	const struct column *columns[COLUMNS_MAX];
	unsigned int i, rows = table->count(digest);

	output->ops->table(output, table->name, columns, table->columns(SHOW_DATA, columns));
	for (i = 0; i < rows && i < ROWS_MAX; i++)
		output->ops->row(output, table->row(digest, i));
	if (rows > ROWS_MAX)
		put(output, "more", table->name, cell_uint(rows - ROWS_MAX));
	if (table->dropped)
		put(output, "dropped", table->name, cell_uint(table->dropped(digest)));
}

static json_t *count_json(uint64_t count)
{
	return json_integer((json_int_t)count);
}

/* Columns of numbers: much smaller than rows. */
static json_t *timeline_json(const struct timeline *timeline)
{
	json_t *object = json_object(), *list;
	unsigned int class, i;

	(void)json_object_set_new(object, "bin_ns", count_json(timeline->bin_ns));
	for (class = 0; class < PFT_NR_CLASSES; class++) {
		list = json_array();
		for (i = 0; i < timeline->count; i++)
			(void)json_array_append_new(list, count_json(timeline->bin[i].count[class]));
		(void)json_object_set_new(object, pft_class_name(class), list);
	}
	list = json_array();
	for (i = 0; i < timeline->count; i++)
		(void)json_array_append_new(list, count_json(timeline->bin[i].lost));
	(void)json_object_set_new(object, "lost", list);
	return object;
}

static bool add(json_t *document, const char *key, json_t *value)
{
	return value && !json_object_set_new(document, key, value);
}

/**
 * digest_json - write a digest as one JSON document
 * @digest: from digest_read()
 * @file: where to
 * @failed: set where memory ran out
 */
void digest_json(struct digest *digest, FILE *file, bool *failed)
{
	struct output output;
	json_t *pids = json_array();
	unsigned int i;

	output_init(&output, FORMAT_JSON, file);
	output.ops->begin(&output);
	output_schema(&output, "pftop-report");
	put_source(&output, digest);
	for (i = 0; i < digest->host.nr_pids; i++)
		(void)json_array_append_new(pids, count_json(digest->host.pids[i]));
	put_totals(&output, digest);
	for (i = 0; i < nr_digest_tables; i++)
		if (strcmp(digest_tables[i].name, "timeline") != 0)
			put_table(&output, digest, &digest_tables[i]);
	put(&output, "dropped", "heatmaps", cell_uint(digest->profile.heat.dropped));
	if (!add(json_object_get(output.private, "source"), "pids", pids) ||
	    !add(output.private, "timeline", timeline_json(&digest->timeline)) ||
	    !add(output.private, "heatmaps", digest_heatmaps(digest)))
		output.failed = true;
	output.ops->end(&output);
	*failed = output.failed;
	output_fini(&output);
}
