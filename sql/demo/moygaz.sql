-- «Мой газ»: regional gas companies, several services on one account in one
-- payment, sums from 10 to 15 000 roubles, Sberbank, no commission.
-- Names that the public guide of the portal shows are spelt as there; all
-- numbers of organisations and bank accounts are made up (their control
-- digits are right).

INSERT INTO portal (portal, title, url, mail_from, support, zone_min,
	zone_name, payment_life_s, lines_max) VALUES
	('moygaz', 'Мой газ', 'https://мойгаз.смородина.онлайн/',
	    'no-reply@moygaz.example',
	    'раздел «Техническая поддержка», lk@abr-region.ru', 180,
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
	('moygaz', 'front.example'),
	('moygaz', 'localhost'),
	('moygaz', '127.0.0.1')
ON CONFLICT (portal, host) DO NOTHING;

INSERT INTO supplier (portal, supplier, title, inn, kpp, settlement_account,
	bic, bank_title, correspondent_account, account_hint, account_example,
	position, from_day, to_day) VALUES
	('moygaz', 'mrg', 'ООО «Газпром межрегионгаз»', '5003102017',
	    '500301001', '40702810010000010201', '044525823', 'Банк ГПБ (АО)',
	    '30101810200000000823', '12 цифр, как в квитанции',
	    '060005123456', 10, '2020-01-01', NULL),
	('moygaz', 'mrg-spb', 'ООО «Газпром межрегионгаз Санкт-Петербург»',
	    '7810048028', '781001001', '40702810910370004802', '044030653',
	    'Северо-Западный банк ПАО Сбербанк', '30101810500000000653',
	    '12 цифр, как в квитанции', '780010004471', 20, '2020-01-01', NULL),
	('moygaz', 'mrg-nn', 'ООО «Газпром межрегионгаз Нижний Новгород»',
	    '5260096007', '526001001', '40702810810740009600', '042202603',
	    'Волго-Вятский банк ПАО Сбербанк', '30101810900000000603',
	    '12 цифр, как в квитанции', '520014000318', 30, '2020-01-01', NULL),
	('moygaz', 'mrg-samara', 'ООО «Газпром межрегионгаз Самара»',
	    '6316004034', '631601001', '40702810411110000403', '043601607',
	    'Поволжский банк ПАО Сбербанк', '30101810200000000607',
	    '12 цифр, как в квитанции', '630021007702', 40, '2020-01-01', NULL),
	('moygaz', 'mrg-ufa', 'ООО «Газпром межрегионгаз Уфа»', '0276045111',
	    '027601001', '40702810011480004511', '048073601',
	    'Башкирское отделение № 8598 ПАО Сбербанк',
	    '30101810300000000601', '12 цифр, как в квитанции',
	    '020031000951', 50, '2020-01-01', '2026-09-30')
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
	('moygaz', 'mrg', 'gaz', 'Газоснабжение', 10, '2020-01-01', NULL),
	('moygaz', 'mrg', 'to-vdgo', 'Техническое обслуживание ВДГО', 20,
	    '2020-01-01', NULL),
	('moygaz', 'mrg', 'poverka', 'Поверка прибора учета газа', 30,
	    '2026-03-01', NULL),
	('moygaz', 'mrg-spb', 'gaz', 'Газоснабжение', 40, '2020-01-01', NULL),
	('moygaz', 'mrg-spb', 'to-vdgo', 'Техническое обслуживание ВДГО', 50,
	    '2020-01-01', NULL),
	('moygaz', 'mrg-nn', 'gaz', 'Газоснабжение', 60, '2020-01-01', NULL),
	('moygaz', 'mrg-nn', 'to-vdgo', 'Техническое обслуживание ВДГО', 70,
	    '2020-01-01', NULL),
	('moygaz', 'mrg-nn', 'poverka', 'Поверка прибора учета газа', 80,
	    '2026-03-01', NULL),
	('moygaz', 'mrg-samara', 'gaz', 'Газоснабжение', 90, '2020-01-01',
	    NULL),
	('moygaz', 'mrg-samara', 'to-vdgo', 'Техническое обслуживание ВДГО',
	    100, '2020-01-01', NULL),
	('moygaz', 'mrg-ufa', 'gaz', 'Газоснабжение', 110, '2020-01-01',
	    '2026-09-30'),
	('moygaz', 'mrg-ufa', 'to-vdgo', 'Техническое обслуживание ВДГО', 120,
	    '2020-01-01', '2026-09-30')
ON CONFLICT (portal, supplier, service) DO UPDATE SET
	title = excluded.title,
	position = excluded.position,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

-- Rates are millionths: 15000 is 1.5 %. A maximum of 0 is none.
INSERT INTO fee_rule (portal, supplier, service, from_day, to_day, bearer,
	rate_ppm, fixed_kop, min_kop, max_kop) VALUES
	('moygaz', '*', '*', '2020-01-01', NULL, 'supplier', 6000, 0, 0, 0),
	('moygaz', '*', 'to-vdgo', '2020-01-01', NULL, 'supplier', 9000, 0,
	    100, 0),
	('moygaz', 'mrg-samara', '*', '2020-01-01', '2026-12-31', 'supplier',
	    7000, 0, 0, 0),
	('moygaz', 'mrg-samara', '*', '2027-01-01', NULL, 'payer', 5000, 0, 0,
	    5000)
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
	('moygaz', '*', '*', '2020-01-01', '2025-12-31', '20', 4, 0,
	    'advance'),
	('moygaz', '*', '*', '2026-01-01', NULL, '22', 4, 0, 'advance')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject,
	measure = excluded.measure,
	beyond = excluded.beyond;

INSERT INTO vat_of_fee (portal, from_day, to_day, vat, subject) VALUES
	('moygaz', '2020-01-01', '2025-12-31', '20', 4),
	('moygaz', '2026-01-01', NULL, '22', 4)
ON CONFLICT (portal, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject;

INSERT INTO fiscal_agent (portal, supplier, from_day, to_day, agent,
	phone) VALUES
	('moygaz', 'mrg', '2020-01-01', NULL, 'paying_agent',
	    '+78005550001')
ON CONFLICT (portal, supplier, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	agent = excluded.agent,
	phone = excluded.phone;

INSERT INTO limit_rule (portal, scope, supplier, service, from_day, to_day,
	min_kop, max_kop) VALUES
	('moygaz', 'line', '*', '*', '2020-01-01', NULL, 1000, 1500000),
	('moygaz', 'total', '*', '*', '2020-01-01', NULL, 1000, 1500000)
ON CONFLICT (portal, scope, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Where the banks pay out to, and what suppliers are paid from; made up.
INSERT INTO own_account (own_account, title, inn, kpp, account, bic,
	bank_title, correspondent_account) VALUES
	('moygaz', 'ООО «Мой Газ – Платежи»', '7813100660', '781301001',
	    '40702810600000006605', '044525225', 'ПАО Сбербанк',
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
	('moygaz', 'mrg', '2020-01-01', NULL, 'МГ-11/19',
	    '2019-12-16', 'moygaz',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('moygaz', 'mrg-spb', '2020-01-01', NULL, 'МГ-12/19',
	    '2019-12-17', 'moygaz',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 10000),
	('moygaz', 'mrg-nn', '2020-01-01', NULL, 'МГ-13/19',
	    '2019-12-18', 'moygaz',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 100),
	('moygaz', 'mrg-samara', '2020-01-01', NULL, 'МГ-14/19',
	    '2019-12-19', 'moygaz',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('moygaz', 'mrg-ufa', '2020-01-01', NULL, 'МГ-15/19',
	    '2019-12-20', 'moygaz',
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
	('sber-moygaz', 'sberbank', 'ПАО Сбербанк', '2020-01-01', NULL,
	    'moygaz')
ON CONFLICT (contract) DO UPDATE SET
	bank = excluded.bank,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day,
	own_account = excluded.own_account;

INSERT INTO register_terms (contract, from_day, to_day, layout, fee_ppm,
	vat_ppm, rounding, grace_days) VALUES
	('sber-moygaz', '2020-01-01', NULL, 'sberbank', 15000, 220000, 'half_up', 2)
ON CONFLICT (contract, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	layout = excluded.layout,
	fee_ppm = excluded.fee_ppm,
	vat_ppm = excluded.vat_ppm,
	rounding = excluded.rounding,
	grace_days = excluded.grace_days;

INSERT INTO route (portal, supplier, service, preference, contract, from_day,
	to_day) VALUES
	('moygaz', '*', '*', 1, 'sber-moygaz', '2020-01-01', NULL)
ON CONFLICT (portal, supplier, service, preference, from_day) DO UPDATE SET
	contract = excluded.contract,
	to_day = excluded.to_day;

-- Made up, after what such offers say; the bank's own text takes its place.
INSERT INTO bank_offer (contract, version, from_day, title, url, text) VALUES
	('sber-moygaz', '2026-01', '2026-01-01',
	    'Публичная оферта о привязке банковских карт',
	    '',
	    '1. ПАО Сбербанк (далее — Банк) предлагает держателю банковской карты привязать её, чтобы при следующих платежах не вводить реквизиты карты заново.¶
2. Реквизиты карты держатель вводит на странице Банка. Портал и его платёжный сервис не получают и не хранят номер карты и код с её обратной стороны: им сообщаются только первые шесть и последние четыре цифры номера, платёжная система и срок действия.¶
3. При привязке без оплаты Банк может проверить карту: заблокировать небольшую сумму и сразу её вернуть.¶
4. Каждый платёж привязанной картой держатель начинает сам. Банк вправе запросить код с обратной стороны карты и код подтверждения.¶
5. Держатель может отвязать карту в любой момент. С этого момента платежи этой картой через портал не проводятся.¶
6. Привязанной картой может пользоваться только тот плательщик, который её привязал.')
ON CONFLICT (contract, version) DO NOTHING;

INSERT INTO meter_rule (portal, supplier, unit, from_day, to_day, first_day,
	last_day, max_use, hand_over) VALUES
	('moygaz', '*', 'м3', '2020-01-01', NULL, 1, 31, 1500, 'paid')
ON CONFLICT (portal, supplier, unit, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	first_day = excluded.first_day,
	last_day = excluded.last_day,
	max_use = excluded.max_use,
	hand_over = excluded.hand_over;
