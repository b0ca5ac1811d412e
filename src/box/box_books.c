#include "kvitok/box/box_books.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/box/box_chance.h"
#include "kvitok/box/box_paper.h"

#include <stdio.h>

#define METER_DIGITS 6
#define READINGS_MAX 1000

void
box_books_today(const struct box_work *w, char day[DAY_TEXT_SIZE])
{
	day_of(w->now, DAY_ZONE_MOSCOW, day);
}

/* --- a document ----------------------------------------------------------- */

static enum err
put_parts(const struct box_work *w, int64_t number, struct str rest, int64_t *n)
{
	enum err rc = ERR_OK;

	for (*n = 0; rc == ERR_OK && rest.len > 0;) {
		struct str piece = utf8_cut_bytes(rest, BOX_PART_BYTES);

		++*n;
		rc = box_db_run(w->db, SQL_BOX_DOC_PART_PUT,
		    DB_IN(db_n(number), db_n(*n), db_t(piece)), w->f);
		rest.p += piece.len;
		rest.len -= piece.len;
	}
	return rc;
}

enum err
box_books_document(
    const struct box_work *w, const struct box_document *d, int64_t *number)
{
	struct box_envelope e = { .portal = w->set->portal,
		.supplier = w->set->supplier,
		.made_at = w->now };
	struct db_rows r;
	struct buf b;
	int64_t parts;
	enum err rc = box_db_read(
	    w->db, w->a, SQL_BOX_DOC_NEXT, DB_IN_NONE, "i", 1, &r, w->f);

	if (rc != ERR_OK)
		return rc;
	*number = e.number = r.cells[0].n;
	buf_init(&b, w->a, BOX_PAPER_MAX);
	box_paper_begin(&b, &e);
	d->write(d->arg, &b);
	box_paper_end(&b);
	if (b.full)
		return fault_set(
		    w->f, ERR_LIMIT, "internal", "%s is too long", d->kind);
	rc = put_parts(w, e.number, buf_str(&b), &parts);
	return rc == ERR_OK
	    ? box_db_run(w->db, SQL_BOX_DOC_PUT,
		  DB_IN(db_n(e.number), db_t(str_of(d->kind)), db_n(parts),
		      db_n(d->said), db_n(d->said_kop)),
		  w->f)
	    : rc;
}

/* --- accounts and meters -------------------------------------------------- */

static const char *const surnames[] = { "Абрамов", "Белова", "Гусев",
	"Дроздова", "Ёлкин", "Жукова", "Зимин", "Ильина", "Котов", "Лебедева" };

/* Accounts that are told of; of their people what chance says. */
struct accounts_told {
	const struct box_conf *set;
	struct db_rows rows;
};

static int64_t
chance(const struct accounts_told *x, const char *what, struct str number,
    int64_t below)
{
	return box_chance(x->set->seed, what, number, 0, below);
}

/* Every third has a benefit. */
static void
write_people(const struct accounts_told *x, struct buf *b, struct str number)
{
	char text[40];

	if (chance(x, "benefit", number, 3) == 0) {
		box_paper_open(b, "benefit");
		box_paper_text(b, "kind", STR("veteran"));
		box_paper_text(b, "title", STR("Ветеран труда"));
		box_paper_text(b, "from_day", STR("2020-01-01"));
		box_paper_empty(b);
	}
	(void)snprintf(text, sizeof(text), "owner-%lld@example.org",
	    (long long)chance(x, "email", number, 1000000));
	box_paper_open(b, "email");
	box_paper_text(b, "address", str_of(text));
	box_paper_empty(b);
	(void)snprintf(text, sizeof(text), "+7900%07lld",
	    (long long)chance(x, "phone", number, 10000000));
	box_paper_open(b, "phone");
	box_paper_text(b, "number", str_of(text));
	box_paper_empty(b);
}

static void
write_accounts(const void *arg, struct buf *b)
{
	const struct accounts_told *x = arg;
	const struct db_rows *r = &x->rows;

	box_paper_open(b, "accounts");
	box_paper_int(b, "count", (int64_t)r->len);
	box_paper_inside(b);
	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		box_paper_open(b, "account");
		box_paper_text(b, "number", c[0].t);
		box_paper_text(b, "address", c[2].t);
		box_paper_int(
		    b, "persons", 1 + chance(x, "persons", c[0].t, 5));
		box_paper_int(b, "area", 30 + chance(x, "area", c[0].t, 70));
		box_paper_inside(b);
		box_paper_open(b, "owner");
		box_paper_text(b, "last_name", c[1].t);
		box_paper_empty(b);
		write_people(x, b, c[0].t);
		box_paper_close(b, "account");
	}
	box_paper_close(b, "accounts");
}

