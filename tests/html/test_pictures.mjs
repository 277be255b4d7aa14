// SPDX-License-Identifier: GPL-2.0
//
// Histograms, timeline and heatmap: what they show when pointed at is what the
// report says of that place; the heatmap zooms.

import assert from 'node:assert/strict';

import { test } from './tap.mjs';
import { boxOf, click, hover, pixels, readCount, sum } from './reading.mjs';

const KINDS = ['minor', 'major', 'invalid'];
const MAP = 0;

const viewOf = (t) =>
	t.browser.evaluate(() => {
		const { left, right, bottom, top, shown } = document.querySelector('.heat').dataset;

		return {
			left: Number(left),
			right: Number(right),
			bottom: Number(bottom),
			top: Number(top),
			shown: Number(shown),
		};
	});

const faultsIn = (map, kinds = KINDS) =>
	sum(map.cells.map((cell) => sum(kinds.map((kind) => cell[3 + KINDS.indexOf(kind)]))));

// What the cells in the block of a tip add up to.
function countsOf(map, facts) {
	const { region, time, times, bin, bins } = Object.fromEntries(
		Object.entries(facts).map(([key, value]) => [key, Number(value)]),
	);
	const cells = map.cells.filter(
		([cellTime, cellRegion, cellBin]) =>
			cellRegion === region &&
			cellTime >= time &&
			cellTime < time + times &&
			cellBin >= bin &&
			cellBin < bin + bins,
	);

	return KINDS.map((_, i) => sum(cells.map((cell) => cell[3 + i])));
}

// The box around the block that the tip is about, in pixels of the canvas.
const markBox = (t) =>
	t.browser.evaluate(() => {
		const { style } = document.querySelector('.mark-box');

		return ['left', 'top', 'width', 'height'].map((key) => parseFloat(style[key]));
	});

// It is the block at the pointer, but for the rounding to whole pixels.
function assertUnder([left, top, width, height], x, y) {
	const where = `${x} ${y} in ${[left, top, width, height]}`;

	assert.ok(x >= left - 1 && x <= left + width + 1, where);
	assert.ok(y >= top - 1 && y <= top + height + 1, where);
}

// Points at a grid of places; checks every tip, returns how many had faults.
async function hoverAll(t, map, across, down) {
	const box = await boxOf(t.browser, 'canvas');
	let full = 0;

	for (let i = 0; i < across; i++) {
		for (let j = 0; j < down; j++) {
			const x = box.x + 200 + ((i + 0.5) / across) * (box.width - 220);
			const y = box.y + 12 + ((j + 0.5) / down) * (box.height - 40);
			const tip = await hover(t.browser, x, y);

			assert.ok(tip, 'there is a tip everywhere in the picture');
			assertUnder(await markBox(t), x - box.x, y - box.y);
			const wanted = countsOf(map, tip.facts);

			assert.deepEqual(
				KINDS.map((kind) => Number(tip.facts[kind])),
				wanted,
			);
			KINDS.forEach((kind, k) =>
				assert.equal(
					readCount(
						new RegExp(`${kind}\\s+([\\d,]+)`).exec(
							tip.text,
						)[1],
					),
					wanted[k],
				),
			);
			assertPlace(map, tip);
			full += sum(wanted) > 0;
		}
	}
	return full;
}

// The tip's addresses and times are those of its block.
function assertPlace(map, { text, facts }) {
	const region = map.regions[facts.region];
	const place = (bin) => BigInt(region.start) + BigInt(bin) * BigInt(map.bin_bytes);
	const [, from, to] = /from\s+(0x[0-9a-f]+)\s+to\s+(0x[0-9a-f]+)/.exec(text);
	const [, begin, end] = /time\s+([\d.]+) to ([\d.]+) s/.exec(text);
	const time = Number(facts.time);

	assert.equal(BigInt(from), place(facts.bin));
	assert.ok(BigInt(to) <= BigInt(region.end) && BigInt(to) > BigInt(from));
	assert.equal(begin, ((time * map.bin_ns) / 1e9).toFixed(3));
	assert.equal(end, (((time + Number(facts.times)) * map.bin_ns) / 1e9).toFixed(3));
}

// Faults from each power of two of ns to the next.
function barsOf(report, kind) {
	const bars = new Map();

	for (let ns = 1; ns < 1e12; ns *= 2) {
		const bins = report.latency.filter(
			(bin) => bin.class === kind && bin.from_ns >= ns && bin.from_ns < 2 * ns,
		);

		if (bins.length) bars.set(ns, sum(bins.map((bin) => bin.count)));
	}
	return bars;
}

