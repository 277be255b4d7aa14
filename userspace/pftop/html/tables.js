// SPDX-License-Identifier: GPL-2.0
// The columns of each table, as data.

const CLASS_COLUMNS = [
	{ key: 'minor', title: 'Minor', kind: 'count', help: 'Served without waiting for I/O' },
	{ key: 'major', title: 'Major', kind: 'count', help: 'Had to wait for I/O' },
	{
		key: 'invalid',
		title: 'Invalid',
		kind: 'count',
		optional: true,
		help: 'Refused: a signal or EFAULT',
	},
];

// Refused faults are not timed.
function timeOf(row) {
	return row.class === 'invalid' && !row.ns ? null : row.ns;
}

const LATENCY_COLUMNS = [
	{
		key: 'ns',
		title: 'Time',
		kind: 'time',
		bar: true,
		get: timeOf,
		help: 'Time in these faults together',
	},
	{ key: 'mean_ns', title: 'Mean', kind: 'time' },
	{ key: 'p50_ns', title: 'p50', kind: 'time', help: 'Half took no longer' },
	{ key: 'p90_ns', title: 'p90', kind: 'time', help: '90 of a hundred took no longer' },
	{ key: 'p99_ns', title: 'p99', kind: 'time', help: '99 of a hundred took no longer' },
	{ key: 'max_ns', title: 'Longest', kind: 'time' },
];

const P99 = LATENCY_COLUMNS.find((column) => column.key === 'p99_ns');
const TIME = {
	key: 'ns',
	title: 'Time',
	kind: 'time',
	bar: true,
	help: 'Time in these faults together',
};
const PROCESS = { key: 'process', title: 'Process', kind: 'name', get: processOf };
const MAPPING = { key: 'name', title: 'Mapping', kind: 'name', wide: true };
const TOP_CAUSE = {
	key: 'top_cause',
	title: 'Top cause',
	kind: 'words',
	help: 'The cause of most of these faults',
};

// Names of processes, for rows that have only the number.
const comms = new Map();

function processOf(row) {
	const comm = row.comm === undefined ? comms.get(row.pid) : row.comm;
	const number = isNumber(row.tid) && row.tid !== row.pid ? `${row.pid}/${row.tid}` : row.pid;

	return comm ? `${comm} [${number}]` : `[${number}]`;
}

function faultsOf(row) {
	return (row.minor || 0) + (row.major || 0) + (row.invalid || 0);
}

// Faults that met no mapping have a row without addresses.
function sizeOf({ start, end }) {
	return start && end ? Number(BigInt(end) - BigInt(start)) : null;
}

function symbolOf({ symbol, offset }) {
	if (!symbol || !offset) return symbol;
	return `${symbol}+${isNumber(offset) ? address(offset) : offset}`;
}

const TABLES = {
	causes: {
		label: 'Causes of faults',
		sort: 'ns',
		empty: 'No fault was recorded.',
		columns: [
			{ key: 'class', title: 'Class', kind: 'class' },
			{ key: 'cause', title: 'Cause', kind: 'words' },
			{ key: 'meaning', title: 'Meaning', kind: 'words', wide: true },
			{ key: 'count', title: 'Faults', kind: 'count', bar: true },
			...LATENCY_COLUMNS,
		],
	},
	files: {
		label: 'Files',
		sort: 'ns',
		empty: 'No fault was of a file.',
		columns: [
			{ key: 'name', title: 'File', kind: 'name', wide: true },
			...CLASS_COLUMNS,
			TIME,
		],
	},
	code: {
		label: 'Code that faulted',
		sort: 'ns',
		empty: 'No instruction is known.',
		columns: [
			{
				key: 'symbol',
				title: 'Symbol',
				kind: 'name',
				wide: true,
				get: symbolOf,
				none: '?',
			},
			{ key: 'source', title: 'Source', kind: 'name' },
			{ key: 'file', title: 'File', kind: 'name' },
			{ key: 'ip', title: 'Instruction', kind: 'code' },
			PROCESS,
			...CLASS_COLUMNS,
			TIME,
			TOP_CAUSE,
		],
	},
	vmas: {
		label: 'Mappings',
		sort: 'ns',
		empty: 'No mapping is known.',
		columns: [
			PROCESS,
			MAPPING,
			{ key: 'perms', title: 'Perms', kind: 'code' },
			{ key: 'start', title: 'Start', kind: 'code' },
			{ key: 'end', title: 'End', kind: 'code' },
			{
				key: 'size',
				title: 'Size',
				kind: 'bytes',
				get: sizeOf,
			},
			...CLASS_COLUMNS,
			TIME,
			P99,
			TOP_CAUSE,
		],
	},
	pages: {
		label: 'Pages that faulted most',
		sort: 'count',
		empty: 'No page is known.',
		columns: [
			PROCESS,
			MAPPING,
			{ key: 'address', title: 'Address', kind: 'code' },
			{ key: 'count', title: 'Faults', kind: 'count', bar: true },
			{ key: 'ns', title: 'Time', kind: 'time' },
			{ key: 'last_cause', title: 'Last cause', kind: 'words', optional: true },
		],
	},
	processes: {
		label: 'Processes',
		sort: 'faults',
		empty: 'No process faulted.',
		columns: [
			{ key: 'pid', title: 'PID', kind: 'id' },
			{ key: 'ppid', title: 'Parent', kind: 'id' },
			{ key: 'comm', title: 'Name', kind: 'name' },
			{ key: 'command', title: 'Command', kind: 'name', wide: true },
			{ key: 'state', title: 'State', kind: 'words' },
			{ key: 'faults', title: 'Faults', kind: 'count', bar: true, get: faultsOf },
			...CLASS_COLUMNS,
			{ key: 'minor_ns', title: 'Minor time', kind: 'time' },
			{ key: 'major_ns', title: 'Major time', kind: 'time' },
			{ key: 'invalid_ns', title: 'Invalid time', kind: 'time', optional: true },
			TOP_CAUSE,
		],
	},
	refused: {
		label: 'Refused faults',
		sort: 'time_ns',
		down: false,
		empty: 'No fault was refused.',
		columns: [
			{ key: 'time_ns', title: 'At', kind: 'moment' },
			PROCESS,
			{ key: 'cause', title: 'Cause', kind: 'words' },
			{
				key: 'access',
				title: 'Access',
				kind: 'words',
				help: 'r: read, w: write, x: execute',
			},
			{ key: 'address', title: 'Address', kind: 'code' },
			{ key: 'why', title: 'Why', kind: 'words', wide: true },
			{ key: 'symbol', title: 'By', kind: 'name', none: '?' },
			{ key: 'file', title: 'In', kind: 'name' },
			{ key: 'ip', title: 'Instruction', kind: 'code' },
		],
	},
};

// Tables that can be narrowed down to one process.
const BY_PROCESS = ['code', 'vmas', 'pages', 'refused'];

function makeTable(id, report) {
	return new Table({
		id: `${id}-table`,
		...TABLES[id],
		rows: report[id],
		left: report.more?.[id],
		dropped: report.dropped?.[id],
	});
}
