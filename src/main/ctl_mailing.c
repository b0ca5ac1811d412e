#include "ctl.h"

#include "kvitok/app/mailing.h"
#include "kvitok/base/log.h"

#include <inttypes.h>

#define PAGE 200
#define MASK_MAX 400
#define UNSENT_MAX 1000 /* that are named */

static struct mailing_request
request_of(struct ctl *c)
{
	return (struct mailing_request){ .portal = c->words[0],
		.supplier = c->words[1],
		.number = c->words[2],
		.email = c->words[3],
		.actor = ctl_operator(c) };
}

/* A screen is a log: addresses are masked. */
static void
show(struct ctl *c, const struct mailing *m)
{
	struct buf *b = &c->out, mask;

	buf_init(&mask, c->a, MASK_MAX);
	log_mask(&mask, m->email);
	ctl_say(b, "", m->supplier);
	ctl_say(b, "/", m->account);
	ctl_say(b, " to ", buf_str(&mask));
	ctl_say(b, ", asked by ", m->asked_by);
	buf_char(b, ' ');
	ctl_time(b, m->asked_at);
	if (m->stopped_at != 0) {
		ctl_say(b, "; stopped by ", m->stopped_by);
		buf_char(b, ' ');
		ctl_time(b, m->stopped_at);
	}
	buf_char(b, '\n');
}

enum err
ctl_mailing_add(struct ctl *c)
{
	struct mailing_request req = request_of(c);
	struct mailing m;
	enum err rc = mailing_ask(c->p, c->a, &req, &m, &c->f);

	if (rc == ERR_OK)
		show(c, &m);
	return rc;
}

enum err
ctl_mailing_stop(struct ctl *c)
{
	struct mailing_request req = request_of(c);
	struct mailing m;
	enum err rc = mailing_stop(c->p, c->a, &req, &m, &c->f);

	if (rc == ERR_OK)
		show(c, &m);
	return rc;
}

enum err
ctl_mailing_list(struct ctl *c)
{
	const struct mailing_store *st = &c->p->mailings;
	struct mailing after = { .akey = STR("") };
	const struct mailing *v;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE && !c->out.full) {
		rc = st->page(
		    st->self, c->a, c->words[0], &after, PAGE, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			show(c, &v[i]);
		if (rc == ERR_OK && len > 0)
			after = v[len - 1];
	}
	return rc;
}

enum err
ctl_mailing_plan(struct ctl *c)
{
	size_t planned;
	enum err rc = mailing_plan(c->p, &planned, &c->f);

	if (rc == ERR_OK)
		buf_fmt(&c->out, "%zu letters planned\n", planned);
	return rc;
}

static void
show_counts(struct ctl *c, const struct mailing_count *v, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		ctl_say(&c->out, "", v[i].portal);
		ctl_say(&c->out, "/", v[i].supplier);
		buf_fmt(&c->out, ": %s %" PRId64,
		    mailing_state_name(v[i].state), v[i].n);
		if (v[i].reason.len > 0)
			ctl_say(&c->out, ", ", v[i].reason);
		buf_char(&c->out, '\n');
	}
}

static void
show_unsent(struct ctl *c, const struct mailing_letter *l)
{
	ctl_say(&c->out, "  ", l->portal);
	ctl_say(&c->out, "/", l->supplier);
	ctl_say(&c->out, "/", l->account);
	buf_fmt(&c->out, ": %s, tries %" PRId64, mailing_state_name(l->state),
	    l->tries);
	ctl_say(&c->out, ", ", l->reason);
	ctl_say(&c->out, ", letter ", l->id);
	buf_char(&c->out, '\n');
}

static enum err
list_unsent(struct ctl *c, struct str month)
{
	const struct mailing_store *st = &c->p->mailings;
	struct mailing_letter after = { .akey = STR(""), .id = STR("") };
	const struct mailing_letter *v;
	size_t len = PAGE, shown = 0;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE && shown < UNSENT_MAX) {
		rc = st->unsent(
		    st->self, c->a, month, &after, PAGE, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			show_unsent(c, &v[i]);
		if (rc == ERR_OK && len > 0)
			after = v[len - 1];
		shown += rc == ERR_OK ? len : 0;
	}
	if (rc == ERR_OK && shown >= UNSENT_MAX)
		buf_fmt(&c->out, "  (the first %d)\n", UNSENT_MAX);
	return rc;
}

enum err
ctl_mailing_status(struct ctl *c)
{
	const struct mailing_store *st = &c->p->mailings;
	const struct mailing_count *v;
	struct str month = c->words[0];
	size_t len;
	enum err rc;

	if (!day_month_valid(month))
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "MONTH is YYYY-MM, not %.*s", STR_ARG(month));
	rc = st->counts(st->self, c->a, month, &v, &len, &c->f);
	if (rc != ERR_OK)
		return rc;
	if (len == 0)
		buf_lit(&c->out, "no letters were planned\n");
	show_counts(c, v, len);
	return list_unsent(c, month);
}
