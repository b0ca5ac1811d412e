#include "kvitok/store/st_pay.h"

#include "kvitok/store/st_bind.h"
#include "kvitok/store/st_reading.h"
#include "kvitok/store/tx.h"

#include <assert.h>

#define LINES_TEXT_MAX (1 << 18) /* 50 lines, every character escaped */
#define LIST_MAX 200

/* Columns of pay_load and pay_list: a payment, then one of its lines. */
enum col {
	C_AKEY,
	C_NUMBER,
	C_PORTAL,
	C_STATE,
	C_SECRET,
	C_PAYER,
	C_EMAIL,
	C_RETURN_URL,
	C_FRONTEND,
	C_CONTRACT,
	C_BANK,
	C_LINES_HASH,
	C_SUM,
	C_FEE,
	C_TOTAL,
	C_REFUNDED,
	C_CREATED_AT,
	C_EXPIRES_AT,
	C_CHANGED_AT,
	C_PAID_AT,
	C_ATTEMPTS,
	C_PAID_ATTEMPT,
	C_CARD_MASK,
	C_BANK_REF,
	C_AUTH_CODE,
	C_REASON,
	C_LED_TO,
	C_SUPPLIER,
	C_SERVICE,
	C_ACCOUNT,
	C_LINE_SUM,
	C_LINE_FEE,
	C_LINE_SUPPLIER_FEE,
	C_LINE_LOSS_ON,
	C_LINE_LOSS,
	C_LINE_EXEMPT,
	C__COUNT
};

static const char pay_shape[] = "tttttttttttt"
				"iiiiiiiiii"
				"ttttt"
				"tttiiitit";

static_assert(sizeof(pay_shape) == C__COUNT + 1, "one letter per column");

static enum err
state_bad(struct str number, struct str word, struct fault *f)
{
	return fault_set(f, ERR_BUG, "internal", "%.*s: state %.*s",
	    STR_ARG(number), STR_ARG(word));
}

/* A payment out of len rows, one per line. */
static enum err
payment_of(struct arena *a, const struct db_rows *r, size_t from, size_t len,
    struct payment *pm, struct fault *f)
{
	const struct db_cell *c = db_row(r, from);
	struct pay_line *lines = ARENA_ARRAY(a, len, struct pay_line);

	*pm = (struct payment){ .akey = c[C_AKEY].t,
		.number = c[C_NUMBER].t,
		.portal = c[C_PORTAL].t,
		.secret = c[C_SECRET].t,
		.payer = c[C_PAYER].t,
		.email = c[C_EMAIL].t,
		.return_url = c[C_RETURN_URL].t,
		.frontend = c[C_FRONTEND].t,
		.contract = c[C_CONTRACT].t,
		.bank = c[C_BANK].t,
		.lines_hash = c[C_LINES_HASH].t,
		.sum_kop = c[C_SUM].n,
		.fee_kop = c[C_FEE].n,
		.total_kop = c[C_TOTAL].n,
		.refunded_kop = c[C_REFUNDED].n,
		.created_at = c[C_CREATED_AT].n,
		.expires_at = c[C_EXPIRES_AT].n,
		.changed_at = c[C_CHANGED_AT].n,
		.paid_at = c[C_PAID_AT].n,
		.attempts_len_stored = (int)c[C_ATTEMPTS].n,
		.paid_attempt = (int)c[C_PAID_ATTEMPT].n,
		.card_mask = c[C_CARD_MASK].t,
		.bank_ref = c[C_BANK_REF].t,
		.auth_code = c[C_AUTH_CODE].t,
		.reason = c[C_REASON].t,
		.led_to = c[C_LED_TO].t };
	if (!pay_state_of(c[C_STATE].t, &pm->state))
		return state_bad(pm->number, c[C_STATE].t, f);
	for (size_t i = 0; i < len; i++) {
		c = db_row(r, from + i);
		lines[i] = (struct pay_line){ .supplier = c[C_SUPPLIER].t,
			.service = c[C_SERVICE].t,
			.account = c[C_ACCOUNT].t,
			.sum_kop = c[C_LINE_SUM].n,
			.fee_kop = c[C_LINE_FEE].n,
			.supplier_fee_kop = c[C_LINE_SUPPLIER_FEE].n,
			.loss_kop = c[C_LINE_LOSS].n,
			.exempt = c[C_LINE_EXEMPT].t };
		if (!fee_loss_of(c[C_LINE_LOSS_ON].t, &lines[i].loss_on))
			return state_bad(pm->number, c[C_LINE_LOSS_ON].t, f);
	}
	pm->lines = lines;
	pm->lines_len = len;
	return ERR_OK;
}

