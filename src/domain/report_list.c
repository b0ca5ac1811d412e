#include "kvitok/domain/report_columns.h"

#define COUNT(x) (sizeof(x) / sizeof((x)[0]))
#define BIT(x) (1U << (x))
#define TABLES                                                                 \
	(BIT(REPORT_CSV) | BIT(REPORT_XML) | BIT(REPORT_XLSX) |                \
	    BIT(REPORT_PDF) | BIT(REPORT_DBF))
#define OF_PAYMENTS                                                            \
	(BIT(REPORT_PORTAL) | BIT(REPORT_SUPPLIER) | BIT(REPORT_CONTRACT) |    \
	    BIT(REPORT_BANK))
#define OF_REGISTERS                                                           \
	(BIT(REPORT_PORTAL) | BIT(REPORT_CONTRACT) | BIT(REPORT_STATE))

static const struct report_word payment_states[] = {
	{ "paid", "Оплачен" },
	{ "partly_refunded", "Возвращён частично" },
	{ "refunded", "Возвращён" },
	{ NULL, NULL },
};

static const struct report_word banks[] = {
	{ "sberbank", "Сбербанк" },
	{ "gazprombank", "Газпромбанк" },
	{ NULL, NULL },
};

static const struct report_word refund_ways[] = {
	{ "bank", "Через банк-эквайер" },
	{ "by_hand", "Платёжным поручением" },
	{ "chargeback", "Списано банком плательщика" },
	{ NULL, NULL },
};

/* name, DBF name, title, type, width, length, total, on paper, words */
static const struct report_column payments[] = {
	{ "day", "DAY", "Учётный день", REPORT_DAY, 12, 8, false, true, NULL },
	{ "paid_at", "PAID_AT", "Оплачен (МСК)", REPORT_INSTANT, 19, 19, false,
	    false, NULL },
	{ "number", "NUMBER", "Номер платежа", REPORT_TEXT, 21, 24, false, true,
	    NULL },
	{ "line", "LINE", "Строка", REPORT_NUMBER, 7, 4, false, false, NULL },
	{ "portal", "PORTAL", "Портал", REPORT_TEXT, 18, 32, false, false,
	    NULL },
	{ "supplier", "SUPPLIER", "Код поставщика", REPORT_TEXT, 18, 32, false,
	    false, NULL },
	{ "supplier_title", "SUPPL_NAME", "Поставщик", REPORT_TEXT, 30, 160,
	    false, true, NULL },
	{ "service", "SERVICE", "Услуга", REPORT_TEXT, 26, 160, false, true,
	    NULL },
	{ "account", "ACCOUNT", "Лицевой счёт", REPORT_TEXT, 16, 40, false,
	    true, NULL },
	{ "sum", "SUM", "Сумма", REPORT_SUM, 14, 16, true, true, NULL },
	{ "fee", "FEE", "Комиссия плательщика", REPORT_SUM, 14, 16, true, true,
	    NULL },
	{ "total", "TOTAL", "Принято", REPORT_SUM, 14, 16, true, true, NULL },
	{ "supplier_fee", "SUPPL_FEE", "Комиссия поставщика", REPORT_SUM, 14,
	    16, true, true, NULL },
	{ "bank", "BANK", "Банк", REPORT_WORD, 13, 16, false, false, banks },
	{ "contract", "CONTRACT", "Договор с банком", REPORT_TEXT, 18, 32,
	    false, true, NULL },
	{ "bank_ref", "BANK_REF", "RRN", REPORT_TEXT, 14, 40, false, false,
	    NULL },
	{ "auth_code", "AUTH_CODE", "Код авторизации", REPORT_TEXT, 12, 16,
	    false, false, NULL },
	{ "card", "CARD", "Карта", REPORT_TEXT, 18, 24, false, false, NULL },
	{ "state", "STATE", "Состояние", REPORT_WORD, 20, 24, false, true,
	    payment_states },
};

