#include "kvitok/app/register_match.h"

#include "kvitok/app/register_case.h"
#include "kvitok/app/register_import.h"
#include "kvitok/app/register_take.h"
#include "kvitok/domain/payment.h"

#define PAGE 100 /* at most RECON_ROWS_MAX */
#define PAGE_MEMORY ((size_t)64 << 20)

/* Rows of one contract on their way. */
struct matching {
	const struct ports *p;
	struct str contract;
	struct arena *a; /* of a page */
	bool unknown;    /* rows that were judged before */
	const struct recon_row *rows;
	size_t len;
	const struct register_terms *terms; /* all of the contract */
	size_t terms_len;
	struct register_counts now; /* of one run of the transaction */
};

/* A row, and what it may be. */
struct trying {
	const struct recon_row *row;
	struct recon_known known;
	bool by_number; /* known is by that */
	size_t found;   /* known.len: nothing */
	struct register_taking x;
};

/* All rows of a page, in one run of its transaction. */
struct page {
	struct matching *m;
	struct trying *v; /* m->len */
	/* Postings that rows of this page take: what was read of them is not
	 * true for the rows that follow. */
	const struct recon_posting *taken[PAGE];
	size_t taken_len;
	struct register_taking *x; /* rows that are to be written */
	size_t len;
	struct fault *f;
};

static struct recon_key
key_of(const struct reg_row *r, bool by_number)
{
	struct recon_key k = { STR(""), STR(""), STR("") };
	int n;

	if (by_number && pay_bank_no_split(r->order_no, &k.number, &n))
		return k;
	k.number = STR("");
	if (!by_number) {
		k.rrn = r->rrn;
		k.auth_code = r->auth_code;
	}
	return k;
}

/* By number; what that finds nothing of, by RRN and code. */
static enum err
look(struct page *w, bool by_number)
{
	struct matching *m = w->m;
	const struct ports *p = m->p;
	struct recon_key *keys =
	    ARENA_ARRAY(m->a, m->len + 1, struct recon_key);
	struct recon_known *known =
	    ARENA_ARRAY(m->a, m->len + 1, struct recon_known);
	size_t *of = ARENA_ARRAY(m->a, m->len + 1, size_t), n = 0;
	enum err rc;

	for (size_t i = 0; i < m->len; i++)
		if (by_number || w->v[i].known.len == 0) {
			keys[n] = key_of(&m->rows[i].r, by_number);
			of[n++] = i;
		}
	if (n == 0)
		return ERR_OK;
	rc = p->recon.known(
	    p->recon.self, m->a, m->contract, keys, n, known, w->f);
	for (size_t k = 0; rc == ERR_OK && k < n; k++) {
		w->v[of[k]].known = known[k];
		w->v[of[k]].by_number = by_number && known[k].len > 0;
	}
	return rc;
}

/* A row before this one may have taken what was read as free. */
static void
mark_taken(const struct page *w, struct recon_known *k)
{
	for (size_t i = 0; i < k->len; i++)
		for (size_t n = 0; n < w->taken_len; n++)
			if (str_eq(k->v[i].transfer, w->taken[n]->transfer) &&
			    str_eq(k->v[i].akey, w->taken[n]->akey))
				k->v[i].taken = true;
}

/* Whose payment a row is about that finds no posting, a chargeback for one:
 * all that is known must be of one payment. */
static void
about(struct trying *t)
{
	struct recon_known *k = &t->known;
	struct recon_verdict *v = &t->x.v;

	if (t->found < k->len) {
		v->found = &k->v[t->found];
		v->number = v->found->number;
		v->portal = k->portals[t->found];
		t->x.missing = k->missing[t->found];
		return;
	}
	for (size_t i = 0; i < k->len; i++)
		if (!str_eq(k->v[i].number, k->v[0].number))
			return;
	if (k->len > 0) {
		v->number = k->v[0].number;
		v->portal = k->portals[0];
	}
}

static void
find(const struct page *w, struct trying *t)
{
	const struct recon_known *k = &t->known;

	mark_taken(w, &t->known);
	t->found = t->by_number ? recon_by_number(&t->row->r, k->v, k->len)
				: recon_by_rrn(&t->row->r, k->v, k->len);
	about(t);
}

static enum err
end_unknown(
    const struct page *w, const struct trying *t, struct str akey, bool *closed)
{
	struct matching *m = w->m;

	return register_case_end(m->p, m->a,
	    &(struct register_end){ akey, "register_unknown",
		register_case_subject(m->a, m->contract, t->row->key),
		m->contract, t->row->key, t->x.v.number, t->x.actor },
	    closed, w->f);
}

/* Of rows that were not known only those change that are found now, and about
 * whose case no person has decided. */
static enum err
may_change(const struct page *w, const struct trying *t, bool *may)
{
	struct str akey = register_case_akey(t->row, t->x.v.number);
	enum err rc;

	*may = !w->m->unknown;
	if (*may || t->x.v.found == NULL)
		return ERR_OK;
	rc = end_unknown(w, t, t->row->akey, may);
	/* It was filed under the payment if that was known by then. */
	if (rc == ERR_OK && !*may && !str_eq(akey, t->row->akey))
		rc = end_unknown(w, t, akey, may);
	return rc;
}

