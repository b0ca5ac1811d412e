-- «Портал ЖКХ»: many suppliers, the payer's commission by supplier from
-- 1.5 % to 3 %, sums from 10 to 14 000 roubles, Gazprombank.
-- Names that the public guide of the portal shows are spelt as there; all
-- numbers of organisations and bank accounts are made up (their control
-- digits are right).

INSERT INTO portal (portal, title, url, mail_from, support, zone_min,
	zone_name, payment_life_s, lines_max) VALUES
	('portalgkh', 'Портал ЖКХ', 'https://portalgkh.ru/',
	    'no-reply@portalgkh.example',
	    'Контакт-центр Портала ЖКХ, https://portalgkh.ru/', 180,
	    'московское время', 86400, 10)
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
	('portalgkh', 'front.example'),
	('portalgkh', 'localhost'),
	('portalgkh', '127.0.0.1')
ON CONFLICT (portal, host) DO NOTHING;

INSERT INTO supplier (portal, supplier, title, inn, kpp, settlement_account,
	bic, bank_title, correspondent_account, account_hint, account_example,
	position, from_day, to_day) VALUES
	('portalgkh', 'yuzhnoe-zhks', 'ООО «Южное управление ЖКС»',
	    '3811090113', '381101001', '40702810910000001204', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607',
	    '8 цифр, как в квитанции', '10019743', 10, '2020-01-01', NULL),
	('portalgkh', 'irkutskenergo', 'ПАО «ИркутскЭнерго»', '3800100225',
	    '380801001', '40702810210370020417', '044525823', 'Банк ГПБ (АО)',
	    '30101810200000000823', '8 или 10 цифр, как в квитанции',
	    '10019743', 20, '2020-01-01', NULL),
	('portalgkh', 'severnoe-zhks', 'ООО «Северное управление ЖКС»',
	    '3811091124', '381101001', '40702810310740003311', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607',
	    '8 цифр, как в квитанции', '10204518', 30, '2020-01-01', NULL),
	('portalgkh', 'vodokanal', 'МУП «Водоканал»', '3812050410',
	    '381201001', '40702810311110000778', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607',
	    '10 цифр с нулями в начале, как в квитанции', '0000216228', 40,
	    '2020-01-01', NULL),
	('portalgkh', 'ro-tko', 'АО «Региональный оператор ТКО»',
	    '3849032103', '384901001', '40702810111480051802', '044525823',
	    'Банк ГПБ (АО)', '30101810200000000823',
	    '10 цифр с нулями в начале, как в квитанции', '0000216228', 50,
	    '2020-01-01', NULL),
	('portalgkh', 'fond-kapremonta',
	    'Фонд капитального ремонта многоквартирных домов', '3808321554',
	    '380801001', '40702810911850090615', '044525225', 'ПАО Сбербанк',
	    '30101810400000000225', '10 цифр', '3800512046', 60, '2020-01-01',
	    NULL),
	('portalgkh', 'liftservis', 'ООО «Лифтсервис»', '3810445204',
	    '381001001', '40702810312220006140', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607', '6 цифр',
	    '204518', 70, '2024-04-01', NULL),
	('portalgkh', 'domofon', 'ООО «Домофон-Сервис»', '3811503378',
	    '381101001', '40702810412590007755', '044525225', 'ПАО Сбербанк',
	    '30101810400000000225', '6 цифр', '204518', 80, '2024-04-01', NULL),
	('portalgkh', 'staryi-fond', 'ООО «УК Старый фонд»', '3810066044',
	    '381001001', '40702810112960000415', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607', '6 цифр',
	    '100045', 90, '2020-01-01', '2025-12-31')
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
	('portalgkh', 'yuzhnoe-zhks', 'zhku', 'УСЛ.ЖКХ', 10, '2020-01-01',
	    NULL),
	('portalgkh', 'yuzhnoe-zhks', 'tekremont', 'ТЕКУЩИЙ РЕМОНТ', 20,
	    '2020-01-01', NULL),
	('portalgkh', 'irkutskenergo', 'otoplenie', 'ОТОПЛЕНИЕ', 30,
	    '2020-01-01', NULL),
	('portalgkh', 'irkutskenergo', 'gvs', 'ГОРЯЧЕЕ ВОДОСНАБЖЕНИЕ', 40,
	    '2020-01-01', NULL),
	('portalgkh', 'severnoe-zhks', 'zhku', 'УСЛ.ЖКХ', 50, '2020-01-01',
	    NULL),
	('portalgkh', 'vodokanal', 'hvs', 'ХОЛОДНОЕ ВОДОСНАБЖЕНИЕ', 60,
	    '2020-01-01', NULL),
	('portalgkh', 'vodokanal', 'vodootvedenie', 'ВОДООТВЕДЕНИЕ', 70,
	    '2020-01-01', NULL),
	('portalgkh', 'ro-tko', 'tko', 'ОБРАЩЕНИЕ С ТКО', 80, '2020-01-01',
	    NULL),
	('portalgkh', 'fond-kapremonta', 'vznos',
	    'ВЗНОС НА КАПИТАЛЬНЫЙ РЕМОНТ', 90, '2020-01-01', NULL),
	('portalgkh', 'liftservis', 'lift', 'ОБСЛУЖИВАНИЕ ЛИФТА', 100,
	    '2024-04-01', NULL),
	('portalgkh', 'liftservis', 'dispetcher', 'ДИСПЕТЧЕРСКАЯ СВЯЗЬ', 110,
	    '2024-04-01', '2026-06-30'),
	('portalgkh', 'domofon', 'domofon', 'ДОМОФОН', 120, '2024-04-01', NULL),
	('portalgkh', 'domofon', 'video', 'ВИДЕОНАБЛЮДЕНИЕ', 130,
	    '2027-01-01', NULL),
	('portalgkh', 'staryi-fond', 'zhku', 'УСЛ.ЖКХ', 140, '2020-01-01',
	    '2025-12-31')
