// hand.mjs: calls an address, looks into answers and reads rows for lib.sh,
// which would otherwise start curl, jq and psql some thousands of times, each as
// dear as what it is asked.
//
//	node hand.mjs PORT-FILE     serves until it is killed; its port is there
//
// Asked over TCP: the number of words, then the words, each ended by a NUL.
// Answered in the same way by one word:
//
//	http METHOD URL SECONDS HEADERS-FILE BODY-FILE [body BODY] [header LINE]...
//		the status; the answer is in the files.  000: the call failed,
//		why is in the body's file.
//	field FILTER JSON
//		"=" and what jq -r "FILTER // empty" prints, or "?": that is for
//		jq itself, this program knows only the simplest of its language.
//	rows WORD...
//		the last word is a query, the others are the program that it is
//		for: sqlite3 or psql, which stays and reads the next one, too.
//		"=" and what it prints, or "?": it was refused or the program has
//		ended, and who asks starts one of his own.
//	unique
//		a number that it has never given before.
import {spawn} from 'node:child_process';
import {renameSync, statSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import net from 'node:net';

let last = 0;

// ---- calling ---------------------------------------------------------------

// What curl says of itself when it is told nothing.
const asCurl = [['User-Agent', 'curl/8'], ['Accept', '*/*']];

function headersOf(lines, body, host) {
	const headers = lines.map(line => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
	const more = [['Host', host], ...asCurl];
	if (body)
		more.push(['Content-Length', String(body.length)], ['Content-Type',
			'application/x-www-form-urlencoded']);
	const given = new Set(headers.map(([name]) => name.toLowerCase()));
	return [...more.filter(([name]) => !given.has(name.toLowerCase())),
		...headers].flat();
}

function call(words, answer) {
	// Names of files are UTF-8; what goes out on the wire are bytes.
	const [method, url] = words.slice(0, 2).map(w => w.toString('latin1'));
	const [seconds, headersFile, bodyFile] = words.slice(2, 5).map(String);
	const lines = [];
	let body = null;
	for (let i = 5; i < words.length; i += 2)
		if (String(words[i]) === 'body')
			body = words[i + 1];
		else
			lines.push(words[i + 1].toString('latin1'));
	const [, host, port, path] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(url);
	let timer = null;
	const end = (status, head, content) => {
		clearTimeout(timer);
		writeFileSync(headersFile, head, 'latin1');
		writeFileSync(bodyFile, content);
		answer(status);
	};
	const failed = error => {
		end('000', '', String(error.message || error.code));
	};
	const request = http.request({method, host, port, agent: false,
		path: path.startsWith('/') ? path : `/${path}`,
		headers: headersOf(lines, body, `${host}:${port}`)});
	timer = setTimeout(() => request.destroy(
		new Error(`no answer in ${seconds} s`)), seconds * 1000);
	request.on('error', failed);
	request.on('response', response => {
		const chunks = [];
		let head = `HTTP/1.1 ${response.statusCode}\r\n`;
		for (let i = 0; i < response.rawHeaders.length; i += 2)
			head += `${response.rawHeaders[i]}: ` +
			    `${response.rawHeaders[i + 1]}\r\n`;
		response.on('data', chunk => chunks.push(chunk));
		response.on('error', failed);
		response.on('end', () => end(String(response.statusCode), head,
			Buffer.concat(chunks)));
	});
	request.end(body ?? undefined);
}

// ---- looking into answers --------------------------------------------------

const unknown = Symbol('for jq');
const part = /^(?:\.([A-Za-z_]\w*)|\.?\[(-?\d+)?\])/;

// The functions of a path: each makes a list of values of one value.
function stepsOf(path) {
	const steps = [];
	let rest = path === '.' ? '' : path;
	while (rest) {
		const found = part.exec(rest);
		if (!found || (found[1] === undefined && steps.length === 0 &&
		    rest[0] !== '.'))
			throw unknown;
		steps.push(stepOf(found));
		rest = rest.slice(found[0].length);
	}
	return steps;
}

function stepOf([, name, index]) {
	if (name !== undefined)
		return value => {
			if (value === null)
				return [null];
			if (typeof value !== 'object' || Array.isArray(value))
				throw new Error(`no member ${name}`);
			return [Object.hasOwn(value, name) ? value[name] : null];
		};
	if (index !== undefined)
		return value => {
			if (value !== null && !Array.isArray(value))
				throw new Error('no list');
			return [value?.at(Number(index)) ?? null];
		};
	return value => {
		if (value === null || typeof value !== 'object')
			throw new Error('no list');
		return Object.values(value);
	};
}

function length(value) {
	if (value === null)
		return [0];
	if (typeof value !== 'object')
		throw unknown;
	return [Object.keys(value).length];
}

// One part of a filter, between its bars.
function filterOf(text) {
	if (text === 'length')
		return [length];
	if (text === 'tostring')
		return [value => [typeof value === 'string' ? value :
			JSON.stringify(value)]];
	const select = /^select\((\.[\w.]+) (==|!=) "([^"\\]*)"\)$/.exec(text);
	if (!select)
		return stepsOf(text);
	const steps = stepsOf(select[1]);
	return [value => (run(steps, value)[0] === select[3]) ===
	    (select[2] === '==') ? [value] : []];
}

function run(steps, value) {
	return steps.reduce((values, step) => values.flatMap(step), [value]);
}

function print(value) {
	return typeof value === 'string' ? value :
	    JSON.stringify(value, null, 2);
}

function field(filter, json) {
	try {
		const steps = filter.trim().split(/\s*\|\s*/).flatMap(filterOf);
		return `=${run(steps, JSON.parse(json)).filter(value =>
			value !== null && value !== false).map(print).join('\n')}`;
	} catch {
		return '?';
	}
}

// ---- reading rows ----------------------------------------------------------

// Programs that read, by their words; each for one query at a time.
const readers = new Map();
const idleMs = 5000;
const mark = 'hand.mjs: the end of the rows';

// A file that has another's name is another database.
function placeOf(words) {
	const file = words.at(-1);
	return file.startsWith('/') ? statSync(file).ino : 0;
}

function newReader(key, words) {
	const isPsql = words[0].endsWith('psql');
	const program = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...words]);
	const reader = {place: placeOf(words), asked: [], timer: null};
	let said = Buffer.alloc(0);
	// Only psql says by itself how it went.
	const endOf = isPsql ? `\\echo '${mark}' :ERROR` : `.print '${mark}'`;
	const good = isPsql ? `${mark} false\n` : `${mark}\n`;
	const answerNext = text => {
		reader.asked.shift()(text);
		if (reader.asked.length === 0)
			reader.timer = setTimeout(() => reader.end(), idleMs);
	};
	reader.end = () => {
		if (readers.get(key) === reader)
			readers.delete(key);
		program.stdin.end();
	};
	reader.ask = (query, answer) => {
		clearTimeout(reader.timer);
		reader.asked.push(answer);
		program.stdin.write(`${query};\n${endOf}\n`);
	};
	program.stdin.on('error', () => reader.end());
	program.stdout.on('data', chunk => {
		said = Buffer.concat([said, chunk]);
		for (let at; (at = said.indexOf(mark)) >= 0;) {
			const end = said.indexOf('\n', at);
			if (end < 0)
				break;
			const rows = said.toString('utf8', 0, at);
			const isGood = said.toString('utf8', at, end + 1) === good &&
			    !/^(?:\w+ )?error\b/im.test(rows);
			said = said.subarray(end + 1);
			answerNext(isGood ? `=${rows}` : '?');
		}
	});
	const gone = () => {
		reader.end();
		clearTimeout(reader.timer);
		for (const answer of reader.asked.splice(0))
			answer('?');
	};
	program.on('error', gone);
	program.on('close', gone);
	readers.set(key, reader);
	return reader;
}

