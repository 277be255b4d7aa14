// SPDX-License-Identifier: GPL-2.0
//
// The numbers on the page are those of the report.

import assert from 'node:assert/strict';

import { test } from './tap.mjs';
import { NONE, assertDuration, readCount, readName, readTable, sum } from './reading.mjs';

const count = (key) => (row, text) => assert.equal(readCount(text), row[key]);
const time = (key) => (row, text) =>
	row[key] === null ? assert.equal(text, NONE) : assertDuration(text, row[key]);
const text =
	(key, none = NONE) =>
	(row, shown) =>
		assert.equal(readName(shown), row[key] || none);
const number = (key) => (row, shown) => assert.equal(shown, String(row[key]));

const process = (row, shown, report) => {
	const comm = row.comm ?? report.processes.find((one) => one.pid === row.pid).comm;
	const own =
		row.tid === undefined || row.tid === row.pid ? row.pid : `${row.pid}/${row.tid}`;

	assert.equal(readName(shown), `${comm} [${own}]`);
};

function assertSize(shown, { start, end }) {
	if (!start) {
		assert.equal(shown, NONE);
		return;
	}
	const [, value, unit] = /^([\d.]+) (KiB|MiB|GiB)$/.exec(shown);
	const bytes = value * { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit];

	assert.ok(Math.abs(bytes / (end - start) - 1) < 0.005, shown);
}

const COMMON = {
	Class: text('class'),
	Cause: text('cause'),
	Meaning: text('meaning'),
	Faults: count('count'),
	Time: time('ns'),
	Mean: time('mean_ns'),
	p50: time('p50_ns'),
	p90: time('p90_ns'),
	p99: time('p99_ns'),
	Longest: time('max_ns'),
	Minor: count('minor'),
	Major: count('major'),
	Invalid: count('invalid'),
	File: text('file'),
	Mapping: text('name'),
	Process: process,
	'Top cause': text('top_cause'),
	PID: number('pid'),
	Parent: number('ppid'),
	Name: text('comm'),
	Command: text('command'),
	State: text('state'),
	'Minor time': time('minor_ns'),
	'Major time': time('major_ns'),
	Perms: text('perms'),
	Start: text('start'),
	End: text('end'),
	Address: text('address'),
	Instruction: text('ip'),
	Source: text('source'),
	Access: text('access'),
	'Last cause': text('last_cause'),
	Why: text('why'),
	By: text('symbol', '?'),
	In: text('file'),
	From: time('from_ns'),
	To: time('to_ns'),
	Symbol: (row, shown) =>
		assert.equal(
			readName(shown),
			row.symbol
				? `${row.symbol}${row.offset ? `+0x${row.offset.toString(16)}` : ''}`
				: '?',
		),
	At: (row, shown) => assert.equal(shown, `${(row.time_ns / 1e9).toFixed(6)} s`),
	Size: (row, shown) => assertSize(shown, row),
};

// Table, the order in which it comes, and what is particular to it.
const TABLES = [
	['causes', (row) => row.ns],
	['latency', null],
	['files', (row) => row.ns, { File: text('name') }],
	['code', (row) => row.ns],
	['vmas', (row) => row.ns],
	['pages', (row) => row.count],
	[
		'processes',
		(row) => row.minor + row.major + row.invalid,
		{
			Faults: (row, shown) =>
				assert.equal(readCount(shown), row.minor + row.major + row.invalid),
		},
	],
	['refused', (row) => -row.time_ns],
];

test('opens', async (t) => {
	await t.fresh();
	assert.equal(await t.browser.evaluate(() => document.documentElement.dataset.ready), '');
	assert.equal(
		await t.browser.evaluate(() => document.querySelectorAll('.failed').length),
		0,
	);
	assert.equal(
		await t.browser.evaluate(() => document.title),
		`Page faults of ${t.report.source.command}`,
	);
});

for (const [id, order, own] of TABLES)
	test(`numbers and names of table ${id}`, async (t) => {
		const { heads, rows } = await readTable(t.browser, `${id}-table`);
		const wanted = [...t.report[id]];

		if (order)
			wanted.sort(
				(a, b) =>
					(order(a) === null) - (order(b) === null) ||
					order(b) - order(a),
			);
		assert.equal(rows.length, wanted.length);
		rows.forEach((cells, i) =>
			heads.forEach((head, column) => {
				const check = own?.[head] || COMMON[head];

				assert.ok(check, `a column "${head}" is known`);
				check(wanted[i], cells[column], t.report);
			}),
		);
	});

test('a column without a fault of its class is left out, and no other', async (t) => {
	const heads = async (id) => (await readTable(t.browser, `${id}-table`)).heads;

	assert.ok(!(await heads('files')).includes('Invalid'));
	assert.ok((await heads('processes')).includes('Invalid'));
});

