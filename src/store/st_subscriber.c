#include "kvitok/store/st_subscriber.h"

#include <assert.h>

#define WHOSE(acc)                                                             \
	db_t((acc)->akey), db_t((acc)->portal), db_t((acc)->supplier),         \
	    db_t((acc)->account)

/* --- documents ---------------------------------------------------------- */

struct telling {
	struct db *db;
	struct account whose;
	struct fault *f;
};

static enum err
put_benefits(const struct telling *x, const struct subscriber *s)
{
	enum err rc = db_run(x->db, SQL_SUBSCRIBER_BENEFITS_DROP,
	    DB_IN(WHOSE(&x->whose)), NULL, x->f);

	for (size_t i = 0; i < s->benefits_len && rc == ERR_OK; i++) {
		const struct benefit *b = &s->benefits[i];

		rc = db_run(x->db, SQL_SUBSCRIBER_BENEFIT_PUT,
		    DB_IN(WHOSE(&x->whose), db_n((int64_t)i + 1), db_t(b->kind),
			db_t(b->title), db_t(b->from_day), db_t0(b->to_day)),
		    NULL, x->f);
	}
	return rc;
}

static enum err
put_contacts(
    const struct telling *x, struct str kind, const struct str *v, size_t len)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		rc = db_run(x->db, SQL_SUBSCRIBER_CONTACT_PUT,
		    DB_IN(WHOSE(&x->whose), db_t(kind), db_n((int64_t)i + 1),
			db_t(v[i])),
		    NULL, x->f);
	return rc;
}

enum err
st_subscriber_put(struct db *db, const struct exchange_head *h,
    const struct exchange_record *r, struct fault *f)
{
	const struct subscriber *s = &r->people;
	struct telling x = { db,
		{ .akey = r->akey,
		    .portal = h->portal,
		    .supplier = h->supplier,
		    .account = r->folded },
		f };
	enum err rc;

	assert(db_in_tx(db));
	rc = put_benefits(&x, s);
	if (rc == ERR_OK)
		rc = db_run(db, SQL_SUBSCRIBER_CONTACTS_DROP,
		    DB_IN(WHOSE(&x.whose)), NULL, f);
	if (rc == ERR_OK)
		rc = put_contacts(&x, STR("email"), s->emails, s->emails_len);
	return rc == ERR_OK
	    ? put_contacts(&x, STR("phone"), s->phones, s->phones_len)
	    : rc;
}

static void
benefits_json(struct jw *w, const struct subscriber *s)
{
	jw_key(w, "b");
	jw_list(w);
	for (size_t i = 0; i < s->benefits_len; i++) {
		const struct benefit *b = &s->benefits[i];

		jw_object(w);
		jw_kint(w, "n", (int64_t)i + 1);
		jw_ktext(w, "k", b->kind);
		jw_ktext(w, "t", b->title);
		jw_ktext(w, "f", b->from_day);
		jw_kopt(w, "u", b->to_day);
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
contacts_json(struct jw *w, struct str kind, const struct str *v, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		jw_object(w);
		jw_ktext(w, "o", kind);
		jw_kint(w, "n", (int64_t)i + 1);
		jw_ktext(w, "v", v[i]);
		jw_object_end(w);
	}
}

void
st_subscriber_json(struct jw *w, const struct subscriber *s)
{
	if (s->persons >= 0)
		jw_kint(w, "p", s->persons);
	if (s->area_micro >= 0)
		jw_kint(w, "m", s->area_micro);
	jw_kopt(w, "c", s->closed_day);
	jw_kint(w, "h", subscriber_has_people(s));
	jw_kint(w, "bn", (int64_t)s->benefits_len);
	jw_kint(w, "en", (int64_t)s->emails_len);
	jw_kint(w, "pn", (int64_t)s->phones_len);
	if (s->benefits_len > 0)
		benefits_json(w, s);
	if (s->emails_len + s->phones_len == 0)
		return;
	jw_key(w, "x");
	jw_list(w);
	contacts_json(w, STR("email"), s->emails, s->emails_len);
	contacts_json(w, STR("phone"), s->phones, s->phones_len);
	jw_list_end(w);
}

/* --- what is kept ------------------------------------------------------- */

static enum err
read_benefits(struct db *db, struct arena *a, const struct account *acc,
    struct subscriber *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_SUBSCRIBER_BENEFITS, DB_IN(WHOSE(acc)),
	    "tttt", SUBSCRIBER_BENEFITS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	out->benefits = ARENA_ARRAY(a, r.len + 1, struct benefit);
	out->benefits_len = r.len;
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		out->benefits[i] =
		    (struct benefit){ c[0].t, c[1].t, c[2].t, c[3].t };
	}
	return ERR_OK;
}

static enum err
read_contacts(struct db *db, struct arena *a, const struct account *acc,
    struct subscriber *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_SUBSCRIBER_CONTACTS, DB_IN(WHOSE(acc)),
	    "tt", (size_t)2 * SUBSCRIBER_CONTACTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	out->emails = ARENA_ARRAY(a, r.len + 1, struct str);
	out->phones = ARENA_ARRAY(a, r.len + 1, struct str);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if (str_eq(c[0].t, STR("email")))
			out->emails[out->emails_len++] = c[1].t;
		else
			out->phones[out->phones_len++] = c[1].t;
	}
	return ERR_OK;
}

static enum err
find(void *self, struct arena *a, const struct account *acc,
    struct subscriber *out, struct fault *f)
{
	const struct db_cell *c;
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_SUBSCRIBER_FACTS, DB_IN(WHOSE(acc)), "iit", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(f, ERR_ABSENT, "account_unknown", "%.*s",
		    STR_ARG(acc->supplier));
	c = db_row(&r, 0);
	*out = (struct subscriber){
		.persons = c[0].n, .area_micro = c[1].n, .closed_day = c[2].t
	};
	rc = read_benefits(self, a, acc, out, f);
	return rc == ERR_OK ? read_contacts(self, a, acc, out, f) : rc;
}

/* --- what is over ------------------------------------------------------- */

static enum err
over(void *self, struct arena *a, struct str before_day, int limit,
    const struct account **out, size_t *len, struct fault *f)
{
	struct account *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SUBSCRIBER_OVER,
	    DB_IN(db_t(before_day), db_n(limit)), "tttt", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct account);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct account){ .akey = c[0].t,
			.portal = c[1].t,
			.supplier = c[2].t,
			.account = c[3].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
forget(void *self, const struct account *acc, struct str before_day,
    struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	/* First: a document that tells of the account waits for us, or we for
	 * it, at this row. */
	rc = db_run(self, SQL_SUBSCRIBER_FORGET,
	    DB_IN(WHOSE(acc), db_t(before_day)), &changed, f);
	if (rc != ERR_OK || changed == 0)
		return rc;
	rc = db_run(
	    self, SQL_SUBSCRIBER_BENEFITS_DROP, DB_IN(WHOSE(acc)), NULL, f);
	return rc == ERR_OK ? db_run(self, SQL_SUBSCRIBER_CONTACTS_DROP,
				  DB_IN(WHOSE(acc)), NULL, f)
			    : rc;
}

struct subscriber_store
st_subscriber(struct db *db)
{
	return (struct subscriber_store){ db, find, over, forget };
}