static void
write_meters(const void *arg, struct buf *b)
{
	const struct db_rows *r = arg;

	box_paper_open(b, "meters");
	box_paper_int(b, "count", (int64_t)r->len);
	box_paper_inside(b);
	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		box_paper_open(b, "meter");
		box_paper_text(b, "account", c[1].t);
		box_paper_text(b, "id", c[0].t);
		box_paper_text(b, "service", c[2].t);
		box_paper_text(b, "title", STR("Прибор учёта"));
		box_paper_text(b, "serial", c[0].t);
		box_paper_text(b, "unit", STR("м³"));
		box_paper_int(b, "digits", METER_DIGITS);
		box_paper_int(b, "last_value", c[4].n);
		box_paper_text(b, "last_day", c[3].t);
		box_paper_empty(b);
	}
	box_paper_close(b, "meters");
}

static enum err
found_meter(const struct box_work *w, struct str account, int64_t i)
{
	char day[DAY_TEXT_SIZE];

	box_books_today(w, day);
	return box_db_run(w->db, SQL_BOX_METER_PUT,
	    DB_IN(db_t(arena_fmt(w->a, "M-%.*s", STR_ARG(account))),
		db_t(account), db_t(w->set->metered),
		db_n(100 + box_chance(w->set->seed, "meter", account, i, 5000)),
		db_t(str_of(day))),
	    w->f);
}

static enum err
found_account(const struct box_work *w, int64_t i)
{
	struct str number = arena_fmt(
	    w->a, "%.*s%05lld", STR_ARG(w->set->prefix), (long long)i);
	struct str owner = str_of(surnames[box_chance(
	    w->set->seed, "owner", number, i, KV_COUNT(surnames))]);
	struct str address =
	    arena_fmt(w->a, "г. Иркутск, ул. Новая, д. %lld, кв. %lld",
		(long long)(1 + i / 100), (long long)(1 + i % 100));
	enum err rc = box_db_run(w->db, SQL_BOX_ACCOUNT_PUT,
	    DB_IN(db_t(number), db_t(owner), db_t(address)), w->f);

	return rc == ERR_OK && w->set->metered.len > 0
	    ? found_meter(w, number, i)
	    : rc;
}

static enum err
tell_meters(const struct box_work *w)
{
	struct db_rows r;
	int64_t number;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_METERS,
	    DB_IN(db_n(BOX_ACCOUNTS_MAX)), "tttti", BOX_ACCOUNTS_MAX, &r, w->f);

	if (rc != ERR_OK || r.len == 0)
		return rc;
	return box_books_document(w,
	    &(struct box_document){
		"meters", (int64_t)r.len, 0, write_meters, &r },
	    &number);
}

enum err
box_books_found(const struct box_work *w)
{
	struct accounts_told x = { .set = w->set };
	struct db_rows r;
	int64_t number;
	enum err rc = box_db_read(
	    w->db, w->a, SQL_BOX_ACCOUNTS_COUNT, DB_IN_NONE, "i", 1, &r, w->f);

	if (rc != ERR_OK || r.cells[0].n > 0 || w->set->accounts == 0)
		return rc;
	for (int64_t i = 1; i <= w->set->accounts && rc == ERR_OK; i++)
		rc = found_account(w, i);
	if (rc == ERR_OK)
		rc = box_db_read(w->db, w->a, SQL_BOX_ACCOUNTS,
		    DB_IN(db_t(STR("")), db_n(BOX_ACCOUNTS_MAX)), "ttt",
		    BOX_ACCOUNTS_MAX, &x.rows, w->f);
	if (rc == ERR_OK)
		rc = box_books_document(w,
		    &(struct box_document){ "accounts", (int64_t)x.rows.len, 0,
			write_accounts, &x },
		    &number);
	return rc == ERR_OK ? tell_meters(w) : rc;
}

/* --- entries -------------------------------------------------------------- */

