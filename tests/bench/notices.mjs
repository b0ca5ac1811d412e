// notices.mjs: signed call-backs of both banks for bank numbers on stdin.
//
//	node notices.mjs hmac KEYFILE <numbers      Sberbank, checksum by HMAC
//	node notices.mjs rsa KEY.pem URL MERCH ACCOUNT SUM  Gazprombank's RP
//
// Prints the path and query of one call for each number.
import { createHmac, createSign, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const [how, file, url, merch, account, sum] = process.argv.slice(2);
const key = readFileSync(file, "utf8").trim();
const numbers = readFileSync(0, "utf8").split("\n").filter(Boolean);

function sberbank(number) {
	const pairs = { mdOrder: `bench-${number}`, operation: "deposited",
		orderNumber: number, status: "1" };
	const text = Object.keys(pairs).sort()
		.map((k) => `${k};${pairs[k]};`).join("");
	const checksum = createHmac("sha256", key).update(text).digest("hex");
	return "/bank/sberbank/callback?" + new URLSearchParams(
		{ ...pairs, checksum: checksum.toUpperCase() });
}

function gazprombank(number) {
	const query = new URLSearchParams({
		trx_id: randomBytes(16).toString("hex").toUpperCase(),
		merch_id: merch, merchant_trx: number, result_code: "1",
		amount: sum, account_id: account, "o.order_id": number,
		"p.rrn": "012345678901", "p.authcode": "123456",
		"p.maskedPan": "411111xxxxxx1111",
		"p.isFullyAuthenticated": "Y", ts: "20261121 10:00:00" });
	const signed = createSign("RSA-SHA1").update(`${url}?${query}`)
		.sign(key, "base64");
	return `${new URL(url).pathname}?${query}&signature=` +
		encodeURIComponent(signed);
}

const make = how === "hmac" ? sberbank : gazprombank;
process.stdout.write(numbers.map((n) => make(n) + "\n").join(""));
