/* An account's people, for front-ends whose payer has proved to be one. */
#include "kvitok/app/subscriber.h"

#include "kvitok/base/jw.h"
#include "kvitok/base/log.h"
#include "kvitok/web/handlers.h"

#define MASKED_MAX 512

static void
put_benefits(struct jw *w, const struct subscriber_seen *s)
{
	jw_key(w, "benefits");
	jw_list(w);
	for (size_t i = 0; i < s->told.benefits_len; i++) {
		const struct benefit *b = &s->told.benefits[i];

		jw_object(w);
		jw_ktext(w, "kind", b->kind);
		jw_ktext(w, "title", b->title);
		jw_ktext(w, "from_day", b->from_day);
		jw_kopt(w, "to_day", b->to_day);
		jw_kbool(w, "holds", subscriber_holds(b, str_of(s->today)));
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
put_masked(struct arena *a, struct jw *w, const char *name, const struct str *v,
    size_t len)
{
	jw_key(w, name);
	jw_list(w);
	for (size_t i = 0; i < len; i++) {
		struct buf b;

		buf_init(&b, a, MASKED_MAX);
		log_mask(&b, v[i]);
		jw_text(w, buf_str(&b));
	}
	jw_list_end(w);
}

static void
put_flat(struct jw *w, const struct subscriber *s)
{
	jw_key(w, "persons");
	if (s->persons < 0)
		jw_null(w);
	else
		jw_int(w, s->persons);
	if (s->area_micro >= 0) {
		jw_kmicro(w, "area", s->area_micro);
	} else {
		jw_key(w, "area");
		jw_null(w);
	}
}

enum err
api_subscriber(struct turn *t)
{
	struct subscriber_seen s;
	struct buf b;
	struct jw w;
	enum err rc = subscriber_of(t->p, t->a, t->who.portal, t->params.v[0],
	    t->params.v[1], &s, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "supplier", s.account->supplier);
	jw_ktext(&w, "account", s.account->account);
	jw_ktext(&w, "shown",
	    s.account->shown.len ? s.account->shown : s.account->account);
	jw_kbool(
	    &w, "closed", account_closed(s.told.closed_day, str_of(s.today)));
	jw_kopt(&w, "closed_day", s.told.closed_day);
	put_flat(&w, &s.told);
	put_benefits(&w, &s);
	put_masked(t->a, &w, "emails", s.told.emails, s.told.emails_len);
	put_masked(t->a, &w, "phones", s.told.phones, s.told.phones_len);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}
