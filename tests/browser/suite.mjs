// suite.mjs: tests of one browser, one after the other, against the instance
// whose folder (of tools/run) the command line names.
//
//	BROWSER_ONLY=words   only tests whose name has these words
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./webdriver.mjs";

export const folder = process.argv[2];
export const shots = "build/shots";
export const env = Object.fromEntries(
	readFileSync(join(folder, "demo.env"), "utf8")
		.split("\n").filter(Boolean).map((l) => l.split(/=(.*)/s)));
export const PHONE = [390, 844, true], DESK = [1280, 900, false];
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const plain = (s) => s.replace(/[\u00a0\u202f\s]+/g, " ");

export function check(what, truth) {
	if (!truth)
		throw new Error(`not so: ${what}`);
}

// Ends the process: 0 when all of them passed.
export async function runTests(suite, tests) {
	let good = 0, bad = 0, n = 0;

	mkdirSync(shots, { recursive: true });
	const browser = await Browser.start();
	try {
		for (const [name, test] of Object.entries(tests)) {
			if (process.env.BROWSER_ONLY &&
				!name.includes(process.env.BROWSER_ONLY))
				continue;
			n++;
			const began = Date.now();
			const shot = join(shots, `failed-${suite}-${n}.png`);
			try {
				await test(browser);
				const complaints = (await browser.complaints()).filter(
					(c) => !/favicon|Failed to load resource/.test(c));
				check(`the console is clean: ${complaints}`,
					complaints.length === 0);
				good++;
				console.log(`ok ${n} - ${name} # ${Date.now() - began} ms`);
			} catch (e) {
				bad++;
				await browser.shot(shot).catch(() => {});
				console.log(`not ok ${n} - ${name}\n# ${e.message}\n` +
					`# at ${await browser.url().catch(() => "?")}, ` +
					`see ${shot}`);
			}
		}
	} finally {
		await browser.stop();
	}
	console.log(`1..${n}\n${suite}: ${good} passed, ${bad} failed`);
	process.exit(bad === 0 && good > 0 ? 0 : 1);
}
