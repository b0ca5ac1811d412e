// pay.js: the payment page with a script.
//
// Adds to forms that work without it: search among suppliers, several
// accounts in one payment, commission and total as one types, errors beside
// their fields.  An account is taken from the server's own page, so that it
// looks the same either way; listeners sit on the document, so that what is
// added later is alive, too.

import {
	WORDS, emailWrong, keyFor, kopOf, linesOf, money, placesOf, readingsOf,
	roubles, titleMatches, useOf, wordsOf,
} from "./pay-rules.js";

const QUOTE_PAUSE_MS = 350;
const ANSWER_MS = 20000;
const SEARCH_FROM = 6; // suppliers; fewer are seen at a glance

const portal = document.body.dataset.portal;
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

let quoted = null; // what the payer sees: { content, total_kop }
let asking = null; // AbortController of the quote on its way
let pause = 0;     // timer before the next quote
let key = null;    // { content, key } of the payment last asked for
let paying = false;

// What the server is told, and what it says

// Gives: { status, body }; status 0 when no answer came, body null when it
// is not JSON.
async function send(address, body, headers, signal) {
	const stop = AbortSignal.timeout(ANSWER_MS);

	try {
		const answer = await fetch(address, {
			method: "POST",
			headers: {
				"Content-Type": "application/json",
				"X-Requested-With": "kvitok",
				...headers,
			},
			body: JSON.stringify(body),
			signal: signal ? AbortSignal.any([signal, stop]) : stop,
		});

		return {
			status: answer.status,
			body: await answer.json().catch(() => null),
		};
	} catch {
		return { status: 0, body: null };
	}
}

// Gives: { status, page }, page null when the answer is not our page.
async function fetchPage(address) {
	try {
		const answer = await fetch(address, {
			headers: { "X-Requested-With": "kvitok" },
			signal: AbortSignal.timeout(ANSWER_MS),
		});
		const page = new DOMParser().parseFromString(
			await answer.text(), "text/html");

		return {
			status: answer.status,
			page: $("#find-box", page) ? page : null,
		};
	} catch {
		return { status: 0, page: null };
	}
}

function freshKey() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));

	return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// Words beside fields

function say(place, words) {
	const element = typeof place === "string" ? $(place) : place;

	if (element.textContent !== (words ?? ""))
		element.textContent = words ?? "";
	element.hidden = !words;
}

function mark(input, error, words) {
	say(error, words);
	if (words)
		input.setAttribute("aria-invalid", "true");
	else
		input.removeAttribute("aria-invalid");
}

function sumInputs() {
	return $$("#accounts .service input[name=sum]");
}

function markSum(input, words) {
	mark(input, document.getElementById(`${input.id}-error`), words);
}

function markSums(wrong) {
	sumInputs().forEach((input, i) => markSum(input, wrong.get(i) ?? null));
}

function readingInputs() {
	return $$("#accounts .meter input[name=reading]");
}

function markReadings(wrong) {
	readingInputs().forEach((input, i) => markSum(input, wrong.get(i) ?? null));
}

function focusFirstWrong() {
	$("[aria-invalid=true]")?.focus();
}

// The bill

function readLines() {
	return linesOf(sumInputs().map((input) => {
		const service = input.closest(".service");
		const account = input.closest(".account");

		return {
			supplier: account.dataset.supplier,
			account: account.dataset.account,
			service: service.dataset.service,
			text: input.value,
		};
	}));
}

function readReadings() {
	return readingsOf(readingInputs().map((input) => {
		const account = input.closest(".account");

		return {
			supplier: account.dataset.supplier,
			account: account.dataset.account,
			meter: input.closest(".meter").dataset.meter,
			text: input.value,
		};
	}));
}

// The use is shown as one types, before the verification's date is.
function showUse(input) {
	const { was, unit } = input.closest(".meter").dataset;
	const hint = document.getElementById(`${input.id}-hint`);

	hint.dataset.words ??= hint.textContent;
	hint.textContent =
		useOf(was, input.value, unit) || hint.dataset.words;
}

function showTotals(quote) {
	const totals = $("#totals");

	totals.removeAttribute("aria-busy");
	totals.hidden = !quote;
	if (quote) {
		$("[data-total=sum]").textContent = money(quote.sum_kop);
		$("[data-total=fee]").textContent =
			quote.fee_kop ? money(quote.fee_kop) : "не взимается";
		$("[data-total=total]").textContent = money(quote.total_kop);
	}
	showWhyNoFee(quote?.fee_reason_text);
	nameTotal(quote);
}

// A payer whom the law frees is told so.
function showWhyNoFee(words) {
	const why = $("#fee-why");

	why.textContent = words ?? "";
	why.hidden = !words;
}

// The button names no total but the one that holds.
function nameTotal(quote) {
	if (!paying)
		$("#go").textContent =
			quote ? `Оплатить ${money(quote.total_kop)}` : "Оплатить";
}