/* Accounts are hashed into the first characters of a number. */
static struct str
akey_of(struct str number)
{
	assert(number.len > PAY_AKEY_LEN);
	return (struct str){ number.p, PAY_AKEY_LEN };
}

static enum err
load_attempts(
    struct db *db, struct arena *a, struct payment *pm, struct fault *f)
{
	struct attempt *v;
	struct db_rows r;
	enum err rc;

	rc = db_read(db, a, SQL_PAY_ATTEMPTS,
	    DB_IN(db_t(pm->akey), db_t(pm->number)),
	    "ittttttt"
	    "iiiiii",
	    99, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct attempt);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct attempt){ .n = (int)c[0].n,
			.contract = c[2].t,
			.bank = c[3].t,
			.bank_id = c[4].t,
			.form_url = c[5].t,
			.reason = c[6].t,
			.code = c[7].t,
			.started_at = c[8].n,
			.expires_at = c[9].n,
			.closed_at = c[10].n,
			.paid_kop = c[11].n,
			.on_case = c[12].n != 0,
			.decided = c[13].n != 0 };
		if (!att_state_of(c[1].t, &v[i].state))
			return state_bad(pm->number, c[1].t, f);
	}
	pm->attempts = v;
	pm->attempts_len = r.len;
	return ERR_OK;
}

static enum err
load(void *self, struct arena *a, struct str number, struct payment **out,
    struct fault *f)
{
	struct payment *pm;
	struct db_rows r = { NULL, 0, 0 };
	enum err rc;

	if (pay_number_ok(number)) {
		rc = db_read(self, a, SQL_PAY_LOAD,
		    DB_IN(db_t(akey_of(number)), db_t(number)), pay_shape,
		    PAY_LINES_MAX, &r, f);
		if (rc != ERR_OK)
			return rc;
	}
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "%.*s", STR_ARG(number));
	pm = ARENA_NEW(a, struct payment);
	if ((rc = payment_of(a, &r, 0, r.len, pm, f)) != ERR_OK)
		return rc;
	/* Most payments that are read were never opened. */
	if (pm->attempts_len_stored > 0 &&
	    (rc = load_attempts(self, a, pm, f)) != ERR_OK)
		return rc;
	*out = pm;
	return ERR_OK;
}

/* Which of the three statements: each has its own index. */
static enum err
list_rows(struct db *db, struct arena *a, const struct pay_query *q,
    struct db_rows *r, struct fault *f)
{
	const struct db_in from = db_n(q->from_at),
			   to = db_n(q->to_at > 0 ? q->to_at : INT64_MAX),
			   at = db_n(q->before_number.len > 0 ? q->before_at
							      : INT64_MAX),
			   id = db_t(q->before_number),
			   portal = db_t(q->portal), payer = db_t(q->payer),
			   state = db_t(q->state), limit = db_n(q->limit);
	const size_t max = (size_t)LIST_MAX * PAY_LINES_MAX;

