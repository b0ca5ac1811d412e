-- Books of a supplier in the box (sql/box): what SQLite, PostgreSQL and
-- MariaDB take alike, for it runs on each.

-- name: box_accounts
-- in: after, limit
SELECT number, owner, address FROM box_account
WHERE number > ? ORDER BY number LIMIT ?

-- name: box_accounts_count
SELECT COUNT(*) FROM box_account

-- name: box_account_put
-- in: number, owner, address
INSERT INTO box_account (number, owner, address) VALUES (?, ?, ?)

-- name: box_account_get
-- in: number
SELECT number FROM box_account WHERE number = ?

-- name: box_meters
-- in: limit
SELECT meter, account, service, last_day, last_value FROM box_meter
ORDER BY meter LIMIT ?

-- name: box_meter_put
-- in: meter, account, service, last_value, last_day
INSERT INTO box_meter (meter, account, service, last_value, last_day)
VALUES (?, ?, ?, ?, ?)

-- name: box_meter_get
-- in: meter
SELECT account, last_value FROM box_meter WHERE meter = ?

-- name: box_meter_move
-- in: last_value, last_day, meter
UPDATE box_meter SET last_value = ?, last_day = ? WHERE meter = ?

-- name: box_entry_put
-- in: id, account, service, kind, day, month, kop, document
INSERT INTO box_entry (id, account, service, kind, day, month, kop, document)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: box_entry_get
-- in: id
SELECT account, service, kop FROM box_entry WHERE id = ?

-- name: box_entry_count
-- in: month, paid_to_day
-- What was paid so far, and no month has counted, is that month's.
UPDATE box_entry SET month = ? WHERE month = '' AND day <= ?

-- name: box_elsewhere_count
SELECT COUNT(*) FROM box_entry WHERE kind = 'elsewhere'

-- name: box_bill
-- in: month, month, limit
-- How a month begins and ends, and what was paid for it.
SELECT account, service,
	SUM(CASE WHEN month < ? THEN kop ELSE 0 END),
	SUM(CASE WHEN month = ? AND kind <> 'charge' THEN -kop ELSE 0 END),
	SUM(kop)
FROM box_entry WHERE month <> ''
GROUP BY account, service ORDER BY account, service LIMIT ?

-- name: box_balances
-- in: limit
-- What is owed; and what the bills and the payments elsewhere say, which is
-- what Kvitok is told: it counts its own payments itself until a bill has.
SELECT account, service, SUM(kop),
	SUM(CASE WHEN month <> '' OR kind = 'elsewhere' THEN kop ELSE 0 END)
FROM box_entry
GROUP BY account, service ORDER BY account, service LIMIT ?

-- name: box_reading_put
-- in: id, meter, given, taken_at, document
INSERT INTO box_reading (id, meter, given, taken_at, document, answered)
VALUES (?, ?, ?, ?, ?, 0)

-- name: box_reading_get
-- in: id
SELECT meter, given FROM box_reading WHERE id = ?

-- name: box_readings_open
-- in: limit
SELECT r.id, r.meter, r.taken_at, r.given, m.last_value FROM box_reading r
JOIN box_meter m ON m.meter = r.meter
WHERE r.answered = 0 ORDER BY r.id LIMIT ?

-- name: box_reading_answer
-- in: answered, id
UPDATE box_reading SET answered = ? WHERE id = ?

-- name: box_request_put
-- in: id, kind, account, made_at, words, document
INSERT INTO box_request (id, kind, account, made_at, words, closed_at, state,
	document, answer)
VALUES (?, ?, ?, ?, ?, '', '', ?, 0)

-- name: box_request_get
-- in: id
SELECT id FROM box_request WHERE id = ?

-- name: box_request_file_put
-- in: request, n, name, type, size, sha256
INSERT INTO box_request_file (request, n, name, type, size, sha256)
VALUES (?, ?, ?, ?, ?, ?)

-- name: box_request_file_drop
-- in: request
DELETE FROM box_request_file WHERE request = ?

-- name: box_request_files
-- in: request, limit
SELECT name, type, sha256, size FROM box_request_file WHERE request = ?
ORDER BY n LIMIT ?

-- name: box_request_close
-- in: closed_at, id
UPDATE box_request SET closed_at = ? WHERE id = ? AND closed_at = ''

-- name: box_requests
-- in: limit
SELECT id, kind, account, made_at, words, closed_at, state, document, answer
FROM box_request ORDER BY id DESC LIMIT ?

-- name: box_requests_open
-- in: limit
-- Those that somebody still waits for.
SELECT id FROM box_request
WHERE closed_at = '' AND state NOT IN ('done', 'refused') ORDER BY id LIMIT ?

-- name: box_request_move
-- in: state, answer, id
UPDATE box_request SET state = ?, answer = ? WHERE id = ?

-- name: box_month_last
SELECT COALESCE(MAX(month), '') FROM box_month

-- name: box_month_put
-- in: month, paid_to_day
INSERT INTO box_month (month, paid_to_day) VALUES (?, ?)

-- name: box_doc_next
SELECT COALESCE(MAX(number), 0) + 1 FROM box_doc

-- name: box_doc_put
-- in: number, kind, parts, said, said_kop
INSERT INTO box_doc (number, kind, parts, state, trouble, wait_until, tries,
	said, said_kop, told, told_applied, told_kop, told_refused)
VALUES (?, ?, ?, 'ready', '', 0, 0, ?, ?, '', 0, 0, 0)

-- name: box_doc_part_put
-- in: number, part, body
INSERT INTO box_doc_part (number, part, body) VALUES (?, ?, ?)