test('numbers of the summary', async (t) => {
	const tiles = await t.browser.evaluate(() =>
		Object.fromEntries(
			[...document.querySelectorAll('.tile')].map((tile) => [
				tile.querySelector('.label').textContent,
				[
					tile.querySelector('.value').textContent,
					...[...tile.querySelectorAll('.note')].map(
						(note) => note.textContent,
					),
				],
			]),
		),
	);
	const { totals, classes, source } = t.report;

	assert.deepEqual(Object.keys(tiles), [
		'faults',
		'minor',
		'major',
		'invalid',
		'time in faults',
	]);
	for (const kind of ['faults', 'minor', 'major', 'invalid'])
		assert.equal(readCount(tiles[kind][0]), totals[kind]);
	assertDuration(tiles['time in faults'][0], totals.fault_ns);
	const share = (100 * totals.fault_ns) / source.duration_ns / source.cpus;

	assert.equal(tiles['time in faults'][1], `${share.toFixed(1)} % of the time of 2 CPUs`);
	for (const row of classes.slice(0, 2)) {
		const [, p50, p99] = /^p50 (.*), p99 (.*)$/.exec(tiles[row.class][2]);

		assertDuration(p50, row.p50_ns);
		assertDuration(p99, row.p99_ns);
	}
	assert.equal(tiles.invalid[1], 'unmapped 9, null 5, write-denied 4');
});

test('the sentence that says where the time went', async (t) => {
	const { totals, causes } = t.report;
	const top = causes.find((row) => row.ns === Math.max(...causes.map((one) => one.ns)));
	const said = await t.browser.evaluate(
		() => document.querySelector('.headline').textContent,
	);
	const [, share, kind, cause, time, faults] = new RegExp(
		'^(.*) % of the time in faults went to ' +
			'(\\w+) faults of the cause (\\S+) .*: (.*) in ([\\d,]+) faults, ',
	).exec(said);

	assert.equal(share, ((100 * top.ns) / totals.fault_ns).toFixed(1));
	assert.deepEqual([kind, cause, readCount(faults)], [top.class, top.cause, top.count]);
	assertDuration(time, top.ns);
});

test('what was recorded', async (t) => {
	const facts = await t.browser.evaluate(() =>
		Object.fromEntries(
			[...document.querySelectorAll('.facts div')].map((fact) =>
				[...fact.children].map((part) => part.textContent),
			),
		),
	);

	assert.deepEqual(facts, {
		Recorded: '2026-11-21 19:00:00 UTC',
		Lasted: '60.0 s',
		Kernel: '6.12.107+deb13-amd64',
		Machine: 'x86_64, 2 CPUs',
		Hook: 'direct, ABI 2.0',
		File: 'load-model.pft',
	});
});

test('hints, each as it was given', async (t) => {
	const shown = await t.browser.evaluate(() =>
		[...document.querySelectorAll('.hints li')].map((hint) =>
			[...hint.children].map((part) => part.textContent),
		),
	);

	assert.deepEqual(
		shown,
		t.report.hints.map(({ kind, text: words }) => [kind, words]),
	);
});

test('refused faults are told together where they repeat', async (t) => {
	const shown = await t.browser.evaluate(() =>
		[...document.querySelectorAll('.crashes li')].map((crash) => [
			Number(crash.dataset.count),
			crash.innerText,
		]),
	);

	assert.equal(sum(shown.map(([times]) => times)), t.report.refused.length);
	assert.deepEqual(
		shown.map(([times]) => times),
		[4, 1, 4, 8, 1],
	);
	for (const part of [
		'a.out [3120]',
		'null',
		'4 times',
		'write at 0x8: NULL + 0x8',
		'by main',
		'/srv/bin/a.out',
		'0x401136',
	])
		assert.ok(shown[0][1].includes(part), `"${part}" in ${shown[0][1]}`);
});

test('doubts are said, one by one', async (t) => {
	const report = structuredClone(t.report);
	const said = () => t.browser.evaluate(() => document.querySelector('.trust').innerText);

	assert.match(await said(), /Read with care/);
	assert.ok((await said()).includes(`${t.report.totals.lost.toLocaleString('en')} records`));
	report.totals.lost = 0;
	await t.open(report);
	assert.match(await said(), /Nothing lost, nothing missed/);
	assert.match(await said(), /1,204 threads that ended agree/);
	report.source.complete = false;
	report.totals.filtered = 77;
	report.totals.missed.reentry = 3;
	report.totals.audit.mismatches = 1;
	await t.open(report);
	for (const words of [
		/cut short/,
		/77 faults left out/,
		/3 faults missed \(reentry\)/,
		/of 1 thread differ/,
	])
		assert.match(await said(), words);
	report.missed = { missed_table_full: 41 };
	report.audit = { threads: 5, mismatches: 2 };
	delete report.totals.missed;
	delete report.totals.audit;
	await t.open(report);
	for (const words of [/41 faults missed \(table_full\)/, /of 2 threads differ/])
		assert.match(await said(), words);
});

test('what the report has no room for is said', async (t) => {
	await t.open({ ...t.report, more: { vmas: 1234 }, dropped: { vmas: 2, code: 0, pages: 1 } });
	const notes = await t.browser.evaluate(() =>
		[...document.querySelectorAll('.table > .note')].map((note) => [
			note.parentElement.id,
			note.textContent,
		]),
	);

	assert.deepEqual(notes, [
		['vmas-table', '1,234 more are not in this report.'],
		['vmas-table', '2 faults had no room in this table.'],
		['pages-table', '1 fault had no room in this table.'],
	]);
});
