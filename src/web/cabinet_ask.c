#include "kvitok/web/cabinet_ask.h"

#include "kvitok/app/report_order.h"
#include "kvitok/base/day.h"
#include "kvitok/http/form.h"

struct ask_in {
	struct str report, from, to, supplier, contract, bank, state, account,
	    format, encoding, separator, email, csrf, ikey;
};

#define TEXT(name, max)                                                        \
	{                                                                      \
#name, FIELD_TEXT, false, 0, max,                              \
		    offsetof(struct ask_in, name), NULL, NULL                  \
	}

/* An HTML form sends what is empty, too. */
static const struct field ask_fields[] = {
	TEXT(report, 40),
	TEXT(from, 40),
	TEXT(to, 40),
	TEXT(supplier, 32),
	TEXT(contract, 32),
	TEXT(bank, 16),
	TEXT(state, 32),
	TEXT(account, 100),
	TEXT(format, 8),
	TEXT(encoding, 8),
	TEXT(separator, 3),
	TEXT(email, 254),
	TEXT(csrf, 200),
	TEXT(ikey, CABINET_KEY_MAX),
};
static const struct form ask_form = { ask_fields, KV_COUNT(ask_fields),
	sizeof(struct ask_in) };

bool
cabinet_ask_may(const struct desk *d, const struct report_def *r)
{
	struct caller who = cabinet_caller(d);

	return report_order_may(&who, r);
}

static struct str *
place_of(struct cabinet_ask *x, const char *field)
{
	const struct {
		const char *name;
		struct str *place;
	} places[] = {
		{ "from", &x->from_wrong },
		{ "to", &x->to_wrong },
		{ "format", &x->format_wrong },
		{ "encoding", &x->format_wrong },
		{ "separator", &x->format_wrong },
		{ "email", &x->email_wrong },
	};

	for (size_t i = 0; i < KV_COUNT(places); i++)
		if (strcmp(places[i].name, field) == 0)
			return places[i].place;
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (strcmp(report_filter_name((enum report_filter)i), field) ==
		    0)
			return &x->filter_wrong[i];
	return &x->wrong;
}

enum err
cabinet_ask_refuse(struct cabinet_ask *x)
{
	struct fault *f = x->t->f;

	if (!cabinet_told(f))
		return f->err;
	x->refused = true;
	x->status = reply_status(f);
	if (f->fields_len == 0)
		x->wrong = cabinet_words(x->t);
	for (size_t i = 0; i < f->fields_len; i++) {
		struct buf b;

		buf_init(&b, x->t->a, 1024);
		fault_words_of(f, f->fields[i].reason, &b);
		*place_of(x, f->fields[i].pointer) = buf_str(&b);
	}
	fault_init(f);
	return ERR_OK;
}

/* This month until today; of its first day the month before. */
static void
usual_days(struct cabinet_ask *x)
{
	struct arena *a = x->t->a;
	char today[DAY_TEXT_SIZE], from[DAY_TEXT_SIZE];

	day_of(x->t->p->clock.now(x->t->p->clock.self), DAY_ZONE_MOSCOW, today);
	if (!day_step(str_of(today), -1, from))
		memcpy(from, today, sizeof(from));
	memcpy(from + 8, "01", 2);
	if (x->q.from_day.len == 0)
		x->q.from_day = arena_str(a, str_of(from));
	if (x->q.to_day.len == 0)
		x->q.to_day = arena_str(a, str_of(today));
}

static void
take(struct cabinet_ask *x, const struct ask_in *in)
{
	struct report_query *q = &x->q;
	const struct {
		enum report_filter filter;
		struct str value;
	} v[] = { { REPORT_SUPPLIER, in->supplier },
		{ REPORT_CONTRACT, in->contract }, { REPORT_BANK, in->bank },
		{ REPORT_STATE, in->state }, { REPORT_ACCOUNT, in->account } };

	q->from_day = str_trim(in->from);
	q->to_day = str_trim(in->to);
	for (size_t i = 0; i < KV_COUNT(v); i++)
		q->filter[v[i].filter] = str_trim(v[i].value);
	x->format = in->format.len > 0 ? in->format : STR("xlsx");
	x->encoding = in->encoding.len > 0 ? in->encoding : STR("utf-8");
	x->separator = in->separator.len > 0 ? in->separator : STR(";");
	x->email = str_trim(in->email);
}

enum err
cabinet_ask_read(struct cabinet_ask *x, struct turn *t, const struct desk *d,
    const struct url_params *form)
{
	struct caller who = cabinet_caller(d);
	struct str report = url_param(form, "report");
	struct ask_in in;
	enum err rc = ERR_OK;

	memset(&in, 0, sizeof(in));
	*x = (struct cabinet_ask){ .t = t, .d = d, .status = 200 };
	if (!report_of(report.len > 0 ? report : STR("payments"), &x->q.id) ||
	    !cabinet_ask_may(d, report_def(x->q.id)))
		return fault_set(t->f, ERR_ABSENT, "report_unknown",
		    "of %zu bytes", report.len);
	if (form_query(&ask_form, form, &in, t->f) != ERR_OK) {
		rc = cabinet_ask_refuse(x);
		memset(&in, 0, sizeof(in));
	}
	take(x, &in);
	usual_days(x);
	if (rc == ERR_OK && report_order_narrow(&who, &x->q, t->f) != ERR_OK)
		rc = cabinet_ask_refuse(x);
	return rc;
}