function unsettle() {
	clearTimeout(pause);
	asking?.abort();
	asking = null;
	quoted = null;
	$("#totals").setAttribute("aria-busy", "true");
	nameTotal(null);
}

function showRefusal(places) {
	markSums(places.fields);
	if (places.readings.size > 0)
		markReadings(places.readings);
	say("#total-error", places.whole);
	if (places.email)
		mark($("#email"), "#email-error", places.email);
}

// «Оплатить весь долг» is offered while another sum stands in the field.
function showDebtButtons() {
	for (const button of $$("[data-act=debt]")) {
		const service = button.closest(".service");

		button.hidden = kopOf($("input[name=sum]", service).value) ===
			kopOf(service.dataset.debt);
	}
}

async function quote() {
	const { lines, from, wrong } = readLines();
	const content = JSON.stringify(lines);

	unsettle();
	say("#told", null);
	if (wrong.size > 0 || lines.length === 0) {
		markSums(wrong);
		say("#total-error", null);
		showTotals(null);
		return;
	}

	const mine = asking = new AbortController();
	const { status, body } = await send(
		`/web/${portal}/quote`, { lines }, {}, mine.signal);

	if (asking !== mine)
		return; // a later one speaks
	asking = null;
	if (status !== 200 || !body) {
		showTotals(null);
		showRefusal(placesOf(status, body, from));
		return;
	}
	quoted = { content, total_kop: body.total_kop };
	markSums(new Map());
	say("#total-error", null);
	showTotals(body);
}

function quoteSoon() {
	unsettle();
	pause = setTimeout(quote, QUOTE_PAUSE_MS);
}

// Payment

function setPaying(on) {
	const go = $("#go");

	paying = on;
	go.classList.toggle("busy", on);
	go.ariaDisabled = on ? "true" : null;
	if (on)
		go.textContent = "Переходим к банку…";
}

// Gives: the request, or null when a field has to be mended first.
function readPayment() {
	const { lines, wrong } = readLines();
	const given = readReadings();
	const email = $("#email");
	const words = emailWrong(email.value);

	markSums(wrong);
	markReadings(given.wrong);
	mark(email, "#email-error", words);
	say("#total-error",
		wrong.size === 0 && lines.length === 0 ? WORDS.nothing : null);
	if (wrong.size + given.wrong.size > 0 || words) {
		focusFirstWrong();
		return null;
	}
	if (lines.length === 0) {
		sumInputs()[0]?.focus();
		return null;
	}
	const request = { lines, email: email.value.trim() };

	return given.readings.length > 0 ?
		{ ...request, readings: given.readings } : request;
}

// Nobody pays a total that he has not seen.
async function pay() {
	const request = readPayment();

	if (!request)
		return;
	if (quoted?.content !== JSON.stringify(request.lines)) {
		await quote();
		say("#told", quoted ? WORDS.counted : null);
		return;
	}

	key = keyFor(key, JSON.stringify(request), freshKey);
	setPaying(true);
	const { status, body } = await send(`/web/${portal}/payments`, request,
		{ "Idempotency-Key": key.key });

	if ((status === 200 || status === 201) && body?.pay_url) {
		if (body.total_kop === quoted.total_kop) {
			location.assign(body.pay_url); // and stay busy
			return;
		}
		setPaying(false);
		quoted.total_kop = body.total_kop;
		showTotals(body);
		say("#told", WORDS.changed);
		return;
	}
	setPaying(false);
	showTotals(null);
	await quote();
	showRefusal(placesOf(
		status, body, readLines().from, readReadings().from));
	focusFirstWrong();
}

// Accounts

// Names of an account's fields are counted anew, for each page begins at 1.
function renumber() {
	$$("#accounts .account").forEach((account, a) => {
		const title = $("h2", account);

		title.id = `account-title-${a}`;
		account.setAttribute("aria-labelledby", title.id);
		for (const input of $$("input[name=sum]", account)) {
			const service = input.closest(".service");
			const id = `sum-${a}-${service.dataset.service}`;

			$("label", service).htmlFor = id;
			$(".error", service).id = `${id}-error`;
			$(".hint", service).id = `${id}-hint`;
			input.setAttribute(
				"aria-describedby", `${id}-hint ${id}-error`);
			input.id = id;
		}
		$$("input[name=reading]", account).forEach((input, i) => {
			const meter = input.closest(".meter");
			const id = `reading-${a}-${i}`;

			$("label", meter).htmlFor = id;
			$(".error", meter).id = `${id}-error`;
			$(".hint", meter).id = `${id}-hint`;
			input.setAttribute(
				"aria-describedby", `${id}-hint ${id}-error`);
			input.id = id;
		});
	});
}

function pageOf(supplier, account) {
	return `/${portal}/?${new URLSearchParams({ supplier, account })}`;
}

// The address shows the first account, so that a reload brings it back.
function accountsChanged() {
	const { supplier, account } = $("#accounts .account").dataset;

	history.replaceState(null, "", pageOf(supplier, account));
	renumber();
	showDebtButtons();
	quote();
}

