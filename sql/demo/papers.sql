-- What suppliers of the demonstration portals tell the owners of accounts:
-- an outage of «Портал ЖКХ»; contracts, acts and what is told of the people
-- behind an account of «Мой газ».  All of it is made up.  It comes after the accounts.

INSERT INTO outage (portal, supplier, id, kind, service, from_at, to_at,
	cancelled, reason) VALUES
	('portalgkh', 'yuzhnoe-zhks', 'OT-15', 'emergency', 'zhku',
	    1795759200000, NULL, 0,
	    'Порыв на сетях холодного водоснабжения')
ON CONFLICT (portal, supplier, id) DO UPDATE SET
	kind = excluded.kind,
	service = excluded.service,
	from_at = excluded.from_at,
	to_at = excluded.to_at,
	cancelled = excluded.cancelled,
	reason = excluded.reason;

INSERT INTO outage_place (portal, supplier, id, n, address, folded) VALUES
	('portalgkh', 'yuzhnoe-zhks', 'OT-15', 1, 'г. Саянск, мкр. Юбилейный',
	    'Г САЯНСК МКР ЮБИЛЕЙНЫЙ ')
ON CONFLICT (portal, supplier, id, n) DO UPDATE SET
	address = excluded.address,
	folded = excluded.folded;

INSERT INTO account_contract (akey, portal, supplier, account, number, title,
	from_day, to_day)
SELECT a.akey, a.portal, a.supplier, a.account, '46-12-0417/26',
	'Договор о техническом обслуживании ВДГО', '2026-01-01', NULL
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, number) DO UPDATE SET
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

INSERT INTO account_contract (akey, portal, supplier, account, number, title,
	from_day, to_day)
SELECT a.akey, a.portal, a.supplier, a.account, '46-12-0417/23',
	'Договор о техническом обслуживании ВДГО', '2023-01-01', '2025-12-31'
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, number) DO UPDATE SET
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

INSERT INTO account_act (akey, portal, supplier, account, number, contract,
	day, sum_kop, works)
SELECT a.akey, a.portal, a.supplier, a.account, 'А-318', '46-12-0417/26',
	'2026-10-14', 31472, 2
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, number) DO UPDATE SET
	contract = excluded.contract,
	day = excluded.day,
	sum_kop = excluded.sum_kop,
	works = excluded.works;

INSERT INTO act_work (akey, portal, supplier, account, number, n, title,
	quantity_micro, sum_kop)
SELECT a.akey, a.portal, a.supplier, a.account, a.number, 1,
	'Проверка герметичности газопровода, м', 12500000, 21472
FROM account_act a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg' AND a.number = 'А-318'
ON CONFLICT (akey, portal, supplier, account, number, n) DO UPDATE SET
	title = excluded.title,
	quantity_micro = excluded.quantity_micro,
	sum_kop = excluded.sum_kop;

INSERT INTO act_work (akey, portal, supplier, account, number, n, title,
	quantity_micro, sum_kop)
SELECT a.akey, a.portal, a.supplier, a.account, a.number, 2,
	'Регулировка плиты', 1000000, 10000
FROM account_act a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg' AND a.number = 'А-318'
ON CONFLICT (akey, portal, supplier, account, number, n) DO UPDATE SET
	title = excluded.title,
	quantity_micro = excluded.quantity_micro,
	sum_kop = excluded.sum_kop;

UPDATE account SET persons = 3, area_micro = 54300000, people = 1
WHERE portal = 'moygaz' AND supplier = 'mrg' AND account = '060005123456';

INSERT INTO account_benefit (akey, portal, supplier, account, n, kind, title,
	from_day, to_day)
SELECT a.akey, a.portal, a.supplier, a.account, 1, 'veteran', 'Ветеран труда',
	'2020-01-01', NULL
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, n) DO UPDATE SET
	kind = excluded.kind,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

INSERT INTO account_benefit (akey, portal, supplier, account, n, kind, title,
	from_day, to_day)
SELECT a.akey, a.portal, a.supplier, a.account, 2, 'many-children',
	'Многодетная семья', '2019-03-01', '2025-02-28'
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, n) DO UPDATE SET
	kind = excluded.kind,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

INSERT INTO account_contact (akey, portal, supplier, account, kind, n, value)
SELECT a.akey, a.portal, a.supplier, a.account, 'email', 1,
	'morozov@example.org'
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, kind, n) DO UPDATE SET
	value = excluded.value;

INSERT INTO account_contact (akey, portal, supplier, account, kind, n, value)
SELECT a.akey, a.portal, a.supplier, a.account, 'phone', 1, '+79001234567'
FROM account a
WHERE a.portal = 'moygaz' AND a.supplier = 'mrg'
	AND a.account = '060005123456'
ON CONFLICT (akey, portal, supplier, account, kind, n) DO UPDATE SET
	value = excluded.value;
