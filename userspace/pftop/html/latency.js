// SPDX-License-Identifier: GPL-2.0
// How long faults took: a histogram for each class. Time is on a logarithmic
// scale: faults differ by a million times.

const LATENCY = { height: 190, left: 48, right: 12, top: 26, bottom: 24 };

// One bar for each power of two. The report's bins are finer, but of different
// width on this scale: bars of them would show steps that are not there.
function powersOfTwo(bins) {
	const bars = new Map();

	for (const { from_ns, count } of bins) {
		const from = Math.floor(Math.log2(Math.max(from_ns, 1)));
		const bar = bars.get(from) || { from, to: from + 1, count: 0 };

		bar.count += count;
		if (bar.count) bars.set(from, bar);
	}
	return [...bars.values()].sort((a, b) => a.from - b.from);
}

class LatencyChart {
	constructor(kind, bins, summary) {
		this.kind = kind;
		this.summary = summary;
		this.scale = 'linear';
		this.width = 0;
		this.bins = powersOfTwo(bins);
		this.total = sum(this.bins.map((bin) => bin.count));
		this.element = el(
			'figure',
			{ class: 'latency', 'data-class': kind },
			el(
				'figcaption',
				{},
				classMark(kind),
				` ${plural(this.total, 'fault')}`,
				this.middle(),
			),
		);
		this.picture = el('div', { class: 'picture' });
		this.element.append(drawn(this.picture, (width) => this.draw(width)));
	}

	middle() {
		return this.summary && isNumber(this.summary.p50_ns)
			? `: half within ${duration(this.summary.p50_ns)}, 99 % within ` +
					`${duration(this.summary.p99_ns)}, longest ${duration(this.summary.max_ns)}`
			: '';
	}

	setScale(scale) {
		this.scale = scale;
		this.draw(this.width);
	}

	part(count, most) {
		return this.scale === 'log'
			? Math.log10(count + 1) / Math.log10(most + 1)
			: count / most;
	}

	draw(width) {
		this.width = width;
		if (!width) return;
		const { height, left, right, top, bottom } = LATENCY;
		const from = this.bins[0].from;
		const to = Math.max(...this.bins.map((bin) => bin.to), from + 3);
		const most = Math.max(...this.bins.map((bin) => bin.count));
		const x = (log) => left + ((log - from) / (to - from)) * (width - left - right);
		const y = (count) =>
			height - bottom - this.part(count, most) * (height - top - bottom);
		const picture = svg('svg', {
			width,
			height,
			viewBox: `0 0 ${width} ${height}`,
			role: 'img',
			'aria-label': `Histogram of ${this.kind} faults by duration${this.middle()}`,
		});

		this.axes(picture, { x, y, from, to, most, width });
		for (const bin of this.bins) picture.append(this.bar(bin, x, y));
		this.marks(picture, x, width);
		this.picture.replaceChildren(picture);
	}

	axes(picture, { x, y, from, to, most, width }) {
		const { height, left, right, bottom } = LATENCY;
		const levels =
			this.scale === 'log'
				? [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].filter(
						(n) => n <= most,
					)
				: ticks(0, most, 3).slice(1);

		for (const count of levels)
			picture.append(
				svg('line', {
					class: 'grid',
					x1: left,
					x2: width - right,
					y1: y(count),
					y2: y(count),
				}),
				svg(
					'text',
					{
						class: 'axis',
						x: left - 6,
						y: y(count) + 4,
						'text-anchor': 'end',
					},
					short(count),
				),
			);
		picture.append(
			svg('line', {
				class: 'base',
				x1: left,
				x2: width - right,
				y1: height - bottom,
				y2: height - bottom,
			}),
		);
		const every = Math.ceil(((to - from) * 58) / (width - left - right));

		for (let log = Math.ceil(from); log <= to; log += every)
			picture.append(
				svg(
					'text',
					{
						class: 'axis',
						x: x(log),
						y: height - 6,
						'text-anchor':
							x(log) > width - 30 ? 'end' : 'middle',
					},
					duration(2 ** log),
				),
			);
	}

	bar(bin, x, y) {
		const bottom = LATENCY.height - LATENCY.bottom;
		const top = Math.min(y(bin.count), bottom - 1.5);
		const wide = x(bin.to) - x(bin.from);
		const gap = wide > 6 ? 1 : 0;
		const range = `${duration(2 ** bin.from)} to ${duration(2 ** bin.to)}`;
		const show = (event) =>
			showTip(
				event,
				range,
				[
					['faults', grouped(bin.count)],
					['of this class', percent(bin.count, this.total)],
				],
				{ from: 2 ** bin.from, count: bin.count },
			);

		return svg('rect', {
			class: `bar ${this.kind}`,
			x: x(bin.from) + gap / 2,
			width: Math.max(1, wide - gap),
			y: top,
			height: bottom - top,
			'data-count': bin.count,
			onpointermove: show,
			onpointerleave: hideTip,
		});
	}

	// Where half, 90 and 99 of a hundred were served.
	marks(picture, x, width) {
		let free = 0;

		for (const [label, key] of [
			['p50', 'p50_ns'],
			['p90', 'p90_ns'],
			['p99', 'p99_ns'],
		]) {
			const ns = this.summary && this.summary[key];

			if (!isNumber(ns) || ns < 1) continue;
			const place = Math.min(
				Math.max(x(Math.log2(ns)), LATENCY.left),
				width - LATENCY.right,
			);

			picture.append(
				svg('line', {
					class: 'mark-line',
					x1: place,
					x2: place,
					y1: LATENCY.top - 6,
					y2: LATENCY.height - LATENCY.bottom,
				}),
			);
			if (place < free) continue;
			picture.append(
				svg(
					'text',
					{
						class: 'mark-text',
						x: place,
						y: LATENCY.top - 12,
						'text-anchor':
							place > width - 30 ? 'end' : 'middle',
					},
					label,
				),
			);
			free = place + 30;
		}
	}
}

function latencySection(report) {
	const charts = report.classes
		.map(
			(row) =>
				new LatencyChart(
					row.class,
					report.latency.filter((bin) => bin.class === row.class),
					row,
				),
		)
		.filter((chart) => chart.bins.length);

	if (!charts.length) return [el('p', { class: 'nothing' }, 'No duration was measured.')];
	const numbers = new Table({
		id: 'latency-table',
		label: 'Faults by duration',
		columns: [
			{ key: 'class', title: 'Class', kind: 'class' },
			{ key: 'from_ns', title: 'From', kind: 'time' },
			{ key: 'to_ns', title: 'To', kind: 'time' },
			{ key: 'count', title: 'Faults', kind: 'count', bar: true },
		],
		rows: report.latency,
		empty: NONE,
	});

	return [
		el(
			'div',
			{ class: 'controls' },
			choice(
				'Scale of the counts',
				[
					['linear', 'Linear'],
					['log', 'Logarithmic'],
				],
				'linear',
				(scale) => charts.forEach((chart) => chart.setScale(scale)),
			),
		),
		el(
			'div',
			{ class: 'charts' },
			charts.map((chart) => chart.element),
		),
		el('details', {}, el('summary', {}, 'The numbers'), numbers.element),
	];
}
