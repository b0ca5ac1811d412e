-- «Иркутскэнергосбыт»: one account number with a letter prefix at several
-- suppliers, the commission is paid by the supplier, Sberbank.
-- Names that the public guide of the portal shows are spelt as there; all
-- numbers of organisations and bank accounts are made up (their control
-- digits are right).

INSERT INTO portal (portal, title, url, mail_from, support, zone_min,
	zone_name, payment_life_s, lines_max) VALUES
	('irkutskenergosbyt', 'Иркутскэнергосбыт',
	    'https://sbyt.irkutskenergo.ru/',
	    'no-reply@irkutskenergosbyt.example',
	    'раздел «Поддержка бота», https://sbyt.irkutskenergo.ru/', 480,
	    'иркутское время', 86400, 10)
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
	('irkutskenergosbyt', 'front.example'),
	('irkutskenergosbyt', 'localhost'),
	('irkutskenergosbyt', '127.0.0.1')
ON CONFLICT (portal, host) DO NOTHING;

INSERT INTO supplier (portal, supplier, title, inn, kpp, settlement_account,
	bic, bank_title, correspondent_account, account_hint, account_example,
	position, from_day, to_day) VALUES
	('irkutskenergosbyt', 'irkutskenergosbyt', 'ООО Иркутскэнергосбыт',
	    '3808166404', '380801001', '40702810310000016640', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607',
	    '4 буквы и 8 цифр: инзб12345678', 'ИНЗБ17004717', 10,
	    '2020-01-01', NULL),
	('irkutskenergosbyt', 'irkutskenergo', 'ПАО Иркутскэнерго',
	    '3800100225', '380801001', '40702810210370020417', '044525823',
	    'Банк ГПБ (АО)', '30101810200000000823',
	    '4 буквы и 8 цифр: инзб12345678', 'ИНЗБ17004717', 20,
	    '2020-01-01', NULL),
	('irkutskenergosbyt', 'vodokanal-irk', 'МУП Водоканал г. Иркутска',
	    '3807184111', '380801001', '40702810710740008411', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607',
	    '4 буквы и 8 цифр: инзб12345678', 'ИНЗБ17004717', 30,
	    '2020-01-01', NULL),
	('irkutskenergosbyt', 'ro-sever', 'ООО РО Север', '3814009150',
	    '381401001', '40702810411110040915', '044525225', 'ПАО Сбербанк',
	    '30101810400000000225', '4 буквы и 8 цифр: инзб12345678',
	    'ИНЗБ17004717', 40, '2023-07-01', NULL),
	('irkutskenergosbyt', 'angarsk-teplo', 'ООО Ангарское тепло',
	    '3801117408', '380101001', '40702810311480001740', '042520607',
	    'Байкальский банк ПАО Сбербанк', '30101810900000000607',
	    '4 буквы и 8 цифр: инзб12345678', 'АНЗБ10000421', 50,
	    '2020-01-01', '2026-05-31')
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
	('irkutskenergosbyt', 'irkutskenergosbyt', 'elektro',
	    'Электроснабжение', 10, '2020-01-01', NULL),
	('irkutskenergosbyt', 'irkutskenergosbyt', 'servis',
	    'Услуги Сервисного центра', 20, '2020-01-01', NULL),
	('irkutskenergosbyt', 'irkutskenergo', 'teplo', 'Теплоснабжение', 30,
	    '2020-01-01', NULL),
	('irkutskenergosbyt', 'irkutskenergo', 'gvs', 'Горячее водоснабжение',
	    40, '2020-01-01', NULL),
	('irkutskenergosbyt', 'vodokanal-irk', 'hvs',
	    'Холодное водоснабжение', 50, '2020-01-01', NULL),
	('irkutskenergosbyt', 'vodokanal-irk', 'vodootvedenie',
	    'Водоотведение', 60, '2020-01-01', NULL),
	('irkutskenergosbyt', 'ro-sever', 'tko', 'Обращение с ТКО', 70,
	    '2023-07-01', NULL),
	('irkutskenergosbyt', 'angarsk-teplo', 'teplo', 'Теплоснабжение', 80,
	    '2020-01-01', '2026-05-31')
ON CONFLICT (portal, supplier, service) DO UPDATE SET
	title = excluded.title,
	position = excluded.position,
	from_day = excluded.from_day,
	to_day = excluded.to_day;

-- Rates are millionths: 15000 is 1.5 %. A maximum of 0 is none.
INSERT INTO fee_rule (portal, supplier, service, from_day, to_day, bearer,
	rate_ppm, fixed_kop, min_kop, max_kop) VALUES
	('irkutskenergosbyt', '*', '*', '2020-01-01', NULL, 'supplier', 9000,
	    0, 0, 0),
	('irkutskenergosbyt', 'irkutskenergosbyt', '*', '2020-01-01',
	    '2026-12-31', 'supplier', 8000, 0, 0, 0),
	('irkutskenergosbyt', 'irkutskenergosbyt', '*', '2027-01-01', NULL,
	    'supplier', 7500, 0, 0, 0),
	('irkutskenergosbyt', 'ro-sever', '*', '2023-07-01', NULL, 'supplier',
	    12000, 0, 200, 5000)
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
	('irkutskenergosbyt', '*', '*', '2020-01-01', '2025-12-31', '20', 4, 0,
	    'advance'),
	('irkutskenergosbyt', '*', '*', '2026-01-01', NULL, '22', 4, 0, 'advance'),
	('irkutskenergosbyt', 'ro-sever', 'tko', '2020-01-01', NULL, 'none', 4,
	    0, 'advance')
