#include "ctl.h"

#include "kvitok/app/cases.h"
#include "kvitok/base/secret.h"

#include <inttypes.h>

#define LIST_MAX 1000

static struct str
state_of(const struct pay_case *k)
{
	return str_of(
	    case_state_name(case_state(k->state, k->owner, k->resolution)));
}

static void
put_line(struct ctl *c, const struct pay_case *k)
{
	ctl_time(&c->out, k->created_at);
	buf_lit(&c->out, "  ");
	ctl_cell(&c->out, k->id, 28);
	ctl_cell(&c->out, state_of(k), 10);
	ctl_cell(&c->out, k->portal, 20);
	ctl_cell(&c->out, k->number, 21);
	ctl_cell(&c->out, k->kind, 20);
	buf_decimal(&c->out, k->sum_kop);
	ctl_say(&c->out, " RUB, ", k->proposal);
	if (k->owner.len > 0)
		ctl_say(&c->out, ", ", k->owner);
	if (k->resolution.len > 0)
		ctl_say(&c->out, ", ", k->resolution);
	buf_lit(&c->out, "\n");
}

static enum err
read_query(struct ctl *c, struct case_query *q)
{
	struct str state = ctl_option(c, "state");

	*q = (struct case_query){ .portal = ctl_option(c, "portal"),
		.kind = ctl_option(c, "kind"),
		.owner = ctl_option(c, "owner"),
		.unresolved = state.len == 0,
		.has_state = state.len > 0,
		.limit = LIST_MAX };
	if (state.len > 0 && !case_state_of(state, &q->state))
		return fault_set(&c->f, ERR_INVALID, "field_form",
		    "states are: open, taken, under_way, resolved");
	return ERR_OK;
}

enum err
ctl_case_list(struct ctl *c)
{
	struct case_query q;
	size_t len = LIST_MAX;
	enum err rc = read_query(c, &q);

	while (rc == ERR_OK && len == LIST_MAX) {
		const struct pay_case *v;

		rc = cases_list(c->p, c->a, &q, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			put_line(c, &v[i]);
			q.after_at = v[i].created_at;
			q.after_id = v[i].id;
		}
	}
	return rc;
}

static void
put_event(struct ctl *c, const struct case_event *e)
{
	ctl_time(&c->out, e->at);
	ctl_say(&c->out, "  ", e->kind);
	ctl_say(&c->out, " by ", e->actor);
	if (e->resolution.len > 0)
		ctl_say(&c->out, ": ", e->resolution);
	if (e->note.len > 0)
		ctl_say(&c->out, ", ", e->note);
	if (e->evidence.len > 2)
		ctl_say(&c->out, "\n    ", e->evidence);
	buf_lit(&c->out, "\n");
}

static void
put_back(struct ctl *c, const struct give_back *g)
{
	ctl_say(&c->out, "give-back ", g->id);
	ctl_say(&c->out, ", ", str_of(refund_way_name(g->way)));
	ctl_say(&c->out, ": ", str_of(refund_state_name(g->state)));
	buf_lit(&c->out, ", ");
	buf_decimal(&c->out, g->sum_kop);
	ctl_say(&c->out, " RUB of ", g->bank_id);
	if (g->code.len > 0)
		ctl_say(&c->out, "; bank's code ", g->code);
	buf_lit(&c->out, "\n");
}

enum err
ctl_case_show(struct ctl *c)
{
	struct case_detail d;
	enum err rc = cases_read(c->p, c->a, STR_NONE, c->words[0], &d, &c->f);

	if (rc != ERR_OK)
		return rc;
	put_line(c, &d.c);
	ctl_say(&c->out, "about ", d.c.subject);
	buf_fmt(&c->out, ", opened %" PRId64 " time(s)\n", d.c.times);
	if (d.c.note.len > 0) {
		ctl_say(&c->out, "why: ", d.c.note);
		ctl_say(&c->out, " (", d.c.decided_by);
		buf_lit(&c->out, ")\n");
	}
	ctl_say(&c->out, "evidence: ", d.c.evidence);
	buf_lit(&c->out, "\nmay be resolved by: ");
	resolution_list(d.c.kind, &c->out);
	buf_lit(&c->out, "\n");
	for (size_t i = 0; i < d.backs_len; i++)
		if (str_eq(d.backs[i].case_id, d.c.id))
			put_back(c, &d.backs[i]);
	for (size_t i = 0; i < d.events_len; i++)
		put_event(c, &d.events[i]);
	return ERR_OK;
}

enum err
ctl_case_take(struct ctl *c)
{
	struct case_hand h = { .id = c->words[0], .actor = ctl_operator(c) };
	struct pay_case k;
	enum err rc = cases_take(c->p, c->a, &h, &k, &c->f);

	if (rc == ERR_OK)
		put_line(c, &k);
	return rc;
}

enum err
ctl_case_release(struct ctl *c)
{
	struct case_hand h = { .id = c->words[0], .actor = ctl_operator(c) };
	struct pay_case k;
	enum err rc = cases_release(c->p, c->a, &h, &k, &c->f);

	if (rc == ERR_OK)
		put_line(c, &k);
	return rc;
}

static void
render(struct buf *b, const struct pay_case *k)
{
	ctl_say(b, "case ", k->id);
	ctl_say(b, ": ", k->resolution);
	ctl_say(b, ", ", state_of(k));
	buf_lit(b, "\n");
}

enum err
ctl_case_resolve(struct ctl *c)
{
	struct case_resolve req = { .hand = { .id = c->words[0],
					.actor = ctl_operator(c) },
		.how = c->words[1],
		.reason = ctl_option(c, "reason"),
		.own_account = ctl_option(c, "own-account"),
		.number = ctl_option(c, "number"),
		.render = render };
	struct case_resolved made;
	char id[27];
	enum err rc;

	/* Each command is one of its own. */
	c->p->ids.ulid(c->p->ids.self, c->p->clock.now(c->p->clock.self), id);
	req.ikey = arena_fmt(c->a, "ctl-%s", id);
	secret_sha256_hex(req.ikey, req.body_hash);
	rc = cases_resolve(c->p, c->a, &req, &made, &c->f);
	if (rc == ERR_OK)
		buf_text(&c->out, made.answer);
	return rc;
}
