#include "kvitok/domain/audit_register.h"

#include "kvitok/domain/audit_case.h"
#include "kvitok/domain/ledger_register.h"

/* One row of a table that is being looked at. */
struct looking {
	struct arena *a;
	const struct audit_sink *to;
	const char *table;
	struct str key;
};

static void
wrong(struct looking *w, const char *column, struct str is, struct str must)
{
	w->to->put(w->to->self,
	    &(struct audit_finding){ w->table, w->key, column, is, must });
}

static void
number(struct looking *w, const char *column, int64_t is, int64_t must)
{
	if (is != must)
		wrong(w, column, arena_fmt(w->a, "%lld", (long long)is),
		    arena_fmt(w->a, "%lld", (long long)must));
}

static void
text(struct looking *w, const char *column, struct str is, struct str must)
{
	if (!str_eq(is, must))
		wrong(w, column, is, must);
}

/* --- rows ------------------------------------------------------------- */

/* Lines of one transfer, and whether each is as it must be. */
static void
check_lines(struct looking *w, const struct audit_register_line *v, size_t len,
    const struct ledger_transfer *must)
{
	size_t n = len > must->lines_len ? len : must->lines_len;

	for (size_t i = 0; i < n; i++) {
		struct looking l = *w;

		l.table = "ledger_line";
		l.key = arena_fmt(w->a, "%.*s/%zu", STR_ARG(w->key), i + 1);
		if (i >= len || i >= must->lines_len) {
			wrong(&l, "row",
			    i < len ? STR("too much") : STR("missing"),
			    i < len ? STR("none") : must->lines[i].account);
			continue;
		}
		number(&l, "n", v[i].n, (int64_t)i + 1);
		text(&l, "account", v[i].account, must->lines[i].account);
		number(&l, "sum_kop", v[i].sum_kop, must->lines[i].sum_kop);
		text(&l, "day", v[i].line_day, v[i].day);
	}
}

/* All lines that were posted for a row or a case. */
struct posted {
	struct str akey;
	const struct audit_register_line *v;
	size_t len;
};

/* The transfer of a kind: it must be there with these lines, or not at all
 * (must NULL). */
static void
check_transfer(struct looking *w, const struct posted *x, const char *kind,
    const struct ledger_transfer *must)
{
	const struct audit_register_line *v = x->v;
	size_t from = 0, end;
	struct looking t = *w;

	while (from < x->len && !str_eq(v[from].kind, str_of(kind)))
		from++;
	end = from;
	while (end < x->len && str_eq(v[end].kind, str_of(kind)))
		end++;
	if (from == end) {
		if (must != NULL && must->lines_len > 0)
			wrong(w, kind, STR("not posted"), STR("a transfer"));
		return;
	}
	t.table = "ledger_transfer";
	t.key = arena_fmt(
	    w->a, "%.*s/%.*s", STR_ARG(x->akey), STR_ARG(v[from].transfer));
	if (must == NULL || must->lines_len == 0) {
		wrong(&t, "row", STR("too much"), STR("none"));
		return;
	}
	text(&t, "number", v[from].number, STR(""));
	if (end - from == 1 && v[from].n == 0)
		end = from; /* none of its lines is there */
	check_lines(&t, v + from, end - from, must);
}

static void
check_postings(struct looking *w, const struct audit_register_row *x)
{
	struct ledger_register r = { .contract = x->contract,
		.own_account = x->own_account,
		.key = x->key,
		.gross_kop = x->gross_kop,
		.fee_kop = x->fee_kop,
		.vat_kop = x->vat_kop,
		.net_kop = x->net_kop,
		.receivable_kop = x->late ? 0 : x->found_kop };
	struct posted lines = { x->akey, x->lines, x->lines_len };
	struct ledger_transfer must = { .lines_len = 0 }, later = must;
	bool is_new = str_eq(x->state, STR("new"));
	bool by_hand = x->hand_case.len > 0;
	struct fault none;

	fault_init(&none);
	if (ledger_for_register(w->a, &r, &must, &none) != ERR_OK) {
		number(w, "net_kop", x->net_kop,
		    x->gross_kop - x->fee_kop - x->vat_kop);
		return;
	}
	check_transfer(w, &lines, "register", is_new ? NULL : &must);
	r.receivable_kop = x->found_kop;
	if (ledger_for_register_matched(w->a, &r, &later, &none) == ERR_OK)
		check_transfer(w, &lines, "register_matched",
		    x->late && !is_new && !by_hand ? &later : NULL);
	if (ledger_for_assign(w->a, &r, &later, &none) == ERR_OK)
		check_transfer(w, &lines, "assign", by_hand ? &later : NULL);
}

/* What a row was found as, by its state. */
static void
check_found(struct looking *w, const struct audit_register_row *x)
{
	bool found =
	    str_eq(x->state, STR("matched")) || str_eq(x->state, STR("sum"));

	if (!found) {
		text(w, "found_transfer", x->found_transfer, STR(""));
		number(w, "found_kop", x->found_kop, 0);
		return;
	}
	if (str_eq(x->state, STR("matched")))
		number(w, "gross_kop", x->gross_kop, x->found_kop);
	else if (x->gross_kop == x->found_kop)
		wrong(w, "state", x->state, STR("matched"));
	number(w, "found_kop", x->found_kop, x->posting_kop);
	text(w, "pair", x->pair_state, STR("found"));
	text(w, "pair", x->pair_key, x->key);
	text(w, "pair", x->pair_akey, x->akey);
	text(w, "number", x->number, x->pair_number);
}

