// SPDX-License-Identifier: GPL-2.0
// The picture of a heatmap: blocks, names of regions, axis of time.

const HEAT = { top: 8, right: 10, axis: 24, narrow: 640, labels: 190, fewLabels: 84 };
const HEAT_STEPS = 6;

// A colour between two of the theme's, of a part of 0 to 1.
class Ramp {
	constructor() {
		this.stops = [];
		for (let i = 0; i < HEAT_STEPS; i++)
			this.stops.push(
				colour(`--heat-${i}`).match(/\d+/g).slice(0, 3).map(Number),
			);
	}

	at(part) {
		const place = Math.min(Math.max(part, 0), 1) * (HEAT_STEPS - 1);
		const low = Math.min(Math.floor(place), HEAT_STEPS - 2);
		const mix = this.stops[low].map((value, i) =>
			Math.round(value + (place - low) * (this.stops[low + 1][i] - value)),
		);

		return `rgb(${mix.join(' ')})`;
	}
}

class HeatCanvas {
	constructor(canvas) {
		this.canvas = canvas;
		this.context = canvas.getContext('2d');
	}

	resize(width, height) {
		const ratio = window.devicePixelRatio || 1;

		this.width = width;
		this.height = height;
		this.left = width < HEAT.narrow ? HEAT.fewLabels : HEAT.labels;
		this.inner = {
			width: width - this.left - HEAT.right,
			height: height - HEAT.top - HEAT.axis,
		};
		this.canvas.width = Math.round(width * ratio);
		this.canvas.height = Math.round(height * ratio);
		this.canvas.style.height = `${height}px`;
		this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
	}

	x(view, time) {
		return (
			this.left +
			((time - view.left) / (view.right - view.left)) * this.inner.width
		);
	}

	y(view, place) {
		return (
			HEAT.top +
			((view.top - place) / (view.top - view.bottom)) * this.inner.height
		);
	}

	// What is at this point of the canvas, in columns of time and places.
	at(view, x, y) {
		return {
			time:
				view.left +
				((x - this.left) / this.inner.width) * (view.right - view.left),
			place:
				view.top -
				((y - HEAT.top) / this.inner.height) * (view.top - view.bottom),
		};
	}

	// The block's box in whole pixels, cut off at the edges of the picture.
	box(layout, view, block, stepTime) {
		const { region } = block;
		const bin = Math.min(block.bin + region.stepBin, region.high + 1);
		const right = Math.min(block.time + stepTime, layout.columns);
		const clampX = (x) =>
			Math.round(Math.min(Math.max(x, this.left), this.left + this.inner.width));
		const clampY = (y) =>
			Math.round(Math.min(Math.max(y, HEAT.top), HEAT.top + this.inner.height));
		const x = clampX(this.x(view, block.time));
		const y = clampY(this.y(view, layout.placeOf(region, bin)));

		return {
			x,
			y,
			width: Math.max(2, clampX(this.x(view, right)) - x),
			height: Math.max(
				2,
				clampY(this.y(view, layout.placeOf(region, block.bin))) - y,
			),
		};
	}

	// Returns the highest value in the view.
	draw(layout, view, drawing, value) {
		const { context, inner } = this;
		const ramp = new Ramp();
		const all = [...drawing.blocks.values()];
		const most = all.reduce((n, block) => Math.max(n, value(block)), 0);

		context.clearRect(0, 0, this.width, this.height);
		context.fillStyle = colour('--heat-ground');
		context.fillRect(this.left, HEAT.top, inner.width, inner.height);
		this.regions(layout, view);
		for (const block of all) {
			const count = value(block);

			if (!count) continue;
			const { x, y, width, height } = this.box(
				layout,
				view,
				block,
				drawing.stepTime,
			);

			context.fillStyle = ramp.at(Math.log(count + 1) / Math.log(most + 1));
			context.fillRect(x, y, width, height);
		}
		this.refused(layout, view, drawing);
		this.axis(layout, view);
		return most;
	}

	// A refused fault is one cell among thousands: ring it.
	refused(layout, view, drawing) {
		const { context } = this;

		context.strokeStyle = colour('--invalid');
		context.lineWidth = 2;
		for (const block of drawing.blocks.values()) {
			if (!block.invalid) continue;
			const { x, y, width, height } = this.box(
				layout,
				view,
				block,
				drawing.stepTime,
			);

			context.beginPath();
			context.arc(x + width / 2, y + height / 2, 6, 0, 2 * Math.PI);
			context.stroke();
		}
	}

	regions(layout, view) {
		const { context } = this;
		let free = Infinity;

		context.font = '11px system-ui, sans-serif';
		context.textBaseline = 'middle';
		context.textAlign = 'right';
		for (const region of layout.regions) {
			const bottom = Math.min(
				this.y(view, region.bottom),
				HEAT.top + this.inner.height,
			);
			const top = Math.max(this.y(view, region.top), HEAT.top);

			if (bottom <= top) continue;
			context.fillStyle = colour('--line');
			context.fillRect(this.left, top - 0.5, this.inner.width, 1);
			const middle = (bottom + top) / 2;

			if (middle + 7 > free) continue;
			context.fillStyle = colour('--faint');
			context.fillText(
				this.fit(plain(region.name || '[anon]'), this.left - 12),
				this.left - 8,
				middle,
			);
			free = middle - 7;
		}
	}

	// The end of a path says more than its beginning.
	fit(text, room) {
		const characters = [...text.slice(-400)];

		if (
			characters.length === text.length &&
			this.context.measureText(text).width <= room
		)
			return text;
		while (
			characters.length &&
			this.context.measureText(`…${characters.join('')}`).width > room
		)
			characters.shift();
		return `…${characters.join('')}`;
	}

	axis(layout, view) {
		const { context } = this;
		const places = ticks(
			view.left * layout.binTime,
			view.right * layout.binTime,
			Math.max(2, this.inner.width / 110),
		);

		context.textBaseline = 'alphabetic';
		context.textAlign = 'center';
		for (const ns of places) {
			const x = this.x(view, ns / layout.binTime);

			context.fillStyle = colour('--line');
			context.fillRect(x, HEAT.top + this.inner.height, 1, 5);
			context.fillStyle = colour('--faint');
			context.textAlign = x > this.width - 30 ? 'right' : 'center';
			context.fillText(
				axisTime(ns, places[1] - places[0] || ns),
				x,
				this.height - 5,
			);
		}
	}
}
