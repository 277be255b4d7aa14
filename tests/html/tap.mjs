// SPDX-License-Identifier: GPL-2.0
//
// Tests one after the other, told as TAP.

const tests = [];

export function test(name, work) {
	tests.push({ name, work });
}

// Run all whose names hold these words; false if one failed.
export async function run(context, words) {
	const asked = tests.filter(({ name }) => name.includes(words));
	let failed = 0;

	console.log(`1..${asked.length}`);
	for (const [i, { name, work }] of asked.entries()) {
		try {
			await work(context);
			console.log(`ok ${i + 1} - ${name}`);
		} catch (error) {
			failed++;
			console.log(`not ok ${i + 1} - ${name}`);
			console.log(String(error.stack).slice(0, 2000).replace(/^/gm, '# '));
		}
	}
	return failed === 0;
}
