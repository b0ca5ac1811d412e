#include "ctl.h"

#include "kvitok/app/audit.h"
#include "kvitok/base/day.h"

#include <inttypes.h>

#define SHOWN_MAX 10000

void
ctl_finding(void *self, const struct audit_finding *x)
{
	struct ctl_findings *s = self;
	struct buf *b = &s->c->out;

	s->found++;
	if (s->found > SHOWN_MAX)
		return; /* counted all the same */
	ctl_say(b, x->table, STR(" "));
	ctl_say(b, "", x->key);
	ctl_say(b, " ", str_of(x->column));
	ctl_say(b, ": is ", x->is);
	ctl_say(b, ", must be ", x->must);
	buf_char(b, '\n');
}

static enum err
read_day(struct ctl *c, const char *name, struct str *day, int64_t *start)
{
	*day = ctl_option(c, name);
	if (day_valid(*day) && day_start(*day, DAY_ZONE_MOSCOW, start))
		return ERR_OK;
	return fault_set(&c->f, ERR_INVALID, "usage",
	    "--%s: a day is written YYYY-MM-DD", name);
}

enum err
ctl_span(struct ctl *c, struct audit_span *s)
{
	int64_t last = 0;
	enum err rc = ERR_OK;

	*s = (struct audit_span){ .all = ctl_option(c, "from").p == NULL &&
		    ctl_option(c, "to").p == NULL };
	if (s->all)
		return ERR_OK;
	if (ctl_option(c, "from").p == NULL || ctl_option(c, "to").p == NULL)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "--from and --to are given together");
	rc = read_day(c, "from", &s->from_day, &s->from_at);
	if (rc == ERR_OK)
		rc = read_day(c, "to", &s->to_day, &last);
	s->to_at = last + DAY_MS;
	if (rc == ERR_OK && last < s->from_at)
		rc = fault_set(
		    &c->f, ERR_INVALID, "usage", "--to is before --from");
	return rc;
}

static void
put_counts(struct ctl *c, const struct audit_counts *n, int64_t ms)
{
	struct buf *b = &c->out;

	buf_fmt(b,
	    "payments %" PRId64 ", lines %" PRId64 ", attempts %" PRId64
	    ", events %" PRId64 ", cases %" PRId64 ", jobs %" PRId64
	    ", refunds %" PRId64 ", give-backs %" PRId64
	    ", events of cases %" PRId64 "\n",
	    n->payments, n->lines, n->attempts, n->events, n->cases, n->jobs,
	    n->refunds, n->give_backs, n->case_events);
	buf_fmt(b,
	    "transfers %" PRId64 " of %" PRId64 " lines, days of accounts "
	    "%" PRId64 ", closed days %" PRId64 ", notices %" PRId64
	    ", kept answers %" PRId64 "\n",
	    n->transfers, n->postings, n->days, n->closed, n->notices,
	    n->answers);
	buf_fmt(b,
	    "registers %" PRId64 " of %" PRId64 " rows, counted by suppliers "
	    "%" PRId64 ", documents of suppliers %" PRId64
	    ", acts of work %" PRId64 ", documents to suppliers %" PRId64
	    " of %" PRId64 " records\n",
	    n->registers, n->register_rows, n->acks, n->documents, n->acts,
	    n->sent, n->sent_items);
	buf_fmt(b, "settlements %" PRId64 " of %" PRId64 " ledger lines\n",
	    n->settlements, n->settlement_items);
	buf_fmt(b, "debits %" PRId64 ", credits %" PRId64 " kopecks\n",
	    n->debit_kop, n->credit_kop);
	buf_fmt(b, "findings %" PRId64 ", %" PRId64 ".%" PRId64 " s\n",
	    n->findings, ms / 1000, ms % 1000 / 100);
}

enum err
ctl_audit(struct ctl *c)
{
	const struct clock *clock = &c->p->clock;
	struct ctl_findings s = { .c = c };
	struct audit_sink to = { &s, ctl_finding };
	struct audit_counts n;
	struct audit_span span;
	int64_t began = clock->now(clock->self);
	enum err rc = ctl_span(c, &span);

	if (rc == ERR_OK)
		rc = audit_run(c->p, &span, &to, &n, &c->f);
	if (rc != ERR_OK)
		return rc;
	if (n.findings > SHOWN_MAX)
		buf_fmt(&c->out, "(and %" PRId64 " more)\n",
		    n.findings - SHOWN_MAX);
	put_counts(c, &n, clock->now(clock->self) - began);
	return n.findings == 0 ? ERR_OK
			       : fault_set(&c->f, ERR_CONFLICT, "books_wrong",
				     "%" PRId64 " findings", n.findings);
}