function sameAccount(account) {
	return $$("#accounts .account").find((other) =>
		other.dataset.supplier === account.dataset.supplier &&
		other.dataset.account === account.dataset.account);
}

function addAccount(page) {
	const account = document.adoptNode($(".account", page));
	const known = sameAccount(account);

	if (known) {
		say("#account-error", WORDS.twice);
		$("h2", known).focus();
		return;
	}
	if ($("#accounts .account")) {
		$("#accounts").append(account);
		$("#find-box").open = false;
		$("#account").value = "";
	} else {
		$("#accounts", page).append(account);
		$(".columns").replaceWith(document.adoptNode($(".columns", page)));
		prepareFind();
	}
	accountsChanged();
	account.scrollIntoView({ block: "nearest" });
	$("h2", account).focus();
}

function removeAccount(account) {
	if ($$("#accounts .account").length === 1) {
		location.assign(`/${portal}/`);
		return;
	}
	account.remove();
	accountsChanged();
	$("#accounts h2").focus();
}

function findWrong(chosen, number) {
	say("#supplier-error", chosen ? null : WORDS.noSupplier);
	mark($("#account"), "#account-error", number ? null : WORDS.noAccount);
	if (!chosen)
		$("#suppliers input")?.focus();
	else if (!number)
		$("#account").focus();
	return !chosen || !number;
}

async function find(form) {
	const chosen = $("#suppliers input:checked")?.value;
	const number = $("#account").value.trim();
	const button = $(".button", form);

	if (findWrong(chosen, number) || button.ariaDisabled === "true")
		return;
	button.ariaDisabled = "true";
	button.classList.add("busy");
	const { status, page } = await fetchPage(pageOf(chosen, number));
	button.ariaDisabled = null;
	button.classList.remove("busy");
	say("#alert", page ? $("#alert", page).textContent : wordsOf(status));
	if (!page)
		return;
	if ($(".account", page)) {
		addAccount(page);
		return;
	}
	say("#supplier-error", $("#supplier-error", page).textContent);
	mark($("#account"), "#account-error",
		$("#account-error", page).textContent);
	$("#account").focus();
}

// Suppliers

function prepareFind() {
	$("#find").noValidate = true;
	$("#pay").noValidate = true;
	$(".search").hidden = $$("#suppliers li").length < SEARCH_FROM;
	showHint();
}

function showHint() {
	const { hint, example } = $("#suppliers input:checked")?.dataset ?? {};
	const words = [hint, example && !hint.includes(example) ?
		`Пример: ${example}` : ""].filter(Boolean).join(". ");

	$("#account-hint").textContent = words || "Номер указан в квитанции.";
}

function search(typed) {
	let left = 0;

	for (const item of $$("#suppliers li")) {
		item.hidden = !titleMatches(item.textContent, typed) &&
			!$(":checked", item);
		left += item.hidden ? 0 : 1;
	}
	$("#supplier-none").textContent = left ? "" : "Такого поставщика нет.";
}

// What happens on the page

const acts = {
	debt(button) {
		const service = button.closest(".service");
		const input = $("input[name=sum]", service);

		input.value = service.dataset.debt;
		input.focus();
		showDebtButtons();
		quote();
	},
	remove(button) {
		removeAccount(button.closest(".account"));
	},
};

document.addEventListener("submit", (event) => {
	event.preventDefault();
	if (event.target.id === "find")
		find(event.target);
	else if (!paying)
		pay();
});

document.addEventListener("click", (event) => {
	const button = event.target.closest("[data-act]");

	if (button)
		acts[button.dataset.act](button);
});

document.addEventListener("input", ({ target }) => {
	if (target.name === "sum") {
		showDebtButtons();
		quoteSoon();
	} else if (target.name === "reading") {
		markSum(target, null);
		showUse(target);
	} else if (target.id === "supplier-search") {
		search(target.value);
	} else if (target.id === "email" || target.id === "account") {
		mark(target, `#${target.id}-error`, null);
	}
});

document.addEventListener("change", ({ target }) => {
	if (target.name === "sum") {
		const kop = kopOf(target.value);

		if (kop !== null)
			target.value = kop ? roubles(kop) : "";
		showDebtButtons();
		quote();
	} else if (target.name === "supplier") {
		say("#supplier-error", null);
		showHint();
	} else if (target.id === "email" && target.value !== "") {
		mark(target, "#email-error", emailWrong(target.value));
	}
});

// Enter in a sum asks for the total and does not pay at once.
document.addEventListener("keydown", (event) => {
	if (event.key === "Enter" &&
		["sum", "reading"].includes(event.target.name)) {
		event.preventDefault();
		event.target.dispatchEvent(new Event("change", { bubbles: true }));
	}
});

// Back from the bank the page may be as it was left: busy.
addEventListener("pageshow", (event) => {
	if (!event.persisted)
		return;
	setPaying(false);
	quote();
});

document.documentElement.classList.add("js");
prepareFind();
if ($("#accounts .account"))
	accountsChanged();
