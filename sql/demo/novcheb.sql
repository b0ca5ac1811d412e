-- «МУП «КС г. Новочебоксарска»»: several accounts in one payment, fees with
-- a fixed part, a minimum and a maximum. All suppliers are paid through
-- Sberbank but the fund of capital repairs, which is paid through Gazprombank.
-- Names that the public guide of the portal shows are spelt as there; all
-- numbers of organisations and bank accounts are made up (their control
-- digits are right).

INSERT INTO portal (portal, title, url, mail_from, support, zone_min,
	zone_name, payment_life_s, lines_max) VALUES
	('novcheb', 'МУП «КС г. Новочебоксарска»', 'https://novcheb.example/',
	    'no-reply@novcheb.example',
	    'ссылка «Написать в тех.поддержку» в приложении', 180,
	    'московское время', 172800, 20)
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
	('novcheb', 'front.example'),
	('novcheb', 'localhost'),
	('novcheb', '127.0.0.1')
ON CONFLICT (portal, host) DO NOTHING;

INSERT INTO supplier (portal, supplier, title, inn, kpp, settlement_account,
	bic, bank_title, correspondent_account, account_hint, account_example,
	position, from_day, to_day) VALUES
	('novcheb', 'ks-novcheb', 'МУП «КС г. Новочебоксарска»', '2124001071',
	    '212401001', '40702810410000000107', '049706609',
	    'Чувашское отделение № 8613 ПАО Сбербанк', '30101810300000000609',
	    '10 цифр, как в квитанции', '2124017305', 10, '2020-01-01', NULL),
	('novcheb', 'uk-rassvet', 'ООО «УК «Рассвет»»', '2124044188',
	    '212401001', '40702810110370004418', '049706609',
	    'Чувашское отделение № 8613 ПАО Сбербанк', '30101810300000000609',
	    '10 цифр, как в квитанции', '2124017305', 20, '2020-01-01', NULL),
	('novcheb', 'chuvash-energosbyt',
	    'АО «Чувашская энергосбытовая компания»', '2128056970',
	    '213001001', '40702810010740005697', '049706609',
	    'Чувашское отделение № 8613 ПАО Сбербанк', '30101810300000000609',
	    '12 цифр', '210030173054', 30, '2020-01-01', NULL),
	('novcheb', 'fond-kapremonta', 'НО «Фонд капитального ремонта»',
	    '2130099273', '213001001', '40702810711110099275', '044525823',
	    'Банк ГПБ (АО)', '30101810200000000823', '9 цифр', '213040173',
	    40, '2020-01-01', NULL),
	('novcheb', 'domofon-21', 'ООО «Домофон-21»', '2124033309',
	    '212401001', '40702810611480003330', '044525225', 'ПАО Сбербанк',
	    '30101810400000000225', '6 цифр', '017305', 50, '2025-02-01', NULL),
	('novcheb', 'zhilkomhoz', 'МУП «Жилкомхоз»', '2124000889',
	    '212401001', '40702810611850000088', '049706609',
	    'Чувашское отделение № 8613 ПАО Сбербанк', '30101810300000000609',
	    '8 цифр', '21240015', 60, '2020-01-01', '2024-12-31')
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
	('novcheb', 'ks-novcheb', 'zhku', 'Жилищно-коммунальные услуги', 10,
	    '2020-01-01', NULL),
	('novcheb', 'ks-novcheb', 'otoplenie', 'Отопление', 20, '2020-01-01',
	    NULL),
	('novcheb', 'ks-novcheb', 'gvs', 'Горячее водоснабжение', 30,
	    '2020-01-01', NULL),
	('novcheb', 'ks-novcheb', 'hvs', 'Холодное водоснабжение', 40,
	    '2020-01-01', NULL),
	('novcheb', 'ks-novcheb', 'vodootvedenie', 'Водоотведение', 50,
	    '2020-01-01', NULL),
	('novcheb', 'uk-rassvet', 'soderzhanie', 'Содержание и ремонт жилья',
	    60, '2020-01-01', NULL),
	('novcheb', 'chuvash-energosbyt', 'elektro', 'Электроэнергия', 70,
	    '2020-01-01', NULL),
	('novcheb', 'fond-kapremonta', 'vznos', 'Взнос на капитальный ремонт',
	    80, '2020-01-01', NULL),
	('novcheb', 'domofon-21', 'domofon', 'Домофон', 90, '2025-02-01', NULL),
	('novcheb', 'zhilkomhoz', 'zhku', 'Жилищно-коммунальные услуги', 100,
	    '2020-01-01', '2024-12-31')
