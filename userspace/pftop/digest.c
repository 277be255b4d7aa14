// SPDX-License-Identifier: GPL-2.0
/* Reads a recording once, from its beginning to its end, and adds up what it says. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "filter.h"
#include "verdict.h"

#define DIGEST_CELLS	8192

/* What the counters said before and after. */
static bool read_totals(struct digest *digest, struct pft_error *error)
{
	pft_root_rewind(digest->root);
	if (!pft_totals_read(digest->root, &digest->before, error))
		return false;
	while (pft_root_step(digest->root))
		digest->end_ns = pft_root_now_ns(digest->root);
	pft_root_whole(digest->root);
	return pft_totals_read(digest->root, &digest->after, error);
}

static bool wanted(const struct digest *digest, const struct pft_record *record)
{
	char name[PATHS_MAX];
	const struct filter *filter = &digest->options->filter;

	if (!options_wants(digest->options, record->tgid, record->comm) ||
	    !filter_wants(filter, record))
		return false;
	if (!filter->file)
		return true;
	paths_name((struct paths *)&digest->paths, record->file, record->area, name, sizeof(name));
	return filter_wants_name(filter, name);
}

static void lose(struct digest *digest, uint64_t time_ns, uint64_t lost)
{
	digest->lost += lost;
	timeline_lost(&digest->timeline, time_ns, lost);
}

static void take(struct digest *digest, const struct pft_record *record, uint64_t lost)
{
	if (record->time_ns > digest->end_ns)
		digest->end_ns = record->time_ns;
	lose(digest, record->time_ns, lost);
	if (record->class >= PFT_NR_CLASSES || record->cause >= PFT_NR_CAUSES ||
	    !wanted(digest, record)) {
		digest->others++;
		return;
	}
	digest->records++;
	digest->count[record->class]++;
	digest->ns[record->class] += record->latency_ns;
	if (record->latency_ns)
		spread_add(&digest->spread[record->class], record->latency_ns);
	(void)tally_add(&digest->tally, record);
	roster_add(&digest->roster, record);
	timeline_add(&digest->timeline, record);
	profile_add(&digest->profile, record);
}

static bool read_records(struct digest *digest, struct pft_error *error)
{
	struct pft_stream *stream;
	struct pft_record record;
	unsigned int i;
	uint64_t lost;
	int ret;

	stream = pft_stream_open(digest->root, PFT_READ_OLDEST, error);
	if (!stream)
		return false;
	while ((ret = pft_stream_next(stream, &record, &lost, error)) > 0)
		take(digest, &record, lost);
	for (i = 0; i < pft_stream_cpus(stream); i++)
		lose(digest, digest->end_ns, pft_stream_untold(stream, i));
	pft_stream_close(stream);
	return !ret;
}

/* Records are all that is known by cause: they stand for the counters. */
static bool make_breakdown(struct digest *digest)
{
	struct family family = { 0 };
	unsigned int class, cause;

	for (class = 0; class < PFT_NR_CLASSES; class++) {
		family.ended.count[class] = digest->count[class];
		for (cause = 0; cause < PFT_NR_CAUSES; cause++)
			if (digest->tally.spread[class][cause])
				family.ended.cause[cause] +=
					digest->tally.spread[class][cause]->count;
	}
	return breakdown_make(&digest->breakdown, &family, &digest->tally, &digest->paths);
}

static bool no_memory(struct pft_error *error)
{
	memset(error, 0, sizeof(*error));
	error->code = PFT_ERR_SYSTEM;
	error->err = ENOMEM;
	(void)strcpy(error->path, "the recording");
	return false;
}

static void make_hints(struct digest *digest)
{
	uint64_t start_ns = digest->host.start_ns;
	uint64_t wall_ns = digest->end_ns > start_ns ? digest->end_ns - start_ns : 0;
	char text[VERDICT_MAX];

	if (!digest->records)
		return;
	verdict(text, sizeof(text), &digest->breakdown, wall_ns);
	if (*text)
		hints_add(&digest->hints, DIGEST_VERDICT, text);
	hints_make(&digest->hints, &digest->tally, &digest->paths, wall_ns);
}

/**
 * digest_read - read a recording
 * @digest: to be filled
 * @root: the recording; must stay open
 * @options: which of its records are wanted
 * @error: why not
 *
 * Return: false on an error. What was read before it is there, unless it is that
 * memory ran out; digest_fini() is needed in any case.
 */
bool digest_read(struct digest *digest, struct pft_root *root, const struct options *options,
		 struct pft_error *error)
{
	struct profile_options profile = { .cells = DIGEST_CELLS };
	struct pft_error other;
	unsigned int kind;
	bool ok;

	memset(digest, 0, sizeof(*digest));
	digest->root = root;
	digest->options = options;
	if (options->nr_pids == 1)
		profile.pid = options->pids[0];
	paths_init(&digest->paths, root);
	codenames_init(&digest->names, false);
	codenames_recorded(&digest->names, root);
	digest->names.profile = &digest->profile;
	digest->text = malloc(sizeof(*digest->text));
	if (!profile_init(&digest->profile, &profile) || !digest->text)
		return no_memory(error);
	if (!pft_host_read(root, &digest->host, error) || !read_totals(digest, error))
		return false;
	timeline_init(&digest->timeline, digest->host.start_ns);
	ok = read_records(digest, error);
	(void)roster_complete(&digest->roster, root, &other);
	roster_sort(&digest->roster);
	if (!make_breakdown(digest))
		return no_memory(error);
	make_hints(digest);
	for (kind = 0; kind < PROFILE_KINDS; kind++) {
		digest->rows[kind].kind = kind;
		if (!profile_rows_select(&digest->rows[kind], &digest->profile))
			return no_memory(error);
	}
	return ok;
}

/**
 * digest_fini - give the memory back
 * @digest: from digest_read()
 */
void digest_fini(struct digest *digest)
{
	unsigned int kind;

	for (kind = 0; kind < PROFILE_KINDS; kind++)
		profile_rows_fini(&digest->rows[kind]);
	breakdown_fini(&digest->breakdown);
	tally_fini(&digest->tally);
	roster_fini(&digest->roster);
	profile_fini(&digest->profile);
	codenames_fini(&digest->names);
	paths_fini(&digest->paths);
	free(digest->text);
}

/**
 * digest_ns - time in faults
 * @digest: from digest_read()
 *
 * Return: the sum of any of its tables that has all faults, ns.
 */
uint64_t digest_ns(const struct digest *digest)
{
	return digest->ns[PFT_MINOR] + digest->ns[PFT_MAJOR] + digest->ns[PFT_INVALID];
}

/**
 * digest_grown - how much a counter of the machine grew
 * @digest: from digest_read()
 * @name: its name in `totals`
 *
 * Return: the difference; 0 where it was cleared in between.
 */
uint64_t digest_grown(const struct digest *digest, const char *name)
{
	uint64_t before = pft_totals_value(&digest->before, name);
	uint64_t after = pft_totals_value(&digest->after, name);

	return after > before ? after - before : 0;
}
