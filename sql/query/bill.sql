-- Rules that span payments, and transactions of a bank.

-- name: bill_take
-- in: akey, portal, lines_hash, payer, number, expected
-- No row changed: another payment holds the bill.
INSERT INTO open_bill (akey, portal, lines_hash, payer, number)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (akey, portal, lines_hash, payer) DO UPDATE SET
	number = excluded.number
WHERE open_bill.number = ?

-- name: bill_holder
-- in: akey, portal, lines_hash, payer
SELECT number FROM open_bill
WHERE akey = ? AND portal = ? AND lines_hash = ? AND payer = ?

-- name: bill_lead
-- in: to, akey, number
UPDATE payment SET led_to = ? WHERE akey = ? AND number = ?

-- name: trx_put
-- in: akey, number, n, trx_id, seen_at
INSERT INTO attempt_trx (akey, number, n, trx_id, state, seen_at)
VALUES (?, ?, ?, ?, 'seen', ?)
ON CONFLICT (akey, number, n, trx_id) DO NOTHING

-- name: trx_move
-- in: state, akey, number, n, trx_id
UPDATE attempt_trx SET state = ?
WHERE akey = ? AND number = ? AND n = ? AND trx_id = ?

-- name: trx_list
-- in: akey, number, n, limit
SELECT trx_id, state FROM attempt_trx
WHERE akey = ? AND number = ? AND n = ?
ORDER BY seen_at, trx_id LIMIT ?

-- name: pay_overdue
-- in: now, limit
-- The words of the index payment_unopened, so that both databases use it.
SELECT number FROM payment
WHERE state IN ('created', 'declined') AND expires_at <= ?
ORDER BY expires_at LIMIT ?
