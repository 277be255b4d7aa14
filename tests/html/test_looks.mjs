// SPDX-License-Identifier: GPL-2.0
//
// Light and dark, wide and narrow, on paper.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { test } from './tap.mjs';
import { click, pixels } from './reading.mjs';

const groundOf = (t) => t.browser.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = 'rgb(245, 246, 248)';
const DARK = 'rgb(20, 23, 27)';

// The colour of an empty place of the heatmap: a canvas has to be drawn anew.
async function canvasGround(t) {
	const data = await pixels(t.browser);
	const seen = new Map();

	for (let i = 0; i < data.length; i += 4) {
		const key = data.slice(i, i + 3).join(' ');

		if (data[i + 3]) seen.set(key, (seen.get(key) || 0) + 1);
	}
	return [...seen]
		.sort((a, b) => b[1] - a[1])[0][0]
		.split(' ')
		.map(Number);
}

// Text whose contrast with what is behind it is below 4.5 (WCAG 2, AA).
const faintText = (t) =>
	t.browser.evaluate(() => {
		const parse = (value) => (value.match(/[\d.]+/g) || []).map(Number);
		const luminance = (colour) => {
			const [r, g, b] = colour.map((part) => {
				const value = part / 255;

				return value <= 0.03928
					? value / 12.92
					: ((value + 0.055) / 1.055) ** 2.4;
			});

			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const contrast = (one, other) => {
			const [high, low] = [luminance(one), luminance(other)].sort(
				(a, b) => b - a,
			);

			return (high + 0.05) / (low + 0.05);
		};
		const grounds = (element) => {
			const found = [];

			for (let at = element; at; at = at.parentElement) {
				const style = getComputedStyle(at);

				if (style.backgroundImage !== 'none')
					found.push(parse(style.backgroundImage).slice(0, 3));
				const colour = parse(style.backgroundColor);

				if (colour.length === 3) {
					found.push(colour);
					break;
				}
			}
			return found;
		};
		const faint = new Set();

		for (const element of document.querySelectorAll('body *')) {
			const own = [...element.childNodes].some(
				(node) => node.nodeType === 3 && node.data.trim(),
			);

			if (!own || !element.checkVisibility() || element.closest('script, option'))
				continue;
			const style = getComputedStyle(element);
			const text = parse(element.closest('svg') ? style.fill : style.color).slice(
				0,
				3,
			);

			for (const ground of grounds(element))
				if (contrast(text, ground) < 4.5)
					faint.add(
						`${element.tagName} ${element.className.baseVal ?? element.className}: ` +
							`${text} on ${ground}`,
					);
		}
		return [...faint];
	});

async function shoot(t, name) {
	const size = await t.browser.evaluate(() => ({
		x: 0,
		y: 0,
		width: document.documentElement.clientWidth,
		height: document.documentElement.scrollHeight,
	}));

	writeFileSync(join(t.build, `${name}.png`), await t.browser.screenshot(size));
}

test('light and dark, as the reader has it', async (t) => {
	await t.fresh();
	assert.equal(await groundOf(t), LIGHT);
	const light = await canvasGround(t);

	await t.browser.scheme('dark');
	assert.equal(await groundOf(t), DARK);
	const dark = await canvasGround(t);

	assert.ok(Math.min(...light) > 240 && Math.max(...dark) < 40, `${light} ${dark}`);
});

test('light and dark, as the reader wants it', async (t) => {
	for (const [scheme, choice, ground] of [
		['dark', 'light', LIGHT],
		['dark', 'auto', DARK],
		['light', 'dark', DARK],
		['light', 'auto', LIGHT],
	]) {
		await t.browser.scheme(scheme);
		await click(t.browser, `header [data-choice="${choice}"]`);
		assert.equal(await groundOf(t), ground);
		assert.equal((await canvasGround(t))[0] < 128, ground === DARK);
	}
});

for (const scheme of ['light', 'dark'])
	test(`${scheme}: all text stands out from what is behind it`, async (t) => {
		await t.fresh();
		await t.browser.scheme(scheme);
		await t.browser.evaluate(() =>
			document.querySelectorAll('details').forEach((one) => {
				one.open = true;
			}),
		);
		assert.deepEqual(await faintText(t), []);
	});

test('no width makes the page scroll sideways', async (t) => {
	for (const width of [320, 390, 600, 720, 768, 1024, 1400, 2200]) {
		await t.browser.resize(width, 900);
		await t.open(t.report);
		assert.equal(
			await t.browser.evaluate(() => document.documentElement.scrollWidth),
			width,
		);
	}
});

test('pictures follow the width of the window', async (t) => {
	await t.fresh();
	await t.browser.resize(700, 900);
	const widths = await t.browser.evaluate(() =>
		['canvas', '.timeline svg', '.latency svg'].map((selector) => {
			const element = document.querySelector(selector);

			return [
				element.getBoundingClientRect().width,
				Number(element.getAttribute('width')) /
					(selector === 'canvas' ? devicePixelRatio : 1),
			];
		}),
	);

	for (const [shown, drawn] of widths) {
		assert.ok(Math.abs(shown - drawn) <= 1, `${shown} ${drawn}`);
		assert.ok(shown < 700);
	}
});

test('on paper: light, without what cannot be pressed there', async (t) => {
	await t.fresh();
	await t.browser.scheme('dark', 'print');
	assert.deepEqual(
		await t.browser.evaluate(() =>
			[...document.querySelectorAll('nav, input, select, button:not(th button)')]
				.filter((one) => one.checkVisibility())
				.map((one) => one.outerHTML),
		),
		[],
	);
	assert.equal(
		await t.browser.evaluate(() => getComputedStyle(document.body).color),
		'rgb(27, 31, 36)',
	);
	assert.ok(Math.min(...(await canvasGround(t))) > 240);
	const pdf = await t.browser.pdf();

	assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
	const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g).length;

	assert.ok(pages >= 2 && pages <= 12, `${pages} pages`);
	await t.browser.scheme('light');
});

test('screenshots are taken', async (t) => {
	for (const scheme of ['light', 'dark'])
		for (const width of [1400, 390]) {
			await t.fresh();
			await t.browser.scheme(scheme);
			await t.browser.resize(width, 900);
			await shoot(t, `${scheme}-${width}`);
		}
});
