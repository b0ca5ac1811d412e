#include "kvitok/box/box_take.h"

#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"
#include "kvitok/box/box_paper.h"
#include "kvitok/box/box_read.h"
#include "kvitok/box/box_request.h"

#define REFUSALS_TOLD 1000
#define DUE_MAX 20
#define AT_ONCE_MAX 50 /* then requests are served in between */
#define ITEM_MEMORY ((size_t)16 << 20)
#define NEVER INT64_MAX
#define WORDS_MAX 300

/* What Kvitok says of one of ours. */
struct told {
	struct str state;
	int64_t of, applied, applied_kop, refused;
};

/* A document that is being taken. */
struct taking {
	const struct box_work *w;
	struct xml_schema *schema;
	int64_t number, parts;
	struct str kind;
	enum box_fault fault;
	int64_t answer_at;
	struct str day; /* of what it brings */
	struct told told;
	struct box_work rec; /* its memory is emptied after each record */
	/* Of its records. */
	int64_t record, applied, applied_kop, refused;
};

/* --- a record ------------------------------------------------------------- */

static enum err
refuse(struct taking *t, struct str words)
{
	const struct box_work *w = &t->rec;

	t->refused++;
	return box_db_run(w->db, SQL_BOX_REFUSED_PUT,
	    DB_IN(db_n(t->number), db_n(t->record),
		db_t(utf8_cut(words, WORDS_MAX))),
	    w->f);
}

static int64_t
number_of(const struct xml_node *n, const char *name)
{
	int64_t x = 0;

	/* The schema has seen to its form. */
	(void)!num_parse(xml_attr(n, name), INT64_MIN, INT64_MAX, &x);
	return x;
}

static enum err
there(const struct box_work *w, enum sql_id id, struct str key,
    const char *shape, bool *yes)
{
	struct db_rows r;
	enum err rc =
	    box_db_read(w->db, w->a, id, DB_IN(db_t(key)), shape, 1, &r, w->f);

	*yes = rc == ERR_OK && r.len == 1;
	return rc;
}

static bool
our_service(const struct taking *t, struct str service)
{
	for (size_t i = 0; i < t->w->set->services_len; i++)
		if (str_eq(t->w->set->services[i], service))
			return true;
	return false;
}

/* Gives: words, when a line of money cannot be booked. */
static enum err
judge_line(const struct taking *t, const struct xml_node *n, struct str paid,
    struct str *words)
{
	struct arena *a = t->rec.a;
	struct str account = xml_attr(n, "account");
	struct str service = xml_attr(n, "service");
	bool known = true, booked = true;
	enum err rc = there(&t->rec, SQL_BOX_ACCOUNT_GET, account, "t", &known);

	*words = STR("");
	if (rc == ERR_OK && paid.len > 0)
		rc = there(&t->rec, SQL_BOX_ENTRY_GET, paid, "tti", &booked);
	if (t->fault == BOX_REFUSE_LINE && t->record == 1)
		*words = STR("Запись не принята: так велено имитатору");
	else if (!known)
		*words = arena_fmt(
		    a, "Лицевой счёт %.*s не найден", STR_ARG(account));
	else if (!our_service(t, service))
		*words = arena_fmt(
		    a, "Услуга %.*s не оказывается", STR_ARG(service));
	else if (!booked)
		*words = STR("Платёж, который возвращён, не учтён");
	return rc;
}

static enum err
book_line(struct taking *t, const struct xml_node *n, struct box_entry *e,
    struct str paid)
{
	struct str words;
	bool booked;
	enum err rc = judge_line(t, n, paid, &words);

	if (rc != ERR_OK)
		return rc;
	if (words.len > 0)
		return refuse(t, words);
	e->account = xml_attr(n, "account");
	e->service = xml_attr(n, "service");
	e->month = STR("");
	e->document = t->number;
	rc = box_books_enter(&t->rec, e, &booked);
	if (rc == ERR_CONFLICT && booked)
		return refuse(t, STR("Эта запись учтена с другим содержанием"));
	t->applied += rc == ERR_OK;
	t->applied_kop += number_of(n, "sum_kop");
	return rc;
}

