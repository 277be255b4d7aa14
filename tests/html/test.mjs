// SPDX-License-Identifier: GPL-2.0
//
// node test.mjs BUILD [WORDS]: open pages of reports in a browser, look, and
// try what a reader does. BUILD holds the program "page". WORDS: only tests
// whose names hold them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Browser } from './browser.mjs';
import { run } from './tap.mjs';
import { sample } from './sample.mjs';
import './test_numbers.mjs';
import './test_tables.mjs';
import './test_pictures.mjs';
import './test_looks.mjs';
import './test_safety.mjs';

const build = process.argv[2];
const work = mkdtempSync(join(tmpdir(), 'pftop-page-'));

// What each test gets: the browser with the sample's page open, and the sample.
const context = {
	report: sample(),
	build,

	// Open the page of this report, or of this text in its place.
	async open(report) {
		const input = typeof report === 'string' ? report : JSON.stringify(report);
		const made = spawnSync(join(build, 'page'), { input, maxBuffer: 1 << 28 });
		const file = join(work, 'report.html');

		if (made.status !== 0) throw new Error(`page: ${made.stderr}`);
		writeFileSync(file, made.stdout);
		this.url = pathToFileURL(file).href;
		await this.browser.open(this.url);
	},

	// A fresh page of the sample, at the usual size, in the light.
	async fresh() {
		await this.browser.scheme('light');
		await this.browser.resize(1400, 900);
		await this.open(this.report);
	},
};

let good = false;

try {
	context.browser = await Browser.start();
	context.browser.watch();
	await context.fresh();
	good = await run(context, process.argv[3] || '');
} finally {
	await context.browser?.stop();
	rmSync(work, { recursive: true, force: true });
}
process.exitCode = good ? 0 : 1;
