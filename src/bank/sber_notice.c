#include "kvitok/bank/sber_notice.h"

#include "kvitok/bank/sber_reason.h"
#include "kvitok/base/json.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#define ID_MAX 64
#define WORD_MAX 40
#define SIGNED_MAX 32768 /* twice FORM_TEXT_MAX */

/* Scalars of the top level; how nested members would be signed is not
 * documented, and none of them is used. */
static enum err
form_of_json(
    struct arena *a, struct str body, struct form *form, struct fault *f)
{
	const struct json *j;

	form->len = 0;
	if (json_parse(a, body, JSON_REALS, &j, f) != ERR_OK ||
	    json_kind(j) != JSON_OBJECT)
		return fault_set(
		    f, ERR_INVALID, "notice_bad", "not a JSON object");
	for (size_t i = 0; i < json_count(j); i++) {
		const struct json *v = json_value(j, i);
		struct str text = json_loose_text(a, v);
		enum err rc;
		bool yes;

		if (json_bool(v, &yes))
			text = yes ? STR("true") : STR("false");
		else if (json_kind(v) != JSON_TEXT && json_kind(v) != JSON_INT)
			continue;
		if ((rc = form_add(form, json_name(j, i), text, f)) != ERR_OK)
			return rc;
	}
	return ERR_OK;
}

static enum err
form_of_call(struct arena *a, const struct bank_call *c, struct form *form,
    struct fault *f)
{
	struct str type = c->type;
	struct str media;

	if (c->body.len > FORM_TEXT_MAX)
		return fault_set(
		    f, ERR_INVALID, "notice_bad", "%zu bytes", c->body.len);
	if (c->body.len == 0)
		return form_parse(a, c->query, form, f);
	(void)str_cut(&type, ';', &media); /* no charset: the whole */
	if (str_eq_nocase(str_trim(media), STR("application/json")))
		return form_of_json(a, c->body, form, f);
	return form_parse(a, c->body, form, f);
}

/* Names are unique, so that insertion gives one order only. */
static void
sort_pairs(const struct form *form, const struct form_pair **sorted)
{
	for (size_t i = 0; i < form->len; i++) {
		size_t at = i;

		while (at > 0 &&
		    str_cmp(sorted[at - 1]->name, form->pairs[i].name) > 0) {
			sorted[at] = sorted[at - 1];
			at--;
		}
		sorted[at] = &form->pairs[i];
	}
}

struct str
sber_signed_text(struct arena *a, const struct form *form)
{
	const struct form_pair *sorted[FORM_PAIRS_MAX];
	struct buf b;

	sort_pairs(form, sorted);
	buf_init(&b, a, SIGNED_MAX);
	for (size_t i = 0; i < form->len; i++) {
		if (str_eq(sorted[i]->name, STR("checksum")) ||
		    str_eq(sorted[i]->name, STR("sign_alias")))
			continue;
		buf_text(&b, sorted[i]->name);
		buf_char(&b, ';');
		buf_text(&b, sorted[i]->value);
		buf_char(&b, ';');
	}
	/* Cannot be full: the parts came from half as much. */
	return buf_str(&b);
}

static bool
hmac_fits(const struct contract *c, struct str text, struct bytes sum)
{
	uint8_t want[SIGN_HMAC_SIZE];

	sign_hmac(c->hmac_key, text, want);
	return secret_eq((struct str){ (const char *)want, sizeof(want) },
	    (struct str){ (const char *)sum.p, sum.len });
}

static bool
rsa_fits(const struct contract *c, struct str text, struct bytes sum)
{
	bool fits = false;

	for (size_t i = 0; i < c->certs_len; i++)
		fits |= sign_verify(c->certs[i], c->digest, text, sum);
	return fits;
}

/* All keys are tried whatever fits, so that time tells nothing. */
static void
judge(const struct contract *list, size_t len, struct str text,
    struct str checksum, struct bank_notice *out)
{
	unsigned char raw[SIGN_RSA_BYTES_MAX];
	struct bytes sum = { raw, checksum.len / 2 };
	bool has_keys = false;