static enum err
book_payment(struct taking *t, const struct xml_node *n)
{
	struct str number = xml_attr(n, "number"), line = xml_attr(n, "line");
	struct box_entry e = { .kind = "payment",
		.id = arena_fmt(t->rec.a, "payment/%.*s/%.*s", STR_ARG(number),
		    STR_ARG(line)),
		.day = xml_attr(n, "business_day"),
		.kop = -number_of(n, "sum_kop") };

	return book_line(t, n, &e, STR(""));
}

static enum err
book_refund(struct taking *t, const struct xml_node *n)
{
	struct str id = xml_attr(n, "id"), line = xml_attr(n, "line");
	struct str number = xml_attr(n, "number");
	struct box_entry e = { .kind = "refund",
		.id = arena_fmt(
		    t->rec.a, "refund/%.*s/%.*s", STR_ARG(id), STR_ARG(line)),
		.day = t->day,
		.kop = number_of(n, "sum_kop") };

	return book_line(t, n, &e,
	    arena_fmt(
		t->rec.a, "payment/%.*s/%.*s", STR_ARG(number), STR_ARG(line)));
}

static enum err
book_reading(struct taking *t, const struct xml_node *n)
{
	const struct box_work *w = &t->rec;
	struct str meter = xml_attr(n, "meter"), id = xml_attr(n, "id");
	bool known, had = false;
	enum err rc = there(w, SQL_BOX_METER_GET, meter, "ti", &known);

	if (rc == ERR_OK && known)
		rc = there(w, SQL_BOX_READING_GET, id, "ti", &had);
	if (rc != ERR_OK)
		return rc;
	if (!known || (t->fault == BOX_REFUSE_LINE && t->record == 1))
		return refuse(t, STR("Прибор учёта не найден"));
	t->applied++;
	return had
	    ? ERR_OK
	    : box_db_run(w->db, SQL_BOX_READING_PUT,
		  DB_IN(db_t(id), db_t(meter), db_n(number_of(n, "value")),
		      db_t(xml_attr(n, "taken_at")), db_n(t->number)),
		  w->f);
}

static enum err
book_request(struct taking *t, const struct xml_node *n)
{
	struct str words;
	enum err rc;

	if (t->fault == BOX_REFUSE_LINE && t->record == 1)
		return refuse(
		    t, STR("Запись не принята: так велено имитатору"));
	rc = box_request_take(&t->rec, n, t->number, &words);
	if (rc == ERR_OK && words.len > 0)
		return refuse(t, words);
	t->applied += rc == ERR_OK;
	return rc;
}

static enum err
book(void *self, const struct xml_node *n)
{
	struct taking *t = self;
	enum err rc = ERR_OK;

	t->record++;
	if (str_eq(t->kind, STR("payments")))
		rc = book_payment(t, n);
	else if (str_eq(t->kind, STR("refunds")))
		rc = book_refund(t, n);
	else if (str_eq(t->kind, STR("readings")))
		rc = book_reading(t, n);
	else if (str_eq(t->kind, STR("requests")))
		rc = book_request(t, n);
	else
		t->applied++; /* settlements and the like are read by people */
	arena_reset(t->rec.a);
	return rc;
}

/* What a document says before its records; that of an acknowledgement is all
 * that we look at. */
static void
look_at_head(void *self, const struct xml_head *h)
{
	struct taking *t = self;

	t->day = arena_str(t->w->a, xml_attr(h->body, "business_day"));
	t->told = (struct told){
		.state = arena_str(t->w->a, xml_attr(h->body, "state")),
		.of = number_of(h->body, "of"),
		.applied = number_of(h->body, "count"),
		.applied_kop = number_of(h->body, "sum_kop"),
		.refused = number_of(h->body, "refused_count"),
	};
}

/* --- a document ----------------------------------------------------------- */

/* Kvitok's acknowledgement of one of ours. */
static enum err
note_told(const struct taking *t)
{
	const struct told *x = &t->told;

	return box_db_run(t->w->db, SQL_BOX_DOC_TOLD,
	    DB_IN(db_t(x->state), db_n(x->applied), db_n(x->applied_kop),
		db_n(x->refused), db_n(x->of)),
	    t->w->f);
}

static bool
is_acknowledgement(const struct taking *t)
{
	return str_eq(t->kind, STR("acknowledgement"));
}

