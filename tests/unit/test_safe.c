// SPDX-License-Identifier: GPL-2.0
/* No byte that a program chose reaches the terminal raw. */

#include <locale.h>
#include <string.h>

#include "fake.h"
#include "safe.h"

static void test_known(void **state)
{
	static const struct {
		const char *from;
		const char *utf8;
		const char *ascii;
	} all[] = {
		{ "plain text", "plain text", "plain text" },
		{ "\033[2J", "\\033[2J", "\\033[2J" },
		{ "a\nb\rc\td", "a\\012b\\015c\\011d", "a\\012b\\015c\\011d" },
		{ "\x7f\\", "\\177\\134", "\\177\\134" },
		{ "gr\303\274n", "gr\303\274n", "gr\\303\\274n" },
		{ "\302\233" "31m", "\\302\\23331m", "\\302\\23331m" },	/* C1 CSI */
		{ "\342\200\256x", "\\342\\200\\256x", "\\342\\200\\256x" },	/* bidi override */
		{ "\300\200", "\\300\\200", "\\300\\200" },	/* NUL, too long */
		{ "\340\200\257", "\\340\\200\\257", "\\340\\200\\257" },	/* '/', too long */
		{ "\355\240\200", "\\355\\240\\200", "\\355\\240\\200" },	/* surrogate */
		{ "\364\220\200\200", "\\364\\220\\200\\200", "\\364\\220\\200\\200" },
		{ "\377\376", "\\377\\376", "\\377\\376" },
		{ "cut \342\202", "cut \\342\\202", "cut \\342\\202" },
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		safe_text(text, sizeof(text), all[i].from, true);
		assert_string_equal(text, all[i].utf8);
		safe_text(text, sizeof(text), all[i].from, false);
		assert_string_equal(text, all[i].ascii);
	}
}

/* All pairs of bytes, in all rooms: printable, ended, within its room. */
static void test_all_pairs(void **state)
{
	char from[3], to[16];
	size_t size, length, i;
	int a, b, utf8;

	(void)state;
	for (a = 1; a < 256; a++) {
		for (b = 1; b < 256; b++) {
			from[0] = (char)a;
			from[1] = (char)b;
			from[2] = '\0';
			for (size = 1; size <= 10; size++) {
				for (utf8 = 0; utf8 < 2; utf8++) {
					memset(to, 0x1b, sizeof(to));
					length = safe_text(to, size, from, utf8);
					assert_true(length < size);
					assert_int_equal(to[length], 0);
					for (i = 0; i < length; i++) {
						assert_true((unsigned char)to[i] >= ' ');
						assert_int_not_equal(to[i], 0x7f);
						if (!utf8)
							assert_true(to[i] > 0);
					}
				}
			}
		}
	}
}

static void test_fit(void **state)
{
	char to[64];

	(void)state;
	assert_int_equal(safe_fit(to, sizeof(to), "abcdef", 3, true), 3);
	assert_string_equal(to, "abc");
	/* An escape is shown whole or not at all. */
	assert_int_equal(safe_fit(to, sizeof(to), "ab\033", 5, true), 2);
	assert_string_equal(to, "ab");
	assert_int_equal(safe_fit(to, sizeof(to), "x", 0, true), 0);
	assert_string_equal(to, "");
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	/* Two wide characters take four columns, six bytes. */
	assert_int_equal(safe_fit(to, sizeof(to), "\346\274\242\345\255\227", 3, true), 2);
	assert_string_equal(to, "\346\274\242");
	assert_true(safe_locale_is_utf8());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_all_pairs),
		cmocka_unit_test(test_fit),
	};

	return cmocka_run_group_tests_name("safe", tests, NULL, NULL);
}
