#include "ctl.h"

#include "kvitok/app/refund.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#define SUM_MAX INT64_C(100000000000000)

static enum err
read_fee(struct ctl *c, enum refund_fee *out)
{
	struct str s = ctl_option(c, "fee");

	*out = REFUND_FEE_RULE;
	if (s.p == NULL)
		return ERR_OK;
	if (str_eq(s, STR("keep")))
		*out = REFUND_FEE_KEEP;
	else if (str_eq(s, STR("return")))
		*out = REFUND_FEE_RETURN;
	else
		return fault_set(
		    &c->f, ERR_INVALID, "usage", "--fee is keep or return");
	return ERR_OK;
}

/* The second word is a sum in roubles, or all; of the payment or a line. */
static enum err
read_ask(struct ctl *c, struct refund_want *want, struct refund_ask *out)
{
	struct str line = ctl_option(c, "line");
	int64_t kop = 0, n;

	if (!str_eq(c->words[1], STR("all")) &&
	    (!num_parse_roubles(c->words[1], SUM_MAX, &kop) || kop == 0))
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "%.*s is no sum in roubles, and not: all",
		    STR_ARG(c->words[1]));
	if (line.p == NULL) {
		out->sum_kop = kop;
		return read_fee(c, &out->fee);
	}
	if (!num_parse(line, 1, PAY_LINES_MAX, &n))
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "--line is the number of a line, from 1");
	*want = (struct refund_want){ (int)n, kop };
	out->lines = want;
	out->lines_len = 1;
	return read_fee(c, &out->fee);
}

static void
render(struct buf *b, const struct refund *r)
{
	ctl_say(b, "refund ", r->id);
	buf_lit(b, ": ");
	buf_decimal(b, r->sum_kop);
	buf_lit(b, " + commission ");
	buf_decimal(b, r->fee_kop);
	ctl_say(b, " RUB of ", r->number);
	buf_lit(b, "; kvitok-jobs calls the bank\n");
}

enum err
ctl_refund(struct ctl *c)
{
	struct refund_request req = { .number = c->words[0],
		.reason = ctl_option(c, "reason"),
		.actor = ctl_operator(c),
		.render = render };
	struct refund_made made;
	struct refund_want want;
	char id[27];
	enum err rc = read_ask(c, &want, &req.ask);

	if (rc != ERR_OK)
		return rc;
	/* Each command is a refund of its own. */
	c->p->ids.ulid(c->p->ids.self, c->p->clock.now(c->p->clock.self), id);
	req.ikey = arena_fmt(c->a, "ctl-%s", id);
	secret_sha256_hex(req.ikey, req.body_hash);
	rc = refund_create(c->p, c->a, &req, &made, &c->f);
	if (rc == ERR_OK)
		buf_text(&c->out, made.answer);
	return rc;
}

enum err
ctl_refund_list(struct ctl *c)
{
	const struct refund *list;
	size_t len = 0;
	enum err rc =
	    refund_list(c->p, c->a, STR_NONE, c->words[0], &list, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		const struct refund *r = &list[i];

		ctl_time(&c->out, r->created_at);
		buf_lit(&c->out, "  ");
		ctl_cell(&c->out, r->id, 28);
		ctl_cell(&c->out, str_of(refund_state_name(r->state)), 10);
		buf_decimal(&c->out, r->sum_kop);
		buf_lit(&c->out, " + ");
		buf_decimal(&c->out, r->fee_kop);
		ctl_say(&c->out, " RUB, ", r->actor);
		ctl_say(&c->out, ": ", r->reason);
		if (r->code.len > 0)
			ctl_say(&c->out, "; bank's code ", r->code);
		buf_lit(&c->out, "\n");
	}
	return rc;
}