test('histograms: every power of two, as high as its count', async (t) => {
	await t.fresh();
	for (const kind of ['minor', 'major']) {
		const wanted = [...barsOf(t.report, kind).values()];
		const bars = await t.browser.evaluate(
			(name) =>
				[
					...document.querySelectorAll(
						`.latency[data-class="${name}"] rect.bar`,
					),
				].map((bar) => [
					Number(bar.dataset.count),
					bar.getBoundingClientRect().height,
				]),
			kind,
		);
		const most = Math.max(...wanted);
		const highest = Math.max(...bars.map(([, height]) => height));

		assert.deepEqual(
			bars.map(([count]) => count),
			wanted,
		);
		for (const [count, height] of bars)
			assert.ok(Math.abs(height - Math.max(1.5, (highest * count) / most)) < 0.6);
	}
	assert.equal(
		await t.browser.evaluate(() => document.querySelectorAll('.latency').length),
		2,
	);
});

test('histograms: on a logarithmic scale small counts can be seen', async (t) => {
	const least = () =>
		t.browser.evaluate(() =>
			Math.min(
				...[...document.querySelectorAll('.latency rect.bar')].map(
					(bar) => bar.getBoundingClientRect().height,
				),
			),
		);

	assert.ok((await least()) < 3);
	await click(t.browser, '#latency [data-choice="log"]');
	assert.ok((await least()) > 8);
});

test('histograms: a tip says what a bar is', async (t) => {
	const box = await boxOf(t.browser, '.latency rect.bar:nth-of-type(4)');
	const tip = await hover(t.browser, box.x + box.width / 2, box.y + box.height / 2);
	const count = barsOf(t.report, 'minor').get(Number(tip.facts.from));

	assert.equal(readCount(/faults\s+([\d,]+)/.exec(tip.text)[1]), count);
});

test('timeline: the counts at the pointer', async (t) => {
	const box = await boxOf(t.browser, '.timeline');
	const { timeline } = t.report;

	for (const part of [0.1, 0.35, 0.5, 0.664, 0.66, 0.9]) {
		const { text, facts } = await hover(
			t.browser,
			box.x + part * box.width,
			box.y + 80,
		);
		const between = (counts) => sum(counts.slice(Number(facts.from), Number(facts.to)));

		assert.ok(Math.abs(facts.from / timeline.minor.length - (part - 0.03)) < 0.04);
		for (const kind of KINDS)
			assert.equal(
				readCount(new RegExp(`${kind}\\s+([\\d,]+) fault`).exec(text)[1]),
				between(timeline[kind]),
			);
		const lost = /records lost\s+([\d,]+)/.exec(text);

		assert.equal(lost ? readCount(lost[1]) : 0, between(timeline.lost));
	}
});

test('timeline: a drag chooses the time that the heatmap shows', async (t) => {
	const box = await boxOf(t.browser, '.timeline');
	const at = (part) => ({ x: box.x + 56 + part * (box.width - 68), y: box.y + 100 });
	const bins = t.report.timeline.minor.length;

	await t.browser.drag(at(0.7), at(0.3));
	const { left, right, shown } = await viewOf(t);
	const cells = t.report.heatmaps[MAP].cells.filter(
		([time]) => time >= Math.floor(left) && time < right,
	);

	assert.ok(Math.abs(left / bins - 0.3) < 0.003 && Math.abs(right / bins - 0.7) < 0.003);
	assert.equal(shown, sum(cells.map(([, , , ...counts]) => sum(counts))));
	await t.browser.click(at(0.5).x, at(0.5).y, 2);
	assert.equal((await viewOf(t)).shown, faultsIn(t.report.heatmaps[MAP]));
});

test('timeline: where records were lost is marked', async (t) => {
	assert.equal(
		await t.browser.evaluate(() => document.querySelectorAll('rect.lost').length),
		t.report.timeline.lost.filter((count) => count > 0).length,
	);
});

test('heatmap: the whole is there', async (t) => {
	for (const [i, map] of t.report.heatmaps.entries()) {
		await t.browser.evaluate((index) => {
			const select = document.querySelector('#heatmap select');

			select.value = String(index);
			select.dispatchEvent(new Event('change'));
		}, i);
		assert.equal((await viewOf(t)).shown, faultsIn(map));
	}
});

test('heatmap: one class of faults alone', async (t) => {
	await t.fresh();
	for (const kind of KINDS) {
		await click(t.browser, `#heatmap [data-choice="${kind}"]`);
		assert.equal((await viewOf(t)).shown, faultsIn(t.report.heatmaps[MAP], [kind]));
	}
	await click(t.browser, '#heatmap [data-choice="all"]');
});