static void
fill(struct matching *m, struct trying *t, int64_t now)
{
	const struct recon_row *row = t->row;

	register_terms_pick(
	    m->terms, m->terms_len, str_of(row->r.day), &t->x.terms);
	t->x.missing = false;
	t->x.actor = STR("job");
	t->x.v = (struct recon_verdict){ .contract = m->contract,
		.row = row,
		.was_unknown = m->unknown,
		.number = STR(""),
		.portal = STR(""),
		.own_account =
		    m->unknown ? row->own_account : t->x.terms.own_account,
		.hand_akey = STR(""),
		.hand_case = STR(""),
		.at = now };
}

static enum err
judge(struct page *w, struct trying *t)
{
	struct recon_verdict *v = &t->x.v;
	struct recon_terms terms = register_take_terms(&t->x.terms);
	bool may;
	enum err rc;

	find(w, t);
	v->outcome = recon_judge(&t->row->r, v->found);
	v->fee_off = v->found != NULL && recon_fee_is_off(&terms, &t->row->r);
	rc = may_change(w, t, &may);
	if (rc != ERR_OK || !may)
		return rc;
	if (v->found != NULL)
		w->taken[w->taken_len++] = v->found;
	w->x[w->len++] = t->x;
	return ERR_OK;
}

static enum err
write(struct page *w)
{
	struct matching *m = w->m;
	struct register_counts *n = &m->now;
	bool *mine = ARENA_ARRAY(m->a, w->len + 1, bool),
	     *came = ARENA_ARRAY(m->a, w->len + 1, bool);
	enum err rc = register_take(m->p, m->a, w->x, w->len, mine, came, w->f);

	for (size_t i = 0; i < w->len && rc == ERR_OK; i++) {
		if (!mine[i])
			continue;
		n->by[w->x[i].v.outcome]++;
		n->fees_off += w->x[i].v.fee_off;
		n->late += m->unknown;
		n->came += came[i];
	}
	return rc;
}

/* What the rows of a page need is read for all of them at once, and so is
 * written what they become. */
static enum err
page_body(void *arg, struct fault *f)
{
	struct matching *m = arg;
	struct page *w = ARENA_NEW(m->a, struct page);
	int64_t now = m->p->clock.now(m->p->clock.self);
	enum err rc = m->p->registers.terms(m->p->registers.self, m->a,
	    m->contract, &m->terms, &m->terms_len, f);

	*w = (struct page){ .m = m,
		.v = ARENA_ARRAY(m->a, m->len + 1, struct trying),
		.x = ARENA_ARRAY(m->a, m->len + 1, struct register_taking),
		.f = f };
	m->now = (struct register_counts){ .late = 0 };
	for (size_t i = 0; i < m->len && rc == ERR_OK; i++) {
		w->v[i] = (struct trying){ .row = &m->rows[i] };
		fill(m, &w->v[i], now);
	}
	if (rc == ERR_OK)
		rc = look(w, true);
	if (rc == ERR_OK)
		rc = look(w, false);
	for (size_t i = 0; i < m->len && rc == ERR_OK; i++)
		rc = judge(w, &w->v[i]);
	return rc == ERR_OK && w->len > 0 ? write(w) : rc;
}

static void
add(struct register_counts *n, const struct register_counts *x)
{
	for (int i = 0; i < RECON__COUNT; i++)
		n->by[i] += x->by[i];
	n->fees_off += x->fees_off;
	n->late += x->late;
	n->came += x->came;
}

/* All rows of a state, a page in one transaction. */
static enum err
all_pages(struct matching *m, struct register_counts *n, struct fault *f)
{
	const struct ports *p = m->p;
	char akey[PAY_AKEY_LEN + 1] = "", key[REG_KEY_SIZE] = "";
	enum err rc = ERR_OK;

	do {
		rc = p->recon.rows(p->recon.self, m->a, m->contract, m->unknown,
		    str_of(akey), str_of(key), PAGE, &m->rows, &m->len, f);
		if (rc != ERR_OK || m->len == 0)
			break;
		memcpy(akey, m->rows[m->len - 1].akey.p, PAY_AKEY_LEN);
		memcpy(key, m->rows[m->len - 1].key.p, REG_KEY_SIZE - 1);
		rc = p->tx.run(p->tx.self, "register_match", page_body, m, f);
		/* What a lost COMMIT has done is no longer new. */
		if (rc == ERR_UNSURE) {
			akey[0] = key[0] = '\0';
			rc = ERR_OK;
			continue;
		}
		if (rc == ERR_OK)
			add(n, &m->now);
		ports_step(p, "register_match");
		arena_reset(m->a);
	} while (rc == ERR_OK);
	arena_reset(m->a);
	return rc;
}

/* Rows that are new wait until it is said where the money was paid out. */
static enum err
own_account_is_set(struct matching *m, struct fault *f)
{
	const struct register_terms *v;
	size_t len;
	enum err rc = m->p->registers.terms(
	    m->p->registers.self, m->a, m->contract, &v, &len, f);

	if (rc == ERR_OK && v[0].own_account.len == 0)
		rc = fault_set(f, ERR_CONFLICT, "register_no_account",
		    "own_account of bank_contract %.*s", STR_ARG(m->contract));
	return rc;
}

enum err
register_match(const struct ports *p, struct str contract,
    struct register_counts *n, struct fault *f)
{
	struct matching m = { .p = p, .contract = contract };
	enum err rc;

	m.a = arena_new(PAGE_MEMORY);
	rc = own_account_is_set(&m, f);
	if (rc == ERR_OK)
		rc = all_pages(&m, n, f);
	m.unknown = true;
	if (rc == ERR_OK)
		rc = all_pages(&m, n, f);
	arena_free(m.a);
	return rc;
}
