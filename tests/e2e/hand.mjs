// hand.mjs: calls an address and looks into answers for lib.sh, which would
// otherwise start curl and jq some thousands of times, each as dear as the
// call itself.
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
//	unique
//		a number that it has never given before.
import {renameSync, writeFileSync} from 'node:fs';
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
