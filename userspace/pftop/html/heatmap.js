// SPDX-License-Identifier: GPL-2.0
// The heatmap of a process: what was faulted in, when. Hover tells what is
// there, a drag zooms into a part.

const HEAT_KEYS = {
	'+': (map) => map.zoom(0.5),
	'=': (map) => map.zoom(0.5),
	'-': (map) => map.zoom(2),
	0: (map) => map.whole(),
	Escape: (map) => map.whole(),
	ArrowLeft: (map) => map.move(-0.2, 0),
	ArrowRight: (map) => map.move(0.2, 0),
	ArrowUp: (map) => map.move(0, 0.2),
	ArrowDown: (map) => map.move(0, -0.2),
};

const HEAT_VALUES = {
	all: (block) => block.minor + block.major + block.invalid,
	minor: (block) => block.minor,
	major: (block) => block.major,
	invalid: (block) => block.invalid,
};

function clamp(value, low, high) {
	return Math.min(Math.max(value, low), high);
}

class Heatmap {
	constructor(maps, end) {
		this.maps = maps;
		this.end = end;
		this.value = HEAT_VALUES.all;
		this.canvas = el('canvas', {
			tabindex: 0,
			role: 'img',
			'aria-describedby': 'heat-help',
		});
		this.picture = new HeatCanvas(this.canvas);
		this.mark = el('div', { class: 'mark-box', hidden: true });
		this.status = el('p', { class: 'note view', role: 'status' });
		this.legend = el('div', { class: 'legend' });
		this.frame = el('div', { class: 'picture heat' }, this.canvas, this.mark);
		this.element = el(
			'div',
			{},
			this.controls(),
			this.frame,
			this.legend,
			this.status,
			el(
				'p',
				{ class: 'note', id: 'heat-help' },
				'Drag over a part to zoom in; double-click or 0 for the whole; + and − or Ctrl with the ' +
					'wheel to zoom; arrow keys to move. Addresses grow upwards; parts of the address space ' +
					'without faults are left out. A ring marks refused faults.',
			),
		);
		this.listen();
		this.choose(0);
		drawn(this.frame, (width) => {
			this.picture.resize(width, this.tall());
			this.draw();
		});
	}

	tall() {
		return clamp(this.layout.regions.length * 30 + 150, 320, 680);
	}

	controls() {
		this.select = el(
			'select',
			{
				'aria-label': 'Process',
				onchange: () => this.choose(Number(this.select.value)),
			},
			this.maps.map((map, i) =>
				el('option', { value: i }, `${plain(map.comm)} [${map.pid}]`),
			),
		);
		const button = (text, label, act) =>
			el('button', { type: 'button', 'aria-label': label, onclick: act }, text);

		return el(
			'div',
			{ class: 'controls' },
			el('label', {}, 'Process ', this.select),
			choice(
				'Faults shown',
				[
					['all', 'All'],
					['minor', 'Minor'],
					['major', 'Major'],
					['invalid', 'Invalid'],
				],
				'all',
				(kind) => {
					this.value = HEAT_VALUES[kind];
					this.draw();
				},
			),
			el(
				'div',
				{ class: 'choice' },
				button('+', 'Zoom in', () => this.zoom(0.5)),
				button('−', 'Zoom out', () => this.zoom(2)),
				button('Whole', 'Show the whole', () => this.whole()),
			),
		);
	}

	choose(index) {
		const map = this.maps[index];

		this.select.value = String(index);
		this.layout = new HeatLayout(map, this.end);
		this.canvas.setAttribute(
			'aria-label',
			`Heatmap of the faults of ${plain(map.comm)} by address and time`,
		);
		if (this.picture.width) this.picture.resize(this.picture.width, this.tall());
		this.whole();
	}

	// The map of this process, if it has one.
	chooseProcess(pid) {
		const index = this.maps.findIndex((map) => map.pid === pid);

		if (index >= 0) this.choose(index);
	}

	whole() {
		this.setView({
			left: 0,
			right: this.layout.columns,
			bottom: 0,
			top: this.layout.height,
		});
	}

	// This time, in ns, of all addresses; the whole where it is null.
	showTime(time) {
		this.whole();
		if (time)
			this.setView({
				...this.view,
				left: time.from / this.layout.binTime,
				right: time.to / this.layout.binTime,
			});
	}

	// Keeps the view inside the map, and not closer than four columns and two bins.
	setView({ left, right, bottom, top }) {
		const { columns, height } = this.layout;
		const wide = clamp(right - left, Math.min(4, columns), columns);
		const high = clamp(top - bottom, Math.min(2, height), height);
		const from = clamp((left + right - wide) / 2, 0, columns - wide);
		const low = clamp((bottom + top - high) / 2, 0, height - high);

		this.view = { left: from, right: from + wide, bottom: low, top: low + high };
		this.draw();
	}

	// factor below 1: closer; the point stays where it is
	zoom(factor, point) {
		const { left, right, bottom, top } = this.view;
		const time = point ? point.time : (left + right) / 2;
		const place = point ? point.place : (bottom + top) / 2;

		this.setView({
			left: time - (time - left) * factor,
			right: time + (right - time) * factor,
			bottom: place - (place - bottom) * factor,
			top: place + (top - place) * factor,
		});
	}

	// By parts of what is shown.
	move(across, up) {
		const { left, right, bottom, top } = this.view;
		const dx = clamp(across * (right - left), -left, this.layout.columns - right);
		const dy = clamp(up * (top - bottom), -bottom, this.layout.height - top);

		this.setView({
			left: left + dx,
			right: right + dx,
			bottom: bottom + dy,
			top: top + dy,
		});
	}

