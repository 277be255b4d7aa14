/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFTOP_UNITS_H
#define PFTOP_UNITS_H

#include <stddef.h>
#include <stdint.h>

const char *units_grouped(char *text, size_t size, uint64_t value);
const char *units_s(uint64_t count);
const char *units_es(uint64_t count);
const char *units_time(char *text, size_t size, uint64_t ns);
const char *units_time_short(char *text, size_t size, uint64_t ns);
const char *units_bytes(char *text, size_t size, uint64_t bytes);
const char *units_mapped(char *text, size_t size, uint64_t bytes);
uint64_t units_page_bytes(unsigned int order);

#endif /* PFTOP_UNITS_H */
