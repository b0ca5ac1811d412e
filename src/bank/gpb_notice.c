#include "kvitok/bank/gpb_notice.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/gpb_reason.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#include <arpa/inet.h>

#define SIGNATURE_NAME "&signature="
#define SIGNED_MAX 32768 /* our address and the query */
#define ORDER_MAX 128    /* characters of an o. value, by the manual */
#define TRX_MAX 64
#define WORD_MAX 40
#define ADDRESS_BYTES 16

/* Gives: bytes of the address, 0 when s is none. */
static size_t
address(struct arena *a, struct str s, unsigned char out[ADDRESS_BYTES])
{
	const char *z = arena_z(a, s);

	if (inet_pton(AF_INET, z, out) == 1)
		return 4;
	return inet_pton(AF_INET6, z, out) == 1 ? ADDRESS_BYTES : 0;
}

bool
gpb_address_in(struct arena *a, struct str remote, struct str item)
{
	unsigned char have[ADDRESS_BYTES], want[ADDRESS_BYTES];
	struct str bits_text = item, host;
	bool has_bits = str_cut(&bits_text, '/', &host);
	size_t len = address(a, host, want);
	int64_t bits = (int64_t)len * 8;

	if (len == 0 || address(a, remote, have) != len)
		return false;
	if (has_bits && !num_parse(bits_text, 0, bits, &bits))
		return false;
	for (size_t i = 0; i < len && bits > 0; i++, bits -= 8) {
		unsigned mask = bits >= 8 ? 0xffu : 0xffu << (8 - bits);

		if (((have[i] ^ want[i]) & mask & 0xffu) != 0)
			return false;
	}
	return true;
}

static bool
sender_ok(const struct contract *c, struct arena *a, struct str remote)
{
	for (size_t i = 0; i < c->allow_from_len; i++)
		if (gpb_address_in(a, remote, c->allow_from[i]))
			return true;
	return c->allow_from_len == 0;
}

static bool
login_ok(const struct contract *c, struct str authorization)
{
	struct str given = authorization, scheme;

	if (c->basic.len == 0)
		return true;
	return str_cut(&given, ' ', &scheme) &&
	    str_eq_nocase(scheme, STR("Basic")) &&
	    secret_eq(str_trim(given), c->basic);
}

/* The raw query in two: what is signed, and the signature's bytes. */
struct signed_query {
	struct str text;
	unsigned char raw[SIGN_RSA_BYTES_MAX];
	struct bytes signature;
};

/* Gives: offset of the last "&signature=", or query.len. */
static size_t
last_signature(struct str query)
{
	struct str name = STR(SIGNATURE_NAME);

	for (size_t i = query.len >= name.len ? query.len - name.len + 1 : 0;
	     i > 0; i--)
		if (memcmp(query.p + i - 1, name.p, name.len) == 0)
			return i - 1;
	return query.len;
}

/*
 * The value: only %XX is decoded, for a + is a digit of Base64; where some
 * decoder on the way made it a space it is put back; line ends are dropped.
 */
static bool
decode_signature(struct arena *a, struct str value, struct signed_query *out)
{
	size_t len = 0, size = sizeof(out->raw);
	struct str text;
	char *p;

	if (!form_decode(a, value, false, &text))
		return false;
	p = arena_alloc(a, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '\r' || c == '\n')
			continue;
		if (c == ' ')
			c = '+';
		p[len++] = c;
	}
	if (!num_parse_base64((struct str){ p, len }, out->raw, &size))
		return false;
	out->signature = (struct bytes){ out->raw, size };
	return true;
}

static bool
split(struct arena *a, struct str query, struct signed_query *out)
{
	size_t at = last_signature(query);
	struct str value;

	if (at == query.len || query.len > FORM_TEXT_MAX)
		return false;
	out->text = (struct str){ query.p, at };
	at += sizeof(SIGNATURE_NAME) - 1;
	value = (struct str){ query.p + at, query.len - at };
	/* A parameter after the signature would not be signed. */
	if (str_find(value, STR("&")) < value.len)
		return false;
	return decode_signature(a, value, out);
}

/* Over the registered address, never one rebuilt from headers: behind a
 * proxy scheme, host and port are other ones. */
static bool
signature_fits(
    const struct contract *c, struct arena *a, const struct signed_query *q)
{
	struct buf b;

	buf_init(&b, a, SIGNED_MAX);
	buf_text(&b, c->register_url);
	buf_char(&b, '?');
	buf_text(&b, q->text);
	for (size_t i = 0; i < c->certs_len; i++)
		if (sign_verify(
			c->certs[i], c->digest, buf_str(&b), q->signature))
			return true;
	return false;
}

static bool
is_ours(const struct contract *c, const struct form *form)
{
	return c->bank == CONTRACT_GAZPROMBANK &&
	    str_eq(c->merch_id, form_get(form, "merch_id"));
}

static void
read_order(const struct form *form, struct bank_notice *out)
{
	out->trx = form_word(form_get(form, "trx_id"), TRX_MAX);
	/* merchant_trx is what we answered for this very transaction; the
	 * payer could have changed o.order_id in his start link. */
	out->bank_no = form_word(form_get(form, "merchant_trx"), ORDER_MAX);
	if (out->bank_no.len == 0)
		out->bank_no =
		    form_word(form_get(form, "o.order_id"), ORDER_MAX);
}

/* The first that login and sender fit too. */
static const struct contract *
pick(const struct contract *list, size_t len, struct arena *a,
    const struct bank_call *c, const struct form *form,
    const struct signed_query *q, struct bank_notice *out)
{
	for (size_t i = 0; i < len; i++) {
		const struct contract *one = &list[i];

		if (!is_ours(one, form) || !sender_ok(one, a, c->remote))
			continue;
		if (!login_ok(one, c->authorization)) {
			out->ask_basic = true;
			continue;
		}
		if (q == NULL || signature_fits(one, a, q)) {
			out->ask_basic = false;
			return one;
		}
	}
	return NULL;
}

