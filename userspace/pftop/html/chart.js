// SPDX-License-Identifier: GPL-2.0
// What the pictures share: the tip at the pointer, scales, drawing at the
// width there is.

// lines: [text or [label, value]]; facts: numbers for whoever reads the page
// by program
function showTip(event, title, lines, facts) {
	const tip = document.getElementById('tip');

	tip.replaceChildren(
		el('div', { class: 'title' }, title),
		...lines.map(([label, value]) =>
			el('div', { class: 'line' }, el('span', {}, label), el('span', {}, value)),
		),
	);
	for (const key of Object.keys(tip.dataset)) delete tip.dataset[key];
	Object.assign(tip.dataset, facts || {});
	tip.hidden = false;
	const box = tip.getBoundingClientRect();
	const room = document.documentElement;
	const left =
		event.clientX + 14 + box.width > room.clientWidth
			? event.clientX - 14 - box.width
			: event.clientX + 14;
	const top =
		event.clientY + 14 + box.height > room.clientHeight
			? event.clientY - 14 - box.height
			: event.clientY + 14;

	tip.style.left = `${Math.max(4, left)}px`;
	tip.style.top = `${Math.max(4, top)}px`;
}

function hideTip() {
	document.getElementById('tip').hidden = true;
}

// Call draw(width) now, and again when the element's width changes.
function drawn(element, draw) {
	let width = 0;

	new ResizeObserver(() => {
		if (element.clientWidth && element.clientWidth !== width) {
			width = element.clientWidth;
			draw(width);
		}
	}).observe(element);
	return element;
}

// A round number not below value: 1, 2 or 5 times a power of ten.
function roundUp(value) {
	const power = 10 ** Math.floor(Math.log10(value));

	return [1, 2, 5, 10].map((step) => step * power).find((round) => round >= value * 0.999999);
}

// Round places between two values, about as many as asked for.
function ticks(begin, end, about) {
	const step = roundUp((end - begin) / about);
	const places = [];

	for (let i = Math.ceil(begin / step); i * step <= end; i++) places.push(i * step);
	return places;
}

// Seconds on an axis whose ticks are this far apart.
function axisTime(ns, step) {
	const decimals = Math.max(0, Math.min(9, -Math.floor(Math.log10(step / 1e9) + 1e-9)));

	return `${(ns / 1e9).toFixed(decimals)} s`;
}

// A few buttons of which one is down. choices: [[value, label]]
function choice(label, choices, chosen, choose) {
	const group = el('div', { class: 'choice', role: 'group', 'aria-label': label });

	for (const [value, text] of choices)
		group.append(
			el(
				'button',
				{
					type: 'button',
					'data-choice': value,
					'aria-pressed': String(value === chosen),
					onclick: (event) => {
						for (const button of group.children)
							button.setAttribute(
								'aria-pressed',
								String(
									button ===
										event.currentTarget,
								),
							);
						choose(value);
					},
				},
				text,
			),
		);
	return group;
}

// A colour of the theme in force, as rgb().
function colour(variable) {
	const probe = document.getElementById('tip');

	probe.style.color = `var(${variable})`;
	const value = getComputedStyle(probe).color;

	probe.style.color = '';
	return value;
}
