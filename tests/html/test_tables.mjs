// SPDX-License-Identifier: GPL-2.0
//
// Tables: sorted by any column, searched, narrowed down to one process.

import assert from 'node:assert/strict';

import { test } from './tap.mjs';
import { click, readCount, readTable } from './reading.mjs';

const column = async (t, id, head) => {
	const { heads, rows } = await readTable(t.browser, id);

	return rows.map((row) => row[heads.indexOf(head)]);
};

const head = (id, number) => `#${id} thead th:nth-child(${number}) button`;

test('a click on a title sorts, another one reverses', async (t) => {
	await t.fresh();
	await click(t.browser, head('files-table', 2));
	const down = (await column(t, 'files-table', 'Minor')).map(readCount);

	assert.deepEqual(
		down,
		[...down].sort((a, b) => b - a),
	);
	assert.ok(new Set(down).size > 5);
	await click(t.browser, head('files-table', 2));
	assert.deepEqual(
		(await column(t, 'files-table', 'Minor')).map(readCount),
		[...down].reverse(),
	);
	assert.deepEqual(
		await t.browser.evaluate(() =>
			[...document.querySelectorAll('#files-table th')].map(
				(one) => one.ariaSort,
			),
		),
		[null, 'ascending', null, null],
	);
});

test('names sort from a to z', async (t) => {
	await click(t.browser, head('files-table', 1));
	const names = await column(t, 'files-table', 'File');

	assert.equal(names.length, t.report.files.length);
	assert.deepEqual(
		[names[0], names.at(-1)],
		['"><svg onload=window.broken=3>', '中文名字 😀'],
	);
});

test('addresses sort as numbers, and what is not known comes last', async (t) => {
	await click(t.browser, head('pages-table', 3));
	const shown = await column(t, 'pages-table', 'Address');

	assert.deepEqual(
		shown.map(Number),
		shown.map(Number).sort((a, b) => a - b),
	);
	for (let i = 0; i < 2; i++) {
		await click(t.browser, head('code-table', 2));
		const sources = await column(t, 'code-table', 'Source');

		assert.ok(sources.indexOf('–') > 5);
		assert.deepEqual(new Set(sources.slice(sources.indexOf('–'))), new Set(['–']));
	}
});

test('the keyboard sorts too', async (t) => {
	await t.browser.evaluate(
		(button) => document.querySelector(button).focus(),
		head('vmas-table', 7),
	);
	await t.browser.key('Enter');
	const minor = (await column(t, 'vmas-table', 'Minor')).map(readCount);

	assert.deepEqual(
		minor,
		[...minor].sort((a, b) => b - a),
	);
});

test('a long table is short until asked for', async (t) => {
	await t.fresh();
	const rows = () =>
		t.browser.evaluate(() => document.querySelectorAll('#files tbody tr').length);

	assert.equal(await rows(), 12);
	await click(t.browser, '#files .more');
	assert.equal(await rows(), t.report.files.length);
	await click(t.browser, '#files .more');
	assert.equal(await rows(), 12);
});

test('search keeps the rows that hold the words', async (t) => {
	await t.browser.evaluate(() => document.querySelector('#files input').focus());
	for (const letter of 'LIBC') await t.browser.key(letter);
	assert.deepEqual(await column(t, 'files-table', 'File'), [
		'/usr/lib/x86_64-linux-gnu/libc.so.6',
	]);
	assert.equal(
		await t.browser.evaluate(
			() => document.querySelector('#files .status').textContent,
		),
		`1 of ${t.report.files.length}`,
	);
	for (const letter of 'zzz') await t.browser.key(letter);
	assert.deepEqual(await column(t, 'files-table', 'File'), ['Nothing matches.']);
});

test('one process alone, in every table that names one', async (t) => {
	await t.browser.evaluate(() => {
		const select = document.getElementById('process');

		select.value = '2502';
		select.dispatchEvent(new Event('change'));
	});
	for (const id of ['code', 'vmas', 'pages', 'refused']) {
		const wanted = t.report[id].filter((row) => row.pid === 2502).length;
		const { heads, rows } = await readTable(t.browser, `${id}-table`);

		assert.equal(wanted > 0, id === 'code' || id === 'vmas');
		if (wanted)
			assert.deepEqual(
				rows.map((row) => row[heads.indexOf('Process')]),
				Array(wanted).fill('cc1 [2502]'),
			);
		else assert.deepEqual(rows, [['Nothing matches.']]);
	}
	assert.equal(
		await t.browser.evaluate(
			() =>
				document.querySelector('#heatmap select').selectedOptions[0]
					.textContent,
		),
		'cc1 [2502]',
	);
});