static enum err
missing(struct fault *f, const char *name)
{
	fault_set(f, ERR_INVALID, "notice_bad", "no %s", name);
	fault_field(f, name, "field_missing");
	return f->err;
}

/*
 * The card that it remembers now, or was paid with; PPS and PGA name it
 * differently.  One that is not registered is good for this payment alone.
 */
static void
read_stored(const struct form *form, struct bank_notice *out)
{
	bool old = form_has(form, "p.storage.card.ref");
	struct str kept = form_get(
	    form, old ? "p.storage.card.registered" : "card.registered");

	if (kept.len > 0 && !str_eq(kept, STR("Y")))
		return;
	out->card = (struct bank_card){
		.id = form_word(
		    form_get(form, old ? "p.storage.card.ref" : "card.id"),
		    TRX_MAX),
		.mask = out->card_mask,
		.scheme =
		    form_word(form_get(form, "p.paymentSystem"), WORD_MAX),
		.expiry =
		    form_word(form_get(form,
				  old ? "p.storage.card.expDt" : "card.expiry"),
			WORD_MAX),
	};
}

static void
read_failure(const struct form *form, struct bank_notice *out)
{
	struct str code = form_get(form, "ext_result_code");
	enum gpb_code kind = gpb_reason(code, &out->reason);

	out->code = form_word(code, TRX_MAX);
	out->kind = NOTICE_DECLINED;
	if (kind == GPB_UNCLEAR)
		out->kind = NOTICE_OTHER; /* the status query decides */
	if (out->reason.len == 0)
		out->reason = STR("pay_declined");
}

static enum err
read_result(struct arena *a, const struct contract *c, const struct form *form,
    struct bank_notice *out, struct fault *f)
{
	struct str amount = form_get(form, "amount");
	int64_t result;

	if (out->trx.len == 0)
		return missing(f, "trx_id");
	if (!num_parse(form_get(form, "result_code"), 1, 2, &result))
		return missing(f, "result_code");
	/* A failure may come without a sum. */
	if (amount.len > 0 &&
	    !num_parse(amount, 0, INT64_MAX, &out->taken_kop)) {
		fault_set(f, ERR_INVALID, "notice_bad", "amount");
		fault_field(f, "amount", "field_form");
		return f->err;
	}
	out->account = form_word(form_get(form, "account_id"), TRX_MAX);
	out->account_ok = str_eq(out->account, c->account_id);
	out->card_mask = form_card(a, form_get(form, "p.maskedPan"));
	out->rrn = form_word(form_get(form, "p.rrn"), WORD_MAX);
	out->auth_code = form_word(form_get(form, "p.authcode"), WORD_MAX);
	read_stored(form, out);
	if (result == 1)
		out->kind = NOTICE_PAID;
	else
		read_failure(form, out);
	return ERR_OK;
}

static enum err
read_register(const struct contract *list, size_t len, struct arena *a,
    const struct bank_call *c, struct bank_notice *out, struct fault *f)
{
	struct signed_query *q = ARENA_NEW(a, struct signed_query);
	struct form *form = ARENA_NEW(a, struct form);
	const struct contract *one;
	bool whole = split(a, c->query, q);

	out->kind = NOTICE_OTHER;
	out->kind_text = STR("register");
	out->trust = TRUST_FORGED;
	/* Which contract's keys to try stands in the query; it is believed
	 * only with the signature, which covers it. */
	if (form_parse(a, whole ? q->text : c->query, form, f) != ERR_OK) {
		fault_init(f);
		return ERR_OK; /* forged: a bank repeats no name */
	}
	read_order(form, out);
	if (!whole || form_has(form, "signature"))
		return ERR_OK;
	one = pick(list, len, a, c, form, q, out);
	if (one == NULL)
		return ERR_OK;
	out->trust = TRUST_SIGNED;
	out->contract = one->name;
	return read_result(a, one, form, out, f);
}

static enum err
read_check(const struct contract *list, size_t len, struct arena *a,
    const struct bank_call *c, struct bank_notice *out, struct fault *f)
{
	struct form *form = ARENA_NEW(a, struct form);
	const struct contract *one;
	enum err rc;

	out->kind = NOTICE_CHECK;
	out->kind_text = STR("check");
	out->trust = TRUST_FORGED;
	if ((rc = form_parse(a, c->query, form, f)) != ERR_OK)
		return rc;
	read_order(form, out);
	/* Here nothing of ours was answered yet: merchant_trx is not said. */
	out->bank_no = form_word(form_get(form, "o.order_id"), ORDER_MAX);
	one = pick(list, len, a, c, form, NULL, out);
	if (one == NULL)
		return ERR_OK;
	out->trust = TRUST_UNSIGNED;
	out->contract = one->name;
	if (out->trx.len == 0)
		return missing(f, "trx_id");
	if (out->bank_no.len == 0)
		return missing(f, "o.order_id");
	return ERR_OK;
}

enum err
gpb_notice(const struct contract *list, size_t len, struct arena *a,
    const struct bank_call *c, struct bank_notice *out, struct fault *f)
{
	bool is_register = str_ends(c->path, STR("register")) ||
	    last_signature(c->query) < c->query.len;

	*out = (struct bank_notice){ .taken_kop = -1 };
	if (is_register)
		return read_register(list, len, a, c, out, f);
	return read_check(list, len, a, c, out, f);
}