ON CONFLICT (portal, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject,
	measure = excluded.measure,
	beyond = excluded.beyond;

INSERT INTO vat_of_fee (portal, from_day, to_day, vat, subject) VALUES
	('irkutskenergosbyt', '2020-01-01', '2025-12-31', '20', 4),
	('irkutskenergosbyt', '2026-01-01', NULL, '22', 4)
ON CONFLICT (portal, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	vat = excluded.vat,
	subject = excluded.subject;

INSERT INTO fiscal_agent (portal, supplier, from_day, to_day, agent,
	phone) VALUES
	('irkutskenergosbyt', 'irkutskenergo', '2020-01-01', NULL, 'bank_paying_agent',
	    '+73952790001')
ON CONFLICT (portal, supplier, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	agent = excluded.agent,
	phone = excluded.phone;

INSERT INTO limit_rule (portal, scope, supplier, service, from_day, to_day,
	min_kop, max_kop) VALUES
	('irkutskenergosbyt', 'line', '*', '*', '2020-01-01', NULL, 100,
	    1500000),
	('irkutskenergosbyt', 'line', 'ro-sever', '*', '2023-07-01', NULL,
	    100, 300000),
	('irkutskenergosbyt', 'total', '*', '*', '2020-01-01', NULL, 1000,
	    1500000)
ON CONFLICT (portal, scope, supplier, service, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	min_kop = excluded.min_kop,
	max_kop = excluded.max_kop;

-- Where the banks pay out to, and what suppliers are paid from; made up.
INSERT INTO own_account (own_account, title, inn, kpp, account, bic,
	bank_title, correspondent_account) VALUES
	('irkutskenergosbyt', 'ООО «Расчётный центр»', '3808100996', '380801001',
	    '40702810200000009903', '042520607', 'Байкальский банк ПАО Сбербанк',
	    '30101810900000000607')
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
	('irkutskenergosbyt', 'irkutskenergosbyt', '2020-01-01', NULL, 'ИЭ-11/19',
	    '2019-12-16', 'irkutskenergosbyt',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 100),
	('irkutskenergosbyt', 'irkutskenergo', '2020-01-01', NULL, 'ИЭ-12/19',
	    '2019-12-17', 'irkutskenergosbyt',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 10000),
	('irkutskenergosbyt', 'vodokanal-irk', '2020-01-01', NULL, 'ИЭ-13/19',
	    '2019-12-18', 'irkutskenergosbyt',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-xml', 100),
	('irkutskenergosbyt', 'ro-sever', '2020-01-01', NULL, 'ИЭ-14/19',
	    '2019-12-19', 'irkutskenergosbyt',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'payments-dbf', 100),
	('irkutskenergosbyt', 'angarsk-teplo', '2020-01-01', NULL, 'ИЭ-15/19',
	    '2019-12-20', 'irkutskenergosbyt',
	    'Платежи населения по договору {contract} от {contract_day} за '
	    || '{day}, {count} шт. НДС не облагается', 'sber-positional', 10000)
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
	('sber-irk', 'sberbank', 'ПАО Сбербанк', '2020-01-01', NULL,
	    'irkutskenergosbyt')
ON CONFLICT (contract) DO UPDATE SET
	bank = excluded.bank,
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day,
	own_account = excluded.own_account;

INSERT INTO register_terms (contract, from_day, to_day, layout, fee_ppm,
	vat_ppm, rounding, grace_days) VALUES
	('sber-irk', '2020-01-01', NULL, 'sberbank', 15000, 220000, 'half_up', 2)
ON CONFLICT (contract, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	layout = excluded.layout,
	fee_ppm = excluded.fee_ppm,
	vat_ppm = excluded.vat_ppm,
	rounding = excluded.rounding,
	grace_days = excluded.grace_days;

INSERT INTO route (portal, supplier, service, preference, contract, from_day,
	to_day) VALUES
	('irkutskenergosbyt', '*', '*', 1, 'sber-irk', '2020-01-01', NULL)
ON CONFLICT (portal, supplier, service, preference, from_day) DO UPDATE SET
	contract = excluded.contract,
	to_day = excluded.to_day;

-- Made up, after what such offers say; the bank's own text takes its place.
INSERT INTO bank_offer (contract, version, from_day, title, url, text) VALUES
	('sber-irk', '2026-01', '2026-01-01',
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
	('irkutskenergosbyt', '*', 'кВт·ч', '2020-01-01', NULL, 1, 31, 3000,
	    'at_once'),
	('irkutskenergosbyt', '*', 'м3', '2020-01-01', NULL, 1, 31, 60,
	    'at_once')
ON CONFLICT (portal, supplier, unit, from_day) DO UPDATE SET
	to_day = excluded.to_day,
	first_day = excluded.first_day,
	last_day = excluded.last_day,
	max_use = excluded.max_use,
	hand_over = excluded.hand_over;
