#include "kvitok/domain/audit_send.h"

#include "kvitok/domain/audit_look.h"
#include "kvitok/domain/exchange.h"

#include <inttypes.h>

/* --- a record ----------------------------------------------------------- */

/* A payment is named twice; of the others the row was found by both. */
static void
check_row(const struct audit_look *w, const struct audit_sent *x,
    const struct audit_sent_item *i, enum send_kind kind)
{
	audit_must_read(w,
	    str_eq(i->portal, x->portal) && str_eq(i->supplier, x->supplier),
	    "document", x->id, "one of the row's supplier");
	audit_must_be(w, "sum_kop", i->sum_kop, i->row_kop);
	audit_must_equal(w, "day", i->day, i->row_day);
	if (kind == SEND_PAYMENTS)
		audit_must_equal(w, "number", i->number, i->ref);
	if (kind == SEND_READINGS)
		audit_must_read(w, str_eq(i->row_state, STR("given")), "ref",
		    i->ref, "a reading that was given");
	if (kind == SEND_SETTLEMENT)
		audit_must_hold(w,
		    str_eq(i->row_state, STR("returned")) ||
			(i->line == 0 &&
			    str_eq(i->row_state, STR("confirmed"))),
		    "line", i->line, "what became of the settlement");
}

/* Days of a document are its own or, of what came late, earlier ones. */
static void
check_day(const struct audit_look *w, const struct audit_sent *x,
    const struct audit_sent_item *i, enum send_kind kind)
{
	bool own = kind == SEND_READINGS || kind == SEND_SETTLEMENT;

	audit_must_read(w,
	    own ? str_eq(i->day, x->period) : str_cmp(i->day, x->period) <= 0,
	    "day", i->day, "of the document's period");
	audit_must_read(w,
	    kind == SEND_READINGS || str_cmp(i->day, x->from_day) >= 0, "day",
	    i->day, "not before sending began");
}

static void
check_answer(const struct audit_look *w, const struct audit_sent_item *i,
    enum send_kind kind)
{
	bool refused = str_eq(i->answer, STR("refused"));

	audit_must_read(w, !refused || i->refusal_told, "answer", i->answer,
	    "told by a case");
	audit_must_read(w,
	    refused || i->answer.len == 0 || kind == SEND_READINGS, "answer",
	    i->answer, "that of a reading");
	audit_must_read(
	    w, refused || i->words.len == 0, "words", i->words, "empty");
}

static void
add_up(struct audit_sent_sums *sums, const struct audit_sent_item *i)
{
	sums->items++;
	sums->sum_kop = audit_add(sums->sum_kop, i->sum_kop);
	if (!str_eq(i->answer, STR("refused")))
		return;
	sums->refused++;
	sums->refused_kop = audit_add(sums->refused_kop, i->sum_kop);
}

void
audit_sent_item(struct arena *a, const struct audit_sent *x,
    const struct audit_sent_item *i, struct audit_sent_sums *sums,
    const struct audit_sink *to)
{
	struct audit_look w = { a, "exchange_item",
		arena_fmt(a, "%.*s/%" PRId64, STR_ARG(x->id), i->n), to };
	enum send_kind kind = send_kind_of(x->kind);

	add_up(sums, i);
	audit_must_be(&w, "n", i->n, sums->items);
	if (kind == SEND_KIND__COUNT)
		return; /* told of the document */
	audit_must_equal(&w, "kind", i->kind, str_of(send_record_name(kind)));
	if (i->there)
		check_row(&w, x, i, kind);
	else
		audit_look_wrong(&w, "ref",
		    arena_fmt(a, "%.*s/%.*s/%.*s/%" PRId64, STR_ARG(i->akey),
			STR_ARG(i->number), STR_ARG(i->ref), i->line),
		    STR("a row that is there"));
	check_day(&w, x, i, kind);
	check_answer(&w, i, kind);
}

/* --- a document --------------------------------------------------------- */

/* It was handed over under its number, and is whole. */
static void
check_made(const struct audit_look *w, const struct audit_sent *x,
    const struct audit_sent_sums *sums)
{
	bool text = x->sha256.len > 0;

	audit_must_be(w, "items", x->items, sums->items);
	audit_must_be(w, "sum_kop", x->sum_kop, sums->sum_kop);
	audit_must_hold(w, str_eq(x->out_kind, x->kind), "number", x->number,
	    "that of one that is handed over");
	audit_must_hold(w, x->out_made_at == x->made_at, "made_at", x->made_at,
	    "when it got its number");
	audit_must_hold(w, x->begun_at <= x->made_at, "begun_at", x->begun_at,
	    "before it was made");
	audit_must_hold(w, x->tries > 0 || !str_eq(x->out_state, STR("handed")),
	    "tries", x->tries, "one at least");
	audit_must_read(w,
	    text ? x->sha256.len == EXCHANGE_DIGEST_LEN : x->tries == 0,
	    "sha256", x->sha256, "the digest of its text");
	audit_must_hold(w, text == (x->size > 0), "size", x->size,
	    text ? "that of its text" : "0");
}

