// What the payment page computes (web/static/pay-rules.js).
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

// Served to browsers as a module; node would take a .js file for CommonJS.
const source = readFileSync(
	new URL("../../web/static/pay-rules.js", import.meta.url));
const {
	WORDS, emailWrong, keyFor, kopOf, linesOf, money, placesOf,
	readingsOf, roubles, titleMatches, useOf,
} = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const field = (text, service = "zhku") =>
	({ supplier: "yuzhnoe-zhks", account: "10019743", service, text });

test("a sum is read as people type it", () => {
	for (const [text, kop] of [
		["1200", 120000], ["1200,5", 120050], ["1200.50", 120050],
		["1 714,25", 171425], ["1\u00a0714,25", 171425], ["0,01", 1],
		["9,99", 999], [" 10 ", 1000], ["1200,", 120000],
		["1 200 ₽", 120000], ["1200 руб.", 120000], ["1200р", 120000],
		["999999999999,99", 99999999999999],
	])
		assert.equal(kopOf(text), kop, text);
});

test("an empty field is nothing to pay, not an error", () => {
	assert.equal(kopOf(""), 0);
	assert.equal(kopOf(" \u00a0"), 0);
});

test("what is no sum is refused, and never guessed at", () => {
	for (const text of ["12a", "-5", "+5", "1,234", "1.2.3", ",5", "1e3",
		"0x10", "NaN", "Infinity", "₽", "1200 $", "1000000000000"])
		assert.equal(kopOf(text), null, text);
});

test("kopecks never become a fraction", () => {
	for (let kop = 0; kop < 200000; kop += 7)
		assert.equal(kopOf(roubles(kop)), kop);
});

test("a sum is written with groups, a comma and two digits", () => {
	assert.equal(roubles(0), "0,00");
	assert.equal(roubles(5), "0,05");
	assert.equal(roubles(99999), "999,99");
	assert.equal(roubles(121800), "1\u00a0218,00");
	assert.equal(roubles(123456789), "1\u00a0234\u00a0567,89");
	assert.equal(money(121800), "1\u00a0218,00\u00a0₽");
});

test("lines are the fields that hold a sum, in their order", () => {
	const { lines, from, wrong } = linesOf(
		[field(""), field("10", "gvs"), field("0"), field("1,5", "penya")]);

	assert.deepEqual(lines.map((l) => [l.service, l.sum_kop]),
		[["gvs", 1000], ["penya", 150]]);
	assert.deepEqual(from, [1, 3]);
	assert.equal(wrong.size, 0);
});

test("a wrong sum is said of its own field and is no line", () => {
	const { lines, wrong } = linesOf([field("10"), field("десять")]);

	assert.equal(lines.length, 1);
	assert.deepEqual([...wrong.keys()], [1]);
});

test("a line has the members of the API and no others", () => {
	assert.deepEqual(linesOf([field("1200")]).lines, [{
		supplier: "yuzhnoe-zhks", service: "zhku", account: "10019743",
		sum_kop: 120000,
	}]);
});

test("words of a refusal go to the field that their line came of", () => {
	const { fields, whole, email } = placesOf(422, {
		detail: "общее",
		fields: [{ pointer: "/lines/1/sum_kop", detail: "мало" },
			{ pointer: "/email", detail: "адрес" }],
	}, [0, 3]);

	assert.deepEqual([...fields], [[3, "мало"]]);
	assert.equal(email, "адрес");
	assert.equal(whole, null);
});

test("words of no field, or of a line that is not there, are not lost", () => {
	assert.equal(placesOf(422, { detail: "общее" }, [0]).whole, "общее");
	assert.equal(placesOf(422, { detail: "x", fields: [
		{ pointer: "/lines/9/sum_kop", detail: "какая-то" }] }, [0]).whole,
	"какая-то");
	assert.equal(placesOf(422, { detail: "x", fields: [
		{ pointer: "/lines", detail: "пусто" }] }, [0]).whole, "пусто");
});

test("an answer that is not JSON still has words", () => {
	assert.equal(placesOf(0, null, []).whole, WORDS.offline);
	assert.equal(placesOf(429, null, []).whole, WORDS.often);
	assert.equal(placesOf(503, null, []).whole, WORDS.busy);
	assert.equal(placesOf(500, null, []).whole, WORDS.failed);
});

test("the same payment keeps its key, another gets a fresh one", () => {
	let n = 0;
	const fresh = () => `k${++n}`;
	const first = keyFor(null, "a", fresh);

	assert.equal(keyFor(first, "a", fresh).key, "k1");
	assert.equal(keyFor(first, "b", fresh).key, "k2");
});

test("an address without a name, a domain or a dot is refused", () => {
	assert.equal(emailWrong("ivanova@mail.ru"), null);
	assert.equal(emailWrong(" ivanova@mail.ru "), null);
	assert.equal(emailWrong(""), WORDS.noEmail);
	for (const text of ["ivanova", "ivanova@", "@mail.ru", "i@mail",
		"i v@mail.ru", "a@b@mail.ru"])
		assert.equal(emailWrong(text), WORDS.badEmail, text);
});

test("a supplier is found by the beginning of any of its words", () => {
	const title = "ООО «Южное управление ЖКС»";

	for (const typed of ["", "южн", "ЖКС", "упр южное", "«южное", "ооо"])
		assert.ok(titleMatches(title, typed), typed);
	for (const typed of ["жное", "северное", "южное водоканал"])
		assert.ok(!titleMatches(title, typed), typed);
	assert.ok(titleMatches("Фонд Тёплый дом", "теплый"));
});

test("readings are whole numbers; an empty field hands over nothing", () => {
	const meter = (text) =>
		({ supplier: "mrg", account: "1", meter: "m", text });
	const { readings, from, wrong } = readingsOf(
		["", "18 400", "12,5", "-1", "0"].map(meter));

	assert.deepEqual(readings.map((r) => r.value), [18400, 0]);
	assert.deepEqual(from, [1, 4]);
	assert.deepEqual([...wrong.keys()], [2, 3]);
	assert.equal(wrong.get(2), WORDS.notWhole);
});

test("the use is told as soon as it is known", () => {
	assert.equal(useOf("412", "415", "м3"), "Расход: 3\u00a0м3");
	assert.equal(useOf("412", "411", "м3"), "");
	assert.equal(useOf("412", "", "м3"), "");
});

test("words about a reading belong beside its field", () => {
	const places = placesOf(422, { fields: [{
		pointer: "/readings/1/value", detail: "мало" }] }, [0], [3, 5]);

	assert.equal(places.readings.get(5), "мало");
	assert.equal(places.fields.size, 0);
	assert.equal(places.whole, null);
});
