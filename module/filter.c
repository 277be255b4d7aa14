// SPDX-License-Identifier: GPL-2.0
/*
 * Filters: which faults are recorded, and given to the tracepoint.
 *
 * All filters together are one struct that never changes once the handlers
 * can see it. A change is parsed first, which may fail; then another struct,
 * of which all parts but the changed one are those of the old, takes the old
 * one's place, and what is left over is freed when no handler can hold it any
 * more. So a handler sees all of a change or nothing of it.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/glob.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/threads.h>
#include <linux/time64.h>

#include "fault.h"
#include "filter.h"
#include "record.h"

/* They bound what a handler does for one fault. */
#define MAX_PIDS	1024
#define MAX_GLOBS	64
#define MAX_GLOB	63	/* bytes as matched; a name has up to 15 */
#define MAX_GROUPS	64

/* Longest path of a cgroup that is taken. */
#define MAX_PATH	1024

const char *const pft_filter_names[PFT_NR_FILTERS] = {
#define X(id, name) \
	[id] = #name,
	PFT_FILTERS(X)
#undef X
};

/**
 * struct part - what one file of filter/ says, if it needs memory
 * @nr: of pids, of names in @globs, or of groups
 * @text: how comm and cgroup are shown
 * @globs: patterns, one behind the other, each with its NUL
 * @pids: ascending, none twice
 * @groups: a reference is held of each
 */
struct part {
	unsigned int nr;
	char *text;
	union {
		char *globs;
		u32 *pids;
		struct cgroup **groups;
	};
};

/**
 * struct filter - all of it
 * @set: a bit for each enum pft_filter_id that is in force
 * @classes: a bit for each enum pft_class
 * @causes: a bit for each enum pft_cause
 * @min_latency_ns: shortest latency that passes
 * @parts: of pid, comm and cgroup
 */
struct filter {
	unsigned long set;
	unsigned long classes;
	u64 causes;
	u64 min_latency_ns;
	const struct part *parts[PFT_NR_FILTERS];
};

static_assert(PFT_NR_CAUSES <= 64);

DEFINE_STATIC_KEY_FALSE(pft_filter_key);

/**
 * struct pft_filter_change - one filter changed; all of them when in force
 * @id: what is changed
 * @filter: only what belongs to @id, until pft_filter_commit()
 */
struct pft_filter_change {
	enum pft_filter_id id;
	struct filter filter;
};

/* NULL: none is set. Changed under filter_lock. */
static struct pft_filter_change __rcu *current_filter;
static DEFINE_MUTEX(filter_lock);

