#include "kvitok/app/register_match.h"

#include "kvitok/app/register_case.h"
#include "kvitok/app/register_import.h"
#include "kvitok/app/register_take.h"
#include "kvitok/domain/payment.h"

#define PAGE 50
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
	struct matching *m;
	const struct recon_row *row;
	struct recon_known known;
	size_t found; /* known.len: nothing */
	struct register_taking x;
	struct fault *f;
};

static enum err
look(struct trying *t, bool by_number)
{
	const struct ports *p = t->m->p;
	const struct reg_row *r = &t->row->r;
	struct str number;
	enum err rc;
	int n;

	t->known.len = t->found = 0;
	if (by_number && !pay_bank_no_split(r->order_no, &number, &n))
		return ERR_OK;
	if (!by_number && (r->rrn.len == 0 || r->auth_code.len == 0))
		return ERR_OK;
	rc = p->recon.known(p->recon.self, t->m->a, t->m->contract,
	    by_number ? number : STR(""), r->rrn, r->auth_code, &t->known,
	    t->f);
	if (rc != ERR_OK)
		return rc;
	t->found = by_number ? recon_by_number(r, t->known.v, t->known.len)
			     : recon_by_rrn(r, t->known.v, t->known.len);
	return ERR_OK;
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

static enum err
find(struct trying *t)
{
	enum err rc = look(t, true);

	if (rc == ERR_OK && t->known.len == 0)
		rc = look(t, false);
	if (rc == ERR_OK)
		about(t);
	return rc;
}

static enum err
write(struct trying *t)
{
	struct register_counts *n = &t->m->now;
	bool mine, came;
	enum err rc =
	    register_take(t->m->p, t->m->a, &t->x, &mine, &came, t->f);

	if (rc != ERR_OK || !mine)
		return rc;
	n->by[t->x.v.outcome]++;
	n->fees_off += t->x.v.fee_off;
	n->late += t->m->unknown;
	n->came += came;
	return ERR_OK;
}

static enum err
end_unknown(struct trying *t, struct str akey, bool *closed)
{
	struct matching *m = t->m;

	return register_case_end(m->p, m->a,
	    &(struct register_end){ akey, "register_unknown",
		register_case_subject(m->a, m->contract, t->row->key),
		m->contract, t->row->key, t->x.v.number, t->x.actor },
	    closed, t->f);
}

/* Of rows that were not known only those change that are found now, and about
 * whose case no person has decided. */
static enum err
again(struct trying *t)
{
	struct str akey = register_case_akey(t->row, t->x.v.number);
	bool closed = false;
	enum err rc;

	if (t->x.v.found == NULL)
		return ERR_OK;
	rc = end_unknown(t, t->row->akey, &closed);
	/* It was filed under the payment if that was known by then. */
	if (rc == ERR_OK && !closed && !str_eq(akey, t->row->akey))
		rc = end_unknown(t, akey, &closed);
	return rc == ERR_OK && closed ? write(t) : rc;
}

static enum err
judge(struct matching *m, const struct recon_row *row, struct fault *f)
{
	struct trying t = { .m = m, .row = row, .f = f };
	struct recon_verdict *v = &t.x.v;
	struct recon_terms terms;
	enum err rc;

	register_terms_pick(
	    m->terms, m->terms_len, str_of(row->r.day), &t.x.terms);
	t.x.actor = STR("job");
	*v = (struct recon_verdict){ .contract = m->contract,
		.row = row,
		.was_unknown = m->unknown,
		.number = STR(""),
		.portal = STR(""),
		.own_account =
		    m->unknown ? row->own_account : t.x.terms.own_account,
		.hand_akey = STR(""),
		.hand_case = STR(""),
		.at = m->p->clock.now(m->p->clock.self) };
	rc = find(&t);
	if (rc != ERR_OK)
		return rc;
	terms = register_take_terms(&t.x.terms);
	v->outcome = recon_judge(&row->r, v->found);
	v->fee_off = v->found != NULL && recon_fee_is_off(&terms, &row->r);
	return m->unknown ? again(&t) : write(&t);
}

/* Terms are read once for all rows of a page. */
static enum err
page_body(void *arg, struct fault *f)
{
	struct matching *m = arg;
	enum err rc = m->p->registers.terms(m->p->registers.self, m->a,
	    m->contract, &m->terms, &m->terms_len, f);

	m->now = (struct register_counts){ .late = 0 };
	for (size_t i = 0; i < m->len && rc == ERR_OK; i++)
		rc = judge(m, &m->rows[i], f);
	return rc;
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
