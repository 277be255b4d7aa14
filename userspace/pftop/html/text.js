// SPDX-License-Identifier: GPL-2.0
// Values as text, and elements made of text. Nothing in this page parses
// markup: names of programs and files are bytes that anyone may have chosen.

const NONE = '–';

// Controls, and characters that change how their neighbours are shown.
const UNPRINTABLE = new RegExp(
	'[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e' +
		'\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ud800-\\udfff\\ufeff\\ufff0-\\ufffb' +
		'\\ufffe\\uffff\\u{e0000}-\\u{e0fff}]',
	'gu',
);

// A name as it may be shown: what has no glyph of its own is written out.
function plain(text) {
	return String(text).replace(UNPRINTABLE, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

function isNumber(value) {
	return typeof value === 'number' && Number.isFinite(value);
}

// 262,912. Not toLocaleString(): a page reads the same everywhere.
function grouped(value) {
	if (!isNumber(value)) return NONE;
	const [whole, rest] = String(value).split('.');
	const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

	return rest === undefined ? digits : `${digits}.${rest}`;
}

// Three digits that mean something: 1.34, 13.4, 134.
function threeDigits(value) {
	const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	return value.toFixed(decimals);
}

function scaled(value, units, step) {
	let unit = 0;

	while (value >= step - 0.5 && unit < units.length - 1) {
		value /= step;
		unit++;
	}
	return [value, units[unit]];
}

// A duration: 340 ns, 1.34 ms, 61.0 s.
function duration(ns) {
	if (!isNumber(ns)) return NONE;
	const [value, unit] = scaled(ns, ['ns', 'µs', 'ms', 's'], 1000);

	if (unit === 'ns') return `${Math.round(value)} ns`;
	return value >= 999.5
		? `${grouped(Math.round(value))} ${unit}`
		: `${threeDigits(value)} ${unit}`;
}

// A place in the recording. All the digits: neighbours must differ.
function moment(ns) {
	return isNumber(ns) ? `${(ns / 1e9).toFixed(6)} s` : NONE;
}

// A number for which there is little room: 950, 12.4k, 3.10M.
function short(value) {
	if (!isNumber(value)) return NONE;
	const [number, unit] = scaled(value, ['', 'k', 'M', 'G', 'T'], 1000);

	if (unit !== '' || !Number.isInteger(value))
		return threeDigits(number).replace(/\.0+$/, '') + unit;
	return String(value);
}

function bytes(count) {
	const [value, unit] = scaled(count, ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024);

	return Number.isInteger(value) ? `${value} ${unit}` : `${threeDigits(value)} ${unit}`;
}

function percent(part, whole) {
	if (!isNumber(part) || !isNumber(whole) || whole <= 0) return NONE;
	const value = (100 * part) / whole;

	if (value > 0 && value < 0.1) return '< 0.1 %';
	return value < 100 && value > 99.9 ? '> 99.9 %' : `${value.toFixed(1)} %`;
}

function plural(count, one, many) {
	return `${grouped(count)} ${count === 1 ? one : many || one + 's'}`;
}

// 2026-11-21 19:04:05 UTC, of seconds since 1970.
function date(seconds) {
	const when = new Date(seconds * 1000);

	if (!isNumber(seconds) || Number.isNaN(when.getTime())) return NONE;
	return `${when.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function address(value) {
	return `0x${value.toString(16)}`;
}

function sum(values) {
	return values.reduce((total, value) => total + (value || 0), 0);
}

function put(node, children) {
	for (const child of children.flat())
		if (child !== null && child !== undefined) node.append(child);
	return node;
}

function setAll(node, attributes) {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false) continue;
		if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
		else node.setAttribute(name, value === true ? '' : value);
	}
	return node;
}

// el('td', { class: 'name' }, 'text', otherElement): strings become text.
function el(tag, attributes, ...children) {
	return put(setAll(document.createElement(tag), attributes), children);
}

function svg(tag, attributes, ...children) {
	return put(
		setAll(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes),
		children,
	);
}

// A name. A long one gives up its middle, never its end; all of it is in the
// title. It is a unit of its own among right-to-left text.
const TAIL = 14;

function name(value) {
	const text = plain(value);
	const characters = [...text];

	if (characters.length <= 3 * TAIL) return el('bdi', { class: 'name', title: text }, text);
	return el(
		'bdi',
		{ class: 'name long', title: text },
		el('span', { class: 'head' }, characters.slice(0, -TAIL).join('')),
		el('span', { class: 'tail' }, characters.slice(-TAIL).join('')),
	);
}

// A class of faults: never by its colour alone.
function classMark(kind) {
	return el('span', { class: `mark ${plain(kind)}` }, plain(kind));
}