static char *params[PFT_NR_FILTERS];
#define X(id, name)							\
	module_param_named(filter_##name, params[id], charp, 0400);	\
	MODULE_PARM_DESC(filter_##name, "what is recorded: as the file filter/" #name);
PFT_FILTERS(X)
#undef X

/* Handlers */

static bool pid_matches(const struct part *part)
{
	unsigned int low = 0, high = part->nr;
	u32 pid = current->tgid;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (part->pids[middle] == pid)
			return true;
		if (part->pids[middle] < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* glob_match() neither recurses nor sleeps, and keeps no state. */
static bool comm_matches(const struct part *part)
{
	const char *glob = part->globs;
	char comm[PFT_COMM_LEN];
	unsigned int i;

	/* data_race: another thread may be renaming this one. */
	data_race(memcpy(comm, current->comm, sizeof(comm)));
	comm[sizeof(comm) - 1] = '\0';
	for (i = 0; i < part->nr; i++) {
		if (glob_match(glob, comm))
			return true;
		glob += strlen(glob) + 1;
	}
	return false;
}

/*
 * A thread's groups are freed by RCU, and a group has pointers to all of its
 * ancestors, which it pins: cgroup_is_descendant() is one comparison.
 */
static bool cgroup_matches(const struct part *part)
{
#ifdef CONFIG_CGROUPS
	struct cgroup *own = pft_cgroup();
	unsigned int i;

	for (i = 0; i < part->nr; i++)
		if (cgroup_is_descendant(own, part->groups[i]))
			return true;
#endif
	return false;
}

/**
 * pft_filter_match - does a fault pass all filters?
 * @fault: at its end
 * @class: how it ended
 * @latency_ns: its duration
 *
 * What costs least is asked first.
 *
 * Context: in the thread that faulted, preemption off, any interrupt state.
 * Takes no lock, cannot sleep or fault.
 * Return: true if it is to be recorded.
 */
bool pft_filter_match(const struct pft_fault *fault, enum pft_class class, u64 latency_ns)
{
	const struct pft_filter_change *now = rcu_dereference_sched(current_filter);
	const struct filter *f = &now->filter;

	if (!now)	/* the key is a little behind */
		return true;
	if ((f->set & BIT(PFT_FILTER_CLASS)) && !(f->classes & BIT(class)))
		return false;
	if ((f->set & BIT(PFT_FILTER_CAUSE)) && !(f->causes >> pft_fault_cause(fault) & 1))
		return false;
	/* Most of those refused have no duration; none is out for it. */
	if (latency_ns < f->min_latency_ns && class != PFT_INVALID)
		return false;
	if ((f->set & BIT(PFT_FILTER_PID)) && !pid_matches(f->parts[PFT_FILTER_PID]))
		return false;
	if ((f->set & BIT(PFT_FILTER_CGROUP)) && !cgroup_matches(f->parts[PFT_FILTER_CGROUP]))
		return false;
	return !(f->set & BIT(PFT_FILTER_COMM)) || comm_matches(f->parts[PFT_FILTER_COMM]);
}

/* Parsing */

/**
 * next_word - cut the next word off a text
 * @text: where to go on; moved behind the word
 * @between: what is between words
 *
 * Return: the word, NUL-terminated in place, or NULL if there is none left.
 */
static char *next_word(char **text, const char *between)
{
	char *word;

	do {
		word = strsep(text, between);
	} while (word && !*word);
	return word;
}

/* Is this the backslash of \ooo, which stands for one byte? */
static bool is_octal(const char *s)
{
	return s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
	       s[3] >= '0' && s[3] <= '7';
}

static char octal(const char *s)
{
	return (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
}

/**
 * decode - a word with \ooo for bytes that it cannot hold, as it is meant
 * @to: where
 * @room: there, the NUL included
 * @word: the word
 * @quote: bytes before which a backslash is put if they came as \ooo
 *
 * Return: bytes written without the NUL, or -E2BIG, or -EINVAL for \000.
 */
static int decode(char *to, size_t room, const char *word, const char *quote)
{
	size_t n = 0;

	while (*word) {
		char c = *word;
		bool escaped = is_octal(word);

		if (escaped) {
			c = octal(word);
			if (!c)
				return -EINVAL;
		}
		if (n + 3 > room)
			return -E2BIG;
		if (escaped && strchr(quote, c))
			to[n++] = '\\';
		to[n++] = c;
		word += escaped ? 4 : 1;
	}
	to[n] = '\0';
	return n;
}

/* Behind @at: a word as it is shown, its control characters as \ooo. */
static char *encode(char *at, const char *word)
{
	for (; *word; word++)
		at += pft_escape(at, *word, "");
	*at = '\0';
	return at;
}

static void free_part(const struct part *part, enum pft_filter_id id)
{
	unsigned int __maybe_unused i;

	if (!part)
		return;
#ifdef CONFIG_CGROUPS
	if (id == PFT_FILTER_CGROUP)
		for (i = 0; i < part->nr; i++)
			cgroup_put(part->groups[i]);
#endif
	kvfree(part->pids);
	kfree(part->text);
	kfree(part);
}

static int compare_pids(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static int parse_pids(struct part *part, char *text)
{
	unsigned int i, nr = 0;
	const char *word;
	int err;

	part->pids = kvcalloc(MAX_PIDS, sizeof(*part->pids), GFP_KERNEL);
	if (!part->pids)
		return -ENOMEM;
	while ((word = next_word(&text, " \t\n,"))) {
		u32 pid;

		err = kstrtou32(word, 10, &pid);
		if (err)
			return err;
		if (!pid || pid > PID_MAX_LIMIT)
			return -ERANGE;
		if (nr == MAX_PIDS)
			return -E2BIG;
		part->pids[nr++] = pid;
	}
	sort(part->pids, nr, sizeof(*part->pids), compare_pids, NULL);
	for (i = 0; i < nr; i++)
		if (!part->nr || part->pids[i] != part->pids[part->nr - 1])
			part->pids[part->nr++] = part->pids[i];
	return 0;
}

static int parse_globs(struct part *part, char *text)
{
	size_t size = strlen(text);
	char *at, *word, *glob;
	int n;

	/* a pattern is at most as long as its word; a word may be shown as \ooo */
	part->globs = kvzalloc(size + 3, GFP_KERNEL);
	part->text = kzalloc(4 * size + 1, GFP_KERNEL);
	if (!part->globs || !part->text)
		return -ENOMEM;
	at = part->text;
	glob = part->globs;
	while ((word = next_word(&text, " \t\n"))) {
		n = decode(glob, min_t(size_t, part->globs + size + 3 - glob, MAX_GLOB + 3), word,
			   "*?[\\");
		if (n < 0)
			return n;
		if (n > MAX_GLOB || part->nr == MAX_GLOBS)
			return -E2BIG;
		if (part->nr++)
			*at++ = ' ';
		at = encode(at, word);
		glob += n + 1;
	}
	return 0;
}

static struct cgroup *find_group(const char *word, char *path)
{
#ifdef CONFIG_CGROUPS
	struct cgroup *group;
	u64 id;
	int err;

	if (word[0] == '/') {
		err = decode(path, MAX_PATH, word, "");
		if (err < 0)
			return ERR_PTR(err);
		return cgroup_get_from_path(path);
	}
	err = kstrtou64(word, 10, &id);
	if (err)
		return ERR_PTR(err);
	group = cgroup_get_from_id(id);
	return group ?: ERR_PTR(-ENOENT);	/* NULL is what 5.14 to 5.17 return */
#else
	return ERR_PTR(-EOPNOTSUPP);
#endif
}

static int parse_groups(struct part *part, char *text)
{
	char *path, *at, *word;
	int err = 0;

	part->groups = kvcalloc(MAX_GROUPS, sizeof(*part->groups), GFP_KERNEL);
	part->text = kzalloc(4 * strlen(text) + 1, GFP_KERNEL);
	path = kmalloc(MAX_PATH, GFP_KERNEL);
	if (!part->groups || !part->text || !path)
		err = -ENOMEM;
	at = part->text;
	while (!err && (word = next_word(&text, " \t\n"))) {
		struct cgroup *group = ERR_PTR(-E2BIG);

		if (part->nr < MAX_GROUPS)
			group = find_group(word, path);
		if (IS_ERR(group)) {
			err = PTR_ERR(group);
			break;
		}
		if (part->nr)
			*at++ = ' ';
		at = encode(at, word);
		part->groups[part->nr++] = group;
	}
	kfree(path);
	return err;
}

static int parse_part(struct filter *f, enum pft_filter_id id, char *text)
{
	struct part *part = kzalloc(sizeof(*part), GFP_KERNEL);
	int err;

	if (!part)
		return -ENOMEM;
	f->parts[id] = part;
	if (id == PFT_FILTER_PID)
		err = parse_pids(part, text);
	else if (id == PFT_FILTER_COMM)
		err = parse_globs(part, text);
	else
		err = parse_groups(part, text);
	if (!err && part->nr) {
		f->set |= BIT(id);
	} else {
		free_part(part, id);
		f->parts[id] = NULL;
	}
	return err;
}

/* Names of a table: a bit for each. */
static int parse_names(u64 *bits, char *text, const char *const *names, unsigned int nr)
{
	const char *word;
	int i;

	while ((word = next_word(&text, " \t\n,"))) {
		i = match_string(names, nr, word);
		if (i < 0)
			return -EINVAL;
		*bits |= BIT_ULL(i);
	}
	return 0;
}

static int parse_latency(struct filter *f, char *text)
{
	const char *word = next_word(&text, " \t\n");
	u32 us = 0;
	int err;

	if (!word)
		return 0;
	err = kstrtou32(word, 10, &us);
	if (!err && next_word(&text, " \t\n"))
		err = -EINVAL;
	f->min_latency_ns = (u64)us * NSEC_PER_USEC;
	return err;
}

static int parse(struct filter *f, enum pft_filter_id id, char *text)
{
	u64 bits = 0;
	int err;

	switch (id) {
	case PFT_FILTER_CLASS:
		err = parse_names(&bits, text, pft_class_names, PFT_NR_CLASSES);
		f->classes = bits;
		break;
	case PFT_FILTER_CAUSE:
		err = parse_names(&bits, text, pft_cause_names, PFT_NR_CAUSES);
		f->causes = bits;
		break;
	case PFT_FILTER_LATENCY:
		err = parse_latency(f, text);
		bits = f->min_latency_ns;
		break;
	default:
		return parse_part(f, id, text);
	}
	if (bits)
		f->set |= BIT(id);
	return err;
}

/**
 * pft_filter_parse - get a change of one filter ready
 * @id: which
 * @text: what it is to be, in the form in which it is shown; blank: no filter
 * @size: bytes of @text
 *
 * Context: may sleep.
 * Return: the change, for pft_filter_commit() or pft_filter_drop(); or
 * ERR_PTR of -EINVAL, -ERANGE, -E2BIG, -ENOMEM, or what looking for a cgroup
 * returned (-ENOENT).
 */
struct pft_filter_change *pft_filter_parse(enum pft_filter_id id, const char *text, size_t size)
{
	struct pft_filter_change *change;
	char *copy;
	int err;

	if (size > PFT_FILTER_TEXT)
		return ERR_PTR(-E2BIG);
	if (memchr(text, '\0', size))
		return ERR_PTR(-EINVAL);
	copy = kmemdup_nul(text, size, GFP_KERNEL);
	change = kzalloc(sizeof(*change), GFP_KERNEL);
	if (!copy || !change) {
		kfree(copy);
		kfree(change);
		return ERR_PTR(-ENOMEM);
	}
	change->id = id;
	err = parse(&change->filter, id, copy);
	kfree(copy);
	if (err) {
		pft_filter_drop(change);
		return ERR_PTR(err);
	}
	return change;
}

/**
 * pft_filter_drop - forget a change
 * @change: of pft_filter_parse(), or NULL
 *
 * Context: may sleep.
 */
void pft_filter_drop(struct pft_filter_change *change)
{
	if (!change)
		return;
	free_part(change->filter.parts[change->id], change->id);
	kfree(change);
}

/**
 * pft_filter_commit - put a change in force
 * @change: of pft_filter_parse(); it is consumed
 *
 * Context: may sleep. Faults that end from now on are judged by it.
 */
void pft_filter_commit(struct pft_filter_change *change)
{
	struct filter *f = &change->filter;
	enum pft_filter_id id = change->id;
	struct pft_filter_change *old;
	const struct part *gone = NULL;
	unsigned int i;

	mutex_lock(&filter_lock);
	old = rcu_dereference_protected(current_filter, lockdep_is_held(&filter_lock));
	if (old) {
		gone = old->filter.parts[id];
		f->set |= old->filter.set & ~BIT(id);
		if (id != PFT_FILTER_CLASS)
			f->classes = old->filter.classes;
		if (id != PFT_FILTER_CAUSE)
			f->causes = old->filter.causes;
		if (id != PFT_FILTER_LATENCY)
			f->min_latency_ns = old->filter.min_latency_ns;
		for (i = 0; i < PFT_NR_FILTERS; i++)
			if (i != id)
				f->parts[i] = old->filter.parts[i];
	}
	if (f->set) {
		rcu_assign_pointer(current_filter, change);
		static_branch_enable(&pft_filter_key);
	} else {
		static_branch_disable(&pft_filter_key);
		RCU_INIT_POINTER(current_filter, NULL);
		kfree(change);
	}
	if (old)	/* handlers, which are not preempted, may have it */
		synchronize_rcu();
	mutex_unlock(&filter_lock);
	free_part(gone, id);
	kfree(old);
}

static void show_names(struct seq_file *m, u64 bits, const char *const *names, unsigned int nr)
{
	const char *between = "";
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (bits & BIT_ULL(i)) {
			seq_printf(m, "%s%s", between, names[i]);
			between = " ";
		}
}

/**
 * pft_filter_show - print a filter so that it can be written again
 * @m: where
 * @id: which
 *
 * One line, which is empty if the filter is not set.
 *
 * Context: may sleep.
 */
void pft_filter_show(struct seq_file *m, enum pft_filter_id id)
{
	const struct pft_filter_change *now;
	const struct filter *f;
	const struct part *part;
	unsigned int i;

	mutex_lock(&filter_lock);
	now = rcu_dereference_protected(current_filter, lockdep_is_held(&filter_lock));
	f = &now->filter;
	if (now && (f->set & BIT(id))) {
		part = f->parts[id];
		switch (id) {
		case PFT_FILTER_PID:
			for (i = 0; i < part->nr; i++)
				seq_printf(m, "%s%u", i ? " " : "", part->pids[i]);
			break;
		case PFT_FILTER_CLASS:
			show_names(m, f->classes, pft_class_names, PFT_NR_CLASSES);
			break;
		case PFT_FILTER_CAUSE:
			show_names(m, f->causes, pft_cause_names, PFT_NR_CAUSES);
			break;
		case PFT_FILTER_LATENCY:
			seq_printf(m, "%llu", div_u64(f->min_latency_ns, NSEC_PER_USEC));
			break;
		default:
			seq_puts(m, part->text);
		}
	}
	mutex_unlock(&filter_lock);
	seq_putc(m, '\n');
}

/**
 * pft_filter_init - set the filters that the parameters name
 *
 * Context: may sleep; before the probes are on.
 * Return: 0, or what pft_filter_parse() returned (logged).
 */
int pft_filter_init(void)
{
	struct pft_filter_change *change;
	unsigned int i;

	for (i = 0; i < PFT_NR_FILTERS; i++) {
		if (!params[i])
			continue;
		change = pft_filter_parse(i, params[i], strlen(params[i]));
		if (IS_ERR(change)) {
			pr_err("filter_%s=%.40s: cannot be set (%ld)\n", pft_filter_names[i],
			       params[i], PTR_ERR(change));
			pft_filter_exit();
			return PTR_ERR(change);
		}
		pft_filter_commit(change);
	}
	return 0;
}

/**
 * pft_filter_exit - take all filters away
 *
 * Context: may sleep; no handler runs.
 */
void pft_filter_exit(void)
{
	struct pft_filter_change *now = rcu_dereference_protected(current_filter, true);
	unsigned int i;

	static_branch_disable(&pft_filter_key);
	RCU_INIT_POINTER(current_filter, NULL);
	for (i = 0; now && i < PFT_NR_FILTERS; i++)
		free_part(now->filter.parts[i], i);
	kfree(now);
}