	draw() {
		if (!this.picture.width) return;
		const { width, height } = this.picture.inner;

		this.hideMark();
		this.drawing = this.layout.blocks(this.view, width, height);
		const most = this.picture.draw(this.layout, this.view, this.drawing, this.value);

		this.describe(most);
	}

	describe(most) {
		const ramp = new Ramp();
		const scale = el('span', { class: 'scale', 'aria-hidden': 'true' });
		const { left, right } = this.view;
		const { binTime, columns, height } = this.layout;
		const shown = sum([...this.drawing.blocks.values()].map(this.value));
		const whole =
			right - left === columns && this.view.top - this.view.bottom === height;

		for (let i = 0; i < 24; i++) {
			const step = el('i');

			step.style.background = ramp.at((i + 1) / 24);
			scale.append(step);
		}
		this.legend.replaceChildren(
			...(most
				? [
						'faults in a block: 1 ',
						scale,
						` ${grouped(most)} (logarithmic)`,
					]
				: ['no such fault here']),
		);
		this.status.textContent =
			`${whole ? 'The whole' : 'A part'}: ` +
			`${((left * binTime) / 1e9).toFixed(3)} to ${((right * binTime) / 1e9).toFixed(3)} s, ` +
			`${plural(shown, 'fault')}.`;
		Object.assign(this.frame.dataset, {
			left,
			right,
			bottom: this.view.bottom,
			top: this.view.top,
			shown,
		});
	}

	point(event) {
		const box = this.canvas.getBoundingClientRect();

		return { x: event.clientX - box.left, y: event.clientY - box.top };
	}

	hover(event) {
		const { x, y } = this.point(event);
		const { time, place } = this.picture.at(this.view, x, y);
		const region =
			time >= this.view.left &&
			time < this.view.right &&
			place >= this.view.bottom &&
			place < this.view.top &&
			this.layout.regionAt(place);

		this.hideMark();
		if (!region) return;
		const { stepTime } = this.drawing;
		const bin = this.layout.binAt(region, place);
		const block = {
			region,
			time: Math.floor(time) - (Math.floor(time) % stepTime),
			bin: bin - ((bin - region.low) % region.stepBin),
			minor: 0,
			major: 0,
			invalid: 0,
		};

		this.tell(
			event,
			this.drawing.blocks.get(`${region.index} ${block.time} ${block.bin}`) ||
				block,
		);
	}

	tell(event, block) {
		const { region, time, bin } = block;
		const { binTime } = this.layout;
		const { stepTime } = this.drawing;
		const start = this.layout.addressOf(region, bin);
		const end = this.layout.addressOf(region, bin + region.stepBin);
		const from = ((time * binTime) / 1e9).toFixed(3);
		const to = (((time + stepTime) * binTime) / 1e9).toFixed(3);

		this.showMark(this.picture.box(this.layout, this.view, block, stepTime), 'hover');
		showTip(
			event,
			plain(region.name || '[anon]'),
			[
				['from', address(start)],
				['to', address(end)],
				['size', bytes(Number(end - start))],
				['time', `${from} to ${to} s`],
				...['minor', 'major', 'invalid'].map((kind) => [
					kind,
					grouped(block[kind]),
				]),
			],
			{
				region: region.index,
				time,
				times: stepTime,
				bin,
				bins: region.stepBin,
				minor: block.minor,
				major: block.major,
				invalid: block.invalid,
			},
		);
	}

	showMark({ x, y, width, height }, kind) {
		this.mark.className = `mark-box ${kind}`;
		this.mark.hidden = false;
		Object.assign(this.mark.style, {
			left: `${x}px`,
			top: `${y}px`,
			width: `${width}px`,
			height: `${height}px`,
		});
	}

	hideMark() {
		this.mark.hidden = true;
		hideTip();
	}

	drag(event) {
		const now = this.point(event);
		const { from } = this;

		this.showMark(
			{
				x: Math.min(from.x, now.x),
				y: Math.min(from.y, now.y),
				width: Math.abs(now.x - from.x),
				height: Math.abs(now.y - from.y),
			},
			'select',
		);
	}

	drop(event) {
		const { from } = this;
		const now = this.point(event);

		this.from = null;
		this.hideMark();
		if (Math.abs(now.x - from.x) < 6 || Math.abs(now.y - from.y) < 6) return;
		const one = this.picture.at(this.view, from.x, from.y);
		const other = this.picture.at(this.view, now.x, now.y);

		this.setView({
			left: Math.max(this.view.left, Math.min(one.time, other.time)),
			right: Math.min(this.view.right, Math.max(one.time, other.time)),
			bottom: Math.max(this.view.bottom, Math.min(one.place, other.place)),
			top: Math.min(this.view.top, Math.max(one.place, other.place)),
		});
	}

	listen() {
		setAll(this.canvas, {
			onpointerdown: (event) => {
				if (event.button !== 0) return;
				this.from = this.point(event);
				this.canvas.setPointerCapture(event.pointerId);
			},
			onpointermove: (event) =>
				this.from ? this.drag(event) : this.hover(event),
			onpointerup: (event) => this.from && this.drop(event),
			onpointercancel: () => {
				this.from = null;
				this.hideMark();
			},
			onpointerleave: () => !this.from && this.hideMark(),
			ondblclick: () => this.whole(),
			onkeydown: (event) => {
				const act = HEAT_KEYS[event.key];

				if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
					event.preventDefault();
					act(this);
				}
			},
		});
		this.canvas.addEventListener(
			'wheel',
			(event) => {
				if (!event.ctrlKey && !event.metaKey) return;
				event.preventDefault();
				const { x, y } = this.point(event);

				this.zoom(
					event.deltaY < 0 ? 0.8 : 1.25,
					this.picture.at(this.view, x, y),
				);
			},
			{ passive: false },
		);
	}
}
