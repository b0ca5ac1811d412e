-- Refunds.

-- name: refund_lock
-- in: akey, number
-- Nobody else changes the payment until this transaction ends.
UPDATE payment SET refunded_kop = refunded_kop WHERE akey = ? AND number = ?

-- name: refund_reserve
-- in: kop, at, akey, number, kop
-- Below zero it is given back.
UPDATE payment SET refunded_kop = refunded_kop + CAST(? AS BIGINT),
	changed_at = ?
WHERE akey = ? AND number = ?
	AND refunded_kop + CAST(? AS BIGINT) BETWEEN 0 AND total_kop
	AND state IN ('paid', 'partly_refunded')

-- name: refund_put
-- in: akey, number, id, state, way, own_account, sum_kop, fee_kop, reason,
-- in: actor, created_at, sent_at, ended_at
INSERT INTO refund (akey, number, id, state, way, own_account, sum_kop,
	fee_kop, reason, actor, code, created_at, sent_at, ended_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?)

-- name: refund_line_put
-- in: akey, number, refund, n, sum_kop, fee_kop, supplier_fee_kop, loss_kop
INSERT INTO refund_line (akey, number, refund, n, sum_kop, fee_kop,
	supplier_fee_kop, loss_kop)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: refund_list
-- in: akey, number
-- One row per line, oldest first.
SELECT r.akey, r.number, r.id, r.state, r.sum_kop, r.fee_kop, r.reason,
	r.actor, r.code, COALESCE(r.before_kop, -1), r.created_at, r.sent_at,
	r.ended_at, l.n, l.sum_kop, l.fee_kop, l.supplier_fee_kop, l.loss_kop,
	r.way, r.own_account
FROM refund r JOIN refund_line l ON l.akey = r.akey AND l.number = r.number
	AND l.refund = r.id
WHERE r.akey = ? AND r.number = ?
ORDER BY r.id, l.n

-- name: refund_number
-- in: akey, id
SELECT number FROM refund WHERE akey = ? AND id = ?

-- name: refund_move
-- in: to, code, sent_at, ended_at, akey, number, id, from
-- NULL leaves code and sent_at as they are.
UPDATE refund SET state = ?,
	code = COALESCE(?, code),
	sent_at = COALESCE(?, sent_at),
	ended_at = ?
WHERE akey = ? AND number = ? AND id = ? AND state = ?

-- name: refund_calling
-- in: before_kop, at, akey, number, id
-- Once: of two that are about to call the bank one finds no row.
UPDATE refund SET before_kop = ?, sent_at = ?
WHERE akey = ? AND number = ? AND id = ? AND state = 'sent'
	AND before_kop IS NULL

-- name: refund_not_called
-- in: akey, number, id
UPDATE refund SET before_kop = NULL
WHERE akey = ? AND number = ? AND id = ? AND state = 'intended'
