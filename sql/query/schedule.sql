-- Reports that somebody gets regularly.

-- name: schedule_put
-- in: id, name, portal, supplier, report, format, encoding, separator,
-- in: of_contract, of_bank, of_state, of_account, period, days, at_time,
-- in: by_mail, target, next_day, to_day, next_at, made_by, made_at
INSERT INTO report_schedule (id, name, portal, supplier, report, format,
	encoding, separator, of_contract, of_bank, of_state, of_account, period,
	days, at_time, by_mail, target, next_day, to_day, next_at, missed,
	made_by, made_at, stopped_by, stopped_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, '',
	NULL)

-- name: schedule_stop
-- in: by, at, id
UPDATE report_schedule SET stopped_by = ?, stopped_at = ?
WHERE id = ? AND stopped_at IS NULL

-- name: schedule_by_name
-- in: name
SELECT id, name, portal, supplier, report, format, encoding, separator,
	of_contract, of_bank, of_state, of_account, period, days, at_time,
	target, next_day, to_day, made_by, by_mail, next_at, missed, made_at
FROM report_schedule WHERE name = ? AND stopped_at IS NULL

-- name: schedule_page
-- in: after, limit
SELECT id, name, portal, supplier, report, format, encoding, separator,
	of_contract, of_bank, of_state, of_account, period, days, at_time,
	target, next_day, to_day, made_by, by_mail, next_at, missed, made_at
FROM report_schedule WHERE name > ? AND stopped_at IS NULL
ORDER BY name LIMIT ?

-- name: schedule_due
-- in: now, limit
SELECT id, name, portal, supplier, report, format, encoding, separator,
	of_contract, of_bank, of_state, of_account, period, days, at_time,
	target, next_day, to_day, made_by, by_mail, next_at, missed, made_at
FROM report_schedule
WHERE stopped_at IS NULL AND next_at > 0 AND next_at <= ?
ORDER BY next_at LIMIT ?

-- name: schedule_move
-- in: next_day, next_at, missed, id, next_day
UPDATE report_schedule SET next_day = ?, next_at = ?, missed = missed + ?
WHERE id = ? AND next_day = ? AND stopped_at IS NULL

-- name: schedule_health
-- Of schedules that go on.
SELECT p.state, COUNT(*)
FROM report_parcel p
JOIN report_run r ON r.id = p.run
JOIN report_schedule s ON s.id = r.schedule AND s.stopped_at IS NULL
WHERE p.state IN ('waiting', 'refused', 'failed')
GROUP BY p.state ORDER BY p.state

-- name: schedule_oldest
-- in: now
SELECT COALESCE(MIN(q.due_at), 0) FROM (
	SELECT MIN(next_at) AS due_at FROM report_schedule
	WHERE stopped_at IS NULL AND next_at > 0 AND next_at <= ?
	UNION ALL
	SELECT MIN(r.due_at) FROM report_parcel p
	JOIN report_run r ON r.id = p.run
	JOIN report_schedule s ON s.id = r.schedule AND s.stopped_at IS NULL
	WHERE p.state = 'waiting') q

-- name: schedule_run_put
-- in: id, schedule, from_day, to_day, order_id, due_at, made_at
INSERT INTO report_run (id, schedule, from_day, to_day, order_id, due_at, times,
	made_at)
VALUES (?, ?, ?, ?, ?, ?, 1, ?)
ON CONFLICT (schedule, from_day, to_day) DO NOTHING

-- name: schedule_parcel_put
-- in: run, n, target, state, reason, next_at, changed_at
INSERT INTO report_parcel (run, n, target, state, reason, tries, fence, next_at,
	changed_at)
VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)

-- name: schedule_run_find
-- in: schedule, day, day, any
SELECT id, schedule, from_day, to_day, order_id, due_at, times, made_at
FROM report_run
WHERE schedule = ? AND ((from_day <= ? AND to_day >= ?)
	OR CAST(? AS BIGINT) = 1)
ORDER BY from_day DESC LIMIT 1

-- name: schedule_parcels
-- in: schedule, all, limit
SELECT r.id, r.schedule, r.from_day, r.to_day, r.order_id, p.target, p.state,
	p.reason, r.due_at, r.times, r.made_at, p.n, p.tries, p.fence,
	p.next_at, p.changed_at
FROM report_run r
JOIN report_parcel p ON p.run = r.id
WHERE r.schedule = ? AND (p.state <> 'done' OR CAST(? AS BIGINT) = 1)
ORDER BY r.from_day DESC, r.id, p.n LIMIT ?

-- name: schedule_run_again
-- in: id, times
UPDATE report_run SET times = times + 1 WHERE id = ? AND times = ?

-- name: schedule_parcel_again
-- in: at, at, run
-- Whoever has one of them has it no more.
UPDATE report_parcel SET state = 'waiting', reason = '', tries = 0,
	fence = fence + 1, next_at = ?, changed_at = ?
WHERE run = ?

-- name: schedule_run_reorder
-- in: order_id, id, order_id
UPDATE report_run SET order_id = ? WHERE id = ? AND order_id = ?

-- name: schedule_parcel_due
-- in: now
-- Whose report has ended, well or not.
SELECT p.run, p.n, p.fence
FROM report_parcel p
JOIN report_run r ON r.id = p.run
JOIN report_schedule s ON s.id = r.schedule AND s.stopped_at IS NULL
JOIN report_order o ON o.id = r.order_id
	AND o.state IN ('done', 'failed', 'gone')
WHERE p.state = 'waiting' AND p.next_at <= ?
ORDER BY p.next_at, p.run, p.n LIMIT 1

-- name: schedule_parcel_claim
-- in: lease_until, run, n, fence, now
UPDATE report_parcel SET next_at = ?, tries = tries + 1, fence = fence + 1
WHERE run = ? AND n = ? AND fence = ? AND next_at <= ? AND state = 'waiting'

-- name: schedule_parcel_get
-- in: run, n
SELECT s.id, s.name, s.portal, s.supplier, s.report, s.format, s.encoding,
	s.separator, s.of_contract, s.of_bank, s.of_state, s.of_account,
	s.period, s.days, s.at_time, s.target, s.next_day, s.to_day, s.made_by,
	s.by_mail, s.next_at, s.missed, s.made_at,
	r.id, r.schedule, r.from_day, r.to_day, r.order_id, p.target, p.state,
	p.reason, r.due_at, r.times, r.made_at, p.n, p.tries, p.fence,
	p.next_at, p.changed_at
FROM report_parcel p
JOIN report_run r ON r.id = p.run
JOIN report_schedule s ON s.id = r.schedule
WHERE p.run = ? AND p.n = ?

-- name: schedule_parcel_end
-- in: state, reason, next_at, at, run, n, fence
UPDATE report_parcel SET state = ?, reason = ?, next_at = ?, changed_at = ?
WHERE run = ? AND n = ? AND fence = ? AND state = 'waiting'
