// SPDX-License-Identifier: GPL-2.0
// Tables: sortable by any column, searchable, short until asked for all.

const SHORT_TABLE = 12;

// How each kind of column is shown and compared.
const KINDS = {
	count: { number: true, show: (value) => grouped(value) },
	time: {
		number: true,
		show: (value) => duration(value),
		exact: (value) => `${grouped(value)} ns`,
	},
	moment: {
		number: true,
		show: (value) => moment(value),
		exact: (value) => `${grouped(value)} ns`,
	},
	bytes: {
		number: true,
		show: (value) => bytes(value),
		exact: (value) => `${grouped(value)} bytes`,
	},
	id: { number: true, show: (value) => (isNumber(value) ? String(value) : NONE) },
	name: { show: (value) => name(value) },
	words: { show: (value) => plain(value) },
	class: { show: (value) => classMark(value) },
	code: { show: (value) => el('code', {}, plain(value)) },
};

function valueOf(column, row) {
	const value = column.get ? column.get(row) : row[column.key];

	return value === undefined || value === '' ? null : value;
}

function compare(a, b) {
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

// Addresses are text with different numbers of digits.
function sortValue(column, row) {
	const value = valueOf(column, row);

	return column.kind === 'code' && value !== null && /^0x[0-9a-f]+$/i.test(value)
		? value.slice(2).padStart(16, '0')
		: value;
}

class Table {
	// columns: [{ key, title, kind, help, get, none, bar, wide, optional }]: one that
	// is optional is left out where all its values are 0. sort: a key
	constructor({ id, label, columns, rows, sort, down = true, empty, left, dropped }) {
		this.columns = columns.filter(
			(column) => !column.optional || rows.some((row) => valueOf(column, row)),
		);
		this.all = rows;
		this.label = label;
		this.keep = () => true;
		this.words = '';
		this.whole = false;
		this.down = down;
		this.sortKey = sort;
		this.most = new Map();
		for (const column of this.columns.filter((c) => c.bar))
			this.most.set(
				column.key,
				rows.reduce(
					(most, row) => Math.max(most, valueOf(column, row) || 0),
					0,
				),
			);
		this.build(id, [
			left && `${grouped(left)} more are not in this report.`,
			dropped && `${plural(dropped, 'fault')} had no room in this table.`,
		]);
		this.draw();
		if (!rows.length)
			this.element.replaceChildren(el('p', { class: 'nothing' }, empty));
	}

	build(id, notes) {
		this.heads = new Map();
		const row = el('tr');

		for (const column of this.columns) {
			const head = el(
				'th',
				{ scope: 'col', class: this.classOf(column), title: column.help },
				el(
					'button',
					{ type: 'button', onclick: () => this.sortBy(column) },
					column.title,
					el('span', { class: 'arrow', 'aria-hidden': 'true' }),
				),
			);

			this.heads.set(column.key, head);
			row.append(head);
		}
		this.body = el('tbody');
		this.status = el('span', { class: 'status', role: 'status' });
		this.more = el('button', {
			type: 'button',
			class: 'more',
			onclick: () => {
				this.whole = !this.whole;
				this.draw();
			},
		});
		this.search = el('input', {
			type: 'search',
			placeholder: 'Search',
			'aria-label': `Search ${this.label}`,
			oninput: (event) => {
				this.words = event.target.value.trim().toLowerCase();
				this.draw();
			},
		});
		const tools = el('div', { class: 'tools' }, this.status, this.search);

		if (this.all.length <= SHORT_TABLE) tools.hidden = true;
		this.element = el(
			'div',
			{ class: 'table', id },
			tools,
			el(
				'div',
				{
					class: 'scroll',
					tabindex: 0,
					role: 'region',
					'aria-label': this.label,
				},
				el(
					'table',
					{},
					el('caption', {}, this.label),
					el('thead', {}, row),
					this.body,
				),
			),
			this.more,
			notes.filter(Boolean).map((note) => el('p', { class: 'note' }, note)),
		);
	}

	classOf(column) {
		return (
			`${column.kind}${KINDS[column.kind].number ? ' number' : ''}` +
			`${column.bar ? ' bar' : ''}${column.wide ? ' wide' : ''}`
		);
	}

	sortBy(column) {
		if (this.sortKey === column.key) this.down = !this.down;
		else this.down = Boolean(KINDS[column.kind].number);
		this.sortKey = column.key;
		this.draw();
	}

	// Only rows that this function keeps.
	filter(keep) {
		this.keep = keep;
		this.draw();
	}

	has(row) {
		if (!this.keep(row)) return false;
		return (
			!this.words ||
			this.columns.some((column) => {
				const value = valueOf(column, row);

				return (
					value !== null &&
					plain(value).toLowerCase().includes(this.words)
				);
			})
		);
	}

	// What has no value comes last, whichever way the others go.
	sorted(rows) {
		const column = this.columns.find((c) => c.key === this.sortKey);
		const order = this.down ? -1 : 1;

		if (!column) return rows;
		return rows
			.map((row) => [sortValue(column, row), row])
			.sort(([a], [b]) =>
				a === null || b === null
					? (a === null) - (b === null)
					: order * compare(a, b),
			)
			.map(([, row]) => row);
	}

	cell(column, row) {
		const value = valueOf(column, row);
		const kind = KINDS[column.kind];
		const cell = el(
			'td',
			{ class: this.classOf(column) },
			value === null ? column.none || NONE : kind.show(value),
		);

		if (value !== null && kind.number) cell.dataset.value = value;
		if (value !== null && kind.exact) cell.title = kind.exact(value);
		if (column.bar && value)
			cell.style.setProperty(
				'--share',
				`${(100 * value) / this.most.get(column.key)}%`,
			);
		return cell;
	}

	draw() {
		const rows = this.sorted(this.all.filter((row) => this.has(row)));
		const shown = this.whole ? rows : rows.slice(0, SHORT_TABLE);

		for (const [key, head] of this.heads) {
			if (key === this.sortKey)
				head.setAttribute(
					'aria-sort',
					this.down ? 'descending' : 'ascending',
				);
			else head.removeAttribute('aria-sort');
		}
		this.body.replaceChildren(
			...shown.map((row) =>
				el(
					'tr',
					{},
					this.columns.map((column) => this.cell(column, row)),
				),
			),
		);
		if (!rows.length)
			this.body.append(
				el(
					'tr',
					{},
					el(
						'td',
						{ class: 'nothing', colspan: this.columns.length },
						'Nothing matches.',
					),
				),
			);
		this.status.textContent =
			rows.length === this.all.length
				? ''
				: `${grouped(rows.length)} of ${grouped(this.all.length)}`;
		this.more.hidden = rows.length <= SHORT_TABLE;
		this.more.textContent = this.whole
			? `Show the first ${SHORT_TABLE}`
			: `Show all ${grouped(rows.length)}`;
	}
}
