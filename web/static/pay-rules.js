// pay-rules.js: what the payment page computes.
//
// Pure: no document, no network, no clock; tests/browser/pay-rules.test.mjs.
// Sums are whole kopecks; what is to be paid is decided by the server alone.

const NBSP = "\u00a0";
const BAD_SUM = "Сумма записана неверно. Пример: 1200,50";

export const WORDS = {
	offline: "Нет связи с сервером. Проверьте интернет и повторите.",
	busy: "Сервис занят. Повторите попытку через несколько секунд.",
	often: "Слишком много запросов. Повторите немного позже.",
	failed: "Не получилось. Повторите попытку позже.",
	nothing: "Укажите сумму хотя бы одной услуги.",
	noEmail: "Укажите адрес электронной почты: на него придёт чек.",
	badEmail: "Проверьте адрес электронной почты.",
	noSupplier: "Выберите, кому платите.",
	noAccount: "Укажите номер лицевого счёта.",
	notWhole: "Показание должно быть целым числом.",
	twice: "Этот счёт уже добавлен.",
	counted: "Итог посчитан. Проверьте его и нажмите кнопку ещё раз.",
	changed: "Комиссия изменилась. Проверьте итог и нажмите кнопку ещё раз.",
};

// Gives: kopecks of roubles as people type them ("1 200,5"); 0 of an empty
// field; null of what is no sum.
export function kopOf(text) {
	const s = text.replace(/\s/g, "");
	const m = /^(\d{1,12})(?:[.,](\d{0,2}))?(?:₽|руб\.?|р\.?)?$/i.exec(s);

	if (s === "")
		return 0;
	if (!m)
		return null;
	return Number(m[1]) * 100 + Number((m[2] ?? "").padEnd(2, "0"));
}

// 121800 -> "1 218,00", grouped by no-break spaces.
export function roubles(kop) {
	const whole = String(Math.trunc(kop / 100));
	const rest = String(kop % 100).padStart(2, "0");

	return `${whole.replace(/\B(?=(\d{3})+$)/g, NBSP)},${rest}`;
}

export function money(kop) {
	return `${roubles(kop)}${NBSP}₽`;
}

// Fields ({supplier, account, service, text}) to lines of a payment.
// Gives: lines to pay; from[i], the field that line i came of; wrong, a Map
// of field to words.
export function linesOf(fields) {
	const lines = [];
	const from = [];
	const wrong = new Map();

	fields.forEach((field, i) => {
		const sum_kop = kopOf(field.text);

		if (sum_kop === null)
			wrong.set(i, BAD_SUM);
		if (!sum_kop)
			return;
		lines.push({
			supplier: field.supplier,
			service: field.service,
			account: field.account,
			sum_kop,
		});
		from.push(i);
	});
	return { lines, from, wrong };
}

// Fields ({supplier, account, meter, text}) to readings, as linesOf does it.
export function readingsOf(fields) {
	const readings = [];
	const from = [];
	const wrong = new Map();

	fields.forEach(({ supplier, account, meter, text }, i) => {
		const typed = text.replace(/\s/g, "");

		if (typed === "")
			return;
		if (!/^\d{1,12}$/.test(typed)) {
			wrong.set(i, WORDS.notWhole);
			return;
		}
		readings.push({ supplier, account, meter, value: Number(typed) });
		from.push(i);
	});
	return { readings, from, wrong };
}

// What was used since the last reading; "" when it cannot be told yet.
export function useOf(was, text, unit) {
	const typed = text.replace(/\s/g, "");
	const use = Number(typed) - Number(was);

	return /^\d{1,12}$/.test(typed) && use >= 0 ?
		`Расход: ${use}${NBSP}${unit}` : "";
}

// Gives: null, or what is wrong with the address.  The server has the last
// word; this only spares a round trip.
export function emailWrong(text) {
	if (text.trim() === "")
		return WORDS.noEmail;
	return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim()) ?
		null : WORDS.badEmail;
}

// Where the words of a refusal (problem+json; null when the answer was none)
// belong.  Gives: fields, a Map as in linesOf; email; whole, for the rest.
export function placesOf(status, problem, from, fromReadings = []) {
	const out = { fields: new Map(), readings: new Map(), email: null,
		whole: null };

	for (const { pointer, detail } of problem?.fields ?? []) {
		const m = /^\/(lines|readings)\/(\d+)\//.exec(pointer);
		const list = m?.[1] === "readings" ? fromReadings : from;

		if (m && Number(m[2]) < list.length)
			(m[1] === "readings" ? out.readings : out.fields)
				.set(list[Number(m[2])], detail);
		else if (pointer === "/email")
			out.email = detail;
		else
			out.whole = detail;
	}
	if (out.fields.size + out.readings.size === 0 && !out.email && !out.whole)
		out.whole = problem?.detail ?? wordsOf(status);
	return out;
}

export function wordsOf(status) {
	if (status === 0)
		return WORDS.offline;
	if (status === 429)
		return WORDS.often;
	return status >= 502 ? WORDS.busy : WORDS.failed;
}

// One key for one content: a repeat of the same payment is the same payment.
export function keyFor(last, content, fresh) {
	return last?.content === content ? last : { content, key: fresh() };
}

function folded(text) {
	return text.toLowerCase().replace(/ё/g, "е")
		.replace(/[^a-zа-я0-9]+/g, " ").trim();
}

// Does a title have a word that begins with each of the typed ones?
export function titleMatches(title, typed) {
	const words = folded(title).split(" ");

	return folded(typed).split(" ").every(
		(part) => words.some((word) => word.startsWith(part)));
}
