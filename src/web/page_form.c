#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/email.h"
#include "kvitok/http/url.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/payment_json.h"
#include "kvitok/web/portal_view.h"
#include "kvitok/web/session.h"

#define KEY_MIN 8
#define KEY_MAX 64
#define KEY_HEX 48 /* of the digest that the key becomes */
#define CONTENT_MAX 16384
#define URL_MAX 2000

/* A form that was sent without a script. */
struct sent {
	struct turn *t;
	struct portal_view v;
	struct url_params q;
	struct pay_line_in lines[PAY_LINES_MAX];
	size_t at[PAY_LINES_MAX]; /* index of the line among v.lines */
	size_t lines_len;
	const struct reading_in *readings;
	const size_t *meters; /* index of the meter that each is of */
	size_t readings_len;
	struct quote quote;
	int status; /* 200 while nothing is wrong */
};

static struct portal_line *
line_of(struct portal_view *v, struct str service)
{
	for (size_t i = 0; i < v->lines_len; i++)
		if (str_eq(v->lines[i].owed.service->service, service))
			return &v->lines[i];
	return NULL;
}

static void
refuse(struct sent *s, struct str *place, const char *reason)
{
	*place = portal_view_words(&s->v, reason);
	if (s->status == 200)
		s->status = reason_status("input_invalid");
}

/* What stands in a field; an empty one is a service not paid for. */
static void
take_sum(struct sent *s, struct portal_line *line, struct str typed)
{
	int64_t kop;

	line->typed = typed;
	if (str_trim(typed).len == 0)
		return;
	if (!num_parse_roubles(str_trim(typed), INT64_MAX, &kop)) {
		refuse(s, &line->error, "field_form");
		return;
	}
	if (kop == 0) {
		refuse(s, &line->error, "sum_not_positive");
		return;
	}
	line->sum_kop = kop;
	if (s->lines_len == PAY_LINES_MAX) {
		refuse(s, &s->v.total_error, "lines_too_many");
		return;
	}
	s->at[s->lines_len] = (size_t)(line - s->v.lines);
	s->lines[s->lines_len++] =
	    (struct pay_line_in){ .supplier = s->v.account->supplier,
		    .service = line->owed.service->service,
		    .account = s->v.account->account,
		    .sum_kop = kop };
}

/* Names and sums come as pairs, in their order. */
static void
take_sums(struct sent *s)
{
	struct portal_line *line = NULL;

	for (size_t i = 0; i < s->v.lines_len; i++)
		s->v.lines[i].typed = STR_NONE;
	for (size_t i = 0; i < s->q.len; i++) {
		const struct url_param *p = &s->q.v[i];

		if (str_eq(p->name, STR("service"))) {
			line = line_of(&s->v, p->value);
			if (!line || line->sum_kop > 0)
				refuse(s, &s->v.error, "service_unknown");
		} else if (str_eq(p->name, STR("sum")) && line) {
			take_sum(s, line, p->value);
			line = NULL;
		}
	}
}

static void
take_readings(struct sent *s)
{
	if (!portal_meters_take(s->t, &s->v.meters, s->v.account, &s->q,
		&s->readings, &s->meters, &s->readings_len) &&
	    s->status == 200)
		s->status = reason_status("input_invalid");
}

static void
take_rest(struct sent *s)
{
	struct str email = str_trim(url_param(&s->q, "email"));
	struct str key = url_param(&s->q, "ikey");
	const char *wrong = email.len ? email_wrong(email) : "field_missing";

	s->v.email = email;
	if (wrong)
		refuse(s, &s->v.email_error, wrong);
	if (key.len >= KEY_MIN && key.len <= KEY_MAX)
		s->v.ikey = key;
}

/* "/lines/3/sum_kop": the words of it belong beside item 3's field. */
static bool
item_of(const char *pointer, struct str list, size_t len, int64_t *n)
{
	struct str rest = str_of(pointer), head;

	if (!str_starts(rest, list))
		return false;
	rest.p += list.len;
	rest.len -= list.len;
	(void)str_cut(&rest, '/', &head); /* what comes behind is the member */
	return num_parse(head, 0, (int64_t)len - 1, n);
}

/* Where the words of a pointer belong; NULL: beside no field. */
static struct str *
place_of(struct sent *s, const char *pointer)
{
	int64_t n;

	if (item_of(pointer, STR("/lines/"), s->lines_len, &n))
		return &s->v.lines[s->at[n]].error;
	if (item_of(pointer, STR("/readings/"), s->readings_len, &n))
		return &s->v.meters.list[s->meters[n]].error;
	return strcmp(pointer, "/email") == 0 ? &s->v.email_error : NULL;
}

