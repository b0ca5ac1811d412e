#include "ctl.h"

#include "kvitok/app/close.h"
#include "kvitok/app/close_check.h"
#include "kvitok/base/day.h"

#include <inttypes.h>

#define PAGE 500
#define DAYS_MAX 40000 /* of one catching up: a century */
#define DAY_FIRST "0000-00-00"
#define DAY_LAST "9999-99-99"

static void
put_closing(struct ctl *c, const struct closing *d)
{
	struct buf *b = &c->out;

	ctl_say(b, "", d->day);
	ctl_say(b, "  ", d->hash);
	buf_fmt(b, "  %" PRId64 " transfers, %" PRId64 " lines, ", d->transfers,
	    d->lines);
	buf_decimal(b, d->debit_kop);
	buf_lit(b, " RUB  ");
	ctl_time(b, d->at);
	ctl_say(b, "  ", d->actor);
	buf_char(b, '\n');
}

static enum err
close_one(struct ctl *c, struct str day)
{
	struct closing d;
	enum err rc = close_day(c->p, c->a, day, ctl_operator(c), &d, &c->f);

	if (rc == ERR_OK)
		put_closing(c, &d);
	return rc;
}

/* Every day that is over; one that another closes meanwhile is closed. */
static enum err
close_all(struct ctl *c)
{
	struct str day;
	enum err rc = ERR_OK;

	for (int n = 0; rc == ERR_OK && n < DAYS_MAX; n++) {
		rc = close_due(c->p, c->a, &day, &c->f);
		if (rc != ERR_OK || day.len == 0)
			break;
		rc = close_one(c, day);
		if (rc == ERR_CONFLICT &&
		    str_eq(str_of(c->f.reason), STR("day_closed")))
			rc = ERR_OK;
	}
	if (rc == ERR_OK && buf_str(&c->out).len == 0)
		buf_lit(&c->out, "no day is to be closed\n");
	return rc;
}

enum err
ctl_day_close(struct ctl *c)
{
	if (c->words_len == 0)
		return close_all(c);
	if (!day_valid(c->words[0]))
		return fault_set(
		    &c->f, ERR_INVALID, "usage", "a day is written YYYY-MM-DD");
	return close_one(c, c->words[0]);
}

enum err
ctl_day_list(struct ctl *c)
{
	const struct close_store *st = &c->p->close;
	struct str from = STR(DAY_FIRST);
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		const struct closing *v;
		char next[DAY_TEXT_SIZE];

		rc = st->list(
		    st->self, c->a, from, STR(DAY_LAST), PAGE, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			put_closing(c, &v[i]);
		if (rc == ERR_OK && len > 0 &&
		    day_step(v[len - 1].day, 1, next))
			from = arena_str(c->a, str_of(next));
	}
	return rc;
}

static void
put_account(struct ctl *c, const struct close_account *x)
{
	struct buf *b = &c->out;

	ctl_cell(b, x->account, 48);
	buf_decimal(b, x->balance_kop - x->debit_kop + x->credit_kop);
	buf_lit(b, "  ");
	buf_decimal(b, x->debit_kop);
	buf_lit(b, "  ");
	buf_decimal(b, x->credit_kop);
	buf_lit(b, "  ");
	buf_decimal(b, x->balance_kop);
	buf_char(b, '\n');
}

/* Gives: *day, the word or the last closed one. */
static enum err
closed_day(struct ctl *c, struct str *day)
{
	const struct close_store *st = &c->p->close;
	struct close_state s;
	const struct closing *v;
	size_t len = 0;
	enum err rc = st->state(st->self, c->a, &s, &c->f);

	if (rc != ERR_OK)
		return rc;
	*day = c->words_len > 0 ? c->words[0] : s.last.day;
	if (day_valid(*day))
		rc = st->list(st->self, c->a, *day, *day, 1, &v, &len, &c->f);
	return rc != ERR_OK || len > 0
	    ? rc
	    : fault_set(&c->f, ERR_CONFLICT, "day_open", "%.*s is not closed",
		  STR_ARG(*day));
}

enum err
ctl_day_balance(struct ctl *c)
{
	const struct close_proof *st = &c->p->close_proof;
	struct str day, after = STR("");
	size_t len = PAGE;
	enum err rc = closed_day(c, &day);

	while (rc == ERR_OK && len == PAGE) {
		const struct close_account *v;

		rc = st->accounts(
		    st->self, c->a, day, after, PAGE, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			put_account(c, &v[i]);
			after = v[i].account;
		}
	}
	return rc;
}

enum err
ctl_day_verify(struct ctl *c)
{
	struct ctl_findings s = { .c = c };
	struct audit_sink to = { &s, ctl_finding };
	struct audit_span span;
	struct close_counts n;
	enum err rc = ctl_span(c, &span);

	if (rc == ERR_OK)
		rc = close_check(c->p, span.all ? STR("") : span.from_day,
		    span.all ? STR("") : span.to_day, &to, &n, &c->f);
	if (rc != ERR_OK)
		return rc;
	buf_fmt(&c->out,
	    "closed days %" PRId64 ", transfers %" PRId64 ", findings %" PRId64
	    "\n",
	    n.days, n.transfers, s.found);
	if (n.days > 0)
		buf_fmt(&c->out, "%s  %s\n", n.last, n.hash);
	return s.found == 0 ? ERR_OK
			    : fault_set(&c->f, ERR_CONFLICT, "books_wrong",
				  "%" PRId64 " findings", s.found);
}
