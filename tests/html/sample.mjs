// SPDX-License-Identifier: GPL-2.0
//
// A report to test the page with: a minute of a machine that loads a model,
// compiles, and runs a database; among them processes whose names are made to
// break out of a page. Always the same, and its sums agree, as a real one's do.
//
//	node sample.mjs [sample|empty]

import { BINS, HOSTILE, MINUTE, PAGE, between, hex, random, total } from './sample_base.mjs';
import { makeCauses } from './sample_causes.mjs';

export { HOSTILE };

// Shares count out over bins, more where the weight is higher.
function shareOut(count, weights) {
	const whole = total(weights);
	let left = count;
	const shares = weights.map((weight) => {
		const share = Math.min(left, Math.floor((count * weight) / whole));

		left -= share;
		return share;
	});

	for (let i = 0; left > 0; i = (i + 7) % shares.length, left--) shares[i]++;
	return shares;
}

function makeTimeline(report) {
	const bins = [...Array(BINS).keys()];
	const wave = (i) =>
		(i > 20 && i < 140 ? 30 * (0.6 + random()) : 2 + 2 * random()) +
		(i > 180 && i < 230 ? 70 * Math.exp(-(((i - 200) / 9) ** 2)) : 0);

	report.timeline = {
		bin_ns: MINUTE / BINS,
		minor: shareOut(report.totals.minor, bins.map(wave)),
		major: shareOut(
			report.totals.major,
			bins.map((i) => (i > 20 && i < 140 ? random() ** 2 : i === 240 ? 6 : 0)),
		),
		invalid: shareOut(
			report.totals.invalid,
			bins.map((i) => (i === 199 || i === 251 ? 1 : 0)),
		),
		lost: bins.map((i) => (i > 196 && i < 201 ? between(200, 900) : 0)),
	};
	report.totals.lost = total(report.timeline.lost);
}

const PROGRAMS = [
	[2411, 2400, 'load-model', './load-model --threads 2 weights.bin', 'exited'],
	[2502, 2450, 'cc1', '/usr/lib/gcc/x86_64-linux-gnu/14/cc1 -O2 parser.c', 'exited'],
	[873, 1, 'postgres', 'postgres: checkpointer', 'running'],
	[3120, 2411, 'jit', './jit --emit', 'SIGSEGV'],
	[3121, 2411, 'a.out', './a.out', 'SIGSEGV'],
];

function makeProcesses(report) {
	const all = [...PROGRAMS, ...HOSTILE.map((text, i) => [4000 + i, 1, text, text, 'exited'])];
	const weights = all.map((_, i) => (i < 3 ? [70, 20, 6][i] : 0.3 + random() / 4));
	const minor = shareOut(report.totals.minor, weights);
	const major = shareOut(report.totals.major, weights);
	const [minorClass, majorClass] = report.classes;

	report.processes = all.map(([pid, ppid, comm, command, state], i) => ({
		pid,
		ppid,
		comm,
		command,
		state,
		minor: minor[i],
		major: major[i],
		invalid: { 3120: 6, 3121: 7, 4000: 5 }[pid] || 0,
		minor_ns: minor[i] * minorClass.mean_ns,
		major_ns: major[i] * majorClass.mean_ns,
		top_cause: i === 2 ? 'file' : 'zero',
	}));
}

function makeFiles(report) {
	const names = [
		'/srv/models/weights.bin',
		'/usr/lib/x86_64-linux-gnu/libc.so.6',
		'/usr/lib/gcc/x86_64-linux-gnu/14/cc1',
		'/var/lib/pg/base/16384/2619',
		'[anon]',
		'/usr/lib/x86_64-linux-gnu/libstdc++.so.6 (deleted)',
		...HOSTILE,
	];

	report.files = names.map((name, i) => ({
		name,
		minor: between(10, 90000 / (i + 1)),
		major: i === 0 ? 1102 : between(0, 12),
		invalid: 0,
		ns: i === 0 ? 1612345678 : between(1000, 9e7 / (i + 1)),
	}));
}

