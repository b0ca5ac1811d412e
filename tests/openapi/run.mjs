// run: sends every example of doc/openapi.yaml to a running server and judges
// the answers by the description; then what the description says of rights and
// methods.  Starts nothing itself: tools/run-openapi does.
//
// Takes from the environment what demo.env has (KVITOK_URL, KVITOK_SIM_URL,
// KVITOK_KEY_<PORTAL>), KVITOK_KEY_ONLY_<RIGHT> (keys of portalgkh with that
// right alone) and KVITOK_BANK_LOGIN (user:password of Gazprombank).
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { call, close } from './client.mjs';
import { Description } from './description.mjs';
import { Given, unique } from './given.mjs';
import { difference } from './same.mjs';

const RIGHTS = ['pay', 'read', 'refund', 'report', 'admin', 'exchange'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const env = process.env;
const d = new Description('doc/openapi.yaml');
const operations = d.operations();
const create = operations.find((op) => op.id === 'createPayment');
const given = new Given(env, create.requests().one_line);

function need(name) {
	assert.ok(env[name], `${name} is not set`);
	return env[name];
}

function authorization(as) {
	if (as === 'nobody')
		return {};
	if (as === 'stranger')
		return { Authorization: `Bearer kv_${'A'.repeat(26)}` };
	if (as === 'gazprombank')
		return { Authorization: 'Basic ' +
			Buffer.from(need('KVITOK_BANK_LOGIN')).toString('base64') };
	const only = RIGHTS.includes(as) ? 'ONLY_' : '';

	return { Authorization:
		`Bearer ${need(`KVITOK_KEY_${only}${as.toUpperCase()}`)}` };
}

// $number and the like are those of the given payment.
function fill(text, pm) {
	const values = { $number: pm?.number, $payer: pm?.payer,
		$bank_no: pm?.attempts?.at(-1)?.bank_no };

	return values[text] ?? (typeof text !== 'string' ? text :
		text.replace('$number', values.$number));
}

// Values of parameters in one place: from the case, the payment, the example.
function value(parameter, how, pm) {
	const own = how[parameter.in]?.[parameter.name];

	if (own !== undefined)
		return own === null ? null : String(fill(own, pm));
	if (pm && parameter.in === 'path' && parameter.name === 'number')
		return pm.number;
	if (pm && parameter.in === 'path' && parameter.name === 'id')
		return pm.card ?? pm.id;
	if (pm && parameter.in === 'path' && parameter.name === 'token')
		return new URL(pm.pay_url).pathname.split('/').at(-1);
	return parameter.example === undefined ? null : String(parameter.example);
}

function address(op, how, pm) {
	let path = op.path;
	const query = [];
	const names = new Set();

	if (how.raw_path)
		return how.raw_path;
	for (const p of op.parameters) {
		const v = value(p, how, pm);

		names.add(p.name);
		if (p.in === 'path')
			path = path.replace(`{${p.name}}`, encodeURIComponent(v));
		if (p.in === 'query' && v !== null)
			query.push(`${p.name}=${encodeURIComponent(v)}`);
	}
	for (const [name, v] of Object.entries(how.query ?? {}))
		if (!names.has(name))
			query.push(`${name}=${encodeURIComponent(v)}`);
	return query.length ? `${path}?${query.join('&')}` : path;
}

function body(c, pm) {
	const { how, op } = c;
	const requests = op.requests();
	const name = how.request ?? (c.key in requests ? c.key : undefined);

	if (!op.node.requestBody)
		return {};
	const json = { 'Content-Type': 'application/json' };

	if (how.raw !== undefined)
		return { body: pm?.texts?.[how.raw] ?? how.raw, headers: how.type === undefined ? json :
			{ 'Content-Type': how.type || null } };
	if (how.bytes !== undefined)
		return { body: Buffer.from(String(how.bytes), 'hex'), headers: json };
	if (how.body_of_size !== undefined)
		return { body: Buffer.alloc(how.body_of_size, ' '), headers: json };
	if (name === undefined)
		return op.node.requestBody.required ?
			{ body: JSON.stringify(Object.values(requests)[0]), headers: json } :
			{};
	return { body: JSON.stringify(requests[name]), headers: json };
}

// The key of an operation that wants one is new, unless the case has its own.
function ownHeaders(op, how, key) {
	const headers = {};

	for (const p of op.parameters.filter((x) => x.in === 'header'))
		headers[p.name] = p.name === 'Idempotency-Key' ? key : p.example;
	return { ...headers, ...how.headers };
}

function send(c, pm, key) {
	const as = c.how.as ?? (c.op.rights() ? 'portalgkh' : 'nobody');
	const { body: content, headers } = body(c, pm);

	return call(need('KVITOK_URL'), c.op.method, address(c.op, c.how, pm), {
		body: content,
		headers: { ...headers, ...authorization(as),
			...ownHeaders(c.op, c.how, key) } });
}

// Headers that the description demands are there and fit.
function checkHeaders(c, answer, pm) {
	const at = `${c.responsePointer}/headers`;

	for (const [name, header, pointer] of d.members(at)) {
		const have = answer.headers[name.toLowerCase()];

		assert.ok(have !== undefined || !header.required,
			`header ${name} is missing`);
		if (have !== undefined)
			assert.equal(d.wrong(`${pointer}/schema`, have), '',
				`${name}: ${have}`);
	}
	for (const [name, want] of Object.entries(c.how.expect ?? {}))
		assert.equal(answer.headers[name.toLowerCase()] ?? null,
			fill(want, pm), name);
}

function checkBody(c, answer) {
	if (c.media === undefined)
		return;
	const type = (answer.headers['content-type'] ?? '').split(';')[0];

	assert.equal(type, c.media);
	if (c.how.matches !== undefined)
		assert.match(answer.body.toString(),
			new RegExp(c.how.matches, 'su'));
	if (c.schema === undefined)
		return;
	const have = JSON.parse(answer.body);

	assert.equal(d.wrong(c.schema, have), '', answer.body.toString());
	assert.equal(difference(c.value, have, { some: c.how.items === 'some' }),
		'', answer.body.toString());
	if (type === 'application/problem+json')
		assert.equal(have.request_id, answer.headers['x-request-id']);
}

async function sendCase(c) {
	const pm = c.how.given ? await given.make(c.how.given) : undefined;
	const key = unique();

	if (c.how.before) {
		const before = await send({ ...c,
			how: { ...c.how, request: c.how.before } }, pm, key);

		assert.equal(before.status, 201, before.body.toString());
	}
	const answer = await send(c, pm, key);

	assert.equal(answer.status, c.status,
		`${answer.body.toString().slice(0, 1000)}`);
	checkHeaders(c, answer, pm);
	checkBody(c, answer);
}

for (const op of operations)
	for (const c of op.cases())
		test(c.name, { skip: c.how.not_sent ?? false }, () => sendCase(c));

// A key with one right opens what the description says, and nothing else.
for (const op of operations.filter((x) => x.rights()))
	for (const right of RIGHTS)
		test(`${op.id}: the right ${right} ${op.rights().includes(right) ?
			'opens it' : 'does not open it'}`, async () => {
			const answer = await send({ op, key: '', how: { as: right } },
				undefined, null);

			assert.equal(answer.status === 403, !op.rights().includes(right),
				`${answer.status} ${answer.body}`);
		});

function methodsOf(path) {
	const own = operations.filter((op) => op.path === path)
		.map((op) => op.method);

	return own.includes('GET') ? ['HEAD', ...own] : own;
}

for (const path of new Set(operations.map((op) => op.path))) {
	const op = operations.find((x) => x.path === path);

	for (const method of METHODS.filter((m) => !methodsOf(path).includes(m)))
		test(`${method} ${path} is not allowed`, async () => {
			const answer = await call(need('KVITOK_URL'), method,
				address(op, {}), { headers: authorization('portalgkh') });

			assert.equal(answer.status, 405, answer.body.toString());
			assert.deepEqual(answer.headers.allow.split(', ').sort(),
				methodsOf(path).sort());
			if (path.startsWith('/api/'))
				assert.equal(JSON.parse(answer.body).reason,
					'method_not_allowed');
		});
}

for (const op of operations.filter((x) => x.method === 'GET' &&
	!x.path.startsWith('/bank/')))
	test(`HEAD ${op.path} is GET without a body`, async () => {
		const how = { headers: authorization(op.rights() ?
			'portalgkh' : 'nobody') };
		const get = await call(need('KVITOK_URL'), 'GET', address(op, {}), how);
		const head = await call(need('KVITOK_URL'), 'HEAD', address(op, {}), how);

		assert.equal(head.body.length, 0);
		assert.equal(head.status, get.status);
		assert.equal(head.headers['content-type'], get.headers['content-type']);
	});

test('an address that is not described is a problem of its own', async () => {
	for (const path of ['/api/v1/nothing', '/api/v1/', '/api/v2/payments',
		'/api/v1/payments/', '/api/v1//payments', '/api/v1/suppliers/x']) {
		const answer = await call(need('KVITOK_URL'), 'GET', path,
			{ headers: authorization('portalgkh') });

		assert.equal(answer.status, 404, path);
		assert.equal(d.wrong('/components/schemas/Problem',
			JSON.parse(answer.body)), '', path);
		assert.equal(JSON.parse(answer.body).reason, 'path_unknown');
	}
});

after(close);