/* A day that is done; of readings and settlements the cursor says nothing. */
static void
check_period(
    const struct audit_look *w, const struct audit_sent *x, enum send_kind kind)
{
	audit_must_read(w, x->from_day.len > 0, "kind", x->kind,
	    "one that is sent to the supplier");
	if (kind == SEND_PAYMENTS || kind == SEND_REFUNDS)
		audit_must_read(w, str_cmp(x->period, x->done_day) <= 0,
		    "period", x->period, "a day that is done");
}

/* Nobody hands it over, nobody waits for an answer, and nobody was asked. */
static bool
forgotten(const struct audit_sent *x)
{
	return x->next_at == 0 && str_eq(x->out_state, STR("handed")) &&
	    !x->unanswered_told;
}

static void
check_waiting(const struct audit_look *w, const struct audit_sent *x)
{
	audit_must_be(w, "applied", x->applied, 0);
	audit_must_be(w, "applied_kop", x->applied_kop, 0);
	audit_must_be(w, "refused", x->refused, 0);
	audit_must_hold(w, !forgotten(x), "next_at", x->next_at,
	    "a time, or told by a case");
}

static void
check_ended(const struct audit_look *w, const struct audit_sent *x)
{
	audit_must_be(w, "next_at", x->next_at, 0);
	audit_must_hold(w, x->ended_at >= x->made_at, "ended_at", x->ended_at,
	    "after it was made");
	audit_must_hold(w,
	    str_eq(x->in_kind, STR("acknowledgement")) &&
		str_eq(x->in_state, STR("applied")),
	    "of_number", x->of_number, "an acknowledgement");
}

/* Later answers about readings change what is refused of them. */
static void
check_said(const struct audit_look *w, const struct audit_sent *x,
    const struct audit_sent_sums *sums, enum send_kind kind)
{
	const struct send_answer said = { true, x->applied, x->applied_kop,
		x->refused };
	int64_t listed = kind == SEND_READINGS ? x->refused : sums->refused;
	const char *what =
	    send_answer_differs(&said, send_records(kind, x->items), x->sum_kop,
		listed, sums->refused_kop);

	audit_must_read(w, x->words.len == 0, "words", x->words, "empty");
	if (what != NULL && !x->differs_told)
		audit_look_wrong(w, "acknowledgement", str_of(what),
		    STR("as the document, or told by a case"));
}

void
audit_sent(struct arena *a, const struct audit_sent *x,
    const struct audit_sent_sums *sums, int64_t now,
    const struct audit_sink *to)
{
	struct audit_look w = { a, "exchange_sent", x->id, to };
	enum send_kind kind = send_kind_of(x->kind);
	enum sent_state state = sent_state_of(x->state);

	if (kind == SEND_KIND__COUNT) {
		audit_look_wrong(&w, "kind", x->kind, STR("one that is sent"));
		return;
	}
	/* Of one that grows, records and totals are not of one instant. */
	if (state == SENT_GATHERING) {
		audit_must_hold(&w, now - x->begun_at < AUDIT_SEND_GATHERING_MS,
		    "begun_at", x->begun_at, "not so long ago");
		return;
	}
	check_made(&w, x, sums);
	check_period(&w, x, kind);
	if (state == SENT_SENT) {
		check_waiting(&w, x);
		return;
	}
	check_ended(&w, x);
	if (state == SENT_ACKNOWLEDGED)
		check_said(&w, x, sums, kind);
}

void
audit_sent_stray(struct arena *a, struct str portal, struct str supplier,
    int64_t number, const struct audit_sink *to)
{
	to->put(to->self,
	    &(struct audit_finding){ "exchange_out",
		arena_fmt(a, "%.*s/%.*s/%" PRId64, STR_ARG(portal),
		    STR_ARG(supplier), number),
		"row", STR("of nobody"), STR("a document") });
}

/* --- what is in none ---------------------------------------------------- */

bool
audit_send_cursor(struct arena *a, const struct audit_send_cursor *x,
    int64_t now, char before[DAY_TEXT_SIZE], const struct audit_sink *to)
{
	struct audit_look w = { a, "exchange_send",
		arena_fmt(a, "%.*s/%.*s/%.*s", STR_ARG(x->portal),
		    STR_ARG(x->supplier), STR_ARG(x->kind)),
		to };
	char over[DAY_TEXT_SIZE], next[DAY_TEXT_SIZE];

	send_over_day(now, over);
	audit_must_read(
	    &w, day_valid(x->from_day), "from_day", x->from_day, "a day");
	audit_must_read(&w, x->look_day.len == 0 || day_valid(x->look_day),
	    "look_day", x->look_day, "a day, or empty");
	audit_must_read(&w,
	    x->day.len == 0 ||
		(day_valid(x->day) && str_cmp(x->day, str_of(over)) <= 0),
	    "day", x->day, "one that is over, or empty");
	if (!day_valid(x->from_day) || !day_valid(x->day) ||
	    !day_step(x->day, 1, next) ||
	    (x->look_day.len > 0 && !day_valid(x->look_day)))
		return false;
	send_look_from(str_of(next), x->from_day, x->look_day, before);
	return true;
}

void
audit_unsent(enum send_kind kind, struct str key, const struct audit_sink *to)
{
	to->put(to->self,
	    &(struct audit_finding){
		kind == SEND_PAYMENTS ? "pay_line" : "refund_line", key,
		"document", STR("none"),
		STR("one that tells the supplier of it") });
}
