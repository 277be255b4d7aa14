// SPDX-License-Identifier: GPL-2.0
// Rates over time: a lane for each class, each with its own scale, and where
// records were lost. A part that is dragged over becomes the time that the
// heatmap shows.

const LANE = { height: 84, gap: 30, left: 56, right: 12, axis: 24 };

class Timeline {
	constructor(timeline) {
		this.bin = timeline.bin_ns;
		this.series = ['minor', 'major', 'invalid'].map((kind) => ({
			kind,
			counts: timeline[kind] || [],
		}));
		this.lost = timeline.lost || [];
		this.count = Math.max(
			this.lost.length,
			...this.series.map((one) => one.counts.length),
		);
		for (const one of this.series)
			one.peak =
				(one.counts.reduce((most, n) => Math.max(most, n), 0) * 1e9) /
				this.bin;
		this.from = null;
		this.range = null;
		this.element = el('div', { class: 'picture timeline' });
		drawn(this.element, (width) => this.draw(width));
	}

	rate(count, bins) {
		return (count * 1e9) / (this.bin * bins);
	}

	// As many bins to a point as there are to a pixel.
	points(counts, step) {
		const points = [];

		for (let i = 0; i < this.count; i += step) {
			const bins = Math.min(step, this.count - i);

			points.push(this.rate(sum(counts.slice(i, i + bins)), bins));
		}
		return points;
	}

	draw(width) {
		const { height, gap, left, right, axis } = LANE;
		const inner = width - left - right;
		const step = Math.max(1, Math.ceil(this.count / inner));
		const full = this.series.length * (height + gap) + axis;
		const picture = svg('svg', {
			width,
			height: full,
			viewBox: `0 0 ${width} ${full}`,
			role: 'img',
			'aria-label':
				`Faults per second over ${duration(this.count * this.bin)}. ` +
				this.series
					.map(
						(one) =>
							`${one.kind}: at most ${short(one.peak)} per second`,
					)
					.join('; '),
		});
		const x = (bin) => left + (bin / this.count) * inner;

		this.addLost(picture, x, full - axis);
		this.series.forEach((one, i) => {
			picture.append(
				this.lane(one, { x, step, width, top: i * (height + gap) + gap }),
			);
		});
		this.addAxis(picture, x, full, width);
		this.inner = inner;
		this.step = step;
		this.band = svg('rect', {
			class: 'band',
			y: gap - 4,
			height: full - axis - gap + 4,
		});
		this.cursor = svg('line', { class: 'cursor', y1: gap, y2: full - axis });
		picture.append(this.band, this.cursor, this.surface(inner, full));
		this.showRange();
		this.element.replaceChildren(picture);
	}

	// What the pointer meets.
	surface(width, height) {
		return svg('rect', {
			class: 'catch',
			x: LANE.left,
			y: 0,
			width,
			height,
			onpointerdown: (event) => {
				if (event.button !== 0) return;
				this.from = this.binAt(event);
				event.target.setPointerCapture(event.pointerId);
			},
			onpointermove: (event) => {
				if (this.from !== null) this.setRange(this.from, this.binAt(event));
				this.hover(event);
			},
			onpointerup: () => {
				this.from = null;
				this.tellRange();
			},
			onpointercancel: () => this.clearRange(),
			onpointerleave: () => {
				this.cursor.classList.remove('on');
				hideTip();
			},
			ondblclick: () => this.clearRange(),
		});
	}

	binAt(event) {
		const box = this.element.getBoundingClientRect();
		const part = (event.clientX - box.left - LANE.left) / this.inner;

		return Math.max(0, Math.min(1, part)) * this.count;
	}

	// A hand that shakes while it clicks chooses nothing.
	setRange(one, other) {
		const [from, to] = [Math.min(one, other), Math.max(one, other)];

		this.range = ((to - from) / this.count) * this.inner < 6 ? null : { from, to };
		this.showRange();
	}

	clearRange() {
		this.from = null;
		this.range = null;
		this.showRange();
		this.tellRange();
	}

	showRange() {
		const { from, to } = this.range || { from: 0, to: 0 };
		const scale = this.inner / this.count;

		this.band.setAttribute('x', LANE.left + from * scale);
		this.band.setAttribute('width', (to - from) * scale);
	}

	// In ns; null for all of the time.
	tellRange() {
		const detail = this.range && {
			from: this.range.from * this.bin,
			to: this.range.to * this.bin,
		};

		this.element.dispatchEvent(new CustomEvent('range', { bubbles: true, detail }));
	}

