-- name: pay_create_all
-- in: portal, ikey, body_hash, akey, number, answer, created_at,
-- in: portal, state, secret, payer, email, return_url, frontend, contract,
-- in: bank, lines_hash, lines_len, sum_kop, fee_kop, total_kop, created_at,
-- in: expires_at, changed_at, lines, event_id, event_at, event_kind,
-- in: event_actor, event_n, event_from_state, event_to_state, event_evidence
-- A payment in one round trip: nothing of it is written when the key was used
-- before.  Gives one row when it was made.
WITH made AS (
	INSERT INTO idem (portal, ikey, body_hash, akey, number, answer,
		created_at)
	VALUES (?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (portal, ikey) DO NOTHING
	RETURNING akey, number
), pay AS (
	INSERT INTO payment (akey, number, portal, state, secret, payer,
	email, return_url, frontend, contract, bank, lines_hash, lines_len,
	sum_kop, fee_kop, total_kop, created_at, expires_at, changed_at,
	refunded_kop, attempts, card_mask, bank_ref, auth_code, reason, led_to)
	SELECT akey, number, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
		0, 0, '', '', '', '', ''
	FROM made
	RETURNING akey, number
), lines AS (
	INSERT INTO pay_line (akey, number, n, supplier, service, account,
		sum_kop, fee_kop, supplier_fee_kop, loss_on, loss_kop, exempt)
	SELECT pay.akey, pay.number, l.n, l.supplier, l.service, l.account,
		l.sum_kop, l.fee_kop, l.supplier_fee_kop, l.loss_on,
		l.loss_kop, l.exempt
	FROM pay, json_to_recordset(CAST(? AS JSON)) AS l (n SMALLINT,
		supplier VARCHAR, service VARCHAR, account VARCHAR,
		sum_kop BIGINT, fee_kop BIGINT, supplier_fee_kop BIGINT,
		loss_on VARCHAR, loss_kop BIGINT, exempt VARCHAR)
), story AS (
	INSERT INTO event (akey, number, id, at, kind, actor, n, from_state,
		to_state, evidence)
	SELECT akey, number, ?, ?, ?, ?, ?, ?, ?, ? FROM pay
)
SELECT number FROM made
