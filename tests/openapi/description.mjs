// description: doc/openapi.yaml as the tests see it: schemas that judge, and
// the cases that its examples are.
//
// A case is an example of an answer, or, where the answer is no JSON, an entry
// of x-kvitok-cases beside its content.  What must be sent to get that answer
// is said by x-kvitok-case:
//
//	as        who asks: a portal, nobody, stranger, gazprombank, or a right
//	given     what there must be: see given.mjs
//	path, query, headers   values of parameters; null takes one away.  $number,
//	          $payer, $bank_no are those of the given payment
//	request   name of the example that is the body (else that of the answer)
//	raw, bytes, body_of_size, type   a body that is no example; its media type
//	          ($document, $changed: those of given exchanged)
//	raw_path  the address as it is
//	before    name of an example that is sent first, with the same key
//	expect    values of headers; null: the header is not there
//	matches   pattern of a body that is no JSON
//	items     some: the items of the example are among those of the answer
//	beyond_schema   refused with 400 although the schema lets it through
//	not_sent  why this case cannot be had here
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import yaml from 'js-yaml';

export const TOP = new URL('../../', import.meta.url);
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'options', 'head'];

export function read(path) {
	return readFileSync(new URL(path, TOP), 'utf8');
}

export class Description {
	constructor(path) {
		this.path = path;
		// JSON_SCHEMA: a date stays the text that it is.
		this.doc = yaml.load(read(path), { schema: yaml.CORE_SCHEMA });
		const Ajv = Ajv2020.default ?? Ajv2020;
		this.ajv = new Ajv({ strict: false, allErrors: true,
			validateFormats: true });
		(addFormats.default ?? addFormats)(this.ajv);
		this.ajv.addSchema(this.doc, 'doc');
	}

	// The object that a pointer leads to, and its own pointer.
	at(pointer) {
		let node = this.doc;

		for (const part of pointer.split('/').slice(1))
			node = node[part.replaceAll('~1', '/').replaceAll('~0', '~')];
		if (node?.$ref !== undefined &&
		    Object.keys(node).length === 1)
			return this.at(node.$ref.slice(1));
		return { node, pointer };
	}

	// The members of an object, each resolved: [name, node, pointer].
	members(pointer) {
		const { node, pointer: own } = this.at(pointer);

		return Object.keys(node ?? {}).map((name) => {
			const at = this.at(`${own}/${escape(name)}`);
			return [name, at.node, at.pointer];
		});
	}

	// Gives: '' when value fits the schema at pointer, else what is wrong.
	wrong(pointer, value) {
		const check = this.ajv.getSchema(`doc#${encodeURI(pointer)}`);

		if (check(value))
			return '';
		return check.errors.map((e) =>
			`${e.instancePath || '/'} ${e.message}` +
			(e.params.unevaluatedProperty ?? '')).join('; ');
	}

	operations() {
		const list = [];

		for (const [path, item] of this.members('/paths'))
			for (const method of METHODS.filter((m) => item[m]))
				list.push(new Operation(this, path, method));
		return list;
	}
}

export class Operation {
	constructor(d, path, method) {
		this.d = d;
		this.path = path;
		this.method = method.toUpperCase();
		this.pointer = `/paths/${escape(path)}/${method}`;
		this.node = d.at(this.pointer).node;
		this.id = this.node.operationId;
		this.parameters = this.node.parameters === undefined ? [] :
			d.members(`${this.pointer}/parameters`)
				.map(([, node, pointer]) => ({ ...node, pointer }));
		this.security = this.node.security ?? d.doc.security;
	}

	// Rights of which any one opens it; null: it needs no key.
	rights() {
		const keys = this.security.filter((s) => s.key);

		return keys.length ? keys.flatMap((s) => s.key) : null;
	}

	// Examples of the body: name -> value.
	requests() {
		const body = this.node.requestBody;
		const content = body?.content['application/json'];
		const pointer = `${this.pointer}/requestBody/content/` +
			'application~1json/examples';

		return content?.examples === undefined ? {} :
			Object.fromEntries(this.d.members(pointer)
				.map(([name, node]) => [name, node.value]));
	}

	requestSchema() {
		return `${this.pointer}/requestBody/content/application~1json/schema`;
	}

	responses() {
		return this.d.members(`${this.pointer}/responses`)
			.map(([status, node, pointer]) => ({ status, node, pointer }));
	}

	cases() {
		return this.responses().flatMap((r) => this.casesOf(r));
	}

	casesOf({ status, node, pointer }) {
		const list = [];
		const one = (key, media, how, rest) => list.push({
			op: this, status: Number(status), key, media,
			how: how ?? {}, responsePointer: pointer,
			name: `${this.id} ${status} ${key}`, ...rest });

		for (const [media, content] of Object.entries(node.content ?? {})) {
			const at = `${pointer}/content/${escape(media)}`;

			for (const [key, example] of content.examples ?
				this.d.members(`${at}/examples`) : [])
				one(key, media, example['x-kvitok-case'],
					{ schema: `${at}/schema`, value: example.value });
		}
		for (const [key, how] of Object.entries(node['x-kvitok-cases'] ?? {}))
			one(key, Object.keys(node.content ?? {})[0], how, {});
		return list;
	}
}

export function escape(name) {
	return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

// id -> { status, words } of include/kvitok/base/reason.def
export function reasons() {
	const all = new Map();

	for (const [, id, status, words] of read('include/kvitok/base/reason.def')
		.matchAll(/^REASON\((\w+), (\d+), "(.*)"\)$/gm))
		all.set(id, { status: Number(status), words });
	return all;
}

