// lint: are the descriptions well formed, and does doc/openapi.yaml agree with
// itself, with the table of addresses and with the table of reasons?
//
// Asks no server and no network.  node lint.mjs
import { createConfig, lint } from '@redocly/openapi-core';
import yaml from 'js-yaml';
import { fileURLToPath } from 'node:url';
import { Description, TOP, read, reasons } from './description.mjs';

const FILES = ['doc/openapi.yaml', 'doc/sim.openapi.yaml',
	'doc/box.openapi.yaml'];
// Addresses that are described in doc/pages.md.
const PAGES = [/^\/$/, /^\/\{portal\}/, /^\/web\//, /^\/static\//,
	/^\/cabinet/, /^\/favicon\.ico$/, /^\/robots\.txt$/];
let complaints = 0;

function complain(where, what) {
	complaints++;
	console.log(`${where}: ${what}`);
}

async function lintFiles() {
	const config = await createConfig(
		yaml.load(read('tests/openapi/redocly.yaml')));

	for (const file of FILES)
		for (const p of await lint({
			ref: fileURLToPath(new URL(file, TOP)), config }))
			complain(`${file} ${p.location[0]?.pointer ?? ''}`,
				`${p.ruleId}: ${p.message}`);
}

// What is not named by a schema may neither come nor go.
function schemasAreClosed(d) {
	const walk = (pointer, node) => {
		if (node === null || typeof node !== 'object')
			return;
		if (node.properties && !closed(node) && !pointer.includes('/~1bank~1') &&
		    !/PaymentBase$|\/allOf\/\d+$/.test(pointer))
			complain(pointer, 'unevaluatedProperties: false is missing');
		for (const [name, child] of Object.entries(node))
			if (name !== 'example' && name !== 'examples')
				walk(`${pointer}/${name.replaceAll('/', '~1')}`, child);
	};
	walk('', d.doc);
}

function closed(node) {
	return node.unevaluatedProperties === false ||
		node.additionalProperties === false;
}

function answersFit(c) {
	const wrong = c.schema ? c.op.d.wrong(c.schema, c.value) : '';

	if (wrong)
		complain(c.name, `the example does not fit its schema: ${wrong}`);
	if (c.media === 'application/problem+json' && c.value.status !== c.status)
		complain(c.name, `the example says ${c.value.status}`);
}

// A body that is taken fits the schema; one that is not understood does not.
function requestsFit(c) {
	const body = c.op.requests()[c.how.request ?? c.key];

	if (!c.op.node.requestBody || body === undefined ||
	    c.op.path.startsWith('/bank/'))
		return;
	const wrong = c.op.d.wrong(c.op.requestSchema(), body);

	if (c.status < 300 && wrong)
		complain(c.name, `its request does not fit: ${wrong}`);
	if (c.status === 400 && !wrong && !c.how.beyond_schema &&
	    !c.how.headers && !c.how.query)
		complain(c.name, 'refused, but its request fits the schema');
}

function requestsAreUsed(op) {
	const used = new Set(op.cases().map((c) => c.how.request ?? c.key));

	for (const name of Object.keys(op.requests()))
		if (!used.has(name))
			complain(op.id, `no answer is shown for request ${name}`);
}

function answersHaveExamples(op) {
	for (const r of op.responses())
		if (r.status !== 'default' && op.casesOf(r).length === 0)
			complain(`${op.id} ${r.status}`, 'has no example');
}

// Each row of the table of addresses is described, and nothing else is.
function addressesAreThose(d) {
	const served = new Set(), described = new Set();

	for (const [, method, path] of read('src/web/routes.c')
		.matchAll(/\{ HTTP_(\w+),\s*"([^"]+)"/g))
		if (!PAGES.some((p) => p.test(path)))
			served.add(`${method} ${path}`);
	for (const op of d.operations())
		described.add(`${op.method} ${op.path}`);
	for (const one of served)
		if (!described.has(one))
			complain(one, 'is served, but not described');
	for (const one of described)
		if (!served.has(one))
			complain(one, 'is described, but not served');
}

// Words and statuses of reasons are those of reason.def.
function reasonsAreThose(d) {
	const known = reasons();
	const check = (name, text) => {
		const { enum: ids, 'x-enumDescriptions': words } =
			d.doc.components.schemas[name];

		for (const id of ids.filter((x) => x !== null)) {
			const r = known.get(id);

			if (!r)
				complain(`${name} ${id}`, 'is not in reason.def');
			else if (words[id] !== text(r))
				complain(`${name} ${id}`, `is: ${text(r)}`);
		}
		return new Set(ids);
	};
	check('Reason', (r) => `${r.status}. ${r.words}`);
	const pay = check('PaymentReason', (r) => r.words);

	for (const id of known.keys())
		if (id.startsWith('pay_') && !pay.has(id))
			complain(id, 'is not in PaymentReason');
}

const d = new Description('doc/openapi.yaml');

await lintFiles();
schemasAreClosed(d);
addressesAreThose(d);
reasonsAreThose(d);
for (const op of d.operations()) {
	answersHaveExamples(op);
	requestsAreUsed(op);
	for (const c of op.cases()) {
		answersFit(c);
		requestsFit(c);
	}
}
console.log(complaints === 0 ? 'openapi lint: nothing to complain of' :
	`openapi lint: ${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;
