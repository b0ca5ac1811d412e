#include "kvitok/domain/audit_exchange.h"

#include "kvitok/domain/audit_look.h"

#include <inttypes.h>

static struct audit_look
look(struct arena *a, const char *table, struct str portal, struct str supplier,
    int64_t number, const struct audit_sink *to)
{
	return (struct audit_look){ a, table,
		arena_fmt(a, "%.*s/%.*s/%" PRId64, STR_ARG(portal),
		    STR_ARG(supplier), number),
		to };
}

/* --- a document --------------------------------------------------------- */

static bool
is_digest(struct str s)
{
	bool good = s.len == EXCHANGE_DIGEST_LEN;

	for (size_t i = 0; i < s.len; i++)
		good = good &&
		    ((s.p[i] >= '0' && s.p[i] <= '9') ||
			(s.p[i] >= 'a' && s.p[i] <= 'f'));
	return good;
}

/* It counts what it is about, not what it holds; nobody answers it. */
static bool
is_ack(struct str kind)
{
	return str_eq(kind, STR("acknowledgement"));
}

static void
check_said(const struct audit_look *w, const struct audit_document *x,
    enum exchange_state state)
{
	if (is_ack(x->kind))
		return;
	if (state == EXCHANGE_APPLIED)
		audit_must_be(w, "record", x->record, x->said);
	audit_must_hold(w, x->record <= x->said, "record", x->record,
	    "what the document says at most");
	if (state == EXCHANGE_APPLIED && x->refused == 0)
		audit_must_be(w, "applied_kop", x->applied_kop, x->said_kop);
}

/* Nothing of one that is aside or waits was applied; a skipped one may have
 * begun. */
static void
check_progress(const struct audit_look *w, const struct audit_document *x,
    enum exchange_state state)
{
	int64_t kept = x->refused < EXCHANGE_REFUSED_MAX ? x->refused
							 : EXCHANGE_REFUSED_MAX;

	if (state == EXCHANGE_ASIDE || state == EXCHANGE_HELD)
		audit_must_be(w, "record", x->record, 0);
	audit_must_be(w, "refused", x->refusals, kept);
	audit_must_hold(w, x->refusals_last <= x->record, "record", x->record,
	    "that of the last refusal at least");
	if (x->applied == 0)
		audit_must_be(w, "applied_kop", x->applied_kop, 0);
}

/* A payment that comes again makes no second row: when there are as many rows
 * as records, their sums are equal, too. */
static void
check_payments(const struct audit_look *w, const struct audit_document *x)
{
	bool brings = exchange_kind_of(x->kind) == EXCHANGE_ELSEWHERE;

	if (!brings)
		return; /* its rows are told one by one */
	audit_must_hold(w, x->payments <= x->applied, "applied", x->applied,
	    "its payments at least");
	if (x->payments == x->applied)
		audit_must_be(
		    w, "applied_kop", x->applied_kop, x->payments_kop);
}

static void
check_words(const struct audit_look *w, const struct audit_document *x,
    enum exchange_state state)
{
	bool told = state == EXCHANGE_ASIDE || state == EXCHANGE_SKIPPED;

	audit_must_read(w, told == (x->error_words.len > 0), "error_words",
	    x->error_words, told ? "why" : "empty");
	audit_must_read(w, told || x->error_path.len == 0, "error_path",
	    x->error_path, "empty");
	if (!told)
		audit_must_be(w, "error_line", x->error_line, 0);
	audit_must_read(w,
	    is_digest(x->sha256) ||
		(state == EXCHANGE_SKIPPED && x->sha256.len == 0),
	    "sha256", x->sha256, "a digest");
	audit_must_read(w,
	    told || is_ack(x->kind) ||
		exchange_kind_of(x->kind) != EXCHANGE_KIND__COUNT,
	    "kind", x->kind, "a kind that is applied");
}

static void
check_waiting(const struct audit_look *w, const struct audit_document *x)
{
	if (x->waits_for == 0)
		return;
	audit_must_hold(w, x->waits_known && x->waits_for < x->number,
	    "waits_for", x->waits_for, "an earlier document");
	audit_must_hold(w,
	    !x->waits_known || exchange_builds_upon(x->kind, x->waits_kind),
	    "waits_for", x->waits_for, "one that it builds upon");
}

