#include "kvitok/app/register_match.h"

#include "kvitok/app/posting.h"
#include "kvitok/app/register_case.h"
#include "kvitok/app/register_import.h"
#include "kvitok/domain/ledger_register.h"
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
	struct register_terms terms;
	struct recon_known known;
	size_t found; /* known.len: nothing */
	struct recon_verdict v;
	struct fault *f;
};

static struct recon_terms
fee_terms(const struct register_terms *t)
{
	return (struct recon_terms){ .known = t->layout.len > 0,
		.fee_ppm = (int32_t)t->fee_ppm,
		.vat_ppm = (int32_t)t->vat_ppm,
		.cut = str_eq(t->rounding, STR("down")) };
}

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

/* A posting that was missing comes with its case's end. */
static enum err
claim(struct trying *t)
{
	const struct recon_posting *x = t->v.found;
	bool closed = true;
	enum err rc;

	if (x == NULL || !t->known.missing[t->found])
		return ERR_OK;
	rc = register_case_end(t->m->p, t->m->a, x->akey, x->number,
	    "register_missing", x->transfer, &closed, t->f);
	if (rc == ERR_OK && !closed)
		return fault_set(t->f, ERR_AGAIN, "busy",
		    "a person closes the case of %.*s", STR_ARG(x->transfer));
	t->m->now.came += rc == ERR_OK;
	return rc;
}

/* Whose payment a row is about that finds no posting, a chargeback for one:
 * all that is known must be of one payment. */
static void
about(struct trying *t)
{
	struct recon_known *k = &t->known;

	if (t->found < k->len) {
		t->v.found = &k->v[t->found];
		t->v.number = t->v.found->number;
		t->v.portal = k->portals[t->found];
		return;
	}
	for (size_t i = 0; i < k->len; i++)
		if (!str_eq(k->v[i].number, k->v[0].number))
			return;
	if (k->len > 0) {
		t->v.number = k->v[0].number;
		t->v.portal = k->portals[0];
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
post(struct trying *t)
{
	const struct reg_row *r = &t->row->r;
	const struct recon_posting *x = t->v.found;
	struct ledger_register l = { .contract = t->m->contract,
		.own_account = t->v.own_account,
		.key = t->row->key,
		.gross_kop = r->gross_kop,
		.fee_kop = r->fee_kop,
		.vat_kop = r->vat_kop,
		.net_kop = r->net_kop,
		.receivable_kop = x != NULL ? x->sum_kop : 0 };
	struct ledger_transfer transfer = { .lines_len = 0 };
	enum err rc = t->m->unknown
	    ? ledger_for_register_matched(t->m->a, &l, &transfer, t->f)
	    : ledger_for_register(t->m->a, &l, &transfer, t->f);

	if (rc != ERR_OK || transfer.lines_len == 0)
		return rc;
	return posting_put(t->m->p, t->m->a, t->row->akey, &transfer, t->f);
}

static void
tally(struct trying *t)
{
	t->m->now.by[t->v.outcome]++;
	t->m->now.fees_off += t->v.fee_off;
	t->m->now.late += t->m->unknown;
}

static enum err
write(struct trying *t)
{
	const struct ports *p = t->m->p;
	bool mine;
	enum err rc = p->recon.judge(p->recon.self, &t->v, &mine, t->f);

	/* A command and the job may run at once. */
	if (rc != ERR_OK || !mine)
		return rc;
	rc = claim(t);
	if (rc == ERR_OK)
		rc = post(t);
	if (rc == ERR_OK)
		rc = register_case_of_row(p, t->m->a, &t->v, &t->terms, t->f);
	if (rc == ERR_OK)
		tally(t);
	return rc;
}

/* Of rows that were not known only those change that are found now, and whose
 * case no person has closed. */
static enum err
again(struct trying *t)
{
	const struct ports *p = t->m->p;
	struct str subject =
	    register_case_subject(t->m->a, t->m->contract, t->row->key);
	struct str akey = register_case_akey(t->row, t->v.number);
	bool closed = false;
	enum err rc;

	if (t->v.found == NULL)
		return ERR_OK;
	rc = register_case_end(p, t->m->a, t->row->akey, t->v.number,
	    "register_unknown", subject, &closed, t->f);
	/* It was filed under the payment if that was known by then. */
	if (rc == ERR_OK && !closed && !str_eq(akey, t->row->akey))
		rc = register_case_end(p, t->m->a, akey, t->v.number,
		    "register_unknown", subject, &closed, t->f);
	return rc == ERR_OK && closed ? write(t) : rc;
}

static enum err
judge(struct matching *m, const struct recon_row *row, struct fault *f)
{
	struct trying t = { .m = m, .row = row, .f = f };
	struct recon_terms terms;
	enum err rc;

	register_terms_pick(
	    m->terms, m->terms_len, str_of(row->r.day), &t.terms);
	t.v = (struct recon_verdict){ .contract = m->contract,
		.row = row,
		.was_unknown = m->unknown,
		.number = STR(""),
		.portal = STR(""),
		.own_account =
		    m->unknown ? row->own_account : t.terms.own_account,
		.at = m->p->clock.now(m->p->clock.self) };
	rc = find(&t);
	if (rc != ERR_OK)
		return rc;
	terms = fee_terms(&t.terms);
	t.v.outcome = recon_judge(&row->r, t.v.found);
	t.v.fee_off = t.v.found != NULL && recon_fee_is_off(&terms, &row->r);
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
