// SPDX-License-Identifier: GPL-2.0
// What a reader should know first: what was recorded, how much it cost, and
// whether the numbers can be trusted.

function titleOf(report) {
	const { command, pids } = report.source;

	if (command) return plain(command);
	if (pids && pids.length)
		return `${pids.length === 1 ? 'process' : 'processes'} ${pids.map(plain).join(', ')}`;
	return 'the whole machine';
}

function sourceFacts(source) {
	return [
		['Recorded', date(source.start_s)],
		['Lasted', duration(source.duration_ns)],
		['Kernel', plain(source.kernel)],
		['Machine', `${plain(source.machine)}, ${plural(source.cpus, 'CPU')}`],
		['Hook', `${plain(source.hook)}, ABI ${plain(source.abi)}`],
		['File', name(source.file)],
	];
}

// Reasons to doubt the numbers, each a sentence.
function doubts({ source, totals }) {
	const all = [];

	if (!source.complete)
		all.push(
			'The recording is not whole: it was cut short or damaged, and ends early.',
		);
	if (totals.lost)
		all.push(
			`${plural(totals.lost, 'record')} lost: what is counted here lacks them, if they were ` +
				'of these processes.',
		);
	if (totals.filtered)
		all.push(
			`${plural(totals.filtered, 'fault')} left out of the recording by a filter.`,
		);
	for (const [key, count] of Object.entries(totals.missed))
		if (count)
			all.push(
				`${plural(count, 'fault')} missed (${plain(key.replace(/^missed_/, ''))}).`,
			);
	if (totals.audit.mismatches)
		all.push(
			`The counts of ${plural(totals.audit.mismatches, 'thread')} differ from the kernel's.`,
		);
	return all;
}

function trust(report) {
	const all = doubts(report);
	const { audit } = report.totals;

	if (all.length)
		return el(
			'div',
			{ class: 'trust doubt' },
			el('strong', {}, 'Read with care'),
			el(
				'ul',
				{},
				all.map((text) => el('li', {}, text)),
			),
		);
	return el(
		'div',
		{ class: 'trust' },
		el('strong', {}, 'Nothing lost, nothing missed'),
		audit.threads
			? el(
					'span',
					{},
					`The counts of ${plural(audit.threads, 'thread')} that ended agree with the kernel's own.`,
				)
			: null,
	);
}

function tile(label, value, number, notes, mark) {
	return el(
		'div',
		{ class: `tile ${mark || ''}` },
		el('div', { class: 'label' }, label),
		el('div', { class: 'value', 'data-value': number }, value),
		notes.filter(Boolean).map((note) => el('div', { class: 'note' }, note)),
	);
}

function topCauses(report, kind) {
	return (
		report.causes
			.filter((row) => row.class === kind)
			.sort((a, b) => b.count - a.count)
			.slice(0, 3)
			.map((row) => `${plain(row.cause)} ${grouped(row.count)}`)
			.join(', ') || 'none was refused'
	);
}

function classTile(report, kind) {
	const count = report.totals[kind];
	const row = report.classes.find((one) => one.class === kind);

	return tile(
		kind,
		grouped(count),
		count,
		[
			kind === 'invalid'
				? topCauses(report, kind)
				: count
					? `${percent(count, report.totals.faults)} of all`
					: null,
			row && isNumber(row.p50_ns) && count
				? `p50 ${duration(row.p50_ns)}, p99 ${duration(row.p99_ns)}`
				: null,
		],
		kind,
	);
}

function tiles(report) {
	const { source, totals } = report;
	const seconds = source.duration_ns / 1e9;

	return el(
		'div',
		{ class: 'tiles' },
		tile('faults', grouped(totals.faults), totals.faults, [
			seconds > 0 ? `${short(totals.faults / seconds)} per second` : null,
			totals.retries
				? `${plural(totals.retries, 'retry', 'retries')} besides`
				: null,
			totals.others ? `${grouped(totals.others)} of others left out` : null,
		]),
		['minor', 'major', 'invalid'].map((kind) => classTile(report, kind)),
		tile('time in faults', duration(totals.fault_ns), totals.fault_ns, [
			seconds > 0
				? `${percent(totals.fault_ns, source.duration_ns * source.cpus)} of the time of ` +
					plural(source.cpus, 'CPU')
				: null,
		]),
	);
}

// One bar of which each cause has its share; small ones are left blank, and
// all are in the table below it.
function shareBar(label, causes, key) {
	const whole = sum(causes.map((row) => row[key]));
	const bar = el('div', { class: 'share', role: 'img', 'aria-label': label });

	if (!whole) return null;
	for (const row of causes.filter((one) => one[key] > 0).sort((a, b) => b[key] - a[key])) {
		const part = el(
			'div',
			{
				class: `part ${plain(row.class)}`,
				onpointermove: (event) =>
					showTip(event, `${plain(row.class)} ${plain(row.cause)}`, [
						['share', percent(row[key], whole)],
						['faults', grouped(row.count)],
						['time', duration(row.ns)],
					]),
				onpointerleave: hideTip,
			},
			row[key] / whole > 0.05
				? `${plain(row.class)} ${plain(row.cause)} ${percent(row[key], whole)}`
				: '',
		);

		part.style.flexGrow = String(row[key] / whole);
		bar.append(part);
	}
	return el('div', { class: 'share-row' }, el('div', { class: 'share-label' }, label), bar);
}

// One sentence that says where the time went.
function headline({ causes, totals }) {
	const [top] = causes.filter((row) => row.ns > 0).sort((a, b) => b.ns - a.ns);

	if (!top) return null;
	return el(
		'p',
		{ class: 'headline' },
		`${percent(top.ns, totals.fault_ns)} of the time in faults went to ${plain(top.class)} faults ` +
			`of the cause ${plain(top.cause)} (${plain(top.meaning)}): ${duration(top.ns)} in ` +
			`${plural(top.count, 'fault')}, ${percent(top.count, totals.faults)} of all.`,
	);
}

// Doubts come before the numbers, trust behind them.
function summarySection(report) {
	const verdict = trust(report);
	const doubtful = verdict.classList.contains('doubt');

	return [
		doubtful ? verdict : null,
		headline(report),
		tiles(report),
		shareBar('Time by cause', report.causes, 'ns'),
		shareBar('Faults by cause', report.causes, 'count'),
		doubtful ? null : verdict,
	];
}

function hintSection(report) {
	if (!report.hints.length)
		return [el('p', { class: 'nothing' }, 'The numbers justify no advice.')];
	return [
		el(
			'ul',
			{ class: 'hints' },
			report.hints.map((hint) =>
				el(
					'li',
					{},
					el('strong', {}, plain(hint.kind)),
					el('p', {}, plain(hint.text)),
				),
			),
		),
	];
}
