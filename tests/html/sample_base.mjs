// SPDX-License-Identifier: GPL-2.0
//
// What the parts of the sample share.

export const MINUTE = 60e9;
export const BINS = 300;
export const PAGE = 4096;

// Names that a page must show as text, and survive.
export const HOSTILE = [
	'</script><script>window.broken = 1</script>',
	'</script x=1 ',
	'</SCRIPT/x',
	'<img src=x onerror="window.broken = 2">',
	'<!--<script ',
	'"><svg onload=window.broken=3>',
	'&lt;b&gt;&amp;',
	'it\'s "quoted" `${window.broken = 4}`',
	'esc\u001b[31mred\u001b[0m bell\u0007',
	'nul\u0000inside',
	'line\nfeed\ttab',
	'separators\u2028\u2029',
	'\u202egnp.exe (right to left override)',
	'שלום עולם',
	'中文名字 😀',
	'lone \ud800 surrogate',
	'Z\u0351\u036b\u0343\u036a\u0302a\u0324\u031f\u0333l\u0317g\u030co',
	`/very/long/${'abcdefghij/'.repeat(380)}end.so`,
	'__proto__',
	'constructor',
];

// A small generator with a fixed seed: the same numbers everywhere.
function generator(seed) {
	let state = seed;

	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

export const random = generator(5);
export const between = (low, high) => low + Math.floor(random() * (high - low + 1));
export const hex = (value) => `0x${value.toString(16)}`;
export const total = (values) => values.reduce((sum, value) => sum + value, 0);
