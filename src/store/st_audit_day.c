#include "kvitok/store/st_audit_day.h"

#include "kvitok/domain/audit_find.h"
#include "kvitok/store/tx.h"

#define PAGE 20000

struct adding {
	struct db *db;
	struct arena *a;
	struct audit_day *out;
	bool seen[LEDGER_SLOTS]; /* there is a row, or a line */
	struct audit_slot slots[LEDGER_SLOTS];
};

/* Where a page ends. */
struct key {
	struct str akey, transfer;
	int64_t n;
};

/* Gives: NULL for a number that no slot has. */
static struct audit_slot *
slot_of(struct adding *w, int64_t slot, struct fault *f)
{
	if (slot < 0 || slot >= LEDGER_SLOTS) {
		(void)fault_set(f, ERR_BUG, "internal", "slot %lld of %.*s",
		    (long long)slot, STR_ARG(w->out->account));
		return NULL;
	}
	w->seen[slot] = true;
	w->slots[slot].slot = (int)slot;
	return &w->slots[slot];
}

static enum err
kept(struct adding *w, struct fault *f)
{
	struct audit_slot *s;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_DAY_SLOTS,
	    DB_IN(db_t(w->out->account), db_t(w->out->day)), "iii",
	    LEDGER_SLOTS, &r, f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if ((s = slot_of(w, c[0].n, f)) == NULL)
			return f->err;
		s->debit_kop = c[1].n;
		s->credit_kop = c[2].n;
	}
	return rc;
}

static enum err
page_end(struct adding *w, struct key *to, bool *more, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_DAY_BOUND,
	    DB_IN(db_t(w->out->account), db_t(w->out->day), db_t(to->akey),
		db_t(to->transfer), db_n(to->n), db_n(PAGE)),
	    "tti", 1, &r, f);

	*more = rc == ERR_OK && r.len == 1;
	if (*more)
		*to = (struct key){ r.cells[0].t, r.cells[1].t, r.cells[2].n };
	return rc;
}

static enum err
add_page(struct adding *w, const struct key *from, const struct key *to,
    struct fault *f)
{
	struct audit_slot *s;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_DAY_LINES,
	    DB_IN(db_t(w->out->account), db_t(w->out->day), db_t(from->akey),
		db_t(from->transfer), db_n(from->n), db_t(to->akey),
		db_t(to->transfer), db_n(to->n)),
	    "iii", LEDGER_SLOTS, &r, f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if ((s = slot_of(w, c[0].n, f)) == NULL)
			return f->err;
		s->lines_debit_kop = audit_add(s->lines_debit_kop, c[1].n);
		s->lines_credit_kop = audit_add(s->lines_credit_kop, c[2].n);
	}
	return rc;
}

static enum err
body(void *arg, struct fault *f)
{
	struct adding *w = arg;
	struct key from = { STR(""), STR(""), 0 }, to = from;
	bool more;
	enum err rc;

	memset(w->seen, 0, sizeof(w->seen));
	memset(w->slots, 0, sizeof(w->slots));
	rc = kept(w, f);
	if (rc == ERR_OK)
		rc = page_end(w, &to, &more, f);
	while (rc == ERR_OK && more) {
		rc = add_page(w, &from, &to, f);
		from = to;
		if (rc == ERR_OK)
			rc = page_end(w, &to, &more, f);
	}
	return rc;
}

enum err
st_audit_day(
    struct db *db, struct arena *a, struct audit_day *out, struct fault *f)
{
	struct adding w = { .db = db, .a = a, .out = out };
	enum err rc = tx_snapshot(db, "audit_day", body, &w, f);

	for (size_t i = 0; rc == ERR_OK && i < LEDGER_SLOTS; i++)
		if (w.seen[i])
			out->slots[out->slots_len++] = w.slots[i];
	return rc;
}
