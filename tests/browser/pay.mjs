// pay.mjs: a payer pays in a real browser, on a phone and on a desk.
//
//	node pay.mjs FOLDER     FOLDER: of tools/run; screenshots go to build/shots
//
// Through both banks with 3-D Secure, from the public page to the letter with
// its PDF; then what goes wrong in a payer's hands.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DESK, PHONE, check, env, pause, plain, runTests, shots }
	from "./suite.mjs";

const VISA = { pan: "4111 1111 1111 1111", exp: "12/30", cvc: "123" };
const NO_MONEY = { pan: "2202 2050 0006 0910", exp: "06/28", cvc: "810" };
const CODE = "111111";

// ---- what a payer does ----------------------------------------------------

async function findAccount(b, portal, supplier, account) {
	await b.go(`${env.KVITOK_URL}/${portal}/`);
	await b.run("arguments[0].click()", (await b.all(
		`#find input[name=supplier][value="${supplier}"]`))[0]);
	await (await b.find("#account")).type(account);
	await (await b.find("#find button[type=submit]")).click();
	await b.find("section.account");
}

async function setSum(b, service, roubles) {
	const field = await b.find(`li[data-service="${service}"] input[name=sum]`);
	await field.type(roubles);
	await field.keys("\uE004"); // Tab
}

// Only this service is paid: the other sums are emptied.
async function onlyService(b, service, roubles) {
	for (const li of await b.all("li[data-service]")) {
		const name = await b.run(
			"return arguments[0].dataset.service", li);
		if (name !== service)
			await setSum(b, name, "");
	}
	await setSum(b, service, roubles);
}

// Nobody pays what he has not seen: the button names the total.
async function totalSeen(b) {
	await b.until("the total on the button", async () =>
		/Оплатить \d/.test(plain(await (await b.find("#go")).text())));
}

async function leaveForBank(b, email) {
	await (await b.find("#email")).type(email);
	await totalSeen(b);
	await (await b.find("#go")).click();
	await b.find("#pan");
}

async function payAtBank(b, card, code) {
	await (await b.find("#pan")).type(card.pan);
	await (await b.find("#exp")).type(card.exp);
	await (await b.find("#cvc")).type(card.cvc);
	await (await b.find("#pay")).click();
	if (code) {
		await (await b.find("#code")).type(code);
		await (await b.find("#confirm")).click();
	}
}

async function letter(to) {
	for (let i = 0; i < 150; i++) {
		const answer = await fetch(`${env.KVITOK_SIM_URL}/control/mails?to=` +
			encodeURIComponent(to));
		const { mails } = await answer.json();
		if (mails.length > 0)
			return mails[0];
		await pause(100);
	}
	throw new Error(`no letter to ${to}`);
}

// The words of the PDF that came with it.
async function enclosed(mail, name) {
	const part = mail.parts.find((p) => p.type === "application/pdf");
	check("the letter has a PDF", part);
	const answer = await fetch(
		`${env.KVITOK_SIM_URL}/control/mails/${mail.n}/parts/${part.k}`);
	const file = join(shots, `${name}.pdf`);
	writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
	execFileSync("pdftoppm", ["-png", "-r", "110", "-singlefile", file,
		join(shots, name)]);
	return plain(execFileSync("pdftotext", ["-layout", file, "-"],
		{ encoding: "utf8" }));
}

let serial = 0;
const address = () => `browser.${process.pid}.${++serial}@example.org`;

async function wholeWay(b, way) {
	const to = address();
	await b.resize(...way.size);
	await findAccount(b, way.portal, way.supplier, way.account);
	await onlyService(b, way.service, way.roubles);
	await b.words(`Оплатить ${way.total}`);
	await b.shot(join(shots, `${way.name}-page.png`));
	const words = plain(await b.words(way.debt));
	check("the owner is masked", !words.includes(way.owner));
	await leaveForBank(b, to);
	await b.shot(join(shots, `${way.name}-bank.png`));
	await payAtBank(b, VISA, CODE);
	await b.words("Оплата проведена", 30000);
	const result = plain(await b.words(`${way.total} ₽`));
	check("the result names the address, masked",
		!result.includes(to) &&
		result.includes(to.replace(/^(.).*@/, "$1***@")));
	await b.shot(join(shots, `${way.name}-result.png`));
	const mail = await letter(to);
	const pdf = await enclosed(mail, `${way.name}-receipt`);
	check(`the PDF says ${way.total}: ${pdf.slice(0, 400)}`,
		pdf.includes(way.total));
	return { to, mail };
}