static void
check_acks(const struct audit_look *w, const struct audit_document *x,
    enum exchange_state state)
{
	audit_must_be(w, "acknowledgements", x->acks_applied,
	    state == EXCHANGE_APPLIED && !is_ack(x->kind) ? 1 : 0);
	audit_must_hold(w, state != EXCHANGE_ASIDE || x->acks_refused > 0,
	    "acknowledgements", x->acks_refused, "one at least");
}

void
audit_document(struct arena *a, const struct audit_document *x,
    const struct audit_sink *to)
{
	struct audit_look w =
	    look(a, "exchange_in", x->portal, x->supplier, x->number, to);
	enum exchange_state state = exchange_state_of(x->state);

	audit_must_hold(&w, x->follows, "number", x->number, "the next one");
	audit_must_hold(&w, x->ended_at == 0 || x->ended_at >= x->received_at,
	    "ended_at", x->ended_at, "after it was received");
	check_said(&w, x, state);
	check_progress(&w, x, state);
	check_payments(&w, x);
	check_words(&w, x, state);
	check_waiting(&w, x);
	check_acks(&w, x, state);
}

/* --- our answers -------------------------------------------------------- */

static void
check_applied(const struct audit_look *w, const struct audit_answer_out *x)
{
	audit_must_read(w, str_eq(x->in_state, STR("applied")), "of_state",
	    x->in_state, "of a document that was applied");
	audit_must_be(w, "applied", x->applied, x->in_applied);
	audit_must_be(w, "applied_kop", x->applied_kop, x->in_applied_kop);
	audit_must_be(w, "refused", x->refused, x->in_refused);
	audit_must_be(w, "made_at", x->made_at, x->in_ended_at);
	audit_must_read(w, str_eq(x->of_kind, x->in_kind), "of_kind",
	    x->of_kind, "the document's");
	audit_must_read(w, x->words.len == 0, "words", x->words, "empty");
}

/* The document may have come again since, whole and of another kind. */
static void
check_refused(const struct audit_look *w, const struct audit_answer_out *x)
{
	audit_must_be(w, "applied", x->applied, 0);
	audit_must_be(w, "applied_kop", x->applied_kop, 0);
	audit_must_be(w, "refused", x->refused, 0);
	audit_must_read(w, x->words.len > 0, "words", x->words, "why");
}

void
audit_answer_out(struct arena *a, const struct audit_answer_out *x,
    const struct audit_sink *to)
{
	struct audit_look w =
	    look(a, "exchange_out", x->portal, x->supplier, x->number, to);
	bool handed = str_eq(x->state, STR("handed"));

	audit_must_hold(&w, x->follows, "number", x->number, "the next one");
	audit_must_hold(&w,
	    handed ? x->handed_at >= x->made_at : x->handed_at == 0,
	    "handed_at", x->handed_at,
	    handed ? "after it was made" : "not yet");
	if (!is_ack(x->kind))
		return; /* it answers none */
	if (x->in_state.len == 0)
		audit_look_wrong(&w, "of_number",
		    arena_fmt(a, "%" PRId64, x->of_number), STR("a document"));
	else if (str_eq(x->of_state, STR("applied")))
		check_applied(&w, x);
	else
		check_refused(&w, x);
}

/* --- rows --------------------------------------------------------------- */

void
audit_refusal(
    struct arena *a, const struct audit_refusal *x, const struct audit_sink *to)
{
	struct audit_look w =
	    look(a, "exchange_refused", x->portal, x->supplier, x->number, to);

	w.key = arena_fmt(a, "%.*s/%" PRId64, STR_ARG(w.key), x->record);
	audit_must_read(&w, reason_known(arena_z(a, x->reason)), "reason",
	    x->reason, "a reason");
}

void
audit_brought(struct arena *a, const char *table, const struct audit_brought *x,
    const struct audit_sink *to)
{
	struct audit_look w = { a, table,
		arena_fmt(a, "%.*s/%.*s/%.*s/%.*s/%.*s/%.*s", STR_ARG(x->akey),
		    STR_ARG(x->portal), STR_ARG(x->supplier),
		    STR_ARG(x->account), STR_ARG(x->month), STR_ARG(x->id)),
		to };

	audit_look_wrong(&w, "document",
	    x->kind.len > 0 ? x->kind : arena_fmt(a, "%" PRId64, x->document),
	    STR("the document that brought it"));
}