function rows(words, answer) {
	const query = words.pop();
	const key = words.join('\0');
	let reader = readers.get(key);
	if (reader && reader.place !== placeOf(words)) {
		reader.end();
		reader = null;
	}
	(reader ?? newReader(key, words)).ask(query, answer);
}

// ---- serving ---------------------------------------------------------------

function serve(words, answer) {
	const [name, ...rest] = words;
	switch (String(name)) {
	case 'http':
		try {
			call(rest, answer);
		} catch (error) {
			console.error(error);
			answer('000');
		}
		break;
	case 'field':
		answer(field(String(rest[0]), String(rest[1])));
		break;
	case 'rows':
		try {
			rows(rest.map(String), answer);
		} catch {
			answer('?'); // no such file
		}
		break;
	case 'unique':
		answer(String(++last));
		break;
	default:
		answer('?');
	}
}

// Words of what has come, once it is whole; null: more is to come.
function wordsOf(all) {
	const words = [];
	let at = 0, wanted = 1;
	while (words.length < wanted) {
		const end = all.indexOf(0, at);
		if (end < 0)
			return null;
		words.push(all.subarray(at, end));
		if (words.length === 1)
			wanted = Number(words[0]) + 1;
		at = end + 1;
	}
	return words.slice(1);
}

const server = net.createServer(socket => {
	let all = [];
	socket.setNoDelay(true);
	socket.on('error', () => socket.destroy());
	socket.on('data', chunk => {
		all.push(chunk);
		if (chunk.at(-1) !== 0)
			return;
		const words = wordsOf(Buffer.concat(all));
		if (!words)
			return;
		all = [];
		serve(words, word => socket.writable && socket.write(`${word}\0`));
	});
});
server.listen(0, '127.0.0.1', () => {
	writeFileSync(`${process.argv[2]}.new`, `${server.address().port}\n`);
	renameSync(`${process.argv[2]}.new`, process.argv[2]);
});
