#include "kvitok/web/pay_form.h"

#include "kvitok/base/json.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/email.h"
#include "kvitok/http/form.h"

#define KEY_MAX 64
#define CANONICAL_MAX ((size_t)1 << 20) /* escapes grow a body of 64 KiB */

struct line_in {
	struct str supplier, service, account;
	int64_t sum_kop;
};

struct body_in {
	struct form_list lines, readings;
	struct str email, return_url, payer, card, offer;
	bool save_card, choose_card;
};

/*
 * Bounds are those of the columns; which account, sum or address is good is
 * judged by rules further down.
 */
static const struct field line_fields[] = {
	{ "supplier", FIELD_TEXT, true, 1, 40,
	    offsetof(struct line_in, supplier), NULL, NULL },
	{ "service", FIELD_TEXT, true, 1, 40, offsetof(struct line_in, service),
	    NULL, NULL },
	{ "account", FIELD_TEXT, true, 1, 120,
	    offsetof(struct line_in, account), NULL, NULL },
	{ "sum_kop", FIELD_INT, true, 1, INT64_MAX,
	    offsetof(struct line_in, sum_kop), NULL, "sum_not_positive" },
};
static const struct form line_form = { line_fields, KV_COUNT(line_fields),
	sizeof(struct line_in) };

static const struct field reading_fields[] = {
	{ "supplier", FIELD_TEXT, true, 1, 40,
	    offsetof(struct reading_in, supplier), NULL, NULL },
	{ "account", FIELD_TEXT, true, 1, 120,
	    offsetof(struct reading_in, account), NULL, NULL },
	{ "meter", FIELD_TEXT, true, 1, 40, offsetof(struct reading_in, meter),
	    NULL, NULL },
	{ "value", FIELD_INT, true, 0, INT64_MAX,
	    offsetof(struct reading_in, value), NULL, "reading_not_whole" },
};
static const struct form reading_form = { reading_fields,
	KV_COUNT(reading_fields), sizeof(struct reading_in) };

#define READINGS                                                               \
	{                                                                      \
		"readings", FIELD_LIST, false, 0, METER_READINGS_MAX,          \
		    offsetof(struct body_in, readings), &reading_form,         \
		    "readings_too_many"                                        \
	}

#define LINES                                                                  \
	{                                                                      \
		"lines", FIELD_LIST, true, 0, PAY_LINES_MAX,                   \
		    offsetof(struct body_in, lines), &line_form,               \
		    "lines_too_many"                                           \
	}

static const struct field quote_fields[] = { LINES,
	{ "payer", FIELD_TEXT, false, 0, 64, offsetof(struct body_in, payer),
	    NULL, NULL } };
static const struct form quote_form = { quote_fields, KV_COUNT(quote_fields),
	sizeof(struct body_in) };

static const struct field payment_fields[] = {
	LINES,
	{ "email", FIELD_TEXT, false, 1, EMAIL_MAX,
	    offsetof(struct body_in, email), NULL, "email_bad" },
	{ "return_url", FIELD_TEXT, false, 0, 1000,
	    offsetof(struct body_in, return_url), NULL, NULL },
	{ "payer", FIELD_TEXT, false, 0, 64, offsetof(struct body_in, payer),
	    NULL, NULL },
	{ "card", FIELD_TEXT, false, 1, 40, offsetof(struct body_in, card),
	    NULL, NULL },
	{ "save_card", FIELD_BOOL, false, 0, 0,
	    offsetof(struct body_in, save_card), NULL, NULL },
	{ "offer", FIELD_TEXT, false, 1, 32, offsetof(struct body_in, offer),
	    NULL, NULL },
	{ "choose_card", FIELD_BOOL, false, 0, 0,
	    offsetof(struct body_in, choose_card), NULL, NULL },
	READINGS,
};
static const struct form payment_form = { payment_fields,
	KV_COUNT(payment_fields), sizeof(struct body_in) };

/* A browser says nothing about who somebody is, nor where he is to go. */
static const struct field own_quote_fields[] = { LINES };
static const struct form own_quote_form = { own_quote_fields,
	KV_COUNT(own_quote_fields), sizeof(struct body_in) };
static const struct field own_fields[] = { LINES, READINGS,
	{ "email", FIELD_TEXT, true, 1, EMAIL_MAX,
	    offsetof(struct body_in, email), NULL, "email_bad" } };
static const struct form own_form = { own_fields, KV_COUNT(own_fields),
	sizeof(struct body_in) };

static void
put_lines(struct turn *t, const struct form_list *in, struct pay_form *out)
{
	const struct line_in *from = in->items;
	struct pay_line_in *to =
	    ARENA_ARRAY(t->a, in->len + 1, struct pay_line_in);

	for (size_t i = 0; i < in->len; i++)
		to[i] = (struct pay_line_in){ .supplier = from[i].supplier,
			.service = from[i].service,
			.account = from[i].account,
			.sum_kop = from[i].sum_kop };
	out->lines = to;
	out->lines_len = in->len;
}

enum err
pay_form_mark(struct turn *t, const struct json *j, char hash[65])
{
	struct buf b;

	buf_init(&b, t->a, CANONICAL_MAX);
	buf_text(&b, str_of(http_method_name(t->rq->method)));
	buf_char(&b, ' ');
	buf_text(&b, t->rq->path);
	buf_char(&b, '\n');
	json_canonical(j, &b);
	if (b.full)
		return fault_set(
		    t->f, ERR_INVALID, "body_too_large", "canonical form");
	secret_sha256_hex(buf_str(&b), hash);
	return ERR_OK;
}

static enum err
read_body(struct turn *t, const struct form *form, struct pay_form *out)
{
	struct body_in in;
	const struct json *j;
	enum err rc = request_json(t->rq, t->a, &j, t->f);

	memset(&in, 0, sizeof(in));
	memset(out, 0, sizeof(*out));
	if (rc == ERR_OK)
		rc = form_json(t->a, form, j, &in, t->f);
	if (rc != ERR_OK)
		return rc;
	put_lines(t, &in.lines, out);
	out->readings = in.readings.items;
	out->readings_len = in.readings.len;
	out->email = in.email;
	out->return_url = in.return_url;
	out->payer = in.payer;
	out->card = (struct card_wish){ in.card, in.save_card, in.offer,
		in.choose_card };
	return pay_form_mark(t, j, out->hash);
}

enum err
pay_form_quote(struct turn *t, struct pay_form *out)
{
	return read_body(
	    t, t->route->kind == KIND_OWN ? &own_quote_form : &quote_form, out);
}

enum err
pay_form_payment(struct turn *t, struct pay_form *out)
{
	return read_body(
	    t, t->route->kind == KIND_OWN ? &own_form : &payment_form, out);
}

enum err
pay_form_key(const struct turn *t, struct str *key)
{
	const char *reason = NULL;

	*key = request_env(t->rq, "HTTP_IDEMPOTENCY_KEY");
	if (key->len == 0)
		reason = "idempotency_key_missing";
	if (key->len > KEY_MAX)
		reason = "idempotency_key_bad";
	for (size_t i = 0; i < key->len && !reason; i++)
		if (key->p[i] <= ' ' || key->p[i] > '~')
			reason = "idempotency_key_bad";
	if (!reason)
		return ERR_OK;
	(void)fault_set(t->f, ERR_INVALID, reason, "%zu bytes", key->len);
	fault_field(t->f, "Idempotency-Key", reason);
	return t->f->err;
}
