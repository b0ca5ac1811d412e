// given: payments in the state that a case begins with, made through the API
// and, where a payer must act, through the simulator's control interface.
//
//	created     nobody has opened the link
//	returning   the same, with a return_url
//	open        the payer is on the bank's page
//	paid, declined, cancelled
//	refunded    paid, and given back by the bank
//	mailing     an account whose bills are mailed
//	appeal      a request that is not answered; appeal_with_file: with one
//	file_of_key a file that was brought with the key oa-file-reused
//	exempt      a payer and an account that are free of commission
//	card        paid, and the payer's card is bound; card_of_u: of u-58203
//	bind        a card is to be bound without a payment; bind_returning
//	report      a report of a month long ago, made
//	choosing    a card is to be chosen; choosing_elsewhere: another browser
//	            has the link
//	exchanged   a supplier's first document, applied; exchanged_aside: a bad
//	            one; exchanged_refused: one of whose records was refused
//	closed      an account that its supplier has closed
//	acknowledged   a document of ours that waits for the supplier
//	two         two created payments of one payer; the later one
import assert from 'node:assert/strict';
import { call } from './client.mjs';

const PATIENCE_MS = 20000;
const ACCOUNTS = "<accounts count='1'><account number='ЛИФТ-1' " +
	"address='г. Саянск, мкр. Строителей, д. 1'>" +
	"<owner last_name='Петров'/></account></accounts>";
const run = `${Date.now().toString(36)}${process.pid}`;
let n = 0;

// A text that no other test has; fit for an idempotency key.
export function unique() {
	return `oa-${run}-${++n}`;
}

export class Given {
	constructor(env, body) {
		this.url = env.KVITOK_URL;
		this.sim = env.KVITOK_SIM_URL;
		this.key = env.KVITOK_KEY_PORTALGKH;
		this.supplier = env.KVITOK_KEY_LIFTSERVIS;
		this.body = body;
	}

	async api(method, path, body, more = {}) {
		const answer = await call(this.url, method, `/api/v1${path}`, {
			headers: { Authorization: `Bearer ${this.key}`,
				'Content-Type': 'application/json', ...more },
			body: body === undefined ? undefined : JSON.stringify(body) });

		assert.ok(answer.status < 300, `${method} ${path}: ` +
			`${answer.status} ${answer.body}`);
		return JSON.parse(answer.body);
	}

	create(members) {
		const body = { ...this.body, payer: unique(), ...members };

		for (const name of Object.keys(body))
			if (body[name] === undefined)
				delete body[name];
		return this.api('POST', '/payments', body,
			{ 'Idempotency-Key': unique() });
	}

	read(pm) {
		return this.api('GET', `/payments/${pm.number}`);
	}

	async choosing() {
		const pm = await this.create({ choose_card: true });

		return { ...pm, pay_url: pm.choose_url.replace(/\/choose$/u, '') };
	}

	async exempt() {
		const body = { kind: 'pensioner',
			document: 'Пенсионное удостоверение',
			document_number: '1234567890', seen_by: 'Иванова А. П.',
			from_day: '2026-11-01' };

		await this.api('PUT', '/payers/u-58201/exemption', body);
		await this.api('PUT',
			'/accounts/yuzhnoe-zhks/10020004/exemption', body);
		return { number: '10020004', payer: 'u-58201' };
	}

	async mailing() {
		await this.api('PUT', '/accounts/yuzhnoe-zhks/10020004/mailing',
			{ email: 'ivanova@example.org' });
		return { number: '10020004' };
	}

	// A card of a payer, bound while he paid.
	async card(payer) {
		let pm = await this.open(await this.create({ return_url: undefined,
			payer, save_card: true, offer: '2026-01' }));

		pm = await this.act(pm, 'paid', { save_card: true, card: 'mir' });
		const { items } = await this.api('GET', `/cards?payer=${pm.payer}`);

		return { ...pm, card: items.at(-1).id };
	}

	async bind(more) {
		const made = await this.api('POST', '/cards',
			{ payer: unique(), offer: '2026-01', ...more },
			{ 'Idempotency-Key': unique() });

		return { ...made, pay_url: made.bind_url.replace(/\/card$/, '') };
	}

