/*
 * exchange_world: a supplier's documents, written by the test, and what they
 * do.
 */
#ifndef KVITOK_TESTS_STORE_EXCHANGE_WORLD_H
#define KVITOK_TESTS_STORE_EXCHANGE_WORLD_H

#include "life.h"

#include "kvitok/app/exchange.h"
#include "kvitok/app/exchange_ack.h"
#include "kvitok/xml/doc.h"
#include "kvitok/xml/schema.h"

#define EX_PORTAL "irkutskenergosbyt"
#define EX_SUPPLIER "irkutskenergosbyt"
#define EX_ACCOUNT "ИНЗБ17004717"

/* The next number of the supplier: tests share it. */
static int64_t ex_next = 1;

static inline enum err
ex_read(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	const struct str *text = self;
	size_t left = text->len - (size_t)at;

	(void)f; /* it is there */
	*got = len < left ? len : left;
	memcpy(p, text->p + at, *got);
	return ERR_OK;
}

/* A document of the number around records. */
static inline struct str
ex_doc(struct world *w, int64_t number, const char *body, struct str records)
{
	struct str rest = str_of(body), kind;

	(void)str_cut(&rest, ' ', &kind); /* or there are no attributes */
	return arena_fmt(w->fx.a,
	    "<document xmlns='urn:kvitok:exchange:1' version='1.0' "
	    "portal='" EX_PORTAL "' supplier='" EX_SUPPLIER "' number='%lld' "
	    "made_at='2026-12-01T06:00:00+03:00'>\n<%s>\n%.*s\n</%.*s>"
	    "</document>",
	    (long long)number, body, STR_ARG(records), STR_ARG(kind));
}

static inline enum err
ex_try_as(struct world *w, struct str text, const struct exchange_ask *as,
    struct exchange_done *out)
{
	struct source src = { &text, (int64_t)text.len, ex_read };
	struct exchange_ask ask = *as;

	ask.src = &src;
	ask.actor = STR("job:test");
	fault_init(&w->fx.f);
	return exchange_apply(&w->p, w->fx.a, &ask, out, &w->fx.f);
}

static inline enum err
ex_try(struct world *w, struct str text, struct exchange_done *out)
{
	return ex_try_as(w, text, &(struct exchange_ask){ .number = 0 }, out);
}

static inline struct exchange_done
ex_bring(struct world *w, struct str text)
{
	struct exchange_done out;

	assert_done(&w->fx, ex_try(w, text, &out));
	return out;
}

/* Bring the next document; it is taken in the state. */
static inline struct exchange_done
ex_next_is(struct world *w, const char *body, struct str records,
    enum exchange_state state)
{
	struct exchange_done out =
	    ex_bring(w, ex_doc(w, ex_next, body, records));

	assert_int_equal(out.gap, 0);
	assert_string_equal(
	    exchange_state_name(out.doc.state), exchange_state_name(state));
	ex_next++;
	return out;
}

/* Is a record of the document refused for this reason? */
static inline bool
ex_refused(
    struct world *w, const struct exchange_done *done, const char *reason)
{
	const struct exchange_record *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange_out.refusals(w->p.exchange_out.self, w->fx.a,
		done->doc.portal, done->doc.supplier, done->doc.number, &v,
		&len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (strcmp(v[i].refused, reason) == 0)
			return true;
	return false;
}

static inline struct exchange_doc
ex_find(struct world *w, int64_t number)
{
	struct exchange_doc x;

	assert_done(&w->fx,
	    w->p.exchange.find(w->p.exchange.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), number, &x, &w->fx.f));
	return x;
}

/* Nothing of the supplier is open, whatever a test has left. */
static inline void
ex_settle(struct world *w)
{
	const struct exchange_doc *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange.open(w->p.exchange.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), 1, 0, 1000, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++) {
		struct exchange_doc x = v[i];

		x.error_words = STR("the test is over");
		x.actor = STR("operator:test");
		if (x.state != EXCHANGE_ASIDE)
			assert_done(&w->fx,
			    exchange_skip(&w->p, w->fx.a, &x, &w->fx.f));
	}
	fixture_sql(&w->fx,
	    "UPDATE exchange_in SET state = 'skipped' WHERE state = 'aside'");
}

static inline int
ex_make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;

	xml_init();
	w->p.exchange = w->fx.st.exchange;
	w->p.exchange_out = w->fx.st.exchange_out;
	w->p.send = w->fx.st.send;
	w->p.supplied = w->fx.st.supplied;
	w->p.appeals = w->fx.st.appeals;
	w->p.appeal_files = w->fx.st.appeal_files;
	assert_done(&w->fx, xml_documents(w->fx.a, &w->p.documents, &w->fx.f));
	return rc;
}

#endif