enum err
box_books_enter(
    const struct box_work *w, const struct box_entry *e, bool *there)
{
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_ENTRY_GET,
	    DB_IN(db_t(e->id)), "tti", 1, &r, w->f);

	if (rc != ERR_OK)
		return rc;
	*there = r.len == 1;
	if (*there)
		return str_eq(r.cells[0].t, e->account) &&
			str_eq(r.cells[1].t, e->service) &&
			r.cells[2].n == e->kop
		    ? ERR_OK
		    : fault_set(w->f, ERR_CONFLICT, "row_conflict",
			  "%.*s is booked otherwise", STR_ARG(e->id));
	return box_db_run(w->db, SQL_BOX_ENTRY_PUT,
	    DB_IN(db_t(e->id), db_t(e->account), db_t(e->service),
		db_t(str_of(e->kind)), db_t(e->day), db_t(e->month),
		db_n(e->kop), db_n(e->document)),
	    w->f);
}

/* --- balances ------------------------------------------------------------- */

/* Rows of box_balances, and their day. */
struct balances {
	struct db_rows r;
	char day[DAY_TEXT_SIZE];
	int64_t sum_kop;
};

static void
write_balances(const void *arg, struct buf *b)
{
	const struct balances *x = arg;

	box_paper_open(b, "balances");
	box_paper_text(b, "as_of_day", str_of(x->day));
	box_paper_int(b, "count", (int64_t)x->r.len);
	box_paper_int(b, "sum_kop", x->sum_kop);
	box_paper_inside(b);
	for (size_t i = 0; i < x->r.len; i++) {
		const struct db_cell *c = db_row(&x->r, i);

		box_paper_open(b, "balance");
		box_paper_text(b, "account", c[0].t);
		box_paper_text(b, "service", c[1].t);
		box_paper_int(b, "debt_kop", c[3].n);
		box_paper_empty(b);
	}
	box_paper_close(b, "balances");
}

enum err
box_books_balances(const struct box_work *w)
{
	struct balances x = { .sum_kop = 0 };
	int64_t number;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_BALANCES,
	    DB_IN(db_n((int64_t)BOX_ROWS_MAX)), "ttii", BOX_ROWS_MAX, &x.r,
	    w->f);

	if (rc != ERR_OK)
		return rc;
	box_books_today(w, x.day);
	for (size_t i = 0; i < x.r.len; i++)
		x.sum_kop += db_row(&x.r, i)[3].n;
	return box_books_document(w,
	    &(struct box_document){
		"balances", (int64_t)x.r.len, x.sum_kop, write_balances, &x },
	    &number);
}

/* --- paid elsewhere ------------------------------------------------------- */

struct elsewhere {
	const struct box_entry *v;
	size_t len;
	int64_t sum_kop;
};

static void
write_elsewhere(const void *arg, struct buf *b)
{
	const struct elsewhere *x = arg;

	box_paper_open(b, "payments_elsewhere");
	box_paper_int(b, "count", (int64_t)x->len);
	box_paper_int(b, "sum_kop", x->sum_kop);
	box_paper_inside(b);
	for (size_t i = 0; i < x->len; i++) {
		const struct box_entry *e = &x->v[i];

		box_paper_open(b, "payment");
		box_paper_text(b, "id", e->id);
		box_paper_text(b, "account", e->account);
		box_paper_text(b, "service", e->service);
		box_paper_int(b, "sum_kop", -e->kop);
		box_paper_text(b, "paid_day", e->day);
		box_paper_text(b, "place", STR("Почта России"));
		box_paper_empty(b);
	}
	box_paper_close(b, "payments_elsewhere");
}

/* The nth payment elsewhere that the box has seen. */
static void
pay_elsewhere(const struct box_work *w, const struct db_rows *accounts,
    int64_t n, struct str day, struct box_entry *e)
{
	int64_t seed = w->set->seed;
	size_t who = (size_t)box_chance(
	    seed, "payer", STR(""), n, (int64_t)accounts->len);
	size_t what = (size_t)box_chance(
	    seed, "service", STR(""), n, (int64_t)w->set->services_len);

	*e = (struct box_entry){ .kind = "elsewhere",
		.id = arena_fmt(w->a, "elsewhere/%lld", (long long)n),
		.account = db_row(accounts, who)[0].t,
		.service = w->set->services[what],
		.day = day,
		.month = STR(""),
		.kop = -1000 - box_chance(seed, "sum", STR(""), n, 100000) };
}

