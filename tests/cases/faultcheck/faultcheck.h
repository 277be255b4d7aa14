/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FAULTCHECK_H
#define FAULTCHECK_H

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOT		"/sys/kernel/debug/pftrace/"

/* How many, of which the first 20 are printed. */
extern int differences;

void __attribute__((format(printf, 1, 2))) differs(const char *format, ...);
void __attribute__((noreturn)) fail(const char *what);
FILE *open_file(const char *name);
void *grow(void *from, size_t bytes);

/* What faultgen says: the last line of its output, and values of it. */
json_t *last_line(const char *path);
long long number(const json_t *object, const char *key);
const char *text(const json_t *object, const char *key);
uint64_t address(const json_t *object, const char *key);

void check_counts(const json_t *json);
void check_records(const json_t *json);

enum field {
	F_POS, F_TIME, F_ADDRESS, F_IP, F_START, F_END, F_PGOFF, F_LATENCY, F_PID, F_TGID,
	F_CLASS, F_ACCESS, F_ORIGIN, F_PERMS, F_CPU, F_RETRIES, F_RESULT, F_CAUSE, F_LEVEL,
	F_ORDER, F_BELOW, F_ABOVE, F_SYSCALL, F_LIMIT,
	NR_FIELDS
};

struct record {
	uint64_t f[NR_FIELDS];
	bool taken;
};

extern struct record *records;
extern size_t nr_records;

/* Only these are kept: when they ended. */
extern uint64_t keep_from, keep_to;

/* Names of causes and levels, as `format` numbers them. */
#define MAX_NAMES	64

extern char causes[MAX_NAMES][32], levels[MAX_NAMES][32];
extern const char *const classes[];

uint64_t number_of(char (*names)[32], const char *name);
const char *name_of(char (*names)[32], uint64_t value);
void read_rings(bool keep, uint64_t *nr_read, uint64_t *nr_lost, uint64_t *next);

#endif /* FAULTCHECK_H */
