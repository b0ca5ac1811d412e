-- People at the desk, their sessions, and what they did.

-- name: staff_put
-- in: id, login, name, hash, must_change, portal, supplier, rights, created_at, created_by, changed_at, password_at
INSERT INTO staff (id, login, name, hash, must_change, portal, supplier, rights,
	state, created_at, created_by, changed_at, password_at, entered_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ?, NULL)

-- name: staff_by_login
-- in: login
SELECT id, login, name, hash, portal, supplier, rights, state, created_by,
	must_change, created_at, changed_at, password_at,
	COALESCE(entered_at, 0)
FROM staff WHERE login = ?

-- name: staff_page
-- in: portal, portal, login, limit
SELECT id, login, name, hash, portal, supplier, rights, state, created_by,
	must_change, created_at, changed_at, password_at,
	COALESCE(entered_at, 0)
FROM staff WHERE (CAST(? AS VARCHAR(32)) = '' OR portal = ?) AND login > ?
ORDER BY login LIMIT ?

-- name: staff_may
-- in: rights, state, at, id, rights, state
-- Of two who change it at once one succeeds.
UPDATE staff SET rights = ?, state = ?, changed_at = ?
WHERE id = ? AND rights = ? AND state = ?

-- name: staff_password
-- in: hash, must_change, at, at, id, hash
-- Of two who change it at once one succeeds.
UPDATE staff SET hash = ?, must_change = ?, password_at = ?, changed_at = ?
WHERE id = ? AND hash = ?

-- name: staff_entered
-- in: hash, at, id, hash
UPDATE staff SET hash = ?, entered_at = ?
WHERE id = ? AND hash = ? AND state = 'active'

-- name: staff_session_put
-- in: digest, staff, created_at, seen_at, expires_at, address
INSERT INTO staff_session (digest, staff, created_at, seen_at, expires_at,
	address)
VALUES (?, ?, ?, ?, ?, ?)

-- name: staff_session_get
-- in: digest
SELECT f.id, f.login, f.name, f.hash, f.portal, f.supplier, f.rights, f.state,
	f.created_by, f.must_change, f.created_at, f.changed_at, f.password_at,
	COALESCE(f.entered_at, 0), s.digest, s.staff, s.address, s.created_at,
	s.seen_at, s.expires_at
FROM staff_session s JOIN staff f ON f.id = s.staff
WHERE s.digest = ?

-- name: staff_session_seen
-- in: seen_at, digest, seen_at
UPDATE staff_session SET seen_at = ? WHERE digest = ? AND seen_at < ?

-- name: staff_session_end
-- in: digest
DELETE FROM staff_session WHERE digest = ?

-- name: staff_session_end_all
-- in: staff
DELETE FROM staff_session WHERE staff = ?

-- name: staff_session_trim
-- in: staff, staff, limit
-- All but the newest.
DELETE FROM staff_session WHERE staff = ? AND digest NOT IN (
	SELECT digest FROM staff_session WHERE staff = ?
	ORDER BY created_at DESC, digest LIMIT ?)

-- name: staff_session_list
-- in: login, login, now, idle_since, limit
SELECT f.login, f.name, f.portal, s.address, s.created_at, s.seen_at,
	s.expires_at
FROM staff_session s JOIN staff f ON f.id = s.staff
WHERE (CAST(? AS VARCHAR(40)) = '' OR f.login = ?) AND s.expires_at > ?
	AND s.seen_at > ?
ORDER BY s.seen_at DESC, s.digest LIMIT ?

-- name: staff_session_sweep
-- in: now, idle_since
DELETE FROM staff_session WHERE expires_at <= ? OR seen_at <= ?

-- name: staff_session_count
-- in: now, idle_since
SELECT COUNT(*) FROM staff_session WHERE expires_at > ? AND seen_at > ?

-- name: staff_device_get
-- in: staff, digest
SELECT seen_at FROM staff_device WHERE staff = ? AND digest = ?

-- name: staff_device_put
-- in: staff, digest, seen_at
INSERT INTO staff_device (staff, digest, seen_at) VALUES (?, ?, ?)
ON CONFLICT (staff, digest) DO UPDATE SET seen_at = excluded.seen_at

-- name: staff_device_trim
-- in: staff, staff, limit
-- All but the newest.
DELETE FROM staff_device WHERE staff = ? AND digest NOT IN (
	SELECT digest FROM staff_device WHERE staff = ?
	ORDER BY seen_at DESC, digest LIMIT ?)

-- name: staff_device_forget
-- in: staff
DELETE FROM staff_device WHERE staff = ?

-- name: staff_device_sweep
-- in: before
DELETE FROM staff_device WHERE seen_at < ?

-- name: staff_try_get
-- in: subject
SELECT fails, last_at, locked_until FROM staff_try WHERE subject = ?

-- name: staff_try_put
-- in: subject, login, fails, last_at, locked_until, fails, last_at
-- Of several at once one counts; the others look again.
INSERT INTO staff_try (subject, login, fails, last_at, locked_until)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (subject) DO UPDATE SET
	login = excluded.login,
	fails = excluded.fails,
	last_at = excluded.last_at,
	locked_until = excluded.locked_until
WHERE staff_try.fails = ? AND staff_try.last_at = ?

-- name: staff_try_forget
-- in: subject
DELETE FROM staff_try WHERE subject = ?

-- name: staff_try_forget_login
-- in: login
DELETE FROM staff_try WHERE login = ?

-- name: staff_try_sweep
-- in: before, limit
DELETE FROM staff_try WHERE subject IN (SELECT subject FROM staff_try
	WHERE last_at < ? ORDER BY last_at LIMIT ?)

-- name: staff_try_locked
-- in: now
SELECT COUNT(*) FROM staff_try WHERE locked_until > ?

-- name: staff_event_put
-- in: id, at, actor, staff, portal, what, object, detail, address
-- An action is told once, however many transactions it takes.
INSERT INTO staff_event (id, at, actor, staff, portal, what, object, detail,
	address)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING

-- name: staff_event_list
-- in: before, limit
SELECT id, actor, staff, portal, what, object, detail, address, at
FROM staff_event WHERE id < ? ORDER BY id DESC LIMIT ?

-- name: staff_event_of
-- in: staff, before, limit
SELECT id, actor, staff, portal, what, object, detail, address, at
FROM staff_event WHERE staff = ? AND id < ? ORDER BY id DESC LIMIT ?

-- name: staff_event_sweep
-- in: before, before, limit
-- Nobody's failures are kept for a shorter time.
DELETE FROM staff_event WHERE id IN (SELECT id FROM staff_event
	WHERE at < ? OR (staff = '' AND actor = '' AND at < ?)
	ORDER BY at, id LIMIT ?)