-- name: box_doc_part_get
-- in: number, part
SELECT body FROM box_doc_part WHERE number = ? AND part = ?

-- name: box_docs_open
-- in: limit
SELECT kind, state, trouble, number, parts, wait_until, tries FROM box_doc
WHERE state IN ('ready', 'sent', 'again') ORDER BY number LIMIT ?

-- name: box_doc_move
-- in: state, trouble, wait_until, tries, number
UPDATE box_doc SET state = ?, trouble = ?, wait_until = ?, tries = ?
WHERE number = ?

-- name: box_doc_told
-- in: told, told_applied, told_kop, told_refused, number
-- Once applied, it stays so, whatever is said of what came under its number.
UPDATE box_doc SET told = ?, told_applied = ?, told_kop = ?, told_refused = ?
WHERE number = ? AND told <> 'applied'

-- name: box_docs
-- in: limit
SELECT kind, state, trouble, told, number, said, said_kop, told_applied,
	told_kop, told_refused, tries
FROM box_doc ORDER BY number DESC LIMIT ?

-- name: box_docs_untold
-- in: limit
-- Kvitok acknowledges no acknowledgements.
SELECT number, told_applied FROM box_doc
WHERE state = 'done' AND kind <> 'acknowledgement' AND (told <> 'applied'
	OR told_applied + told_refused <> said
	OR (told_refused = 0 AND told_kop <> said_kop))
ORDER BY number LIMIT ?

-- name: box_docs_state
SELECT state, COUNT(*) FROM box_doc GROUP BY state ORDER BY state

-- name: box_doc_sent_after
-- in: number
SELECT COUNT(*) FROM box_doc WHERE number > ? AND state <> 'ready'

-- name: box_in_get
-- in: number
SELECT state FROM kvitok_in WHERE number = ?

-- name: box_in_part_drop
-- in: number
DELETE FROM kvitok_in_part WHERE number = ?

-- name: box_in_part_put
-- in: number, part, body
INSERT INTO kvitok_in_part (number, part, body) VALUES (?, ?, ?)

-- name: box_in_put
-- in: number, kind, parts
INSERT INTO kvitok_in (number, kind, parts) VALUES (?, ?, ?)

-- name: box_in_again
-- in: parts, number
UPDATE kvitok_in SET state = 'new', parts = ? WHERE number = ?

-- name: box_out_next
-- in: after
SELECT COALESCE(MIN(number), 0) FROM kvitok_out
WHERE state = 'new' AND number > ?

-- name: box_out_get
-- in: number
SELECT kind, parts FROM kvitok_out WHERE number = ?

-- name: box_out_part
-- in: number, part
SELECT body FROM kvitok_out_part WHERE number = ? AND part = ?

-- name: box_out_taken
-- in: number
UPDATE kvitok_out SET state = 'taken' WHERE number = ?

-- name: box_taken_get
-- in: number
SELECT sha256, state, seen FROM box_taken WHERE number = ?

-- name: box_taken_drop
-- in: number
DELETE FROM box_taken WHERE number = ?

-- name: box_refused_drop
-- in: number
DELETE FROM box_refused WHERE number = ?

-- name: box_taken_put
-- in: number, kind, sha256, state, words, applied, applied_kop, refused,
-- in: seen, answer_at
INSERT INTO box_taken (number, kind, sha256, state, words, applied,
	applied_kop, refused, seen, changed, answer_at, answer)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)

-- name: box_taken_seen
-- in: changed, answer_at, number
UPDATE box_taken SET seen = seen + 1, changed = changed + ?, answer_at = ?
WHERE number = ?

-- name: box_taken_due
-- in: now, limit
SELECT kind, state, words, number, applied, applied_kop, refused
FROM box_taken WHERE answer_at > 0 AND answer_at <= ?
ORDER BY number LIMIT ?

-- name: box_taken_answered
-- in: answer, number
UPDATE box_taken SET answer_at = 0, answer = ? WHERE number = ?

-- name: box_refused_put
-- in: number, record, words
INSERT INTO box_refused (number, record, words) VALUES (?, ?, ?)

-- name: box_refused_list
-- in: number, limit
SELECT words, record FROM box_refused WHERE number = ?
ORDER BY record LIMIT ?

-- name: box_taken_list
-- in: limit
SELECT kind, state, words, number, applied, applied_kop, refused, seen,
	changed, answer
FROM box_taken ORDER BY number DESC LIMIT ?

-- name: box_taken_sum
-- What Kvitok's documents brought, and what of it stands in the books.
SELECT (SELECT COUNT(*) FROM box_taken), (SELECT COUNT(*) FROM box_taken
		WHERE answer_at > 0),
	COALESCE((SELECT SUM(changed) FROM box_taken), 0),
	COALESCE((SELECT SUM(applied_kop) FROM box_taken
		WHERE kind = 'payments' AND state = 'applied'), 0),
	COALESCE((SELECT SUM(-kop) FROM box_entry WHERE kind = 'payment'), 0),
	COALESCE((SELECT SUM(applied_kop) FROM box_taken
		WHERE kind = 'refunds' AND state = 'applied'), 0),
	COALESCE((SELECT SUM(kop) FROM box_entry WHERE kind = 'refund'), 0)

-- name: box_in_hide
ALTER TABLE kvitok_in RENAME TO kvitok_in_away

-- name: box_in_show
ALTER TABLE kvitok_in_away RENAME TO kvitok_in

-- name: box_out_hide
ALTER TABLE kvitok_out RENAME TO kvitok_out_away

-- name: box_out_show
ALTER TABLE kvitok_out_away RENAME TO kvitok_out
