#include "ctl.h"

#include "kvitok/app/story.h"

#include <inttypes.h>

#define LIST_MAX 1000

static enum err
jobs_of(struct ctl *c, struct str state, const struct job **jobs, size_t *len)
{
	const struct jobs *j = &c->p->jobs;

	return j->list(j->self, c->a, state, LIST_MAX, jobs, len, &c->f);
}

enum err
ctl_job_list(struct ctl *c)
{
	static const char *const states[] = { "due", "done", "failed" };
	struct str state = c->words_len > 0 ? c->words[0] : STR_NONE;
	const struct job *jobs;
	bool known = state.len == 0;
	size_t len;
	enum err rc;

	for (size_t i = 0; i < KV_COUNT(states); i++)
		known = known || str_eq(state, str_of(states[i]));
	if (!known)
		return fault_set(&c->f, ERR_INVALID, "field_form",
		    "states are: due, done, failed");
	rc = jobs_of(c, state, &jobs, &len);
	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		const struct job *j = &jobs[i];

		ctl_time(&c->out, j->due_at);
		buf_lit(&c->out, "  ");
		ctl_cell(&c->out, j->id, 28);
		ctl_cell(&c->out, j->state, 8);
		ctl_cell(&c->out, j->kind, 10);
		ctl_cell(&c->out, j->ref, 24);
		buf_fmt(&c->out, "runs %" PRId64 ", fails %" PRId64, j->runs,
		    j->fails);
		if (j->last_error.len > 0)
			ctl_say(&c->out, ": ", j->last_error);
		buf_lit(&c->out, "\n");
	}
	if (rc == ERR_OK && len == LIST_MAX)
		buf_fmt(&c->out, "(the newest %d)\n", LIST_MAX);
	return rc;
}

struct waking {
	const struct jobs *port;
	struct job job;
};

static enum err
wake_body(void *arg, struct fault *f)
{
	const struct waking *x = arg;

	return x->port->wake(x->port->self, &x->job, f);
}

enum err
ctl_job_retry(struct ctl *c)
{
	const struct jobs *port = &c->p->jobs;
	const struct job *jobs;
	size_t len, i;
	enum err rc;

	rc = jobs_of(c, STR("failed"), &jobs, &len);
	if (rc != ERR_OK)
		return rc;
	for (i = 0; i < len; i++)
		if (str_eq(jobs[i].id, c->words[0]))
			break;
	if (i == len)
		return fault_set(&c->f, ERR_ABSENT, "job_unknown",
		    "no failed job has this id");
	struct waking again = { port, jobs[i] };

	again.job.due_at = c->p->clock.now(c->p->clock.self);
	c->note->detail = arena_fmt(
	    c->a, "%.*s %.*s", STR_ARG(jobs[i].kind), STR_ARG(jobs[i].ref));
	rc = c->p->tx.run(c->p->tx.self, "job_retry", wake_body, &again, &c->f);
	if (rc == ERR_OK)
		buf_lit(&c->out, "due again\n");
	return rc;
}

static void
put_payment(struct ctl *c, const struct payment *pm)
{
	struct buf *b = &c->out;

	ctl_say(b, "", pm->number);
	ctl_say(b, " of ", pm->portal);
	buf_fmt(b, ": %s", pay_state_name(pm->state));
	if (pm->reason.len > 0) {
		ctl_say(b, " (", pm->reason);
		buf_lit(b, ")");
	}
	buf_lit(b, "\n");
	for (size_t i = 0; i < pm->lines_len; i++) {
		const struct pay_line *l = &pm->lines[i];

		ctl_say(b, "  ", l->supplier);
		ctl_say(b, "/", l->service);
		ctl_say(b, " ", l->account);
		buf_lit(b, " ");
		buf_decimal(b, l->sum_kop);
		buf_lit(b, " + ");
		buf_decimal(b, l->fee_kop);
		buf_lit(b, " RUB\n");
	}
	buf_lit(b, "  in all ");
	buf_decimal(b, pm->total_kop);
	buf_lit(b, " RUB, given back ");
	buf_decimal(b, pm->refunded_kop);
	buf_lit(b, " RUB\n");
	for (size_t i = 0; i < pm->attempts_len; i++) {
		const struct attempt *at = &pm->attempts[i];

		buf_fmt(b, "  attempt %d", at->n);
		ctl_say(b, ", ", at->contract);
		buf_fmt(b, ": %s", att_state_name(at->state));
		if (at->bank_id.len > 0)
			ctl_say(b, ", bank's id ", at->bank_id);
		if (at->reason.len > 0)
			ctl_say(b, ", ", at->reason);
		if (at->code.len > 0)
			ctl_say(b, ", code ", at->code);
		buf_char(b, '\n');
	}
}

static enum err
put_cases(struct ctl *c, const struct payment *pm)
{
	const struct evidence *e = &c->p->evidence;
	const struct pay_case *cases;
	size_t len;
	enum err rc;

	rc = e->cases_of(
	    e->self, c->a, pm->akey, pm->number, LIST_MAX, &cases, &len, &c->f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		ctl_say(&c->out, "case ", cases[i].kind);
		ctl_say(&c->out, ", ", cases[i].state);
		buf_lit(&c->out, ": ");
		buf_decimal(&c->out, cases[i].sum_kop);
		ctl_say(&c->out, " RUB, proposal ", cases[i].proposal);
		ctl_say(&c->out, "\n    ", cases[i].evidence);
		buf_lit(&c->out, "\n");
	}
	return rc;
}

enum err
ctl_why(struct ctl *c)
{
	struct story s;
	enum err rc;

	rc = story_of(c->p, c->a, STR_NONE, c->words[0], &s, &c->f);
	if (rc != ERR_OK)
		return rc;
	put_payment(c, s.pm);
	buf_text(&c->out, s.summary);
	buf_lit(&c->out, "\n\n");
	for (size_t i = 0; i < s.items_len; i++) {
		const struct story_item *it = &s.items[i];

		ctl_time(&c->out, it->at);
		ctl_say(&c->out, "  ", it->actor);
		ctl_say(&c->out, ": ", it->words);
		ctl_say(&c->out, " [", it->kind);
		buf_lit(&c->out, "]\n");
		if (it->evidence.len > 2) {
			ctl_say(&c->out, "    ", it->evidence);
			buf_lit(&c->out, "\n");
		}
	}
	if (s.cut)
		buf_lit(&c->out, "(there is more than is shown)\n");
	return put_cases(c, s.pm);
}
