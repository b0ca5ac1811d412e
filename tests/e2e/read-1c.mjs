// read-1c FILE: a file 1CClientBankExchange as an accounting program reads it,
// as JSON: { head, accounts, documents }.  Shares no code with who wrote it.
import { readFileSync } from 'node:fs';

const bytes = readFileSync(process.argv[2]);
const text = new TextDecoder('windows-1251', { fatal: true }).decode(bytes);

if (!text.endsWith('\r\n') || /[^\r]\n/.test(text))
	throw new Error('lines do not end in CR LF');
const lines = text.slice(0, -2).split('\r\n');

if (lines.shift() !== '1CClientBankExchange' || lines.pop() !== 'КонецФайла')
	throw new Error('not an exchange file, or not whole');
const out = { head: {}, accounts: [], documents: [] };
let doc = null;

for (const line of lines) {
	if (line === 'КонецДокумента') {
		out.documents.push(doc);
		doc = null;
		continue;
	}
	const at = line.indexOf('=');

	if (at < 0)
		throw new Error(`no key: ${line}`);
	const key = line.slice(0, at), value = line.slice(at + 1);

	if (key === 'СекцияДокумент')
		doc = { kind: value };
	else if (doc)
		doc[key] = value;
	else if (key === 'РасчСчет')
		out.accounts.push(value);
	else
		out.head[key] = value;
}
if (doc)
	throw new Error('a document does not end');
console.log(JSON.stringify(out));