static enum err
read_it(struct taking *t, bool to_book, struct box_judged *out)
{
	struct box_reading r = { .w = t->w,
		.schema = t->schema,
		.number = t->number,
		.parts = t->parts,
		.kind = t->kind,
		.head = look_at_head,
		.record = to_book ? book : NULL,
		.self = t };

	return box_read(&r, out);
}

static enum err
write_down(struct taking *t, const struct box_judged *j, int64_t seen)
{
	const struct box_work *w = t->w;

	return box_db_run(w->db, SQL_BOX_TAKEN_PUT,
	    DB_IN(db_n(t->number), db_t(t->kind), db_t(str_of(j->sha256)),
		db_t(j->good ? STR("applied") : STR("refused")),
		db_t(utf8_cut(j->words, REFUSALS_TOLD)), db_n(t->applied),
		db_n(t->applied_kop), db_n(t->refused), db_n(seen),
		db_n(is_acknowledgement(t) ? 0 : t->answer_at)),
	    w->f);
}

/* A document that is new, or was refused when it came before. */
static enum err
take_new(struct taking *t, struct box_judged *j, int64_t seen)
{
	struct box_judged again;
	enum err rc = ERR_OK;

	t->rec = *t->w;
	if (t->fault == BOX_REFUSE_DOCUMENT && j->good) {
		j->good = false;
		j->words = STR("Документ не принят: так велено имитатору");
	}
	if (j->good && is_acknowledgement(t))
		rc = note_told(t);
	else if (j->good) {
		t->rec.a = arena_new(ITEM_MEMORY);
		rc = read_it(t, true, &again);
		arena_free(t->rec.a);
	}
	if (rc == ERR_OK && j->good && t->record == 0)
		t->applied_kop = j->n.sum_kop;
	return rc == ERR_OK ? write_down(t, j, seen) : rc;
}

static enum err
forget_refused(const struct taking *t)
{
	const struct box_work *w = t->w;
	enum err rc =
	    box_db_run(w->db, SQL_BOX_TAKEN_DROP, DB_IN(db_n(t->number)), w->f);

	return rc == ERR_OK ? box_db_run(w->db, SQL_BOX_REFUSED_DROP,
				  DB_IN(db_n(t->number)), w->f)
			    : rc;
}

/* One that was booked stays as it was booked; Kvitok has not heard of it, or
 * has changed it, which it never should. */
static enum err
take_known(const struct taking *t, bool changed)
{
	return box_db_run(t->w->db, SQL_BOX_TAKEN_SEEN,
	    DB_IN(db_n(changed ? 1 : 0),
		db_n(is_acknowledgement(t) ? 0 : t->answer_at),
		db_n(t->number)),
	    t->w->f);
}

static enum err
take_one(struct taking *t)
{
	const struct box_work *w = t->w;
	struct box_judged j;
	struct db_rows was;
	enum err rc = read_it(t, false, &j);

	if (rc == ERR_OK)
		rc = box_db_read(w->db, w->a, SQL_BOX_TAKEN_GET,
		    DB_IN(db_n(t->number)), "tti", 1, &was, w->f);
	if (rc != ERR_OK)
		return rc;
	if (was.len == 0) {
		rc = take_new(t, &j, 1);
	} else if (str_eq(was.cells[1].t, STR("applied"))) {
		rc = take_known(t, !str_eq(was.cells[0].t, str_of(j.sha256)));
	} else {
		rc = forget_refused(t);
		if (rc == ERR_OK)
			rc = take_new(t, &j, was.cells[2].n + 1);
	}
	return rc == ERR_OK
	    ? box_db_run(w->db, SQL_BOX_OUT_TAKEN, DB_IN(db_n(t->number)), w->f)
	    : rc;
}

static void
choose_fault(struct taking *t, struct box_faults *faults)
{
	int64_t ms = 0;

	t->fault = is_acknowledgement(t)
	    ? BOX_FAULT_NONE
	    : box_fault_take(faults, BOX_TAKING, t->kind, t->number, &ms);
	t->answer_at = t->fault == BOX_LOST_ANSWER ? NEVER : t->w->now + ms;
}

