/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFT_RECORD_H
#define PFT_RECORD_H

#include <linux/seq_file.h>
#include <linux/types.h>

#include "file.h"
#include "uapi/pftrace.h"

/* Longest text of a record, with its newline: all fields at their widest. */
#define PFT_RECORD_TEXT	(512 + 2 * PFT_FILE_TEXT)

/* Four characters for each byte of a name. */
#define PFT_COMM_TEXT	(4 * PFT_COMM_LEN + 1)

extern const char pft_record_header[];
extern const char *const pft_class_names[PFT_NR_CLASSES];
extern const char *const pft_cause_names[PFT_NR_CAUSES];

size_t pft_escape(char *to, unsigned char c, const char *also);
void pft_comm_text(char *to, const char *comm);
int pft_record_text(char *to, size_t size, const struct pft_record *rec);
void pft_record_format(struct seq_file *m);

#endif /* PFT_RECORD_H */
