// SPDX-License-Identifier: GPL-2.0
//
// Causes, classes and durations of the sample, whose sums agree.

import { random, total } from './sample_base.mjs';

const CAUSES = [
	[
		'minor',
		'zero',
		'first touch of anonymous memory: a new page of zeroes',
		391204,
		640,
		1.2,
	],
	['minor', 'file', 'page of a mapped file', 48211, 410, 1.5],
	[
		'minor',
		'cow',
		'write to a present page of a private mapping: copied or taken over',
		20117,
		890,
		1.1,
	],
	[
		'minor',
		'file-cow',
		'write to a missing page of a private mapping of a file',
		6120,
		1010,
		1.2,
	],
	[
		'minor',
		'zero-read',
		'read of untouched anonymous memory: the shared page of zeroes',
		2290,
		350,
		1,
	],
	['minor', 'spurious', 'the translation was good already', 71, 240, 0.8],
	['major', 'file', 'page of a mapped file', 1204, 1.1e6, 1.4],
	['major', 'swap', 'page came back from swap', 96, 2.7e5, 1.2],
	['invalid', 'null', 'no VMA, address below 64 KiB', 5, null],
	['invalid', 'write-denied', 'write to a VMA that forbids it', 4, null],
	['invalid', 'unmapped', 'no VMA', 9, null],
];

// Counts in powers of two of ns, spread around a middle.
function histogram(count, middle, spread) {
	const bins = new Map();
	let left = count;

	for (let i = 0; left > 0 && i < 400; i++) {
		const few = i < 399 ? Math.min(left, Math.max(1, Math.round(count / 300))) : left;
		const noise = random() + random() + random() + random() - 2;
		const log = Math.floor(
			Math.log2(middle) + spread * 2.2 * noise + (i % 97 === 0 ? 4 : 0),
		);

		bins.set(log, (bins.get(log) || 0) + few);
		left -= few;
	}
	return bins;
}

function quantile(bins, part) {
	const wanted = part * total([...bins.values()]);
	let seen = 0;

	for (const log of [...bins.keys()].sort((a, b) => a - b)) {
		seen += bins.get(log);
		if (seen >= wanted) return Math.round(1.5 * 2 ** log);
	}
	return 0;
}

function summary(bins) {
	const count = total([...bins.values()]);
	const ns = total([...bins].map(([log, n]) => Math.round(1.4 * 2 ** log) * n));

	return {
		ns,
		mean_ns: Math.round(ns / count),
		p50_ns: quantile(bins, 0.5),
		p90_ns: quantile(bins, 0.9),
		p99_ns: quantile(bins, 0.99),
		max_ns: Math.round(1.9 * 2 ** Math.max(...bins.keys())),
	};
}

const UNTIMED = { ns: null, mean_ns: null, p50_ns: null, p90_ns: null, p99_ns: null, max_ns: null };

// Each power of two in eight parts of different weight, the empty ones left
// out, as pftop has them.
function latencyRows(kind, bins) {
	const weights = [17, 15, 14, 13, 11, 11, 10, 9];
	const rows = [];

	for (const [log, n] of [...bins].sort(([a], [b]) => a - b)) {
		const counts = weights.map((weight) => Math.floor((n * weight) / 100));

		counts[0] += n - total(counts);
		counts.forEach((count, i) => {
			if (count)
				rows.push({
					class: kind,
					from_ns: 2 ** log + i * 2 ** (log - 3),
					to_ns: 2 ** log + (i + 1) * 2 ** (log - 3) - 1,
					count,
				});
		});
	}
	return rows;
}

export function makeCauses(report) {
	const spread = {};

	for (const [kind, cause, meaning, count, middle, width] of CAUSES) {
		const bins = middle ? histogram(count, middle, width) : null;

		report.causes.push({
			class: kind,
			cause,
			meaning,
			count,
			...(bins ? summary(bins) : UNTIMED),
		});
		spread[kind] = spread[kind] || new Map();
		for (const [log, n] of bins || [])
			spread[kind].set(log, (spread[kind].get(log) || 0) + n);
	}
	for (const kind of ['minor', 'major', 'invalid']) {
		const count = total(
			report.causes.filter((c) => c.class === kind).map((c) => c.count),
		);

		report.classes.push({
			class: kind,
			count,
			...(spread[kind].size ? summary(spread[kind]) : UNTIMED),
		});
		report.totals[kind] = count;
		report.latency.push(...latencyRows(kind, spread[kind]));
	}
	report.totals.faults = total(report.classes.map((c) => c.count));
	report.totals.fault_ns = total(report.classes.map((c) => c.ns || 0));
}