	if (q->account.len > 0)
		return db_read(db, a, SQL_PAY_LIST_ACCOUNT,
		    DB_IN(db_t(q->account), portal, payer, payer, from, to, at,
			id, state, state, limit),
		    pay_shape, max, r, f);
	if (q->payer.len > 0)
		return db_read(db, a, SQL_PAY_LIST_PAYER,
		    DB_IN(portal, payer, from, to, at, id, state, state, limit),
		    pay_shape, max, r, f);
	return db_read(db, a, SQL_PAY_LIST,
	    DB_IN(portal, from, to, at, id, state, state, limit), pay_shape,
	    max, r, f);
}

static enum err
list(void *self, struct arena *a, const struct pay_query *q,
    const struct payment **out, size_t *len, struct fault *f)
{
	struct payment *v;
	struct db_rows r;
	size_t n = 0;
	enum err rc;

	assert(q->limit >= 1 && q->limit <= LIST_MAX);
	if ((rc = list_rows(self, a, q, &r, f)) != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, (size_t)q->limit, struct payment);
	for (size_t i = 0, end; i < r.len; i = end) {
		struct str number = db_row(&r, i)[C_NUMBER].t;

		for (end = i + 1;
		     end < r.len && str_eq(db_row(&r, end)[C_NUMBER].t, number);
		     end++)
			continue;
		rc = payment_of(a, &r, i, end - i, &v[n], f);
		if (rc != ERR_OK)
			return rc;
		n++;
	}
	*out = v;
	*len = n;
	return ERR_OK;
}

/* Compare and set: nothing changed means that somebody else was first. */
static enum err
one_row(int64_t changed, const char *what, struct str number, struct fault *f)
{
	if (changed == 1)
		return ERR_OK;
	return fault_set(f, ERR_AGAIN, "busy", "%s: %.*s is not as expected",
	    what, STR_ARG(number));
}

static enum err
move(void *self, const struct pay_move *m, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_PAY_MOVE,
	    DB_IN(db_t(str_of(pay_state_name(m->to))), db_n(m->attempts_to),
		db_n(m->at), db_n0(m->paid_at), db_n0(m->paid_attempt),
		db_t0(m->contract), db_t0(m->bank), db_t0(m->card_mask),
		db_t0(m->bank_ref), db_t0(m->auth_code), db_t0(m->reason),
		db_t(m->akey), db_t(m->number),
		db_t(str_of(pay_state_name(m->from))), db_n(m->attempts)),
	    &changed, f);
	if (rc != ERR_OK)
		return rc;
	return one_row(changed, "pay_move", m->number, f);
}

static enum err
attempt_put(void *self, struct str akey, struct str number,
    const struct attempt *at, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_ATTEMPT_PUT,
	    DB_IN(db_t(akey), db_t(number), db_n(at->n), db_t(at->contract),
		db_t(at->bank), db_t(str_of(att_state_name(at->state))),
		db_t(at->bank_id), db_t(at->form_url), db_t(at->reason),
		db_t(at->code), db_n(at->started_at), db_n(at->expires_at),
		db_n0(at->closed_at), db_n0(at->paid_kop),
		db_n(at->on_case ? 1 : 0)),
	    NULL, f);
}

static enum err
attempt_move(void *self, const struct att_move *m, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_ATTEMPT_MOVE,
	    DB_IN(db_t(str_of(att_state_name(m->to))), db_t0(m->bank_id),
		db_t0(m->form_url), db_t0(m->reason), db_t0(m->code),
		db_n0(m->expires_at), db_n0(m->closed_at), db_n0(m->paid_kop),
		m->off_case ? db_n(0) : db_n0(m->on_case ? 1 : 0),
		db_n0(m->decided ? 1 : 0), db_t(m->akey), db_t(m->number),
		db_n(m->n), db_t(str_of(att_state_name(m->from)))),
	    &changed, f);
	if (rc != ERR_OK)
		return rc;
	return one_row(changed, "attempt_move", m->number, f);
}

/* --- creating ------------------------------------------------------ */

