// SPDX-License-Identifier: GPL-2.0
/*
 * Functions that tell where they are: PREFIX_shown, which others can find, and
 * PREFIX_hidden, which is static. Built into a program or a library.
 */

#include <stdio.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

/* The empty statement behind the call keeps it from becoming a jump. */
#define TELL(function) \
	do { \
		tell(TEXT(PREFIX) #function, JOIN(PREFIX, function), __LINE__); \
		__asm__ volatile(""); \
	} while (0)

/* The byte before the return address is one of the call. */
__attribute__((noinline)) static void tell(const char *name, void (*function)(void), int line)
{
	printf("%s %p %p %d\n", name, (void *)function,
	       (char *)__builtin_return_address(0) - 1, line);
}

__attribute__((noinline)) static void JOIN(PREFIX, _hidden)(void)
{
	TELL(_hidden);
}

void JOIN(PREFIX, _shown)(void);

void JOIN(PREFIX, _shown)(void)
{
	TELL(_shown);
	JOIN(PREFIX, _hidden)();
}