	lane(one, { x, step, width, top }) {
		const bottom = top + LANE.height;
		const points = this.points(one.counts, step);
		const most = Math.max(...points);
		const y = (rate) => bottom - (most ? (rate / most) * (LANE.height - 6) : 0);
		const lane = svg(
			'g',
			{ class: `lane ${one.kind}` },
			svg('line', {
				class: 'base',
				x1: LANE.left,
				x2: width - LANE.right,
				y1: bottom,
				y2: bottom,
			}),
			svg(
				'text',
				{ class: 'lane-name', x: LANE.left, y: top - 8 },
				`${one.kind} per second`,
			),
		);

		if (!most) {
			lane.append(
				svg(
					'text',
					{ class: 'axis', x: LANE.left + 6, y: bottom - 8 },
					'none',
				),
			);
			return lane;
		}
		for (const rate of ticks(0, most, 3).slice(1))
			lane.append(
				svg('line', {
					class: 'grid',
					x1: LANE.left,
					x2: width - LANE.right,
					y1: y(rate),
					y2: y(rate),
				}),
				svg(
					'text',
					{
						class: 'axis',
						x: LANE.left - 6,
						y: y(rate) + 4,
						'text-anchor': 'end',
					},
					short(rate),
				),
			);
		const path = points
			.map((rate, i) => {
				const begin = x(i * step).toFixed(1);
				const end = x(Math.min((i + 1) * step, this.count)).toFixed(1);

				return `L${begin} ${y(rate).toFixed(1)}L${end} ${y(rate).toFixed(1)}`;
			})
			.join('');

		lane.append(
			svg('path', {
				class: 'area',
				d: `M${x(0)} ${bottom}${path}L${x(this.count)} ${bottom}Z`,
			}),
			svg('path', { class: 'edge', d: `M${path.slice(1)}` }),
		);
		return lane;
	}

	addLost(picture, x, bottom) {
		this.lost.forEach((count, bin) => {
			if (count)
				picture.append(
					svg('rect', {
						class: 'lost',
						x: x(bin),
						y: LANE.gap - 4,
						width: Math.max(2, x(bin + 1) - x(bin)),
						height: bottom - LANE.gap + 4,
					}),
				);
		});
	}

	addAxis(picture, x, full, width) {
		const end = this.count * this.bin;
		const places = ticks(0, end, Math.max(2, (width - LANE.left) / 110));

		for (const ns of places)
			picture.append(
				svg(
					'text',
					{
						class: 'axis',
						x: x(ns / this.bin),
						y: full - 6,
						'text-anchor':
							x(ns / this.bin) > width - 24
								? 'end'
								: 'middle',
					},
					axisTime(ns, places[1] - places[0] || end),
				),
			);
	}

	hover(event) {
		const { cursor, inner, step } = this;
		const bin = Math.min(this.count - 1, Math.floor(this.binAt(event)));
		const from = bin - (bin % step);
		const to = Math.min(this.count, from + step);
		const middle = LANE.left + ((from + to) / 2 / this.count) * inner;
		const facts = { from, to };
		const lines = this.series.map((one) => {
			const count = sum(one.counts.slice(from, to));

			facts[one.kind] = count;
			return [
				one.kind,
				`${plural(count, 'fault')}, ${short(this.rate(count, to - from))}/s`,
			];
		});
		const lost = sum(this.lost.slice(from, to));

		if (lost) lines.push(['records lost', grouped(lost)]);
		cursor.setAttribute('x1', middle);
		cursor.setAttribute('x2', middle);
		cursor.classList.add('on');
		showTip(
			event,
			`${((from * this.bin) / 1e9).toFixed(3)} to ${((to * this.bin) / 1e9).toFixed(3)} s`,
			lines,
			facts,
		);
	}
}

function timelineSection(report) {
	const timeline = new Timeline(report.timeline);

	if (!timeline.count) return [el('p', { class: 'nothing' }, 'The recording is empty.')];
	const lost = sum(timeline.lost);
	const peaks = timeline.series
		.filter((one) => one.peak)
		.map((one) => `${one.kind} ${short(one.peak)}/s`);

	return [
		el(
			'p',
			{ class: 'note' },
			`Highest rates within ${duration(timeline.bin)}: ${peaks.join(', ') || 'none'}. `,
			lost
				? el(
						'span',
						{ class: 'lost-note' },
						`${plural(lost, 'record')} lost where the background is shaded: there the rates are too low.`,
					)
				: 'No record was lost.',
		),
		timeline.element,
		el(
			'p',
			{ class: 'note' },
			'Drag over a part to see that time in the heatmap; double-click for all of it.',
		),
	];
}