/* A row that a person has assigned, and the case by which he did. */
static void
check_hand(struct looking *w, const struct audit_register_row *x)
{
	number(w, "cases settled", x->settled,
	    x->late && x->hand_case.len == 0 ? 1 : 0);
	if (x->hand_case.len == 0)
		return;
	text(w, "state", x->state, STR("matched"));
	number(w, "late", x->late, 1);
	text(w, "hand_case, kind", x->hand_kind, STR("register_unknown"));
	text(w, "hand_case, subject", x->hand_subject,
	    arena_fmt(
		w->a, "%.*s/%.*s", STR_ARG(x->contract), STR_ARG(x->key)));
	text(w, "hand_case, state", x->hand_state, STR("resolved"));
	text(w, "hand_case, resolution", x->hand_resolution, STR("assign"));
}

void
audit_register_row(struct arena *a, const struct audit_register_row *x,
    const struct audit_sink *to)
{
	struct looking w = { a, to, "register_row",
		arena_fmt(a, "%.*s/%.*s/%.*s", STR_ARG(x->akey),
		    STR_ARG(x->contract), STR_ARG(x->key)) };
	bool odd = str_eq(x->state, STR("unknown")) ||
	    str_eq(x->state, STR("sum")) || str_eq(x->state, STR("chargeback"));

	if (x->file.len == 0)
		wrong(&w, "file", STR("of nobody"), STR("a file"));
	check_found(&w, x);
	check_postings(&w, x);
	check_hand(&w, x);
	number(&w, "cases", x->cases, odd + x->fee_off + x->late);
}

/* --- pairs and files --------------------------------------------------- */

/* What a person has decided about one that is missing is posted. */
static void
check_written_off(struct looking *w, const struct audit_register_pair *x)
{
	struct posted lines = { x->akey, x->lines, x->lines_len };
	bool off = str_eq(x->resolution, STR("write_off"));
	struct ledger_transfer must = { .lines_len = 0 };
	struct fault none;

	fault_init(&none);
	if (str_eq(x->resolution, STR("settled")))
		text(w, "state", x->state, STR("found"));
	if (off) {
		text(w, "state", x->state, STR("missing"));
		text(w, "case", x->case_state, STR("resolved"));
	}
	if (!off ||
	    ledger_for_write_off(w->a, x->contract, x->case_id, x->sum_kop,
		&must, &none) == ERR_OK)
		check_transfer(w, &lines, "write_off", off ? &must : NULL);
}

void
audit_register_pair(struct arena *a, const struct audit_register_pair *x,
    const struct audit_sink *to)
{
	struct looking w = { a, to, "register_pair",
		arena_fmt(
		    a, "%.*s/%.*s", STR_ARG(x->akey), STR_ARG(x->transfer)) };

	if (x->posting_day.len == 0) {
		wrong(&w, "transfer", STR("of nobody"), STR("a posting"));
		return;
	}
	number(&w, "sum_kop", x->sum_kop, x->posting_kop);
	text(&w, "day", x->day, x->posting_day);
	text(&w, "number", x->number, x->posting_number);
	if (str_eq(x->state, STR("found")))
		text(&w, "row_key", x->row_transfer, x->transfer);
	else if (str_eq(x->state, STR("missing")))
		number(&w, "cases", x->cases, 1);
	check_written_off(&w, x);
}

void
audit_chargeback(struct arena *a, const struct audit_chargeback *x,
    const struct audit_sink *to)
{
	struct looking w = { a, to, "pay_case",
		arena_fmt(a, "%.*s/%.*s", STR_ARG(x->akey), STR_ARG(x->id)) };
	bool accepted = str_eq(x->resolution, STR("accept"));

	text(&w, "refund", x->refund, accepted ? STR("done") : STR(""));
	if (accepted) {
		text(&w, "state", x->state, STR("resolved"));
		number(&w, "sum_kop", x->sum_kop, -x->refund_kop);
	}
}

void
audit_register_case(struct arena *a, const struct audit_register_case *x,
    const struct audit_sink *to)
{
	struct audit_payment none = { .pm = { .number = x->akey } };
	struct audit u = { .a = a, .x = &none, .pm = &none.pm, .to = to };

	audit_case_alone(&u, &x->c, x->events, x->events_len);
	audit_number(&u, "pay_case", x->c.id, "resolution, rows", x->assigned,
	    str_eq(x->c.resolution, STR("assign")) ? 1 : 0);
}

void
audit_register_file(struct arena *a, const struct audit_register_file *x,
    int64_t bads_max, const struct audit_sink *to)
{
	struct looking w = { a, to, "register_file",
		arena_fmt(
		    a, "%.*s/%.*s", STR_ARG(x->contract), STR_ARG(x->id)) };

	number(&w, "taken", x->taken, x->rows);
	number(&w, "gross_kop", x->gross_kop, x->rows_gross_kop);
	number(&w, "fee_kop", x->fee_kop, x->rows_fee_kop);
	number(&w, "vat_kop", x->vat_kop, x->rows_vat_kop);
	number(&w, "net_kop", x->net_kop, x->rows_net_kop);
	number(&w, "bad", x->bad < bads_max ? x->bad : bads_max, x->bads);
}