ON CONFLICT (portal, supplier, service) DO UPDATE SET
	title = excluded.title,
	position = excluded.position,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

-- Rates are millionths: 15000 is 1.5 %. A maximum of 0 is none.
INSERT INTO fee_rule (portal, supplier, service, from_day, to_day, bearer,
	rate_ppm, fixed_kop, min_kop, max_kop) VALUES
	('novcheb', '*', '*', '2020-01-01', NULL, 'payer', 10000, 0, 300, 0),
	('novcheb', 'ks-novcheb', '*', '2020-01-01', NULL, 'payer', 10000, 0,
	    300, 10000),
	('novcheb', 'ks-novcheb', 'zhku', '2027-01-01', NULL, 'payer', 9000,
	    0, 300, 10000),
	('novcheb', 'uk-rassvet', '*', '2020-01-01', NULL, 'payer', 8000, 500,
	    0, 0),
	('novcheb', 'chuvash-energosbyt', '*', '2020-01-01', NULL, 'payer',
	    12000, 200, 1000, 6000),
	('novcheb', 'fond-kapremonta', '*', '2020-01-01', NULL, 'supplier',
	    7000, 0, 0, 0),
	('novcheb', 'domofon-21', '*', '2025-02-01', NULL, 'payer', 0, 1500,
	    0, 0)
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
	('novcheb', '*', '*', '2020-01-01', '2025-12-31', '20', 4, 0,
	    'advance'),
	('novcheb', '*', '*', '2026-01-01', NULL, '22', 4, 0, 'advance'),
	('novcheb', 'uk-rassvet', '*', '2020-01-01', NULL, 'none', 4,
	    0, 'advance'),
	('novcheb', 'fond-kapremonta', '*', '2020-01-01', NULL, 'none', 4,
	    0, 'advance')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject,
	measure = excluded.measure,
	beyond = excluded.beyond;

INSERT INTO vat_of_fee (portal, from_day, to_day, vat, subject) VALUES
	('novcheb', '2020-01-01', '2025-12-31', '20', 4),
	('novcheb', '2026-01-01', NULL, '22', 4)
