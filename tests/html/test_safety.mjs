// SPDX-License-Identifier: GPL-2.0
//
// Names stay text, nothing is fetched, and what is not a report is said so.

import assert from 'node:assert/strict';

import { test } from './tap.mjs';
import { readName, readTable } from './reading.mjs';
import { HOSTILE, empty } from './sample.mjs';

const shownText = (t) => t.browser.evaluate(() => document.getElementById('main').innerText);

test('hostile names are there, as text', async (t) => {
	await t.fresh();
	const { heads, rows } = await readTable(t.browser, 'processes-table');

	for (const column of ['Name', 'Command']) {
		const names = rows.map((row) => readName(row[heads.indexOf(column)]));

		for (const name of HOSTILE) assert.ok(names.includes(name), JSON.stringify(name));
	}
});

test('hostile names made no element and ran no code', async (t) => {
	assert.equal(await t.browser.evaluate(() => typeof window.broken), 'undefined');
	assert.deepEqual(
		await t.browser.evaluate(() => [
			document.querySelectorAll('script').length,
			document.querySelectorAll('img, iframe, object, embed, link, base, form, b')
				.length,
			[...document.querySelectorAll('*')].filter((one) =>
				[...one.attributes].some((attribute) =>
					attribute.name.startsWith('on'),
				),
			).length,
		]),
		[2, 0, 0],
	);
});

test('nothing unprintable is shown anywhere, titles and choices included', async (t) => {
	const found = await t.browser.evaluate(() => {
		const bad =
			/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
		const text = [document.title];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);

		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			if (node.nodeType === 3 && node.parentElement.tagName !== 'SCRIPT')
				text.push(node.data);
			else if (node.nodeType === 1)
				text.push(
					...[...node.attributes].map((attribute) => attribute.value),
				);
		}
		return text.filter((one) => bad.test(one));
	});

	assert.deepEqual(found, []);
});

test('a hostile command in the title', async (t) => {
	const report = structuredClone(t.report);

	for (const name of HOSTILE) {
		report.source.command = name;
		report.source.file = name;
		await t.open(report);
		assert.equal(
			readName(
				await t.browser.evaluate(
					() => document.querySelector('h1').textContent,
				),
			),
			`Page faults of ${name}`,
		);
	}
	assert.equal(await t.browser.evaluate(() => typeof window.broken), 'undefined');
});

test('an empty recording has its page', async (t) => {
	await t.open(empty());
	const text = await shownText(t);

	for (const words of [
		'Nothing lost, nothing missed',
		'The numbers justify no advice.',
		'No fault was recorded.',
		'No duration was measured.',
		'The recording is empty.',
		'No faults to draw.',
		'No fault was refused.',
		'No process faulted.',
	])
		assert.ok(text.includes(words), words);
	assert.doesNotMatch(text, /NaN|undefined|Infinity|null/);
});

test('a report with what is not known left out has its page', async (t) => {
	const report = structuredClone(t.report);

	report.source.command = null;
	report.heatmaps = [];
	for (const key of ['pages', 'hints', 'timeline', 'latency']) delete report[key];
	for (const row of report.code) row.symbol = row.source = null;
	await t.open(report);
	assert.doesNotMatch(await shownText(t), /NaN|undefined|Infinity|\bnull \+/);
	assert.equal(await t.browser.evaluate(() => document.title), 'Page faults of process 2411');
});

test('a large report is shown within seconds', async (t) => {
	const report = structuredClone(t.report);
	const many = (rows, count) =>
		Array.from({ length: count }, (_, i) => rows[i % rows.length]);

	for (const key of ['processes', 'files', 'vmas', 'code', 'pages', 'refused'])
		report[key] = many(report[key], 5000);
	report.heatmaps = many(report.heatmaps, 8).map((map) => ({
		...map,
		cells: many(map.cells, 40000).map((cell, i) => [i % 3000, ...cell.slice(1)]),
	}));
	for (const key of ['minor', 'major', 'invalid', 'lost'])
		report.timeline[key] = many(report.timeline[key], 6000);
	const begin = Date.now();

	await t.open(report);
	assert.ok(Date.now() - begin < 20000, `${Date.now() - begin} ms`);
	assert.equal(
		await t.browser.evaluate(() => document.querySelectorAll('#code tbody tr').length),
		12,
	);
});

test('one section that fails leaves the others', async (t) => {
	const report = structuredClone(t.report);

	for (const row of report.vmas) row.start = '<b>nonsense</b>';
	report.heatmaps[0].regions[0].end = null;
	await t.open(report);
	assert.deepEqual(
		await t.browser.evaluate(() =>
			[...document.querySelectorAll('.failed')].map((one) => [
				one.closest('section').id,
				one.textContent.startsWith('This cannot be shown: '),
			]),
		),
		[
			['heatmap', true],
			['vmas', true],
		],
	);
	assert.equal((await readTable(t.browser, 'code-table')).rows.length, report.code.length);
});

for (const [what, report, words] of [
	['of another schema', { schema: 'x', version: 1 }, /it is not a report of pftop/],
	['of a later version', { schema: 'pftop-report', version: 2 }, /its version is 2/],
	['cut short', '{"schema":"pftop-rep', /cannot be shown: .*JSON/],
	['empty', '', /cannot be shown/],
	['another thing', '[]', /not a report/],
])
	test(`a report ${what}: the page says so`, async (t) => {
		await t.open(report);
		assert.match(await shownText(t), words);
	});

test('the browser had nothing to complain of, and asked for no other file', async (t) => {
	assert.deepEqual(t.browser.complaints, []);
	assert.deepEqual([...new Set(t.browser.requests)], [t.url]);
	assert.ok(t.url.startsWith('file:///'));
});

// The last one: it makes the browser complain. Even markup that got into the
// page could do nothing.
test('the policy of the page runs no script, style or image that is not its own', async (t) => {
	await t.fresh();
	t.browser.complaints.length = 0;
	await t.browser.evaluate(() => {
		const script = document.createElement('script');

		script.textContent = 'window.broken = 1';
		document.body.append(script);
		const box = document.createElement('div');

		box.innerHTML =
			'<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" ' +
			'onerror="window.broken = 2"><svg onload="window.broken = 3"></svg>' +
			'<p id="styled" style="color: rgb(1, 2, 3)"></p>';
		document.body.append(box);
	});
	await t.browser.settled();
	assert.equal(await t.browser.evaluate(() => typeof window.broken), 'undefined');
	assert.notEqual(
		await t.browser.evaluate(
			() => getComputedStyle(document.getElementById('styled')).color,
		),
		'rgb(1, 2, 3)',
	);
	assert.ok(t.browser.complaints.length >= 3);
	assert.equal(new Set(t.browser.requests.filter((url) => !url.startsWith('data:'))).size, 1);
});
