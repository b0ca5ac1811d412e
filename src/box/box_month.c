#include "kvitok/box/box_books.h"

#include "kvitok/base/day.h"
#include "kvitok/box/box_chance.h"
#include "kvitok/box/box_paper.h"

struct month {
	const struct box_work *w;
	struct str month, paid_to_day;
	struct db_rows r; /* of box_bill */
	int64_t count, sum_kop;
};

/* What a service costs an account in a month; one in five is recalculated. */
static int64_t
accrued(const struct month *m, struct str account, struct str service,
    int64_t *recalculated_kop)
{
	int64_t seed = m->w->set->seed, at = day_month_number(m->month);
	struct str whom =
	    arena_fmt(m->w->a, "%.*s/%.*s", STR_ARG(account), STR_ARG(service));

	*recalculated_kop = box_chance(seed, "recalculated", whom, at, 5) == 0
	    ? -1 - box_chance(seed, "recalculation", whom, at, 5000)
	    : 0;
	return 50000 + box_chance(seed, "accrued", whom, at, 250000);
}

static enum err
charge_one(const struct month *m, struct str account, struct str service)
{
	struct arena *a = m->w->a;
	char day[DAY_TEXT_SIZE];
	int64_t recalculated_kop;
	int64_t kop = accrued(m, account, service, &recalculated_kop);
	bool there;

	box_books_today(m->w, day);
	return box_books_enter(m->w,
	    &(struct box_entry){ .kind = "charge",
		.id = arena_fmt(a, "charge/%.*s/%.*s/%.*s", STR_ARG(m->month),
		    STR_ARG(account), STR_ARG(service)),
		.account = account,
		.service = service,
		.day = str_of(day),
		.month = m->month,
		.kop = kop + recalculated_kop },
	    &there);
}

static enum err
charge_all(const struct month *m)
{
	const struct box_work *w = m->w;
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_ACCOUNTS,
	    DB_IN(db_t(STR("")), db_n(BOX_ACCOUNTS_MAX)), "ttt",
	    BOX_ACCOUNTS_MAX, &r, w->f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++)
		for (size_t k = 0; rc == ERR_OK && k < w->set->services_len;
		     k++)
			rc = charge_one(
			    m, db_row(&r, i)[0].t, w->set->services[k]);
	return rc;
}

static void
write_charge(const struct month *m, const struct db_cell *c, struct buf *b)
{
	int64_t recalculated_kop;
	int64_t kop = accrued(m, c[0].t, c[1].t, &recalculated_kop);

	box_paper_open(b, "charge");
	box_paper_text(b, "account", c[0].t);
	box_paper_text(b, "service", c[1].t);
	box_paper_int(b, "opening_kop", c[2].n);
	box_paper_int(b, "accrued_kop", kop);
	if (recalculated_kop != 0)
		box_paper_int(b, "recalculated_kop", recalculated_kop);
	box_paper_int(b, "paid_kop", c[3].n);
	box_paper_int(b, "closing_kop", c[4].n);
	if (recalculated_kop == 0) {
		box_paper_empty(b);
		return;
	}
	box_paper_inside(b);
	box_paper_words(
	    b, "recalculation_reason", STR("Услуга оказана не полностью"));
	box_paper_close(b, "charge");
}

static void
write_charges(const void *arg, struct buf *b)
{
	const struct month *m = arg;

	box_paper_open(b, "charges");
	box_paper_text(b, "month", m->month);
	box_paper_text(b, "paid_to_day", m->paid_to_day);
	box_paper_int(b, "count", m->count);
	box_paper_int(b, "sum_kop", m->sum_kop);
	box_paper_inside(b);
	for (size_t i = 0; i < m->r.len; i++)
		write_charge(m, db_row(&m->r, i), b);
	box_paper_close(b, "charges");
}

static enum err
tell_charges(struct month *m)
{
	const struct box_work *w = m->w;
	int64_t number, recalculated_kop;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_BILL,
	    DB_IN(db_t(m->month), db_t(m->month), db_n((int64_t)BOX_ROWS_MAX)),
	    "ttiii", BOX_ROWS_MAX, &m->r, w->f);

	if (rc != ERR_OK)
		return rc;
	m->count = (int64_t)m->r.len;
	for (size_t i = 0; i < m->r.len; i++) {
		const struct db_cell *c = db_row(&m->r, i);

		m->sum_kop += accrued(m, c[0].t, c[1].t, &recalculated_kop);
	}
	return box_books_document(w,
	    &(struct box_document){
		"charges", m->count, m->sum_kop, write_charges, m },
	    &number);
}

/* Months are charged in their order. */
static enum err
begin_month(const struct month *m)
{
	const struct box_work *w = m->w;
	struct db_rows r;
	enum err rc = box_db_read(
	    w->db, w->a, SQL_BOX_MONTH_LAST, DB_IN_NONE, "t", 1, &r, w->f);

	if (rc == ERR_OK && str_cmp(m->month, r.cells[0].t) <= 0)
		return fault_set(w->f, ERR_CONFLICT, "row_conflict",
		    "%.*s is charged", STR_ARG(r.cells[0].t));
	if (rc == ERR_OK)
		rc = box_db_run(w->db, SQL_BOX_MONTH_PUT,
		    DB_IN(db_t(m->month), db_t(m->paid_to_day)), w->f);
	return rc == ERR_OK
	    ? box_db_run(w->db, SQL_BOX_ENTRY_COUNT,
		  DB_IN(db_t(m->month), db_t(m->paid_to_day)), w->f)
	    : rc;
}

enum err
box_books_charge(
    const struct box_work *w, struct str month, struct str paid_to_day)
{
	struct month m = { .w = w, .month = month, .paid_to_day = paid_to_day };
	enum err rc = begin_month(&m);

	if (rc == ERR_OK)
		rc = charge_all(&m);
	if (rc == ERR_OK)
		rc = tell_charges(&m);
	return rc == ERR_OK ? box_books_balances(w) : rc;
}