const REGIONS = [
	['0x55d0c0a00000', '0x55d0c0a9c000', 'r-xp', '/srv/bin/load-model'],
	['0x55d0c0c9c000', '0x55d0c0ca0000', 'rw-p', '/srv/bin/load-model'],
	['0x55d0c2000000', '0x55d0c2c00000', 'rw-p', '[heap]'],
	['0x7f1a00000000', '0x7f1a20000000', 'r--p', '/srv/models/weights.bin'],
	['0x7f1a40000000', '0x7f1a60000000', 'rw-p', '[anon]'],
	['0x7f1a60e00000', '0x7f1a61000000', 'r-xp', '/usr/lib/x86_64-linux-gnu/libc.so.6'],
	['0x7f1a61100000', '0x7f1a61300000', 'r--p', HOSTILE[0]],
	['0x7f1a61400000', '0x7f1a61480000', 'rw-p', HOSTILE[10]],
	['0x7ffc10000000', '0x7ffc10021000', 'rw-p', '[stack]'],
];

function makeVmas(report) {
	for (const pid of [2411, 2502, 873])
		for (const [start, end, perms, name] of REGIONS)
			report.vmas.push({
				pid,
				start,
				end,
				perms,
				name,
				minor: between(5, 60000),
				major: name.includes('weights') ? between(50, 700) : 0,
				invalid: 0,
				ns: between(2e5, 4e8),
				p99_ns: between(900, 8e6),
				top_cause: name.startsWith('/') ? 'file' : 'zero',
			});
	report.vmas.push({
		pid: 3121,
		start: null,
		end: null,
		perms: '-',
		name: 'no mapping',
		minor: 0,
		major: 0,
		invalid: 9,
		ns: 0,
		p99_ns: null,
		top_cause: 'unmapped',
	});
}

function makeCode(report) {
	const symbols = [
		'load_tensor',
		'memcpy',
		'main',
		'std::vector<float>::push_back(float&&)',
		'ggml_init',
		'parse_declaration',
		null,
		'BufferAlloc',
		...HOSTILE,
	];

	report.code = symbols.map((symbol, i) => ({
		pid: [2411, 2502, 873][i % 3],
		comm: ['load-model', 'cc1', 'postgres'][i % 3],
		ip: hex(0x55d0c0a01000 + 0x1234 * i),
		symbol,
		offset: symbol ? between(0, 400) : 0,
		source: i % 2 ? null : `src/file${i}.c:${between(1, 900)}`,
		file: i === 1 ? '/usr/lib/x86_64-linux-gnu/libc.so.6' : '/srv/bin/load-model',
		minor: between(3, 150000 / (i + 1)),
		major: i < 2 ? between(10, 900) : 0,
		invalid: 0,
		ns: between(1e5, 1e9 / (i + 1)),
		top_cause: i === 0 ? 'file' : 'zero',
	}));
}

function makePages(report) {
	for (let i = 0; i < 40; i++)
		report.pages.push({
			pid: 2411,
			address: hex(0x7f1a40000000 + i * 5 * PAGE),
			name: i % 9 === 8 ? HOSTILE[i % HOSTILE.length] : '[anon]',
			count: 60 - i,
			last_cause: i % 2 ? 'zero' : 'swap',
			ns: (60 - i) * between(700, 1900),
		});
}

function makeRefused(report) {
	const kinds = [
		['null', 'w', '0x8', 'NULL + 0x8', 'main'],
		['write-denied', 'w', '0x55d0c0a00010', 'write to r-x of load-model', 'patch'],
		['unmapped', 'r', '0x7f1a70000123', '256 MiB above [anon]', null],
	];
	const counts = [5, 4, 9];

	kinds.forEach(([cause, access, address, why, symbol], kind) => {
		for (let i = 0; i < counts[kind]; i++) {
			const hostile = i === 4;

			report.refused.push({
				time_ns: 39.9e9 + kind * 9e7 + i * 1234567,
				pid: 3120 + (kind % 2),
				tid: 3120 + (kind % 2),
				comm: hostile ? HOSTILE[kind] : 'a.out',
				address,
				access,
				cause,
				why: hostile ? HOSTILE[1] : why,
				ip: hex(0x401136 + 0x20 * kind),
				symbol,
				file: '/srv/bin/a.out',
			});
		}
	});
}

function addCells(cells, at, count, weight) {
	const key = at.join(' ');
	const cell = cells.get(key) || [...at, 0, 0, 0];

	cell[3 + weight] += count;
	cells.set(key, cell);
}