enum err
box_books_elsewhere(const struct box_work *w, int64_t n)
{
	struct box_entry *v = ARENA_ARRAY(w->a, (size_t)n, struct box_entry);
	struct elsewhere x = { .v = v, .len = (size_t)n };
	char day[DAY_TEXT_SIZE];
	struct db_rows r, had;
	int64_t number;
	bool there;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_ACCOUNTS,
	    DB_IN(db_t(STR("")), db_n(BOX_ACCOUNTS_MAX)), "ttt",
	    BOX_ACCOUNTS_MAX, &r, w->f);

	if (rc == ERR_OK)
		rc = box_db_read(w->db, w->a, SQL_BOX_ELSEWHERE_COUNT,
		    DB_IN_NONE, "i", 1, &had, w->f);
	if (rc != ERR_OK || r.len == 0)
		return rc;
	box_books_today(w, day);
	for (size_t i = 0; i < x.len && rc == ERR_OK; i++) {
		pay_elsewhere(
		    w, &r, had.cells[0].n + 1 + (int64_t)i, str_of(day), &v[i]);
		x.sum_kop -= v[i].kop;
		rc = box_books_enter(w, &v[i], &there);
	}
	if (rc == ERR_OK)
		rc = box_books_document(w,
		    &(struct box_document){ "payments_elsewhere", n, x.sum_kop,
			write_elsewhere, &x },
		    &number);
	return rc == ERR_OK ? box_books_balances(w) : rc;
}

/* --- readings ------------------------------------------------------------- */

/* Rows of box_readings_open, and whether each is good. */
struct answers {
	struct db_rows r;
	bool *good;
};

static void
write_answers(const void *arg, struct buf *b)
{
	const struct answers *x = arg;

	box_paper_open(b, "reading_answers");
	box_paper_int(b, "count", (int64_t)x->r.len);
	box_paper_inside(b);
	for (size_t i = 0; i < x->r.len; i++) {
		box_paper_open(b, "answer");
		box_paper_text(b, "reading", db_row(&x->r, i)[0].t);
		box_paper_text(
		    b, "accepted", x->good[i] ? STR("true") : STR("false"));
		if (x->good[i]) {
			box_paper_empty(b);
			continue;
		}
		box_paper_inside(b);
		box_paper_words(b, "reason", STR("Показание меньше учтённого"));
		box_paper_close(b, "answer");
	}
	box_paper_close(b, "reading_answers");
}

/* A meter stands where the readings before this one have moved it. */
static bool
is_good(const struct answers *x, size_t i)
{
	const struct db_cell *c = db_row(&x->r, i);
	int64_t stands = c[4].n;

	for (size_t k = 0; k < i; k++) {
		const struct db_cell *before = db_row(&x->r, k);

		if (x->good[k] && str_eq(before[1].t, c[1].t))
			stands = before[3].n;
	}
	return c[3].n >= stands;
}

/* What was accepted is where the meter stands now. */
static enum err
answer_reading(const struct box_work *w, const struct db_cell *c, bool good,
    int64_t number)
{
	char day[DAY_TEXT_SIZE];
	int64_t at = 0;
	enum err rc = box_db_run(w->db, SQL_BOX_READING_ANSWER,
	    DB_IN(db_n(number), db_t(c[0].t)), w->f);

	if (rc != ERR_OK || !good)
		return rc;
	/* The schema has seen to its form. */
	(void)!day_parse_rfc3339(c[2].t, &at);
	day_of(at, DAY_ZONE_MOSCOW, day);
	return box_db_run(w->db, SQL_BOX_METER_MOVE,
	    DB_IN(db_n(c[3].n), db_t(str_of(day)), db_t(c[1].t)), w->f);
}

enum err
box_books_answer_readings(const struct box_work *w)
{
	struct answers x;
	int64_t number = 0;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_READINGS_OPEN,
	    DB_IN(db_n(READINGS_MAX)), "tttii", READINGS_MAX, &x.r, w->f);

	if (rc != ERR_OK || x.r.len == 0)
		return rc;
	x.good = ARENA_ARRAY(w->a, x.r.len, bool);
	for (size_t i = 0; i < x.r.len; i++)
		x.good[i] = is_good(&x, i);
	rc = box_books_document(w,
	    &(struct box_document){
		"reading_answers", (int64_t)x.r.len, 0, write_answers, &x },
	    &number);
	for (size_t i = 0; rc == ERR_OK && i < x.r.len; i++)
		rc = answer_reading(w, db_row(&x.r, i), x.good[i], number);
	return rc;
}
