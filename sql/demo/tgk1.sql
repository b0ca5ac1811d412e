-- «ТГК-1 – жителям»: heat and hot water of two suppliers, an account is
-- known by its number alone, Gazprombank.
-- Names that the public guide of the portal shows are spelt as there; all
-- numbers of organisations and bank accounts are made up (their control
-- digits are right).

INSERT INTO portal (portal, title, url, mail_from, support, zone_min,
	zone_name, payment_life_s, lines_max) VALUES
	('tgk1', 'ТГК-1 – жителям', 'https://www.tgc1.ru/clients',
	    'no-reply@tgk1.example',
	    'группа «ТГК-1 – жителям», https://vk.com/tgc1_sbyt', 180,
	    'московское время', 86400, 5)
ON CONFLICT (portal) DO UPDATE SET
	title = excluded.title,
	url = excluded.url,
	mail_from = excluded.mail_from,
	support = excluded.support,
	zone_min = excluded.zone_min,
	zone_name = excluded.zone_name,
	payment_life_s = excluded.payment_life_s,
	lines_max = excluded.lines_max;

INSERT INTO portal_host (portal, host) VALUES
	('tgk1', 'front.example'),
	('tgk1', 'localhost'),
	('tgk1', '127.0.0.1')
ON CONFLICT (portal, host) DO NOTHING;

INSERT INTO supplier (portal, supplier, title, inn, kpp, settlement_account,
	bic, bank_title, correspondent_account, account_hint, account_example,
	position, from_day, to_day) VALUES
	('tgk1', 'tgk-1', 'ПАО «ТГК-1»', '7841312071', '781301001',
	    '40702810310000031207', '044525823', 'Банк ГПБ (АО)',
	    '30101810200000000823', '9 цифр, как в квитанции', '780041256',
	    10, '2020-01-01', NULL),
	('tgk1', 'murmanskaya-tec', 'ПАО «Мурманская ТЭЦ»', '5190141373',
	    '519001001', '40702810110370001137', '044705615',
	    'Мурманское отделение № 8627 ПАО Сбербанк',
	    '30101810300000000615', '9 цифр, как в квитанции', '510017832',
	    20, '2020-01-01', NULL)
ON CONFLICT (portal, supplier) DO UPDATE SET
	title = excluded.title,
	inn = excluded.inn,
	kpp = excluded.kpp,
	settlement_account = excluded.settlement_account,
	bic = excluded.bic,
	bank_title = excluded.bank_title,
	correspondent_account = excluded.correspondent_account,
	account_hint = excluded.account_hint,
	account_example = excluded.account_example,
	position = excluded.position,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

INSERT INTO service (portal, supplier, service, title, position, from_day,
	to_day) VALUES
	('tgk1', 'tgk-1', 'otoplenie', 'Отопление', 10, '2020-01-01', NULL),
	('tgk1', 'tgk-1', 'gvs', 'Горячее водоснабжение (ГВС)', 20,
	    '2020-01-01', NULL),
	('tgk1', 'tgk-1', 'penya', 'Пени', 30, '2020-01-01', NULL),
	('tgk1', 'murmanskaya-tec', 'otoplenie', 'Отопление', 40,
	    '2020-01-01', NULL),
	('tgk1', 'murmanskaya-tec', 'gvs', 'Горячее водоснабжение (ГВС)', 50,
	    '2020-01-01', NULL)
ON CONFLICT (portal, supplier, service) DO UPDATE SET
	title = excluded.title,
	position = excluded.position,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

-- Rates are millionths: 15000 is 1.5 %. A maximum of 0 is none.
INSERT INTO fee_rule (portal, supplier, service, from_day, to_day, bearer,
	rate_ppm, fixed_kop, min_kop, max_kop) VALUES
	('tgk1', '*', '*', '2020-01-01', '2025-12-31', 'payer', 12000, 0, 0, 0),
	('tgk1', '*', '*', '2026-01-01', NULL, 'payer', 10000, 0, 0, 0),
	('tgk1', 'tgk-1', 'penya', '2026-01-01', NULL, 'payer', 0, 0, 0, 0),
	('tgk1', 'murmanskaya-tec', '*', '2020-01-01', NULL, 'payer', 15000,
	    0, 1000, 0),
	('tgk1', 'murmanskaya-tec', '*', '2027-01-01', NULL, 'payer', 12000,
	    0, 1000, 0)
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	bearer = excluded.bearer,
	rate_ppm = excluded.rate_ppm,
	fixed_kop = excluded.fixed_kop,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Fiscal receipts: VAT of services and of our commission.
INSERT INTO vat_rule (portal, supplier, service, from_day, to_day, vat,
	subject, measure, beyond) VALUES
	('tgk1', '*', '*', '2020-01-01', '2025-12-31', '20', 4, 0,
	    'advance'),
	('tgk1', '*', '*', '2026-01-01', NULL, '22', 4, 0, 'advance')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject,
	measure = excluded.measure,
	beyond = excluded.beyond;

INSERT INTO vat_of_fee (portal, from_day, to_day, vat, subject) VALUES
	('tgk1', '2020-01-01', '2025-12-31', '20', 4),
	('tgk1', '2026-01-01', NULL, '22', 4)
