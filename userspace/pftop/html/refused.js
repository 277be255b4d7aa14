// SPDX-License-Identifier: GPL-2.0
// Refused faults, told like small crash reports: one for each instruction of a
// process and cause, however often it tried.

const MOST_REPORTS = 12;

function groupRefused(rows) {
	const groups = new Map();

	for (const row of rows) {
		const key = JSON.stringify([row.pid, row.comm, row.cause, row.ip]);
		const group = groups.get(key) || { first: row, last: row, count: 0 };

		group.count++;
		if (row.time_ns < group.first.time_ns) group.first = row;
		if (row.time_ns >= group.last.time_ns) group.last = row;
		groups.set(key, group);
	}
	return [...groups.values()].sort((a, b) => a.first.time_ns - b.first.time_ns);
}

const ACCESSES = { r: 'read', w: 'write', x: 'jump' };

// write at 0x8: NULL + 0x8
function whatHappened({ access, address, why }) {
	return `${ACCESSES[access] || access} at ${address}${why ? `: ${why}` : ''}`;
}

function crashReport({ first, last, count }) {
	return el(
		'li',
		{ 'data-count': count },
		el(
			'div',
			{ class: 'crash-head' },
			el('strong', {}, name(processOf(first))),
			el('span', { class: 'mark invalid' }, plain(first.cause)),
			el(
				'span',
				{ class: 'note' },
				count > 1
					? `${grouped(count)} times, ${moment(first.time_ns)} to ${moment(last.time_ns)}`
					: `at ${moment(first.time_ns)}`,
			),
		),
		el('p', {}, plain(whatHappened(first))),
		el(
			'p',
			{ class: 'note' },
			'by ',
			first.symbol ? name(first.symbol) : 'unknown code',
			first.file ? [' in ', name(first.file)] : null,
			first.ip ? [', instruction at ', el('code', {}, plain(first.ip))] : null,
		),
	);
}

function crashList(rows) {
	const groups = groupRefused(rows);
	const left = groups.length - MOST_REPORTS;

	return [
		el('ul', { class: 'crashes' }, groups.slice(0, MOST_REPORTS).map(crashReport)),
		left > 0
			? el('p', { class: 'note' }, `and ${grouped(left)} more, in the table`)
			: null,
	];
}

function refusedSection(report, each) {
	if (!report.refused.length) return [el('p', { class: 'nothing' }, 'No fault was refused.')];
	return [
		...crashList(report.refused),
		el(
			'details',
			{},
			el('summary', {}, `Each of them (${grouped(report.refused.length)})`),
			each,
		),
	];
}