	if (sum.len > sizeof(raw) || !num_parse_hex(checksum, raw, sum.len))
		sum.len = 0; /* fits nothing */
	for (size_t i = 0; i < len; i++) {
		const struct contract *c = &list[i];
		bool fits;

		if (c->bank != CONTRACT_SBERBANK ||
		    c->sign == CONTRACT_SIGN_NONE)
			continue;
		has_keys = true;
		fits = c->sign == CONTRACT_SIGN_HMAC ? hmac_fits(c, text, sum)
						     : rsa_fits(c, text, sum);
		if (fits && out->contract.len == 0)
			out->contract = c->name;
	}
	if (out->contract.len > 0)
		out->trust = TRUST_SIGNED;
	else
		out->trust = has_keys ? TRUST_FORGED : TRUST_UNSIGNED;
}

/* Unknown operations are kept and answered; else the bank repeats them. */
static enum notice_kind
kind_of(struct str operation, struct str status)
{
	bool done = str_eq(status, STR("1"));

	if (str_eq(operation, STR("deposited")))
		return done ? NOTICE_PAID : NOTICE_DECLINED;
	if (str_eq(operation, STR("approved")) && !done)
		return NOTICE_DECLINED; /* a refused try; there may be more */
	if (str_eq(operation, STR("declinedByTimeout")))
		return NOTICE_DECLINED;
	return NOTICE_OTHER;
}

/* Gives: the value as a word; a fault when it is there and is none. */
static struct str
word(const struct form *form, const char *name, size_t max, bool *bad,
    struct fault *f)
{
	struct str value = form_get(form, name);
	struct str ok = form_word(value, max);

	if (value.len > 0 && ok.len == 0) {
		fault_field(f, name, "field_form");
		*bad = true;
	}
	return ok;
}

static int64_t
sum_of(const struct form *form)
{
	const char *names[] = { "depositedAmount", "amount" };
	int64_t kop;

	for (size_t i = 0; i < KV_COUNT(names); i++)
		if (num_parse(form_get(form, names[i]), 0, INT64_MAX, &kop))
			return kop;
	return -1;
}

static void
read_reason(const struct form *form, struct bank_notice *out)
{
	int64_t n;

	if (num_parse(
		form_get(form, "actionCode"), -INT32_MAX, INT32_MAX, &n)) {
		if (sber_reason(n, &out->reason) != SBER_NOT_REFUSED)
			out->code = form_get(form, "actionCode");
	} else if (str_eq(out->kind_text, STR("declinedByTimeout"))) {
		out->reason = STR("pay_time_over");
	}
}

static enum err
read_params(struct arena *a, const struct form *form, struct bank_notice *out,
    struct fault *f)
{
	bool bad = false;

	fault_set(f, ERR_INVALID, "notice_bad", "a parameter is wrong");
	out->kind_text = word(form, "operation", WORD_MAX, &bad, f);
	out->trx = word(form, "mdOrder", ID_MAX, &bad, f);
	out->bank_no = word(form, "orderNumber", ID_MAX, &bad, f);
	if (out->kind_text.len == 0 && !bad) {
		fault_field(f, "operation", "field_missing");
		bad = true;
	}
	if (bad)
		return f->err;
	fault_init(f);
	out->kind = kind_of(out->kind_text, form_get(form, "status"));
	if (out->trx.len == 0 && out->bank_no.len == 0)
		out->kind = NOTICE_OTHER; /* of a binding, not of an order */
	out->taken_kop = sum_of(form);
	out->card_mask = form_card(a, form_get(form, "maskedPan"));
	out->rrn = form_word(form_get(form, "refNum"), WORD_MAX);
	out->auth_code = form_word(form_get(form, "approvalCode"), WORD_MAX);
	read_reason(form, out);
	return ERR_OK;
}

enum err
sber_notice(const struct contract *list, size_t len, struct arena *a,
    const struct bank_call *c, struct bank_notice *out, struct fault *f)
{
	struct form *form = ARENA_NEW(a, struct form);
	enum err rc;

	*out = (struct bank_notice){ .taken_kop = -1 };
	if ((rc = form_of_call(a, c, form, f)) != ERR_OK)
		return rc;
	out->trust = TRUST_UNSIGNED;
	if (form_has(form, "checksum"))
		judge(list, len, sber_signed_text(a, form),
		    form_get(form, "checksum"), out);
	return read_params(a, form, out, f);
}