	// A report that is made.
	async report() {
		const { id } = await this.api('POST', '/reports',
			{ report: 'turnover', format: 'csv', from: '2020-01-01',
				to: '2020-01-31' }, { 'Idempotency-Key': unique() });

		for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
			if ((await this.api('GET', `/reports/${id}`)).state === 'done')
				return { id };
			await new Promise((done) => setTimeout(done, 100));
		}
		throw new Error(`report ${id} is not made`);
	}

	async exchange(method, path, body) {
		const answer = await call(this.url, method, `/api/v1/exchange${path}`,
			{ headers: { Authorization: `Bearer ${this.supplier}`,
				'Content-Type': 'application/xml' }, body });

		assert.ok(answer.status < 300, `${method} ${path}: ` +
			`${answer.status} ${answer.body}`);
		return JSON.parse(answer.body);
	}

	// The supplier brings a document, and it is judged.
	async bring(number, body) {
		const text = `<document xmlns='urn:kvitok:exchange:1' version='1.0' ` +
			`portal='portalgkh' supplier='liftservis' number='${number}' ` +
			`made_at='2026-12-01T06:00:00+03:00'>${body}</document>`;

		await this.exchange('POST', '/documents', text);
		for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
			const now = await this.exchange('GET', `/documents/${number}`);

			if (now.ended_at)
				return { number, texts: { $document: text,
					$changed: text.replace('Петров', 'Петрова') } };
			await new Promise((done) => setTimeout(done, 100));
		}
		throw new Error(`document ${number} is not judged`);
	}

	exchanged() {
		return this.bring(1, ACCOUNTS);
	}

	// The next one in turn; a bad one is skipped by nobody, and put right.
	async exchangedNext(body) {
		await this.exchanged();
		const { next } = await this.exchange('GET', '');

		return this.bring(next, body);
	}

	// An account that the supplier has closed.
	async closed() {
		await this.exchangedNext("<accounts count='1'><account " +
			"number='ЛИФТ-2' address='г. Саянск, мкр. Строителей, д. 2' " +
			"closed_day='2026-11-01'><owner last_name='Петров'/>" +
			"</account></accounts>");
		return { number: 'ЛИФТ-2' };
	}

	async acknowledged() {
		await this.exchangedNext(ACCOUNTS);
		for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
			const { items } = await this.exchange('GET', '/outgoing');

			if (items.length)
				return { number: items[0].number };
			await new Promise((done) => setTimeout(done, 100));
		}
		throw new Error('nothing of ours waits');
	}

	// The body that createRequest has for it.
	appeal(members = {}) {
		return this.api('POST', '/requests', { kind: 'recalculation',
			supplier: 'yuzhnoe-zhks', account: '10019743',
			payer: unique(), email: 'sokolova@example.org',
			text: 'Прошу сделать перерасчёт за ноябрь.',
			fields: [{ name: 'month', value: '2026-11' }], ...members },
		{ 'Idempotency-Key': unique() });
	}

	async file(key, payer) {
		const answer = await call(this.url, 'POST', '/api/v1/requests/files' +
			(payer ? `?payer=${payer}` : ''), {
			headers: { Authorization: `Bearer ${this.key}`,
				'Idempotency-Key': key,
				'Content-Type': 'application/octet-stream',
				'X-File-Name': encodeURIComponent('Справка.pdf') },
			body: '%PDF-1.7\n' });

		assert.equal(answer.status, 201, answer.body.toString());
		return JSON.parse(answer.body);
	}

	async appealWithFile() {
		const payer = unique();
		const { id } = await this.file(unique(), payer);

		return this.appeal({ payer, files: [{ id }] });
	}

	async make(state) {
		let pm;

		switch (state) {
		case 'created':
			return this.create({ return_url: undefined });
		case 'returning':
			return this.create({});
		case 'two':
			pm = await this.create({});
			return this.create({ payer: pm.payer });
		case 'mailing':
			return this.mailing();
		case 'appeal':
			return this.appeal();
		case 'appeal_with_file':
			return this.appealWithFile();
		case 'file_of_key':
			return this.file('oa-file-reused');
		case 'exempt':
			return this.exempt();
		case 'card':
			return this.card(unique());
		case 'card_of_u':
			return this.card('u-58203');
		case 'bind':
			return this.bind({});
		case 'choosing':
			return this.choosing();
		case 'choosing_elsewhere':
			pm = await this.choosing();
			await call(this.url, 'GET',
				`${new URL(pm.pay_url).pathname}/choose`);
			return pm;
		case 'bind_returning':
			return this.bind({ return_url: 'https://front.example/cards' });
		case 'exchanged':
			return this.exchanged();
		case 'closed':
			return this.closed();
		case 'exchanged_aside':
			return this.exchangedNext("<payments_elsewhere " +
				"count='1' sum_kop='1,00'/>");
		case 'exchanged_refused':
			return this.exchangedNext("<balances as_of_day='2026-12-01' " +
				"count='1' sum_kop='5'><balance account='НЕТ-1' " +
				"service='lift' debt_kop='5'/></balances>");
		case 'acknowledged':
			return this.acknowledged();
		case 'report':
			return this.report();
		case 'cancelled':
			pm = await this.create({});
			return this.api('POST', `/payments/${pm.number}/cancel`);
		case 'open':
			return this.open(await this.create({ return_url: undefined }));
		case 'refunded':
			pm = await this.make('paid');
			await this.api('POST', `/payments/${pm.number}/refunds`,
				{ reason: 'Оплачено дважды' },
				{ 'Idempotency-Key': unique() });
			return this.until(pm, state);
		case 'paid':
		case 'declined':
			pm = await this.open(await this.create(
				{ return_url: undefined }));
			return this.act(pm, state);
		default:
			throw new Error(`given: ${state}?`);
		}
	}

	// As a browser does: our link, then the bank's page.
	async open(pm) {
		const link = await call(this.url, 'GET', new URL(pm.pay_url).pathname);

		assert.equal(link.status, 303, `pay link: ${link.status}`);
		const page = new URL(link.headers.location);
		const shown = await call(page.origin, 'GET',
			page.pathname + page.search);

		assert.ok(shown.status < 400, `bank's page: ${shown.status}`);
		return this.read(pm);
	}

	async act(pm, outcome, more = {}) {
		const number = pm.attempts.at(-1).bank_no;
		const answer = await call(this.sim, 'POST',
			`/control/orders/${number}/pay`, {
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ outcome, ...more }) });

		assert.ok(answer.status < 300, `simulator: ${answer.body}`);
		return this.until(pm, outcome);
	}

	async until(pm, outcome) {
		for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
			const now = await this.read(pm);

			if (now.state === outcome)
				return now;
			await new Promise((done) => setTimeout(done, 100));
		}
		throw new Error(`${pm.number} did not become ${outcome}`);
	}
}