static enum err
find(void *self, struct arena *a, struct str portal, struct str ikey,
    struct idem *found, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	rc = db_read(self, a, SQL_IDEM_GET, DB_IN(db_t(portal), db_t(ikey)),
	    "tttt", 1, &r, f);
	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "key was not used");
	*found = (struct idem){ r.cells[0].t, r.cells[1].t, r.cells[2].t,
		r.cells[3].t };
	return ERR_OK;
}

struct create {
	struct db *db;
	const struct new_payment *p;
	bool made;
};

static enum err
put_lines(struct db *db, const struct payment *pm, struct fault *f)
{
	for (size_t i = 0; i < pm->lines_len; i++) {
		const struct pay_line *l = &pm->lines[i];
		enum err rc = db_run(db, SQL_PAY_LINE_PUT,
		    DB_IN(db_t(pm->akey), db_t(pm->number),
			db_n((int64_t)i + 1), db_t(l->supplier),
			db_t(l->service), db_t(l->account), db_n(l->sum_kop),
			db_n(l->fee_kop), db_n(l->supplier_fee_kop),
			db_t(str_of(fee_loss_name(l->loss_on))),
			db_n(l->loss_kop), db_t(l->exempt)),
		    NULL, f);

		if (rc != ERR_OK)
			return rc;
	}
	return ERR_OK;
}

/* Where statements are near: several, in one transaction. */
static enum err
create_body(void *arg, struct fault *f)
{
	struct create *c = arg;
	const struct payment *pm = c->p->pay;
	int64_t changed;
	enum err rc;

	rc = db_run(c->db, SQL_IDEM_PUT,
	    DB_IN(db_t(pm->portal), db_t(c->p->ikey), db_t(c->p->body_hash),
		db_t(pm->akey), db_t(pm->number), db_t(c->p->answer),
		db_n(pm->created_at)),
	    &changed, f);
	c->made = changed == 1;
	if (rc != ERR_OK || !c->made)
		return rc;
	rc = db_run(c->db, SQL_PAY_PUT,
	    DB_IN(db_t(pm->akey), db_t(pm->number), db_t(pm->portal),
		db_t(str_of(pay_state_name(pm->state))), db_t(pm->secret),
		db_t(pm->payer), db_t(pm->email), db_t(pm->return_url),
		db_t(pm->frontend), db_t(pm->contract), db_t(pm->bank),
		db_t(pm->lines_hash), db_n((int64_t)pm->lines_len),
		db_n(pm->sum_kop), db_n(pm->fee_kop), db_n(pm->total_kop),
		db_n(pm->created_at), db_n(pm->expires_at),
		db_n(pm->changed_at)),
	    NULL, f);
	if (rc != ERR_OK || (rc = put_lines(c->db, pm, f)) != ERR_OK ||
	    (rc = st_reading_put(c->db, pm, f)) != ERR_OK)
		return rc;
	rc = db_run(c->db, SQL_EVENT_PUT,
	    ST_EVENT_IN(pm->akey, pm->number, c->p->event), NULL, f);
	return rc == ERR_OK ? st_bind_wishes(c->db, c->p, f) : rc;
}

static enum err
lines_json(const struct payment *pm, struct buf *b, struct fault *f)
{
	for (size_t i = 0; i < pm->lines_len; i++) {
		const struct pay_line *l = &pm->lines[i];

		buf_fmt(b, "%s{\"n\":%zu,\"supplier\":\"", i > 0 ? "," : "[",
		    i + 1);
		buf_json(b, l->supplier);
		buf_lit(b, "\",\"service\":\"");
		buf_json(b, l->service);
		buf_lit(b, "\",\"account\":\"");
		buf_json(b, l->account);
		buf_lit(b, "\",\"sum_kop\":");
		buf_i64(b, l->sum_kop);
		buf_lit(b, ",\"fee_kop\":");
		buf_i64(b, l->fee_kop);
		buf_lit(b, ",\"supplier_fee_kop\":");
		buf_i64(b, l->supplier_fee_kop);
		buf_fmt(b, ",\"loss_on\":\"%s\",\"loss_kop\":",
		    fee_loss_name(l->loss_on));
		buf_i64(b, l->loss_kop);
		buf_lit(b, ",\"exempt\":\"");
		buf_json(b, l->exempt);
		buf_lit(b, "\"}");
	}
	buf_char(b, ']');
	if (b->full)
		return fault_set(f, ERR_BUG, "internal", "lines too long");
	return ERR_OK;
}

