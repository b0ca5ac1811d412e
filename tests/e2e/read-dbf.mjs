// read-dbf FILE: a DBF as JSON: { day, page, columns, rows }.  Shares no code
// with who wrote it; strict about lengths.
import { readFileSync } from 'node:fs';

const b = readFileSync(process.argv[2]);
const pages = { 0x65: 'ibm866', 0xc9: 'windows-1251' };

if (b[0] !== 3)
	throw new Error('not dBase III without a memo');
const count = b.readUInt32LE(4), head = b.readUInt16LE(8);
const width = b.readUInt16LE(10), page = pages[b[29]];
const decode = new TextDecoder(page, { fatal: true });
const columns = [];

for (let at = 32; b[at] !== 0x0d; at += 32) {
	const name = b.toString('latin1', at, at + 11).replace(/\0.*$/, '');

	columns.push({ name, type: String.fromCharCode(b[at + 11]),
		length: b[at + 16], decimals: b[at + 17] });
}
if (head !== 32 * (columns.length + 1) + 1)
	throw new Error('length of the header');
if (width !== columns.reduce((sum, c) => sum + c.length, 1))
	throw new Error('width of a row');
if (b.length !== head + count * width + 1 || b[b.length - 1] !== 0x1a)
	throw new Error('length of the file');
const rows = [];

for (let n = 0; n < count; n++) {
	let at = head + n * width;
	const row = {};

	if (b[at++] !== 0x20)
		throw new Error('a deleted row');
	for (const c of columns) {
		row[c.name] = decode.decode(b.subarray(at, at + c.length)).trim();
		at += c.length;
	}
	rows.push(row);
}
console.log(JSON.stringify({ page, columns, rows,
	day: `${1900 + b[1]}-${String(b[2]).padStart(2, '0')}-` +
		String(b[3]).padStart(2, '0') }));
