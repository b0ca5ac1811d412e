// cabinet.mjs: an accountant's day in a real browser: a report counted,
// ordered and fetched, a settlement confirmed, a case closed; and what others
// may not see.
//
//	node cabinet.mjs FOLDER     FOLDER: of tools/run; screenshots go to build/shots
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DESK, PHONE, check, env, folder, pause, plain, runTests, shots }
	from "./suite.mjs";

const PASSWORD = "мост через реку 1957";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36";
const mark = process.pid;
let serial = 0;

// ---- what there is to account for ------------------------------------------

function ctl(args, { input, daysLater = 0 } = {}) {
	const ahead = daysLater === 0 ? {} : {
		LD_PRELOAD: join("/usr/lib", readdirSync("/usr/lib").find((d) =>
			d.endsWith("-linux-gnu")), "faketime/libfaketime.so.1"),
		FAKETIME: `+${daysLater}d` };
	return execFileSync(join(process.env.KVITOK_PROGRAMS ?? "build",
		"kvitokctl"), ["-c", join(folder, "kvitok.conf"), ...args],
	{ input, encoding: "utf8", env: { ...process.env, ...ahead } });
}

async function json(method, url, body, headers = {}) {
	const answer = await fetch(url, { method, headers: {
		"content-type": "application/json", ...headers },
	body: body === undefined ? undefined : JSON.stringify(body) });
	return answer.json();
}

const api = (method, path, body) => json(method, `${env.KVITOK_URL}/api/v1${path}`,
	body, { authorization: `Bearer ${env.KVITOK_KEY_PORTALGKH}`,
		"idempotency-key": `cabinet-${mark}-${++serial}` });
const sim = (method, path, body) =>
	json(method, `${env.KVITOK_SIM_URL}/control/${path}`, body);

async function until(what, ask) {
	for (let i = 0; i < 150; i++) {
		const got = await ask();
		if (got)
			return got;
		await pause(100);
	}
	throw new Error(`waited in vain for ${what}`);
}

async function browse(url) {
	for (let i = 0; i < 50; i++) {
		const answer = await fetch(url, { redirect: "manual",
			headers: { "user-agent": BROWSER } });
		if (answer.status === 303)
			return answer.headers.get("location");
		await pause(200);
	}
	throw new Error(`${url} leads nowhere`);
}

// A payment; more than one opening of the bank's page is paid.
async function paid(sum_kop, openings = 1) {
	const made = await api("POST", "/payments", { lines: [{
		supplier: "yuzhnoe-zhks", service: "zhku", account: "10019743",
		sum_kop }], email: `cabinet.${mark}@example.org` });
	const bank = await browse(made.pay_url);
	for (let i = 0; i < openings; i++)
		await fetch(bank, { redirect: "manual",
			headers: { "user-agent": BROWSER } });
	const { attempts } = await api("GET", `/payments/${made.number}`);
	const { orders } = await sim("GET",
		`orders?number=${attempts.at(-1).bank_no}`);
	check(`${orders.length} openings`, orders.length === openings);
	for (const order of orders) {
		await sim("POST", `orders/${order.id}/pay`, { outcome: "paid" });
		await until("paid", async () =>
			(await api("GET", `/payments/${made.number}`)).state === "paid");
	}
	if (openings > 1)
		await until("a case", async () => (await api("GET", "/cases?limit=200"))
			.items.some((c) => c.number === made.number));
	return made.number;
}

function staff(login, ...more) {
	ctl(["staff", "add", login, "--name", more[0], "--portal", "portalgkh",
		"--password", "stdin", ...more.slice(1)], { input: `${PASSWORD}\n` });
}

const moscow = (days) => new Date(Date.now() + 3 * 3600e3 + days * 864e5)
	.toISOString().slice(0, 10);

// ---- what an accountant does --------------------------------------------------

const CHIEF = `glavbuh${mark}`, OTHERS = `postav${mark}`, SOUTH = `yug${mark}`;

