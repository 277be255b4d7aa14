// SPDX-License-Identifier: GPL-2.0
//
// A headless Chromium, driven over a pipe by its DevTools protocol: messages
// are JSON, each ended by a NUL, on the browser's descriptors 3 and 4.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT = 60000;

export class Browser {
	constructor() {
		this.profile = mkdtempSync(join(tmpdir(), 'pftop-browser-'));
		this.waiting = new Map();
		this.listeners = new Set();
		this.next = 1;
		this.left = '';
		this.said = '';
	}

	static async start() {
		const browser = new Browser();
		const { profile } = browser;
		const args = [
			'--headless=new',
			'--remote-debugging-pipe',
			`--user-data-dir=${profile}`,
			'--disable-gpu',
			'--disable-dev-shm-usage',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--hide-scrollbars',
			'--force-device-scale-factor=1',
			'about:blank',
		];

		// Its sandbox refuses to run as root.
		if (process.getuid() === 0) args.unshift('--no-sandbox');
		browser.process = spawn('chromium', args, {
			stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
		});
		browser.process.stderr.setEncoding('utf8').on('data', (text) => {
			browser.said = (browser.said + text).slice(-1000);
		});
		browser.gone = new Promise((resolve) => {
			browser.process.on('exit', resolve);
			browser.process.on('error', resolve);
		});
		browser.gone.then(() =>
			browser.fail(new Error(`the browser ended: ${browser.said}`)),
		);
		browser.process.stdio[4]
			.setEncoding('utf8')
			.on('data', (text) => browser.receive(text));
		browser.process.stdio[3].on('error', () => {});
		const { targetId } = await browser.send('Target.createTarget', {
			url: 'about:blank',
		});

		({ sessionId: browser.session } = await browser.send('Target.attachToTarget', {
			targetId,
			flatten: true,
		}));
		for (const domain of ['Page', 'Runtime', 'Log', 'Network'])
			await browser.send(`${domain}.enable`);
		return browser;
	}

	fail(error) {
		for (const { reject } of this.waiting.values()) reject(error);
		this.waiting.clear();
	}

	receive(text) {
		const messages = (this.left + text).split('\0');

		this.left = messages.pop();
		for (const message of messages) this.take(JSON.parse(message));
	}

	take(message) {
		const call = this.waiting.get(message.id);

		if (call) {
			this.waiting.delete(message.id);
			if (message.error)
				call.reject(new Error(`${call.method}: ${message.error.message}`));
			else call.resolve(message.result);
		}
		for (const listener of this.listeners) listener(message);
	}

	limited(what, start) {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`no answer in time: ${what}`)),
				LIMIT,
			);
			const end = (act) => (value) => {
				clearTimeout(timer);
				act(value);
			};

			start(end(resolve), end(reject));
		});
	}

	send(method, params = {}) {
		const id = this.next++;

		return this.limited(method, (resolve, reject) => {
			this.waiting.set(id, { method, resolve, reject });
			this.process.stdio[3].write(
				`${JSON.stringify({
					id,
					method,
					params,
					sessionId: this.session,
				})}\0`,
			);
		});
	}

	event(name) {
		return this.limited(name, (resolve) => {
			const listener = (message) => {
				if (message.method !== name) return;
				this.listeners.delete(listener);
				resolve(message.params);
			};

			this.listeners.add(listener);
		});
	}

	// What the browser says while a page is open: its own complaints, the
	// page's, and what it asks the network for.
	watch() {
		this.complaints = [];
		this.requests = [];
		this.listeners.add(({ method, params }) => {
			if (method === 'Runtime.exceptionThrown')
				this.complaints.push(
					params.exceptionDetails.exception?.description ||
						params.exceptionDetails.text,
				);
			else if (method === 'Runtime.consoleAPICalled')
				this.complaints.push(`console.${params.type}`);
			else if (method === 'Log.entryAdded')
				this.complaints.push(params.entry.text);
			else if (method === 'Network.requestWillBeSent')
				this.requests.push(params.request.url);
		});
	}

	async open(url) {
		const loaded = this.event('Page.loadEventFired');

		await this.send('Page.navigate', { url });
		await loaded;
		await this.settled();
	}

	// Two frames on, what was asked for has been drawn.
	async settled() {
		await this.evaluate(
			() =>
				new Promise((resolve) => {
					requestAnimationFrame(() => requestAnimationFrame(resolve));
				}),
		);
	}

	// Call a function in the page, with arguments that JSON can hold.
	async evaluate(work, ...args) {
		const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
			expression: `(${work})(...${JSON.stringify(args)})`,
			awaitPromise: true,
			returnByValue: true,
		});

		if (exceptionDetails)
			throw new Error(
				exceptionDetails.exception?.description || exceptionDetails.text,
			);
		return result.value;
	}

	async resize(width, height) {
		await this.send('Emulation.setDeviceMetricsOverride', {
			width,
			height,
			deviceScaleFactor: 1,
			mobile: false,
		});
		await this.settled();
	}

	async scheme(value, media = '') {
		await this.send('Emulation.setEmulatedMedia', {
			media,
			features: [{ name: 'prefers-color-scheme', value }],
		});
		await this.settled();
	}

	async mouse(type, x, y, more = {}) {
		await this.send('Input.dispatchMouseEvent', {
			type,
			x,
			y,
			button: 'none',
			...more,
		});
	}

	async click(x, y, clickCount = 1) {
		for (let i = 1; i <= clickCount; i++)
			for (const type of ['mousePressed', 'mouseReleased'])
				await this.mouse(type, x, y, { button: 'left', clickCount: i });
		await this.settled();
	}

	async drag(from, to) {
		await this.mouse('mouseMoved', from.x, from.y);
		await this.mouse('mousePressed', from.x, from.y, { button: 'left', clickCount: 1 });
		await this.mouse('mouseMoved', (from.x + to.x) / 2, (from.y + to.y) / 2, {
			button: 'left',
			buttons: 1,
		});
		await this.mouse('mouseMoved', to.x, to.y, { button: 'left', buttons: 1 });
		await this.mouse('mouseReleased', to.x, to.y, { button: 'left', clickCount: 1 });
		await this.settled();
	}

	async key(key) {
		const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;

		await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text });
		await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
		await this.settled();
	}

	// What is in the window, or any part of the page, as PNG.
	async screenshot(clip) {
		const { data } = await this.send('Page.captureScreenshot', {
			format: 'png',
			...(clip
				? { captureBeyondViewport: true, clip: { ...clip, scale: 1 } }
				: {}),
		});

		return Buffer.from(data, 'base64');
	}

	async pdf() {
		const { data } = await this.send('Page.printToPDF', { printBackground: false });

		return Buffer.from(data, 'base64');
	}

	async stop() {
		this.process.kill();
		await this.gone;
		rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
	}
}