ON CONFLICT (portal, supplier, service) DO UPDATE SET
	title = excluded.title,
	position = excluded.position,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

-- Rates are millionths: 15000 is 1.5 %. A maximum of 0 is none.
INSERT INTO fee_rule (portal, supplier, service, from_day, to_day, bearer,
	rate_ppm, fixed_kop, min_kop, max_kop) VALUES
	('portalgkh', '*', '*', '2020-01-01', NULL, 'payer', 30000, 0, 0, 0),
	('portalgkh', 'yuzhnoe-zhks', '*', '2020-01-01', NULL, 'payer', 15000,
	    0, 0, 0),
	('portalgkh', 'irkutskenergo', '*', '2020-01-01', '2026-12-31',
	    'payer', 18000, 0, 0, 0),
	('portalgkh', 'irkutskenergo', '*', '2027-01-01', NULL, 'payer',
	    20000, 0, 0, 0),
	('portalgkh', 'severnoe-zhks', '*', '2020-01-01', NULL, 'payer',
	    20000, 0, 0, 0),
	('portalgkh', 'vodokanal', '*', '2020-01-01', '2025-12-31', 'payer',
	    25000, 0, 0, 0),
	('portalgkh', 'vodokanal', '*', '2026-01-01', NULL, 'payer', 22000, 0,
	    0, 0),
	('portalgkh', 'ro-tko', '*', '2020-01-01', NULL, 'payer', 25000, 0, 0,
	    0),
	('portalgkh', 'fond-kapremonta', '*', '2020-01-01', NULL, 'payer',
	    15000, 0, 0, 0)
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	bearer = excluded.bearer,
	rate_ppm = excluded.rate_ppm,
	fixed_kop = excluded.fixed_kop,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Payers whom the law frees: the portal bears their commission, and of one
-- supplier that has agreed to it the supplier.
INSERT INTO exempt_rule (portal, supplier, service, from_day, to_day, bearer)
VALUES
	('portalgkh', '*', '*', '2024-07-01', NULL, 'portal'),
	('portalgkh', 'irkutskenergo', '*', '2024-07-01', NULL, 'supplier')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	bearer = excluded.bearer;

-- Fiscal receipts: VAT of services and of our commission.
INSERT INTO vat_rule (portal, supplier, service, from_day, to_day, vat,
	subject, measure, beyond) VALUES
	('portalgkh', '*', '*', '2020-01-01', '2025-12-31', '20', 4, 0,
	    'advance'),
	('portalgkh', '*', '*', '2026-01-01', NULL, '22', 4, 0, 'advance'),
	('portalgkh', 'yuzhnoe-zhks', '*', '2020-01-01', NULL, 'none', 4,
	    0, 'advance'),
	('portalgkh', 'fond-kapremonta', '*', '2020-01-01', NULL, 'none', 4,
	    0, 'advance')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject,
	measure = excluded.measure,
	beyond = excluded.beyond;

