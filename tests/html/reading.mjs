// SPDX-License-Identifier: GPL-2.0
//
// Reading the page as a person would: text of tables, and what it says.

import assert from 'node:assert/strict';

const UNITS = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };

export const NONE = '–';

// 1,234 -> 1234
export function readCount(text) {
	assert.match(text, /^\d{1,3}(,\d{3})*$/);
	return Number(text.replaceAll(',', ''));
}

// Does this text name this duration, to the digits that it has?
export function assertDuration(text, ns) {
	const match = /^([\d,]+)(?:\.(\d+))? (ns|µs|ms|s)$/.exec(text);

	assert.ok(match, `"${text}" is a duration`);
	const unit = UNITS[match[3]];

	assert.ok(unit === 1 || text.replace(/\D/g, '').length >= 3, `${text} has three digits`);
	const shown = Number(`${match[1].replaceAll(',', '')}.${match[2] || 0}`) * unit;
	const half = unit / 2 / 10 ** (match[2] || '').length;

	assert.ok(Math.abs(shown - ns) <= half * 1.0001, `${text} for ${ns} ns`);
}

// \u{1b} -> the character; nothing unprintable may have been left as it was.
export function readName(text) {
	assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
	return text.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex) =>
		String.fromCodePoint(parseInt(hex, 16)),
	);
}

// { heads: [text], rows: [[text]] } of a table, all its rows.
export async function readTable(browser, id) {
	return browser.evaluate((element) => {
		const table = document.getElementById(element);
		const more = table.querySelector('.more');

		if (!more.hidden && more.textContent.startsWith('Show all')) more.click();
		return {
			heads: [...table.querySelectorAll('thead th')].map(
				(head) => head.textContent,
			),
			rows: [...table.querySelectorAll('tbody tr')].map((row) =>
				[...row.cells].map((cell) => cell.textContent),
			),
		};
	}, id);
}

// Where an element is in the window, after it was brought there.
export async function boxOf(browser, selector) {
	const box = await browser.evaluate((wanted) => {
		const element = document.querySelector(wanted);

		element.scrollIntoView({ block: 'center' });
		const { x, y, width, height } = element.getBoundingClientRect();

		return { x, y, width, height };
	}, selector);

	await browser.settled();
	return box;
}

export async function click(browser, selector) {
	const { x, y, width, height } = await boxOf(browser, selector);

	await browser.click(x + width / 2, y + height / 2);
}

// What the tip at the pointer says, or null.
export async function hover(browser, x, y) {
	await browser.mouse('mouseMoved', x, y);
	await browser.settled();
	return browser.evaluate(() => {
		const tip = document.getElementById('tip');

		return tip.hidden ? null : { text: tip.innerText, facts: { ...tip.dataset } };
	});
}

// Colours of the heatmap's canvas, as [r, g, b, a, r, ...], at x and y of the
// element. Not from the canvas itself: being read makes it a slower one.
export function pixels(browser, x = 0, y = 0, width = 0, height = 0) {
	return browser.evaluate(
		(left, top, wide, high) => {
			const canvas = document.querySelector('canvas');
			const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext(
				'2d',
				{ willReadFrequently: true },
			);

			copy.drawImage(canvas, 0, 0);
			return [
				...copy.getImageData(
					left,
					top,
					wide || canvas.width,
					high || canvas.height,
				).data,
			];
		},
		x,
		y,
		width,
		height,
	);
}

export function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}
