// SPDX-License-Identifier: GPL-2.0
/* Numbers with their units, for people. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <uapi/pftrace.h>

#include "units.h"

/**
 * units_grouped - a count: 262,912
 * @text: where to write
 * @size: bytes there
 * @value: the count
 *
 * Return: @text, as for all of these.
 */
const char *units_grouped(char *text, size_t size, uint64_t value)
{
	char plain[24];
	size_t length, i, used = 0;

	length = (size_t)snprintf(plain, sizeof(plain), "%" PRIu64, value);
	for (i = 0; i < length && used + 2 < size; i++) {
		if (i && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = plain[i];
	}
	text[used] = '\0';
	return text;
}

/**
 * units_s - the end of a noun behind a number
 * @count: the number
 *
 * Return: "", or "s" for more than one, and for none.
 */
const char *units_s(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/**
 * units_es - the same of a noun that ends with an s
 * @count: the number
 *
 * Return: "", or "es".
 */
const char *units_es(uint64_t count)
{
	return count == 1 ? "" : "es";
}

/**
 * units_time - a duration: 1.3 us
 * @text: where to write
 * @size: bytes there
 * @ns: the duration
 *
 * Return: @text.
 */
const char *units_time(char *text, size_t size, uint64_t ns)
{
	if (ns < 1000)
		(void)snprintf(text, size, "%" PRIu64 " ns", ns);
	else if (ns < 1000000)
		(void)snprintf(text, size, "%.1f us", (double)ns / 1e3);
	else if (ns < 1000000000)
		(void)snprintf(text, size, "%.1f ms", (double)ns / 1e6);
	else
		(void)snprintf(text, size, "%.2f s", (double)ns / 1e9);
	return text;
}

/**
 * units_time_short - a duration as one word: 1.3us
 * @text: where to write
 * @size: bytes there
 * @ns: the duration
 *
 * Return: @text.
 */
const char *units_time_short(char *text, size_t size, uint64_t ns)
{
	char *blank;

	(void)units_time(text, size, ns);
	blank = strchr(text, ' ');
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
	return text;
}

/**
 * units_bytes - a distance or an amount: 24 bytes, 8 KiB, 1.5 MiB
 * @text: where to write
 * @size: bytes there
 * @bytes: how many
 *
 * Return: @text.
 */
const char *units_bytes(char *text, size_t size, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes / 1024;
	unsigned int unit = 0;

	if (bytes < 1024) {
		(void)snprintf(text, size, "%" PRIu64 " byte%s", bytes, units_s(bytes));
		return text;
	}
	while (value >= 1023.95 && unit < sizeof(units) / sizeof(units[0]) - 1) {
		value /= 1024;
		unit++;
	}
	if (bytes % (1ULL << (10 * (unit + 1))) == 0)
		(void)snprintf(text, size, "%.0f %s", value, units[unit]);
	else
		(void)snprintf(text, size, "%.1f %s", value, units[unit]);
	return text;
}

/**
 * units_mapped - a size of what got mapped: 4K, 64K, 2M, 1G
 * @text: where to write
 * @size: bytes there
 * @bytes: a power of two
 *
 * Return: @text.
 */
const char *units_mapped(char *text, size_t size, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	unsigned int unit = 0;

	bytes >>= 10;
	while (bytes >= 1024 && unit < sizeof(units) - 2) {
		bytes >>= 10;
		unit++;
	}
	(void)snprintf(text, size, "%" PRIu64 "%c", bytes, units[unit]);
	return text;
}

/**
 * units_page_bytes - bytes of what got mapped
 * @order: pft_record.order
 *
 * Return: the bytes, or 0 where they are not known.
 */
uint64_t units_page_bytes(unsigned int order)
{
	/* No architecture maps more than 2^40 bytes by one entry. */
	return order <= 28 ? (uint64_t)sysconf(_SC_PAGESIZE) << order : 0;
}