// Reads through one region, fills another in bursts, and touches the rest.
function makeHeatmap(pid, comm, reading) {
	const bin = 512 * 1024;
	const cells = new Map();
	const bins = REGIONS.map(([start, end]) => Math.ceil((Number(end) - Number(start)) / bin));

	for (let i = 0; i < 9000; i++) {
		const part = random();

		if (part < 0.5 && reading) {
			const time = between(20, 140);

			addCells(
				cells,
				[
					time,
					3,
					Math.min(
						bins[3] - 1,
						Math.floor(((time - 20) / 121) * bins[3]) +
							between(0, 9),
					),
				],
				between(1, 30),
				random() < 0.3 ? 1 : 0,
			);
		} else if (part < 0.8) {
			const time = between(22, 139);

			addCells(
				cells,
				[
					time,
					4,
					Math.floor(
						((bins[4] * ((time * 7) % 118)) / 118) *
							random() ** 0.3,
					),
				],
				between(1, 200),
				0,
			);
		} else {
			const region = between(0, REGIONS.length - 1);

			addCells(
				cells,
				[
					Math.floor(BINS * random() ** 2),
					region,
					Math.min(bins[region] - 1, Math.floor(24 * random() ** 2)),
				],
				between(1, 9),
				0,
			);
		}
	}
	addCells(cells, [199, 0, 0], 4, 2);
	return {
		pid,
		comm,
		bin_ns: MINUTE / BINS,
		bin_bytes: bin,
		regions: REGIONS.map(([start, end, , name]) => ({ start, end, name })),
		cells: [...cells.values()],
	};
}

export function empty() {
	return {
		schema: 'pftop-report',
		version: 1,
		source: {
			file: 'empty.pft',
			kernel: '6.12.107',
			machine: 'x86_64',
			cpus: 1,
			hook: 'kretprobe',
			abi: '2.0',
			start_s: 1795287600,
			duration_ns: 0,
			complete: true,
			command: null,
			pids: [],
		},
		totals: {
			faults: 0,
			minor: 0,
			major: 0,
			invalid: 0,
			retries: 0,
			fault_ns: 0,
			records: 0,
			lost: 0,
			filtered: 0,
			missed: {},
			audit: { threads: 0, mismatches: 0 },
		},
		classes: [],
		causes: [],
		latency: [],
		timeline: { bin_ns: 1e6, minor: [], major: [], invalid: [], lost: [] },
		processes: [],
		files: [],
		vmas: [],
		code: [],
		pages: [],
		refused: [],
		heatmaps: [],
		hints: [],
	};
}

export function sample() {
	const report = empty();

	report.source = {
		file: 'load-model.pft',
		kernel: '6.12.107+deb13-amd64',
		machine: 'x86_64',
		cpus: 2,
		hook: 'direct',
		abi: '2.0',
		start_s: 1795287600,
		duration_ns: MINUTE,
		complete: true,
		command: './load-model --threads 2 weights.bin',
		pids: [2411],
	};
	makeCauses(report);
	makeTimeline(report);
	Object.assign(report.totals, {
		retries: 1231,
		records: report.totals.faults - report.totals.lost,
		missed: { reentry: 0, table_full: 0 },
		audit: { threads: 1204, mismatches: 0 },
	});
	makeProcesses(report);
	makeFiles(report);
	makeVmas(report);
	makeCode(report);
	makePages(report);
	makeRefused(report);
	report.heatmaps = [
		makeHeatmap(2411, 'load-model', true),
		makeHeatmap(2502, 'cc1', false),
		makeHeatmap(4001, HOSTILE[1], false),
	];
	report.hints = [
		{
			kind: 'read ahead',
			text:
				'One file explains 83 % of the time: weights.bin was read through ' +
				'the mapping, page by page, mostly forward: 1,102 waits of 1.46 ms on average. ' +
				'MADV_WILLNEED or MAP_POPULATE would take them together.',
		},
		{
			kind: 'huge pages',
			text:
				'255,000 of the zero faults fell on neighbouring pages of one ' +
				'512 MiB mapping. Pages of 2 MiB (madvise MADV_HUGEPAGE) would make about 256 of them.',
		},
		{ kind: HOSTILE[3], text: HOSTILE[0] },
	];
	return report;
}

if (process.argv[1] === new URL(import.meta.url).pathname)
	process.stdout.write(JSON.stringify(process.argv[2] === 'empty' ? empty() : sample()));
