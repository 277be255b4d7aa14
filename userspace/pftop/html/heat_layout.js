// SPDX-License-Identifier: GPL-2.0
// Where the cells of a heatmap go. Time runs to the right; the regions of the
// address space are stacked upwards, without the holes between them, and each
// without the ends in which nothing happened.

// A region takes at least this part of the height, or it could not be seen.
const LEAST_PART = 0.06;

class HeatLayout {
	constructor(map, end) {
		this.binTime = map.bin_ns;
		this.binBytes = map.bin_bytes;
		this.columns = Math.max(1, Math.ceil(end / map.bin_ns));
		this.regions = map.regions.map((region, index) => ({
			index,
			name: region.name,
			start: BigInt(region.start),
			end: BigInt(region.end),
			low: Infinity,
			high: -1,
			cells: [],
		}));
		for (const [time, index, bin, minor, major, invalid] of map.cells) {
			const region = this.regions[index];

			if (!region) continue;
			region.low = Math.min(region.low, bin);
			region.high = Math.max(region.high, bin);
			region.cells.push({ time, bin, minor, major, invalid });
			this.columns = Math.max(this.columns, time + 1);
		}
		this.regions = this.regions
			.filter((region) => region.cells.length)
			.sort((a, b) => (a.start < b.start ? -1 : 1));
		this.stack();
	}

	// Give each region its place on the way up, from 0 to this.height.
	stack() {
		const bins = sum(this.regions.map((region) => region.high - region.low + 1));
		let place = 0;

		for (const region of this.regions) {
			region.bins = region.high - region.low + 1;
			region.bottom = place;
			place += Math.max(region.bins, bins * LEAST_PART);
			region.top = place;
		}
		this.height = place;
	}

	// The place of a bin's lower edge.
	placeOf(region, bin) {
		return (
			region.bottom +
			((bin - region.low) / region.bins) * (region.top - region.bottom)
		);
	}

	regionAt(place) {
		return this.regions.find((region) => place >= region.bottom && place < region.top);
	}

	binAt(region, place) {
		const part = (place - region.bottom) / (region.top - region.bottom);

		return region.low + Math.min(region.bins - 1, Math.floor(part * region.bins));
	}

	addressOf(region, bin) {
		const bound = region.start + BigInt(bin) * BigInt(this.binBytes);

		return bound < region.end ? bound : region.end;
	}

	// The view as blocks of at least 2 by 2 pixels, each the sum of its cells.
	blocks(view, width, height) {
		const stepTime = Math.max(1, Math.ceil((2 * (view.right - view.left)) / width));
		const blocks = new Map();

		for (const region of this.regions) {
			if (region.top <= view.bottom || region.bottom >= view.top) continue;
			const pixels =
				(((region.top - region.bottom) / region.bins) * height) /
				(view.top - view.bottom);
			const stepBin = Math.max(1, Math.ceil(2 / pixels));

			region.stepBin = stepBin;
			for (const cell of region.cells)
				this.addCell(blocks, view, region, cell, stepTime, stepBin);
		}
		return { blocks, stepTime };
	}

	addCell(blocks, view, region, cell, stepTime, stepBin) {
		const time = cell.time - (cell.time % stepTime);
		const bin = cell.bin - ((cell.bin - region.low) % stepBin);

		if (
			time >= view.right ||
			time + stepTime <= view.left ||
			this.placeOf(region, bin) >= view.top ||
			this.placeOf(region, bin + stepBin) <= view.bottom
		)
			return;
		const key = `${region.index} ${time} ${bin}`;
		let block = blocks.get(key);

		if (!block) {
			block = { region, time, bin, minor: 0, major: 0, invalid: 0 };
			blocks.set(key, block);
		}
		block.minor += cell.minor;
		block.major += cell.major;
		block.invalid += cell.invalid;
	}
}
