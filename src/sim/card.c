#include "kvitok/sim/card.h"

#include "kvitok/base/num.h"

#include <stdio.h>
#include <string.h>

static const struct card_rule rules[] = {
	{ "mir", "2202205000012424", "05/28", "649", false, 0, "",
	    "МИР, без подтверждения" },
	{ "mir_3ds", "2202205300068092", "05/26", "583", true, 0, "",
	    "МИР, код из СМС" },
	{ "visa", "4111111111111111", "12/30", "123", true, 0, "",
	    "VISA, код из СМС" },
	{ "visa_new", "4006800900962514", "12/30", "941", true, 0, "",
	    "VISA, код из СМС" },
	{ "mastercard", "5469980100048525", "12/30", "041", true, 0, "",
	    "Mastercard, код из СМС" },
	{ "mastercard_no_3ds", "5555555555555599", "12/30", "123", false, 0, "",
	    "Mastercard, без подтверждения" },
	{ "mir_old", "2200000000000053", "12/30", "123", true, 0, "",
	    "МИР, код из СМС" },
	{ "mir_no_3ds", "2202206100040083", "12/30", "061", false, 0, "",
	    "МИР, без подтверждения" },
	{ "corporate", "2202206000270541", "05/28", "123", true, 0, "",
	    "МИР корпоративная, код из СМС" },
	{ "discover", "6011000000000004", "12/30", "123", true, 0, "",
	    "Discover, код из СМС" },
	{ "no_funds", "2202205000060910", "06/28", "810", true, 116,
	    "INSUFFICIENT_FUNDS", "недостаточно средств" },
	{ "no_funds_visa", "4408896253205448", "12/30", "123", true, 116,
	    "INSUFFICIENT_FUNDS", "недостаточно средств" },
	{ "expired", "2202202107593166", "06/22", "123", true, 101,
	    "CARD_EXPIRED", "срок карты истёк" },
	{ "blocked", "4444444411111111", "12/30", "123", true, 5,
	    "CARD_BLOCKED", "карта заблокирована" },
	{ "limit", "4444444444443333", "12/30", "123", true, 123,
	    "DECLINED_BY_COUNT_LIMIT", "превышен лимит по карте" },
	{ "bank_limit", "4444444444446666", "12/30", "123", true, -20010,
	    "FM_REJECTED", "операция отклонена банком" },
	{ "restricted", "4444444444444455", "12/30", "123", true, 902,
	    "CARD_RESTRICTED", "карта ограничена" },
	{ "bad_message", "4444444444444422", "12/30", "123", true, 913,
	    "FORMAT_ERROR", "ошибка формата сообщения" },
	{ "foreign", "5555555555555557", "12/30", "123", false, -2011,
	    "TRANSACTION_OR_CARD_NOT_PERMITTED",
	    "карта без 3-D Secure, отказ" },
	{ "tds_error", "4444333322221111", "12/30", "123", false, -2011,
	    "AUTHORIZATION_FAILED", "3-D Secure недоступен" },
	{ "tds_refused", "4000000000000002", "12/30", "123", false, -2016,
	    "AUTHORIZATION_FAILED", "не прошла проверку 3-D Secure" },
	{ "tds_refused_mc", "5555555544444442", "12/30", "123", false, -2016,
	    "AUTHORIZATION_FAILED", "не прошла проверку 3-D Secure" },
	{ "system", "4444444499999999", "12/30", "123", true, 151017,
	    "SYSTEM_ERROR", "ошибка процессинга" },
	{ "timeout_unsent", "4563960122001999", "12/30", "123", true, 151018,
	    "COMMUNICATION_ERROR", "нет связи с банком карты" },
	{ "timeout_sent", "4012888888881881", "12/30", "123", true, 151019,
	    "ISSUER_INOPERATIVE", "банк карты не ответил" },
};

static const struct card_rule ordinary = { "other", "", "", "", true, 0, "",
	"обычная карта" };

const struct card_rule *
card_rules(size_t *n)
{
	*n = KV_COUNT(rules);
	return rules;
}

/* Digits of s without spaces; gives 0 for anything else or over 19. */
static size_t
digits_of(struct str s, char out[20])
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == ' ')
			continue;
		if (s.p[i] < '0' || s.p[i] > '9' || n == 19)
			return 0;
		out[n++] = s.p[i];
	}
	out[n] = '\0';
	return n;
}

const struct card_rule *
card_rule_find(struct str name_or_pan)
{
	char pan[20] = "";
	size_t n = digits_of(name_or_pan, pan);

	for (size_t i = 0; i < KV_COUNT(rules); i++) {
		if (n > 0 && strcmp(rules[i].pan, pan) == 0)
			return &rules[i];
		if (str_eq(name_or_pan, str_of(rules[i].name)))
			return &rules[i];
	}
	return n > 0 && card_luhn((struct str){ pan, n }) ? &ordinary : NULL;
}

bool
card_luhn(struct str digits)
{
	int sum = 0;

	if (digits.len < 12 || digits.len > 19)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		int d = digits.p[digits.len - 1 - i] - '0';

		if (d < 0 || d > 9)
			return false;
		if (i % 2 == 1)
			d = d < 5 ? 2 * d : 2 * d - 9;
		sum += d;
	}
	return sum % 10 == 0;
}