/* Gives: *found, whether there was one above *number. */
static enum err
take_next(const struct box_work *w, struct xml_schema *schema,
    struct box_faults *faults, int64_t *number, bool *found)
{
	struct taking t = { .w = w, .schema = schema };
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_OUT_NEXT,
	    DB_IN(db_n(*number)), "i", 1, &r, w->f);

	*found = rc == ERR_OK && r.cells[0].n > *number;
	if (!*found)
		return rc;
	*number = t.number = r.cells[0].n;
	rc = box_db_read(w->db, w->a, SQL_BOX_OUT_GET, DB_IN(db_n(t.number)),
	    "ti", 1, &r, w->f);
	if (rc != ERR_OK || r.len == 0)
		return rc;
	t.kind = str_trim(r.cells[0].t);
	t.parts = r.cells[1].n;
	choose_fault(&t, faults);
	return take_one(&t);
}

/* --- our acknowledgements ------------------------------------------------- */

struct answer {
	int64_t number, applied, applied_kop, refused;
	struct str kind, state, words;
	struct db_rows refusals;
};

static void
write_answer(const void *arg, struct buf *b)
{
	const struct answer *x = arg;

	box_paper_open(b, "acknowledgement");
	box_paper_int(b, "of", x->number);
	box_paper_text(b, "state", x->state);
	box_paper_int(b, "count", x->applied);
	box_paper_int(b, "sum_kop", x->applied_kop);
	box_paper_int(b, "refused_count", x->refused);
	box_paper_inside(b);
	if (x->words.len > 0)
		box_paper_words(b, "words", x->words);
	for (size_t i = 0; i < x->refusals.len; i++) {
		const struct db_cell *c = db_row(&x->refusals, i);

		box_paper_open(b, "refused");
		box_paper_int(b, "record", c[1].n);
		box_paper_inside(b);
		box_paper_words(b, "words", c[0].t);
		box_paper_close(b, "refused");
	}
	box_paper_close(b, "acknowledgement");
}

static enum err
answer_one(const struct box_work *w, struct answer *x)
{
	int64_t number;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_REFUSED_LIST,
	    DB_IN(db_n(x->number), db_n(REFUSALS_TOLD)), "ti", REFUSALS_TOLD,
	    &x->refusals, w->f);

	if (rc == ERR_OK)
		rc = box_books_document(w,
		    &(struct box_document){ "acknowledgement", x->applied,
			x->applied_kop, write_answer, x },
		    &number);
	return rc == ERR_OK ? box_db_run(w->db, SQL_BOX_TAKEN_ANSWERED,
				  DB_IN(db_n(number), db_n(x->number)), w->f)
			    : rc;
}

static enum err
answer_due(const struct box_work *w)
{
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_TAKEN_DUE,
	    DB_IN(db_n(w->now), db_n(DUE_MAX)), "tttiiii", DUE_MAX, &r, w->f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		rc = answer_one(w,
		    &(struct answer){ .kind = c[0].t,
			.state = c[1].t,
			.words = c[2].t,
			.number = c[3].n,
			.applied = c[4].n,
			.applied_kop = c[5].n,
			.refused = c[6].n });
	}
	return rc;
}

/* --- both ----------------------------------------------------------------- */

static enum err
end_transaction(const struct box_work *w, enum err rc)
{
	if (rc == ERR_OK)
		return box_db_commit(w->db, w->f);
	box_db_rollback(w->db);
	return rc;
}

enum err
box_take(const struct box_work *w, struct xml_schema *schema,
    struct box_faults *faults)
{
	int64_t number = 0;
	bool found = true;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && found && i < AT_ONCE_MAX; i++) {
		const struct box_faults before = *faults;
		struct box_work one = *w;

		one.a = arena_new(ITEM_MEMORY);
		rc = box_db_begin(w->db, w->f);
		if (rc == ERR_OK) {
			rc = take_next(&one, schema, faults, &number, &found);
			rc = end_transaction(w, rc);
		}
		arena_free(one.a);
		if (rc != ERR_OK)
			*faults = before;
	}
	if (rc == ERR_OK)
		rc = box_db_begin(w->db, w->f);
	return rc == ERR_OK ? end_transaction(w, answer_due(w)) : rc;
}