ON CONFLICT (portal, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject;

INSERT INTO limit_rule (portal, scope, supplier, service, from_day, to_day,
	min_kop, max_kop) VALUES
	('tgk1', 'line', '*', '*', '2020-01-01', NULL, 1000, 3000000),
	('tgk1', 'line', 'murmanskaya-tec', '*', '2020-01-01', NULL, 5000,
	    1000000),
	('tgk1', 'total', '*', '*', '2020-01-01', '2025-12-31', 1000, 1500000),
	('tgk1', 'total', '*', '*', '2026-01-01', NULL, 1000, 3000000)
ON CONFLICT (portal, scope, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Where the banks pay out to, and what suppliers are paid from; made up.
INSERT INTO own_account (own_account, title, inn, kpp, account, bic,
	bank_title, correspondent_account) VALUES
	('tgk1', 'ООО «Расчётный центр ТГК-1»', '7810100888', '781001001',
	    '40702810900000008802', '044525823', 'Банк ГПБ (АО)',
	    '30101810200000000823')
ON CONFLICT (own_account) DO UPDATE SET
	title = excluded.title,
	inn = excluded.inn,
	kpp = excluded.kpp,
	account = excluded.account,
	bic = excluded.bic,
	bank_title = excluded.bank_title,
	correspondent_account = excluded.correspondent_account;

-- How suppliers are paid; contracts are made up.
INSERT INTO supplier_contract (portal, supplier, from_day, to_day, number,
	signed_day, own_account, purpose, register_layout, min_kop) VALUES
	('tgk1', 'tgk-1', '2020-01-01', NULL, 'ТГ-11/19',
	    '2019-12-16', 'tgk1',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('tgk1', 'murmanskaya-tec', '2020-01-01', NULL, 'ТГ-12/19',
	    '2019-12-17', 'tgk1',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 10000)
ON CONFLICT (portal, supplier, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	number = excluded.number,
	signed_day = excluded.signed_day,
	own_account = excluded.own_account,
	purpose = excluded.purpose,
	register_layout = excluded.register_layout,
	min_kop = excluded.min_kop;

INSERT INTO bank_contract (contract, bank, title, from_day, to_day,
	own_account) VALUES
	('gpb-tgk1', 'gazprombank', 'АО «Газпромбанк»', '2020-01-01', NULL,
	    'tgk1')
ON CONFLICT (contract) DO UPDATE SET
	bank = excluded.bank,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day,
	own_account = excluded.own_account;

INSERT INTO register_terms (contract, from_day, to_day, layout, fee_ppm,
	vat_ppm, rounding, grace_days) VALUES
	('gpb-tgk1', '2020-01-01', NULL, 'gazprombank', 15000, 220000, 'half_up', 2)
ON CONFLICT (contract, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	layout = excluded.layout,
	fee_ppm = excluded.fee_ppm,
	vat_ppm = excluded.vat_ppm,
	rounding = excluded.rounding,
	grace_days = excluded.grace_days;

INSERT INTO route (portal, supplier, service, preference, contract, from_day,
	to_day) VALUES
	('tgk1', '*', '*', 1, 'gpb-tgk1', '2020-01-01', NULL)
ON CONFLICT (portal, supplier, service, preference, from_day) DO UPDATE SET
	contract = excluded.contract,
	to_day = excluded.to_day;

-- Made up, after what such offers say; the bank's own text takes its place.
INSERT INTO bank_offer (contract, version, from_day, title, url, text) VALUES
	('gpb-tgk1', '2026-01', '2026-01-01',
	    'Публичная оферта о привязке банковских карт',
	    '',
	    '1. АО «Газпромбанк» (далее — Банк) предлагает держателю банковской карты привязать её, чтобы при следующих платежах не вводить реквизиты карты заново.¶
2. Реквизиты карты держатель вводит на странице Банка. Портал и его платёжный сервис не получают и не хранят номер карты и код с её обратной стороны: им сообщаются только первые шесть и последние четыре цифры номера, платёжная система и срок действия.¶
3. При привязке без оплаты Банк может проверить карту: заблокировать небольшую сумму и сразу её вернуть.¶
4. Каждый платёж привязанной картой держатель начинает сам. Банк вправе запросить код с обратной стороны карты и код подтверждения.¶
5. Держатель может отвязать карту в любой момент. С этого момента платежи этой картой через портал не проводятся.¶
6. Привязанной картой может пользоваться только тот плательщик, который её привязал.')
ON CONFLICT (contract, version) DO NOTHING;

INSERT INTO meter_rule (portal, supplier, unit, from_day, to_day, first_day,
	last_day, max_use, hand_over) VALUES
	('tgk1', '*', 'м3', '2020-01-01', NULL, 1, 31, 60, 'paid')
ON CONFLICT (portal, supplier, unit, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	first_day = excluded.first_day,
	last_day = excluded.last_day,
	max_use = excluded.max_use,
	hand_over = excluded.hand_over;

-- The terminals of Murmansk read no other letters.
INSERT INTO bill_rule (portal, supplier, from_day, to_day, qr_encoding)
	VALUES
	('tgk1', 'murmanskaya-tec', '2020-01-01', NULL, 'cp1251')
ON CONFLICT (portal, supplier, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	qr_encoding = excluded.qr_encoding;
