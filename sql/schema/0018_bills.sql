-- What a bill (квитанция) and the penalty on an overdue debt are made by.
-- The law's own figures are dated rows, so that a new decree is a new row:
-- those that were known when this was written are put in here.

-- When the charges of a month are due: on a day of the month after it.  The
-- rule that is valid on the first day of that month holds (Housing Code,
-- article 155, part 1).
CREATE TABLE due_rule (
	from_day VARCHAR(10) NOT NULL PRIMARY KEY CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	due_day SMALLINT NOT NULL CHECK (due_day BETWEEN 1 AND 28)
);
INSERT INTO due_rule (from_day, to_day, due_day) VALUES
	('2005-03-01', '2026-02-28', 10),
	('2026-03-01', NULL, 15);

-- The production calendar: what differs from Monday to Friday.  A year that
-- has no rows is taken for one without holidays.
CREATE TABLE day_off (
	day VARCHAR(10) NOT NULL PRIMARY KEY CHECK (length(day) = 10),
	working SMALLINT NOT NULL CHECK (working IN (0, 1)), -- 0: a day off;
		-- 1: a Saturday or Sunday that is worked
	why VARCHAR(120) NOT NULL
);
-- Labour Code, article 112; Government decrees of 04.10.2024 No 1335 (2025)
-- and of 24.09.2025 No 1466 (2026).  2027: without the days that the
-- Government moves.
INSERT INTO day_off (day, working, why) VALUES
	('2025-01-01', 0, 'Новогодние каникулы'),
	('2025-01-02', 0, 'Новогодние каникулы'),
	('2025-01-03', 0, 'Новогодние каникулы'),
	('2025-01-06', 0, 'Новогодние каникулы'),
	('2025-01-07', 0, 'Рождество Христово'),
	('2025-01-08', 0, 'Новогодние каникулы'),
	('2025-05-01', 0, 'Праздник Весны и Труда'),
	('2025-05-02', 0, 'Перенос с 4 января'),
	('2025-05-08', 0, 'Перенос с 23 февраля'),
	('2025-05-09', 0, 'День Победы'),
	('2025-06-12', 0, 'День России'),
	('2025-06-13', 0, 'Перенос с 8 марта'),
	('2025-11-01', 1, 'Рабочая суббота'),
	('2025-11-03', 0, 'Перенос с 1 ноября'),
	('2025-11-04', 0, 'День народного единства'),
	('2025-12-31', 0, 'Перенос с 5 января'),
	('2026-01-01', 0, 'Новогодние каникулы'),
	('2026-01-02', 0, 'Новогодние каникулы'),
	('2026-01-05', 0, 'Новогодние каникулы'),
	('2026-01-06', 0, 'Новогодние каникулы'),
	('2026-01-07', 0, 'Рождество Христово'),
	('2026-01-08', 0, 'Новогодние каникулы'),
	('2026-01-09', 0, 'Перенос с 3 января'),
	('2026-02-23', 0, 'День защитника Отечества'),
	('2026-03-09', 0, 'Перенос с 8 марта'),
	('2026-05-01', 0, 'Праздник Весны и Труда'),
	('2026-05-11', 0, 'Перенос с 9 мая'),
	('2026-06-12', 0, 'День России'),
	('2026-11-04', 0, 'День народного единства'),
	('2026-12-31', 0, 'Перенос с 4 января'),
	('2027-01-01', 0, 'Новогодние каникулы'),
	('2027-01-04', 0, 'Новогодние каникулы'),
	('2027-01-05', 0, 'Новогодние каникулы'),
	('2027-01-06', 0, 'Новогодние каникулы'),
	('2027-01-07', 0, 'Рождество Христово'),
	('2027-01-08', 0, 'Новогодние каникулы'),
	('2027-02-23', 0, 'День защитника Отечества'),
	('2027-03-08', 0, 'Международный женский день'),
	('2027-05-03', 0, 'Перенос с 1 мая'),
	('2027-05-10', 0, 'Перенос с 9 мая'),
	('2027-06-14', 0, 'Перенос с 12 июня'),
	('2027-11-04', 0, 'День народного единства');

-- The key rate of the Bank of Russia.  The last one holds until a new row
-- ends it; while a cap is lower, it changes nothing.
CREATE TABLE penalty_rate (
	from_day VARCHAR(10) NOT NULL PRIMARY KEY CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	rate_ppm BIGINT NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000)
);
INSERT INTO penalty_rate (from_day, to_day, rate_ppm) VALUES
	('2024-10-28', '2025-06-08', 210000),
	('2025-06-09', '2025-07-27', 200000),
	('2025-07-28', '2025-09-14', 180000),
	('2025-09-15', '2025-10-26', 170000),
	('2025-10-27', '2025-12-21', 165000),
	('2025-12-22', NULL, 160000);

-- While one is valid, the lower of it and the key rate counts (Government
-- decrees of 26.03.2022 No 474 and of 18.03.2025 No 329).
CREATE TABLE penalty_cap (
	from_day VARCHAR(10) NOT NULL PRIMARY KEY CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	rate_ppm BIGINT NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000)
);
INSERT INTO penalty_cap (from_day, to_day, rate_ppm) VALUES
	('2022-02-28', '2024-12-31', 95000),
	('2025-01-01', '2026-12-31', 95000);

-- From which day of being overdue which part of the rate is taken for each
-- day (Housing Code, article 155, parts 14 and 14.1).
CREATE TABLE penalty_step (
	scale VARCHAR(16) NOT NULL CHECK (scale IN ('housing',
		'capital_repair')),
	from_number SMALLINT NOT NULL CHECK (from_number >= 1), -- of the day
	divisor SMALLINT NOT NULL CHECK (divisor BETWEEN 1 AND 1000),
	PRIMARY KEY (scale, from_number)
);
INSERT INTO penalty_step (scale, from_number, divisor) VALUES
	('housing', 31, 300),
	('housing', 91, 130),
	('capital_repair', 31, 300);

-- Which scale a service has; the most specific valid rule.  None: 'housing'.
CREATE TABLE penalty_rule (
	portal VARCHAR(32) NOT NULL, -- '*' any
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	scale VARCHAR(16) NOT NULL CHECK (scale IN ('housing',
		'capital_repair', 'none')),
	PRIMARY KEY (portal, supplier, service, from_day)
);

-- How bills are made; none: QR in UTF-8.
CREATE TABLE bill_rule (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL, -- '*' any
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	qr_encoding VARCHAR(8) NOT NULL CHECK (qr_encoding IN ('utf-8',
		'cp1251')), -- cp1251: for terminals that know no other
	PRIMARY KEY (portal, supplier, from_day)
);
