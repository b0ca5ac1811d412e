// webdriver.mjs: as much of W3C WebDriver as the tests need, on fetch alone.
//
// Debian's chromedriver and chromium, nothing from npm.  Each wait has a
// deadline; a failed one says what was waited for and where the page was.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const WAIT_MS = 15000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function freePort() {
	return new Promise((resolve, reject) => {
		const s = createServer();
		s.on("error", reject);
		s.listen(0, "127.0.0.1", () => {
			const { port } = s.address();
			s.close(() => resolve(port));
		});
	});
}

class Element {
	constructor(browser, id) {
		this.browser = browser;
		this.path = `element/${id}`;
		this.ref = { [ELEMENT]: id };
	}

	click() {
		return this.browser.post(`${this.path}/click`, {});
	}

	text() {
		return this.browser.get(`${this.path}/text`);
	}

	value() {
		return this.browser.get(`${this.path}/property/value`);
	}

	visible() {
		return this.browser.get(`${this.path}/displayed`);
	}

	// Replaces what the field holds.
	async type(text) {
		await this.browser.post(`${this.path}/clear`, {});
		await this.keys(text);
	}

	keys(text) {
		return this.browser.post(`${this.path}/value`, { text });
	}
}

export class Browser {
	static async start() {
		const b = new Browser();
		const port = await freePort();
		b.profile = mkdtempSync(join(tmpdir(), "kvitok-browser."));
		b.driver = spawn("chromedriver", [`--port=${port}`, "--silent"],
			{ stdio: "ignore", env: { ...process.env, HOME: b.profile,
				LANGUAGE: "ru" } });
		b.base = `http://127.0.0.1:${port}`;
		await b.until("chromedriver", async () =>
			(await b.call("GET", "/status")).ready);
		const made = await b.call("POST", "/session", {
			capabilities: { alwaysMatch: {
				browserName: "chrome",
				pageLoadStrategy: "normal",
				timeouts: { pageLoad: 30000, script: 10000 },
				"goog:loggingPrefs": { browser: "ALL" },
				"goog:chromeOptions": {
					binary: process.env.CHROMIUM ?? "/usr/bin/chromium",
					args: ["--headless", "--no-sandbox", "--disable-gpu",
						"--disable-quic", "--no-first-run",
						"--disable-background-networking",
						"--disable-component-update", "--disable-sync",
						"--disable-dev-shm-usage", "--lang=ru",
						`--user-data-dir=${b.profile}/profile`],
				},
			} },
		});
		b.session = `/session/${made.sessionId}/`;
		return b;
	}

	async stop() {
		try {
			if (this.session)
				await this.call("DELETE", this.session.slice(0, -1));
		} finally {
			this.driver.kill();
			rmSync(this.profile, { recursive: true, force: true,
				maxRetries: 5 });
		}
	}

	async call(method, path, body) {
		const answer = await fetch(this.base + path, {
			method,
			body: body === undefined ? undefined : JSON.stringify(body),
			headers: { "content-type": "application/json" },
			signal: AbortSignal.timeout(60000),
		});
		const { value } = await answer.json();
		if (!answer.ok)
			throw new Error(`${value.error}: ${value.message.split("\n")[0]}`);
		return value;
	}

	get(path) {
		return this.call("GET", this.session + path);
	}

	post(path, body) {
		return this.call("POST", this.session + path, body);
	}

	go(url) {
		return this.post("url", { url });
	}

	url() {
		return this.get("url");
	}

	title() {
		return this.get("title");
	}

	// Runs in the page; elements go in and out as Element.
	run(script, ...args) {
		return this.post("execute/sync", { script,
			args: args.map((a) => a instanceof Element ? a.ref : a) });
	}

	devtools(cmd, params) {
		return this.post("goog/cdp/execute", { cmd, params });
	}

	async resize(width, height, mobile) {
		await this.devtools("Emulation.setScrollbarsHidden",
			{ hidden: true });
		await this.devtools("Emulation.setDeviceMetricsOverride",
			{ width, height, deviceScaleFactor: mobile ? 2 : 1, mobile });
	}

	async all(css) {
		const found = await this.post("elements",
			{ using: "css selector", value: css });
		return found.map((e) => new Element(this, e[ELEMENT]));
	}

	// The element, once it is there to be seen.
	async find(css, ms = WAIT_MS) {
		return this.until(css, async () => {
			for (const e of await this.all(css))
				if (await e.visible())
					return e;
			return null;
		}, ms);
	}

	// The words of the page, once they hold this text.
	async words(text, ms = WAIT_MS) {
		return this.until(`"${text}"`, async () => {
			const all = await this.run(
				"return document.body ? document.body.innerText : ''");
			return all.replace(/[\u00a0\u202f]/g, " ").includes(text)
				? all : null;
		}, ms);
	}

	async until(what, ask, ms = WAIT_MS) {
		const end = Date.now() + ms;
		let last = "";
		for (;;) {
			try {
				const got = await ask();
				if (got)
					return got;
			} catch (e) {
				last = `; ${e.message}`;
			}
			if (Date.now() > end)
				break;
			await pause(100);
		}
		const where = this.session
			? await this.url().catch(() => "?") : "no session";
		throw new Error(`waited in vain for ${what} at ${where}${last}`);
	}

	// What the page complained of, since the last call.
	async complaints() {
		const log = await this.post("se/log", { type: "browser" });
		return log.filter((l) => l.level === "SEVERE")
			.map((l) => l.message);
	}

	// The whole page, however long.
	async whole(file) {
		const { cssContentSize: size } = await this.devtools(
			"Page.getLayoutMetrics", {});
		const { data } = await this.devtools("Page.captureScreenshot",
			{ format: "png", captureBeyondViewport: true,
				clip: { x: 0, y: 0, width: size.width,
					height: Math.min(size.height, 4000), scale: 1 } });
		writeFileSync(file, Buffer.from(data, "base64"));
	}

	async shot(file) {
		const { data } = await this.devtools("Page.captureScreenshot",
			{ format: "png", captureBeyondViewport: false });
		writeFileSync(file, Buffer.from(data, "base64"));
	}
}