static const struct report_column refunds[] = {
	{ "day", "DAY", "Учётный день", REPORT_DAY, 12, 8, false, true, NULL },
	{ "done_at", "DONE_AT", "Возвращён (МСК)", REPORT_INSTANT, 19, 19,
	    false, false, NULL },
	{ "number", "NUMBER", "Номер платежа", REPORT_TEXT, 21, 24, false, true,
	    NULL },
	{ "refund", "REFUND", "Номер возврата", REPORT_TEXT, 28, 26, false,
	    false, NULL },
	{ "line", "LINE", "Строка", REPORT_NUMBER, 7, 4, false, false, NULL },
	{ "portal", "PORTAL", "Портал", REPORT_TEXT, 18, 32, false, false,
	    NULL },
	{ "supplier", "SUPPLIER", "Код поставщика", REPORT_TEXT, 18, 32, false,
	    false, NULL },
	{ "supplier_title", "SUPPL_NAME", "Поставщик", REPORT_TEXT, 30, 160,
	    false, true, NULL },
	{ "service", "SERVICE", "Услуга", REPORT_TEXT, 26, 160, false, true,
	    NULL },
	{ "account", "ACCOUNT", "Лицевой счёт", REPORT_TEXT, 16, 40, false,
	    true, NULL },
	{ "sum", "SUM", "Возвращено", REPORT_SUM, 14, 16, true, true, NULL },
	{ "fee", "FEE", "Комиссия плательщика", REPORT_SUM, 14, 16, true, true,
	    NULL },
	{ "total", "TOTAL", "Возвращено всего", REPORT_SUM, 14, 16, true, true,
	    NULL },
	{ "supplier_fee", "SUPPL_FEE", "Комиссия поставщика", REPORT_SUM, 14,
	    16, true, true, NULL },
	{ "contract", "CONTRACT", "Договор с банком", REPORT_TEXT, 18, 32,
	    false, false, NULL },
	{ "way", "WAY", "Способ", REPORT_WORD, 24, 32, false, false,
	    refund_ways },
	{ "reason", "REASON", "Причина", REPORT_TEXT, 36, 200, false, true,
	    NULL },
	{ "actor", "ACTOR", "Кто оформил", REPORT_TEXT, 24, 64, false, false,
	    NULL },
};

static const struct report_column commissions[] = {
	{ "day", "DAY", "Учётный день", REPORT_DAY, 12, 8, false, true, NULL },
	{ "portal", "PORTAL", "Портал", REPORT_TEXT, 18, 32, false, true,
	    NULL },
	{ "supplier", "SUPPLIER", "Код поставщика", REPORT_TEXT, 18, 32, false,
	    false, NULL },
	{ "supplier_title", "SUPPL_NAME", "Поставщик", REPORT_TEXT, 30, 160,
	    false, true, NULL },
	{ "service", "SERVICE", "Услуга", REPORT_TEXT, 26, 160, false, true,
	    NULL },
	{ "payments", "PAYMENTS", "Строк платежей", REPORT_NUMBER, 9, 12, true,
	    true, NULL },
	{ "sum", "SUM", "Принято без комиссии", REPORT_SUM, 14, 16, true, true,
	    NULL },
	{ "fee", "FEE", "Комиссия плательщиков", REPORT_SUM, 14, 16, true, true,
	    NULL },
	{ "supplier_fee", "SUPPL_FEE", "Комиссия поставщика", REPORT_SUM, 14,
	    16, true, true, NULL },
	{ "loss", "LOSS", "Льгота за счёт портала", REPORT_SUM, 14, 16, true,
	    true, NULL },
	{ "refunds", "REFUNDS", "Строк возвратов", REPORT_NUMBER, 9, 12, true,
	    true, NULL },
	{ "refunded", "REFUNDED", "Возвращено без комиссии", REPORT_SUM, 14, 16,
	    true, true, NULL },
	{ "refunded_fee", "REF_FEE", "Возвращено комиссии", REPORT_SUM, 14, 16,
	    true, true, NULL },
	{ "net", "NET", "Комиссия всего", REPORT_SUM, 14, 16, true, true,
	    NULL },
};