static const char *
scheme_of(const char *pan)
{
	if (strncmp(pan, "220", 3) == 0 && pan[3] >= '0' && pan[3] <= '4')
		return "MIR";
	switch (pan[0]) {
	case '4':
		return "VISA";
	case '2':
	case '5':
		return "MASTERCARD";
	default:
		return "UNDEFINED";
	}
}

static void
mask(char out[24], const char *pan, size_t n, const char *hidden, size_t count)
{
	char middle[12] = "";

	for (size_t i = 0; i < count && i < sizeof(middle) - 1; i++)
		middle[i] = hidden[0];
	(void)snprintf(out, 24, "%.6s%s%s", pan, middle, pan + n - 4);
}

static void
remember(struct card *c, const char *pan, size_t n)
{
	mask(c->mask_old, pan, n, "*", 2);
	mask(c->mask_new, pan, n, "*", n - 10);
	mask(c->mask_gpb, pan, n, "x", n - 10);
	c->scheme = scheme_of(pan);
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static bool
read_expiry(struct str typed, char out[7])
{
	struct str year = str_trim(typed), month;
	int64_t m, y;

	if (!str_cut(&year, '/', &month))
		return false;
	month = str_trim(month);
	year = str_trim(year);
	if (year.len == 4 && str_starts(year, STR("20")))
		year = (struct str){ year.p + 2, 2 };
	if (month.len != 2 || year.len != 2 || !num_parse(month, 1, 12, &m) ||
	    !num_parse(year, 0, 99, &y))
		return false;
	(void)snprintf(out, 7, "20%.2s%.2s", year.p, month.p);
	return true;
}

bool
card_cvc_good(struct str cvc)
{
	return (cvc.len == 3 || cvc.len == 4) && all_digits(cvc);
}

enum card_trouble
card_read(struct str pan, struct str expiry, struct str cvc,
    const char today_month[7], struct card *out)
{
	char digits[20] = "";
	size_t n = digits_of(pan, digits);
	struct str number = { digits, n };

	*out = (struct card){ 0 };
	out->rule = n > 0 ? card_rule_find(number) : NULL;
	if (!out->rule || n < 12)
		return CARD_BAD_NUMBER;
	remember(out, digits, n);
	for (size_t i = 0; i < sizeof(digits); i++)
		((volatile char *)digits)[i] = '\0';
	if (!read_expiry(expiry, out->expiry))
		return CARD_BAD_EXPIRY;
	/* The expired demo card is expired on purpose: the bank says so. */
	if (strcmp(out->expiry, today_month) < 0 && out->rule->action != 101)
		return CARD_EXPIRED;
	if (!card_cvc_good(cvc))
		return CARD_BAD_CVC;
	return CARD_GOOD;
}

void
card_of_rule(const struct card_rule *r, struct card *out)
{
	const char *pan = r->pan[0] ? r->pan : "2200000000000004";

	*out = (struct card){ .rule = r };
	remember(out, pan, strlen(pan));
	(void)snprintf(out->expiry, sizeof(out->expiry), "203412");
}

static const struct {
	int action;
	const char *ru, *en;
} action_words[] = {
	{ 0, "Запрос успешно обработан", "Request processed successfully" },
	{ -100, "Не было попыток оплаты", "No payment attempts" },
	{ -2006, "Отказ 3-D Secure: введён неверный код",
	    "3-D Secure authentication failed" },
	{ -2007, "Истёк срок, отведённый на оплату заказа",
	    "Payment session has expired" },
	{ -2011, "Банк-эмитент не смог провести 3-D Secure",
	    "Issuer could not authenticate 3-D Secure" },
	{ -2013, "Исчерпаны попытки оплаты", "Payment attempts used up" },
	{ -2016, "Карта не прошла 3-D Secure",
	    "Issuer refused 3-D Secure authentication" },
	{ -20010, "Транзакция отклонена по лимиту", "Blocked by limit" },
	{ 5, "Отказ банка-эмитента", "Refused by issuer" },
	{ 101, "Истёк срок действия карты", "Card expired" },
	{ 116, "Недостаточно средств на карте", "Insufficient funds" },
	{ 123, "Превышен лимит операций по карте", "Count limit exceeded" },
	{ 400, "Операция отмены обработана", "Reversal processed" },
	{ 902, "Карта ограничена", "Card restricted" },
	{ 913, "Ошибка формата сообщения", "Message format error" },
	{ 151017, "Отказ процессинга", "Refused by processing" },
	{ 151018, "Процессинг недоступен", "Processing timeout, not sent" },
	{ 151019, "Процессинг не ответил", "Processing timeout, sent" },
};

const char *
card_action_words(int action, bool english)
{
	for (size_t i = 0; i < KV_COUNT(action_words); i++)
		if (action_words[i].action == action)
			return english ? action_words[i].en
				       : action_words[i].ru;
	return english ? "Refused" : "Операция отклонена";
}
