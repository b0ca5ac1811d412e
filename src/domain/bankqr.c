#include "kvitok/domain/bankqr.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/requisite.h"

#include <inttypes.h>

#define PAIRS_MAX 16
#define MANDATORY 5
#define FREE_MAX 300 /* characters of a field that the standard leaves open */

/* A pair, and what the standard allows it. */
struct pair {
	const char *key;
	struct str value;
	size_t min, max; /* characters */
};

static enum err
bad(struct fault *f, const char *key, const char *what)
{
	return fault_set(f, ERR_INVALID, "qr_field", "%s: %s", key, what);
}

static enum err
check(const struct pair *p, size_t len, struct fault *f)
{
	for (size_t i = 0; i < len; i++) {
		size_t n = utf8_len(p[i].value);

		if (!utf8_text(p[i].value))
			return bad(f, p[i].key, "no clean text");
		for (size_t k = 0; k < p[i].value.len; k++)
			if ((unsigned char)p[i].value.p[k] < ' ')
				return bad(f, p[i].key, "ends a line");
		if (n < p[i].min || n > p[i].max)
			return bad(f, p[i].key, "not of its length");
	}
	return ERR_OK;
}

static enum err
check_keys(const struct bankqr *q, struct fault *f)
{
	if (!requisite_account_ok(q->account, q->bic))
		return bad(f, "PersonalAcc", "wrong control digit");
	if (q->correspondent.len > 0 &&
	    !requisite_correspondent_ok(q->correspondent, q->bic))
		return bad(f, "CorrespAcc", "wrong control digit");
	if (q->payee_inn.len > 0 && !requisite_inn_ok(q->payee_inn))
		return bad(f, "PayeeINN", "wrong control digit");
	if (q->sum_kop < 0)
		return bad(f, "Sum", "below zero");
	if (q->month.len > 0 && !day_month_valid(q->month))
		return bad(f, "PaymPeriod", "no month");
	return ERR_OK;
}

/* The separator that most readers expect, else one that nothing holds. */
static char
separator(const struct pair *p, size_t len)
{
	static const char signs[] = "|#;:^_~{}!$%&[]*+,/@";

	for (size_t s = 0; signs[s] != '\0'; s++) {
		size_t i = 0;

		while (i < len &&
		    memchr(p[i].value.p, signs[s], p[i].value.len) == NULL)
			i++;
		if (i == len)
			return signs[s];
	}
	return '\0';
}

static size_t
collect(const struct bankqr *q, struct arena *a, struct pair *out)
{
	struct str sum = STR_NONE, month = STR_NONE;
	size_t n = 0;

	if (q->sum_kop > 0)
		sum = arena_fmt(a, "%" PRId64, q->sum_kop);
	if (q->month.len > 0)
		month = arena_fmt(a, "%.2s%.4s", q->month.p + 5, q->month.p);
	const struct pair all[] = {
		{ "Name", q->name, 1, 160 },
		{ "PersonalAcc", q->account, 20, 20 },
		{ "BankName", q->bank, 1, 45 },
		{ "BIC", q->bic, 9, 9 },
		{ "CorrespAcc",
		    q->correspondent.len > 0 ? q->correspondent : STR("0"), 1,
		    20 },
		{ "PayeeINN", q->payee_inn, 0, 12 },
		{ "KPP", q->payee_kpp, 0, 9 },
		{ "Sum", sum, 0, 18 },
		{ "Purpose", q->purpose, 0, 160 },
		{ "LastName", q->last_name, 0, FREE_MAX },
		{ "PayerAddress", q->payer_address, 0, FREE_MAX },
		{ "PersAcc", q->pers_acc, 0, FREE_MAX },
		{ "PaymPeriod", month, 0, 6 },
		{ "QuittId", q->bill, 0, FREE_MAX },
		{ "TechCode", q->tech_code, 0, 2 },
	};

	for (size_t i = 0; i < KV_COUNT(all); i++)
		if (i < MANDATORY || all[i].value.len > 0)
			out[n++] = all[i];
	return n;
}

static enum err
write_pairs(const struct pair *p, size_t len, char sep, enum codepage cp,
    struct buf *out, struct fault *f)
{
	size_t begin = out->len;

	for (size_t i = 0; i < len; i++) {
		buf_text(out, str_of(p[i].key));
		buf_char(out, '=');
		if (codepage_write(cp, p[i].value, 0, out) != p[i].value.len)
			return bad(
			    f, p[i].key, "a character that is not encoded");
		if (i + 1 == MANDATORY && out->len - begin > BANKQR_HEAD_MAX)
			return fault_set(f, ERR_LIMIT, "qr_long",
			    "payee and bank take %zu bytes", out->len - begin);
		if (i + 1 < len)
			buf_char(out, sep);
	}
	if (out->len - begin > BANKQR_BYTES_MAX)
		return fault_set(
		    f, ERR_LIMIT, "qr_long", "%zu bytes", out->len - begin);
	return ERR_OK;
}

enum err
bankqr_write(const struct bankqr *q, enum codepage cp, struct arena *a,
    struct buf *out, struct fault *f)
{
	struct pair pairs[PAIRS_MAX];
	size_t len;
	char sep;
	enum err rc = check_keys(q, f);

	if (rc != ERR_OK)
		return rc;
	len = collect(q, a, pairs);
	if ((rc = check(pairs, len, f)) != ERR_OK)
		return rc;
	sep = separator(pairs, len);
	if (sep == '\0')
		return fault_set(
		    f, ERR_LIMIT, "qr_long", "no separator is left");
	buf_lit(out, "ST0001");
	buf_char(out, cp == CODEPAGE_CP1251 ? '1' : '2');
	buf_char(out, sep);
	return write_pairs(pairs, len, sep, cp, out, f);
}