test('heatmap: tips tell what the report says', async (t) => {
	const full = await hoverAll(t, t.report.heatmaps[MAP], 14, 14);

	assert.ok(full > 9, `${full} of the places had faults`);
});

test('heatmap: a block with faults has a colour, an empty one has not', async (t) => {
	const box = await boxOf(t.browser, 'canvas');
	const seen = { empty: new Set(), full: new Set() };

	for (let i = 0; i < 60; i++) {
		const x = Math.round(box.x + 230 + i * 7);
		const y = Math.round(box.y + box.height * 0.3);
		const { facts } = await hover(t.browser, x, y);
		const [left, top, width, height] = await markBox(t);
		const pixel = await pixels(
			t.browser,
			Math.floor(left + width / 2),
			Math.floor(top + height / 2),
			1,
			1,
		);

		seen[facts.minor + facts.major + facts.invalid === '000' ? 'empty' : 'full'].add(
			String(pixel),
		);
	}
	assert.equal(seen.empty.size, 1);
	assert.ok(seen.full.size > 3);
	assert.ok(!seen.full.has([...seen.empty][0]));
});

test('heatmap: no tip beside the picture', async (t) => {
	const box = await boxOf(t.browser, 'canvas');

	assert.equal(await hover(t.browser, box.x + 20, box.y + 40), null);
});

test('heatmap: a drag zooms to what it covered', async (t) => {
	const box = await boxOf(t.browser, 'canvas');
	const from = { x: box.x + 300, y: box.y + 60 };
	const to = { x: box.x + 700, y: box.y + box.height * 0.5 };
	const { facts: first } = await hover(t.browser, from.x, from.y);
	const { facts: last } = await hover(t.browser, to.x, to.y);
	const whole = await viewOf(t);

	await t.browser.drag(from, to);
	const view = await viewOf(t);

	assert.ok(Math.abs(view.left - first.time) <= Number(first.times) + 1);
	assert.ok(Math.abs(view.right - last.time) <= Number(last.times) + 1);
	assert.ok(view.bottom > whole.bottom && view.top < whole.top);
	assert.ok(view.shown > 0 && view.shown < whole.shown);
	assert.match(
		await t.browser.evaluate(() => document.querySelector('.view').textContent),
		/^A part: /,
	);
	await hoverAll(t, t.report.heatmaps[MAP], 8, 8);
});

test('heatmap: keys and buttons zoom, move and go back', async (t) => {
	await t.browser.evaluate(() => document.querySelector('canvas').focus());
	await t.browser.key('0');
	const whole = await viewOf(t);

	assert.equal(whole.left, 0);
	assert.equal(whole.shown, faultsIn(t.report.heatmaps[MAP]));
	await t.browser.key('+');
	const close = await viewOf(t);

	assert.equal(close.right - close.left, (whole.right - whole.left) / 2);
	await t.browser.key('ArrowRight');
	assert.ok((await viewOf(t)).left > close.left);
	await t.browser.key('ArrowLeft');
	assert.ok(Math.abs((await viewOf(t)).left - close.left) < 1e-6);
	await t.browser.key('ArrowUp');
	assert.ok((await viewOf(t)).top > close.top);
	await t.browser.key('-');
	await t.browser.key('-');
	assert.deepEqual(await viewOf(t), whole);
	await click(t.browser, '[aria-label="Zoom in"]');
	assert.ok((await viewOf(t)).right < whole.right);
	await click(t.browser, '[aria-label="Show the whole"]');
	assert.deepEqual(await viewOf(t), whole);
});

test('heatmap: the wheel zooms with Ctrl, at the pointer, and else scrolls', async (t) => {
	const box = await boxOf(t.browser, 'canvas');
	const [x, y] = [box.x + 800, box.y + 100];
	const whole = await viewOf(t);
	const before = await hover(t.browser, x, y);

	for (let i = 0; i < 4; i++)
		await t.browser.mouse('mouseWheel', x, y, {
			deltaX: 0,
			deltaY: -100,
			modifiers: 2,
		});
	await t.browser.settled();
	const view = await viewOf(t);
	const after = await hover(t.browser, x, y);

	assert.ok(view.right - view.left < whole.right - whole.left);
	assert.ok(Math.abs(after.facts.time - before.facts.time) <= 2);
	assert.equal(after.facts.region, before.facts.region);
	await t.browser.mouse('mouseWheel', x, y, { deltaX: 0, deltaY: -100 });
	await t.browser.settled();
	assert.deepEqual(await viewOf(t), view);
	const place = await boxOf(t.browser, 'canvas');

	await t.browser.click(place.x + 800, place.y + 100, 2);
	assert.deepEqual(await viewOf(t), whole);
});