static const struct report_column turnover[] = {
	{ "account", "ACCOUNT", "Счёт учёта", REPORT_TEXT, 44, 100, false, true,
	    NULL },
	{ "opening_debit", "OPEN_DEBIT", "Остаток на начало, дебет", REPORT_SUM,
	    18, 18, true, true, NULL },
	{ "opening_credit", "OPEN_CREDT", "Остаток на начало, кредит",
	    REPORT_SUM, 18, 18, true, true, NULL },
	{ "debit", "DEBIT", "Оборот, дебет", REPORT_SUM, 18, 18, true, true,
	    NULL },
	{ "credit", "CREDIT", "Оборот, кредит", REPORT_SUM, 18, 18, true, true,
	    NULL },
	{ "closing_debit", "CLOSE_DEBT", "Остаток на конец, дебет", REPORT_SUM,
	    18, 18, true, true, NULL },
	{ "closing_credit", "CLOSE_CRDT", "Остаток на конец, кредит",
	    REPORT_SUM, 18, 18, true, true, NULL },
};

static const struct report_def defs[REPORT__COUNT] = {
	[REPORT_PAYMENTS] = { "payments", "Платежи",
	    "Зачтённые платежи по учётным дням, строка на каждую услугу; "
	    "состояние — на время составления.",
	    OF_PAYMENTS | BIT(REPORT_STATE), TABLES, payment_states, payments,
	    COUNT(payments) },
	[REPORT_REFUNDS] = { "refunds", "Возвраты",
	    "Исполненные возвраты по учётным дням, строка на каждую услугу.",
	    OF_PAYMENTS, TABLES, NULL, refunds, COUNT(refunds) },
	[REPORT_COMMISSIONS] = { "commissions", "Комиссии",
	    "Комиссии по учётным дням, поставщикам и услугам, за вычетом "
	    "возвращённых.",
	    BIT(REPORT_PORTAL) | BIT(REPORT_SUPPLIER), TABLES, NULL,
	    commissions, COUNT(commissions) },
	[REPORT_TURNOVER] = { "turnover", "Оборотно-сальдовая ведомость",
	    "Остатки и обороты счетов учёта за учётные дни.",
	    BIT(REPORT_PORTAL) | BIT(REPORT_SUPPLIER) | BIT(REPORT_ACCOUNT),
	    TABLES, NULL, turnover, COUNT(turnover) },
	[REPORT_SETTLEMENTS] = { "settlements", "Расчёты с поставщиками",
	    "Расчёты по дням, подготовленные и перечисленные; поручения, "
	    "которые вернул банк, остаются в списке.",
	    BIT(REPORT_PORTAL) | BIT(REPORT_SUPPLIER) | BIT(REPORT_STATE),
	    TABLES, report_settlement_states, report_settlements,
	    REPORT_SETTLEMENTS_LEN },
	[REPORT_RECONCILIATION] = { "reconciliation", "Сверка с банком",
	    "Строки реестров банка по дням банка и что о них известно у нас.",
	    OF_REGISTERS, TABLES, report_row_states, report_reconciliation,
	    REPORT_RECONCILIATION_LEN },
	[REPORT_MISSING] = { "missing", "Нет в реестрах банка",
	    "Проведённое по учётным дням, чего в реестрах банка не оказалось.",
	    OF_REGISTERS, TABLES, report_pair_states, report_missing,
	    REPORT_MISSING_LEN },
	[REPORT_CASES] = { "cases", "Разборы",
	    "Разборы по времени открытия (МСК): что не сошлось и чем "
	    "кончилось.",
	    BIT(REPORT_PORTAL) | BIT(REPORT_STATE), TABLES, report_case_states,
	    report_cases, REPORT_CASES_LEN },
	[REPORT_READINGS] = { "readings", "Показания приборов учёта",
	    "Показания, принятые с оплатой, по времени передачи (МСК); за "
	    "месяц "
	    "считается последнее.",
	    BIT(REPORT_PORTAL) | BIT(REPORT_SUPPLIER), TABLES, NULL,
	    report_readings, REPORT_READINGS_LEN },
	[REPORT_CLOSINGS] = { "closings", "Закрытые дни",
	    "Закрытые учётные дни: обороты и хэши.", 0, TABLES, NULL,
	    report_closings, REPORT_CLOSINGS_LEN },
};

const struct report_def *
report_def(enum report_id id)
{
	return &defs[id];
}