// A front-end makes a payment whose payer is to choose a card.
async function choosing(payer) {
	const answer = await fetch(`${env.KVITOK_URL}/api/v1/payments`, {
		method: "POST",
		headers: { authorization: `Bearer ${env.KVITOK_KEY_PORTALGKH}`,
			"content-type": "application/json",
			"idempotency-key": `browser-${process.pid}-${++serial}` },
		body: JSON.stringify({ payer, choose_card: true,
			lines: [{ supplier: "yuzhnoe-zhks", service: "zhku",
				account: "10019743", sum_kop: 50000 + serial }] }) });
	return (await answer.json()).choose_url;
}

// ---- tests ----------------------------------------------------------------

const tests = {
	async "a bill of portalgkh is paid through Gazprombank on a phone"(b) {
		await wholeWay(b, { name: "portalgkh-phone", size: PHONE,
			portal: "portalgkh", supplier: "yuzhnoe-zhks",
			account: "10019743", service: "zhku", roubles: "1200",
			total: "1 218,00", debt: "1 714,25", owner: "Соколова" });
	},

	async "a bill of irkutskenergosbyt is paid through Sberbank on a desk"(b) {
		await wholeWay(b, { name: "irkutsk-desk", size: DESK,
			portal: "irkutskenergosbyt", supplier: "irkutskenergo",
			account: "инзб17004717", service: "teplo",
			roubles: "2642,85", total: "2 642,85", debt: "2 642,85",
			owner: "Иванова" });
	},

	async "a refused card is told why, and another one pays"(b) {
		const to = address();
		await b.resize(...PHONE);
		await findAccount(b, "portalgkh", "yuzhnoe-zhks", "10006775");
		await onlyService(b, "zhku", "500");
		await leaveForBank(b, to);
		await payAtBank(b, NO_MONEY, CODE);
		// The bank may let him try again on its own page.
		for (let i = 0; i < 3; i++) {
			if ((await b.all("#trouble")).length === 0)
				break;
			await payAtBank(b, NO_MONEY, CODE);
		}
		await b.words("Оплата не прошла", 30000);
		await b.words("едостаточно");
		await b.shot(join(shots, "refused-phone.png"));
		await (await b.find("main a.button")).click();
		await payAtBank(b, VISA, CODE);
		await b.words("Оплата проведена", 30000);
		await letter(to);
	},

	async "a payer who gives up at the bank is not charged"(b) {
		await b.resize(...DESK);
		await findAccount(b, "irkutskenergosbyt", "irkutskenergosbyt",
			"ИНЗБ12345678");
		await onlyService(b, "elektro", "462,10");
		await leaveForBank(b, address());
		await (await b.find("#cancel")).click();
		await b.words("Оплата не прошла", 30000);
		await b.shot(join(shots, "given-up-desk.png"));
	},

	async "sums below and above the limits are refused beside the field"(b) {
		await b.resize(...PHONE);
		await findAccount(b, "portalgkh", "yuzhnoe-zhks", "10019743");
		await onlyService(b, "zhku", "9,99");
		await b.words("минимальная сумма: 10 руб.");
		await b.shot(join(shots, "limit-phone.png"));
		await onlyService(b, "zhku", "14000,01");
		await b.words("максимальная: 14000 руб.");
	},

	async "an unknown account is told beside the field"(b) {
		await b.go(`${env.KVITOK_URL}/portalgkh/`);
		await b.run("arguments[0].click()", (await b.all(
			"#find input[name=supplier]"))[0]);
		await (await b.find("#account")).type("99999999");
		await (await b.find("#find button[type=submit]")).click();
		await b.words("Лицевой счёт не найден");
	},

	async "the page works without its script"(b) {
		await b.devtools("Emulation.setScriptExecutionDisabled",
			{ value: true });
		try {
			await b.go(`${env.KVITOK_URL}/portalgkh/?supplier=` +
				"yuzhnoe-zhks&account=10019743");
			const service = "li[data-service=zhku] input[name=sum]";
			await (await b.find(service)).type("1200");
			for (const e of await b.all("li[data-service] input[name=sum]"))
				if (await e.value() !== "1200")
					await e.type(" ");
			await (await b.find("#email")).type(address());
			await (await b.find("#go")).click();
			// The commission is seen before anything is paid.
			await b.words("Оплатить 1 218,00 ₽");
			await b.shot(join(shots, "no-script-desk.png"));
			await (await b.find("#go")).click();
			await b.find("#pan");
		} finally {
			await b.devtools("Emulation.setScriptExecutionDisabled",
				{ value: false });
		}
	},

	async "accounts at two suppliers are one payment"(b) {
		await b.resize(...DESK);
		await findAccount(b, "irkutskenergosbyt", "irkutskenergo",
			"инзб17004717");
		await totalSeen(b);
		await (await b.find("#find-box summary")).click();
		await b.run("arguments[0].click()", (await b.all(
			"#find input[name=supplier][value=irkutskenergosbyt]"))[0]);
		await (await b.find("#account")).type("ИНЗБ17004717");
		await (await b.find("#find button[type=submit]")).click();
		await b.until("two accounts", async () =>
			(await b.all("section.account")).length === 2);
		await b.words("Оплатить 4 542,61 ₽");
		await b.shot(join(shots, "two-accounts-desk.png"));
		await leaveForBank(b, address());
		await b.words("4 542,61");
	},

	async "three clicks make one payment"(b) {
		const to = address();
		await b.resize(...PHONE);
		await findAccount(b, "portalgkh", "yuzhnoe-zhks", "10019743");
		await onlyService(b, "zhku", "777,77");
		await (await b.find("#email")).type(to);
		await totalSeen(b);
		await b.run(`for (let i = 0; i < 3; i++)
			document.querySelector("#go").click()`);
		await b.find("#pan");
		const answer = await fetch(
			`${env.KVITOK_URL}/api/v1/payments?account=10019743`,
			{ headers: { authorization:
				`Bearer ${env.KVITOK_KEY_PORTALGKH}` } });
		const { items } = await answer.json();
		const made = items.filter((p) => p.email === to).length;
		check(`${made} payments`, made === 1);
	},

	async "a card is remembered, and chosen the next time"(b) {
		const payer = `browser-${process.pid}`;
		await b.resize(...PHONE);
		await b.go(await choosing(payer));
		await b.find("#new");
		await (await b.find("input[name=save]")).click();
		await b.shot(join(shots, "choose-new.png"));
		await (await b.find("#go")).click();
		await b.find("#pan");
		await b.run("document.querySelector('#save_card').checked = true");
		await payAtBank(b, VISA, CODE);
		await b.words("Оплата проведена", 30000);
		await b.go(await choosing(payer));
		const card = await b.find(".cards input[type=radio]:checked");
		check("the card is chosen", await b.run(
			"return arguments[0].value !== ''", card));
		check("the tick is about a new card", !await b.run(
			`return document.querySelector(".tick").checkVisibility()`));
		await b.shot(join(shots, "choose-phone.png"));
		await b.resize(...DESK);
		await b.shot(join(shots, "choose-desk.png"));
		await (await b.find("#go")).click();
		await b.until("the bank's page", async () =>
			(await b.url()).startsWith(env.KVITOK_SIM_URL));
	},

	async "nothing hangs over the edge of a small phone"(b) {
		await b.resize(320, 640, true);
		for (const path of ["/", "/portalgkh/",
			"/portalgkh/?supplier=yuzhnoe-zhks&account=10019743",
			"/irkutskenergosbyt/"]) {
			await b.go(env.KVITOK_URL + path);
			await b.find("main");
			const over = await b.run(`return
				document.documentElement.scrollWidth -
				document.documentElement.clientWidth`);
			check(`${path} is ${over} px too wide`, over <= 0);
		}
	},

	async "every field has its name, every page its language"(b) {
		await b.resize(...DESK);
		await b.go(`${env.KVITOK_URL}/portalgkh/?supplier=yuzhnoe-zhks` +
			"&account=10019743");
		await b.find("section.account");
		const nameless = await b.run(`return [...document.querySelectorAll(
			"input:not([type=hidden]), button, select")].filter((e) =>
			!e.labels?.length && !e.getAttribute("aria-label") &&
			!e.textContent.trim()).map((e) => e.outerHTML)`);
		check(`nameless: ${nameless}`, nameless.length === 0);
		check("lang", await b.run(
			"return document.documentElement.lang") === "ru");
	},

	async "the keyboard alone brings the payer to the bank"(b) {
		await b.resize(...DESK);
		await b.go(`${env.KVITOK_URL}/portalgkh/?supplier=yuzhnoe-zhks` +
			"&account=10019743");
		await b.find("section.account");
		await onlyService(b, "zhku", "300");
		const email = await b.find("#email");
		await email.type(address());
		await totalSeen(b);
		await email.keys("\uE007"); // Enter
		await b.find("#pan");
	},
};

await runTests("pay", tests);
