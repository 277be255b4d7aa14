/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_ARMED_H
#define PFT_ARMED_H

struct kprobe;

/* What switches kprobes off, for messages. */
#define PFT_DISARMED	"kprobes/enabled in debugfs, or sysctl kernel.ftrace_enabled, is 0"

int pft_armed_get(void);
void pft_armed_put(void);
void pft_armed_off(const struct kprobe *gone);
const char *pft_armed_name(void);

#endif /* PFT_ARMED_H */