async function enter(b, login, path = "/cabinet/") {
	await b.devtools("Network.clearBrowserCookies", {});
	await b.go(env.KVITOK_URL + path);
	await (await b.find("#login")).type(login);
	await (await b.find("#password")).type(PASSWORD);
	await (await b.find("main button[type=submit]")).click();
	await b.find(".menu");
}

const total = (b, name) => b.run(`return document.querySelector(
	'[data-total="' + arguments[0] + '"]')?.innerText ?? null`, name);

// What the program in the page fetched, as a browser with its cookies.
const fetched = (b, path) => b.run(`return fetch(arguments[0])
	.then(async (r) => [r.status, await r.text()])`, path);

async function fits(b, what) {
	const over = await b.run(`return document.documentElement.scrollWidth -
		document.documentElement.clientWidth`);
	check(`${what} is ${over} px too wide`, over <= 0);
}

async function shoot(b, name) {
	await b.resize(...PHONE);
	await fits(b, `${name} on a phone`);
	await b.whole(join(shots, `cabinet-${name}-phone.png`));
	await b.resize(...DESK);
	await fits(b, `${name} on a desk`);
	await b.whole(join(shots, `cabinet-${name}-desk.png`));
}

const tests = {
	async "there is something to account for"() {
		staff(CHIEF, "Анна Петровна <b>Главбух</b>",
			"--rights", "read,report,admin");
		staff(OTHERS, "Бухгалтер Энерго", "--rights", "read,report",
			"--supplier", "irkutskenergo");
		staff(SOUTH, "Бухгалтер Юга", "--rights", "read,report",
			"--supplier", "yuzhnoe-zhks");
		await paid(123456);
		await paid(500000);
		await paid(77700, 2);
		ctl(["settlement", "prepare", "--portal", "portalgkh", "--supplier",
			"yuzhnoe-zhks", "--day", moscow(0)], { daysLater: 1 });
	},

	async "who is not logged in is asked to, and led back"(b) {
		await b.resize(...DESK);
		await enter(b, CHIEF, "/cabinet/reports?report=refunds");
		check("led back", (await b.url()).includes("report=refunds"));
	},

	async "the first page tells what waits"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/`);
		const words = plain(await b.words("Расчёты к подтверждению"));
		check("a case is open", words.includes("Оплачено второй раз"));
		check("a name is text and no mark-up",
			words.includes("Анна Петровна <b>Главбух</b>"));
		await shoot(b, "home");
	},

	async "a report's file has the total that was seen before"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/reports`);
		await b.until("totals", () => total(b, "rows"));
		await shoot(b, "reports");
		await b.run(`const s = document.querySelector("#f-supplier");
			s.value = "yuzhnoe-zhks";
			s.dispatchEvent(new Event("input", { bubbles: true }))`);
		await b.until("the supplier's totals", async () =>
			(await b.url()).includes("supplier=yuzhnoe-zhks"));
		const seen = [await total(b, "rows"), await total(b, "total")];
		check(`something was paid: ${seen}`, /[1-9]/.test(seen[1]));
		await b.run(`document.querySelector(
			"#order [name=format][value=csv]").click()`);
		await (await b.find("#order button")).click();
		await b.find("#order-card");
		const order = await b.url();
		await b.find("#order-card a.button", 30000);
		check("the page's totals are the same", seen[0] ===
			await total(b, "rows") && seen[1] === await total(b, "total"));
		await shoot(b, "order");
		const [status, csv] = await fetched(b, `${order}/file`);
		check(`a file: ${status}`, status === 200);
		const kop = (s) => Number(s.replace(/[^\d-]/g, ""));
		const head = csv.split(/\r?\n/).find((l) => l.includes("Принято"))
			.split(";").findIndex((c) => /Принято/.test(c));
		const sum = csv.split(/\r?\n/) // rows have a payment's number
			.filter((l) => /(^|;)[0-9A-Z]{8}-[0-9A-Z]{10}(;|$)/.test(l))
			.reduce((n, l) => n + kop(l.split(";")[head]), 0);
		check(`the file adds up to ${sum}, not ${seen[1]}`,
			sum === kop(seen[1]));
	},

	async "bad days are told beside their field, and order nothing"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/reports/count?report=payments` +
			"&from=2026-11-30&to=2026-11-01");
		await b.words("позже");
		check("no order", (await b.all("#order")).length === 0);
		await b.go(`${env.KVITOK_URL}/cabinet/reports/count?report=payments` +
			"&from=2016-01-01&to=2026-01-01");
		await b.find("#to-wrong");
		await shoot(b, "refused");
		const [unknown] = await fetched(b, "/cabinet/reports?report=secrets");
		check(`an unknown report: ${unknown}`, unknown === 404);
	},

	async "a form that is sent twice is one order"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/reports`);
		await b.find("#order");
		const where = await b.run(`
			const f = document.querySelector("#order");
			const send = () => fetch("/cabinet/reports", { method: "POST",
				body: new URLSearchParams(new FormData(f)) })
				.then((r) => r.url);
			return Promise.all([send(), send()])`);
		check(`one order: ${where}`, where[0] === where[1] &&
			/reports\/[0-9A-Z]{26}$/.test(where[0]));
		const forged = await b.run(`
			const q = new URLSearchParams(new FormData(
				document.querySelector("#order")));
			q.set("csrf", "0".repeat(40));
			return fetch("/cabinet/reports", { method: "POST", body: q })
				.then((r) => r.status)`);
		check(`a forged form: ${forged}`, forged === 403);
		const huge = await b.run(`return fetch("/cabinet/reports", {
			method: "POST", body: new URLSearchParams({
				email: "x".repeat(10 << 20) }) }).then((r) => r.status)`);
		check(`10 MB: ${huge}`, huge === 413);
	},

	async "a report works without the script"(b) {
		await b.devtools("Emulation.setScriptExecutionDisabled",
			{ value: true });
		try {
			await b.go(`${env.KVITOK_URL}/cabinet/reports`);
			await (await b.find("#ask button")).click();
			await b.find("#order");
			await (await b.find("#order button")).click();
			await b.find("#order-card");
			for (let i = 0; i < 20; i++) {
				if ((await b.all("#order-card a.button")).length > 0)
					break;
				await pause(500);
				await b.go(await b.url());
			}
			await b.find("#order-card a.button");
		} finally {
			await b.devtools("Emulation.setScriptExecutionDisabled",
				{ value: false });
		}
	},

	async "a settlement is confirmed once its sum was seen"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/settlements?state=prepared`);
		await b.find(".sheet");
		await shoot(b, "settlements");
		await (await b.find(".sheet tbody a")).click();
		await b.words("Из чего состоит");
		const page = await b.url();
		await shoot(b, "settlement");
		await (await b.find("a.button[href$=confirm]")).click();
		await b.words("Перечислить поставщику?");
		await shoot(b, "confirm");
		const twice = await b.run(`
			const f = document.querySelector("form[action$=confirm]");
			const q = new URLSearchParams(new FormData(f));
			const send = () => fetch(f.action, { method: "POST", body: q })
				.then((r) => [r.status, r.url]);
			return send().then((one) => send().then((two) => [one, two]))`);
		check(`confirmed, once: ${JSON.stringify(twice)}`,
			twice.every(([s, u]) => s === 200 && u === page));
		await b.go(page);
		const words = plain(await b.words("Перечислен"));
		check("who did it", words.includes(`сотрудник ${CHIEF}`));
		check("it has a number", /№ \d+ от/.test(words));
		const [status, text] = await fetched(b, `${page}/order?format=1c`);
		check("its order", status === 200 &&
			text.startsWith("1CClientBankExchange"));
		await shoot(b, "confirmed");
	},

	async "a case is taken and closed, and says by whom"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/cases`);
		await b.find(".sheet");
		await shoot(b, "cases");
		await (await b.find(".sheet tbody a")).click();
		await b.words("Что известно");
		await (await b.find("form[action$=take] button")).click();
		await b.words("Взят в работу");
		await b.run(`document.querySelector("#resolve").noValidate = true;
			document.querySelector("#resolve button").click()`);
		await b.words("Выберите решение"); // case_how_missing
		await (await b.find("[name=reason]")).type("Ж");
		await b.run(`document.querySelector("#resolve").noValidate = true;
			document.querySelector("[value=give_back]").click();
			document.querySelector("#resolve button").click()`);
		await b.find("[role=alert]");
		check("what was typed stays", await (await b.find(
			"[name=reason]")).value() === "Ж");
		await shoot(b, "case");
		await (await b.find("[name=reason]")).type(
			"Плательщик просит <script>вернуть</script>");
		await (await b.find("#resolve button")).click();
		await b.words("Вернуть через банк");
		await b.until("the bank has given it back", async () => {
			await b.go(await b.url());
			return (await b.words("Кто что сделал")).includes("Закрыт");
		}, 30000);
		const words = plain(await b.words("Кто что сделал"));
		check("who", words.includes(`сотрудник ${CHIEF}`));
		check("the note is text",
			words.includes("просит <script>вернуть</script>"));
		await shoot(b, "closed");
	},

	async "the trail knows what was done"() {
		const trail = ctl(["staff", "events", CHIEF]);
		for (const what of ["settlement_confirm", "case_take",
			"case_resolve", "report_order"])
			check(`${what} in ${trail}`, trail.includes(what));
	},

	async "a supplier's accountant sees nobody else's"(b) {
		await b.go(`${env.KVITOK_URL}/cabinet/settlements`);
		const theirs = await b.run(`return document.querySelector(
			".sheet tbody a").pathname`);
		await b.go(`${env.KVITOK_URL}/cabinet/reports`);
		const report = await b.run(`return document.querySelector(
			"#orders-title ~ .sheet tbody a").pathname`);
		await enter(b, OTHERS);
		check("no cases in the menu",
			(await b.all(".menu a[href$=cases]")).length === 0);
		for (const [path, ...good] of [
			["/cabinet/cases", 403],
			[theirs, 404], [`${theirs}/register`, 404],
			[`${theirs}/confirm`, 403], [`${theirs}/order?format=1c`, 403],
			[report, 404], [`${report}/file`, 404],
			["/cabinet/reports?report=cases", 404],
			["/cabinet/reports/count?report=payments&supplier=yuzhnoe-zhks",
				403],
			["/cabinet/settlements?supplier=yuzhnoe-zhks", 200]]) {
			const [status, text] = await fetched(b, path);
			check(`${path}: ${status}`, good.includes(status));
			check(`${path} names nobody else`, !text.includes("Южное"));
		}
		await b.go(`${env.KVITOK_URL}/cabinet/reports`);
		await b.until("totals", () => total(b, "rows"));
		check("of others nothing is counted",
			await total(b, "rows") === "0");
		await shoot(b, "supplier");
		await enter(b, SOUTH, theirs);
		await b.words("Из чего состоит");
		check("looks, and moves nothing",
			(await b.all("a[href$=confirm]")).length === 0);
	},

	async "a session that ended in the middle of a form loses no words"(b) {
		await enter(b, CHIEF);
		await paid(11100, 2);
		await b.go(`${env.KVITOK_URL}/cabinet/cases`);
		await (await b.find(".sheet tbody a")).click();
		const page = await b.url();
		await (await b.find("[name=reason]")).type("Долгое объяснение");
		await b.devtools("Network.clearBrowserCookies", {});
		await b.run(`document.querySelector("[value=give_back]").click();
			document.querySelector("#resolve button").click()`);
		await b.find("#login");
		await enter(b, CHIEF, new URL(page).pathname);
		check("the words are there", await (await b.find(
			"[name=reason]")).value() === "Долгое объяснение");
	},

	async "who leaves is out"(b) {
		await (await b.find(".who button")).click();
		await b.find("#login");
		await b.go(`${env.KVITOK_URL}/cabinet/`);
		await b.find("#login");
	},

	async "a report by schedule is made, shown and stopped"(b) {
		const plan = `plan${mark}`, ours = `plan.${mark}@portalgkh.example`,
			south = `plan.${mark}@yug.example`;
		// Addresses are those that the operator sends to.
		for (const [name, mail, ...more] of [[`all-${mark}`, ours],
			[`south-${mark}`, south, "--supplier", "yuzhnoe-zhks"]])
			ctl(["report", "schedule", "add", name, "--portal",
				"portalgkh", "--report", "payments", "--format", "csv",
				"--period", "day", "--days", "every", "--at", "05:00",
				"--mail", mail, ...more]);
		staff(plan, "Ольга Планова", "--rights", "read,report");
		await b.resize(...DESK);
		await enter(b, plan, "/cabinet/reports");
		await (await b.find("main a[href$=schedules]")).click();
		await b.words("Новое расписание");
		await b.run(`document.querySelector("#schedule button").click()`);
		await b.words("Отметьте хотя бы один адрес");
		await b.run(`document.querySelector("#report").value = "refunds";
			document.querySelector("#often").value = "month_working";
			document.querySelector("[name=format][value=pdf]").click();
			document.querySelector('[value="${south}"]').click();
			document.querySelector("#schedule button").click()`);
		await b.words("На этот адрес такой отчёт отправлять нельзя");
		check("what was chosen stays", await b.run(`return document
			.querySelector("#report").value === "refunds" && document
			.querySelector('[value="${south}"]').checked`));
		await shoot(b, "schedule-refused");
		await b.run(`document.querySelector("#supplier").value =
			"yuzhnoe-zhks";
			document.querySelector("#schedule button").click()`);
		await b.words("Расписание заведено");
		const row = async () => plain(await b.run(`return document
			.querySelector("[data-schedule^=refunds-]")?.innerText ?? ""`));
		for (const words of ["PDF", "Южное", "за месяц", south,
			"в первый рабочий день месяца в 08:00", `сотрудник ${plan}`])
			check(`${words} in ${await row()}`, (await row())
				.includes(words));
		await shoot(b, "schedules");
		check("the operator sees it", ctl(["report", "schedule", "list"])
			.includes(`made by staff:${plan}`));
		await (await b.find("[data-schedule^=refunds-] button")).click();
		await b.words("Расписание остановлено");
		check("it is gone", await row() === "");
		const trail = ctl(["staff", "events", plan]);
		check(`noted: ${trail}`, trail.includes("schedule_add") &&
			trail.includes("schedule_stop"));
	},

	async "by schedule a supplier's accountant has its own reports sent"(b) {
		const yug = `yugplan${mark}`;
		staff(yug, "Южный Бухгалтер", "--rights", "read,report",
			"--supplier", "yuzhnoe-zhks");
		await enter(b, yug, "/cabinet/schedules");
		const words = plain(await b.words("Новое расписание"));
		check("no other supplier may be chosen",
			(await b.all("#supplier")).length === 0);
		check(`only its address: ${words}`, words.includes("@yug.example") &&
			!words.includes("portalgkh.example"));
		await shoot(b, "schedules-empty");
		await b.run(`document.querySelector("[name=mail]").click();
			document.querySelector("#schedule button").click()`);
		await b.words("Расписание заведено");
		check("it is the supplier's", ctl(["report", "schedule", "list"])
			.includes(": portalgkh/yuzhnoe-zhks payments xlsx"));
		check("those of its own alone", // the operator's, and this one
			(await b.all("[data-schedule]")).length === 2);
		await shoot(b, "schedules-supplier");
		check("the operator's is his to stop",
			(await b.all("[data-schedule] button")).length === 1);
		await (await b.find("[data-schedule] button")).click();
		await b.words("Расписание остановлено");
	},
};

await runTests("cabinet", tests);
