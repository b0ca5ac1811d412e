// same: is an answer its example, but for what differs from call to call?
const PASSING = new Set(['number', 'request_id', 'pay_url', 'created_at',
	'expires_at', 'paid_at', 'started_at', 'at', 'bank_no', 'bank_ref',
	'auth_code', 'payer', 'next', 'version', 'due', 'oldest_due_age_s',
	'failed', 'since', 'period', 'calls', 'slow', 'id', 'ended_at',
	'asked_at', 'closed_at', 'stopped_at', 'bound_at',
	'bind_url', 'choose_url', 'url']);

function kind(value) {
	return value === null ? 'null' :
		Array.isArray(value) ? 'list' : typeof value;
}

// Gives: '' or where they differ.
export function difference(want, have, { some = false } = {}, at = '') {
	if (kind(want) !== kind(have))
		return `${at}: ${kind(have)}, not ${kind(want)}`;
	if (kind(want) === 'list')
		return some && at === '/items' ? missing(want, have) :
			ofLists(want, have, some, at);
	if (kind(want) === 'object')
		return ofObjects(want, have, some, at);
	if (PASSING.has(at.split('/').at(-1)) || want === have)
		return '';
	return `${at}: ${JSON.stringify(have)}, not ${JSON.stringify(want)}`;
}

function ofLists(want, have, some, at) {
	if (want.length !== have.length)
		return `${at}: ${have.length} items, not ${want.length}`;
	return first(want.map((w, i) =>
		difference(w, have[i], { some }, `${at}/${i}`)));
}

// Names in the same order, too: examples are read by people.
function ofObjects(want, have, some, at) {
	const names = [Object.keys(want).join(), Object.keys(have).join()];

	if (names[0] !== names[1])
		return `${at}: members ${names[1]}, not ${names[0]}`;
	return first(Object.keys(want).map((k) =>
		difference(want[k], have[k], { some }, `${at}/${k}`)));
}

function missing(want, have) {
	return first(want.map((w, i) =>
		have.some((h) => difference(w, h) === '') ? '' :
			`/items/${i} is not in the answer`));
}

function first(list) {
	return list.find((x) => x !== '') ?? '';
}