/* A refusal of the use-case becomes words beside the fields. */
static enum err
note_refusal(struct sent *s)
{
	struct fault *f = s->t->f;
	bool placed = false;

	/* A bank that is down is said on the page, with all that was typed. */
	if (f->err == ERR_BUG || f->err == ERR_UNSURE ||
	    (f->err == ERR_AGAIN && strcmp(f->reason, "bank_unavailable") != 0))
		return f->err;
	s->status = reply_status(f);
	for (size_t i = 0; i < f->fields_len; i++) {
		struct str *place = place_of(s, f->fields[i].pointer);

		if (!place)
			continue;
		*place = portal_view_words(&s->v, f->fields[i].reason);
		placed = true;
	}
	if (!placed)
		s->v.total_error = portal_view_words(&s->v, f->reason);
	fault_init(f);
	return ERR_OK;
}

static enum err
find_and_quote(struct sent *s)
{
	struct turn *t = s->t;
	enum err rc = portal_view_find(&s->v, url_param(&s->q, "supplier"),
	    url_param(&s->q, "account"), &s->status);

	if (rc != ERR_OK)
		return rc;
	take_rest(s);
	if (!s->v.account)
		return ERR_OK;
	take_sums(s);
	take_readings(s);
	if (s->lines_len == 0 && s->status != 200)
		return ERR_OK; /* what is wrong is said beside its field */
	rc = pay_quote(t->p, t->a, t->who.portal, STR(""), s->lines,
	    s->lines_len, &s->quote, t->f);
	if (rc != ERR_OK)
		return note_refusal(s);
	s->v.quote = &s->quote;
	return ERR_OK;
}

/* The payer has seen this very total. */
static bool
total_was_seen(const struct sent *s)
{
	int64_t kop;

	return num_parse(url_param(&s->q, "total"), 1, INT64_MAX, &kop) &&
	    kop == s->quote.total_kop;
}

/*
 * The key of the form and what is in it: sent twice it is one payment, sent
 * again with another sum it is another one.
 */
static void
make_key(struct sent *s, struct pay_request *req)
{
	struct buf b;
	char hex[65];

	buf_init(&b, s->t->a, CONTENT_MAX);
	buf_text(&b, s->v.email);
	for (size_t i = 0; i < s->lines_len; i++) {
		buf_fmt(&b, "\n%lld ", (long long)s->lines[i].sum_kop);
		buf_text(&b, s->lines[i].supplier);
		buf_char(&b, ' ');
		buf_text(&b, s->lines[i].service);
		buf_char(&b, ' ');
		buf_text(&b, s->lines[i].account);
	}
	for (size_t i = 0; i < s->readings_len; i++) {
		buf_fmt(&b, "\n= %lld ", (long long)s->readings[i].value);
		buf_text(&b, s->readings[i].meter);
	}
	secret_sha256_hex(buf_str(&b), req->body_hash);
	buf_char(&b, '\n');
	buf_text(&b, s->v.ikey);
	secret_sha256_hex(buf_str(&b), hex);
	req->ikey = arena_fmt(s->t->a, "page-%.*s", KEY_HEX, hex);
}

static enum err
create(struct sent *s)
{
	struct turn *t = s->t;
	struct pay_request req = { .lines = s->lines,
		.lines_len = s->lines_len,
		.readings = s->readings,
		.readings_len = s->readings_len,
		.email = s->v.email,
		.render = payment_body };
	struct pay_created made;
	struct payment *pm;
	struct buf url;
	enum err rc;

	make_key(s, &req);
	rc = pay_create(t->p, t->a, &t->who, &req, &made, t->f);
	if (rc != ERR_OK) {
		rc = note_refusal(s);
		return rc == ERR_OK ? portal_view_send(&s->v, s->status) : rc;
	}
	rc = pay_read(t->p, t->a, &t->who, made.number, &pm, t->f);
	if (rc != ERR_OK)
		return rc;
	buf_init(&url, t->a, URL_MAX);
	pay_url(t->p, pm, &url);
	reply_see_other(t->out, buf_str(&url));
	return ERR_OK;
}

enum err
page_portal_pay(struct turn *t)
{
	struct sent *s = ARENA_NEW(t->a, struct sent);
	enum err rc = session_same_site(t);

	s->t = t;
	s->status = 200;
	if (rc == ERR_OK)
		rc = session_page(t, t->params.v[0]);
	if (rc == ERR_OK &&
	    !request_is(t->rq, "application/x-www-form-urlencoded"))
		rc = fault_set(t->f, ERR_INVALID, "media_type", "no form");
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->body, &s->q, t->f);
	if (rc == ERR_OK)
		rc = portal_view_begin(&s->v, t);
	if (rc == ERR_OK)
		rc = find_and_quote(s);
	if (rc != ERR_OK)
		return rc;
	if (s->status != 200 || !s->v.quote || !total_was_seen(s))
		return portal_view_send(&s->v, s->status);
	return create(s);
}
