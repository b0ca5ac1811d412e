#include "kvitok/web/portal_meter.h"

#include "kvitok/base/num.h"
#include "kvitok/web/phrase.h"

#define METER_VARS 11

enum err
portal_meters_find(
    struct turn *t, const struct account *acc, struct portal_meters *out)
{
	*out = (struct portal_meters){ .list = ARENA_ARRAY(t->a,
					   acc->meters_len + 1,
					   struct portal_meter) };
	for (size_t i = 0; i < acc->meters_len; i++) {
		struct portal_meter *m = &out->list[out->len];
		enum err rc;

		*m = (struct portal_meter){ .meter = &acc->meters[i] };
		rc = reading_look(t->p, t->a, acc, m->meter, &m->now, t->f);
		if (rc != ERR_OK)
			return rc;
		if (m->now.rule && out->len < METER_READINGS_MAX)
			out->len++;
	}
	return ERR_OK;
}

static struct portal_meter *
find(struct portal_meters *v, struct str meter)
{
	for (size_t i = 0; i < v->len; i++)
		if (str_eq(v->list[i].meter->meter, meter))
			return &v->list[i];
	return NULL;
}

bool
portal_meters_take(struct turn *t, struct portal_meters *v,
    const struct account *acc, const struct url_params *q,
    const struct reading_in **in, const size_t **at, size_t *len)
{
	struct reading_in *list =
	    ARENA_ARRAY(t->a, v->len + 1, struct reading_in);
	size_t *where = ARENA_ARRAY(t->a, v->len + 1, size_t);
	struct portal_meter *m = NULL;
	bool good = true;

	*len = 0;
	for (size_t i = 0; i < q->len; i++) {
		const struct url_param *x = &q->v[i];
		int64_t value;

		if (str_eq(x->name, STR("meter")))
			m = find(v, x->value);
		if (!str_eq(x->name, STR("reading")) || !m || m->typed.len > 0)
			continue;
		m->typed = str_trim(x->value);
		if (m->typed.len == 0)
			continue;
		if (!num_parse(m->typed, 0, INT64_MAX, &value)) {
			m->error = str_of(reason_words("reading_not_whole"));
			good = false;
			continue;
		}
		where[*len] = (size_t)(m - v->list);
		list[(*len)++] = (struct reading_in){ acc->supplier,
			acc->account, m->meter->meter, value };
	}
	*in = list;
	*at = where;
	return good;
}

struct meter_row {
	struct tpl_var v[METER_VARS];
};

static struct str
number(struct arena *a, int64_t n)
{
	return arena_fmt(a, "%lld", (long long)n);
}

static void
show_one(struct arena *a, size_t i, const struct portal_meter *m,
    struct meter_row *row)
{
	const struct pay_reading *sent = m->now.sent;

	*row = (struct meter_row){ {
	    { .name = "meter_n", .text = number(a, (int64_t)i + 1) },
	    { .name = "meter", .text = m->meter->meter },
	    { .name = "meter_title", .text = m->meter->title },
	    { .name = "unit", .text = m->meter->unit },
	    { .name = "was", .text = number(a, m->meter->last_value) },
	    { .name = "was_on", .text = phrase_day(a, m->meter->last_day) },
	    { .name = "verify",
		.text = m->meter->verify_day.len > 0
		    ? phrase_day(a, m->meter->verify_day)
		    : STR_NONE },
	    { .name = "barred",
		.text = m->now.barred ? str_of(reason_words(m->now.barred))
				      : STR_NONE },
	    { .name = "sent",
		.text = sent ? number(a, sent->value) : STR_NONE },
	    { .name = "reading", .text = m->typed },
	    { .name = "reading_error", .text = m->error },
	} };
}

void
portal_meters_show(
    struct turn *t, const struct portal_meters *v, struct page *pg)
{
	struct meter_row *rows =
	    ARENA_ARRAY(t->a, v->len + 1, struct meter_row);
	struct tpl_vars *vars = ARENA_ARRAY(t->a, v->len + 1, struct tpl_vars);

	for (size_t i = 0; i < v->len; i++) {
		show_one(t->a, i, &v->list[i], &rows[i]);
		vars[i] = (struct tpl_vars){ rows[i].v, METER_VARS };
	}
	page_rows(pg, "meters", vars, v->len);
}
