/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_CONTROL_H
#define PFT_CONTROL_H

#include <linux/types.h>

int pft_control_init(void);
void pft_control_exit(void);
int pft_control_enable(bool on);
int pft_control_clear(void);

/**
 * struct pft_control_state - what is on, and what went by unseen
 * @enabled: the probes are on
 * @traced_ns: time they were on since load or clear
 * @no_instance: attempts missed for lack of a kretprobe instance
 * @nested: attempts missed within another kprobe
 * @ignored: see pft_reject_nested()
 * @hook: how handle_mm_fault() is hooked
 * @reject_hook: how refused faults are seen
 * @kprobes: whether those have an effect, see pft_armed_name()
 */
struct pft_control_state {
	bool enabled;
	u64 traced_ns;
	u64 no_instance;
	u64 nested;
	u64 ignored;
	const char *hook;
	const char *reject_hook;
	const char *kprobes;
};

void pft_control_state(struct pft_control_state *state);

#endif /* PFT_CONTROL_H */
