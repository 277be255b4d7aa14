// SPDX-License-Identifier: GPL-2.0
// The page: reads the report, and puts its sections one below the other.

const SCHEMA = 'pftop-report';
const VERSION = 1;
const LISTS = [
	'classes',
	'causes',
	'latency',
	'processes',
	'files',
	'vmas',
	'code',
	'pages',
	'refused',
	'heatmaps',
	'hints',
];

function readReport() {
	const report = JSON.parse(document.getElementById('report').textContent);

	if (report.schema !== SCHEMA) throw new Error('it is not a report of pftop');
	if (report.version !== VERSION)
		throw new Error(
			`its version is ${plain(report.version)}, this page shows version ${VERSION}`,
		);
	for (const key of LISTS) report[key] = report[key] || [];
	report.timeline = report.timeline || { bin_ns: 1 };
	report.totals.missed = report.totals.missed || report.missed || {};
	report.totals.audit = report.totals.audit || report.audit || {};
	return report;
}

// What one section cannot make of the report is no loss to the others.
function section(id, title, build) {
	let children;

	try {
		children = build();
	} catch (error) {
		children = failed(error);
	}
	return el(
		'section',
		{ id, 'aria-labelledby': `${id}-title` },
		el('h2', { id: `${id}-title` }, title),
		children,
	);
}

function failed(error) {
	return el('p', { class: 'failed' }, `This cannot be shown: ${plain(error.message)}.`);
}

function setTheme(theme) {
	if (theme === 'auto') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
	redraw();
}

// A canvas does not follow the style by itself.
let heatmap = null;

function redraw() {
	if (heatmap) heatmap.draw();
}

function makeHeader(report) {
	document.title = `Page faults of ${titleOf(report)}`;
	put(document.getElementById('top'), [
		el(
			'div',
			{ class: 'head' },
			el(
				'h1',
				{},
				el('span', { class: 'of' }, 'Page faults of '),
				name(titleOf(report)),
			),
			choice(
				'Theme',
				[
					['auto', 'Auto'],
					['light', 'Light'],
					['dark', 'Dark'],
				],
				'auto',
				setTheme,
			),
		),
		el(
			'dl',
			{ class: 'facts' },
			sourceFacts(report.source).map(([label, value]) =>
				el('div', {}, el('dt', {}, label), el('dd', {}, value)),
			),
		),
	]);
}

// One choice narrows all tables that name a process, and shows its heatmap.
function processChoice(report, tables) {
	const select = el(
		'select',
		{
			id: 'process',
			onchange: () => {
				const pid = select.value === '' ? null : Number(select.value);

				for (const id of BY_PROCESS)
					tables[id]?.filter(
						(row) => pid === null || row.pid === pid,
					);
				if (heatmap && pid !== null) heatmap.chooseProcess(pid);
			},
		},
		el('option', { value: '' }, 'All processes'),
		[...report.processes]
			.sort((a, b) => faultsOf(b) - faultsOf(a))
			.map((process) =>
				el(
					'option',
					{ value: process.pid },
					`${plain(process.comm)} [${process.pid}]`,
				),
			),
	);

	return el('label', { class: 'only' }, 'Show ', select);
}

function heatmapSection(report) {
	const maps = report.heatmaps.filter((map) => map.cells.length);

	if (!maps.length) return [el('p', { class: 'nothing' }, 'No faults to draw.')];
	heatmap = new Heatmap(maps, report.source.duration_ns);
	return [heatmap.element];
}

function makeSections(report) {
	const tables = {};

	for (const process of report.processes) comms.set(process.pid, process.comm);
	const table = (id) => {
		tables[id] = makeTable(id, report);
		return tables[id].element;
	};
	const sections = [
		['summary', 'Summary', () => summarySection(report)],
		['hints', 'Hints', () => hintSection(report)],
		['causes', 'Causes', () => table('causes')],
		['latency', 'Latency', () => latencySection(report)],
		['timeline', 'Timeline', () => timelineSection(report)],
		['heatmap', 'Heatmap', () => heatmapSection(report)],
		['files', 'Files', () => table('files')],
		['code', 'Code', () => table('code')],
		['vmas', 'Mappings', () => table('vmas')],
		['pages', 'Pages', () => table('pages')],
		['processes', 'Processes', () => table('processes')],
		['refused', 'Refused faults', () => refusedSection(report, table('refused'))],
	];

	put(document.getElementById('nav'), [
		el(
			'div',
			{ class: 'links' },
			sections.map(([id, title]) => el('a', { href: `#${id}` }, title)),
		),
		processChoice(report, tables),
	]);
	document.getElementById('main').addEventListener('range', (event) =>
		heatmap?.showTime(event.detail),
	);
	put(
		document.getElementById('main'),
		sections.map((one) => section(...one)),
	);
	put(document.getElementById('foot'), [
		'Written by pftop. Times in tables count from the start of the recording; ',
		`the numbers behind this page are in it as JSON (schema ${SCHEMA}, version ${VERSION}).`,
	]);
}

function start() {
	let report;

	try {
		report = readReport();
	} catch (error) {
		put(document.getElementById('main'), [failed(error)]);
		return;
	}
	makeHeader(report);
	makeSections(report);
	window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
	window.matchMedia('print').addEventListener('change', redraw);
	document.documentElement.dataset.ready = '';
}

start();