/* Where every statement is a round trip: all of it as one. */
static enum err
create_at_once(struct arena *a, struct create *c, struct fault *f)
{
	const struct payment *pm = c->p->pay;
	const struct pay_event *e = c->p->event;
	struct db_rows r;
	struct buf b;
	enum err rc;

	buf_init(&b, a, LINES_TEXT_MAX);
	if ((rc = lines_json(pm, &b, f)) != ERR_OK)
		return rc;
	rc = db_read(c->db, a, SQL_PAY_CREATE_ALL,
	    DB_IN(db_t(pm->portal), db_t(c->p->ikey), db_t(c->p->body_hash),
		db_t(pm->akey), db_t(pm->number), db_t(c->p->answer),
		db_n(pm->created_at), db_t(pm->portal),
		db_t(str_of(pay_state_name(pm->state))), db_t(pm->secret),
		db_t(pm->payer), db_t(pm->email), db_t(pm->return_url),
		db_t(pm->frontend), db_t(pm->contract), db_t(pm->bank),
		db_t(pm->lines_hash), db_n((int64_t)pm->lines_len),
		db_n(pm->sum_kop), db_n(pm->fee_kop), db_n(pm->total_kop),
		db_n(pm->created_at), db_n(pm->expires_at),
		db_n(pm->changed_at), db_t(buf_str(&b)), db_t(e->id),
		db_n(e->at), db_t(e->kind), db_t(e->actor), db_n(e->n),
		db_t(e->from_state), db_t(e->to_state), db_t(e->evidence)),
	    "t", 1, &r, f);
	c->made = rc == ERR_OK && r.len == 1;
	return rc;
}

static enum err
create_once(struct arena *a, struct create *c, struct fault *f)
{
	/* Few payments name a card or readings: those take the longer way. */
	if (db_has(c->db, SQL_PAY_CREATE_ALL) && !c->p->card && !c->p->choose &&
	    c->p->pay->readings_len == 0)
		return create_at_once(a, c, f);
	return tx_run(c->db, "create", create_body, c, f);
}

static enum err
create(void *self, struct arena *a, const struct new_payment *p, bool *was,
    struct idem *found, struct fault *f)
{
	struct create c = { .db = self, .p = p };
	bool unsure = false;
	enum err rc;

	assert(!db_in_tx(self));
	rc = create_once(a, &c, f);
	/* The key makes it safe to repeat: of a first run that was, or even
	 * now is being, committed the second one finds the key. */
	if (rc == ERR_UNSURE) {
		unsure = true;
		rc = create_once(a, &c, f);
		if (rc == ERR_AGAIN)
			rc = fault_set(f, ERR_UNSURE, "commit_unsure",
			    "create: connection lost and not made anew");
	}
	if (rc != ERR_OK)
		return rc;
	*was = false;
	if (c.made)
		return ERR_OK;
	rc = find(self, a, p->pay->portal, p->ikey, found, f);
	if (rc == ERR_ABSENT)
		return fault_set(f, ERR_AGAIN, "busy", "key went away");
	if (rc == ERR_OK)
		*was = !unsure || !str_eq(found->number, p->pay->number);
	return rc;
}

struct pay_store
st_pay(struct db *db)
{
	return (struct pay_store){ db, create, find, load, list, move,
		attempt_put, attempt_move };
}