INSERT INTO vat_of_fee (portal, from_day, to_day, vat, subject) VALUES
	('portalgkh', '2020-01-01', '2025-12-31', '20', 4),
	('portalgkh', '2026-01-01', NULL, '22', 4)
ON CONFLICT (portal, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject;

INSERT INTO limit_rule (portal, scope, supplier, service, from_day, to_day,
	min_kop, max_kop) VALUES
	('portalgkh', 'line', '*', '*', '2020-01-01', NULL, 1000, 1400000),
	('portalgkh', 'total', '*', '*', '2020-01-01', NULL, 1000, 1400000)
ON CONFLICT (portal, scope, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Where the banks pay out to, and what suppliers are paid from; made up.
INSERT INTO own_account (own_account, title, inn, kpp, account, bic,
	bank_title, correspondent_account) VALUES
	('portalgkh', 'ООО «Портал ЖКХ»', '3812100773', '381201001',
	    '40702810400000007701', '044525823', 'Банк ГПБ (АО)',
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
	('portalgkh', 'yuzhnoe-zhks', '2020-01-01', NULL, 'ПГ-11/19',
	    '2019-12-16', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 100),
	('portalgkh', 'irkutskenergo', '2020-01-01', NULL, 'ПГ-12/19',
	    '2019-12-17', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 10000),
	('portalgkh', 'severnoe-zhks', '2020-01-01', NULL, 'ПГ-13/19',
	    '2019-12-18', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 100),
	('portalgkh', 'vodokanal', '2020-01-01', NULL, 'ПГ-14/19',
	    '2019-12-19', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', '', 100),
	('portalgkh', 'ro-tko', '2020-01-01', NULL, 'ПГ-15/19',
	    '2019-12-20', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 10000),
	('portalgkh', 'fond-kapremonta', '2020-01-01', NULL, 'ПГ-16/19',
	    '2019-12-21', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('portalgkh', 'liftservis', '2020-01-01', NULL, 'ПГ-17/19',
	    '2019-12-22', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 100),
	('portalgkh', 'domofon', '2020-01-01', NULL, 'ПГ-18/19',
	    '2019-12-23', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', '', 10000),
	('portalgkh', 'staryi-fond', '2020-01-01', NULL, 'ПГ-19/19',
	    '2019-12-24', 'portalgkh',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 100)
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
	('gpb-portalgkh', 'gazprombank', 'АО «Газпромбанк»', '2020-01-01',
	    NULL, 'portalgkh')
ON CONFLICT (contract) DO UPDATE SET
	bank = excluded.bank,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day,
	own_account = excluded.own_account;

INSERT INTO register_terms (contract, from_day, to_day, layout, fee_ppm,
	vat_ppm, rounding, grace_days) VALUES
	('gpb-portalgkh', '2020-01-01', NULL, 'gazprombank', 15000, 220000, 'half_up', 2)
ON CONFLICT (contract, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	layout = excluded.layout,
	fee_ppm = excluded.fee_ppm,
	vat_ppm = excluded.vat_ppm,
	rounding = excluded.rounding,
	grace_days = excluded.grace_days;

INSERT INTO route (portal, supplier, service, preference, contract, from_day,
	to_day) VALUES
	('portalgkh', '*', '*', 1, 'gpb-portalgkh', '2020-01-01', NULL)
ON CONFLICT (portal, supplier, service, preference, from_day) DO UPDATE SET
	contract = excluded.contract,
	to_day = excluded.to_day;

-- Made up, after what such offers say; the bank's own text takes its place.
INSERT INTO bank_offer (contract, version, from_day, title, url, text) VALUES
	('gpb-portalgkh', '2026-01', '2026-01-01',
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
	('portalgkh', '*', 'м3', '2020-01-01', NULL, 1, 31, 60, 'paid')
ON CONFLICT (portal, supplier, unit, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	first_day = excluded.first_day,
	last_day = excluded.last_day,
	max_use = excluded.max_use,
	hand_over = excluded.hand_over;

-- Penalties: capital repair has no second step, an intercom no penalty of the
-- Housing Code at all.
INSERT INTO penalty_rule (portal, supplier, service, from_day, to_day, scale)
VALUES
	('portalgkh', 'fond-kapremonta', '*', '2020-01-01', NULL,
	    'capital_repair'),
	('portalgkh', 'domofon', '*', '2020-01-01', NULL, 'none')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	scale = excluded.scale;