ON CONFLICT (portal, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject;

INSERT INTO limit_rule (portal, scope, supplier, service, from_day, to_day,
	min_kop, max_kop) VALUES
	('novcheb', 'line', '*', '*', '2020-01-01', NULL, 1000, 1500000),
	('novcheb', 'line', 'domofon-21', '*', '2025-02-01', NULL, 1000,
	    100000),
	('novcheb', 'total', '*', '*', '2020-01-01', NULL, 1000, 1500000)
ON CONFLICT (portal, scope, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Where the banks pay out to, and what suppliers are paid from; made up.
INSERT INTO own_account (own_account, title, inn, kpp, account, bic,
	bank_title, correspondent_account) VALUES
	('novcheb', 'ООО «Новые Чебоксары – Платежи»', '2124100555', '212401001',
	    '40702810100000005504', '044525225', 'ПАО Сбербанк',
	    '30101810400000000225')
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
	('novcheb', 'ks-novcheb', '2020-01-01', NULL, 'НЧ-11/19',
	    '2019-12-16', 'novcheb',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('novcheb', 'uk-rassvet', '2020-01-01', NULL, 'НЧ-12/19',
	    '2019-12-17', 'novcheb',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 10000),
	('novcheb', 'chuvash-energosbyt', '2020-01-01', NULL, 'НЧ-13/19',
	    '2019-12-18', 'novcheb',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 100),
	('novcheb', 'fond-kapremonta', '2020-01-01', NULL, 'НЧ-14/19',
	    '2019-12-19', 'novcheb',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('novcheb', 'domofon-21', '2020-01-01', NULL, 'НЧ-15/19',
	    '2019-12-20', 'novcheb',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 10000),
	('novcheb', 'zhilkomhoz', '2020-01-01', NULL, 'НЧ-16/19',
	    '2019-12-21', 'novcheb',
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
	('sber-novcheb', 'sberbank', 'ПАО Сбербанк', '2020-01-01', NULL,
	    'novcheb'),
	('gpb-novcheb', 'gazprombank', 'АО «Газпромбанк»', '2020-01-01', NULL,
	    'novcheb')
ON CONFLICT (contract) DO UPDATE SET
	bank = excluded.bank,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day,
	own_account = excluded.own_account;

INSERT INTO register_terms (contract, from_day, to_day, layout, fee_ppm,
	vat_ppm, rounding, grace_days) VALUES
	('gpb-novcheb', '2020-01-01', NULL, 'gazprombank', 15000, 220000, 'half_up', 2)
ON CONFLICT (contract, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	layout = excluded.layout,
	fee_ppm = excluded.fee_ppm,
	vat_ppm = excluded.vat_ppm,
	rounding = excluded.rounding,
	grace_days = excluded.grace_days;

INSERT INTO register_terms (contract, from_day, to_day, layout, fee_ppm,
	vat_ppm, rounding, grace_days) VALUES
	('sber-novcheb', '2020-01-01', NULL, 'sberbank', 15000, 220000, 'half_up', 2)
ON CONFLICT (contract, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	layout = excluded.layout,
	fee_ppm = excluded.fee_ppm,
	vat_ppm = excluded.vat_ppm,
	rounding = excluded.rounding,
	grace_days = excluded.grace_days;

INSERT INTO route (portal, supplier, service, preference, contract, from_day,
	to_day) VALUES
	('novcheb', '*', '*', 1, 'sber-novcheb', '2020-01-01', NULL),
	('novcheb', '*', '*', 2, 'gpb-novcheb', '2020-01-01', NULL),
	('novcheb', 'fond-kapremonta', '*', 1, 'gpb-novcheb', '2020-01-01',
	    NULL),
	('novcheb', 'fond-kapremonta', '*', 2, 'sber-novcheb', '2020-01-01',
	    NULL)
ON CONFLICT (portal, supplier, service, preference, from_day) DO UPDATE SET
	contract = excluded.contract,
	to_day = excluded.to_day;

-- Made up, after what such offers say; the bank's own text takes its place.
INSERT INTO bank_offer (contract, version, from_day, title, url, text) VALUES
	('sber-novcheb', '2026-01', '2026-01-01',
	    'Публичная оферта о привязке банковских карт',
	    '',
	    '1. ПАО Сбербанк (далее — Банк) предлагает держателю банковской карты привязать её, чтобы при следующих платежах не вводить реквизиты карты заново.¶
2. Реквизиты карты держатель вводит на странице Банка. Портал и его платёжный сервис не получают и не хранят номер карты и код с её обратной стороны: им сообщаются только первые шесть и последние четыре цифры номера, платёжная система и срок действия.¶
3. При привязке без оплаты Банк может проверить карту: заблокировать небольшую сумму и сразу её вернуть.¶
4. Каждый платёж привязанной картой держатель начинает сам. Банк вправе запросить код с обратной стороны карты и код подтверждения.¶
5. Держатель может отвязать карту в любой момент. С этого момента платежи этой картой через портал не проводятся.¶
6. Привязанной картой может пользоваться только тот плательщик, который её привязал.')
ON CONFLICT (contract, version) DO NOTHING;

-- Made up, after what such offers say; the bank's own text takes its place.
INSERT INTO bank_offer (contract, version, from_day, title, url, text) VALUES
	('gpb-novcheb', '2026-01', '2026-01-01',
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
	('novcheb', '*', 'м3', '2020-01-01', NULL, 15, 25, 60, 'at_once'),
	('novcheb', '*', 'кВт·ч', '2020-01-01', NULL, 15, 25, 1500,
	    'at_once')
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
	('novcheb', 'fond-kapremonta', '*', '2020-01-01', NULL,
	    'capital_repair'),
	('novcheb', 'domofon-21', '*', '2020-01-01', NULL, 'none')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	scale = excluded.scale;
