/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_VIEW_H
#define PFTOP_VIEW_H

#include "model.h"
#include "options.h"
#include "rows.h"

/**
 * enum view_next - what the user wants next
 * @VIEW_UPDATE: a new snapshot
 * @VIEW_STAY: nothing, wait on
 * @VIEW_QUIT: to end
 * @VIEW_FAIL: to end, with an error that was said
 */
enum view_next {
	VIEW_UPDATE,
	VIEW_STAY,
	VIEW_QUIT,
	VIEW_FAIL,
};

struct view;

/**
 * struct view_ops - a way to show snapshots
 * @init: before the first one; false after an error that was said
 * @show: a new snapshot is in the model
 * @wait: until the next one is wanted
 * @fini: after the last one; also where @init failed
 */
struct view_ops {
	bool (*init)(struct view *view);
	enum view_next (*show)(struct view *view);
	enum view_next (*wait)(struct view *view);
	void (*fini)(struct view *view);
};

/**
 * struct view - a view at work
 * @ops: which
 * @options: of the command line; keys may change them
 * @model: what to show
 * @root: where it comes from; a recording is stepped through by the view
 * @rows: which rows of it
 * @private: of the view
 */
struct view {
	const struct view_ops *ops;
	struct options *options;
	struct model *model;
	struct pft_root *root;
	struct rows rows;
	void *private;
};

extern const struct view_ops batch_view;
extern const struct view_ops screen_view;

#endif /* PFTOP_VIEW_H */
